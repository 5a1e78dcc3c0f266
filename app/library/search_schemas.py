"""What goes in and out about searches and the files they brought."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from app.db import MAX_NUMBER, Id, Line, PageWish, Prose, Schema, Title
from app.library.search_models import SearchKind

Count = Annotated[int, Field(ge=0, le=MAX_NUMBER)]


class SearchFields(Schema):
    """What people say of a search (RAMESES item 8, PRISMA-S)."""

    kind: SearchKind = SearchKind.DATABASE
    database: Title
    """What was searched: a database, a website, a journal, whose reference list …"""
    platform: Line | None = None
    searched_on: date | None = None
    query: Prose | None = None
    hits_reported: Count | None = None
    theory_area: Line | None = None
    phase: Line | None = None
    reason: Prose | None = None
    stopped_because: Prose | None = None


class SearchCreate(SearchFields):
    """A new search."""


class SearchUpdate(SearchFields):
    """What to change of a search (JSON merge patch)."""

    database: Title = ""


class SearchRead(SearchFields):
    """A search, and how many records and distinct sources it brought."""

    database: str
    id: Id
    records: int
    sources: int
    """Distinct ones; duplicates count as the source they were merged into."""
    only_here: int
    """Sources no other search brought, not even as a duplicate."""
    created_by: int | None
    created_at: datetime
    version: int


class SearchFilter(PageWish):
    """Which searches are wanted; all conditions must hold."""

    kind: SearchKind | None = None
    theory_area: Line | None = None
    phase: Line | None = None


class ProblemRead(Schema):
    """A record that did not become a source: where it stands, why, and its text."""

    record: int
    line: int
    reason: str
    raw: str


class SearchFileRead(Schema):
    """An imported file and what became of its records; `records` is the sum of the other four."""

    search_id: Id
    n: int
    file_name: str
    sha256: str
    byte_size: int
    format: str
    encoding: str
    mapping: dict[str, str] | None
    records: int
    added: int
    repeated: int
    known: int
    problems: list[ProblemRead] | None
    created_by: int | None
    created_at: datetime


class HitRead(Schema):
    """One record of a file that is this source, with its text as it stood."""

    search_id: Id
    n: int
    file_n: int
    source_id: Id
    record: int
    line: int
    raw: str
