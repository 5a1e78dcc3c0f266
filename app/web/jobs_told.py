"""Long work as pages tell of it: what it is, how far, what came of it, where it leads."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.orm import Session

from app.access.models import Review, UserAccount
from app.db import now
from app.jobs.models import Job, JobStatus
from app.jobs.running import select_jobs, select_jobs_of_review

GOING = (JobStatus.WAITING, JobStatus.RUNNING)
LATELY = timedelta(hours=1)
MOST = 50


def _(words: str) -> str:
    """Mark words for the catalogue; they are looked up where they are shown."""
    return words


def ngettext(one: str, many: str) -> tuple[str, str]:
    """Mark words for one and for many for the catalogue."""
    return one, many


KIND_WORDS = {
    "archive_check": _("Looking into an archive"),
    "archive_import": _("Letting an archive in"),
    "reference_import": _("Importing references"),
    "decision_import": _("Taking decisions in"),
    "duplicates": _("Looking for duplicates"),
}
PREVIEW_WORDS = {
    "reference_import": (_("Looking at references"), _("Looked at references")),
    "decision_import": (_("Looking at decisions"), _("Looked at decisions")),
}
"""Of what is only looked at: while it goes on, and when it is done."""
COUNT_WORDS = {
    "records": ngettext("record", "records"),
    "matched": ngettext("matched to a source", "matched to a source"),
    "added": ngettext("added", "added"),
    "changed": ngettext("changed", "changed"),
    "repeated": ngettext("twice in the file", "twice in the file"),
    "known": ngettext("known before", "known before"),
    "bad": ngettext("could not be read", "could not be read"),
    "compared": ngettext("source compared", "sources compared"),
    "merged": ngettext("merged", "merged"),
    "suggested": ngettext("pair new in the queue", "pairs new in the queue"),
    "waiting": ngettext("pair waiting", "pairs waiting"),
}
COUNT_WORDS_OF_PREVIEWS = COUNT_WORDS | {
    "added": ngettext("would be added", "would be added"),
    "changed": ngettext("would be changed", "would be changed"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One job, ready to be shown."""

    id: int
    kind: str
    name: str
    status: JobStatus
    stage: str | None
    done: int
    total: int | None
    by: str
    by_id: int
    review: str | None
    """The slug of the review it is about."""
    at: datetime
    is_preview: bool
    """It only looks: nothing is written."""
    counts: list[tuple[tuple[str, str], int]]
    """What came of it: words for one and for many, and how many."""
    problem: str | None
    wish: dict[str, Any]
    result: dict[str, Any]

    @property
    def is_going(self) -> bool:
        """Say whether it waits or runs."""
        return self.status in GOING


def jobs_of_review(session: Session, review_id: int, *, lately: bool = False) -> list[Told]:
    """Return the jobs about a review, newest first; lately: that go on or ended in this hour."""
    return list(_tell(session, _recent(select_jobs_of_review(review_id), lately=lately)))


def jobs_of_user(session: Session, user_id: int, *, lately: bool = False) -> list[Told]:
    """Return a person's own jobs, newest first."""
    return list(_tell(session, _recent(select_jobs(user_id), lately=lately)))


def told_of(session: Session, job: Job) -> Told:
    """Tell of one job."""
    [told] = _tell(session, select(Job).where(Job.id == job.id))
    return told


def _recent(jobs: Select[Job], *, lately: bool) -> Select[Job]:
    if lately:
        jobs = jobs.where(or_(Job.status.in_(GOING), Job.finished_at > now() - LATELY))
    return jobs.order_by(Job.id.desc()).limit(MOST)


def _tell(session: Session, jobs: Select[Job]) -> Iterator[Told]:
    named = (
        jobs.join(UserAccount, UserAccount.id == Job.user_id)
        .outerjoin(Review, Review.id == Job.review_id)
        .add_columns(UserAccount.name, Review.slug)
    )
    rows: Iterable[Row[Job, str, str]] = session.execute(named).all()
    for job, name, slug in rows:
        result = job.result or {}
        is_preview = _is_preview(job)
        yield Told(
            id=job.id,
            kind=job.kind,
            name=_name(job),
            status=job.status,
            stage=job.stage,
            done=job.done,
            total=job.total,
            by=name,
            by_id=job.user_id,
            review=slug,
            at=job.finished_at or job.started_at or job.created_at,
            is_preview=is_preview,
            counts=[
                (words, result[key])
                for key, words in (COUNT_WORDS_OF_PREVIEWS if is_preview else COUNT_WORDS).items()
                if isinstance(result.get(key), int) and result[key]
            ],
            problem=job.problem.get("detail") if job.problem else None,
            wish=job.wish,
            result=result,
        )


def _is_preview(job: Job) -> bool:
    return job.kind in PREVIEW_WORDS and bool(job.wish.get("wish", {}).get("preview"))


def _name(job: Job) -> str:
    if _is_preview(job):
        return PREVIEW_WORDS[job.kind][job.status == JobStatus.DONE]
    return KIND_WORDS.get(job.kind, job.kind.replace("_", " "))
