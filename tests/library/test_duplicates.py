"""Finding, deciding, merging and unmerging sources through the API, on both stores."""

from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.config import Settings
from app.jobs.worker import Worker
from tests.conftest import Door, World

ANY = {"If-Match": "*"}
TITLE = "Building trust between partners in integrated care: a realist review"
AUTHORS = [{"family": "Aunger", "given": "Justin"}, {"family": "Millar", "given": "Ross"}]
CSL = {"volume": "10", "page": "82-97"}
PAPER = {
    "title": TITLE,
    "authors": AUTHORS,
    "year": 2021,
    "container_title": "Systematic Reviews",
    "doi": "10.1186/s13643-021-01630-8",
}
SAME_DOI = {"title": TITLE.upper(), "doi": "https://doi.org/10.1186/S13643-021-01630-8", "csl": CSL}
LIKELY = {"title": TITLE, "authors": AUTHORS, "year": 2020, "country": "United Kingdom"}
OTHER = {"title": "Faith in the venture itself", "authors": [{"family": "Huxham"}], "year": 2003}


@pytest.fixture
def worker(sessions: sessionmaker[Session], settings: Settings) -> Worker:
    return Worker(sessions, settings)


@pytest.fixture
def door(world: World) -> Door:
    """The editor's door to a review of four sources: S1 and S2 surely one work, S3 likely too."""
    door = world.door("editor")
    items = [PAPER, SAME_DOI, LIKELY, OTHER]
    made = door.post(f"{world.base}/sources/bulk", json={"items": items})
    assert made.status_code == 201, made.text
    return door


