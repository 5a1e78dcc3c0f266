"""Stages of screening, reasons to exclude, decisions, checks of them, and what was retrieved."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import (
    Base,
    CreatedAt,
    Number,
    PartCounter,
    ReviewKey,
    Version,
    now,
    within_review,
)


class StageUnit(StrEnum):
    """What a stage looks at: records before retrieval, or reports after it (PRISMA 2020)."""

    RECORDS = "records"
    REPORTS = "reports"


class ScreeningVerdict(StrEnum):
    """What a person decides of a source at a stage."""

    INCLUDE = "include"
    EXCLUDE = "exclude"
    UNSURE = "unsure"


class RetrievalStatus(StrEnum):
    """Whether the full text of a source could be had."""

    SOUGHT = "sought"
    RETRIEVED = "retrieved"
    NOT_RETRIEVED = "not_retrieved"


class Stage(Base):
    """One stage of screening, as this review does it; records are screened before reports."""

    __tablename__ = "stage"
    __table_args__ = (UniqueConstraint("review_id", "name"),)
    aggregate: ClassVar[tuple[str, str] | None] = ("G", "id")
    review_id: Mapped[ReviewKey]
    id: Mapped[Number] = mapped_column(doc="`G2`")
    name: Mapped[str] = mapped_column(doc="as the team calls it: title and abstract, full text …")
    unit: Mapped[StageUnit] = mapped_column(doc="records before retrieval, or reports after it")
    position: Mapped[int] = mapped_column(default=0, doc="order among its unit, then id")
    is_skipped: Mapped[bool] = mapped_column(default=False, doc="every source passes it unseen")
    screeners: Mapped[int] = mapped_column(default=1, doc="how many decide of each source: 1 or 2")
    is_blinded: Mapped[bool] = mapped_column(
        default=True, doc="with two: neither sees the other's decision before both decided"
    )
    needs_reason: Mapped[bool] = mapped_column(default=False, doc="excluding asks for a reason")
    guidance: Mapped[str | None] = mapped_column(doc="what the team looks for here")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[CreatedAt]
    version: Mapped[Version]


class ExclusionReason(Base):
    """A reason to exclude at a stage; the first that applies counts, so their order matters."""

    __tablename__ = "exclusion_reason"
    __table_args__ = (
        UniqueConstraint("review_id", "stage_id", "label"),
        within_review("stage", "stage_id"),
    )
    aggregate: ClassVar[tuple[str, str] | None] = ("E", "id")
    review_id: Mapped[ReviewKey]
    id: Mapped[Number] = mapped_column(doc="`E4`")
    stage_id: Mapped[int]
    label: Mapped[str] = mapped_column(doc="as the flow diagram prints it")
    position: Mapped[int] = mapped_column(default=0, doc="order in the list, then by number")
    is_archived: Mapped[bool] = mapped_column(default=False, doc="no longer offered; still counted")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[CreatedAt]
    version: Mapped[Version]


class Decision(Base):
    """What one person decided of one source at one stage; deciding again changes it."""

    __tablename__ = "decision"
    __table_args__ = (
        UniqueConstraint("review_id", "stage_id", "source_id", "screener_id", "is_final"),
        within_review("stage", "stage_id"),
        within_review("source", "source_id"),
        within_review("exclusion_reason", "reason_id"),
        Index(None, "review_id", "source_id"),
        Index(None, "review_id", "reason_id"),
    )
    aggregate: ClassVar[tuple[str, str] | None] = ("N", "id")
    review_id: Mapped[ReviewKey]
    id: Mapped[Number] = mapped_column(doc="`N12`")
    stage_id: Mapped[int]
    source_id: Mapped[int]
    screener_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), doc="who decided")
    verdict: Mapped[ScreeningVerdict]
    reason_id: Mapped[int | None] = mapped_column(doc="why it was excluded")
    note: Mapped[str | None] = mapped_column(doc="in the screener's words")
    is_final: Mapped[bool] = mapped_column(
        default=False, doc="an adjudication: it stands above those of the screeners"
    )
    came_from: Mapped[str | None] = mapped_column(
        String(20), doc="the tool it was made in, if elsewhere: covidence, rayyan"
    )
    decided_at: Mapped[datetime] = mapped_column(default=now, doc="when; the last change counts")
    last_check: Mapped[PartCounter]
    created_by: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id"), doc="who wrote it down here; the importer, say"
    )
    created_at: Mapped[CreatedAt]
    version: Mapped[Version]


class DecisionCheck(Base):
    """A second person's look at a decision: agrees or not; no second screening, and no kappa."""

    __tablename__ = "decision_check"
    __table_args__ = (within_review("decision", "decision_id"),)
    aggregate: ClassVar[tuple[str, str] | None] = ("N", "decision_id")
    review_id: Mapped[ReviewKey]
    decision_id: Mapped[Number]
    n: Mapped[Number]
    checker_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), doc="who checked")
    verdict: Mapped[ScreeningVerdict] = mapped_column(
        doc="what the decision said when it was checked"
    )
    reason_id: Mapped[int | None] = mapped_column(doc="and its reason, by number")
    agrees: Mapped[bool]
    note: Mapped[str | None] = mapped_column(doc="why not, say")
    created_at: Mapped[CreatedAt]


class Retrieval(Base):
    """Whether the full text of a source was had; without a row its documents and decisions say."""

    __tablename__ = "retrieval"
    __table_args__ = (within_review("source", "source_id"),)
    aggregate: ClassVar[tuple[str, str] | None] = ("S", "source_id")
    review_id: Mapped[ReviewKey]
    source_id: Mapped[Number]
    status: Mapped[RetrievalStatus]
    note: Mapped[str | None] = mapped_column(doc="where was looked, who was asked")
    said_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    said_at: Mapped[datetime] = mapped_column(default=now)
