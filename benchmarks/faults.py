"""`python -m benchmarks.faults [--kills 100] [--database-url URL]`: pull the plug, then count.

A real server is killed (SIGKILL) at random moments while single sources, bulks of sources and whole
archives are written through it. Whatever was acknowledged must be there afterwards, and nothing
half-done: a bulk is there whole or not at all, and so is an imported review.
"""

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event, Thread
from typing import Any
from uuid import uuid4

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.access.models import Review, TokenScope
from app.access.reviews import add_review
from app.access.schemas import ReviewCreate, TokenCreate, UserCreate
from app.access.service import add_user, issue_token
from app.config import Settings, shipped
from app.db import begin_reading, begin_writing, make_engine, make_sessions, now
from app.exchange.archive.arriving import import_archive
from app.exchange.archive.export import pack, write_archive
from app.history.models import Change, Operation
from app.jobs.models import Job, JobStatus
from app.library.models import Source
from app.migrations import upgrade
from app.theory.models import Configuration
from benchmarks.ours import serve_command
from benchmarks.serving import serving

BULK = 50
PATIENCE = 30.0
KINDS = ("single", "bulk", "archive")


@dataclass
class Report:
    """What was acknowledged and what became of it."""

    kills: int = 0
    acknowledged: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    lost: list[str] = field(default_factory=list)
    half_done: list[str] = field(default_factory=list)
    damage: list[str] = field(default_factory=list)
    jobs: dict[str, int] = field(default_factory=dict)
    """How many ended how."""
    failures: list[str] = field(default_factory=list)
    """What those said that failed."""

    @property
    def is_sound(self) -> bool:
        """Say that nothing was lost, half-done or damaged."""
        return not (self.lost or self.half_done or self.damage)


@dataclass
class Trial:
    """One installation, what was sent to it, and what it acknowledged."""

    settings: Settings
    token: str
    archive: bytes
    configurations: int
    singles: set[str] = field(default_factory=set)
    bulks: dict[str, bool] = field(default_factory=dict)
    imports: set[int] = field(default_factory=set)
    trouble: list[str] = field(default_factory=list)

    def write(self, port: int, kind: str, over: Event) -> None:
        """Write one kind of thing until the server is gone."""
        send = {"single": self._single, "bulk": self._bulk, "archive": self._archive}[kind]
        connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            while not over.is_set():
                send(connection)
        except (OSError, HTTPException):
            return
        finally:
            connection.close()

    def _single(self, connection: HTTPConnection) -> None:
        name = f"one-{uuid4().hex}"
        status, _ = self._post(connection, "/reviews/target/sources", _source(name))
        if status == 201:
            self.singles.add(name)

    def _bulk(self, connection: HTTPConnection) -> None:
        name = f"many-{uuid4().hex}"
        self.bulks[name] = False
        items = [_source(f"{name}-{n}") for n in range(BULK)]
        status, _ = self._post(connection, "/reviews/target/sources/bulk", {"items": items})
        self.bulks[name] = status == 201

    def _archive(self, connection: HTTPConnection) -> None:
        slug = f"copy-{uuid4().hex[:12]}"
        status, job = self._post(connection, "/archives?as_copy=true", self.archive)
        if status != 202 or self._ended(connection, job["id"]) != JobStatus.DONE:
            return
        wish = {"as_copy": True, "slug": slug}
        status, job = self._post(connection, f"/archives/{job['id']}/import", wish)
        if status == 202 and self._ended(connection, job["id"]) == JobStatus.DONE:
            self.imports.add(job["id"])

    def _ended(self, connection: HTTPConnection, number: int) -> str:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            _, job = self._ask(connection, "GET", f"/jobs/{number}", None)
            if job["status"] not in {"waiting", "running"}:
                return str(job["status"])
            time.sleep(0.05)
        raise TimeoutError

    def _post(self, connection: HTTPConnection, path: str, body: Any) -> tuple[int, Any]:
        return self._ask(connection, "POST", path, body)

    def _ask(
        self, connection: HTTPConnection, method: str, path: str, body: Any
    ) -> tuple[int, Any]:
        is_zip = isinstance(body, bytes)
        content = body if is_zip else json.dumps(body).encode() if body is not None else None
        kind = "application/zip" if is_zip else "application/json"
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": kind}
        connection.request(method, f"/api/v1{path}", content, headers)
        answer = connection.getresponse()
        found = json.loads(answer.read() or b"null")
        if answer.status >= 500:
            self.trouble.append(f"{method} {path}: {answer.status} {found}")
        return answer.status, found


def _source(name: str) -> dict[str, Any]:
    return {"title": name, "cite_key": name, "authors": []}


def prepare(settings: Settings) -> Trial:
    """Make an installation with a review to write into, and an archive to import."""
    engine = make_engine(settings)
    upgrade(engine)
    with make_sessions(engine)() as session, tempfile.TemporaryDirectory() as aside:
        begin_writing(session)
        user = add_user(session, UserCreate(email="w@example.org", name="Writer"), settings)
        add_review(session, user, ReviewCreate(slug="target", title="Target"))
        seed = import_archive(session, shipped("seeds") / "trust-and-faith", user, settings)
        token = issue_token(session, user, TokenCreate(name="f", scope=TokenScope.WRITE))[1]
        folder, packed = Path(aside) / "files", Path(aside) / "seed.zip"
        folder.mkdir()
        write_archive(session, seed, folder, settings.files_dir)
        pack(folder, packed)
        of_seed = Configuration.review_id == seed.id
        count = session.scalar(select(func.count()).select_from(Configuration).where(of_seed))
        session.commit()
        trial = Trial(settings, token, packed.read_bytes(), count or 0)
    engine.dispose()
    return trial


