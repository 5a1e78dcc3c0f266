"""Configurations: elements in roles, the evidence for them, and what they consolidate."""

from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.coding.models import Level
from app.db import Base, CreatedAt, Number, PartCounter, ReviewKey, Version, within_review
from app.history.models import Inference
from app.theory.vocabulary import (
    Activation,
    Basis,
    Certainty,
    ConfigurationKind,
    ConfigurationStatus,
    Modality,
    Role,
    Stance,
    State,
    Template,
    Tier,
    Valence,
)


class Configuration(Base):
    """The unit of coding: elements in roles and a statement; may be incomplete."""

    __tablename__ = "configuration"
    __table_args__ = (
        Index(None, "review_id", "kind", "status"),
        Index(None, "review_id", "created_by"),
    )
    aggregate: ClassVar[tuple[str, str] | None] = ("C", "id")
    review_id: Mapped[ReviewKey]
    id: Mapped[Number] = mapped_column(doc="`C17`")
    title: Mapped[str | None]
    template: Mapped[Template] = mapped_column(doc="the review's at the time, or another")
    kind: Mapped[ConfigurationKind] = mapped_column(default=ConfigurationKind.RAW)
    status: Mapped[ConfigurationStatus] = mapped_column(default=ConfigurationStatus.DRAFT)
    statement: Mapped[str | None] = mapped_column(
        doc="written by a person; null: the if-then-because sentence of its elements"
    )
    modality: Mapped[Modality | None] = mapped_column(doc="how strongly the source puts it")
    certainty: Mapped[Certainty | None] = mapped_column(doc="our own judgement")
    certainty_reason: Mapped[str | None]
    questions: Mapped[list[str] | None] = mapped_column(doc="research questions it bears on")
    phase: Mapped[str | None] = mapped_column(doc="of the review or programme")
    roles_not_reported: Mapped[list[str] | None] = mapped_column(
        doc="roles the source says nothing about: looked for and not there"
    )
    shared: Mapped[str | None] = mapped_column(doc="consolidated: what the members share")
    differences: Mapped[str | None] = mapped_column(doc="consolidated: how they differ")
    left_out: Mapped[str | None] = mapped_column(doc="consolidated: what is left out")
    fields: Mapped[dict[str, Any] | None] = mapped_column(doc="the review's own fields, by name")
    text_key: Mapped[str] = mapped_column(default="", doc="title and statement, folded for search")
    last_element: Mapped[PartCounter]
    last_evidence: Mapped[PartCounter]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[CreatedAt]
    version: Mapped[Version]


class Element(Base):
    """One slot of a configuration: a role and a wording, and as much more as is understood."""

    __tablename__ = "element"
    __table_args__ = (
        within_review("configuration", "configuration_id"),
        within_review("concept", "concept_id"),
        within_review("concept_definition.concept_id.n", "concept_id", "definition_n"),
        within_review("element.configuration_id.n", "configuration_id", "mechanism_n"),
        Index(None, "review_id", "concept_id", "role"),
        CheckConstraint("definition_n IS NULL OR concept_id IS NOT NULL", name="defined_concept"),
    )
    aggregate: ClassVar[tuple[str, str] | None] = ("C", "configuration_id")
    review_id: Mapped[ReviewKey]
    configuration_id: Mapped[Number]
    n: Mapped[Number] = mapped_column(doc="never reused within the configuration")
    role: Mapped[Role]
    wording: Mapped[str] = mapped_column(doc="verbatim, as coded; never rewritten")
    wording_key: Mapped[str] = mapped_column(doc="the wording, folded for search")
    concept_id: Mapped[int | None] = mapped_column(doc="when understood")
    definition_n: Mapped[int | None] = mapped_column(doc="the definition it was coded under")
    state: Mapped[State] = mapped_column(default=State.NOT_STATED)
    qualifier: Mapped[str | None] = mapped_column(doc="verbatim: appropriate, too much, initial")
    activation: Mapped[Activation | None] = mapped_column(doc="of a mechanism")
    activation_by: Mapped[str | None] = mapped_column(doc="what blocks or displaces it")
    valence: Mapped[Valence | None] = mapped_column(doc="of an outcome")
    valence_for: Mapped[str | None] = mapped_column(doc="desired or undesired by whom")
    level: Mapped[Level | None]
    tier: Mapped[Tier | None] = mapped_column(doc="of an outcome")
    actor: Mapped[str | None] = mapped_column(doc="whose reasoning, or to whom it happens")
    is_intended: Mapped[bool | None] = mapped_column(doc="of an outcome; null: not stated")
    any_of: Mapped[int | None] = mapped_column(
        doc="elements of one role and group are alternatives; null: jointly required"
    )
    mechanism_n: Mapped[int | None] = mapped_column(doc="of an outcome: the mechanism behind it")
    position: Mapped[int] = mapped_column(default=0, doc="order within the configuration, then n")


