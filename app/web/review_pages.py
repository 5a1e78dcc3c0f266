"""The questions one asks of a review, as pages: where it starts."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from app.access.identity import Reading
from app.db import SessionDep
from app.theory.views import read_view, views_by_title
from app.web.framing import in_review
from app.web.questions import QUESTIONS

router = APIRouter(prefix="/reviews/{slug}", include_in_schema=False)


@router.get("")
def show_review(member: Reading, session: SessionDep) -> HTMLResponse:
    """Show what a review asks and holds, and where to go on."""
    views = [
        read_view(view, QUESTIONS, "", member.review.slug)
        for view in session.scalars(views_by_title(member.review_id))
    ]
    return in_review(session, member, "review.html", "home", views=views)