def ask(door: Door, world: World, path: str, **query: Any) -> Any:
    answer = door.get(f"{world.base}/{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def find(door: Door, world: World, worker: Worker, **wish: Any) -> dict[str, Any]:
    asked = door.post(f"{world.base}/duplicates/find", json=wish)
    assert asked.status_code == 202, asked.text
    assert worker.work_once()
    job = door.get(f"/api/v1/jobs/{asked.json()['id']}").json()
    assert job["status"] == "done", job
    result: dict[str, Any] = job["result"]
    return result


def decide(door: Door, world: World, *items: dict[str, Any]) -> Any:
    return door.post(f"{world.base}/duplicates/decisions", json={"items": items})


def merge(door: Door, world: World, number: int, into: int) -> Any:
    path = f"{world.base}/sources/{number}/merge"
    return door.post(path, json={"into_id": into}, headers=ANY)


def unmerge(door: Door, world: World, number: int) -> Any:
    return door.post(f"{world.base}/sources/{number}/unmerge", headers=ANY)


def undo_last(door: Door, world: World) -> Any:
    last = ask(door, world, "history", limit=500)["items"][-1]["id"]
    return door.post(f"{world.base}/history/{last}/undo")


def standing(door: Door, world: World) -> dict[int, list[int]]:
    return {s["id"]: s["merged"] for s in ask(door, world, "sources")["items"]}


def test_a_run_merges_what_is_certain_queues_what_is_likely_and_is_one_change_set(
    door: Door, world: World, worker: Worker
) -> None:
    before = ask(door, world, "history", limit=500)["items"]
    assert find(door, world, worker) == {
        "compared": 4,
        "merged": 1,
        "suggested": 1,
        "dropped": 0,
        "waiting": 1,
    }
    assert standing(door, world) == {1: [2], 3: [], 4: []}
    [pair] = ask(door, world, "duplicates")["items"]
    assert (pair["lower_id"], pair["higher_id"], pair["state"]) == (1, 3, "suggested")
    assert pair["reasons"][:2] == ["same title", "same authors"]
    assert pair["differs"] == ["year"]
    assert pair["proposed_survivor_id"] == 1
    assert (pair["lower"]["title"], pair["higher"]["country"]) == (TITLE, "United Kingdom")
    [merged] = ask(door, world, "duplicates", state="merged")["items"]
    assert (merged["by_program"], merged["survivor_id"], merged["filled"]) == (
        True,
        1,
        ["csl.page", "csl.volume"],
    )
    after = ask(door, world, "history", limit=500)["items"]
    assert len(after) == len(before) + 1
    assert after[-1]["reason"] == "looked for duplicates"
    assert undo_last(door, world).status_code == 200
    assert standing(door, world) == {1: [], 2: [], 3: [], 4: []}
    assert ask(door, world, "sources/1")["csl"] is None
    assert ask(door, world, "duplicates")["items"] == []


def test_what_was_decided_is_not_asked_again(door: Door, world: World, worker: Worker) -> None:
    find(door, world, worker, automatic=False)
    first = ask(door, world, "duplicates")["items"]
    assert [(p["lower_id"], p["higher_id"]) for p in first] == [(1, 2), (1, 3), (2, 3)]
    apart = {"source_id": 2, "other_id": 1, "choice": "apart"}
    merged = {"source_id": 3, "other_id": 1, "choice": "merge", "survivor_id": 1}
    answer = decide(door, world, apart, merged)
    assert [(p["state"], p["by_program"], p["decided_by"] is None) for p in answer.json()] == [
        ("apart", False, False),
        ("merged", False, False),
    ]
    again = find(door, world, worker)
    assert (again["merged"], again["suggested"], again["dropped"]) == (0, 0, 1)
    assert standing(door, world) == {1: [3], 2: [], 4: []}
    source = ask(door, world, "sources/1")
    assert (source["country"], source["year"]) == ("United Kingdom", 2021)
    assert find(door, world, worker)["waiting"] == 0


def test_what_comes_in_later_is_compared_with_all(door: Door, world: World, worker: Worker) -> None:
    find(door, world, worker)
    door.post(f"{world.base}/sources", json=PAPER | {"title": f"{TITLE}."})
    assert find(door, world, worker)["merged"] == 1
    assert standing(door, world) == {1: [2, 5], 3: [], 4: []}


def test_merging_moves_nothing_and_unmerging_gives_all_back(door: Door, world: World) -> None:
    quote = door.post(f"{world.base}/quotes", json={"source_id": 3, "exact": "trust grew"}).json()
    before = {n: ask(door, world, f"sources/{n}") for n in (1, 3)}
    merged = merge(door, world, 3, 1)
    assert (merged.status_code, merged.json()["merged_into_id"]) == (200, 1)
    assert ask(door, world, f"quotes/{quote['id']}")["source_id"] == 3
    assert ask(door, world, "sources/1")["country"] == "United Kingdom"
    assert [s["id"] for s in ask(door, world, "sources", is_merged=True)["items"]] == [3]
    assert ask(door, world, "sources", count=True)["total"] == 3
    assert unmerge(door, world, 3).status_code == 200
    after = {n: ask(door, world, f"sources/{n}") for n in (1, 3)}
    for n in (1, 3):
        assert after[n] | {"version": 0} == before[n] | {"version": 0}
    assert ask(door, world, "duplicates/3/1")["state"] == "apart"


def test_a_chain_of_merges_counts_as_its_last_and_comes_apart_link_by_link(
    door: Door, world: World
) -> None:
    for number, into in ((3, 2), (2, 1), (4, 3)):
        assert merge(door, world, number, into).status_code == 200
    assert standing(door, world) == {1: [2, 3, 4]}
    assert unmerge(door, world, 2).status_code == 200
    assert standing(door, world) == {1: [4], 2: [3]}
    assert ask(door, world, "sources/1")["country"] is None
    assert ask(door, world, "sources/2")["country"] == "United Kingdom"
    assert unmerge(door, world, 3).status_code == 200
    assert standing(door, world) == {1: [4], 2: [], 3: []}
    assert ask(door, world, "sources/2")["country"] is None


def test_what_a_person_changed_since_stays_when_unmerged(door: Door, world: World) -> None:
    merge(door, world, 3, 1)
    path = f"{world.base}/sources/1"
    door.patch(path, json={"country": "Scotland"}, headers=ANY)
    assert unmerge(door, world, 3).status_code == 200
    assert ask(door, world, "sources/1")["country"] == "Scotland"


def test_what_makes_no_sense_is_refused_by_a_clear_answer(door: Door, world: World) -> None:
    assert merge(door, world, 2, 1).status_code == 200
    for number, into, status, told in (
        (2, 3, 409, "S2 is merged into S1 already; unmerge it first."),
        (1, 2, 409, "S2 is merged into S1 already; unmerge it first."),
        (3, 3, 422, "into_id: a source cannot stand for itself; name another."),
        (3, 99, 422, "into_id: there is no S99 in this review"),
    ):
        answer = merge(door, world, number, into)
        assert (answer.status_code, answer.json()["detail"]) == (status, told)
    assert unmerge(door, world, 1).json()["detail"] == "S1 is not merged into another source."
    kept = decide(door, world, {"source_id": 2, "other_id": 3, "choice": "apart"})
    assert (kept.status_code, kept.json()["code"]) == (409, "conflict")
    assert "S2 is merged into S1" in kept.json()["detail"]
    for wrong in (
        {"source_id": 3, "other_id": 3, "choice": "apart"},
        {"source_id": 3, "other_id": 4, "choice": "merge"},
        {"source_id": 3, "other_id": 4, "choice": "merge", "survivor_id": 1},
        {"source_id": 3, "other_id": 4, "choice": "apart", "survivor_id": 3},
        {"source_id": 3, "other_id": 99, "choice": "apart"},
    ):
        assert decide(door, world, wrong).status_code == 422, wrong
    no_version = door.post(f"{world.base}/sources/3/merge", json={"into_id": 1})
    assert no_version.status_code == 428
    assert door.get(f"{world.base}/duplicates/1/99").status_code == 404
    assert door.get(f"{world.base}/duplicates", params={"after": "x"}).status_code == 422


def test_decisions_are_taken_all_or_none(door: Door, world: World) -> None:
    good = {"source_id": 3, "other_id": 1, "choice": "merge", "survivor_id": 1}
    bad = {"source_id": 3, "other_id": 4, "choice": "merge", "survivor_id": 4}
    assert decide(door, world, good, bad).status_code == 409
    assert standing(door, world) == {1: [], 2: [], 3: [], 4: []}


def test_a_source_that_stands_for_others_is_not_deleted_and_pairs_go_with_a_source(
    door: Door, world: World
) -> None:
    merge(door, world, 2, 1)
    decide(door, world, {"source_id": 3, "other_id": 1, "choice": "apart"})
    refused = door.delete(f"{world.base}/sources/1", headers=ANY)
    assert (refused.status_code, refused.json()["used_by"]) == (409, ["S2"])
    assert door.delete(f"{world.base}/sources/3", headers=ANY).status_code == 204
    assert door.get(f"{world.base}/duplicates/1/3").status_code == 404
    assert undo_last(door, world).status_code == 200
    assert ask(door, world, "duplicates/1/3")["state"] == "apart"


def test_undoing_never_leaves_a_source_merged_into_a_merged_one(door: Door, world: World) -> None:
    merge(door, world, 2, 1)
    assert door.delete(f"{world.base}/sources/2", headers=ANY).status_code == 204
    deleted = ask(door, world, "history", limit=500)["items"][-1]["id"]
    merge(door, world, 1, 3)
    refused = door.post(f"{world.base}/history/{deleted}/undo")
    assert (refused.status_code, refused.json()["code"]) == (409, "undo_conflict")
    assert unmerge(door, world, 1).status_code == 200
    assert door.post(f"{world.base}/history/{deleted}/undo").status_code == 200
    assert standing(door, world) == {1: [2], 3: [], 4: []}


def test_pages_of_the_queue_follow_one_another_the_surest_first(
    door: Door, world: World, worker: Worker
) -> None:
    find(door, world, worker, automatic=False)
    whole = ask(door, world, "duplicates")["items"]
    assert [p["score"] for p in whole] == sorted((p["score"] for p in whole), reverse=True)
    seen, after = [], None
    while True:
        page = ask(door, world, "duplicates", limit=1, **({"after": after} if after else {}))
        seen += page["items"]
        after = page["next"]
        if after is None:
            break
    assert seen == whole
    least = whole[-1]["score"]
    assert ask(door, world, "duplicates", min_score=least)["items"] == whole
    assert len(ask(door, world, "duplicates", source_id=3)["items"]) == 2
    assert ask(door, world, "duplicates", by_program=True)["items"] == []


def test_conflicting_identifiers_are_never_joined_through_a_third(
    world: World, worker: Worker
) -> None:
    door = world.door("editor")
    whole = PAPER | {"csl": CSL}
    items = [whole, whole | {"doi": None}, whole | {"doi": "10.1000/other"}]
    door.post(f"{world.base}/sources/bulk", json={"items": items})
    assert find(door, world, worker)["merged"] == 1
    left = standing(door, world)
    assert sorted([number, *merged] for number, merged in left.items()) == [[1, 2], [3]]
    [pair] = ask(door, world, "duplicates")["items"]
    assert (pair["lower_id"], pair["higher_id"]) == (1, 3)


def test_a_job_of_somebody_who_may_no_longer_change_writes_nothing(
    door: Door, world: World, worker: Worker
) -> None:
    asked = door.post(f"{world.base}/duplicates/find", json={}).json()
    path = f"{world.base}/members/{world.users['editor'].id}"
    assert world.door("owner").put(path, json={"role": "reader"}, headers=ANY).status_code == 200
    assert worker.work_once()
    job = door.get(f"/api/v1/jobs/{asked['id']}").json()
    assert (job["status"], job["problem"]["code"]) == ("failed", "forbidden")
    assert standing(door, world) == {1: [], 2: [], 3: [], 4: []}


def test_pages_name_the_duplicates_and_what_stands_for_them(door: Door, world: World) -> None:
    home = f"/reviews/{world.review.slug}"
    assert ">4<" in door.get(home).text.replace(" ", "").replace("\n", "")
    merge(door, world, 2, 1)
    survivor, duplicate = (door.get(f"{home}/sources/{n}").text for n in (1, 2))
    assert "Stands for" in survivor
    assert f"{home}/sources/2" in survivor
    assert "counted and listed as" in duplicate
    assert f"{home}/sources/2" not in door.get(f"{home}/sources").text


def test_what_brought_sources_in_is_taken_back_after_what_compared_them(
    door: Door, world: World, worker: Worker
) -> None:
    brought = ask(door, world, "history", limit=500)["items"][-1]["id"]
    find(door, world, worker, automatic=False)
    compared = ask(door, world, "history", limit=500)["items"][-1]["id"]
    refused = door.post(f"{world.base}/history/{brought}/undo")
    assert (refused.status_code, refused.json()["code"]) == (409, "undo_conflict")
    assert f"H{compared}; take that back first" in refused.json()["detail"]
    assert {one["change_set"] for one in refused.json()["blocking"]} == {compared}
    for number in (compared, brought):
        assert door.post(f"{world.base}/history/{number}/undo").status_code == 200
    assert standing(door, world) == {}


def test_the_richer_source_stands_for_both_and_else_the_one_that_came_first(
    door: Door, world: World, worker: Worker
) -> None:
    first = {"title": "Early wins between partners", "year": 2019, "doi": "10.9999/jhp.4"}
    numbered = first | {
        "title": "Early wins between partners.",
        "pmid": "99000001",
        "language": "eng",
    }
    numbered |= {"csl": {"issued": {"date-parts": [[2019, 3]]}, "PMCID": "PMC1"}}
    poor = {"title": "Small aims and long partnerships", "doi": "10.9999/jhp.5"}
    rich = poor | {"year": 2019, "abstract": "What small aims do to long partnerships."}
    body = {"items": [first, numbered, poor, rich]}
    assert door.post(f"{world.base}/sources/bulk", json=body).status_code == 201
    find(door, world, worker)
    there = standing(door, world)
    assert (there[5], there[8]) == ([6], [7])
    assert ask(door, world, "sources/5")["pmid"] == "99000001"
