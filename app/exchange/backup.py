"""An installation as one file, made while it serves, checked, and put back into an empty store.

A backup is a tar of the database, the documents, and `backup.json` that says what they are.
The database comes first: files are only ever added, so those it speaks of are all there afterwards.
"""

import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, func, select, table

from app.config import Settings
from app.db import make_engine, now
from app.errors import ArchiveError, ConflictError, NotFoundError, SchemaError, ToolError
from app.exchange.archive.export import pretty
from app.exchange.archive.lines import moment
from app.export.files import BESIDE, naming, require_folder
from app.migrations import current_revision, is_empty, knows_revision

FORMAT = "retroduce-backup"
SQLITE, DUMP, ABOUT = "retroduce.db", "retroduce.dump", "backup.json"
STORED = re.compile(r"files/[0-9a-f]{2}/[0-9a-f]{2}/([0-9a-f]{64})")
BLOCK = 1 << 20


REMEDY = "install the PostgreSQL client programs of the server's version or later."


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was written and checked."""

    path: Path
    rows: int | None
    files: int


def back_up(engine: Engine, settings: Settings, target: Path | None = None) -> Backup:
    """Save database and files in one tar, and read it back; nobody has to stop meanwhile.

    Raises `ToolError` when PostgreSQL's own tools are missing, `ConflictError` when the target is
    there already, `ArchiveError` when what was written is not sound.
    """
    target = target or settings.data_dir / "backups" / f"retroduce-{now():%Y%m%d-%H%M%S-%f}.tar"
    if target.exists():
        raise ConflictError(f"{target} is there already; name a new file.")
    if target.parent == settings.data_dir / "backups":
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    require_folder(target)
    with naming(target), tempfile.TemporaryDirectory(dir=target.parent, prefix=BESIDE) as aside:
        folder = Path(aside)
        about = _save_database(engine, folder)
        about |= {"format": FORMAT, "format_version": 1, "made_at": moment(now())}
        files = sorted(path for path in settings.files_dir.rglob("*") if _is_stored(path, settings))
        draft = folder / "draft.tar"
        _write_tar(draft, folder / about["database"], about, files, settings)
        _check_tar(draft)
        draft.chmod(0o600)
        draft.replace(target)
    return Backup(target, about.get("rows"), len(files))


def _is_stored(path: Path, settings: Settings) -> bool:
    name = f"files/{path.relative_to(settings.files_dir).as_posix()}"
    return bool(STORED.fullmatch(name)) and path.is_file()


def _save_database(engine: Engine, folder: Path) -> dict[str, Any]:
    schema = current_revision(engine)
    if engine.dialect.name == "sqlite":
        rows = _copy_sqlite(Path(str(engine.url.database)), folder / SQLITE)
        return {"database": SQLITE, "schema": schema, "rows": rows}
    _run_tool("pg_dump", engine.url, "--format=custom", f"--file={folder / DUMP}")
    _run_tool("pg_restore", None, "--list", str(folder / DUMP))
    return {"database": DUMP, "schema": schema}


def _copy_sqlite(path: Path, target: Path) -> int:
    """Copy by SQLite's online backup, check the copy, and count its rows."""
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # so that the copy is one file
    return count_rows(target)


def count_rows(path: Path) -> int:
    """Check a SQLite database and count the rows of all its tables."""
    try:
        with closing(sqlite3.connect(path)) as database:
            found = [text for (text,) in database.execute("PRAGMA integrity_check")]
            if found != ["ok"] or database.execute("PRAGMA foreign_key_check").fetchone():
                raise ArchiveError(f"The copied database is damaged ({found[0]}).")
            tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            counts = [select(func.count()).select_from(table(name)) for (name,) in tables]
            return sum(database.execute(str(count)).fetchone()[0] for count in counts)
    except sqlite3.DatabaseError as error:
        raise ArchiveError(f"The copied database cannot be read: {error}.") from error


def _run_tool(name: str, url: URL | None, *words: str) -> None:
    """Run a tool of PostgreSQL; the password goes by the environment, never on the line."""
    if shutil.which(name) is None:
        raise ToolError(
            f"{name} is not installed, so the database cannot be saved or put back; {REMEDY}"
        )
    environment = dict(os.environ)
    if url is not None:
        words = (*words, "--dbname", _address(url))
        environment |= {"PGPASSWORD": url.password} if url.password else {}
    done = subprocess.run([name, *words], check=False, env=environment, capture_output=True)
    if done.returncode:
        said = done.stderr.decode(errors="replace").split("\n")
        told = "; ".join(line.strip() for line in said if line.strip()) or "it says nothing"
        raise ToolError(f"{told}. Nothing was saved or changed; where versions differ, {REMEDY}")


def _address(url: URL) -> str:
    return url.set(drivername="postgresql", password=None).render_as_string()


