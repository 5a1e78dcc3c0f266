"""What is next to screen, what needs adjudicating, and where one source stands."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.db import NEXT_PAGE, Id, Page, PageWish, Schema, Slice
from app.library.models import Source
from app.library.schemas import Name
from app.library.screening import select_decisions
from app.library.screening_models import Decision, Retrieval, Stage, StageUnit
from app.library.screening_schemas import DecisionFilter, DecisionRead, RetrievalRead
from app.library.screening_stages import stages_of
from app.library.screening_standing import (
    UNSETTLED,
    Cast,
    End,
    Journey,
    Material,
    Outcome,
    RecordOrigin,
    journey_of,
    journeys,
    read_material,
)


class Screened(Schema):
    """A source as a screener needs to see it."""

    id: Id
    cite_key: str
    title: str
    authors: list[Name]
    year: int | None
    container_title: str | None
    doi: str | None
    url: str | None
    abstract: str | None


class QueueItem(Screened):
    """A source one has to decide of at a stage."""

    decided: int
    """How many others have decided already; what they said stays hidden while blinded."""
    is_retrieved: bool
    """Whether its full text is known to be there; of records it need not be."""


class Conflict(Screened):
    """A source whose screeners disagree, or are all unsure, with what each decided."""

    outcome: Outcome
    decisions: list[DecisionRead]


class StepRead(Schema):
    """What one stage came to for a source."""

    stage_id: Id
    stage: str
    outcome: Outcome
    reason_id: int | None
    is_implied: bool
    """Nobody decided here, but further on: it passed."""


class Standing(Schema):
    """Where one source stands: stage by stage, its retrieval, the decisions one may see."""

    source_id: Id
    stands_for: list[int]
    """Duplicates whose decisions count as its own."""
    duplicate_of: int | None
    origin: RecordOrigin
    end: End | None
    """How far it has come; null for one of a previous version of the review."""
    stage_id: int | None
    """The stage that excluded it, or that it waits at."""
    steps: list[StepRead]
    retrieval: RetrievalRead | None
    decisions: list[DecisionRead]


def queue(session: Session, member: Member, stage: Stage, wish: PageWish) -> Page[QueueItem]:
    """Return the sources one has to decide of at a stage, by number."""
    material = read_material(session, member.review_id)
    found = {
        journey.source_id: journey
        for journey in journeys(material).values()
        if awaits(material, journey, stage.id)
        and member.user.id not in screeners(_casts(material, journey.source_id, stage.id))
    }
    page = page_of_sources(session, member.review_id, sorted(found), wish)
    items = [
        QueueItem(
            **shown(source),
            decided=len(screeners(_casts(material, source.id, stage.id))),
            is_retrieved=found[source.id].is_retrieved,
        )
        for source in page.items
    ]
    return Page(items=items, next=page.next, total=page.total)


def awaits(material: Material, journey: Journey, stage_id: int) -> bool:
    """Say whether a stage still needs a screener for a source.

    At the first stage of reports so does one whose retrieval nobody noted: to decide is to have it.
    """
    if journey.end is End.AWAITING_RETRIEVAL:
        on_reports = [rule.id for rule in material.rules if rule.unit is StageUnit.REPORTS]
        return on_reports[:1] == [stage_id]
    step = journey.steps.get(stage_id)
    return step is not None and step.outcome is Outcome.AWAITING


def _casts(material: Material, source_id: int, stage_id: int) -> list[Cast]:
    return material.casts.get(source_id, {}).get(stage_id, [])


def screeners(casts: Iterable[Cast]) -> set[int]:
    """Return who decided, adjudications apart."""
    return {cast.screener_id for cast in casts if not cast.is_final}


def conflicts(session: Session, member: Member, stage: Stage, wish: PageWish) -> Page[Conflict]:
    """Return the sources an adjudication has to settle at a stage, by number."""
    material = read_material(session, member.review_id)
    found = {
        number: journey.steps[stage.id].outcome
        for number, journey in journeys(material).items()
        if stage.id in journey.steps and journey.steps[stage.id].outcome in UNSETTLED
    }
    page = page_of_sources(session, member.review_id, sorted(found), wish)
    numbers = [cast.id for source in page.items for cast in _casts(material, source.id, stage.id)]
    rows = session.scalars(
        select(Decision).where(Decision.review_id == member.review_id, Decision.id.in_(numbers))
    )
    by_source: dict[int, list[DecisionRead]] = defaultdict(list)
    for row in sorted(rows, key=lambda decision: decision.id):
        by_source[material.roots[row.source_id]].append(DecisionRead.model_validate(row))
    items = [
        Conflict(**shown(s), outcome=found[s.id], decisions=by_source[s.id]) for s in page.items
    ]
    return Page(items=items, next=page.next, total=page.total)


def page_of_sources(
    session: Session, review_id: int, numbers: Sequence[int], wish: PageWish
) -> Slice[Source]:
    """Return one page of some sources, in the order of their numbers."""
    after = [number for number in numbers if number > wish.after]
    some = after[: wish.limit]
    rows = session.scalars(
        select(Source).where(Source.review_id == review_id, Source.id.in_(some)).order_by(Source.id)
    ).all()
    following = some[-1] if len(after) > len(some) else None
    session.info[NEXT_PAGE] = following
    return Slice(items=list(rows), next=following, total=len(numbers) if wish.count else None)


def shown(source: Source) -> dict[str, Any]:
    """Return what screeners see of a source, by name."""
    return {name: getattr(source, name) for name in Screened.model_fields}


def standing(session: Session, member: Member, source: Source) -> Standing:
    """Tell where one source stands, with the decisions one may see."""
    material = read_material(session, member.review_id, [source.id])
    root = material.roots[source.id]
    group = sorted(number for number, its in material.roots.items() if its == root)
    names = {stage.id: stage.name for stage in stages_of(session, member.review_id)}
    is_previous = material.origins[root] is RecordOrigin.PREVIOUS
    journey = Journey(root) if is_previous else journey_of(material, root)
    seen = [
        decision
        for number in group
        for decision in session.scalars(
            select_decisions(
                member.review_id, member.user.id, DecisionFilter(source_id=number)
            ).order_by(Decision.id)
        )
    ]
    retrieval = session.get(Retrieval, (member.review_id, source.id))
    return Standing(
        source_id=source.id,
        stands_for=[number for number in group if number != root],
        duplicate_of=None if root == source.id else root,
        origin=material.origins[root],
        end=None if is_previous else journey.end,
        stage_id=journey.at,
        steps=[
            StepRead(
                stage_id=number,
                stage=names[number],
                outcome=result.outcome,
                reason_id=result.reason_id,
                is_implied=result.is_implied,
            )
            for number, result in journey.steps.items()
        ],
        retrieval=RetrievalRead.model_validate(retrieval) if retrieval else None,
        decisions=[DecisionRead.model_validate(decision) for decision in seen],
    )
