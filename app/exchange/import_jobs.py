"""Importing references as a job: read aside while telling how far, then written at once.

The file waits in the staging folder; one that was only previewed stays there for a day, so that it
can be imported without sending it again. It is read, and every record understood, before the
database is locked; what is written is written in one transaction, in which the job ends too, so
that a server that dies in the middle leaves nothing half-done.
"""

import json
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

from sqlalchemy.orm import Session

from app.access.identity import Member, Principal, find_membership
from app.access.models import UserAccount
from app.access.policy import Right, require
from app.config import Settings
from app.db import begin_reading, begin_writing
from app.errors import GoneError, NotFoundError, UnauthenticatedError
from app.exchange.import_schemas import ImportRead, ImportWish
from app.exchange.importing import Reading, import_references, preview_import, read_file, told
from app.exchange.references.record import BadRecord, Found, Record
from app.history.models import Inference
from app.history.reading import load
from app.history.recording import ledger
from app.jobs.models import Job
from app.jobs.running import KINDS, Task, add_job, find_job
from app.library.search_models import Search

IMPORT = "reference_import"


def ask_import(
    session: Session,
    member: Member,
    search: Search,
    wish: ImportWish,
    content: bytes,
    settings: Settings,
) -> Job:
    """Keep a file aside and ask for its import; the job's result is what an import answers."""
    settings.staging_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    upload, why = uuid4().hex, ledger(session)
    _path(settings, upload).write_bytes(content)
    asked = {
        "upload": upload,
        "slug": member.review.slug,
        "search": search.id,
        "wish": wish.model_dump(mode="json", include=set(ImportWish.model_fields)),
        "reason": why.reason,
        "inference": why.inference.value if why.inference else None,
    }
    return add_job(session, IMPORT, member.user.id, asked, member.review_id)


def previewed(session: Session, member: Member, number: int, settings: Settings) -> bytes:
    """Return the file that a job of one's own previewed in this review, while it is kept."""
    job = find_job(session, member.user.id, number)
    is_preview = job.kind == IMPORT and job.wish["wish"]["preview"]
    if not is_preview or job.wish["slug"] != member.review.slug:
        raise NotFoundError(f"Job {number} previewed no file of references for this review.")
    path = _path(settings, job.wish["upload"])
    if not path.is_file():
        raise NotFoundError("The file is gone: it was kept for a day. Send it again.")
    return path.read_bytes()


def _path(settings: Settings, upload: str) -> Path:
    return settings.staging_dir / f"{upload}.references"


def import_file(task: Task) -> None:
    """Read a file that waits, then take it in; the job ends in the same transaction."""
    wish = ImportWish.model_validate(task.wish["wish"])
    path = _path(task.settings, task.wish["upload"])
    if not path.is_file():
        raise NotFoundError("The file is gone: it was imported, or is too old. Send it again.")
    reading = read_file(wish, path.read_bytes())
    with tempfile.TemporaryFile("w+", encoding="ascii", dir=task.settings.staging_dir) as aside:
        _keep(aside, told(reading, task.tell))
        task.tell("writing", 0, None)
        _take_in(task, wish, replace(reading, found=_kept(aside)))
    if not wish.preview:
        path.unlink(missing_ok=True)


def _keep(aside: IO[str], found: Iterable[Found]) -> None:
    for one in found:
        aside.write(json.dumps([isinstance(one, Record), asdict(one)]) + "\n")


def _kept(aside: IO[str]) -> Iterator[Found]:
    aside.seek(0)
    for line in aside:
        is_record, values = json.loads(line)
        if is_record:
            yield Record(**values | {"remarks": tuple(values["remarks"])})
        else:
            yield BadRecord(**values)


def _take_in(task: Task, wish: ImportWish, reading: Reading) -> None:
    with task.sessions() as session:
        begin = begin_reading if wish.preview else begin_writing
        member = _member(begin(session), task, writing=not wish.preview)
        search = load(session, Search, member.review_id, task.wish["search"])
        if wish.preview:
            answer: ImportRead = preview_import(session, search, wish, reading)
        else:
            folder = task.settings.files_dir
            answer = import_references(session, member, search, wish, reading, folder)
            _end(task, session, answer, member.review_id)
    if wish.preview:
        with task.sessions() as session:
            _end(task, begin_writing(session), answer, member.review_id)


def _end(task: Task, session: Session, answer: ImportRead, review_id: int) -> None:
    result: dict[str, Any] = answer.model_dump(mode="json")
    task.finish(session, result, review_id)
    session.commit()


def _member(session: Session, task: Task, *, writing: bool) -> Member:
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


KINDS[IMPORT] = import_file
