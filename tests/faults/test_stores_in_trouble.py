"""Full and read-only disks, connections lost, two servers at once: clear answers, no damage."""

import errno
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from app.config import Settings
from app.db import make_engine
from app.main import create_app
from tests.conftest import Door
from tests.faults.conftest import Place
from tests.faults.test_power_cuts import Writer

SOURCES = "/api/v1/reviews/faults/sources"


@pytest.fixture
def engine(place: Place) -> Iterator[Engine]:
    engine = make_engine(place.settings)
    yield engine
    engine.dispose()


@pytest.fixture
def door(place: Place, engine: Engine) -> Iterator[Door]:
    """The application in this process, on a store of its own whose engine tests can upset."""
    with Door(create_app(place.settings, engine=engine), place.token) as door:
        yield door


def add(door: Door, title: str = "On trust") -> Any:
    return door.post(SOURCES, json={"title": title})


def count(door: Door) -> int:
    total: int = door.get(SOURCES, params={"count": True}).json()["total"]
    return total


def only_sqlite(place: Place) -> None:
    if place.url:
        pytest.skip("a pragma of SQLite")


def test_a_full_disk_is_named_and_nothing_is_half_written(
    place: Place, engine: Engine, door: Door
) -> None:
    only_sqlite(place)
    assert add(door).status_code == 201
    engine.dispose()

    def limit(connection: Any, _: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages + 4}")

    event.listen(engine, "connect", limit)
    big = [{"title": f"Source {n}", "abstract": "words " * 2_000} for n in range(50)]
    refused = door.post(f"{SOURCES}/bulk", json={"items": big})
    assert (refused.status_code, refused.json()["code"]) == (503, "busy")
    assert "disk is full" in refused.json()["detail"]
    assert count(door) == 1
    event.remove(engine, "connect", limit)
    engine.dispose()
    assert door.post(f"{SOURCES}/bulk", json={"items": big}).status_code == 201
    with engine.connect() as connection:
        assert connection.scalar(text("PRAGMA integrity_check")) == "ok"


def test_a_database_that_can_only_be_read_still_answers_questions(
    place: Place, engine: Engine, door: Door
) -> None:
    add(door)
    engine.dispose()
    if place.url:

        def forbid(connection: Any, _: object) -> None:
            connection.execute("SET default_transaction_read_only = on")
            connection.commit()
    else:

        def forbid(connection: Any, _: object) -> None:
            connection.execute("PRAGMA query_only = on")

    event.listen(engine, "connect", forbid)
    assert count(door) == 1
    refused = add(door)
    assert (refused.status_code, refused.json()["code"]) == (503, "busy")
    assert "only be read" in refused.json()["detail"]
    event.remove(engine, "connect", forbid)
    engine.dispose()
    assert add(door).status_code == 201


def test_a_full_disk_for_files_keeps_no_document(
    place: Place, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(door)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", refuse)
    url = f"{SOURCES}/1/documents"
    wish: dict[str, Any] = {
        "content": b"Trust takes time.",
        "params": {"file_name": "trust.txt"},
        "headers": {"Content-Type": "text/plain"},
    }
    refused = door.post(url, **wish)
    assert (refused.status_code, refused.json()["code"]) == (503, "busy")
    assert "disk is full" in refused.json()["detail"]
    monkeypatch.undo()
    assert door.get(url).json()["items"] == []
    assert not [p for p in place.settings.files_dir.rglob("*") if p.is_file()]
    assert door.post(url, **wish).status_code == 201


def test_connections_cut_by_the_server_are_opened_anew(
    place: Place, engine: Engine, door: Door
) -> None:
    if not place.url:
        pytest.skip("SQLite has no server to cut a connection")
    add(door)
    admin = make_engine(place.settings).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    admin.dispose()
    assert add(door).status_code == 201
    assert count(door) == 2


def test_a_store_that_is_away_is_said_to_be(tmp_path: Path, place: Place) -> None:
    if not place.url:
        pytest.skip("SQLite is never away")
    away = Settings(data_dir=tmp_path, database_url="postgresql://nobody@127.0.0.1:9/none")
    door = Door(create_app(away), "rtd_any")
    for path in ("/readyz", SOURCES):
        answer = door.get(path)
        assert (answer.status_code, answer.json()["code"]) == (503, "busy")
        assert answer.headers["retry-after"]
    assert door.get("/healthz").status_code == 200


@pytest.mark.slow
def test_two_servers_on_one_store_lose_nothing(place: Place) -> None:
    other = Place(place.folder, place.url, place.environment, token=place.token)
    place.start()
    other.start()
    writers = [Writer(place, "one"), Writer(other, "two"), Writer(place, "three")]
    for writer in writers:
        writer.start()
    while min(len(writer.acknowledged) for writer in writers) < 2:  # SQLite lets some wait long
        assert all(writer.is_alive() for writer in writers)
        time.sleep(0.05)
    place.kill()
    other.kill()
    for writer in writers:
        writer.join()
        assert writer.refused == []
    place.start()
    titles = [source["title"] for source in place.sources()]
    assert {title for writer in writers for title in writer.acknowledged} <= set(titles)
    assert len(titles) == len(set(titles))
