"""Files that are written for people: where their folder is, and whole or not at all."""

import errno
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import BaseModel

from app.errors import ConflictError, NotFoundError

BESIDE = ".retroduce-"
DISK_CODES = {sqlite3.SQLITE_FULL: errno.ENOSPC, sqlite3.SQLITE_IOERR: errno.EIO}


def require_folder(path: Path | None) -> None:
    """Refuse a file whose folder is not there, before anything is done for it."""
    if path and not path.parent.is_dir():
        raise NotFoundError(f"There is no folder {path.parent}; make it first.")


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give what a file is written to aside; it takes the file's place when all of it is there.

    What is no ordinary file, a pipe say, is written to as it is.
    """
    require_folder(path)
    target = path.resolve()
    if target.is_dir():
        raise ConflictError(f"{path} is a folder; name a file.")
    with naming(path):
        if target.exists() and not target.is_file():
            yield target
            return
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=BESIDE) as aside:
            draft = Path(aside) / target.name
            yield draft
            if target.exists():
                shutil.copymode(target, draft)
            draft.replace(target)


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Give a new or empty folder to write into; where that fails it is as it was before."""
    is_new = not path.exists()
    with naming(path):
        path.mkdir(exist_ok=True)
        try:
            yield path
        except BaseException:
            for part in path.iterdir():
                shutil.rmtree(part) if part.is_dir() else part.unlink()
            if is_new:
                path.rmdir()
            raise


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Let what the disk refuses meanwhile name the path somebody gave, not what lies beside it."""
    try:
        yield
    except OSError as error:
        if error.filename and BESIDE not in str(error.filename):
            raise
        raise OSError(error.errno, error.strerror, str(path)) from error
    except sqlite3.OperationalError as error:
        number = DISK_CODES.get(error.sqlite_errorcode & 0xFF)  # without what SQLite adds to it
        if number is None:
            raise
        raise OSError(number, os.strerror(number), str(path)) from error


def write_report(path: Path | None, answer: BaseModel) -> None:
    """Write a whole answer as JSON, where a file for it is named."""
    if path:
        with whole_file(path) as draft:
            draft.write_text(answer.model_dump_json(indent=2), "utf-8")
