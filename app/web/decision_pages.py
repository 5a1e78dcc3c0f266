"""Decisions made elsewhere as a page: a file is looked at, then its decisions are taken in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.identity import Importing, Member
from app.access.models import Membership, UserAccount
from app.db import SessionDep
from app.exchange.decision_jobs import IMPORT
from app.exchange.decision_notes import Tool
from app.jobs.models import Job, JobStatus
from app.jobs.running import find_job, select_jobs_of_review
from app.library.screening_models import ScreeningVerdict
from app.library.screening_stages import stages_of
from app.web.framing import in_review
from app.web.history_pages import names_of, taken_back
from app.web.import_pages import ImportPageWish
from app.web.wishes import wish_of

router = APIRouter(prefix="/reviews/{slug}", include_in_schema=False)

MOST_BEFORE = 50
MOST_LEFT_OUT = 100
ENDED = {JobStatus.DONE, JobStatus.FAILED}


@dataclass(frozen=True, slots=True)
class Before:
    """A file of decisions that was taken in earlier, and the step that took it back, if any."""

    job: Job
    file_name: str
    result: dict[str, Any]
    undone: int | None


@router.get("/screening/elsewhere")
def show_elsewhere(
    member: Importing,
    session: SessionDep,
    wish: Annotated[ImportPageWish, Depends(wish_of(ImportPageWish))],
) -> HTMLResponse:
    """Offer to look at a file of Rayyan or Covidence; show the look at it, or what came in."""
    stages = [s for s in stages_of(session, member.review_id) if not s.is_skipped]
    job = find_job(session, member.user.id, wish.job) if wish.job else None
    if job and (job.kind != IMPORT or job.wish["slug"] != member.review.slug):
        job = None
    is_ended = job is not None and job.status in ENDED
    before = _before(session, member.review_id)
    return in_review(
        session,
        member,
        "screening_elsewhere.html",
        "screening",
        stages=[(stage.id, stage.name) for stage in stages],
        tools=list(Tool),
        verdicts=list(ScreeningVerdict),
        members=_members(session, member),
        job=job,
        asked=job.wish["wish"] if job else {},
        is_preview=bool(job and is_ended and job.wish["wish"]["preview"]),
        result=(job.result if job else None) or {},
        most=MOST_LEFT_OUT,
        before=before,
        names=names_of(session, [one.job.user_id for one in before]),
    )


def _members(session: Session, member: Member) -> Sequence[tuple[int, str]]:
    """Return the members who may be meant by a name of a file, by name."""
    rows = session.execute(
        select(UserAccount.id, UserAccount.name)
        .join(Membership, Membership.user_id == UserAccount.id)
        .where(Membership.review_id == member.review_id, UserAccount.email.is_not(None))
        .order_by(UserAccount.name, UserAccount.id)
    )
    return [(number, name) for number, name in rows]


def _before(session: Session, review_id: int) -> list[Before]:
    """Return what was taken in on this page and changed something, the newest first."""
    done = select_jobs_of_review(review_id).where(Job.kind == IMPORT, Job.status == JobStatus.DONE)
    jobs = session.scalars(done.order_by(Job.id.desc()).limit(MOST_BEFORE)).all()
    told = [(job, job.result) for job in jobs if job.result and job.result.get("change_set")]
    undone = taken_back(session, review_id, [result["change_set"] for _, result in told])
    return [
        Before(job, job.wish["wish"]["file_name"], result, undone.get(result["change_set"]))
        for job, result in told
    ]
