"""Concepts that look alike: suggested, merged with a preview, or told apart."""

import pytest

from tests.conftest import Door, World

ANY = {"If-Match": "*"}


@pytest.fixture
def editor(world: World) -> Door:
    """A codebook of near-duplicates, used in configurations."""
    editor = world.door("editor")
    concepts = [
        {"label": "small targets"},
        {"label": "smaller targets", "aliases": ["quick wins"]},
        {"label": "quick win"},
        {"label": "trust", "referent": "between partners"},
        {"label": "Trust", "referent": "in the venture"},
        {"label": "conflict"},
    ]
    made = editor.post(f"{world.base}/concepts/bulk", json={"items": concepts})
    assert made.status_code == 201
    items = [
        {
            "elements": [
                {"role": "context", "wording": "x", "concept_id": context},
                {"role": "outcome", "wording": "y", "concept_id": outcome},
            ]
        }
        for context, outcome in ((1, 4), (2, 4), (2, 6))
    ]
    made = editor.post(f"{world.base}/configurations/bulk", json={"items": items})
    assert made.status_code == 201
    return editor


def pairs(door: Door, base: str, **wish: int) -> list[tuple[int, int]]:
    found = door.get(f"{base}/concepts/alike", params=wish).json()["items"]
    return [(pair["lower_id"], pair["higher_id"]) for pair in found]


def test_suggests_names_that_read_alike_unless_their_referents_differ(
    world: World, editor: Door
) -> None:
    found = editor.get(f"{world.base}/concepts/alike").json()["items"]
    by_pair = {(pair["lower_id"], pair["higher_id"]): pair for pair in found}
    assert set(by_pair) == {(1, 2), (2, 3)}
    assert by_pair[2, 3]["why"] == ["“quick wins” reads like “quick win”"]
    assert by_pair[1, 2]["higher_configurations"] == 2
    assert pairs(editor, world.base, concept_id=1) == [(1, 2)]


def test_suggests_what_stands_beside_the_same_in_the_same_roles(world: World, editor: Door) -> None:
    for label in ("obligation", "duty", "hierarchy", "mandate", "merger"):
        editor.post(f"{world.base}/concepts", json={"label": label})
    for own in (7, 8):
        for beside in (9, 10, 11):
            elements = [
                {"role": "mechanism", "wording": "m", "concept_id": own},
                {"role": "context", "wording": "c", "concept_id": beside},
            ]
            editor.post(f"{world.base}/configurations", json={"elements": elements})
    found = editor.get(f"{world.base}/concepts/alike", params={"concept_id": 7}).json()["items"]
    [why] = found[0]["why"]
    assert (found[0]["higher_id"], "hierarchy, mandate, merger" in why) == (8, True)


def test_what_is_told_apart_is_suggested_no_more_until_that_is_taken_back(
    world: World, editor: Door
) -> None:
    body = {"concept_id": 2, "other_id": 1, "reason": "Smaller than what?"}
    told = editor.post(f"{world.base}/concepts/apart", json=body)
    assert (told.status_code, told.json()["lower_id"]) == (201, 1)
    assert editor.post(f"{world.base}/concepts/apart", json=body).status_code == 409
    assert pairs(editor, world.base) == [(2, 3)]
    [kept] = editor.get(f"{world.base}/concepts/apart").json()["items"]
    assert kept["reason"] == "Smaller than what?"
    assert editor.delete(f"{world.base}/concepts/apart/2/1").status_code == 204
    assert (1, 2) in pairs(editor, world.base)
    assert editor.delete(f"{world.base}/concepts/apart/2/1").status_code == 404


def test_a_concept_that_goes_takes_what_it_was_told_apart_from_along(
    world: World, editor: Door
) -> None:
    for other in (2, 4):
        editor.post(f"{world.base}/concepts/apart", json={"concept_id": 3, "other_id": other})
    assert editor.delete(f"{world.base}/concepts/3", headers=ANY).status_code == 204
    assert editor.get(f"{world.base}/concepts/apart").json()["items"] == []
    newest = editor.get(f"{world.base}/history", params={"limit": 500}).json()["items"][-1]["id"]
    assert editor.post(f"{world.base}/history/{newest}/undo").status_code == 200
    assert len(editor.get(f"{world.base}/concepts/apart").json()["items"]) == 2


def test_refuses_to_tell_a_concept_from_itself_or_from_nothing(world: World, editor: Door) -> None:
    for other in (3, 99):
        body = {"concept_id": 3, "other_id": other}
        assert editor.post(f"{world.base}/concepts/apart", json=body).status_code == 422


def test_the_preview_of_a_merge_says_what_becomes_true(world: World, editor: Door) -> None:
    preview = editor.get(f"{world.base}/concepts/2/merge", params={"into_id": 1}).json()
    assert (preview["elements"], preview["configurations"], preview["aliases"]) == (2, 2, 1)
    assert preview["roles"] == [{"role": "context", "own": 2, "before": 1, "after": 3}]
    assert preview["matrix_before"] == {"rows": 2, "columns": 2, "cells": 3}
    assert preview["matrix_after"] == {"rows": 1, "columns": 2, "cells": 2}
    assert (preview["warnings"], preview["both"]) == ([], [])
    editor.post(f"{world.base}/concepts/2/merge", json={"into_id": 1})
    matrix = editor.get(f"{world.base}/matrix").json()
    assert (len(matrix["rows"]), len(matrix["cells"])) == (1, 2)


def test_the_preview_warns_and_refuses_as_merging_does(world: World, editor: Door) -> None:
    warned = editor.get(f"{world.base}/concepts/4/merge", params={"into_id": 5}).json()["warnings"]
    assert warned == [
        {"field": "referent", "concept": "between partners", "into": "in the venture"}
    ]
    assert editor.get(f"{world.base}/concepts/4/merge?into_id=99").status_code == 422
    editor.post(f"{world.base}/concepts/2/merge", json={"into_id": 1})
    assert editor.get(f"{world.base}/concepts/2/merge?into_id=3").status_code == 409
    assert editor.get(f"{world.base}/concepts/1/merge?into_id=2").status_code == 422
