"""Links between configurations, asserted by a person, with the evidence for them."""

from datetime import date
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, CreatedAt, Number, PartCounter, ReviewKey, Version, within_review
from app.history.models import Inference
from app.theory.models import EvidenceColumns, evidence_constraints
from app.theory.vocabulary import Effect, LinkKind, Verdict


class ConfigurationLink(Base):
    """One configuration bearing on another, or on a link between two."""

    __tablename__ = "configuration_link"
    __table_args__ = (
        within_review("configuration", "from_id"),
        within_review("configuration", "to_id"),
        within_review("configuration_link", "to_link_id"),
        within_review("element.configuration_id.n", "from_id", "from_element_n"),
        within_review("element.configuration_id.n", "to_id", "to_element_n"),
        within_review("concept", "moderator_id"),
        Index(None, "review_id", "from_id"),
        Index(None, "review_id", "to_id"),
        Index(None, "review_id", "to_link_id"),
        CheckConstraint("(to_id IS NULL) <> (to_link_id IS NULL)", name="one_target"),
        CheckConstraint("to_link_id IS NULL OR kind = 'moderates'", name="only_moderates_links"),
        CheckConstraint("from_id <> to_id", name="not_to_itself"),
    )
    aggregate: ClassVar[tuple[str, str] | None] = ("L", "id")
    review_id: Mapped[ReviewKey]
    id: Mapped[Number] = mapped_column(doc="`L4`")
    kind: Mapped[LinkKind]
    from_id: Mapped[int] = mapped_column(doc="the configuration it starts from")
    to_id: Mapped[int | None] = mapped_column(doc="the configuration it leads to, or")
    to_link_id: Mapped[int | None] = mapped_column(doc="the link it moderates")
    from_element_n: Mapped[int | None] = mapped_column(doc="feeds: the outcome that")
    to_element_n: Mapped[int | None] = mapped_column(doc="becomes this context or mechanism")
    effect: Mapped[Effect | None] = mapped_column(doc="of a moderator on the link")
    moderator: Mapped[str | None] = mapped_column(doc="contradicts: what resolves it, in words")
    moderator_id: Mapped[int | None] = mapped_column(doc="contradicts: what resolves it, concept")
    reason: Mapped[str | None] = mapped_column(doc="why it is asserted")
    is_inferred: Mapped[bool] = mapped_column(default=False, doc="the reviewer's, in no source")
    inference: Mapped[Inference | None]
    was_suggested: Mapped[bool] = mapped_column(
        default=False, doc="offered by the program as possible, then accepted by a person"
    )
    last_evidence: Mapped[PartCounter]
    last_verdict: Mapped[PartCounter]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[CreatedAt]
    version: Mapped[Version]


class LinkEvidence(EvidenceColumns, Base):
    """A quote (or page) tied to a link."""

    __tablename__ = "link_evidence"
    __table_args__ = evidence_constraints(within_review("configuration_link", "link_id"))
    aggregate: ClassVar[tuple[str, str] | None] = ("L", "link_id")
    review_id: Mapped[ReviewKey]
    link_id: Mapped[Number]
    n: Mapped[Number] = mapped_column(doc="never reused within the link")


class LinkVerdict(Base):
    """A dated judgement on a link, with its reason and inference; earlier ones stay."""

    __tablename__ = "link_verdict"
    __table_args__ = (within_review("configuration_link", "link_id"),)
    aggregate: ClassVar[tuple[str, str] | None] = ("L", "link_id")
    review_id: Mapped[ReviewKey]
    link_id: Mapped[Number]
    n: Mapped[Number] = mapped_column(doc="never reused within the link")
    verdict: Mapped[Verdict]
    decided_on: Mapped[date]
    reason: Mapped[str]
    inference: Mapped[Inference | None]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[CreatedAt]


class LinkRefusal(Base):
    """A possible link that a person refused for good: this outcome does not become that element."""

    __tablename__ = "link_refusal"
    __table_args__ = (
        within_review("element.configuration_id.n", "from_id", "from_element_n"),
        within_review("element.configuration_id.n", "to_id", "to_element_n"),
        Index(None, "review_id", "to_id", "to_element_n"),
        {"sqlite_with_rowid": False},
    )
    aggregate: ClassVar[tuple[str, str] | None] = ("C", "from_id")
    review_id: Mapped[ReviewKey]
    from_id: Mapped[Number] = mapped_column(doc="the configuration whose outcome")
    from_element_n: Mapped[Number] = mapped_column(doc="this is")
    to_id: Mapped[Number] = mapped_column(doc="the configuration whose context or mechanism")
    to_element_n: Mapped[Number] = mapped_column(doc="it does not become")
    reason: Mapped[str] = mapped_column(doc="why")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[CreatedAt]
