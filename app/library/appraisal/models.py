"""Judgements of relevance, richness and rigour, and the forms they are made under."""

from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, CreatedAt, Number, PartCounter, ReviewKey, Version, within_review


class Dimension(StrEnum):
    """What is judged; the three are never one score."""

    RELEVANCE = "relevance"
    RICHNESS = "richness"
    RIGOUR = "rigour"


class AppraisalForm(Base):
    """A checklist of the review's own that informs one kind of judgement."""

    __tablename__ = "appraisal_form"
    aggregate: ClassVar[tuple[str, str] | None] = ("B", "id")
    review_id: Mapped[ReviewKey]
    id: Mapped[Number] = mapped_column(doc="`B2`")
    title: Mapped[str]
    dimension: Mapped[Dimension] = mapped_column(doc="the judgement it informs; never changes")
    citation: Mapped[str | None] = mapped_column(doc="whose instrument it is or follows")
    is_retired: Mapped[bool] = mapped_column(default=False, doc="no new appraisals under it")
    last_wording: Mapped[PartCounter]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[CreatedAt]
    version: Mapped[Version]


class FormWording(Base):
    """Items and levels of a form as they stood; written once, so that appraisals keep theirs."""

    __tablename__ = "form_wording"
    __table_args__ = (within_review("appraisal_form", "form_id"),)
    aggregate: ClassVar[tuple[str, str] | None] = ("B", "form_id")
    review_id: Mapped[ReviewKey]
    form_id: Mapped[Number]
    n: Mapped[Number] = mapped_column(doc="the highest is the one in use")
    help: Mapped[str | None] = mapped_column(doc="how to fill it in")
    levels: Mapped[list[Any]] = mapped_column(doc="level, label, help; the best first")
    categories: Mapped[list[Any] | None] = mapped_column(doc="of sources: key, label")
    items: Mapped[list[Any]] = mapped_column(doc="key, text, help, answers, category")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[CreatedAt]


class Appraisal(Base):
    """One person's judgement of a source, or of a piece of evidence for what it is used for."""

    __tablename__ = "appraisal"
    __table_args__ = (
        within_review("source", "source_id"),
        within_review("appraisal_form", "form_id"),
        within_review("form_wording.form_id.n", "form_id", "wording_n"),
        Index(None, "review_id", "dimension", "source_id"),
        Index(None, "review_id", "source_id"),
        Index(None, "review_id", "form_id", "wording_n"),
    )
    aggregate: ClassVar[tuple[str, str] | None] = ("A", "id")
    review_id: Mapped[ReviewKey]
    id: Mapped[Number] = mapped_column(doc="`A7`")
    dimension: Mapped[Dimension]
    source_id: Mapped[int] = mapped_column(doc="of a piece of evidence: the work it counts as")
    theory_area: Mapped[str | None] = mapped_column(
        doc="relevance to what; null: to the review as a whole"
    )
    configuration_id: Mapped[int | None] = mapped_column(doc="of a piece of evidence; else null")
    evidence_n: Mapped[int | None] = mapped_column(doc="its n in that configuration")
    level: Mapped[str] = mapped_column(doc="of the form, or of the scale used without one")
    rationale: Mapped[str | None]
    is_consensus: Mapped[bool] = mapped_column(
        default=False, doc="settled by an editor; stands before what appraisers say"
    )
    form_id: Mapped[int | None] = mapped_column(doc="null: judged without a form")
    wording_n: Mapped[int | None] = mapped_column(doc="the wording it was made under")
    categories: Mapped[list[str] | None] = mapped_column(doc="of the form, that the source is of")
    answers: Mapped[dict[str, Any] | None] = mapped_column(
        doc="answer and note by the key of an item; what is left open is missing"
    )
    created_by: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id"), doc="the appraiser"
    )
    created_at: Mapped[CreatedAt]
    version: Mapped[Version]
