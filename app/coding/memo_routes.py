"""The API of memos."""

from typing import Annotated

from fastapi import APIRouter, Query, Response, status

from app.access.identity import Changing, Coding, IdPath, IfMatch, Reading, require_version, tag
from app.access.policy import require_change
from app.access.replay import Replayable, ReplayingRoute
from app.coding.memos import add_memo, change_memo, delete_memo, select_memos
from app.coding.models import Memo
from app.coding.schemas import MemoCreate, MemoFilter, MemoRead, MemoUpdate
from app.db import Page, SessionDep, Slice, paginate
from app.history.reading import load

router = APIRouter(
    prefix="/api/v1/reviews/{slug}/memos",
    tags=["memos"],
    dependencies=[Replayable],
    route_class=ReplayingRoute,
)


@router.get("", response_model=Page[MemoRead])
def list_memos(
    member: Reading, session: SessionDep, wish: Annotated[MemoFilter, Query()]
) -> Slice[Memo]:
    """List the memos that fit, by number."""
    return paginate(session, select_memos(member.review_id, wish), Memo.id, wish)


@router.post("", response_model=MemoRead, status_code=status.HTTP_201_CREATED)
def create_memo(body: MemoCreate, member: Coding, session: SessionDep, response: Response) -> Memo:
    """Add a memo on something, or on the review as a whole."""
    memo = add_memo(session, member, body)
    tag(response, memo.version)
    return memo


@router.get("/{number}", response_model=MemoRead)
def read_memo(number: IdPath, member: Reading, session: SessionDep, response: Response) -> Memo:
    """Read a memo."""
    memo = load(session, Memo, member.review_id, number)
    tag(response, memo.version)
    return memo


@router.patch("/{number}", response_model=MemoRead)
def update_memo(
    number: IdPath,
    body: MemoUpdate,
    member: Changing,
    session: SessionDep,
    response: Response,
    if_match: IfMatch = None,
) -> Memo:
    """Change kind or text of a memo."""
    memo = load(session, Memo, member.review_id, number)
    require_change(member.role, member.user.id, memo.created_by)
    require_version(if_match, memo.version)
    change_memo(session, memo, body)
    tag(response, memo.version)
    return memo


@router.delete("/{number}", status_code=status.HTTP_204_NO_CONTENT)
def remove_memo(
    number: IdPath, member: Changing, session: SessionDep, if_match: IfMatch = None
) -> None:
    """Delete a memo no proposition rests on."""
    memo = load(session, Memo, member.review_id, number)
    require_change(member.role, member.user.id, memo.created_by)
    require_version(if_match, memo.version)
    delete_memo(session, memo)
