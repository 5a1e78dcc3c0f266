"""The home of a review: where it stands, what changed lately, what to do next; and its jobs."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from app.access.identity import Reading
from app.access.models import UserAccount
from app.access.policy import Right, may
from app.db import SessionDep
from app.export.questions import QUESTIONS
from app.history.models import ChangeSet
from app.history.reading import HistoryFilter, select_change_sets
from app.history.summary import what_changed
from app.theory.views import read_view, views_by_title
from app.web.framing import in_review
from app.web.jobs_told import jobs_of_review
from app.web.next_steps import next_steps, open_things
from app.web.overview import figures, screened

router = APIRouter(prefix="/reviews/{slug}", include_in_schema=False)

MOST_CHANGES = 6
MOST_VIEWS = 8


@router.get("")
def show_review(member: Reading, session: SessionDep) -> HTMLResponse:
    """Show where a review stands, what changed lately and what lacks first."""
    counted = figures(session, member.review_id)
    screening = screened(session, member)
    newest = select_change_sets(member.review_id, HistoryFilter()).order_by(ChangeSet.id.desc())
    named = newest.outerjoin(UserAccount, UserAccount.id == ChangeSet.actor_id)
    lately = session.execute(named.add_columns(UserAccount.name).limit(MOST_CHANGES)).all()
    views = session.scalars(views_by_title(member.review_id).limit(MOST_VIEWS))
    return in_review(
        session,
        member,
        "review.html",
        "home",
        held=counted.held,
        figures=counted,
        screening=screening,
        steps=next_steps(member, counted, screening if counted.stages else None),
        open=open_things(counted, screening),
        may_code=may(member.role, Right.CODE),
        changes=lately,
        what=what_changed(session, member.review_id, [change for change, _ in lately]),
        views=[read_view(view, QUESTIONS, "", member.review.slug) for view in views],
        jobs=jobs_of_review(session, member.review_id, lately=True),
    )


@router.get("/jobs")
def show_jobs(member: Reading, session: SessionDep) -> HTMLResponse:
    """Show the jobs about a review: those that run with how far they are, then those that ended."""
    return in_review(
        session,
        member,
        "jobs.html",
        "home",
        jobs=jobs_of_review(session, member.review_id, lately=True),
        every=jobs_of_review(session, member.review_id),
    )
