"""A whole installation in one file, made while it is in use, and brought back into an empty place.

The file is a tar: `backup.json`, then `retroduce.db` (or `retroduce.dump` of PostgreSQL), then
`files/`. The database is copied first: files are only ever added, so all it names are there.
"""

import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from sqlalchemy import Engine

from app.config import Settings
from app.db import make_engine, now
from app.errors import BackupError, ConflictError
from app.library.documents import file_path
from app.migrations import current_revision, is_empty, is_known_revision

FORMAT: Final = "retroduce-backup"
DATABASE_NAMES: Final = {"sqlite": "retroduce.db", "postgresql": "retroduce.dump"}
MOST_ABOUT: Final = 100_000
"""Bytes of `backup.json`."""


@dataclass(frozen=True, slots=True)
class About:
    """What `backup.json` says: where the rest comes from, and how to know that it is whole."""

    format: str
    made_at: str
    made_by: str
    store: str
    schema: str
    database_sha256: str
    files: int


def back_up(engine: Engine, settings: Settings, target: Path | None = None) -> Path:
    """Write a backup, read it back, and return its path; by default into `backups/`.

    PostgreSQL is read by `pg_dump`; raises `BackupError` where that is missing or fails.
    """
    if is_empty(engine):
        raise BackupError(f"There is nothing to back up in {engine.url.render_as_string()}.")
    if target is None:
        folder = settings.data_dir / "backups"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        target = folder / f"retroduce-{now():%Y%m%d-%H%M%S}.tar"
    if target.exists():
        raise ConflictError(f"{target} is there already; name another file.")
    with TemporaryDirectory(dir=_parent(target), prefix=".backup-") as aside:
        database = Path(aside) / DATABASE_NAMES[engine.dialect.name]
        _copy_database(engine, database)
        draft = Path(aside) / "backup.tar"
        _pack(engine, settings, database, draft)
        with _unpacked(draft, Path(aside) / "check"):
            pass
        draft.chmod(0o600)
        draft.replace(target)
    return target


def restore(settings: Settings, source: Path) -> About:
    """Bring a backup back where nothing is yet, whole or not at all; returns what it is.

    Raises `ConflictError` when there is a database already, `BackupError` when the file is damaged
    or of another store.
    """
    with closing_engine(settings) as engine:
        if not is_empty(engine):
            raise ConflictError(
                f"There is a database already in {engine.url.render_as_string()}; a restore "
                "overwrites nothing. Name an empty place by RETRODUCE_DATA_DIR or "
                "RETRODUCE_DATABASE_URL, or move the old one away first."
            )
        store = engine.dialect.name
    with (
        TemporaryDirectory(dir=settings.data_dir, prefix=".restore-") as aside,
        _unpacked(source, Path(aside) / "backup") as (about, folder),
    ):
        if about.store != store:
            raise BackupError(
                f"The backup is of {about.store}, this installation is on {store}; carry the "
                "reviews over as archives instead."
            )
        if not is_known_revision(about.schema):
            raise BackupError(
                f"The backup has schema {about.schema}, which this version does not know; "
                "update Retroduce."
            )
        for path in sorted((folder / "files").rglob("*")):
            if path.is_file():
                target = file_path(settings.files_dir, path.name)
                target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                path.replace(target)
        _put_database_back(settings, folder / DATABASE_NAMES[store])
    return about


@contextmanager
def closing_engine(settings: Settings) -> Iterator[Engine]:
    """Open an engine and close all its connections in the end."""
    engine = make_engine(settings)
    try:
        yield engine
    finally:
        engine.dispose()


def _parent(target: Path) -> Path:
    if not target.parent.is_dir():
        raise BackupError(f"There is no folder {target.parent}; make it first.")
    return target.parent


def _copy_database(engine: Engine, target: Path) -> None:
    if engine.dialect.name == "sqlite":
        with (
            closing(sqlite3.connect(str(engine.url.database))) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)  # in one step: one state, whoever writes meanwhile
        return
    _run(engine, "pg_dump", "--format=custom", "--no-owner", f"--file={target}")


