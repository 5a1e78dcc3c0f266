"""The stages of screening and their reasons to exclude: the review's own, with three to begin with.

A review that has none yet is read as if it had the default ones; the first that writes makes them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.db import Counter, now, take_numbers
from app.errors import ConflictError, FieldProblem, StillInUseError, TakenError
from app.history.reading import load
from app.history.references import require_unused
from app.library.screening_models import Decision, ExclusionReason, Stage, StageUnit
from app.library.screening_schemas import (
    ReasonCreate,
    ReasonFilter,
    ReasonRead,
    ReasonUpdate,
    StageCreate,
    StageFields,
    StageRead,
    StageUpdate,
)

DEFAULTS = (
    StageCreate(name="Title and abstract", unit=StageUnit.RECORDS),
    StageCreate(name="Full text", unit=StageUnit.REPORTS, needs_reason=True),
    StageCreate(name="Relevance and rigour", unit=StageUnit.REPORTS, position=1),
)
_PLAIN = set(StageRead.model_fields) - {"reasons"}


def in_order(stages: Sequence[Stage]) -> list[Stage]:
    """Order stages as a source passes them: those of records before those of reports."""
    units = list(StageUnit)
    return sorted(stages, key=lambda stage: (units.index(stage.unit), stage.position, stage.id))


def stages_of(session: Session, review_id: int) -> list[Stage]:
    """Return the stages of a review in order; the default ones, unsaved, when it has none."""
    found = session.scalars(select(Stage).where(Stage.review_id == review_id)).all()
    return in_order(found or _planned(session, review_id))


def _planned(session: Session, review_id: int) -> list[Stage]:
    """Return the default stages with the numbers they will get, outside the session."""
    counter = session.get(Counter, (review_id, "G"))
    first = counter.value + 1 if counter else 1
    return [
        Stage(review_id=review_id, id=number, version=0, created_at=now(), **_columns(wish))
        for number, wish in enumerate(DEFAULTS, start=first)
    ]


def _columns(wish: StageFields) -> dict[str, Any]:
    return wish.model_dump(exclude={"reasons"})


def keep_stages(session: Session, member: Member) -> list[Stage]:
    """Return the stages in order, making the default ones if there are none; for whoever writes."""
    stages = stages_of(session, member.review_id)
    if stages[0].version == 0:
        first = take_numbers(session, member.review_id, "G", len(stages))
        for number, stage in enumerate(stages, start=first):
            stage.id, stage.version, stage.created_by = number, 1, member.user.id
        session.add_all(stages)
        session.flush()
    return stages


def find_stage(session: Session, review_id: int, number: int) -> Stage:
    """Return a stage by number, a default one too; 404 or 410 when there is none."""
    by_number = {stage.id: stage for stage in stages_of(session, review_id)}
    return by_number.get(number) or load(session, Stage, review_id, number)


def kept_stage(session: Session, member: Member, number: int) -> Stage:
    """Return a stage by number for whoever writes: the default ones are made first."""
    keep_stages(session, member)
    return load(session, Stage, member.review_id, number)


def add_stage(session: Session, member: Member, wish: StageCreate) -> Stage:
    """Add a stage with its reasons; raises `TakenError` when another has its name."""
    stages = keep_stages(session, member)
    _require_free(wish.name, {stage.name for stage in stages}, "name")
    stage = Stage(
        review_id=member.review_id,
        id=take_numbers(session, member.review_id, "G"),
        created_by=member.user.id,
        **_columns(wish),
    )
    session.add(stage)
    session.flush()
    add_reasons(session, member, stage, wish.reasons)
    return stage


def change_stage(session: Session, stage: Stage, wish: StageUpdate) -> Stage:
    """Change what the wish sets of a stage; the last one that is not skipped stays."""
    values = wish.model_dump(exclude_unset=True)
    others = [s for s in stages_of(session, stage.review_id) if s.id != stage.id]
    if "name" in values:
        _require_free(wish.name, {other.name for other in others}, "name")
    if values.get("is_skipped") and all(other.is_skipped for other in others):
        raise ConflictError(f"G{stage.id} is the only stage left; add another before you skip it.")
    for name, value in values.items():
        setattr(stage, name, value)
    stage.version += 1
    session.flush()
    return stage


def delete_stage(session: Session, stage: Stage) -> None:
    """Delete a stage without decisions, and its reasons; one with decisions can be skipped."""
    here = (Decision.review_id == stage.review_id, Decision.stage_id == stage.id)
    used = session.execute(select(func.count()).select_from(Decision).where(*here)).scalar_one()
    if used:
        raise StillInUseError(
            f"G{stage.id} has {used} decisions; skip it instead (is_skipped), or undo them first."
        )
    if len(stages_of(session, stage.review_id)) == 1:
        raise ConflictError(f"G{stage.id} is the only stage; add another first.")
    for reason in reasons_of(session, stage.review_id).get(stage.id, ()):
        session.delete(reason)
    session.flush()
    require_unused(session, stage)
    session.delete(stage)
    session.flush()


def described_stages(session: Session, review_id: int, stages: Sequence[Stage]) -> list[StageRead]:
    """Describe stages with their reasons, archived ones last."""
    reasons = reasons_of(session, review_id)
    return [
        StageRead.model_validate(
            {name: getattr(stage, name) for name in _PLAIN}
            | {"reasons": [ReasonRead.model_validate(r) for r in reasons.get(stage.id, ())]}
        )
        for stage in stages
    ]


def reasons_of(session: Session, review_id: int) -> Mapping[int, list[ExclusionReason]]:
    """Return the reasons of every stage in the team's order, archived ones last."""
    found: dict[int, list[ExclusionReason]] = {}
    for reason in list_reasons(session, review_id, ReasonFilter()):
        found.setdefault(reason.stage_id, []).append(reason)
    return found


