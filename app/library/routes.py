"""The API of sources and the studies they report."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Response, status

from app.access.identity import Changing, Coding, IdPath, IfMatch, Reading, require_version, tag
from app.access.policy import require_change
from app.access.replay import Replayable, ReplayingRoute
from app.db import Page, PageWish, SessionDep, Slice, paginate
from app.history.reading import load
from app.library.duplicate_queue import described_sources
from app.library.models import Source, Study
from app.library.schemas import (
    SourceBulk,
    SourceCreate,
    SourceFilter,
    SourceRead,
    SourceUpdate,
    StudyRead,
)
from app.library.service import (
    add_sources,
    change_source,
    delete_source,
    select_studies,
    source_page,
)

router = APIRouter(
    prefix="/api/v1/reviews/{slug}",
    tags=["sources"],
    dependencies=[Replayable],
    route_class=ReplayingRoute,
)


@router.get("/sources")
def list_sources(
    member: Reading, session: SessionDep, wish: Annotated[SourceFilter, Query()]
) -> Page[SourceRead]:
    """List the sources that fit, by number; duplicates merged into others only if asked for."""
    found = source_page(session, member.review_id, wish)
    items = described_sources(session, member.review_id, found.items)
    return Page(items=items, next=found.next, total=found.total)


@router.post("/sources", response_model=SourceRead, status_code=status.HTTP_201_CREATED)
def create_source(
    body: SourceCreate, member: Coding, session: SessionDep, response: Response
) -> Source:
    """Add a source; without a cite key it gets one of its first author and year."""
    source = add_sources(session, member, [body])[0]
    tag(response, source.version)
    return source


@router.post("/sources/bulk", response_model=list[SourceRead], status_code=status.HTTP_201_CREATED)
def create_sources(body: SourceBulk, member: Coding, session: SessionDep) -> Sequence[Source]:
    """Add many sources in their order; all go in or none."""
    return add_sources(session, member, body.items)


@router.get("/sources/{number}")
def read_source(
    number: IdPath, member: Reading, session: SessionDep, response: Response
) -> SourceRead:
    """Read a source, with the numbers of the duplicates it stands for."""
    source = load(session, Source, member.review_id, number)
    tag(response, source.version)
    return described_sources(session, member.review_id, [source])[0]


@router.patch("/sources/{number}")
def update_source(
    number: IdPath,
    body: SourceUpdate,
    member: Changing,
    session: SessionDep,
    response: Response,
    if_match: IfMatch = None,
) -> SourceRead:
    """Change a source; `authors` and `csl` are replaced as a whole, `fields` one by one."""
    source = load(session, Source, member.review_id, number)
    require_change(member.role, member.user.id, source.created_by)
    require_version(if_match, source.version)
    change_source(session, source, body)
    tag(response, source.version)
    return described_sources(session, member.review_id, [source])[0]


@router.delete("/sources/{number}", status_code=status.HTTP_204_NO_CONTENT)
def remove_source(
    number: IdPath, member: Changing, session: SessionDep, if_match: IfMatch = None
) -> None:
    """Delete a source that nothing refers to; 409 names what does."""
    source = load(session, Source, member.review_id, number)
    require_change(member.role, member.user.id, source.created_by)
    require_version(if_match, source.version)
    delete_source(session, source)


@router.get("/studies", response_model=Page[StudyRead])
def list_studies(
    member: Reading, session: SessionDep, wish: Annotated[PageWish, Query()]
) -> Slice[Study]:
    """List the studies that sources report, by number."""
    return paginate(session, select_studies(member.review_id), Study.id, wish)
