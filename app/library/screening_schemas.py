"""What goes in and out about stages, reasons, decisions, checks and retrieval."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, model_validator

from app.complaints import FieldValueError
from app.db import Id, Line, PageWish, Prose, Schema
from app.library.screening_models import RetrievalStatus, ScreeningVerdict, StageUnit

MOST_AT_ONCE = 5_000
Place = Annotated[int, Field(ge=0, le=100_000)]
Screeners = Annotated[int, Field(ge=1, le=2)]
Label = Annotated[Line, Field(max_length=200)]


class StageFields(Schema):
    """What a team says of a stage of screening."""

    position: Place = 0
    """Order among the stages that look at the same; records come before reports."""
    is_skipped: bool = False
    screeners: Screeners = 1
    is_blinded: bool = True
    """With two screeners: neither sees the other's decision before both decided."""
    needs_reason: bool = False
    """Whether excluding here asks for a reason."""
    guidance: Prose | None = None


class StageCreate(StageFields):
    """A new stage, with its reasons to exclude in their order."""

    name: Label
    unit: StageUnit
    """Records are screened before retrieval, reports after it."""
    reasons: list[Label] = Field(default_factory=list, max_length=200)


class StageUpdate(StageFields):
    """What to change of a stage (JSON merge patch); what it looks at never changes."""

    name: Label = ""


class ReasonRead(Schema):
    """A reason to exclude at a stage."""

    id: Id
    stage_id: Id
    label: str
    position: int
    is_archived: bool
    created_by: int | None
    created_at: datetime
    version: int


class StageRead(StageFields):
    """A stage with its reasons; version 0 as long as it is only the default."""

    id: Id
    name: str
    unit: StageUnit
    reasons: list[ReasonRead]
    created_by: int | None
    created_at: datetime
    version: int


class ReasonCreate(Schema):
    """A new reason to exclude at a stage; without a position it comes last."""

    stage_id: Id
    label: Label
    position: Place | None = None


class ReasonUpdate(Schema):
    """What to change of a reason (JSON merge patch)."""

    label: Label = ""
    position: Place = 0
    is_archived: bool = False
    """Archived reasons are no longer offered, and still counted."""


class ReasonFilter(PageWish):
    """Which reasons are wanted."""

    stage_id: Id | None = None


class DecisionFields(Schema):
    """What is decided of a source."""

    source_id: Id
    verdict: ScreeningVerdict
    reason_id: Id | None = None
    """Why it is excluded; asked for where the stage says so."""
    note: Prose | None = None

    @model_validator(mode="after")
    def gives_a_reason_only_to_exclude(self) -> Self:
        """Refuse a reason for what is not excluded."""
        if self.reason_id is not None and self.verdict is not ScreeningVerdict.EXCLUDE:
            raise FieldValueError(
                "reason_id", "a reason is given for exclude only; put other thoughts into the note"
            )
        return self


class DecisionCreate(DecisionFields):
    """One's decision of a source at a stage; deciding again changes it."""

    stage_id: Id


class DecisionBulk(Schema):
    """Many decisions; all go in or none."""

    items: list[DecisionCreate] = Field(min_length=1, max_length=MOST_AT_ONCE)


class Adjudication(DecisionFields):
    """The decision that stands above those of the screeners, with a reason or note."""

    @model_validator(mode="after")
    def settles(self) -> Self:
        """Refuse what leaves it open, or gives no ground."""
        if self.verdict is ScreeningVerdict.UNSURE:
            raise FieldValueError("verdict", "an adjudication includes or excludes")
        if self.reason_id is None and not self.note:
            raise FieldValueError("note", "say why: a reason to exclude, or a note")
        return self


class CheckCreate(Schema):
    """What a second person says of a decision."""

    agrees: bool
    note: Prose | None = None


class CheckRead(CheckCreate):
    """A check, with what the decision said when it was made."""

    decision_id: Id
    n: int
    checker_id: int
    verdict: ScreeningVerdict
    reason_id: int | None
    created_at: datetime


class DecisionRead(DecisionFields):
    """A decision as it stands."""

    id: Id
    stage_id: Id
    screener_id: int
    is_final: bool
    came_from: str | None
    """The tool it was made in, if elsewhere."""
    decided_at: datetime
    created_by: int | None
    created_at: datetime
    version: int


class DecisionFilter(PageWish):
    """Which decisions are wanted; all conditions must hold."""

    stage_id: Id | None = None
    source_id: Id | None = None
    screener_id: Id | None = None
    verdict: ScreeningVerdict | None = None
    reason_id: Id | None = None
    is_final: bool | None = None


class SampleWish(PageWish):
    """Which decisions of a stage to check: all, or a share drawn by a seed, always the same."""

    share: Annotated[float, Field(gt=0, le=1)] = 1
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 1
    unchecked: bool = False
    """Only those nobody but their screener has looked at."""


class RetrievalWish(Schema):
    """Whether the full text of a source could be had."""

    status: RetrievalStatus
    note: Prose | None = None


class RetrievalRead(RetrievalWish):
    """What was said of retrieving a source, by whom and when."""

    source_id: Id
    said_by: int | None
    said_at: datetime


class RetrievalItem(RetrievalWish):
    """One of many."""

    source_id: Id


class RetrievalBulk(Schema):
    """What is said of many sources; all go in or none."""

    items: list[RetrievalItem] = Field(min_length=1, max_length=MOST_AT_ONCE)
