"""Writing a review as an archive: a folder of plain files, or the same files in one zip."""

import hashlib
import shutil
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.models import Review
from app.db import Counter, now
from app.errors import ConflictError
from app.exchange.archive.lines import Line, People, Reader, encode, moment, root_lines
from app.exchange.archive.past import (
    change_lines,
    change_set_lines,
    find_arrival,
    member_lines,
)
from app.exchange.archive.shape import (
    CHANGE_SETS,
    CHANGES,
    COUNTERS,
    DOCUMENTS,
    FORMAT,
    FORMAT_VERSION,
    MANIFEST,
    MEMBERS,
    PEOPLE,
    REVIEW,
    WITHHELD,
    flat,
    roots,
)
from app.library.files import file_path, find_file
from app.library.models import Document
from app.library.search_models import SearchFile
from app.migrations import head_revision

Progress = Callable[[str, int, int | None], None]
"""Told the stage, how much of it is done, and of how much if that is known."""
LARGE = 2**31 - 1
"""Bytes over which an entry needs the newer form of zip files."""
COMPRESSION = 4
"""Of 9: half the time of the usual 6 for a few per cent more bytes."""


def no_progress(stage: str, done: int, total: int | None) -> None:
    """Take no notice."""
    del stage, done, total


@dataclass
class Folder:
    """A folder that is being filled; keeps what the manifest says of each file."""

    path: Path
    progress: Progress = no_progress
    files: dict[str, dict[str, Any]] = field(default_factory=dict)

    def write_lines(self, name: str, chunks: Iterable[Iterable[Line]]) -> None:
        """Write a file of lines, chunk by chunk."""
        count, size, digest = 0, 0, hashlib.sha256()
        with (self.path / name).open("wb") as file:
            for chunk in chunks:
                lines = [encode(line) + b"\n" for line in chunk]
                content = b"".join(lines)
                file.write(content)
                digest.update(content)
                count, size = count + len(lines), size + len(content)
                self.progress(name, count, None)
        self.files[name] = {"bytes": size, "lines": count, "sha256": digest.hexdigest()}

    def write_bytes(self, name: str, content: bytes) -> None:
        """Write a file as it is."""
        (self.path / name).write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        self.files[name] = {"bytes": len(content), "sha256": digest}


@dataclass(frozen=True, slots=True)
class Contents:
    """What of a review goes into its archive besides the things people cite."""

    history: bool = True
    names: bool = False
    """Those behind pseudonyms."""


USUAL = Contents()


def write_archive(
    session: Session,
    review: Review,
    target: Path,
    files_dir: Path,
    *,
    contents: Contents = USUAL,
    progress: Progress = no_progress,
) -> None:
    """Write a review into an empty folder; the session sees one state of it all along.

    The names behind pseudonyms are left out unless they are asked for.
    """
    folder, people = Folder(target, progress), People(session)
    arrival = find_arrival(session, review.id)
    for shape in roots():
        lines = root_lines(session, review.id, shape, people)
        column = None if contents.names else WITHHELD.get(shape.table.name)
        folder.write_lines(shape.file, _without(column, lines) if column else lines)
    _write_documents(session, review, folder, files_dir)
    folder.write_lines(MEMBERS, [member_lines(session, review.id, people, arrival)])
    folder.write_lines(COUNTERS, [_counters(session, review.id)])
    if contents.history:
        sets = change_set_lines(session, review.id, people, arrival)
        folder.write_lines(CHANGE_SETS, _chunks(sets))
        folder.write_lines(CHANGES, _chunks(change_lines(session, review.id, people, arrival)))
    folder.write_lines(PEOPLE, [people.lines()])
    [(_, line)] = Reader(flat()[REVIEW], people).rows(
        session, flat()[REVIEW].table.c.id == review.id
    )
    folder.write_bytes(REVIEW, pretty(line))
    (target / MANIFEST).write_bytes(pretty(_manifest(review, folder, history=contents.history)))


def _without(column: str, chunks: Iterable[Iterable[Line]]) -> Iterable[Iterable[Line]]:
    for lines in chunks:
        yield [{n: v for n, v in line.items() if n != column} for line in lines]


def _chunks(lines: Iterable[Line], size: int = 2_000) -> Iterable[list[Line]]:
    chunk: list[Line] = []
    for line in lines:
        chunk.append(line)
        if len(chunk) == size:
            yield chunk
            chunk = []
    yield chunk


def pretty(value: object) -> bytes:
    """Return a value as indented JSON with sorted keys, for files of one object."""
    return orjson.dumps(
        value, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    )


def _counters(session: Session, review_id: int) -> list[Line]:
    """Return the last number given of each kind; that of change-sets follows from them."""
    rows = session.execute(
        select(Counter.kind, Counter.value)
        .where(Counter.review_id == review_id, Counter.kind != "H")
        .order_by(Counter.kind)
    )
    return [{"kind": kind, "value": value} for kind, value in rows]


def _write_documents(session: Session, review: Review, folder: Folder, files_dir: Path) -> None:
    (folder.path / DOCUMENTS).mkdir()
    numbers = session.scalars(
        select(Document.id).where(Document.review_id == review.id).order_by(Document.id)
    ).all()
    for done, number in enumerate(numbers, 1):
        document = session.get_one(Document, (review.id, number))
        name = f"{DOCUMENTS}{document.sha256}"
        if name not in folder.files:
            folder.write_bytes(name, find_file(files_dir, document).read_bytes())
        text = session.scalar(
            select(Document.text).where(Document.review_id == review.id, Document.id == number)
        )
        folder.write_bytes(f"{DOCUMENTS}D{number}.txt", (text or "").encode())
        session.expunge(document)
        folder.progress(DOCUMENTS, done, len(numbers))
    imported = select(SearchFile.sha256).where(SearchFile.review_id == review.id).distinct()
    for sha256 in session.scalars(imported.order_by(SearchFile.sha256)):
        if f"{DOCUMENTS}{sha256}" not in folder.files:
            folder.write_bytes(f"{DOCUMENTS}{sha256}", file_path(files_dir, sha256).read_bytes())


def _manifest(review: Review, folder: Folder, *, history: bool) -> dict[str, Any]:
    return {
        "exported_at": moment(now()),
        "files": [{"name": name} | folder.files[name] for name in sorted(folder.files)],
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "history": history,
        "program": version("retroduce"),
        "review": {"slug": review.slug, "uuid": review.uuid},
        "schema": head_revision(),
    }


def pack(folder: Path, target: Path) -> None:
    """Put the files of a folder into one zip, always the same for the same files."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=COMPRESSION) as archive:
        paths = [path for path in folder.rglob("*") if path.is_file()]
        for path in sorted(paths, key=Path.as_posix):
            name, is_large = path.relative_to(folder).as_posix(), path.stat().st_size > LARGE
            # By its name alone an entry bears the first moment of zip files, not this one.
            with path.open("rb") as file, archive.open(name, "w", force_zip64=is_large) as into:
                shutil.copyfileobj(file, into, 1 << 20)


def claim_target(target: Path) -> None:
    """Refuse to write over anything but an empty folder."""
    if target.is_file() or (target.is_dir() and any(target.iterdir())):
        raise ConflictError(f"{target} is there already; name a new file or folder.")
