"""What taking a change back must not break: rules that no single row shows."""

from typing import Any

import pytest

from tests.conftest import Door, World
from tests.theory.material import ANY

CONFIGURATION = {
    "elements": [{"role": role, "wording": role} for role in ("context", "mechanism", "outcome")]
}


@pytest.fixture
def pair(world: World, editor: Door) -> tuple[int, int]:
    first, second = (post(editor, world, "configurations", CONFIGURATION) for _ in range(2))
    return first, second


def post(door: Door, world: World, what: str, body: dict[str, Any]) -> int:
    made = door.post(f"{world.base}/{what}", json=body, headers=ANY)
    assert made.status_code == 201, made.text
    number: int = made.json().get("id", 0)
    return number


def newest(door: Door, world: World) -> int:
    number: int = door.get(f"{world.base}/history?limit=500").json()["items"][-1]["id"]
    return number


def patch(door: Door, world: World, what: str, body: dict[str, Any]) -> int:
    """Change something and return the change-set."""
    changed = door.patch(f"{world.base}/{what}", json=body, headers=ANY)
    assert changed.status_code == 200, changed.text
    return newest(door, world)


def refused(door: Door, world: World, number: int, *names: str) -> None:
    answer = door.post(f"{world.base}/history/{number}/undo")
    assert (answer.status_code, answer.json()["code"]) == (409, "undo_conflict"), answer.text
    for name in names:
        assert name in answer.json()["detail"]


def test_only_raw_ones_stay_members(world: World, editor: Door, pair: tuple[int, int]) -> None:
    patch(editor, world, f"configurations/{pair[0]}", {"kind": "constructed"})
    made_raw = patch(editor, world, f"configurations/{pair[0]}", {"kind": "raw"})
    whole = {"kind": "consolidated", "members": [{"member_id": pair[0]}]}
    number = post(editor, world, "configurations", whole)
    refused(editor, world, made_raw, f"C{number} stands for C{pair[0]}")
    assert editor.get(f"{world.base}/configurations/{pair[0]}").json()["kind"] == "raw"


def test_only_consolidated_ones_keep_members(
    world: World, editor: Door, pair: tuple[int, int]
) -> None:
    consolidated = patch(editor, world, f"configurations/{pair[0]}", {"kind": "consolidated"})
    members = {"members": [{"member_id": pair[1]}]}
    url = f"{world.base}/configurations/{pair[0]}/members"
    assert editor.put(url, json=members, headers=ANY).status_code == 200
    refused(editor, world, consolidated, f"C{pair[0]} stands for C{pair[1]}")


def test_a_link_keeps_ends_that_fit(world: World, editor: Door, pair: tuple[int, int]) -> None:
    end = f"configurations/{pair[1]}/elements/3"
    became_context = patch(editor, world, end, {"role": "context"})
    feeds = {"kind": "feeds", "from_id": pair[0], "to_id": pair[1], "reason": "ripple"}
    link = post(editor, world, "links", {**feeds, "from_element_n": 3, "to_element_n": 3})
    refused(editor, world, became_context, f"element 3 of C{pair[1]}", f"L{link}")


def test_an_outcome_keeps_a_mechanism(world: World, editor: Door, pair: tuple[int, int]) -> None:
    parts = f"configurations/{pair[0]}/elements"
    became_mechanism = patch(editor, world, f"{parts}/1", {"role": "mechanism"})
    patch(editor, world, f"{parts}/3", {"mechanism_n": 1})
    refused(editor, world, became_mechanism, f"element 3 of C{pair[0]}")


def test_a_link_keeps_a_reason_or_evidence(
    world: World, editor: Door, pair: tuple[int, int]
) -> None:
    source = post(editor, world, "sources", {"title": "On trust"})
    feeds = {"kind": "feeds", "from_id": pair[0], "to_id": pair[1], "reason": "ripple"}
    link = post(editor, world, "links", feeds)
    post(editor, world, f"links/{link}/evidence", {"source_id": source, "page": "4"})
    added = newest(editor, world)
    patch(editor, world, f"links/{link}", {"reason": None})
    refused(editor, world, added, f"L{link} would have neither")
