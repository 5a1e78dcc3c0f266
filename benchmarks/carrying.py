"""What is measured of archives and of people who write at once."""

import json
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from typing import Any

import orjson
from sqlalchemy.orm import Session

from app.access.models import UserAccount
from app.access.schemas import UserCreate
from app.access.service import add_user
from app.config import Settings
from app.db import begin_reading, begin_writing, make_engine, make_sessions
from app.exchange.archive.arriving import ArchiveWish, let_in, staging
from app.exchange.archive.export import write_archive
from app.exchange.archive.importing import keep_files
from app.migrations import metadata, upgrade
from benchmarks.corpus import TABLE, Corpus, review_of
from benchmarks.faults import Trial, prepare
from benchmarks.measuring import Line, ratio_line, seconds, spoken
from benchmarks.ours import page_path, serve_command
from benchmarks.serving import Client, serving

ARCHIVE_TARGET = 3.0
OTHER_TARGET = 3.0
WRITERS = 20
MINUTE = 60.0
WAIT_TARGET = 1.0  # seconds
OWNED = "review_id"


def archive(databases: Sequence[Corpus]) -> Iterator[Line]:
    """Measure a review out and in against bare JSON and executemany of the same rows.

    The generated review has no history; its import records every row, which both then write.
    """
    corpus = databases[-1]
    engine = make_engine(corpus.settings)
    with Session(engine) as session, tempfile.TemporaryDirectory() as aside:
        begin_reading(session)
        review, folder = review_of(session, TABLE), Path(aside)
        rounds = range(3)
        out = min(_out(session, review, corpus, folder / f"out{n}") for n in rounds)
        database, number = corpus.database, review.id
        bare = min(seconds(lambda: _bare_out(database, number, folder / "bare")) for _ in rounds)
        name = f"archive out, {_rows(folder / 'bare'):,} rows"
        yield ratio_line(name, (out, bare), ARCHIVE_TARGET)
        ours = min(_in(folder / "out0", folder / f"in{n}") for n in rounds)
        _bare_out(folder / "in0" / "retroduce.db", 1, folder / "came")
        theirs = min(_bare_in(folder / "came", folder / f"bare{n}") for n in rounds)
        yield ratio_line(
            f"archive in, {_rows(folder / 'came'):,} rows", (ours, theirs), ARCHIVE_TARGET
        )
    engine.dispose()


def _out(session: Session, review: Any, corpus: Corpus, target: Path) -> float:
    target.mkdir()
    return seconds(lambda: write_archive(session, review, target, corpus.settings.files_dir))


def _bare_out(database: Path, review_id: int, target: Path) -> None:
    """Write every row of the review as a line of JSON, a file per table."""
    target.mkdir(exist_ok=True)
    with closing(sqlite3.connect(database)) as connection:
        for table in metadata().sorted_tables:
            if OWNED not in table.primary_key.columns:
                continue
            query = f"SELECT * FROM {table.name} WHERE review_id = ?"
            rows = connection.execute(query, [review_id])
            with (target / table.name).open("wb") as file:
                file.writelines(orjson.dumps(row) + b"\n" for row in rows)


def _rows(folder: Path) -> int:
    return sum(len(path.read_bytes().splitlines()) for path in folder.iterdir())


def _empty(folder: Path) -> Settings:
    settings = Settings(data_dir=folder, database_url="", log_level="WARNING")
    engine = make_engine(settings)
    upgrade(engine)
    with make_sessions(engine)() as session:
        begin_writing(session)
        add_user(session, UserCreate(email="b@example.org", name="B"), settings)
        session.commit()
    engine.dispose()
    return settings


def _in(archive_folder: Path, place: Path) -> float:
    settings = _empty(place)
    engine = make_engine(settings)

    def take() -> None:
        with staging(archive_folder, settings) as staged, make_sessions(engine)() as session:
            keep_files(staged, settings.files_dir)
            begin_writing(session)
            user = session.query(UserAccount).one()
            let_in(session, staged, user, ArchiveWish())
            session.commit()

    took = seconds(take)
    engine.dispose()
    return took