def _put_database_back(settings: Settings, copy: Path) -> None:
    with closing_engine(settings) as engine:
        if engine.dialect.name == "sqlite":
            database = Path(str(engine.url.database))
            engine.dispose()
            for rest in (f"{database}-wal", f"{database}-shm"):
                Path(rest).unlink(missing_ok=True)
            copy.replace(database)
            return
        _run(engine, "pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", copy)


def _run(engine: Engine, program: str, *arguments: str | Path) -> None:
    if shutil.which(program) is None:
        raise BackupError(
            f"{program} is not installed; install the PostgreSQL client of the server's version, "
            "or make the backup where it is."
        )
    url = engine.url.set(drivername="postgresql", password=None).render_as_string()
    password = {"PGPASSWORD": engine.url.password} if engine.url.password else {}
    done = subprocess.run(
        [program, *map(str, arguments), f"--dbname={url}"],
        env={**os.environ, **password},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupError(f"{program} failed: {done.stderr.strip()[-1000:]}")


def _pack(engine: Engine, settings: Settings, database: Path, target: Path) -> None:
    kept = sorted(path for path in settings.files_dir.glob("??/??/*") if path.is_file())
    about = About(
        format=FORMAT,
        made_at=now().isoformat(),
        made_by=f"retroduce {version('retroduce')}",
        store=engine.dialect.name,
        schema=current_revision(engine) or "",
        database_sha256=_sha256(database),
        files=len(kept),
    )
    content = json.dumps(asdict(about), indent=2).encode()
    with tarfile.open(target, "w") as tar:
        entry = tarfile.TarInfo("backup.json")
        entry.size, entry.mode = len(content), 0o600
        tar.addfile(entry, io.BytesIO(content))
        tar.add(database, database.name)
        for path in kept:
            tar.add(path, f"files/{path.name}")
    with target.open("rb+") as file:
        os.fsync(file.fileno())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _unpacked(source: Path, folder: Path) -> Iterator[tuple[About, Path]]:
    """Unpack and check a backup into a folder; raises `BackupError` naming what is wrong."""
    folder.mkdir()
    try:
        with tarfile.open(source, "r:") as tar:
            tar.extractall(folder, filter="data")  # no links, devices or paths out of the folder
    except FileNotFoundError:
        raise BackupError(f"There is no file {source}.") from None
    except (tarfile.TarError, EOFError) as error:
        raise BackupError(f"{source.name} is damaged or no backup of ours: {error}") from None
    about = _read_about(source, folder)
    _check(source, folder, about)
    yield about, folder


def _read_about(source: Path, folder: Path) -> About:
    try:
        with (folder / "backup.json").open("rb") as file:
            about = About(**json.loads(file.read(MOST_ABOUT)))
    except (OSError, ValueError, TypeError):
        raise BackupError(
            f"{source.name} is no backup of ours: backup.json is not in it."
        ) from None
    if about.format != FORMAT or about.store not in DATABASE_NAMES:
        raise BackupError(f"{source.name} is no backup of ours, or of a later version.")
    return about


def _check(source: Path, folder: Path, about: About) -> None:
    database = folder / DATABASE_NAMES[about.store]
    if not database.is_file() or _sha256(database) != about.database_sha256:
        raise BackupError(f"{source.name} is damaged: its database is not the one backed up.")
    kept = [path for path in (folder / "files").rglob("*") if path.is_file()]
    if len(kept) != about.files:
        raise BackupError(
            f"{source.name} is damaged: it has {len(kept)} of {about.files} uploaded files."
        )
    for path in kept:
        if _sha256(path) != path.name:
            raise BackupError(f"{source.name} is damaged: file {path.name} is not what it was.")
    if about.store == "sqlite":
        with closing(sqlite3.connect(database)) as copy:
            found = copy.execute("PRAGMA integrity_check").fetchall()
            broken = copy.execute("PRAGMA foreign_key_check").fetchall()
        if found != [("ok",)] or broken:
            raise BackupError(f"{source.name} holds a damaged database: {(found or broken)[:3]}")
