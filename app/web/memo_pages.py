"""Memos as pages: the stream, newest first, and one of them to be read or edited."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.identity import IdPath, Reading
from app.access.policy import Right, may
from app.coding.memos import select_memos
from app.coding.models import SYNTHESIS_MOVES, Memo
from app.coding.schemas import MemoFilter
from app.db import Id, SessionDep
from app.history.reading import load
from app.web.beside import may_change
from app.web.filtering import chips
from app.web.framing import in_review
from app.web.history_pages import names_of
from app.web.wishes import address, given, wish_of

router = APIRouter(prefix="/reviews/{slug}/memos", include_in_schema=False)

MOST_SHOWN = 40
FORM_FIELDS = {"text", "before", "after"}


class StreamWish(MemoFilter):
    """Filters of the stream; newest first, so a page goes on with what came before."""

    before: Id | None = None


@router.get("")
def list_memos(
    request: Request,
    member: Reading,
    session: SessionDep,
    wish: Annotated[StreamWish, Depends(wish_of(StreamWish))],
) -> HTMLResponse:
    """Show the memos that fit, newest first."""
    query = given(request)
    found = select_memos(member.review_id, wish).order_by(Memo.id.desc())
    if wish.before is not None:
        found = found.where(Memo.id < wish.before)
    rows = session.scalars(found.limit(MOST_SHOWN + 1)).all()
    shown = rows[:MOST_SHOWN]
    return in_review(
        session,
        member,
        "memos.html",
        "memos",
        wish=wish,
        by_kind=_by_kind(session, member.review_id),
        moves=SYNTHESIS_MOVES,
        memos=shown,
        names=names_of(session, [memo.created_by for memo in shown]),
        active=chips(query, {"before"}),
        kept=[pair for pair in query if pair[0] not in FORM_FIELDS],
        next=address(query, before=shown[-1].id) if len(rows) > MOST_SHOWN else None,
        may_write=may(member.role, Right.CODE),
    )


def _by_kind(session: Session, review_id: int) -> dict[str, int]:
    rows = session.execute(
        select(Memo.kind, func.count()).where(Memo.review_id == review_id).group_by(Memo.kind)
    )
    return {row[0].value: row[1] for row in rows}


@router.get("/{number:int}")
def show_memo(number: IdPath, member: Reading, session: SessionDep) -> HTMLResponse:
    """Show one memo, and let who wrote it, or an editor, change it."""
    memo = load(session, Memo, member.review_id, number)
    return in_review(
        session,
        member,
        "memo.html",
        "memos",
        memo=memo,
        names=names_of(session, [memo.created_by]),
        may_edit=may_change(member, memo.created_by),
    )
