"""Searches, the files they brought, and which record of which file each source was."""

from datetime import date
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, CreatedAt, Number, PartCounter, ReviewKey, Version, within_review


class SearchKind(StrEnum):
    """How sources were looked for; the first two are databases and registers of PRISMA 2020."""

    DATABASE = "database"
    REGISTER = "register"
    WEBSITE = "website"
    ORGANISATION = "organisation"
    CITATION_CHASING = "citation_chasing"
    SIBLING_PAPERS = "sibling_papers"
    HAND = "hand"
    EXPERT = "expert"
    PREVIOUS_REVIEW = "previous_review"
    OTHER = "other"


class Search(Base):
    """One search for sources: where, when, how, why, and why it stopped."""

    __tablename__ = "search"
    aggregate: ClassVar[tuple[str, str] | None] = ("W", "id")
    review_id: Mapped[ReviewKey]
    id: Mapped[Number] = mapped_column(doc="`W3`")
    kind: Mapped[SearchKind] = mapped_column(doc="how was looked")
    database: Mapped[str] = mapped_column(doc="what was searched: a database, site, journal …")
    platform: Mapped[str | None] = mapped_column(doc="through which it was searched: Ovid, EBSCO …")
    searched_on: Mapped[date | None] = mapped_column(doc="the day it was run")
    query: Mapped[str | None] = mapped_column(doc="as it was typed, line by line")
    hits_reported: Mapped[int | None] = mapped_column(doc="how many the database said it found")
    theory_area: Mapped[str | None] = mapped_column(doc="which part of the theory it looks for")
    phase: Mapped[str | None] = mapped_column(doc="of the review: scoping, main, additional …")
    reason: Mapped[str | None] = mapped_column(doc="why it was done")
    stopped_because: Mapped[str | None] = mapped_column(doc="why it was not taken further")
    last_file: Mapped[PartCounter]
    last_hit: Mapped[PartCounter]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[CreatedAt]
    version: Mapped[Version]


class SearchFile(Base):
    """A file of references imported into a search: how it was read, and what it could not give."""

    __tablename__ = "search_file"
    __table_args__ = (within_review("search", "search_id"),)
    aggregate: ClassVar[tuple[str, str] | None] = ("W", "search_id")
    review_id: Mapped[ReviewKey]
    search_id: Mapped[Number]
    n: Mapped[Number]
    file_name: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64), doc="of the bytes; their name among the files")
    byte_size: Mapped[int] = mapped_column(doc="bytes of the file")
    format: Mapped[str] = mapped_column(String(20), doc="what it was read as: ris, bibtex …")
    encoding: Mapped[str] = mapped_column(String(40), doc="Python codec; empty for a workbook")
    mapping: Mapped[dict[str, Any] | None] = mapped_column(doc="of a table: field by column")
    records: Mapped[int] = mapped_column(default=0, doc="in the file, good and bad")
    added: Mapped[int] = mapped_column(default=0, doc="records that became sources")
    repeated: Mapped[int] = mapped_column(default=0, doc="that stand in the file once before")
    known: Mapped[int] = mapped_column(default=0, doc="that an earlier file of the search held")
    problems: Mapped[list[Any] | None] = mapped_column(doc="bad records: number, line, reason, raw")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[CreatedAt]


class SearchHit(Base):
    """One record of a file and the source it is: which search found which source."""

    __tablename__ = "search_hit"
    __table_args__ = (
        within_review("search", "search_id"),
        within_review("search_file.search_id.n", "search_id", "file_n"),
        within_review("source", "source_id"),
        Index(None, "review_id", "source_id"),
        Index(None, "review_id", "search_id", "raw_sha256"),
    )
    aggregate: ClassVar[tuple[str, str] | None] = ("W", "search_id")
    review_id: Mapped[ReviewKey]
    search_id: Mapped[Number]
    n: Mapped[Number]
    file_n: Mapped[int] = mapped_column(doc="the file it stands in")
    source_id: Mapped[int]
    record: Mapped[int] = mapped_column(doc="its number in the file, from 1")
    line: Mapped[int] = mapped_column(doc="of the file where it begins, from 1; row of a workbook")
    raw: Mapped[str] = mapped_column(deferred=True, doc="its text as it stood; LF ends its lines")
    raw_sha256: Mapped[str] = mapped_column(String(64), doc="of that text, to know it again")
