"""Programme theories: numbered propositions, their grounds and verdicts, recommendations."""

from datetime import date
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, CreatedAt, Number, PartCounter, ReviewKey, Version, within_review
from app.history.models import Inference
from app.theory.models import EvidenceColumns, evidence_constraints
from app.theory.vocabulary import Certainty, Origin, Stance, Verdict


class TheoryStage(StrEnum):
    """How far a programme theory has come."""

    INITIAL = "initial"
    REFINED = "refined"


class Theory(Base):
    """A version of the programme theory; `refines_id` names the one it came from."""

    __tablename__ = "theory"
    __table_args__ = (within_review("theory", "refines_id"),)
    aggregate: ClassVar[tuple[str, str] | None] = ("T", "id")
    review_id: Mapped[ReviewKey]
    id: Mapped[Number] = mapped_column(doc="`T2`")
    title: Mapped[str]
    stage: Mapped[TheoryStage]
    refines_id: Mapped[int | None]
    description: Mapped[str | None]
    last_proposition: Mapped[PartCounter]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[CreatedAt]
    version: Mapped[Version]


class Proposition(Base):
    """One numbered claim of a programme theory; it may come before any source."""

    __tablename__ = "proposition"
    __table_args__ = (within_review("theory", "theory_id"),)
    aggregate: ClassVar[tuple[str, str] | None] = ("T", "theory_id")
    review_id: Mapped[ReviewKey]
    theory_id: Mapped[Number]
    n: Mapped[Number] = mapped_column(doc="`T1.3`; never reused within the theory")
    statement: Mapped[str]
    abstraction: Mapped[str | None] = mapped_column(doc="programme, middle range, formal …")
    origin: Mapped[Origin] = mapped_column(default=Origin.REVIEWERS)
    origin_detail: Mapped[str | None] = mapped_column(doc="who, or which substantive theory")
    certainty: Mapped[Certainty | None]
    certainty_reason: Mapped[str | None]
    last_part: Mapped[PartCounter]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[CreatedAt]


_PROPOSITION = "proposition.theory_id.n"


class PropositionEvidence(EvidenceColumns, Base):
    """A quote (or page) tied to a proposition."""

    __tablename__ = "proposition_evidence"
    __table_args__ = evidence_constraints(within_review(_PROPOSITION, "theory_id", "proposition_n"))
    aggregate: ClassVar[tuple[str, str] | None] = ("T", "theory_id")
    review_id: Mapped[ReviewKey]
    theory_id: Mapped[Number]
    proposition_n: Mapped[Number]
    n: Mapped[Number] = mapped_column(doc="never reused within the proposition")


class Ground(Base):
    """A configuration or memo that a proposition stands on, or that speaks against it."""

    __tablename__ = "ground"
    __table_args__ = (
        within_review(_PROPOSITION, "theory_id", "proposition_n"),
        within_review("configuration", "configuration_id"),
        within_review("memo", "memo_id"),
        Index(None, "review_id", "configuration_id"),
        Index(None, "review_id", "memo_id"),
        CheckConstraint("(configuration_id IS NULL) <> (memo_id IS NULL)", name="one_ground"),
    )
    aggregate: ClassVar[tuple[str, str] | None] = ("T", "theory_id")
    review_id: Mapped[ReviewKey]
    theory_id: Mapped[Number]
    proposition_n: Mapped[Number]
    n: Mapped[Number] = mapped_column(doc="never reused within the proposition")
    configuration_id: Mapped[int | None]
    memo_id: Mapped[int | None]
    stance: Mapped[Stance] = mapped_column(default=Stance.SUPPORTS)
    reason: Mapped[str | None]


class PropositionVerdict(Base):
    """A dated judgement on a proposition, with its reason and inference."""

    __tablename__ = "verdict"
    __table_args__ = (within_review(_PROPOSITION, "theory_id", "proposition_n"),)
    aggregate: ClassVar[tuple[str, str] | None] = ("T", "theory_id")
    review_id: Mapped[ReviewKey]
    theory_id: Mapped[Number]
    proposition_n: Mapped[Number]
    n: Mapped[Number] = mapped_column(doc="never reused within the proposition")
    verdict: Mapped[Verdict]
    decided_on: Mapped[date]
    reason: Mapped[str]
    inference: Mapped[Inference | None]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[CreatedAt]


class Recommendation(Base):
    """What somebody should do, and within which scope it holds."""

    __tablename__ = "recommendation"
    __table_args__ = (within_review("theory", "theory_id"),)
    aggregate: ClassVar[tuple[str, str] | None] = ("R", "id")
    review_id: Mapped[ReviewKey]
    id: Mapped[Number] = mapped_column(doc="`R3`")
    theory_id: Mapped[int | None] = mapped_column(doc="the programme theory it follows from")
    text: Mapped[str]
    scope: Mapped[str | None] = mapped_column(doc="for whom, in which circumstances")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[CreatedAt]
    version: Mapped[Version]


class RecommendationGround(Base):
    """A configuration that a recommendation rests on."""

    __tablename__ = "recommendation_ground"
    __table_args__ = (
        within_review("recommendation", "recommendation_id"),
        within_review("configuration", "configuration_id"),
        Index(None, "review_id", "configuration_id"),
        {"sqlite_with_rowid": False},
    )
    aggregate: ClassVar[tuple[str, str] | None] = ("R", "recommendation_id")
    review_id: Mapped[ReviewKey]
    recommendation_id: Mapped[Number]
    configuration_id: Mapped[Number]
