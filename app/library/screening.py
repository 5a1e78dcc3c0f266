"""Screening decisions: made one by one or by the thousand, adjudicated, withdrawn."""

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.db import now, take_numbers
from app.errors import BlindedError, ConflictError, FieldProblem, InvalidError
from app.history.recording import delete_many
from app.history.references import require_present
from app.library.models import Source
from app.library.screening_models import (
    Decision,
    DecisionCheck,
    ExclusionReason,
    ScreeningVerdict,
    Stage,
)
from app.library.screening_schemas import (
    Adjudication,
    DecisionCreate,
    DecisionFields,
    DecisionFilter,
    ReasonFilter,
)
from app.library.screening_stages import keep_stages, list_reasons
from app.library.screening_standing import (
    Material,
    Outcome,
    RecordOrigin,
    journey_of,
    read_material,
)

FEW = 500
"""Up to so many sources are looked up by themselves; for more the whole review is read."""
SAME = ("stage_id", "source_id", "screener_id", "verdict", "reason_id", "is_final")


def visible_to(user_id: int) -> ColumnElement[bool]:
    """Return the condition that a person may see a decision: not while two are blinded."""
    blinded = (
        select(Stage.id)
        .where(Stage.review_id == Decision.review_id, Stage.id == Decision.stage_id)
        .where(Stage.screeners > 1, Stage.is_blinded)
        .exists()
    )
    other = Decision.__table__.alias("other")
    decided = (
        select(func.count(other.c.screener_id.distinct()))
        .where(other.c.review_id == Decision.review_id, other.c.source_id == Decision.source_id)
        .where(other.c.stage_id == Decision.stage_id, other.c.is_final.is_(False))
        .scalar_subquery()
    )
    return or_(Decision.screener_id == user_id, Decision.is_final, ~blinded, decided > 1)


def select_decisions(review_id: int, user_id: int, wish: DecisionFilter) -> Select[Decision]:
    """Select the decisions that fit and that a person may see; the caller orders and pages."""
    statement = select(Decision).where(Decision.review_id == review_id, visible_to(user_id))
    for name in SAME:
        value = getattr(wish, name)
        if value is not None:
            statement = statement.where(getattr(Decision, name) == value)
    return statement


def require_visible(session: Session, member: Member, decision: Decision) -> None:
    """Raise `BlindedError` (403) for a decision that is hidden until both have decided."""
    one = (Decision.review_id == decision.review_id, Decision.id == decision.id)
    if session.scalar(select(Decision.id).where(*one, visible_to(member.user.id))) is None:
        raise BlindedError(
            f"N{decision.id} is hidden until two people have decided of S{decision.source_id} "
            "at this stage."
        )


def decide(session: Session, member: Member, wishes: Sequence[DecisionCreate]) -> list[Decision]:
    """Take one person's decisions, all or none, in their order; deciding again changes them."""
    stages = {stage.id: stage for stage in keep_stages(session, member)}
    require_decidable(session, member.review_id, stages, wishes)
    known = _own(session, member, wishes)
    new = {(wish.stage_id, wish.source_id) for wish in wishes} - known.keys()
    number = take_numbers(session, member.review_id, "N", len(new)) if new else 0
    made = []
    for wish in wishes:
        decision = known.get((wish.stage_id, wish.source_id))
        if decision is None:
            decision = _new(member, number, wish, wish.stage_id)
            known[wish.stage_id, wish.source_id] = decision
            session.add(decision)
            number += 1
        else:
            set_verdict(decision, wish)
        made.append(decision)
    session.flush()
    return made


def adjudicate(session: Session, member: Member, stage: Stage, wish: Adjudication) -> Decision:
    """Settle a source at a stage: this decision stands above those of the screeners."""
    given = DecisionCreate(**wish.model_dump(), stage_id=stage.id)
    require_decidable(session, member.review_id, {stage.id: stage}, [given])
    here = (Decision.review_id == member.review_id, Decision.stage_id == stage.id)
    final = session.scalar(
        select(Decision).where(*here, Decision.source_id == wish.source_id, Decision.is_final)
    )
    if final is None:
        final = _new(member, take_numbers(session, member.review_id, "N"), wish, stage.id)
        final.is_final = True
        session.add(final)
    else:
        final.screener_id = member.user.id
        set_verdict(final, wish)
    session.flush()
    return final


def withdraw(session: Session, decision: Decision) -> None:
    """Take a decision away, with the checks of it; the history keeps both."""
    here = (DecisionCheck.review_id == decision.review_id, DecisionCheck.decision_id == decision.id)
    delete_many(session, DecisionCheck, here)
    session.delete(decision)
    session.flush()


