"""Links between configurations as pages: the list, one of them with its verdicts, a new one."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from app.access.identity import IdPath, Member, Reading
from app.access.policy import Right, may
from app.db import Id, Schema, SessionDep, now, paginate
from app.history.reading import load
from app.theory.link_models import ConfigurationLink
from app.theory.link_schemas import LinkFilter, LinkRead
from app.theory.links import read_link, read_links, select_links
from app.theory.vocabulary import Basis, Effect, LinkKind, Stance, Verdict
from app.web.beside import may_change, memos_on
from app.web.contents import labels, titles_of
from app.web.filtering import chips
from app.web.framing import in_review
from app.web.history_pages import names_of
from app.web.wishes import address, given, wish_of

router = APIRouter(prefix="/reviews/{slug}/links", include_in_schema=False)

FORM_FIELDS = {"kind", "was_suggested", "after"}


class NewLinkWish(Schema):
    """Where a new link starts or leads to, when one comes from there, and of which kind it is."""

    from_id: Id | None = None
    to_id: Id | None = None
    to_link_id: Id | None = None
    kind: LinkKind | None = None


def _ends(session: Session, member: Member, links: list[LinkRead]) -> dict[int, str]:
    ends = {end for link in links for end in (link.from_id, link.to_id) if end}
    return titles_of(session, member.review_id, ends)


@router.get("")
def list_links(
    request: Request,
    member: Reading,
    session: SessionDep,
    wish: Annotated[LinkFilter, Depends(wish_of(LinkFilter))],
) -> HTMLResponse:
    """List the links people asserted between configurations, with the words behind them."""
    query = given(request)
    wish = wish.model_copy(update={"count": True})
    found = paginate(session, select_links(member.review_id, wish), ConfigurationLink.id, wish)
    links = read_links(session, found.items)
    return in_review(
        session,
        member,
        "links.html",
        "links",
        wish=wish,
        kinds=list(LinkKind),
        links=links,
        total=found.total or 0,
        ends=_ends(session, member, links),
        names=labels(session, member.review_id, [link.moderator_id for link in links]),
        active=chips(query),
        kept=[pair for pair in query if pair[0] not in FORM_FIELDS],
        next=address(query, after=found.next) if found.next else None,
        may_code=may(member.role, Right.CODE),
    )


@router.get("/new")
def show_new_link(
    member: Reading,
    session: SessionDep,
    wish: Annotated[NewLinkWish, Depends(wish_of(NewLinkWish))],
) -> HTMLResponse:
    """Show the form that asserts a link."""
    ends = [end for end in (wish.from_id, wish.to_id) if end]
    return in_review(
        session,
        member,
        "new_link.html",
        "links",
        wish=wish,
        kinds=list(LinkKind),
        effects=list(Effect),
        ends=titles_of(session, member.review_id, ends),
        may_code=may(member.role, Right.CODE),
    )


@router.get("/{number:int}")
def show_link(number: IdPath, member: Reading, session: SessionDep) -> HTMLResponse:
    """Show a link: its ends, the words behind it, what people judged, and what one may do."""
    row = load(session, ConfigurationLink, member.review_id, number)
    link = read_link(session, row)
    people = [row.created_by, *(verdict.created_by for verdict in link.verdicts)]
    return in_review(
        session,
        member,
        "link.html",
        "links",
        link=link,
        ends=_ends(session, member, [link]),
        names=labels(session, member.review_id, [link.moderator_id]),
        people=names_of(session, people),
        noted=memos_on(session, member.review_id, "L", number),
        verdicts=list(Verdict),
        effects=list(Effect),
        stances=list(Stance),
        bases=list(Basis),
        today=now().date(),
        may_judge=may(member.role, Right.THEORISE),
        may_edit=may_change(member, row.created_by),
        may_code=may(member.role, Right.CODE),
    )
