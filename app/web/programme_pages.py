"""Programme theories as pages."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from app.access.identity import Reading
from app.db import PageWish, SessionDep, paginate
from app.theory.programme_models import Recommendation, Theory
from app.theory.programme_queries import (
    read_recommendations,
    read_theories,
    select_recommendations,
    select_theories,
)
from app.web.framing import in_review
from app.web.wishes import address, given, wish_of

router = APIRouter(prefix="/reviews/{slug}", include_in_schema=False)

MOST_RECOMMENDATIONS = 500


@router.get("/theories")
def list_theories(
    request: Request,
    member: Reading,
    session: SessionDep,
    wish: Annotated[PageWish, Depends(wish_of(PageWish))],
) -> HTMLResponse:
    """Show the programme theories with what each proposition stands on, and recommendations."""
    found = paginate(session, select_theories(member.review_id), Theory.id, wish)
    advice = paginate(
        session,
        select_recommendations(member.review_id),
        Recommendation.id,
        PageWish(limit=MOST_RECOMMENDATIONS),
    )
    return in_review(
        session,
        member,
        "theories.html",
        "theories",
        theories=read_theories(session, found.items),
        recommendations=read_recommendations(session, advice.items),
        next=address(given(request), after=found.next) if found.next else None,
    )
