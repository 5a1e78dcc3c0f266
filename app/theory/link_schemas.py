"""What goes in and out about links between configurations."""

from datetime import datetime
from typing import Self

from pydantic import Field, model_validator

from app.complaints import FieldValueError
from app.db import Id, Line, PageWish, Prose, Schema
from app.history.models import Inference
from app.theory.programme_schemas import VerdictRead
from app.theory.schemas import EvidenceBody, EvidenceRead, PartNumber
from app.theory.vocabulary import Effect, LinkKind


class LinkFields(Schema):
    """What a link says; `to_id` is a configuration, `to_link_id` a link it moderates."""

    kind: LinkKind
    from_id: Id
    to_id: Id | None = None
    to_link_id: Id | None = None
    from_element_n: PartNumber | None = None
    to_element_n: PartNumber | None = None
    effect: Effect | None = None
    moderator: Line | None = None
    moderator_id: Id | None = None
    reason: Prose | None = None
    is_inferred: bool = False
    inference: Inference | None = None
    was_suggested: bool = False
    """Accepts a possible link: of kind feeds, between two elements, and possible now."""


class LinkCreate(LinkFields):
    """A link that a person asserts, with evidence or a reason."""

    evidence: list[EvidenceBody] = Field(default_factory=list, max_length=200)

    @model_validator(mode="after")
    def leads_to_one_place(self) -> Self:
        """Refuse a link with no target, two targets, or a kind that cannot moderate a link."""
        if (self.to_id is None) == (self.to_link_id is None):
            raise FieldValueError(
                "to_id", "give one of to_id (a configuration) and to_link_id (a link)"
            )
        if self.to_link_id is not None and self.kind is not LinkKind.MODERATES:
            raise FieldValueError("kind", "only a link of kind moderates leads to a link")
        if self.from_id == self.to_id:
            raise FieldValueError(
                "to_id", "a configuration cannot be linked to itself; lead it to another"
            )
        if not (self.reason or self.evidence):
            raise FieldValueError("reason", "an asserted link needs a reason or evidence")
        return self


class LinkUpdate(Schema):
    """What to change of a link (JSON merge patch); its ends stay."""

    from_element_n: PartNumber | None = None
    to_element_n: PartNumber | None = None
    effect: Effect | None = None
    moderator: Line | None = None
    moderator_id: Id | None = None
    reason: Prose | None = None
    is_inferred: bool = False
    inference: Inference | None = None


class LinkRead(LinkFields):
    """A link as it is stored."""

    id: Id
    evidence: list[EvidenceRead] = Field(default_factory=list)
    verdicts: list[VerdictRead] = Field(default_factory=list)
    """Dated judgements, in the order given; the last one holds."""
    created_by: int | None
    created_at: datetime
    version: int


class LinkFilter(PageWish):
    """Which links are wanted; all conditions must hold."""

    kind: LinkKind | None = None
    configuration_id: Id | None = None
    """Either end."""
    was_suggested: bool | None = None
    """Only accepted suggestions, or only what nobody suggested."""