def _write_tar(
    draft: Path, database: Path, about: dict[str, Any], files: list[Path], settings: Settings
) -> None:
    about["sha256"] = _sum(database)
    about["files"] = len(files)
    description = database.with_name(ABOUT)
    description.write_bytes(pretty(about))
    with tarfile.open(draft, "w") as tar:
        tar.add(description, ABOUT)
        tar.add(database, database.name)
        for path in files:
            tar.add(path, f"files/{path.relative_to(settings.files_dir).as_posix()}")
    with draft.open("rb") as file:
        os.fsync(file.fileno())


def _sum(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _check_tar(path: Path) -> None:
    """Read a backup back and compare every sum, and every document with its file."""
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".check-") as aside:
        unpack_backup(path, Path(aside))


def unpack_backup(path: Path, target: Path) -> dict[str, Any]:
    """Take a backup apart into a folder and check it; return what it says of itself."""
    try:
        with tarfile.open(path) as tar:
            for member in tar:
                _check_member(member)
                tar.extract(member, target, filter="data")
    except (tarfile.TarError, EOFError) as error:
        raise ArchiveError(f"{path.name} is no whole backup ({error}); copy it again.") from error
    about = _read_about(path, target)
    if _sum(target / about["database"]) != about["sha256"]:
        raise ArchiveError(f"The database in {path.name} is not what was saved; copy it again.")
    files = [file for file in (target / "files").rglob("*") if file.is_file()]
    broken = [file.name for file in files if _sum(file) != file.name]
    if broken or len(files) != about["files"]:
        raise ArchiveError(
            f"Files of documents in {path.name} are missing or changed"
            f"{': ' + broken[0] if broken else ''}; copy it again."
        )
    if about["database"] == SQLITE:
        count_rows(target / SQLITE)
        _check_documents(target)
    return about


def _check_member(member: tarfile.TarInfo) -> None:
    known = member.name in {ABOUT, SQLITE, DUMP} or STORED.fullmatch(member.name)
    if not (known and member.isreg()):
        raise ArchiveError(f"{member.name!r} is no part of a backup; nothing was restored.")


def _read_about(path: Path, target: Path) -> dict[str, Any]:
    try:
        about: dict[str, Any] = json.loads((target / ABOUT).read_bytes())
        is_backup = about["format"] == FORMAT and about["database"] in {SQLITE, DUMP}
        is_whole = {"sha256", "files", "schema"} <= about.keys()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArchiveError(f"{path.name} says nothing of itself; is it a backup?") from error
    if not (is_backup and is_whole and (target / about["database"]).is_file()):
        raise ArchiveError(f"{path.name} is another kind of file, not a backup.")
    return about


def _check_documents(target: Path) -> None:
    with closing(sqlite3.connect(target / SQLITE)) as database:
        sums = [name for (name,) in database.execute("SELECT DISTINCT sha256 FROM document")]
    missing = [s for s in sums if not (target / "files" / s[:2] / s[2:4] / s).is_file()]
    if missing:
        raise ArchiveError(f"The file {missing[0]} of a document is missing from the files folder.")


def restore_backup(path: Path, settings: Settings) -> dict[str, Any]:
    """Put a backup into an installation that has nothing yet; return what it says of itself.

    Raises `ConflictError` when there is something already, `ArchiveError` when it is not sound.
    """
    if not path.is_file():
        raise NotFoundError(f"There is no file {path}.")
    _refuse_unless_empty(settings)
    home = settings.data_dir
    with naming(home), tempfile.TemporaryDirectory(dir=home, prefix=BESIDE) as aside:
        folder = Path(aside)
        about = unpack_backup(path, folder)
        if not knows_revision(str(about["schema"])):
            raise SchemaError("A later version made this backup; update Retroduce first.")
        _put_database(folder, about["database"], settings)
        if (folder / "files").is_dir():
            shutil.rmtree(settings.files_dir, ignore_errors=True)
            (folder / "files").replace(settings.files_dir)
    return about


def _refuse_unless_empty(settings: Settings) -> None:
    engine = make_engine(settings)
    empty = is_empty(engine)
    engine.dispose()
    has_files = settings.files_dir.is_dir() and any(settings.files_dir.iterdir())
    if not empty or has_files:
        what = "The database has tables" if not empty else f"{settings.files_dir} has files"
        raise ConflictError(
            f"{what} already, and a backup is never put over them. Restore into an empty data "
            "folder (RETRODUCE_DATA_DIR) or database, or move what is there away first."
        )


def _put_database(folder: Path, name: str, settings: Settings) -> None:
    engine = make_engine(settings)
    is_sqlite = engine.dialect.name == "sqlite"
    engine.dispose()
    if is_sqlite != (name == SQLITE):
        kind = "SQLite" if name == SQLITE else "PostgreSQL"
        raise ConflictError(
            f"This is a backup of {kind}; set RETRODUCE_DATABASE_URL so, or carry reviews over "
            "by `retroduce archive`."
        )
    if not is_sqlite:
        words = ("--exit-on-error", "--single-transaction", "--no-owner", str(folder / name))
        _run_tool("pg_restore", engine.url, *words)
        return
    target = Path(str(engine.url.database))
    for rest in (target, *(target.with_name(target.name + end) for end in ("-wal", "-shm"))):
        rest.unlink(missing_ok=True)
    (folder / name).replace(target)
