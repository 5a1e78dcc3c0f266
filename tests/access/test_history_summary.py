"""The history says in one line what each change-set did."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, event

from tests.conftest import Door, World
from tests.theory.material import ANY

TWO = [{"role": "context", "wording": "contract"}, {"role": "outcome", "wording": "trust"}]


@pytest.fixture
def queries(store: Engine) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        sent.append(statement)

    event.listen(store, "before_cursor_execute", note)
    yield sent
    event.remove(store, "before_cursor_execute", note)


def said(door: Door, world: World) -> list[str]:
    """What the last change-set did."""
    found: list[dict[str, Any]] = door.get(f"{world.base}/history?limit=500").json()["items"]
    return [item["what"] for item in found]


def sources(door: Door, world: World, many: int) -> None:
    items = [{"title": f"Work {i}"} for i in range(many)]
    assert door.post(f"{world.base}/sources/bulk", json={"items": items}).status_code == 201


def test_what_was_added_is_named_by_its_numbers(world: World, owner: Door) -> None:
    sources(owner, world, 1)
    assert said(owner, world)[-1] == "added S1"
    sources(owner, world, 2)
    assert said(owner, world)[-1] == "added S2, S3"
    sources(owner, world, 200)
    assert said(owner, world)[-1] == "added S4-S203 (200)"
    quotes = [{"quote": {"source_id": 1, "exact": f"words {i}"}} for i in range(3)]
    body = {"elements": TWO, "evidence": quotes}
    assert owner.post(f"{world.base}/configurations", json=body).status_code == 201
    assert said(owner, world)[-1] == "added C1, Q1-Q3"
    study = {"title": "One", "study": "north"}
    owner.post(f"{world.base}/sources", json=study)
    assert said(owner, world)[-1] == "added S204, Y1"


def test_one_change_of_one_thing_says_what_of_it(world: World, owner: Door) -> None:
    sources(owner, world, 1)
    c1 = f"{world.base}/configurations/1"
    owner.post(f"{world.base}/configurations", json={"elements": TWO})
    owner.post(f"{world.base}/concepts", json={"label": "trust"})
    steps: list[tuple[str, str, Any, str]] = [
        ("PATCH", f"{c1}/elements/2", {"concept_id": 1}, "C1: element 2 changed"),
        ("PATCH", f"{c1}/elements/2", {"wording": "goodwill"}, "C1: element 2 changed"),
        ("POST", f"{c1}/elements", {"role": "actor", "wording": "x"}, "C1: element 3 added"),
        ("DELETE", f"{c1}/elements/3", None, "C1: element 3 deleted"),
        ("PATCH", c1, {"status": "coded"}, "C1: status changed"),
        (
            "PATCH",
            c1,
            {"title": "t", "phase": "p", "modality": "likely", "shared": "s"},
            "C1: title, modality, phase and 1 more changed",
        ),
        (
            "POST",
            f"{c1}/evidence",
            {"source_id": 1, "page": "2", "elements": [1]},
            "C1: evidence 1 added",
        ),
        ("PATCH", f"{c1}/evidence/1", {"elements": [1, 2]}, "C1 changed"),
        ("POST", f"{world.base}/concepts/1/aliases", {"label": "faith"}, "K1: alias added"),
        ("PATCH", world.base, {"quote_word_limit": 9}, "the review: quote word limit changed"),
        ("DELETE", c1, None, "deleted C1"),
        ("POST", f"{world.base}/history/restore", {"kind": "C", "number": 1}, "H15 back: added C1"),
    ]
    for method, address, body, expected in steps:
        answer = owner.request(method, address, json=body, headers=ANY)
        assert answer.status_code < 300, (address, answer.text)
        assert said(owner, world)[-1].endswith(expected), (address, said(owner, world)[-1])


def test_members_are_changes_of_the_review(world: World, owner: Door) -> None:
    owner.post(f"{world.base}/members", json={"email": "stranger@example.org", "role": "coder"})
    assert said(owner, world)[-1] == "the review: member added"


def test_numbers_with_gaps_are_listed_while_they_are_few(world: World, owner: Door) -> None:
    sources(owner, world, 60)
    field = {"subject": "source", "name": "note", "type": "text"}
    for chosen in ([1, 2, 3, 7, 9, 10], list(range(1, 60, 2))):
        number = owner.post(f"{world.base}/fields", json=field).json()["id"]
        for source in chosen:
            body = {"fields": {"note": "x"}}
            owner.patch(f"{world.base}/sources/{source}", json=body, headers=ANY)
        owner.delete(f"{world.base}/fields/{number}?drop_values=true", headers=ANY)
        expected = "S1-S3, S7, S9, S10" if len(chosen) == 6 else "S1 … S59 (30)"
        assert said(owner, world)[-1] == f"changed {expected}; deleted F{number}"


def test_a_merge_names_both_concepts_and_an_unmerge_the_one(world: World, owner: Door) -> None:
    for label in ("trust", "faith"):
        owner.post(f"{world.base}/concepts", json={"label": label})
    owner.post(f"{world.base}/concepts/1/merge", json={"into_id": 2})
    assert said(owner, world)[-1] == "K1 merged into K2"
    owner.post(f"{world.base}/concepts/1/unmerge")
    assert said(owner, world)[-2:] == ["K1 merged into K2", "K1 stands for itself again"]
    last = owner.get(f"{world.base}/history").json()["items"][-1]["id"]
    owner.post(f"{world.base}/history/{last}/undo")
    assert said(owner, world)[-1] == f"took H{last} back: K1 merged into K2"


def test_taking_back_says_what_was_taken_back(world: World, owner: Door) -> None:
    sources(owner, world, 3)
    last = owner.get(f"{world.base}/history").json()["items"][-1]["id"]
    owner.post(f"{world.base}/history/{last}/undo")
    assert said(owner, world)[-1] == f"took H{last} back: deleted S1-S3"
    read = owner.get(f"{world.base}/history/{last + 1}").json()
    assert read["what"] == said(owner, world)[-1]


def test_a_page_of_history_takes_few_queries(world: World, owner: Door, queries: list[str]) -> None:
    sources(owner, world, 200)
    for number in range(1, 21):
        body = {"country": "NO"}
        owner.patch(f"{world.base}/sources/{number}", json=body, headers=ANY)
    queries.clear()
    assert len(said(owner, world)) > 20
    assert len(queries) < 12