def _bare_in(rows: Path, place: Path) -> float:
    """Parse the lines and insert them, table by table, with the same safety of the disk."""
    settings = _empty(place)

    def take() -> None:
        with closing(sqlite3.connect(settings.data_dir / "retroduce.db")) as connection:
            connection.execute("PRAGMA foreign_keys=OFF")
            for table in metadata().sorted_tables:
                path = rows / table.name
                if not path.exists():
                    continue
                marks = ", ".join("?" * len(table.columns))
                statement = f"INSERT OR REPLACE INTO {table.name} VALUES ({marks})"
                with path.open("rb") as file:
                    connection.executemany(statement, (orjson.loads(line) for line in file))
            connection.commit()

    return seconds(take)


def other(databases: Sequence[Corpus]) -> Iterator[Line]:
    """Measure another person's page while an archive is made, against the same page when idle."""
    corpus = databases[-1]
    path = page_path(TABLE, 0)
    with serving(serve_command(), corpus.settings) as server:
        client = Client(server.port, corpus.token)
        client.get(path)
        idle = _p95([seconds(lambda: client.get(path)) for _ in range(200)])
        exporting = Thread(
            target=Client(server.port, corpus.token).get,
            args=(f"/api/v1/reviews/{TABLE}/archive",),
        )
        exporting.start()
        times = []
        while exporting.is_alive():
            times.append(seconds(lambda: client.get(path)))
        busy = _p95(times)
    note = f"p95 of {len(times)} pages meanwhile"
    yield ratio_line("another's page while exporting", (busy, idle), OTHER_TARGET, note)


def _p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]


def writers(databases: Sequence[Corpus]) -> Iterator[Line]:
    """Let twenty people write to one review for a minute; a lost or refused write is an error."""
    length = MINUTE if databases[-1].shape.configurations > 10_000 else 3.0
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), database_url="", log_level="CRITICAL")
        trial = prepare(settings)
        with serving(serve_command(), settings) as server:
            people = [Person(server.port, trial, n) for n in range(WRITERS)]
            end = time.monotonic() + length
            threads = [Thread(target=person.write, args=(end,)) for person in people]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            status, source = people[0].ask("GET", "/sources/1", None)
    times = [one for person in people for one in person.times]
    kept, trouble = sum(p.kept for p in people), [one for p in people for one in p.trouble]
    if status != 200 or source["version"] != kept + 1 or trouble:
        raise RuntimeError(f"{kept} changes kept, {source} now; {trouble[:3]}")
    again = sum(person.again for person in people)
    note = f"{len(times):,} writes, {kept} of them to one thing, {again} told to read anew"
    yield Line("p95 of a write", spoken(_p95(times)), "-", _p95(times), WAIT_TARGET, "s", note)


class Person:
    """Somebody who adds sources, and changes the one source that everybody changes."""

    def __init__(self, port: int, trial: Trial, number: int) -> None:
        self.port, self.token, self.number = port, trial.token, number
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self.times: list[float] = []
        self.trouble: list[str] = []
        self.kept = self.again = 0

    def ask(self, method: str, path: str, body: Any, tag: str | None = None) -> tuple[int, Any]:
        """Send a request and return status and body."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        headers |= {"If-Match": tag} if tag else {}
        content = None if body is None else json.dumps(body)
        started = time.perf_counter()
        self.connection.request(method, f"/api/v1/reviews/target{path}", content, headers)
        answer = self.connection.getresponse()
        found = json.loads(answer.read())
        if method != "GET":
            self.times.append(time.perf_counter() - started)
        if answer.status >= 500:
            self.trouble.append(f"{method} {path}: {answer.status}")
        return answer.status, found

    def write(self, end: float) -> None:
        """Write until a moment comes."""
        if self.number == 0:
            self.ask("POST", "/sources", {"title": "shared", "authors": []})
        time.sleep(0.5)
        while time.monotonic() < end:
            self.ask("POST", "/sources", {"title": f"of {self.number}", "authors": []})
            status, found = self.ask("GET", "/sources/1", None)
            if status != 200:
                continue
            change = {"title": f"shared, by {self.number}"}
            status, _ = self.ask("PATCH", "/sources/1", change, f'"{found["version"]}"')
            self.kept += status == 200
            self.again += status == 412
