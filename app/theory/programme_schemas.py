"""What goes in and out about programme theories and recommendations."""

from datetime import date, datetime
from typing import Self

from pydantic import Field, model_validator

from app.complaints import FieldValueError
from app.db import Id, Line, Passage, Prose, Schema, Title
from app.history.models import Inference
from app.theory.programme_models import TheoryStage
from app.theory.schemas import EvidenceBody, EvidenceRead
from app.theory.vocabulary import Certainty, Origin, Stance, Verdict


class GroundCreate(Schema):
    """A configuration or a memo that a proposition stands on, or that speaks against it."""

    configuration_id: Id | None = None
    memo_id: Id | None = None
    stance: Stance = Stance.SUPPORTS
    reason: Prose | None = None

    @model_validator(mode="after")
    def names_one_thing(self) -> Self:
        """Refuse a ground that is nothing, or two things."""
        if (self.configuration_id is None) == (self.memo_id is None):
            raise FieldValueError(
                "configuration_id",
                "give one of configuration_id and memo_id; a quote goes to evidence",
            )
        return self


class GroundRead(GroundCreate):
    """A ground as it is stored."""

    n: int


class VerdictCreate(Schema):
    """A judgement on a proposition or a link."""

    verdict: Verdict
    decided_on: date
    reason: Passage
    inference: Inference | None = None


class VerdictRead(VerdictCreate):
    """A judgement as it is stored."""

    reason: str
    n: int
    created_by: int | None
    created_at: datetime


class PropositionFields(Schema):
    """One numbered claim."""

    statement: Passage
    abstraction: Line | None = None
    origin: Origin = Origin.REVIEWERS
    origin_detail: Line | None = None
    certainty: Certainty | None = None
    certainty_reason: Prose | None = None


class PropositionCreate(PropositionFields):
    """A new proposition with what it stands on; all of that may be missing."""

    grounds: list[GroundCreate] = Field(default_factory=list, max_length=1_000)
    evidence: list[EvidenceBody] = Field(default_factory=list, max_length=500)
    verdicts: list[VerdictCreate] = Field(default_factory=list, max_length=100)


class PropositionUpdate(PropositionFields):
    """What to change of a proposition (JSON merge patch)."""

    statement: Passage = ""


class PropositionRead(PropositionFields):
    """A proposition with its grounds, evidence and verdicts; `label` is `T1.3`."""

    statement: str
    n: int
    label: str
    grounds: list[GroundRead]
    evidence: list[EvidenceRead]
    verdicts: list[VerdictRead]
    created_by: int | None
    created_at: datetime


class TheoryFields(Schema):
    """A version of the programme theory."""

    title: Title
    stage: TheoryStage = TheoryStage.INITIAL
    refines_id: Id | None = None
    description: Prose | None = None


class TheoryCreate(TheoryFields):
    """A new programme theory with its propositions."""

    propositions: list[PropositionCreate] = Field(default_factory=list, max_length=500)


class TheoryUpdate(TheoryFields):
    """What to change of a theory (JSON merge patch)."""

    title: Title = ""


class TheoryRead(TheoryFields):
    """A programme theory with its propositions."""

    title: str
    id: Id
    propositions: list[PropositionRead] = Field(default_factory=list)
    created_by: int | None
    created_at: datetime
    version: int


class RecommendationCreate(Schema):
    """What somebody should do, the scope it holds in, and the configurations it rests on."""

    text: Passage
    scope: Prose | None = None
    theory_id: Id | None = None
    configurations: list[Id] = Field(default_factory=list, max_length=1_000)


class RecommendationUpdate(RecommendationCreate):
    """What to change of a recommendation (JSON merge patch)."""

    text: Passage = ""


class RecommendationRead(RecommendationCreate):
    """A recommendation as it is stored."""

    text: str
    id: Id
    created_by: int | None
    created_at: datetime
    version: int
