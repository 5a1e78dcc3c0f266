"""Saved views as a page: every question kept under a name, to open, rename or delete."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from app.access.identity import Reading
from app.access.policy import Right, may
from app.db import SessionDep
from app.export.questions import QUESTIONS
from app.theory.views import read_view, views_by_title
from app.web.framing import in_review
from app.web.history_pages import names_of

router = APIRouter(prefix="/reviews/{slug}", include_in_schema=False)


@router.get("/views")
def list_views(member: Reading, session: SessionDep) -> HTMLResponse:
    """List the saved views by title."""
    views = [
        read_view(view, QUESTIONS, "", member.review.slug)
        for view in session.scalars(views_by_title(member.review_id))
    ]
    mine = may(member.role, Right.CHANGE_OWN)
    anybodys = may(member.role, Right.CHANGE_ANY)
    return in_review(
        session,
        member,
        "views.html",
        "views",
        views=views,
        names=names_of(session, [view.created_by for view in views]),
        changeable={
            view.slug for view in views if anybodys or (mine and view.created_by == member.user.id)
        },
    )
