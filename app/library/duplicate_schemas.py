"""What goes in and out about sources that may be one work."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from app.complaints import FieldValueError
from app.db import Id, Schema
from app.library.duplicate_models import PairState
from app.library.schemas import SourceRead

Score = Annotated[float, Field(ge=0, le=1)]
MOST_DECISIONS = 500


class FindWish(Schema):
    """How to look for duplicates."""

    automatic: bool = True
    """Merge what is certain; otherwise every pair waits for a person."""


class FindRead(Schema):
    """What became of looking for duplicates."""

    compared: int
    """Sources that were compared, those merged before included."""
    merged: int
    """Sources that were merged now, because it was certain."""
    suggested: int
    """Pairs that are new in the queue."""
    dropped: int
    """Pairs that left the queue: their records no longer look alike, or one source is both now."""
    waiting: int
    """Pairs in the queue now."""


class PairFilter(Schema):
    """Which pairs are wanted; all conditions must hold. The surest come first."""

    state: PairState | None = PairState.SUGGESTED
    source_id: Id | None = None
    """Either of the two."""
    by_program: bool | None = None
    min_score: Score | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 50
    after: (
        Annotated[str, Field(pattern=r"^(0|1|0\.\d{1,3}|1\.0):[1-9]\d{0,8}:[1-9]\d{0,8}$")] | None
    ) = None
    """The `next` of the page before: score, lower and higher number of its last pair."""


class PairRead(Schema):
    """Two sources that may be one work, side by side."""

    lower_id: Id
    higher_id: Id
    score: Score
    reasons: list[str]
    """What speaks for and against it, in words."""
    state: PairState
    by_program: bool
    survivor_id: int | None
    filled: list[str] | None
    """Fields that the survivor got from the other."""
    decided_by: int | None
    decided_at: datetime | None
    created_at: datetime
    differs: list[str]
    """Fields that both have and that are not the same."""
    proposed_survivor_id: Id
    """The one that tells more, should they be merged."""
    lower: SourceRead
    higher: SourceRead


class PairPage(Schema):
    """One page of pairs; `next` is what to send as `after`, or null at the end."""

    items: list[PairRead]
    next: str | None


class Choice(StrEnum):
    """What a person decides of a pair."""

    MERGE = "merge"
    APART = "apart"


class Decision(Schema):
    """What a person decides of two sources; merging needs to know which of them survives."""

    source_id: Id
    other_id: Id
    choice: Choice
    survivor_id: Id | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.source_id == self.other_id:
            raise FieldValueError(
                "other_id", "source_id and other_id are the same; name two sources"
            )
        if self.choice is Choice.MERGE and self.survivor_id not in {self.source_id, self.other_id}:
            raise FieldValueError(
                "survivor_id", "survivor_id must be source_id or other_id: the one that stays"
            )
        if self.choice is Choice.APART and self.survivor_id is not None:
            raise FieldValueError(
                "survivor_id",
                "survivor_id has no meaning for sources that stay apart; leave it out",
            )
        return self


class Decisions(Schema):
    """Many decisions, in their order; all are taken or none."""

    items: list[Decision] = Field(min_length=1, max_length=MOST_DECISIONS)


class SourceMerge(Schema):
    """Which source is to stand for this one."""

    into_id: Id
