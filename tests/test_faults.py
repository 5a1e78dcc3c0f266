"""What happens when the power goes, the disk is full, or the database is away: nothing is lost.

Real servers on databases of their own; `python -m benchmarks.faults` pulls the plug 100 times.
"""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text

from app.config import Settings
from benchmarks.faults import Trial, prepare, run
from benchmarks.ours import serve_command
from benchmarks.serving import serving, uvicorn
from tests.conftest import cheap_settings

pytestmark = pytest.mark.slow
KILLS = 5


@pytest.fixture
def place(store: Engine, tmp_path: Path) -> Iterator[Settings]:
    """Settings of an installation of its own on the kind of store that is asked for."""
    if store.dialect.name == "sqlite":
        yield cheap_settings(tmp_path / "place")
        return
    admin = store.execution_options(isolation_level="AUTOCOMMIT")
    name = f"{store.url.database}_faults"
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = store.url.set(database=name).render_as_string(hide_password=False)
    yield cheap_settings(tmp_path / "place", url)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


def ask(port: int, token: str, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        content = None if body is None else json.dumps(body)
        connection.request(method, f"/api/v1/reviews/target{path}", content, headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())


def add_source(port: int, trial: Trial, title: str) -> tuple[int, Any]:
    body = {"title": title, "cite_key": title[:40], "authors": []}
    return ask(port, trial.token, "POST", "/sources", body)


def sources(port: int, trial: Trial) -> list[str]:
    status, found = ask(port, trial.token, "GET", "/sources?limit=500")
    assert status == 200
    return [item["cite_key"] for item in found["items"]]


def test_pulling_the_plug_loses_nothing_and_leaves_nothing_half_done(place: Settings) -> None:
    report = run(place, KILLS)
    assert report.is_sound, report
    assert report.kills == KILLS
    assert report.acknowledged["single"] + report.acknowledged["bulk"] > 0


@pytest.mark.sqlite_only
def test_a_full_disk_is_a_clear_answer_and_does_no_damage(place: Settings) -> None:
    trial = prepare(place)

    command = [sys.executable, "-c", STARVED, str(64 * 1024), *serve_command()[3:]]
    with serving(command, place) as server:
        refused = 0
        for n in range(60):
            status, body = add_source(server.port, trial, f"{n:03}{'x' * 900}")
            if status != 201:
                assert (status, body["code"]) == (503, "busy")
                refused += 1
        kept = sources(server.port, trial)
    assert refused
    with serving(serve_command(), place) as server:
        assert sources(server.port, trial) == kept
        assert add_source(server.port, trial, "room again")[0] == 201
    assert sound(place)


STARVED = """
import resource, signal, sys
from app.config import Settings
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
used = max(path.stat().st_size for path in Settings().data_dir.glob("retroduce.db*"))
limit = used + int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
sys.argv = ["retroduce", *sys.argv[2:]]
from app.cli import main
main()
"""


def sound(place: Settings) -> bool:
    with closing(sqlite3.connect(place.data_dir / "retroduce.db")) as database:
        return bool(database.execute("PRAGMA integrity_check").fetchall() == [("ok",)])


@pytest.mark.sqlite_only
def test_a_database_that_cannot_be_written_still_answers_questions(place: Settings) -> None:
    trial = prepare(place)
    command = [sys.executable, "-c", READ_ONLY, *serve_command()[3:]]
    with serving(command, place) as server:
        status, body = add_source(server.port, trial, "not now")
        assert (status, body["code"]) == (503, "busy")
        assert sources(server.port, trial) == []
    with serving(serve_command(), place) as server:
        assert add_source(server.port, trial, "now")[0] == 201


READ_ONLY = """
import app.db as db
from sqlalchemy import event
prepare = db._prepare_sqlite
def read_only(connection, record):
    prepare(connection, record)
    connection.execute("PRAGMA query_only=ON")
db._prepare_sqlite = read_only
from app.cli import main
main()
"""


def test_a_lost_connection_is_a_clear_answer_and_the_next_one_works(
    store: Engine, place: Settings
) -> None:
    if store.dialect.name != "postgresql":
        pytest.skip("SQLite has no connection to lose")
    trial = prepare(place)
    with serving(serve_command(), place) as server:
        assert add_source(server.port, trial, "before")[0] == 201
        admin = create_engine(store.url, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            name = f"{store.url.database}_faults"
            others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
            connection.execute(text(others), {"name": name})
        admin.dispose()
        status, body = add_source(server.port, trial, "after")
        assert status == 201 or (status, body["code"]) == (503, "busy")
        assert add_source(server.port, trial, "later")[0] == 201
        assert {"before", "later"} <= set(sources(server.port, trial))


@pytest.mark.sqlite_only
def test_a_second_server_on_one_file_is_refused_and_says_why(place: Settings) -> None:
    trial = prepare(place)
    with serving(serve_command(), place) as one:
        environment = os.environ | {"RETRODUCE_DATA_DIR": str(place.data_dir)}
        second = [*serve_command(), "0"]
        refused = subprocess.run(
            second, env=environment, capture_output=True, text=True, check=False, timeout=120
        )
        assert refused.returncode == 1
        told = " ".join(refused.stderr.split())
        assert f"Another server (process {one.process.pid}) works on" in told
        assert "RETRODUCE_DATABASE_URL" in told
        assert add_source(one.port, trial, "still-served")[0] == 201
    with serving(serve_command(), place) as after:  # the claim ended with the process
        assert "still-served" in sources(after.port, trial)


def test_two_processes_on_one_file_lose_nothing(place: Settings) -> None:
    trial = prepare(place)
    others = uvicorn("app.main:create_app")  # a server that makes no claim
    with serving(serve_command(), place) as one, serving(others, place) as two:
        answers: list[int] = []

        def write(port: int, name: str) -> None:
            answers.extend(add_source(port, trial, f"{name}-{n}")[0] for n in range(15))

        writers = [Thread(target=write, args=(s.port, f"s{s.port}")) for s in (one, two)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        assert set(answers) <= {201, 503}
        assert len(sources(one.port, trial)) == answers.count(201) >= 25
    assert sound(place)


def test_the_trial_can_be_run_by_itself(tmp_path: Path) -> None:
    environment = os.environ | {"RETRODUCE_DATA_DIR": str(tmp_path)}
    asked = [sys.executable, "-m", "benchmarks.faults", "--help"]
    done = subprocess.run(asked, env=environment, capture_output=True, text=True, check=True)
    assert "--kills" in done.stdout
