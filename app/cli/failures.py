"""What the disk or the database refuses, as a sentence that says what to do."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError, InternalError, OperationalError

from app.config import Settings
from app.errors import BusyError

FULL = "The disk that holds {place} is full: make room on it, then try again."
CLOSED = (
    "This user may not use {place}: give them the right to it and to the folder it is in, or name "
    "another place."
)
READ_ONLY = "{place} can only be read: make its disk or folder writable, or name another place."
BROKEN = (
    "The disk that holds {place} did not do what was asked: make room on it and check it, then try "
    "again."
)
OPENED = (
    "{place} cannot be opened: is its folder there, with room on the disk, and may this user write "
    "in it?"
)
LOCKED = "Others have been writing to {place} for long; try again shortly."
DAMAGED = "{place} is damaged, or no database: put it aside and restore a backup."
AWAY = (
    "The database {place} does not answer ({said}): start it, or say in RETRODUCE_DATABASE_URL "
    "where it is, then try again."
)
DISK = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EFBIG: FULL,
    errno.EACCES: CLOSED,
    errno.EPERM: CLOSED,
    errno.EROFS: READ_ONLY,
    errno.EIO: BROKEN,
}
DATABASE = {  # SQLite's names, by how they begin; SQLSTATE codes of PostgreSQL
    "SQLITE_FULL": FULL,
    "SQLITE_READONLY": READ_ONLY,
    "SQLITE_CANTOPEN": OPENED,
    "SQLITE_PERM": CLOSED,
    "SQLITE_IOERR": BROKEN,
    "SQLITE_BUSY": LOCKED,
    "SQLITE_LOCKED": LOCKED,
    "SQLITE_CORRUPT": DAMAGED,
    "SQLITE_NOTADB": DAMAGED,
    "53100": FULL,
    "25006": READ_ONLY,
}


@contextmanager
def telling(settings: Settings) -> Iterator[None]:
    """Turn what disk or database refuse into a `BusyError`; what is a fault stays what it is."""
    try:
        yield
    except Exception as error:
        refused = refusal(error, settings)
        if refused is None:
            raise
        raise refused from error


def refusal(error: Exception, settings: Settings) -> BusyError | None:
    """Say what the disk or the database refused, where, and the remedy; None for a fault."""
    origin = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(error, OSError):
        words, place = DISK.get(error.errno or 0), error.filename or "what was to be written"
    elif isinstance(origin, sqlite3.Error):
        words, place = _said(origin.sqlite_errorname), make_url(settings.url).database
    elif isinstance(error, OperationalError | InternalError):
        words = _said(getattr(origin, "sqlstate", None) or "") or AWAY
        place = make_url(settings.url).render_as_string(hide_password=True)
    else:
        return None
    told = str(origin).strip().partition("\n")[0]
    return BusyError(words.format(place=place, said=told)) if words else None


def _said(code: str) -> str | None:
    return next((words for start, words in DATABASE.items() if code.startswith(start)), None)
