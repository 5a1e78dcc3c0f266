"""The API of the stages of screening and their reasons to exclude."""

from typing import Annotated

from fastapi import APIRouter, Query, Response, status

from app.access.identity import Adjudicating, IdPath, IfMatch, Reading, require_version, tag
from app.access.replay import Replayable, ReplayingRoute
from app.db import Page, PageWish, SessionDep, Slice, cut
from app.history.reading import load
from app.library.screening_models import ExclusionReason
from app.library.screening_schemas import (
    ReasonCreate,
    ReasonFilter,
    ReasonRead,
    ReasonUpdate,
    StageCreate,
    StageRead,
    StageUpdate,
)
from app.library.screening_stages import (
    add_reason,
    add_stage,
    change_reason,
    change_stage,
    delete_reason,
    delete_stage,
    described_stages,
    find_stage,
    kept_stage,
    list_reasons,
    stages_of,
)

router = APIRouter(
    prefix="/api/v1/reviews/{slug}",
    tags=["screening"],
    dependencies=[Replayable],
    route_class=ReplayingRoute,
)


@router.get("/stages", response_model=Page[StageRead])
def list_stages(
    member: Reading, session: SessionDep, wish: Annotated[PageWish, Query()]
) -> Slice[StageRead]:
    """List the stages in the order a source passes them, with their reasons to exclude."""
    stages = stages_of(session, member.review_id)
    return cut(session, described_stages(session, member.review_id, stages), wish)


@router.post("/stages", status_code=status.HTTP_201_CREATED)
def create_stage(
    body: StageCreate, member: Adjudicating, session: SessionDep, response: Response
) -> StageRead:
    """Add a stage, with its reasons to exclude."""
    stage = add_stage(session, member, body)
    tag(response, stage.version)
    return described_stages(session, member.review_id, [stage])[0]


@router.get("/stages/{number}")
def read_stage(
    number: IdPath, member: Reading, session: SessionDep, response: Response
) -> StageRead:
    """Read a stage."""
    stage = find_stage(session, member.review_id, number)
    tag(response, stage.version)
    return described_stages(session, member.review_id, [stage])[0]


@router.patch("/stages/{number}")
def update_stage(
    number: IdPath,
    body: StageUpdate,
    member: Adjudicating,
    session: SessionDep,
    response: Response,
    if_match: IfMatch = None,
) -> StageRead:
    """Rename, move or skip a stage, or say how many screen it and whether they are blinded."""
    was = find_stage(session, member.review_id, number).version
    require_version(if_match, was)
    stage = change_stage(session, kept_stage(session, member, number), body)
    tag(response, stage.version)
    return described_stages(session, member.review_id, [stage])[0]


@router.delete("/stages/{number}", status_code=status.HTTP_204_NO_CONTENT)
def remove_stage(
    number: IdPath, member: Adjudicating, session: SessionDep, if_match: IfMatch = None
) -> None:
    """Delete a stage without decisions; one with decisions can be skipped."""
    was = find_stage(session, member.review_id, number).version
    require_version(if_match, was)
    delete_stage(session, kept_stage(session, member, number))


@router.get("/exclusion-reasons", response_model=Page[ReasonRead])
def list_exclusion_reasons(
    member: Reading, session: SessionDep, wish: Annotated[ReasonFilter, Query()]
) -> Slice[ExclusionReason]:
    """List the reasons to exclude, by stage and in the team's order; archived ones last."""
    return cut(session, list_reasons(session, member.review_id, wish), wish)


@router.post("/exclusion-reasons", response_model=ReasonRead, status_code=status.HTTP_201_CREATED)
def create_reason(
    body: ReasonCreate, member: Adjudicating, session: SessionDep, response: Response
) -> ExclusionReason:
    """Add a reason to exclude to a stage."""
    reason = add_reason(session, member, body)
    tag(response, reason.version)
    return reason


@router.get("/exclusion-reasons/{number}", response_model=ReasonRead)
def read_reason(
    number: IdPath, member: Reading, session: SessionDep, response: Response
) -> ExclusionReason:
    """Read a reason to exclude."""
    reason = load(session, ExclusionReason, member.review_id, number)
    tag(response, reason.version)
    return reason


@router.patch("/exclusion-reasons/{number}", response_model=ReasonRead)
def update_reason(
    number: IdPath,
    body: ReasonUpdate,
    member: Adjudicating,
    session: SessionDep,
    response: Response,
    if_match: IfMatch = None,
) -> ExclusionReason:
    """Word a reason anew, move it, archive it or bring it back."""
    reason = load(session, ExclusionReason, member.review_id, number)
    require_version(if_match, reason.version)
    change_reason(session, reason, body)
    tag(response, reason.version)
    return reason


@router.delete("/exclusion-reasons/{number}", status_code=status.HTTP_204_NO_CONTENT)
def remove_reason(
    number: IdPath, member: Adjudicating, session: SessionDep, if_match: IfMatch = None
) -> None:
    """Delete a reason nobody gave; one that was given can be archived."""
    reason = load(session, ExclusionReason, member.review_id, number)
    require_version(if_match, reason.version)
    delete_reason(session, reason)