def pull_the_plug(trial: Trial, kind: str, chance: random.Random) -> None:
    """Serve, write, and kill the server at a random moment of the writing."""
    over = Event()
    with serving(serve_command(), trial.settings) as server:
        count = 1 if kind == "archive" else 3
        writers = [Thread(target=trial.write, args=(server.port, kind, over)) for _ in range(count)]
        for writer in writers:
            writer.start()
        time.sleep(chance.uniform(0.05, 3.0 if kind == "archive" else 0.6))
        os.kill(server.process.pid, signal.SIGKILL)
        over.set()
        for writer in writers:
            writer.join()
        server.process.wait()


def count_up(trial: Trial, report: Report) -> None:
    """Compare what was acknowledged with what is there, after a start that marks dead jobs."""
    with _aged(trial), serving(serve_command(), trial.settings):
        _wait_for_jobs(trial)
    engine = make_engine(trial.settings)
    with make_sessions(engine)() as session:
        begin_reading(session)
        _count_sources(session, trial, report)
        _count_imports(session, trial, report)
        if engine.dialect.name == "sqlite":
            connection = session.connection()
            for check, sound in (("integrity_check", [("ok",)]), ("foreign_key_check", [])):
                found = connection.exec_driver_sql(f"PRAGMA {check}").fetchall()
                report.damage += [] if [tuple(row) for row in found] == sound else [str(found[:3])]
    engine.dispose()


@contextmanager
def _aged(trial: Trial) -> Iterator[None]:
    """Let the last heartbeat of every job be long ago, so that nobody has to wait for that."""
    engine = make_engine(trial.settings)
    with make_sessions(engine)() as session:
        begin_writing(session)
        running = update(Job).where(Job.status == JobStatus.RUNNING)
        session.execute(running.values(heartbeat_at=now() - timedelta(hours=1)))
        session.commit()
    engine.dispose()
    yield


def _wait_for_jobs(trial: Trial) -> None:
    engine = make_engine(trial.settings)
    end = time.monotonic() + PATIENCE
    left = 1
    while left and time.monotonic() < end:
        time.sleep(0.2)
        with make_sessions(engine)() as session:
            unended = Job.status.in_([JobStatus.RUNNING, JobStatus.WAITING])
            left = session.scalar(select(func.count()).select_from(Job).where(unended)) or 0
    engine.dispose()
    if left:
        raise TimeoutError(f"{left} jobs are neither taken up nor marked")


def _count_sources(session: Session, trial: Trial, report: Report) -> None:
    review_id = session.scalars(select(Review.id).where(Review.slug == "target")).one()
    there = set(session.scalars(select(Source.cite_key).where(Source.review_id == review_id)))
    report.lost += sorted(trial.singles - there)
    for name, acknowledged in trial.bulks.items():
        found = sum(f"{name}-{n}" in there for n in range(BULK))
        if found not in {0, BULK}:
            report.half_done.append(f"{name}: {found} of {BULK}")
        if acknowledged and found != BULK:
            report.lost.append(name)
    recorded = session.scalar(
        select(func.count())
        .select_from(Change)
        .where(
            Change.review_id == review_id,
            Change.table_name == "source",
            Change.operation == Operation.INSERT,
        )
    )
    if recorded != len(there):
        report.half_done.append(f"{len(there)} sources, {recorded} in the history")
    report.acknowledged["single"] = len(trial.singles)
    report.acknowledged["bulk"] = sum(trial.bulks.values())


def _count_imports(session: Session, trial: Trial, report: Report) -> None:
    jobs = {job.id: job for job in session.scalars(select(Job))}
    for job in jobs.values():
        report.jobs[job.status.value] = report.jobs.get(job.status.value, 0) + 1
        if job.problem:
            report.failures.append(f"job {job.id} ({job.kind}): {job.problem['detail']}")
    made = {job.review_id for job in jobs.values() if job.kind == "archive_import"} - {None}
    report.lost += [f"job {n}" for n in trial.imports if jobs[n].review_id is None]
    report.acknowledged["archive"] = len(trial.imports)
    copies = session.scalars(select(Review).where(Review.slug.startswith("copy-"))).all()
    for review in copies:
        of_review = Configuration.review_id == review.id
        found = session.scalar(select(func.count()).select_from(Configuration).where(of_review))
        if found != trial.configurations or review.id not in made:
            report.half_done.append(f"{review.slug}: {found} of {trial.configurations}")


def run(settings: Settings, kills: int, seed: int = 0) -> Report:
    """Kill a server so many times, by turns under each kind of writing, and count at the end."""
    chance, report, trial = random.Random(seed), Report(), prepare(settings)
    for n in range(kills):
        pull_the_plug(trial, KINDS[n % len(KINDS)], chance)
        report.kills += 1
    count_up(trial, report)
    report.damage += trial.trouble
    return report


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.faults", description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--database-url", default="", help="an empty PostgreSQL database")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            data_dir=Path(folder), database_url=asked.database_url, log_level="CRITICAL"
        )
        report = run(settings, asked.kills, asked.seed)
    print(report)
    sys.exit(0 if report.is_sound else 1)


if __name__ == "__main__":
    main()
