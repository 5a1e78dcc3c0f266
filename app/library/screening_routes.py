"""The API of screening: what is next, decisions, adjudication, checks, retrieval, progress."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Response, status

from app.access.identity import (
    Adjudicating,
    Changing,
    IdPath,
    IfMatch,
    Reading,
    Screening,
    require_version,
    tag,
)
from app.access.policy import require_change
from app.access.replay import Replayable, ReplayingRoute
from app.db import Page, PageWish, SessionDep, Slice, cut, paginate
from app.history.reading import load
from app.library.models import Source
from app.library.retrieval import say_retrieved
from app.library.screening import adjudicate, decide, require_visible, select_decisions, withdraw
from app.library.screening_checks import check_decision, checks_of, sample
from app.library.screening_models import Decision, DecisionCheck, Retrieval
from app.library.screening_progress import Progress, progress
from app.library.screening_queue import Conflict, QueueItem, Standing, conflicts, queue, standing
from app.library.screening_schemas import (
    Adjudication,
    CheckCreate,
    CheckRead,
    DecisionBulk,
    DecisionCreate,
    DecisionFilter,
    DecisionRead,
    RetrievalBulk,
    RetrievalItem,
    RetrievalRead,
    RetrievalWish,
    SampleWish,
)
from app.library.screening_stages import find_stage, kept_stage

router = APIRouter(
    prefix="/api/v1/reviews/{slug}",
    tags=["screening"],
    dependencies=[Replayable],
    route_class=ReplayingRoute,
)


@router.get("/stages/{number}/queue")
def list_queue(
    number: IdPath, member: Screening, session: SessionDep, wish: Annotated[PageWish, Query()]
) -> Page[QueueItem]:
    """List the sources one still has to decide of at a stage, by number."""
    return queue(session, member, find_stage(session, member.review_id, number), wish)


@router.get("/stages/{number}/conflicts")
def list_conflicts(
    number: IdPath, member: Reading, session: SessionDep, wish: Annotated[PageWish, Query()]
) -> Page[Conflict]:
    """List the sources whose screeners disagree, or are all unsure, with what each decided."""
    return conflicts(session, member, find_stage(session, member.review_id, number), wish)


@router.post("/stages/{number}/adjudications", response_model=DecisionRead)
def create_adjudication(
    number: IdPath, body: Adjudication, member: Adjudicating, session: SessionDep
) -> Decision:
    """Settle a source at a stage; this decision stands above those of the screeners."""
    return adjudicate(session, member, kept_stage(session, member, number), body)


@router.get("/stages/{number}/sample", response_model=Page[DecisionRead])
def list_sample(
    number: IdPath, member: Reading, session: SessionDep, wish: Annotated[SampleWish, Query()]
) -> Slice[Decision]:
    """Draw decisions of a stage to check: all, or a share that a seed draws, always the same."""
    drawn = sample(session, member, find_stage(session, member.review_id, number), wish)
    return cut(session, drawn, wish)


@router.get("/decisions", response_model=Page[DecisionRead])
def list_decisions(
    member: Reading, session: SessionDep, wish: Annotated[DecisionFilter, Query()]
) -> Slice[Decision]:
    """List the decisions that fit, by number; while blinded, not those of others."""
    found = select_decisions(member.review_id, member.user.id, wish)
    return paginate(session, found, Decision.id, wish)


@router.post("/decisions", response_model=DecisionRead)
def create_decision(
    body: DecisionCreate, member: Screening, session: SessionDep, response: Response
) -> Decision:
    """Decide of a source at a stage; deciding again changes one's decision."""
    [decision] = decide(session, member, [body])
    tag(response, decision.version)
    return decision


@router.post("/decisions/bulk", response_model=list[DecisionRead])
def create_decisions(
    body: DecisionBulk, member: Screening, session: SessionDep
) -> Sequence[Decision]:
    """Decide of many sources; all go in or none."""
    return decide(session, member, body.items)


@router.get("/decisions/{number}", response_model=DecisionRead)
def read_decision(
    number: IdPath, member: Reading, session: SessionDep, response: Response
) -> Decision:
    """Read a decision."""
    decision = load(session, Decision, member.review_id, number)
    require_visible(session, member, decision)
    tag(response, decision.version)
    return decision


@router.delete("/decisions/{number}", status_code=status.HTTP_204_NO_CONTENT)
def remove_decision(
    number: IdPath, member: Changing, session: SessionDep, if_match: IfMatch = None
) -> None:
    """Withdraw a decision, as if it had not been made; the history keeps it."""
    decision = load(session, Decision, member.review_id, number)
    require_change(member.role, member.user.id, decision.screener_id)
    require_version(if_match, decision.version)
    withdraw(session, decision)


@router.get("/decisions/{number}/checks", response_model=Page[CheckRead])
def list_checks(
    number: IdPath, member: Reading, session: SessionDep, wish: Annotated[PageWish, Query()]
) -> Slice[DecisionCheck]:
    """List the checks of a decision."""
    decision = load(session, Decision, member.review_id, number)
    require_visible(session, member, decision)
    return cut(session, checks_of(session, member.review_id, decision.id), wish)


@router.post(
    "/decisions/{number}/checks", response_model=CheckRead, status_code=status.HTTP_201_CREATED
)
def create_check(
    number: IdPath, body: CheckCreate, member: Screening, session: SessionDep
) -> DecisionCheck:
    """Check another's decision: say whether one agrees, and if not why."""
    decision = load(session, Decision, member.review_id, number)
    return check_decision(session, member, decision, body)


@router.get("/screening")
def read_progress(member: Reading, session: SessionDep) -> Progress:
    """Count how far screening has come: by stage, by person, and how much was checked."""
    return progress(session, member)


@router.get("/sources/{number}/screening")
def read_standing(number: IdPath, member: Reading, session: SessionDep) -> Standing:
    """Tell where a source stands: stage by stage, with the decisions one may see."""
    return standing(session, member, load(session, Source, member.review_id, number))


@router.put("/sources/{number}/retrieval", response_model=RetrievalRead)
def set_retrieval(
    number: IdPath, body: RetrievalWish, member: Screening, session: SessionDep
) -> Retrieval:
    """Say whether the full text of a source could be had."""
    source = load(session, Source, member.review_id, number)
    item = RetrievalItem(source_id=source.id, **body.model_dump())
    return say_retrieved(session, member, [item])[0]


@router.post("/retrievals/bulk", response_model=list[RetrievalRead])
def set_retrievals(
    body: RetrievalBulk, member: Screening, session: SessionDep
) -> Sequence[Retrieval]:
    """Say of many sources whether their full text could be had; all go in or none."""
    return say_retrieved(session, member, body.items)
