"""The codebook, quotes and memos."""

from datetime import date
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.coding.anchoring import Verification
from app.db import Base, CreatedAt, Number, PartCounter, ReviewKey, Version, within_review


class Level(StrEnum):
    """At which level of the system something is."""

    MICRO = "micro"
    MESO = "meso"
    MACRO = "macro"


class ConceptOrigin(StrEnum):
    """How a concept came into the codebook."""

    NEW = "new"
    REFINED_FROM = "refined_from"
    SPLIT_FROM = "split_from"


class MemoKind(StrEnum):
    """What a memo is for; the last five are synthesis moves (Pawson 2006)."""

    DEFINITION = "definition"
    THEORY = "theory"
    METHOD = "method"
    REFLEXIVE = "reflexive"
    JUXTAPOSE = "juxtapose"
    RECONCILE = "reconcile"
    ADJUDICATE = "adjudicate"
    CONSOLIDATE = "consolidate"
    SITUATE = "situate"


SYNTHESIS_MOVES = (
    MemoKind.JUXTAPOSE,
    MemoKind.RECONCILE,
    MemoKind.ADJUDICATE,
    MemoKind.CONSOLIDATE,
    MemoKind.SITUATE,
)


class SubjectPart(StrEnum):
    """Which sort of part of its subject a memo is on."""

    PROPOSITION = "proposition"
    ELEMENT = "element"
    EVIDENCE = "evidence"


PARTS = {
    ("T", SubjectPart.PROPOSITION): "proposition",
    ("C", SubjectPart.ELEMENT): "element",
    ("C", SubjectPart.EVIDENCE): "evidence",
    ("L", SubjectPart.EVIDENCE): "link_evidence",
}
"""The parts a memo can be on, by the kind of thing they belong to, and the table that has them."""


class Concept(Base):
    """An entry of the codebook; what role it plays is said by each element, never here."""

    __tablename__ = "concept"
    __table_args__ = (
        within_review("concept", "parent_id"),
        within_review("concept", "merged_into_id"),
        within_review("concept", "origin_id"),
        Index(None, "review_id", "parent_id"),
        Index(None, "review_id", "merged_into_id"),
        CheckConstraint("parent_id <> id", name="not_own_parent"),
    )
    aggregate: ClassVar[tuple[str, str] | None] = ("K", "id")
    review_id: Mapped[ReviewKey]
    id: Mapped[Number] = mapped_column(doc="`K5`")
    label: Mapped[str]
    referent: Mapped[str | None] = mapped_column(
        doc="of or between whom: trust *between partners*, faith *in the venture*"
    )
    kind: Mapped[str | None] = mapped_column(doc="the team's own sorting, never a role")
    level: Mapped[Level | None]
    parent_id: Mapped[int | None] = mapped_column(doc="the broader concept")
    position: Mapped[int] = mapped_column(default=0, doc="order among siblings, then by label")
    colour: Mapped[str | None] = mapped_column(doc="#rrggbb")
    origin: Mapped[ConceptOrigin] = mapped_column(default=ConceptOrigin.NEW)
    origin_id: Mapped[int | None] = mapped_column(doc="refined or split from this concept")
    merged_into_id: Mapped[int | None] = mapped_column(doc="the survivor it is counted under")
    is_retired: Mapped[bool] = mapped_column(default=False)
    text_key: Mapped[str] = mapped_column(doc="label and referent, folded for search")
    last_definition: Mapped[PartCounter]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[CreatedAt]
    version: Mapped[Version]


class ConceptDefinition(Base):
    """A dated definition of a concept; elements keep the one they were coded under."""

    __tablename__ = "concept_definition"
    __table_args__ = (
        within_review("concept", "concept_id"),
        within_review("source", "source_id"),
        within_review("quote", "quote_id"),
        Index(None, "review_id", "source_id"),
    )
    aggregate: ClassVar[tuple[str, str] | None] = ("K", "concept_id")
    review_id: Mapped[ReviewKey]
    concept_id: Mapped[Number]
    n: Mapped[Number]
    text: Mapped[str]
    source_id: Mapped[int | None] = mapped_column(doc="where it comes from; null: the team's own")
    page: Mapped[str | None]
    quote_id: Mapped[int | None] = mapped_column(doc="the passage it is taken from")
    given_on: Mapped[date | None] = mapped_column(doc="the day it came to hold")
    created_at: Mapped[CreatedAt]


