"""Jobs from asking to the end: claimed by one process, heard from while they run, ended once.

What is done for a kind of job is registered by the packages that know how. A job ends *in the
transaction that writes what it does*: either both are there or neither, whenever the power goes. A
job whose heart stopped is marked interrupted and is not taken up again by itself, since nothing
of it was written; whoever asked can ask again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import CursorResult, Select, or_, select, update
from sqlalchemy.orm import Session

from app.config import Settings
from app.db import Sessions, begin_writing, now
from app.errors import AppError, ConflictError, NotFoundError, UnexpectedError
from app.jobs.models import Job, JobStatus

STALE = timedelta(seconds=60)
"""Without a heartbeat for so long a job counts as interrupted."""
TOLD_EVERY = timedelta(milliseconds=500)
"""Progress is written at most so often."""


@dataclass
class Task:
    """A job that runs: what was asked for, and ways to tell how far it is and that it is done."""

    id: int
    kind: str
    user_id: int
    wish: dict[str, Any]
    owner: str
    sessions: Sessions
    settings: Settings

    def __post_init__(self) -> None:
        self._told = now() - TOLD_EVERY
        self._stage = ""

    def tell(self, stage: str, done: int, total: int | None) -> None:
        """Write how far it is, seldom enough; never called while the job's own writing is open."""
        if stage == self._stage and now() - self._told < TOLD_EVERY:
            return
        self._stage, self._told = stage, now()
        self._set(stage=stage, done=done, total=total, heartbeat_at=now())

    def beat(self) -> None:
        """Say that it is alive."""
        self._set(heartbeat_at=now())

    def finish(
        self, session: Session, result: dict[str, Any], review_id: int | None = None
    ) -> None:
        """End the job within the transaction that writes what it did.

        Raises `ConflictError` when somebody gave it up meanwhile: then nothing may be written.
        """
        values = {"status": JobStatus.DONE, "result": result, "finished_at": now()}
        about = {"review_id": review_id} if review_id else {}
        if not _change(session, self, **values, **about):
            raise ConflictError("This job was given up meanwhile; nothing was written. Ask again.")

    def fail(self, error: AppError) -> None:
        """End the job with a problem."""
        self._set(status=JobStatus.FAILED, problem=error.problem(), finished_at=now())

    def _set(self, **values: Any) -> None:
        with self.sessions() as session:
            begin_writing(session)
            _change(session, self, **values)
            session.commit()


KINDS: dict[str, Callable[[Task], None]] = {}
"""What does the work, by kind of job; each ends with `Task.finish`."""


def _change(session: Session, task: Task, **values: Any) -> bool:
    mine = (Job.id == task.id, Job.owner == task.owner, Job.status == JobStatus.RUNNING)
    return _count(session, update(Job).where(*mine).values(**values)) == 1


def _count(session: Session, statement: Any) -> int:
    found = session.execute(statement.execution_options(synchronize_session=False))
    return found.rowcount if isinstance(found, CursorResult) else 0


def add_job(
    session: Session, kind: str, user_id: int, wish: dict[str, Any], review_id: int | None = None
) -> Job:
    """Ask for a job, about a review if there is one; a worker takes it up."""
    job = Job(kind=kind, user_id=user_id, wish=wish, review_id=review_id)
    session.add(job)
    session.flush()
    return job


def select_jobs(user_id: int) -> Select[Job]:
    """Select a person's own jobs; the caller orders and pages them."""
    return select(Job).where(Job.user_id == user_id)


def select_jobs_of_review(review_id: int) -> Select[Job]:
    """Select the jobs about a review, whoever asked; the caller orders and pages them."""
    return select(Job).where(Job.review_id == review_id)


def find_job(session: Session, user_id: int, number: int) -> Job:
    """Return one of a person's own jobs, or say that there is none."""
    found = session.get(Job, number)
    if found is None or found.user_id != user_id:
        raise NotFoundError("You have no such job.")
    return found


def claim_job(sessions: Sessions, settings: Settings, owner: str) -> Task | None:
    """Take the job that waits longest, so that no other process takes it."""
    with sessions() as session:
        waiting = select(Job.id).where(Job.status == JobStatus.WAITING, Job.kind.in_(KINDS))
        number = session.scalar(waiting.order_by(Job.id).limit(1))
    if number is None:
        return None
    with sessions() as session:
        begin_writing(session)
        free = (Job.id == number, Job.status == JobStatus.WAITING)
        values = {"status": JobStatus.RUNNING, "owner": owner}
        claim = update(Job).where(*free).values(**values, started_at=now(), heartbeat_at=now())
        taken = _count(session, claim)
        job = session.get_one(Job, number)
        session.commit()
    return (
        Task(number, job.kind, job.user_id, job.wish, owner, sessions, settings) if taken else None
    )


def mark_interrupted(sessions: Sessions) -> int:
    """Mark the running jobs whose heart stopped beating; return how many there were."""
    stale = or_(Job.heartbeat_at.is_(None), Job.heartbeat_at < now() - STALE)
    dead = (Job.status == JobStatus.RUNNING, stale)
    with sessions() as session:
        if session.scalar(select(Job.id).where(*dead).limit(1)) is None:
            return 0
    with sessions() as session:
        begin_writing(session)
        ended = {"status": JobStatus.INTERRUPTED, "finished_at": now()}
        count = _count(session, update(Job).where(*dead).values(**ended))
        session.commit()
    return count


def run(task: Task) -> None:
    """Do the work of a job and end it, whatever happens."""
    try:
        KINDS[task.kind](task)
    except AppError as error:
        task.fail(error)
    except Exception as error:
        task.fail(UnexpectedError("Something went wrong on our side; the logs say what."))
        raise RuntimeError(f"job {task.id} ({task.kind}) failed") from error
