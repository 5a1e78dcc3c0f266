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
from typing import IO

from sqlalchemy.orm import Session

from app.access.identity import Member
from app.config import Settings
from app.db import begin_reading, begin_writing
from app.exchange.import_schemas import ImportRead, ImportWish
from app.exchange.importing import Reading, import_references, preview_import, read_file, told
from app.exchange.references.record import BadRecord, Found, Record
from app.exchange.waiting_files import ask_with_file, end_job, waiting_file, who_asked
from app.history.reading import load
from app.jobs.models import Job
from app.jobs.running import KINDS, Task
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
    said = wish.model_dump(mode="json", include=set(ImportWish.model_fields))
    return ask_with_file(session, member, IMPORT, content, settings, search=search.id, wish=said)


def import_file(task: Task) -> None:
    """Read a file that waits, then take it in; the job ends in the same transaction."""
    wish = ImportWish.model_validate(task.wish["wish"])
    path = waiting_file(task)
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
        member = who_asked(begin(session), task, writing=not wish.preview)
        search = load(session, Search, member.review_id, task.wish["search"])
        if wish.preview:
            answer: ImportRead = preview_import(session, search, wish, reading)
        else:
            folder = task.settings.files_dir
            answer = import_references(session, member, search, wish, reading, folder)
            end_job(task, session, answer, member.review_id)
    if wish.preview:
        with task.sessions() as session:
            end_job(task, begin_writing(session), answer, member.review_id)


KINDS[IMPORT] = import_file
