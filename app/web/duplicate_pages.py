"""Duplicates as pages: one pair side by side, what was decided, and looking for more."""

import re
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from app.access.identity import Member, Reading
from app.access.policy import Right, may
from app.db import Id, Schema, SessionDep
from app.jobs.running import find_job
from app.library.duplicate_jobs import FIND
from app.library.duplicate_models import PairState
from app.library.duplicate_queue import described_pairs, find_pair, pair_page
from app.library.duplicate_schemas import PairFilter, PairRead
from app.web.duplicate_contents import counts_of_pairs, lines_of
from app.web.framing import in_review
from app.web.history_pages import names_of
from app.web.wishes import address, given, wish_of

router = APIRouter(prefix="/reviews/{slug}", include_in_schema=False)

DECIDED_AT_ONCE = 30
PAIR = re.compile(r"(\d{1,9}):(\d{1,9})")


class QueueWish(Schema):
    """Which pair is wanted: a certain one, or the next after those put off."""

    after: str | None = None
    one: Id | None = None
    other: Id | None = None
    """With `one`: this very pair, whatever was decided of it."""
    last: str | None = None
    """The pair decided just now, `7:12`."""
    job: Id | None = None


@router.get("/duplicates")
def show_queue(
    member: Reading,
    session: SessionDep,
    wish: Annotated[QueueWish, Depends(wish_of(QueueWish))],
) -> HTMLResponse:
    """Show the surest pair that waits, side by side with its differences."""
    following = None
    if wish.one and wish.other:
        found = [find_pair(session, member.review_id, wish.one, wish.other)]
        pairs = described_pairs(session, member.review_id, found)
    else:
        asked = PairFilter.model_validate({"after": wish.after, "limit": 1})
        page = pair_page(session, member.review_id, asked)
        pairs, following = page.items, page.next
    pair: PairRead | None = pairs[0] if pairs else None
    last = _numbers(wish.last)
    return in_review(
        session,
        member,
        "duplicates.html",
        "duplicates",
        pair=pair,
        lines=lines_of(pair) if pair else [],
        counts_by_state=counts_of_pairs(session, member.review_id),
        wish=wish,
        last=find_pair(session, member.review_id, *last) if last else None,
        later=address([], after=following) if following else None,
        here=address([], after=wish.after),
        job=_job(session, member, wish.job),
        may_decide=may(member.role, Right.CHANGE_ANY),
    )


def _numbers(typed: str | None) -> tuple[int, int] | None:
    found = PAIR.fullmatch(typed or "")
    return (int(found[1]), int(found[2])) if found else None


def _job(session: SessionDep, member: Member, number: int | None) -> Any:
    job = find_job(session, member.user.id, number) if number else None
    return job if job and job.kind == FIND and job.wish["review"] == member.review.slug else None


@router.get("/duplicates/decided")
def list_decided(
    request: Request,
    member: Reading,
    session: SessionDep,
    wish: Annotated[PairFilter, Depends(wish_of(PairFilter))],
) -> HTMLResponse:
    """List the pairs that were merged, or kept apart, by whom and why."""
    state = PairState.APART if wish.state is PairState.APART else PairState.MERGED
    asked = wish.model_copy(update={"state": state, "limit": DECIDED_AT_ONCE})
    page = pair_page(session, member.review_id, asked)
    return in_review(
        session,
        member,
        "duplicates_decided.html",
        "duplicates",
        state=state,
        pairs=page.items,
        next=address(given(request), after=page.next) if page.next else None,
        names=names_of(session, [pair.decided_by for pair in page.items]),
        counts_by_state=counts_of_pairs(session, member.review_id),
        may_decide=may(member.role, Right.CHANGE_ANY),
    )
