"""Importing as a job: asked for, told how far, taken in at once or not at all."""

from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from app.access.models import Membership
from app.config import Settings
from app.exchange import import_jobs
from app.jobs.models import Job, JobStatus
from app.jobs.running import claim_job, run
from app.jobs.worker import Worker
from app.library.models import Source
from tests.conftest import Door, World
from tests.exchange.test_importing import FILE, make_search, send, sources


@pytest.fixture
def worker(sessions: sessionmaker[Session], settings: Settings) -> Worker:
    return Worker(sessions, settings)


def ask(door: Door, world: World, content: str = FILE, **query: Any) -> int:
    answer = send(door, world, content, as_job=True, **query)
    assert answer.status_code == 202, answer.text
    assert answer.json()["status"] == "waiting"
    return int(answer.json()["id"])


def job(door: Door, number: int) -> dict[str, Any]:
    read: dict[str, Any] = door.get(f"/api/v1/jobs/{number}").json()
    return read


def test_a_job_answers_what_the_import_would_have_answered(
    world: World, editor: Door, worker: Worker, settings: Settings
) -> None:
    make_search(editor, world)
    preview = ask(editor, world, preview=True, reason="to see")
    number = ask(editor, world, reason="the spring search")
    assert worker.work_once()
    looked = job(editor, preview)
    assert (looked["status"], looked["result"]["added"]) == ("done", 2)
    assert sources(editor, world) == []
    assert worker.work_once()
    done = job(editor, number)
    assert (done["status"], done["stage"]) == ("done", "writing")
    assert (done["result"]["added"], done["result"]["bad"]) == (2, 1)
    assert [source["title"] for source in sources(editor, world)] == ["Small wins", "Other wins"]
    newest = editor.get(f"{world.base}/history?limit=500").json()["items"][-1]
    assert (newest["channel"], newest["reason"]) == ("import", "the spring search")
    assert newest["actor_id"] == world.users["editor"].id
    kept = [path.suffix for path in settings.staging_dir.iterdir()]
    assert kept == [".references"]  # what was previewed, for a day


def test_a_previewed_file_is_imported_without_sending_it_again(
    world: World, editor: Door, worker: Worker
) -> None:
    make_search(editor, world)
    preview = ask(editor, world, preview=True)
    assert worker.work_once()
    ask(editor, world, "", previewed=preview)
    assert worker.work_once()
    assert [source["title"] for source in sources(editor, world)] == ["Small wins", "Other wins"]
    answer = send(editor, world, "", previewed=preview)
    assert (answer.status_code, answer.json()["added"], answer.json()["known"]) == (200, 0, 2)


def test_only_ones_own_preview_of_this_review_is_imported(
    world: World, editor: Door, worker: Worker, settings: Settings
) -> None:
    make_search(editor, world)
    preview = ask(editor, world, preview=True)
    done = ask(editor, world)
    assert worker.work_once()
    assert worker.work_once()
    assert send(world.door("owner"), world, "", previewed=preview).status_code == 404
    assert "previewed no file" in send(editor, world, "", previewed=done).json()["detail"]
    for path in settings.staging_dir.iterdir():
        path.unlink()
    assert "Send it again" in send(editor, world, "", previewed=preview).json()["detail"]


def test_a_job_that_cannot_go_on_says_why_and_writes_nothing(
    world: World, editor: Door, worker: Worker, session: Session
) -> None:
    make_search(editor, world)
    unreadable = ask(editor, world, "nothing of the kind")
    left = ask(editor, world)
    assert worker.work_once()
    assert job(editor, unreadable)["problem"]["code"] == "unknown_format"
    gone = Membership.user_id == world.users["editor"].id
    session.execute(
        update(Membership)
        .where(gone)
        .values(role="coder")
        .execution_options(retroduce_recorded=True)
    )
    session.commit()
    assert worker.work_once()
    assert job(editor, left)["problem"]["code"] == "forbidden"
    assert session.scalars(select(Source.id)).all() == []


def test_a_job_given_up_while_it_writes_leaves_nothing(
    world: World,
    editor: Door,
    sessions: sessionmaker[Session],
    session: Session,
    settings: Settings,
) -> None:
    make_search(editor, world)
    number = ask(editor, world)
    task = claim_job(sessions, settings, "one")
    assert task is not None
    session.execute(update(Job).where(Job.id == number).values(status=JobStatus.INTERRUPTED))
    session.commit()
    run(task)
    assert job(editor, number)["status"] == "interrupted"
    assert sources(editor, world) == []


def test_only_those_who_may_import_may_ask(world: World, editor: Door, coder: Door) -> None:
    make_search(editor, world)
    assert send(coder, world, FILE, as_job=True).status_code == 403
    assert import_jobs.IMPORT == "reference_import"
