"""Files that wait in the staging folder for the job that reads them.

One that was only previewed stays there for a day, so that it can be taken in without sending it
again.
"""

from pathlib import Path
from typing import Any
from uuid import uuid4

from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.access.identity import Member, Principal, find_membership
from app.access.models import UserAccount
from app.access.policy import Right, require
from app.config import Settings
from app.errors import GoneError, NotFoundError, UnauthenticatedError
from app.history.models import Inference
from app.history.recording import ledger
from app.jobs.models import Job
from app.jobs.running import Task, add_job, find_job


def ask_with_file(
    session: Session, member: Member, kind: str, content: bytes, settings: Settings, **asked: Any
) -> Job:
    """Keep a file aside and ask for a job that reads it; what is asked has its `wish` as JSON."""
    settings.staging_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    upload, why = uuid4().hex, ledger(session)
    _path(settings, upload).write_bytes(content)
    signed = {
        "upload": upload,
        "slug": member.review.slug,
        "reason": why.reason,
        "inference": why.inference.value if why.inference else None,
    }
    return add_job(session, kind, member.user.id, signed | asked, member.review_id)


def previewed(
    session: Session, member: Member, kind: str, number: int, settings: Settings
) -> bytes:
    """Return the file that a job of one's own previewed in this review, while it is kept."""
    job = find_job(session, member.user.id, number)
    is_preview = job.kind == kind and job.wish["wish"]["preview"]
    if not is_preview or job.wish["slug"] != member.review.slug:
        raise NotFoundError(f"Job {number} previewed no file of this kind for this review.")
    path = _path(settings, job.wish["upload"])
    if not path.is_file():
        raise NotFoundError("The file is gone: it was kept for a day. Send it again.")
    return path.read_bytes()


def waiting_file(task: Task) -> Path:
    """Return where the file of a job lies, or say that it is gone."""
    path = _path(task.settings, task.wish["upload"])
    if not path.is_file():
        raise NotFoundError("The file is gone: it was imported, or is too old. Send it again.")
    return path


def _path(settings: Settings, upload: str) -> Path:
    return settings.staging_dir / f"{upload}.references"


def who_asked(session: Session, task: Task, *, writing: bool) -> Member:
    """Return who asked as a member with the right to import still, and sign the history."""
    user = session.get_one(UserAccount, task.user_id)
    if not user.is_active:
        raise UnauthenticatedError("Whoever asked for this can no longer sign in.")
    slug = task.wish["slug"]
    review, role = find_membership(session, Principal(user, None), slug, writing=writing)
    require(role, Right.IMPORT)
    if review.deleted_at:
        raise GoneError(f"The review {slug} was deleted meanwhile.")
    book = ledger(session)
    book.actor_id, book.reason = user.id, task.wish["reason"]
    inference = task.wish["inference"]
    book.inference = Inference(inference) if inference else None
    return Member(review, user, role)


def end_job(task: Task, session: Session, answer: BaseModel, review_id: int) -> None:
    """End a job with what the operation would have answered, in the transaction of its writing."""
    task.finish(session, answer.model_dump(mode="json"), review_id)
    session.commit()
