"""Search as a page: a number goes straight to its thing, words give hits with what matched."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from app.access.identity import Reading
from app.db import SessionDep
from app.errors import QueryProblemError
from app.fulltext.finding import find
from app.fulltext.models import TextKind
from app.fulltext.query import MOST_CHARACTERS
from app.fulltext.schemas import FindWish, Hit, SearchAnswer
from app.web.framing import in_review
from app.web.rendering import thing_url
from app.web.wishes import address, given, wish_of

router = APIRouter(prefix="/reviews/{slug}", include_in_schema=False)


class SearchPageWish(FindWish):
    """What the page asks: without words it asks nothing yet and shows how to search."""

    q: str = ""


@router.get("/search")
def show_search(
    request: Request,
    member: Reading,
    session: SessionDep,
    wish: Annotated[SearchPageWish, Depends(wish_of(SearchPageWish))],
) -> Response:
    """Show what was found, or what in the query cannot be read, or how to search."""
    slug, typed = member.review.slug, wish.q.strip()
    found: SearchAnswer | None = None
    problem: QueryProblemError | None = None
    if typed:
        try:
            found = find(session, member.review, wish)
        except QueryProblemError as error:
            problem = error
    if found and found.named and (page := thing_url(slug, found.named.thing)):
        return RedirectResponse(page, status_code=303)
    query = given(request)
    return in_review(
        session,
        member,
        "search.html",
        "search",
        typed=wish.q[:MOST_CHARACTERS],
        found=found,
        problem=problem,
        hits=[(hit, _page_of(slug, hit)) for hit in found.items] if found else [],
        only=_only(query, typed, found) if found else [],
        next=address(query, after=found.next) if found and found.next else None,
        json=address(query),
    )


def _page_of(slug: str, hit: Hit) -> str:
    """Return where a hit is shown: a passage where its text is, in the document itself."""
    page = thing_url(slug, hit.thing) or hit.url
    return page if hit.start is None else f"{page}?at={hit.start}"


def _only(query: Any, typed: str, found: SearchAnswer) -> list[tuple[str, int, bool, str]]:
    """Return name and count of each kind, whether there are more, and the address of it alone."""
    return [
        (
            TextKind(count.kind).name.lower(),
            count.count,
            count.has_more,
            address(query, q=f"{typed} kind:{count.name}", after=None),
        )
        for count in found.counts
    ]