class EvidenceColumns:
    """What every piece of evidence says, whatever it is evidence of.

    The key stands in each table, for columns of a mixin come last and `review_id` comes first.
    """

    source_id: Mapped[int] = mapped_column(doc="kept here too, so that counting needs no quotes")
    quote_id: Mapped[int | None] = mapped_column(doc="null: a page or paraphrase only")
    page: Mapped[str | None] = mapped_column(doc="where no quote is tied")
    paraphrase: Mapped[str | None] = mapped_column(doc="where no quote is tied")
    stance: Mapped[Stance]
    basis: Mapped[Basis | None]
    cited_source_id: Mapped[int | None] = mapped_column(
        doc="second-hand: the work it is cited from; counted as that work, never beside it"
    )
    is_inferred: Mapped[bool] = mapped_column(default=False, doc="not explicit in the words")
    inference: Mapped[Inference | None] = mapped_column(doc="how it was inferred")
    rationale: Mapped[str | None] = mapped_column(doc="why it is evidence")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[CreatedAt]


def evidence_constraints(*own: Any) -> tuple[Any, ...]:
    """Return the keys and indexes every evidence table has, after its own."""
    return (
        *own,
        within_review("source", "source_id"),
        within_review("source", "cited_source_id"),
        within_review("quote", "quote_id"),
        Index(None, "review_id", "source_id"),
        Index(None, "review_id", "quote_id"),
    )


class Evidence(EvidenceColumns, Base):
    """A quote (or page) tied to a configuration: to the whole, or to a set of its elements."""

    __tablename__ = "evidence"
    __table_args__ = evidence_constraints(within_review("configuration", "configuration_id"))
    aggregate: ClassVar[tuple[str, str] | None] = ("C", "configuration_id")
    review_id: Mapped[ReviewKey]
    configuration_id: Mapped[Number]
    n: Mapped[Number] = mapped_column(doc="never reused within the configuration")


class EvidenceElement(Base):
    """Which elements a piece of evidence is about; none: the configuration as a whole."""

    __tablename__ = "evidence_element"
    __table_args__ = (
        within_review("evidence.configuration_id.n", "configuration_id", "evidence_n"),
        within_review("element.configuration_id.n", "configuration_id", "element_n"),
        Index(None, "review_id", "configuration_id", "element_n"),
        {"sqlite_with_rowid": False},
    )
    aggregate: ClassVar[tuple[str, str] | None] = ("C", "configuration_id")
    review_id: Mapped[ReviewKey]
    configuration_id: Mapped[Number]
    evidence_n: Mapped[Number]
    element_n: Mapped[Number]


class Consolidation(Base):
    """A raw configuration among those a consolidated one stands for; it may belong to several."""

    __tablename__ = "consolidation"
    __table_args__ = (
        within_review("configuration", "configuration_id"),
        within_review("configuration", "member_id"),
        Index(None, "review_id", "member_id"),
        CheckConstraint("configuration_id <> member_id", name="not_own_member"),
        {"sqlite_with_rowid": False},
    )
    aggregate: ClassVar[tuple[str, str] | None] = ("C", "configuration_id")
    review_id: Mapped[ReviewKey]
    configuration_id: Mapped[Number] = mapped_column(doc="the consolidated one")
    member_id: Mapped[Number] = mapped_column(doc="the raw one")
    note: Mapped[str | None] = mapped_column(doc="how this member differs")
