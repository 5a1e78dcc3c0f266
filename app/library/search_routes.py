"""The API of searches; importing into one stands with the readers of files."""

from typing import Annotated

from fastapi import APIRouter, Query, Response, status

from app.access.identity import IdPath, IfMatch, Importing, Reading, require_version, tag
from app.access.replay import Replayable, ReplayingRoute
from app.db import Page, PageWish, SessionDep, Slice, cut, paginate
from app.history.reading import load
from app.library.models import Source
from app.library.search_models import Search, SearchFile, SearchHit
from app.library.search_schemas import (
    HitRead,
    SearchCreate,
    SearchFileRead,
    SearchFilter,
    SearchRead,
    SearchUpdate,
)
from app.library.searches import (
    add_search,
    change_search,
    delete_search,
    described,
    hits_of,
    select_files,
    select_searches,
)

router = APIRouter(
    prefix="/api/v1/reviews/{slug}",
    tags=["searches"],
    dependencies=[Replayable],
    route_class=ReplayingRoute,
)


@router.get("/searches")
def list_searches(
    member: Reading, session: SessionDep, wish: Annotated[SearchFilter, Query()]
) -> Page[SearchRead]:
    """List the searches that fit, by number, with how many sources each brought."""
    found = paginate(session, select_searches(member.review_id, wish), Search.id, wish)
    items = described(session, found.items)
    return Page(items=items, next=found.next, total=found.total)


@router.post("/searches", status_code=status.HTTP_201_CREATED)
def create_search(
    body: SearchCreate, member: Importing, session: SessionDep, response: Response
) -> SearchRead:
    """Write a search down: where, when, how and why was looked."""
    search = add_search(session, member, body)
    tag(response, search.version)
    return described(session, [search])[0]


@router.get("/searches/{number}")
def read_search(
    number: IdPath, member: Reading, session: SessionDep, response: Response
) -> SearchRead:
    """Read a search."""
    search = load(session, Search, member.review_id, number)
    tag(response, search.version)
    return described(session, [search])[0]


@router.patch("/searches/{number}")
def update_search(
    number: IdPath,
    body: SearchUpdate,
    member: Importing,
    session: SessionDep,
    response: Response,
    if_match: IfMatch = None,
) -> SearchRead:
    """Change a search."""
    search = load(session, Search, member.review_id, number)
    require_version(if_match, search.version)
    change_search(session, search, body)
    tag(response, search.version)
    return described(session, [search])[0]


@router.delete("/searches/{number}", status_code=status.HTTP_204_NO_CONTENT)
def remove_search(
    number: IdPath, member: Importing, session: SessionDep, if_match: IfMatch = None
) -> None:
    """Delete a search that brought nothing; undo its imports first."""
    search = load(session, Search, member.review_id, number)
    require_version(if_match, search.version)
    delete_search(session, search)


@router.get("/searches/{number}/imports", response_model=Page[SearchFileRead])
def list_imports(
    number: IdPath, member: Reading, session: SessionDep, wish: Annotated[PageWish, Query()]
) -> Slice[SearchFile]:
    """List the files imported into a search, each with the records it could not give."""
    search = load(session, Search, member.review_id, number)
    return paginate(session, select_files(member.review_id, search.id), SearchFile.n, wish)


@router.get("/sources/{number}/hits", response_model=Page[HitRead])
def list_hits(
    number: IdPath, member: Reading, session: SessionDep, wish: Annotated[PageWish, Query()]
) -> Slice[SearchHit]:
    """List the records a source was: which search and file, and the text as it stood there."""
    source = load(session, Source, member.review_id, number)
    return cut(session, hits_of(session, member.review_id, source.id), wish)
