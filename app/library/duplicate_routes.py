"""The API of duplicates: looking for them, deciding on pairs, merging and unmerging sources."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response, status

from app.access.identity import ChangingAny, IdPath, IfMatch, Reading, require_version, tag
from app.access.replay import Replayable, ReplayingRoute
from app.access.schemas import JobRead
from app.db import SessionDep
from app.history.reading import load
from app.history.recording import ledger
from app.jobs.models import Job
from app.jobs.running import add_job
from app.jobs.waking import get_waker
from app.library.duplicate_jobs import FIND
from app.library.duplicate_queue import (
    decide_pairs,
    described_pairs,
    described_sources,
    find_pair,
    pair_page,
)
from app.library.duplicate_schemas import (
    Decisions,
    FindWish,
    PairFilter,
    PairPage,
    PairRead,
    SourceMerge,
)
from app.library.merging import merge_source, unmerge_source
from app.library.models import Source
from app.library.schemas import SourceRead

router = APIRouter(
    prefix="/api/v1/reviews/{slug}",
    tags=["duplicates"],
    dependencies=[Replayable],
    route_class=ReplayingRoute,
)


@router.post(
    "/duplicates/find",
    response_model=JobRead,
    status_code=status.HTTP_202_ACCEPTED,
    dependencies=[Depends(get_waker)],
)
def find(body: FindWish, member: ChangingAny, session: SessionDep) -> Job:
    """Look for duplicates as a job; its result says how many were merged and how many wait."""
    book = ledger(session)
    asked = {"review": member.review.slug, "wish": body.model_dump(mode="json")}
    why = {"channel": book.channel.value, "reason": book.reason}
    return add_job(session, FIND, member.user.id, asked | why, member.review_id)


@router.get("/duplicates")
def list_pairs(
    member: Reading, session: SessionDep, wish: Annotated[PairFilter, Query()]
) -> PairPage:
    """List pairs side by side, the surest first; by default those that wait for a decision."""
    return pair_page(session, member.review_id, wish)


@router.post("/duplicates/decisions")
def decide(body: Decisions, member: ChangingAny, session: SessionDep) -> list[PairRead]:
    """Merge pairs or keep them apart for good, in their order; all decisions are taken or none."""
    pairs = decide_pairs(session, member, body.items)
    return described_pairs(session, member.review_id, pairs)


@router.get("/duplicates/{one}/{other}")
def read_pair(one: IdPath, other: IdPath, member: Reading, session: SessionDep) -> PairRead:
    """Read one pair, whichever of its sources is named first."""
    pair = find_pair(session, member.review_id, one, other)
    return described_pairs(session, member.review_id, [pair])[0]


@router.post("/sources/{number}/merge")
def merge(
    number: IdPath,
    body: SourceMerge,
    member: ChangingAny,
    session: SessionDep,
    response: Response,
    if_match: IfMatch = None,
) -> SourceRead:
    """Let another source stand for this one; nothing moves. Answers the merged source."""
    source = load(session, Source, member.review_id, number)
    require_version(if_match, source.version)
    merge_source(session, member, source, body.into_id)
    tag(response, source.version)
    return described_sources(session, member.review_id, [source])[0]


@router.post("/sources/{number}/unmerge")
def unmerge(
    number: IdPath,
    member: ChangingAny,
    session: SessionDep,
    response: Response,
    if_match: IfMatch = None,
) -> SourceRead:
    """Let a source stand for itself again; it is kept apart from what stood for it."""
    source = load(session, Source, member.review_id, number)
    require_version(if_match, source.version)
    unmerge_source(session, member, source)
    tag(response, source.version)
    return described_sources(session, member.review_id, [source])[0]
