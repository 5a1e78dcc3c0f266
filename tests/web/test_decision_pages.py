"""Decisions made in Rayyan or Covidence come in on a page, looked at first, without a script."""

import re

from app.jobs.worker import Worker
from tests.conftest import World
from tests.exchange.test_decisions import COVIDENCE_CSV, RAYYAN_CSV
from tests.library.screening_material import done
from tests.web.test_library_pages import API, HOME, Seat, seats, worker
from tests.web.test_pages import queries

__all__ = ["queries", "seats", "worker"]

HERE = "/screening/elsewhere"
TO = "/decisions/imports"
SOURCES = [
    {"title": "Works in trust – a study", "year": 2001, "doi": "10.1000/one"},
    {"title": "Works in faith", "year": 2002},
    {"title": "Works in risk", "year": 2004},
]


def look_at(world: World, seat: Seat, worker: Worker, content: str, name: str, stage: str) -> str:
    done(world.door("editor").post(f"{API}/sources/bulk", json={"items": SOURCES}))
    file = (name, content.encode(), "text/csv")
    page = seat.post_form(HERE, TO, 0, _file=file, **{"_query.stage_id": stage})
    assert "Looking at the file" in page
    assert worker.work_once()
    return seat.open(at_job(world))


def at_job(world: World) -> str:
    """The page at the newest job; a rollback does not give its number back."""
    jobs = done(world.door("editor").get("/api/v1/jobs"))["items"]
    return f"{HERE}?job={max(job['id'] for job in jobs)}"


def chosen(page: str) -> list[str]:
    """Who the names of a file are said to be."""
    fields = re.findall(r'<select id="person-\d+".*?</select>', page, re.DOTALL)
    return [(re.findall(r"selected>([^<]+)", field) or ["nobody here"])[0] for field in fields]


def test_a_file_of_rayyan_is_looked_at_taken_in_and_taken_back(
    world: World, seats: dict[str, Seat], worker: Worker
) -> None:
    seat = seats["editor"]
    content = RAYYAN_CSV.replace("Ana", "Coder")
    looked = look_at(world, seat, worker, content, "articles.csv", "1")
    assert "Take 3 decisions in" in looked
    assert "1 reason would be added to those of Title and abstract: wrong population" in looked
    assert "no source has its DOI, PubMed number or title" in looked
    assert chosen(looked) == ["nobody here", "Coder"]
    assert "suggested: called so" in looked
    assert done(world.door("coder").get(f"{API}/decisions"))["items"] == []
    coder = world.users["coder"].id
    people = {"_query.person": [f"Coder={coder}", "Bo Ek="], "_query.stage_id": "1"}
    seat.post_form(at_job(world), TO, 0, **people)
    assert worker.work_once()
    came = seat.open(at_job(world))
    assert "3 decisions came in at Title and abstract" in came
    made = done(world.door("coder").get(f"{API}/decisions"))["items"]
    assert [decision["screener_id"] == coder for decision in made] == [True, False, True]
    [number] = re.findall(rf'action="{API}/history/(\d+)/undo"', came)
    back = seat.post_form(HERE, f"/history/{number}/undo")
    assert "taken back by" in back
    assert not seat.has_form(HERE, f"/history/{number}/undo")
    assert done(world.door("coder").get(f"{API}/decisions"))["items"] == []


def test_who_somebody_is_can_be_said_otherwise_and_stays_said(
    world: World, seats: dict[str, Seat], worker: Worker
) -> None:
    seat = seats["editor"]
    content = RAYYAN_CSV.replace("Ana", "Coder")
    look_at(world, seat, worker, content, "articles.csv", "1")
    editor = world.users["editor"].id
    people = {"_query.person": ["Coder=", f"Bo Ek={editor}"], "_query.preview": "true"}
    seat.post_form(at_job(world), TO, 0, **people, **{"_query.stage_id": "1"})
    assert worker.work_once()
    again = seat.open(at_job(world))
    assert chosen(again) == ["Editor", "nobody here"]
    assert "suggested" not in again


def test_a_file_nobody_can_read_without_being_told_more_asks_for_it(
    world: World, seats: dict[str, Seat], worker: Worker
) -> None:
    seat = seats["editor"]
    looked = look_at(world, seat, worker, COVIDENCE_CSV, "export.csv", "")
    assert "say which stage" in looked
    more = {"_query.stage_id": "2", "_query.verdict": "exclude", "_query.preview": "true"}
    more["_query.default_reason"] = "Not said"
    seat.post_form(at_job(world), TO, 0, **more)
    assert worker.work_once()
    assert "Read as decisions of <strong>Covidence</strong>" in seat.open(at_job(world))


def test_the_page_asks_little_of_the_database_and_is_for_editors(
    world: World, seats: dict[str, Seat], worker: Worker, queries: list[str]
) -> None:
    looked = look_at(world, seats["editor"], worker, RAYYAN_CSV, "articles.csv", "1")
    assert looked
    queries.clear()
    seats["editor"].open(at_job(world))
    assert len([q for q in queries if not q.startswith(("SAVEPOINT", "RELEASE"))]) <= 20
    assert HERE in seats["editor"].open("/screening")
    assert HERE not in seats["coder"].open("/screening")
    assert seats["coder"].get(HOME + HERE).status_code == 403
