"""The API of jobs: long work that was asked for, how far it is, how it ended."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.access.identity import IdPath, PrincipalDep, Reading
from app.access.replay import ReplayingRoute
from app.access.schemas import JobRead
from app.db import Page, PageWish, SessionDep, Slice, paginate
from app.jobs.models import Job
from app.jobs.running import find_job, select_jobs, select_jobs_of_review

router = APIRouter(prefix="/api/v1", tags=["jobs"], route_class=ReplayingRoute)


@router.get("/jobs", response_model=Page[JobRead])
def list_jobs(
    principal: PrincipalDep, session: SessionDep, wish: Annotated[PageWish, Query()]
) -> Slice[Job]:
    """List one's own jobs, oldest first."""
    return paginate(session, select_jobs(principal.user.id), Job.id, wish)


@router.get("/jobs/{number}", response_model=JobRead)
def read_job(number: IdPath, principal: PrincipalDep, session: SessionDep) -> Job:
    """Read one of one's own jobs."""
    return find_job(session, principal.user.id, number)


@router.get("/reviews/{slug}/jobs", response_model=Page[JobRead])
def list_jobs_of_review(
    member: Reading, session: SessionDep, wish: Annotated[PageWish, Query()]
) -> Slice[Job]:
    """List the jobs about a review, whoever asked for them, oldest first."""
    return paginate(session, select_jobs_of_review(member.review_id), Job.id, wish)
