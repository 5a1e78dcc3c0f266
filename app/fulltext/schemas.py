"""What goes in and out of a search."""

from typing import Annotated

from pydantic import Field

from app.db import Schema
from app.fulltext.models import TextKind


class FindWish(Schema):
    """What to look for."""

    q: Annotated[str, Field(max_length=2_000_000)]
    """Words, "phrases", prefix*, OR, -not, and filters; see the search guide."""
    limit: Annotated[int, Field(ge=1, le=100)] = 20
    """Hits on a page."""
    after: Annotated[str, Field(pattern=r"^\d{1,9}-[KCQMSD]-\d{1,10}-\d{1,10}$")] | None = None
    """`next` of the page before."""


class Snippet(Schema):
    """A stretch of a text that shows why it was found."""

    field: str
    """Whose text it is: title, abstract, exact, wording, definition …"""
    text: str
    """As it stands there."""
    ranges: list[tuple[int, int]]
    """What matched in `text`: code points, end exclusive."""
    markup: str
    """The same as HTML: escaped, `mark` around what matched, an ellipsis where it is cut."""


class Hit(Schema):
    """A thing, or a passage of a document, that answers the query."""

    thing: str
    """As people cite it: Q340."""
    kind: TextKind
    """K concept, C configuration, Q quote, M memo, S source, D document."""
    number: int
    label: str
    """How lists call it."""
    source_id: int | None
    """Whose words these are; null for a document that waits for its source."""
    page: str | None
    """On which the passage stands, where known, as print calls it."""
    start: int | None
    """Of a passage in a document: the first code point of what matched first."""
    end: int | None
    """The code point after what matched first."""
    merged_into: str | None
    """What stands for it: K5, S12."""
    snippet: Snippet
    score: int
    """How well it answers, only to be compared within one query."""
    url: str
    """Of the thing; of a passage, of its text."""


class KindCount(Schema):
    """How many of one kind answer the query."""

    kind: TextKind
    name: str
    count: int
    """Things, and of documents passages; at most what is ranked."""
    has_more: bool
    """Whether more answer than were ranked; narrow the query to see others."""


class Named(Schema):
    """The thing whose number was typed."""

    thing: str
    kind: str
    number: int
    url: str


class SearchAnswer(Schema):
    """One page of hits, best first."""

    items: list[Hit]
    next: str | None
    """What to send as `after`; null at the end."""
    counts: list[KindCount]
    named: Named | None
    """The thing itself, when its number was typed: C17."""
    note: str | None
    """What was typed like a filter and is none, and which there are."""