def list_reasons(session: Session, review_id: int, wish: ReasonFilter) -> Sequence[ExclusionReason]:
    """Return the reasons of a review, or of one stage, in the team's order."""
    statement = select(ExclusionReason).where(ExclusionReason.review_id == review_id)
    if wish.stage_id is not None:
        statement = statement.where(ExclusionReason.stage_id == wish.stage_id)
    order = (ExclusionReason.is_archived, ExclusionReason.position, ExclusionReason.id)
    return session.scalars(statement.order_by(ExclusionReason.stage_id, *order)).all()


def add_reasons(
    session: Session, member: Member, stage: Stage, labels: Sequence[str]
) -> list[ExclusionReason]:
    """Add reasons at the end of a stage's list, in their order."""
    there = reasons_of(session, stage.review_id).get(stage.id, [])
    taken = {reason.label for reason in there}
    last = max((reason.position for reason in there), default=-1)
    first = take_numbers(session, stage.review_id, "E", len(labels)) if labels else 0
    made = []
    for n, label in enumerate(labels):
        _require_free(label, taken, "label")
        taken.add(label)
        made.append(
            ExclusionReason(
                review_id=stage.review_id,
                id=first + n,
                stage_id=stage.id,
                label=label,
                position=last + 1 + n,
                created_by=member.user.id,
            )
        )
    session.add_all(made)
    session.flush()
    return made


def add_reason(session: Session, member: Member, wish: ReasonCreate) -> ExclusionReason:
    """Add one reason to a stage; raises `TakenError` when the stage has it already."""
    keep_stages(session, member)
    stage = load(session, Stage, member.review_id, wish.stage_id)
    [reason] = add_reasons(session, member, stage, [wish.label])
    if wish.position is not None:
        reason.position = wish.position
        session.flush()
    return reason


def change_reason(session: Session, reason: ExclusionReason, wish: ReasonUpdate) -> ExclusionReason:
    """Word a reason anew, move it, archive it or bring it back."""
    values = wish.model_dump(exclude_unset=True)
    if "label" in values:
        there = reasons_of(session, reason.review_id).get(reason.stage_id, [])
        _require_free(wish.label, {r.label for r in there if r.id != reason.id}, "label")
    for name, value in values.items():
        setattr(reason, name, value)
    reason.version += 1
    session.flush()
    return reason


def delete_reason(session: Session, reason: ExclusionReason) -> None:
    """Delete a reason nobody gave; one that was given can be archived."""
    require_unused(session, reason)
    session.delete(reason)
    session.flush()


def _require_free(name: str, taken: set[str], field: str) -> None:
    if name in taken:
        raise TakenError(
            f"{field}: {name} is there already; choose another.",
            fields=[FieldProblem(field, "taken already")],
        )
