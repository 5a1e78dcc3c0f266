"""Archives over HTTP: down as a zip; up, looked at, let in, each by a job."""

import io
import os
import zipfile
from datetime import timedelta
from pathlib import Path
from threading import enumerate as enumerate_threads
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker

from app.access.models import Review
from app.config import Settings
from app.db import now
from app.exchange.archive.jobs import clear_staging
from app.jobs.models import Job, JobStatus
from app.jobs.running import STALE, add_job, claim_job, mark_interrupted, run
from app.jobs.worker import Worker
from app.main import create_app
from app.migrations import upgrade
from tests.conftest import Door, World, cheap_settings
from tests.exchange.material import done, forget, make_rich

ZIP = {"Content-Type": "application/zip"}


@pytest.fixture(scope="module")
def rich(world: World, sessions: sessionmaker[Session]) -> World:
    make_rich(world, sessions)
    return world


@pytest.fixture
def worker(sessions: sessionmaker[Session], settings: Settings) -> Worker:
    return Worker(sessions, settings)


def archive_of(door: Door, base: str, **query: Any) -> bytes:
    answer = door.get(f"{base}/archive", params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    return bytes(answer.content)


def check(door: Door, worker: Worker, content: bytes, **query: Any) -> dict[str, Any]:
    """Upload an archive, let the worker look at it, and return the job."""
    asked = done(door.post("/api/v1/archives", content=content, headers=ZIP, params=query))
    assert asked["status"] == "waiting"
    assert worker.work_once()
    return dict(done(door.get(f"/api/v1/jobs/{asked['id']}")))


def let_in(door: Door, worker: Worker, checked: int, **wish: Any) -> dict[str, Any]:
    asked = done(door.post(f"/api/v1/archives/{checked}/import", json=wish))
    assert worker.work_once()
    return dict(done(door.get(f"/api/v1/jobs/{asked['id']}")))


def names_in(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.namelist()


def test_the_download_is_one_zip_that_is_always_the_same(rich: World, settings: Settings) -> None:
    reader = rich.door("reader")
    first, second = (archive_of(reader, rich.base) for _ in range(2))
    with (
        zipfile.ZipFile(io.BytesIO(first)) as one,
        zipfile.ZipFile(io.BytesIO(second)) as two,
    ):
        assert one.namelist() == sorted(one.namelist()) == two.namelist()
        same = [n for n in one.namelist() if one.read(n) == two.read(n)]
        assert set(one.namelist()) - set(same) == {"manifest.json"}
        assert {info.date_time for info in one.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert "changes.jsonl" not in names_in(archive_of(reader, rich.base, history=False))
    assert list(settings.staging_dir.iterdir()) == []


def test_an_upload_is_looked_at_then_let_in(
    rich: World, session: Session, worker: Worker, settings: Settings
) -> None:
    content = archive_of(rich.door("owner"), rich.base)
    forget(session, "trust-and-faith")
    session.commit()
    stranger = rich.door("stranger")
    checked = check(stranger, worker, content, file_name="mine.zip")
    assert checked["status"] == "done"
    assert checked["result"]["is_new"] is True
    assert checked["result"]["counts"]["configurations"] == {"new": 4}
    assert stranger.get(rich.base).status_code == 404
    made = let_in(stranger, worker, checked["id"])
    assert made["status"] == "done"
    assert stranger.get(f"{rich.base}/configurations/1").status_code == 200
    last = stranger.get(f"{rich.base}/history?limit=500").json()["items"][-1]
    assert (last["channel"], last["reason"]) == ("import", "archive mine.zip")
    assert list(settings.staging_dir.iterdir()) == []
    again = stranger.post(f"/api/v1/archives/{checked['id']}/import", json={})
    assert again.status_code == 404


def test_a_taken_slug_asks_for_another(rich: World, worker: Worker) -> None:
    content = archive_of(rich.door("owner"), rich.base)
    owner = rich.door("owner")
    checked = check(owner, worker, content, as_copy=True)
    failed = let_in(owner, worker, checked["id"], as_copy=True)
    assert (failed["status"], failed["problem"]["code"]) == ("failed", "already_taken")
    assert "--slug" in failed["problem"]["detail"]
    made = let_in(owner, worker, checked["id"], as_copy=True, slug="second")
    assert made["result"]["slug"] == "second"
    assert owner.get("/api/v1/reviews/second").status_code == 200


def test_only_editors_bring_a_review_up_to_date(rich: World, worker: Worker) -> None:
    content = archive_of(rich.door("owner"), rich.base)
    stranger = check(rich.door("stranger"), worker, content)
    assert stranger["problem"]["code"] == "not_found"
    reader = check(rich.door("reader"), worker, content)
    assert reader["problem"]["code"] == "forbidden"
    assert check(rich.door("editor"), worker, content)["status"] == "done"


def test_a_person_sees_only_their_own_jobs(rich: World, worker: Worker) -> None:
    content = archive_of(rich.door("owner"), rich.base)
    job = check(rich.door("owner"), worker, content)["id"]
    assert rich.door("editor").get(f"/api/v1/jobs/{job}").status_code == 404
    assert rich.door("editor").get("/api/v1/jobs").json()["items"] == []
    assert [j["id"] for j in rich.door("owner").get("/api/v1/jobs").json()["items"]] == [job]
    other = rich.door("editor").post(f"/api/v1/archives/{job}/import", json={})
    assert other.status_code == 404


def test_what_is_no_zip_is_refused_and_nothing_is_left(
    rich: World, worker: Worker, settings: Settings
) -> None:
    owner = rich.door("owner")
    job = check(owner, worker, b"PK\x03\x04 broken")
    assert (job["status"], job["problem"]["code"]) == ("failed", "bad_archive")
    assert [path.suffix for path in settings.staging_dir.iterdir()] == [".zip"]
    wrong = owner.post("/api/v1/archives", content=b"{}", headers={"Content-Type": "text/plain"})
    assert wrong.status_code == 415
    early = owner.post(f"/api/v1/archives/{job['id']}/import", json={})
    assert early.status_code == 409


def test_only_a_stopped_heart_means_interrupted(
    world: World, session: Session, sessions: sessionmaker[Session], settings: Settings
) -> None:
    job = add_job(session, "archive_check", world.users["owner"].id, {})
    session.commit()
    task = claim_job(sessions, settings, "somebody")
    assert task is not None
    assert claim_job(sessions, settings, "somebody else") is None
    assert mark_interrupted(sessions) == 0
    session.execute(update(Job).values(heartbeat_at=now() - STALE - timedelta(seconds=1)))
    session.commit()
    assert mark_interrupted(sessions) == 1
    session.refresh(job)
    assert job.status is JobStatus.INTERRUPTED


def test_a_job_given_up_meanwhile_writes_nothing(
    rich: World,
    session: Session,
    sessions: sessionmaker[Session],
    settings: Settings,
    worker: Worker,
) -> None:
    owner = rich.door("owner")
    checked = check(owner, worker, archive_of(owner, rich.base), as_copy=True)
    wish = {"as_copy": True, "slug": "second"}
    done(owner.post(f"/api/v1/archives/{checked['id']}/import", json=wish))
    task = claim_job(sessions, settings, "slow")
    assert task is not None
    session.execute(update(Job).where(Job.id == task.id).values(status=JobStatus.INTERRUPTED))
    session.commit()
    run(task)
    assert session.query(Review).filter_by(slug="second").count() == 0
    assert done(owner.get(f"/api/v1/jobs/{task.id}"))["status"] == "interrupted"


def test_a_server_starts_and_stops_its_worker(tmp_path: Path) -> None:
    app = create_app(cheap_settings(tmp_path))
    upgrade(app.state.engine)
    with Door(app, None) as door:
        assert door.get("/readyz").status_code == 200
        assert "jobs" in {thread.name for thread in enumerate_threads()}
    assert "jobs" not in {thread.name for thread in enumerate_threads()}


def test_old_uploads_are_cleared(settings: Settings) -> None:
    settings.staging_dir.mkdir(parents=True)
    old, new = settings.staging_dir / "a.zip", settings.staging_dir / "b.zip"
    old.touch()
    new.touch()
    os.utime(old, (0, 0))
    clear_staging(settings)
    assert [path.name for path in Path(settings.staging_dir).iterdir()] == ["b.zip"]
