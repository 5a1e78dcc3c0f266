"""What ties configurations together, as pages: links and memos."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from app.access.identity import Reading
from app.coding.memos import select_memos
from app.coding.models import Memo, MemoKind
from app.coding.schemas import MemoFilter
from app.db import SessionDep, paginate
from app.theory.link_models import ConfigurationLink
from app.theory.link_schemas import LinkFilter
from app.theory.links import read_links, select_links
from app.theory.queries import summaries
from app.theory.vocabulary import LinkKind
from app.web.contents import labels
from app.web.framing import in_review
from app.web.history_pages import names_of
from app.web.wishes import address, given, wish_of

router = APIRouter(prefix="/reviews/{slug}", include_in_schema=False)


@router.get("/links")
def list_links(
    request: Request,
    member: Reading,
    session: SessionDep,
    wish: Annotated[LinkFilter, Depends(wish_of(LinkFilter))],
) -> HTMLResponse:
    """List the links people asserted between configurations, with the words behind them."""
    found = paginate(session, select_links(member.review_id, wish), ConfigurationLink.id, wish)
    ends = {end for link in found.items for end in (link.from_id, link.to_id) if end}
    known = summaries(session, member.review_id, sorted(ends))
    return in_review(
        session,
        member,
        "links.html",
        "links",
        wish=wish,
        kinds=list(LinkKind),
        links=read_links(session, found.items),
        ends={row["id"]: row["title"] or row["statement"] for row in known},
        names=labels(session, member.review_id, [link.moderator_id for link in found.items]),
        next=address(given(request), after=found.next) if found.next else None,
    )


@router.get("/memos")
def list_memos(
    request: Request,
    member: Reading,
    session: SessionDep,
    wish: Annotated[MemoFilter, Depends(wish_of(MemoFilter))],
) -> HTMLResponse:
    """List the memos that fit, in the order of their numbers."""
    found = paginate(session, select_memos(member.review_id, wish), Memo.id, wish)
    return in_review(
        session,
        member,
        "memos.html",
        "memos",
        wish=wish,
        kinds=list(MemoKind),
        memos=found.items,
        names=names_of(session, [memo.created_by for memo in found.items]),
        next=address(given(request), after=found.next) if found.next else None,
    )