def _own(
    session: Session, member: Member, wishes: Sequence[DecisionCreate]
) -> dict[tuple[int, int], Decision]:
    """Return a person's decisions of the sources named, by stage and source."""
    numbers = {wish.source_id for wish in wishes}
    mine = select(Decision).where(
        Decision.review_id == member.review_id,
        Decision.screener_id == member.user.id,
        Decision.is_final.is_(False),
    )
    if len(numbers) <= FEW:
        mine = mine.where(Decision.source_id.in_(numbers))
    found = session.scalars(mine)
    return {(decision.stage_id, decision.source_id): decision for decision in found}


def _new(member: Member, number: int, wish: DecisionFields, stage_id: int) -> Decision:
    return Decision(
        review_id=member.review_id,
        id=number,
        stage_id=stage_id,
        screener_id=member.user.id,
        created_by=member.user.id,
        is_final=False,
        **wish.model_dump(exclude={"stage_id"}),
    )


def set_verdict(decision: Decision, wish: DecisionFields) -> bool:
    """Change what a decision says; return whether that is anything else than it said."""
    said = (decision.verdict, decision.reason_id, decision.note)
    if said == (wish.verdict, wish.reason_id, wish.note):
        return False
    decision.verdict, decision.reason_id, decision.note = wish.verdict, wish.reason_id, wish.note
    decision.decided_at = now()
    decision.came_from = None
    decision.version += 1
    return True


def require_decidable(
    session: Session, review_id: int, stages: dict[int, Stage], wishes: Sequence[DecisionCreate]
) -> None:
    """Raise an error that names every decision which cannot be made, and what helps.

    422 for stages, sources and reasons that are not there, 409 where the source stands elsewhere.
    """
    many = len(wishes) > 1
    places = [f"items.{n}." if many else "" for n in range(len(wishes))]
    named = [(f"{place}source_id", w.source_id) for place, w in zip(places, wishes, strict=True)]
    require_present(session, Source, review_id, named)
    require_present(
        session,
        Stage,
        review_id,
        [
            (f"{place}stage_id", wish.stage_id)
            for place, wish in zip(places, wishes, strict=True)
            if wish.stage_id not in stages
        ],
    )
    reasons = {reason.id: reason for reason in list_reasons(session, review_id, ReasonFilter())}
    pairs = list(zip(places, wishes, strict=True))
    _refuse(InvalidError, [p for pair in pairs for p in _unfit(*pair, stages, reasons)])
    numbers = {wish.source_id for wish in wishes}
    material = read_material(session, review_id, numbers if len(numbers) <= FEW else ())
    elsewhere = [
        FieldProblem(f"{place}source_id", why)
        for place, wish in pairs
        if (why := misplaced(wish.source_id, wish.stage_id, material))
    ]
    _refuse(ConflictError, elsewhere)


def _refuse(error: type[InvalidError | ConflictError], problems: Sequence[FieldProblem]) -> None:
    if problems:
        first = problems[0]
        raise error(f"{first.field}: {first.message}", fields=problems)


def _unfit(
    place: str, wish: DecisionCreate, stages: dict[int, Stage], reasons: dict[int, ExclusionReason]
) -> Iterator[FieldProblem]:
    """Yield what is wrong with a decision by itself."""
    stage = stages[wish.stage_id]
    offered = [r for r in reasons.values() if r.stage_id == stage.id and not r.is_archived]
    names = ", ".join(f"{reason.id} ({reason.label})" for reason in offered) or "none yet"
    reason = reasons.get(wish.reason_id or 0)
    if stage.is_skipped:
        yield FieldProblem(f"{place}stage_id", f"{stage.name} is skipped in this review")
    if wish.reason_id is not None and (reason is None or reason.stage_id != stage.id):
        yield FieldProblem(f"{place}reason_id", f"{stage.name} has no such reason; it has: {names}")
    if wish.verdict is ScreeningVerdict.EXCLUDE and stage.needs_reason and wish.reason_id is None:
        yield FieldProblem(
            f"{place}reason_id", f"{stage.name} asks for a reason to exclude; it has: {names}"
        )


def misplaced(number: int, stage_id: int, material: Material) -> str:
    """Return why a source is not to be decided of at a stage, as it stands now, or nothing."""
    root = material.roots[number]
    if root != number:
        return f"S{number} is a duplicate of S{root}; decide of that one"
    if material.origins.get(number) is RecordOrigin.PREVIOUS:
        return f"S{number} is of a previous version of the review: included"
    journey = journey_of(material, number)
    out = journey.at
    if out is None or journey.steps[out].outcome is not Outcome.EXCLUDED:
        return ""
    order = [rule.id for rule in material.rules]
    if order.index(out) >= order.index(stage_id):
        return ""
    return f"S{number} was excluded before, at stage G{out}; change that decision first"
