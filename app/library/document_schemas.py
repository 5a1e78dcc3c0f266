"""What goes in and out about places in documents: pages, rectangles, sentences."""

from typing import Annotated

from pydantic import Field

from app.db import MAX_NUMBER, Id, PageWish, Schema
from app.library.schemas import DocumentRead, Stretch

MOST_PLACED = 200_000
"""Code points of a passage whose place is asked for."""
Span = tuple[int, int]
Rectangle = tuple[float, float, float, float]
PlacedWord = tuple[int, int, float, float, float, float]


class PassageWish(Schema):
    """Which passage is wanted, in code points, `end` exclusive."""

    start: Annotated[int, Field(ge=0, le=MAX_NUMBER)]
    end: Annotated[int, Field(ge=1, le=MAX_NUMBER)]


class PagePlace(Schema):
    """What of a passage stands on one page."""

    page: int
    """Counted from 1."""
    label: str
    """What the page is called in print."""
    start: int
    end: int
    box: Rectangle | None = None
    """The page itself: left, bottom, right, top in points; null where no places are known."""
    rotation: int = 0
    """Degrees clockwise by which the page is turned for reading; rectangles are not."""
    rectangles: list[Rectangle] = Field(default_factory=list)
    """One a line: left, bottom, right, top in points, counted from below."""


class PassagePlace(Schema):
    """Where a passage stands; `pages` is empty for a document without pages."""

    document_id: Id | None
    start: int | None
    end: int | None
    pages: list[PagePlace] = Field(default_factory=list)


class PageFrame(Schema):
    """A page of a document: what it is called, the text on it, and how it lies."""

    page: int
    """Counted from 1."""
    label: str
    """What the page is called in print."""
    start: int
    end: int
    box: Rectangle | None = None
    """Left, bottom, right, top in points; null where no places are known."""
    rotation: int = 0
    """Degrees clockwise by which the page is turned for reading."""


class PageWords(PageFrame):
    """The words of a page in text order, and where each stands, whichever way it is turned."""

    text: str
    words: list[PlacedWord] = Field(default_factory=list)
    """Start and end in code points, then left, bottom, right, top in points."""


class BoundaryWish(Stretch):
    """Which part of a text is wanted; paragraphs that begin in it are given whole."""


class Boundaries(Schema):
    """Paragraphs and sentences as pairs of code points, end exclusive, in text order."""

    document_id: Id
    start: int
    end: int
    """Where to go on; the length of the text when that is all."""
    length: int
    paragraphs: list[Span]
    sentences: list[Span]


class DocumentFilter(PageWish):
    """Which documents are wanted."""

    waiting: bool | None = None
    """True: those whose source nobody has named yet."""


class MatchRead(Schema):
    """A source that a file may be the text of."""

    source_id: Id
    score: float
    """At most 1; signs add up as independent ones do."""
    reasons: list[str]
    """What speaks for it, and after `but` what against attaching it unasked."""
    is_certain: bool


class ArrivalRead(Schema):
    """What became of an uploaded file: attached where that was certain, else waiting."""

    document: DocumentRead
    is_attached: bool
    matches: list[MatchRead]


class Attachment(Schema):
    """The source a waiting document is the text of."""

    source_id: Id