class ConceptAlias(Base):
    """Another name of a concept, found by search and type-ahead."""

    __tablename__ = "concept_alias"
    __table_args__ = (
        within_review("concept", "concept_id"),
        {"sqlite_with_rowid": False},
    )
    aggregate: ClassVar[tuple[str, str] | None] = ("K", "concept_id")
    review_id: Mapped[ReviewKey]
    concept_id: Mapped[Number]
    label: Mapped[str] = mapped_column(primary_key=True, doc="at most 200 characters")
    label_key: Mapped[str] = mapped_column(doc="folded for search")


class ConceptApart(Base):
    """Two concepts that look alike and that a person says are not the same: never suggested again.

    The pair is kept once, under its lower number.
    """

    __tablename__ = "concept_apart"
    __table_args__ = (
        within_review("concept", "lower_id"),
        within_review("concept", "higher_id"),
        Index(None, "review_id", "higher_id"),
        CheckConstraint("lower_id < higher_id", name="once"),
        {"sqlite_with_rowid": False},
    )
    aggregate: ClassVar[tuple[str, str] | None] = ("K", "lower_id")
    review_id: Mapped[ReviewKey]
    lower_id: Mapped[Number] = mapped_column(doc="the concept of the lower number")
    higher_id: Mapped[Number] = mapped_column(doc="the other")
    reason: Mapped[str | None] = mapped_column(doc="what tells them apart")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[CreatedAt]


class Quote(Base):
    """A verbatim passage of a source, and where it was found (W3C TextQuote + TextPosition)."""

    __tablename__ = "quote"
    __table_args__ = (
        within_review("source", "source_id"),
        within_review("document", "document_id"),
        Index(None, "review_id", "source_id"),
        Index(None, "review_id", "document_id"),
        CheckConstraint("start_at IS NULL OR start_at < end_at", name="positions_in_order"),
    )
    aggregate: ClassVar[tuple[str, str] | None] = ("Q", "id")
    review_id: Mapped[ReviewKey]
    id: Mapped[Number] = mapped_column(doc="`Q340`")
    source_id: Mapped[int]
    document_id: Mapped[int | None] = mapped_column(doc="the text the positions refer to")
    exact: Mapped[str] = mapped_column(doc="the words as they were given, never rewritten")
    prefix: Mapped[str | None] = mapped_column(doc="some text before it")
    suffix: Mapped[str | None] = mapped_column(doc="some text after it")
    start_at: Mapped[int | None] = mapped_column(doc="first code point")
    end_at: Mapped[int | None] = mapped_column(doc="code point after the last")
    page: Mapped[str | None] = mapped_column(doc="as the source numbers it")
    speaker: Mapped[str | None] = mapped_column(doc="of a transcript: who says it, by pseudonym")
    verification: Mapped[Verification] = mapped_column(doc="how it was found in the document")
    score: Mapped[float | None] = mapped_column(doc="0-99.9, of an approximate match")
    words: Mapped[int] = mapped_column(doc="how many, for the word limit of the review")
    text_key: Mapped[str] = mapped_column(doc="exact, folded for search")
    note: Mapped[str | None]
    is_parked: Mapped[bool] = mapped_column(default=False, doc="put aside, tied to nothing yet")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[CreatedAt]
    version: Mapped[Version]


class Coding(Base):
    """A quote tied straight to a concept, before or beside any configuration."""

    __tablename__ = "coding"
    __table_args__ = (
        within_review("quote", "quote_id"),
        within_review("concept", "concept_id"),
        Index(None, "review_id", "concept_id"),
        {"sqlite_with_rowid": False},
    )
    aggregate: ClassVar[tuple[str, str] | None] = ("Q", "quote_id")
    review_id: Mapped[ReviewKey]
    quote_id: Mapped[Number]
    concept_id: Mapped[Number]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[CreatedAt]


class Memo(Base):
    """A dated note on anything, or on the review as a whole; it survives its subject."""

    __tablename__ = "memo"
    __table_args__ = (Index(None, "review_id", "subject_kind", "subject_id"),)
    aggregate: ClassVar[tuple[str, str] | None] = ("M", "id")
    review_id: Mapped[ReviewKey]
    id: Mapped[Number] = mapped_column(doc="`M7`")
    kind: Mapped[MemoKind]
    text: Mapped[str]
    subject_kind: Mapped[str | None] = mapped_column(doc="S, Q, K, C, L, T …; null: the review")
    subject_id: Mapped[int | None]
    subject_part: Mapped[SubjectPart | None] = mapped_column(doc="null: the thing as a whole")
    subject_n: Mapped[int | None] = mapped_column(doc="the n of that part: 2 of `T1.2`")
    text_key: Mapped[str] = mapped_column(doc="folded for search")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[CreatedAt]
    version: Mapped[Version]
