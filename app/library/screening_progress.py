"""How far screening has come: by stage, by person, and how much of it was checked."""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.access.models import UserAccount
from app.db import Id, Schema
from app.library.screening_agreement import ScreeningAgreement, screening_agreement
from app.library.screening_checks import valid_checks
from app.library.screening_models import Stage, StageUnit
from app.library.screening_queue import awaits, screeners
from app.library.screening_stages import stages_of
from app.library.screening_standing import (
    Cast,
    End,
    Journey,
    Material,
    Outcome,
    journeys,
    read_material,
)


class ScreenerCount(Schema):
    """How many sources one person has decided of at a stage."""

    user_id: int
    name: str
    decided: int


class StageProgress(Schema):
    """How far a stage has come; `entered` is the sum of the next five."""

    stage_id: Id
    name: str
    unit: StageUnit
    is_skipped: bool
    entered: int
    """Sources that passed all stages before."""
    included: int
    excluded: int
    unsure: int
    conflict: int
    awaiting: int
    implied: int
    """Of those included: nobody decided here, but further on."""
    for_me: int
    """Sources that still need a decision, and have none of mine."""
    screeners: list[ScreenerCount]
    decisions: int
    """What was settled, here or elsewhere, among them."""
    checked: int
    """Decisions another person looked at since they last changed; no second screening."""
    agreed: int
    agreement: ScreeningAgreement


class Progress(Schema):
    """How far screening has come."""

    stages: list[StageProgress]
    sought: int
    """Sources that passed every stage of records."""
    retrieved: int
    not_retrieved: int
    awaiting_retrieval: int
    included: int


def progress(session: Session, member: Member) -> Progress:
    """Count how far every stage has come; duplicates count as one with their source."""
    material = read_material(session, member.review_id)
    walked = journeys(material)
    checked = valid_checks(session, member.review_id)
    names = _names(session, material)
    ends = Counter(journey.end for journey in walked.values())
    return Progress(
        stages=[
            _stage(stage, material, walked.values(), checked, names, member.user.id)
            for stage in stages_of(session, member.review_id)
        ],
        sought=sum(journey.is_sought for journey in walked.values()),
        retrieved=sum(journey.is_retrieved for journey in walked.values()),
        not_retrieved=ends[End.NOT_RETRIEVED],
        awaiting_retrieval=ends[End.AWAITING_RETRIEVAL],
        included=ends[End.INCLUDED],
    )


def _names(session: Session, material: Material) -> dict[int, str]:
    people = {cast.screener_id for cast in _all(material)}
    rows = select(UserAccount.id, UserAccount.name).where(UserAccount.id.in_(people))
    return dict(session.execute(rows).all())


def _all(material: Material) -> Iterable[Cast]:
    for by_stage in material.casts.values():
        for casts in by_stage.values():
            yield from casts


def _stage(
    stage: Stage,
    material: Material,
    walked: Iterable[Journey],
    checked: dict[int, bool],
    names: dict[int, str],
    me: int,
) -> StageProgress:
    here = [(journey, journey.steps[stage.id]) for journey in walked if stage.id in journey.steps]
    outcomes = Counter(result.outcome for _, result in here)
    casts = [cast for cast in _all(material) if cast.stage_id == stage.id]
    decided = Counter(cast.screener_id for cast in casts if not cast.is_final)
    looked_at = [checked[cast.id] for cast in casts if cast.id in checked]
    waiting = [journey for journey in walked if awaits(material, journey, stage.id)]
    return StageProgress(
        stage_id=stage.id,
        name=stage.name,
        unit=stage.unit,
        is_skipped=stage.is_skipped,
        entered=len(here),
        implied=sum(result.is_implied for _, result in here),
        for_me=sum(
            me not in screeners(material.casts.get(j.source_id, {}).get(stage.id, ()))
            for j in waiting
        ),
        screeners=[
            ScreenerCount(user_id=user, name=names[user], decided=many)
            for user, many in sorted(decided.items(), key=lambda pair: names[pair[0]])
        ],
        decisions=len(casts),
        checked=len(looked_at),
        agreed=sum(looked_at),
        agreement=screening_agreement(
            by_stage.get(stage.id, ()) for by_stage in material.casts.values()
        ),
        **{outcome.value: outcomes[outcome] for outcome in Outcome},
    )
