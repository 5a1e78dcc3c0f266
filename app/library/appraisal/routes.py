"""The API of appraisals: judging, settling, and how far appraisers agree."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Response, status

from app.access.identity import Changing, Coding, IdPath, IfMatch, Reading, require_version, tag
from app.access.policy import Right, require, require_change
from app.access.replay import Replayable, ReplayingRoute
from app.db import Page, SessionDep, Slice, cut, paginate
from app.history.reading import load
from app.library.appraisal.comparing import LevelsWish, agreement, disagreements, level_counts
from app.library.appraisal.judging import (
    add_appraisals,
    change_appraisal,
    delete_appraisal,
    select_appraisals,
)
from app.library.appraisal.models import Appraisal
from app.library.appraisal.schemas import (
    AgreementRead,
    AgreementWish,
    AppraisalBulk,
    AppraisalCreate,
    AppraisalFilter,
    AppraisalRead,
    AppraisalUpdate,
    DimensionLevels,
    Disagreement,
    DisagreementWish,
)

router = APIRouter(
    prefix="/api/v1/reviews/{slug}/appraisals",
    tags=["appraisals"],
    dependencies=[Replayable],
    route_class=ReplayingRoute,
)


@router.get("", response_model=Page[AppraisalRead])
def list_appraisals(
    member: Reading, session: SessionDep, wish: Annotated[AppraisalFilter, Query()]
) -> Slice[Appraisal]:
    """List the judgements that fit, by number."""
    return paginate(session, select_appraisals(member.review_id, wish), Appraisal.id, wish)


@router.post("", response_model=AppraisalRead, status_code=status.HTTP_201_CREATED)
def create_appraisal(
    body: AppraisalCreate, member: Coding, session: SessionDep, response: Response
) -> Appraisal:
    """Judge a source or a piece of evidence; an editor may settle it for all (`is_consensus`)."""
    if body.is_consensus:
        require(member.role, Right.SETTLE)
    [appraisal] = add_appraisals(session, member, [body])
    tag(response, appraisal.version)
    return appraisal


@router.post("/bulk", response_model=list[AppraisalRead], status_code=status.HTTP_201_CREATED)
def create_appraisals(
    body: AppraisalBulk, member: Coding, session: SessionDep
) -> Sequence[Appraisal]:
    """Add many judgements in their order; all go in or none."""
    if any(item.is_consensus for item in body.items):
        require(member.role, Right.SETTLE)
    return add_appraisals(session, member, body.items)


@router.get("/levels", response_model=Page[DimensionLevels])
def read_levels(
    member: Reading, session: SessionDep, wish: Annotated[LevelsWish, Query()]
) -> Slice[DimensionLevels]:
    """Count the sources at each level, disputed ones and those not appraised."""
    return cut(session, level_counts(session, member.review_id, wish), wish)


@router.get("/disagreements", response_model=Page[Disagreement])
def list_disagreements(
    member: Reading, session: SessionDep, wish: Annotated[DisagreementWish, Query()]
) -> Slice[Disagreement]:
    """List what appraisers judge differently, with what was settled."""
    return cut(session, disagreements(session, member.review_id, wish), wish)


@router.get("/agreement")
def read_agreement(
    member: Reading, session: SessionDep, wish: Annotated[AgreementWish, Query()]
) -> AgreementRead:
    """Compute how far appraisers agree: raw, kappa by pair, ordinal alpha over all."""
    return agreement(session, member.review_id, wish)


@router.get("/{number}", response_model=AppraisalRead)
def read_appraisal(
    number: IdPath, member: Reading, session: SessionDep, response: Response
) -> Appraisal:
    """Read a judgement."""
    appraisal = load(session, Appraisal, member.review_id, number)
    tag(response, appraisal.version)
    return appraisal


@router.patch("/{number}", response_model=AppraisalRead)
def update_appraisal(
    number: IdPath,
    body: AppraisalUpdate,
    member: Changing,
    session: SessionDep,
    response: Response,
    if_match: IfMatch = None,
) -> Appraisal:
    """Change level, rationale, categories or answers, under the wording it was made under."""
    appraisal = load(session, Appraisal, member.review_id, number)
    _require_mine(member, appraisal)
    require_version(if_match, appraisal.version)
    change_appraisal(session, appraisal, body)
    tag(response, appraisal.version)
    return appraisal


@router.delete("/{number}", status_code=status.HTTP_204_NO_CONTENT)
def remove_appraisal(
    number: IdPath, member: Changing, session: SessionDep, if_match: IfMatch = None
) -> None:
    """Delete a judgement; the history keeps it."""
    appraisal = load(session, Appraisal, member.review_id, number)
    _require_mine(member, appraisal)
    require_version(if_match, appraisal.version)
    delete_appraisal(session, appraisal)


def _require_mine(member: Changing, appraisal: Appraisal) -> None:
    require_change(member.role, member.user.id, appraisal.created_by)
    if appraisal.is_consensus:
        require(member.role, Right.SETTLE)
