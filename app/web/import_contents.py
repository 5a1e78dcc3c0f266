"""What the page of a search shows of an import under way."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.history.models import Change, Operation
from app.jobs.models import Job, JobStatus
from app.library.search_models import Search, SearchFile


@dataclass(frozen=True, slots=True)
class Preview:
    """A file that was looked at: what it was taken for, and what people may say otherwise."""

    job: int
    file_name: str
    is_done: bool
    result: dict[str, Any]
    """As the API answers a preview; empty where the file could not be read."""
    format: str
    """Named by a person; empty for guessed."""
    encoding: str
    encodings: Sequence[str]


def preview_of(job: Job, encodings: Sequence[str]) -> Preview | None:
    """Return what a job previewed; null for one that imports, or that has not ended."""
    wish = job.wish["wish"]
    if not wish["preview"] or job.status in {JobStatus.WAITING, JobStatus.RUNNING}:
        return None
    result = job.result or {}
    offered = dict.fromkeys([result.get("encoding") or wish["encoding"], *encodings])
    return Preview(
        job=job.id,
        file_name=wish["file_name"],
        is_done=job.status is JobStatus.DONE,
        result=result,
        format=wish["format"] or "",
        encoding=wish["encoding"] or "",
        encodings=[encoding for encoding in offered if encoding],
    )


def change_sets_of(session: Session, review_id: int, files: Sequence[SearchFile]) -> dict[int, int]:
    """Return the change-set that brought each file of a search, by its number, to take it back."""
    keys = {f"[{file.search_id},{file.n}]": file.n for file in files}
    rows = _insertions(review_id, SearchFile, keys)
    return {keys[key]: number for key, number in session.execute(rows)}


def made_in(session: Session, review_id: int, search_id: int) -> set[int]:
    """Return the change-sets that wrote a search down, and take it away when they are undone."""
    rows = _insertions(review_id, Search, [f"[{search_id}]"])
    return {number for _, number in session.execute(rows)}


def _insertions(
    review_id: int, model: type[Search | SearchFile], keys: Collection[str]
) -> Select[str, int]:
    return select(Change.row_key, Change.change_set_id).where(
        Change.review_id == review_id,
        Change.table_name == model.__tablename__,
        Change.row_key.in_(keys),
        Change.operation == Operation.INSERT,
    )
