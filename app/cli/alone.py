"""One server at a time on a SQLite file: what one keeps in memory, another would not know of."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url

from app.config import Settings
from app.errors import ConflictError

if sys.platform != "win32":
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

else:
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)


def claim_path(database: Path) -> Path:
    """Return the file whose lock says that a server works on a database."""
    return database.with_name(f"{database.name}-serving")


@contextmanager
def only_server(settings: Settings) -> Iterator[None]:
    """Keep other servers from this SQLite file while the block runs; PostgreSQL takes several.

    Raises `ConflictError` naming the process that serves it already. The claim ends with the
    process, however that ends; where nothing can be written none is made.
    """
    url = make_url(settings.url)
    if url.get_backend_name() != "sqlite" or url.database in {None, "", ":memory:"}:
        yield
        return
    database = Path(str(url.database))
    try:
        handle = os.open(claim_path(database), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:  # a folder that can only be read: nobody writes there
        yield
        return
    try:
        _claim(handle, database)
        yield
    finally:
        os.close(handle)


def _claim(handle: int, database: Path) -> None:
    try:
        _lock(handle)
    except OSError as error:
        process = claim_path(database).read_text(encoding="ascii", errors="replace") or "unknown"
        raise ConflictError(
            f"Another server (process {process}) works on {database} already. Open its address, or "
            "stop it first; for several servers set RETRODUCE_DATABASE_URL to PostgreSQL."
        ) from error
    claim_path(database).write_text(str(os.getpid()), encoding="ascii")
