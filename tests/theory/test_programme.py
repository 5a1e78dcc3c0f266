"""Programme theories, propositions and recommendations through the API."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.conftest import Door, World
from tests.theory.material import ANY, Material, add_memo, make, problem

POLICY = {
    "statement": "Collaboration works by itself",
    "origin": "policy",
    "verdicts": [{"verdict": "new", "decided_on": "2021-03-01", "reason": "policy says so"}],
}


def theory(door: Door, world: World, **more: Any) -> dict[str, Any]:
    """Add a theory and return it as read."""
    made = door.post(f"{world.base}/theories", json={"title": "First", **more})
    assert made.status_code == 201, made.text
    read: dict[str, Any] = made.json()
    return read


def test_a_theory_may_come_before_any_source(world: World, editor: Door, reader: Door) -> None:
    read = theory(editor, world, propositions=[POLICY, {"statement": "Trust comes first"}])
    assert [p["label"] for p in read["propositions"]] == [f"T{read['id']}.1", f"T{read['id']}.2"]
    assert read["propositions"][0]["verdicts"][0]["verdict"] == "new"
    assert read["stage"] == "initial"
    assert reader.get(f"{world.base}/theories/{read['id']}").json() == read
    assert reader.get(f"{world.base}/theories").json()["items"] == [read]


def test_a_proposition_stands_on_configurations_memos_and_quotes(
    world: World, editor: Door, coder: Door, material: Material, session: Session
) -> None:
    configuration = make(coder, world.base, {})["id"]
    memo = add_memo(session, world.review.id)
    read = theory(
        editor,
        world,
        propositions=[
            {
                "statement": "Formality can undermine trust",
                "grounds": [{"configuration_id": configuration}],
                "evidence": [{"quote_id": material.quote, "stance": "refines"}],
            }
        ],
    )
    url = f"{world.base}/theories/{read['id']}/propositions/1"
    ground = editor.post(f"{url}/grounds", json={"memo_id": memo, "stance": "refutes"})
    assert (ground.status_code, ground.headers["etag"]) == (201, '"2"'), ground.text
    body = {"quote": {"source_id": material.other, "exact": "new words"}}
    evidence = editor.post(f"{url}/evidence", json=body)
    assert (evidence.status_code, evidence.headers["etag"]) == (201, '"3"'), evidence.text
    verdict = editor.post(
        f"{url}/verdicts",
        json={
            "verdict": "revised",
            "decided_on": "2021-06-01",
            "reason": "by degree",
            "inference": "retroduction",
        },
    )
    assert (verdict.status_code, verdict.headers["etag"]) == (201, '"4"'), verdict.text
    parts = editor.get(f"{world.base}/theories/{read['id']}").json()["propositions"][0]
    assert [g["n"] for g in parts["grounds"]] == [1, 3]
    assert [e["exact"] for e in parts["evidence"]] == ["they kept to the letter", "new words"]
    assert parts["verdicts"] == [verdict.json()]
    assert editor.delete(f"{url}/grounds/1").status_code == 428
    assert editor.delete(f"{url}/grounds/1", headers={"If-Match": '"4"'}).status_code == 204
    number = parts["evidence"][1]["n"]
    assert editor.delete(f"{url}/evidence/{number}", headers=ANY).status_code == 204
    assert editor.delete(f"{url}/evidence/{number}", headers=ANY).status_code == 404
    assert editor.delete(f"{url}/verdicts/1", headers=ANY).status_code == 404
    refused = editor.delete(url, headers=ANY)
    assert (refused.status_code, refused.json()["code"]) == (409, "still_in_use")


@pytest.mark.parametrize(
    ("spoil", "field"),
    [
        ({"grounds": [{"configuration_id": 999}]}, "propositions.1.grounds.0.configuration_id"),
        ({"grounds": [{"memo_id": 999}]}, "propositions.1.grounds.0.memo_id"),
        ({"grounds": [{}]}, "body.propositions.1.grounds.0.configuration_id"),
        ({"evidence": [{"quote_id": 999}]}, "propositions.1.evidence.0.quote_id"),
        ({"statement": ""}, "body.propositions.1.statement"),
    ],
)
def test_refuses_propositions_on_nothing_and_keeps_nothing(
    world: World, editor: Door, spoil: dict[str, Any], field: str
) -> None:
    body = {"title": "First", "propositions": [POLICY, {"statement": "x", **spoil}]}
    refused = editor.post(f"{world.base}/theories", json=body)
    assert problem(refused) == (422, "invalid", [field])
    assert editor.get(f"{world.base}/theories").json()["items"] == []


def test_propositions_are_changed_and_their_numbers_never_reused(
    world: World, editor: Door
) -> None:
    read = theory(editor, world, propositions=[{"statement": "one"}, {"statement": "two"}])
    url = f"{world.base}/theories/{read['id']}/propositions"
    changed = editor.patch(f"{url}/2", json={"certainty": "low"}, headers={"If-Match": '"1"'})
    assert (changed.json()["statement"], changed.json()["certainty"]) == ("two", "low")
    assert editor.patch(f"{url}/2", json={"statement": ""}, headers=ANY).status_code == 422
    assert editor.delete(f"{url}/2", headers={"If-Match": '"2"'}).status_code == 204
    added = editor.post(url, json={"statement": "three"})
    assert (added.json()["label"], added.headers["etag"]) == (f"T{read['id']}.3", '"4"')
    assert editor.patch(f"{url}/2", json={}, headers=ANY).status_code == 404


def test_a_theory_never_refines_itself(world: World, editor: Door) -> None:
    first = theory(editor, world)["id"]
    second = theory(editor, world, stage="refined", refines_id=first)["id"]
    for refines in (first, second, 999):
        refused = editor.patch(
            f"{world.base}/theories/{first}", json={"refines_id": refines}, headers=ANY
        )
        assert problem(refused) == (422, "invalid", ["refines_id"])
    held = editor.delete(f"{world.base}/theories/{first}", headers=ANY)
    assert (held.status_code, held.json()["used_by"]) == (409, [f"T{second}"])
    freed = editor.patch(f"{world.base}/theories/{second}", json={"refines_id": None}, headers=ANY)
    assert freed.json()["refines_id"] is None
    assert editor.delete(f"{world.base}/theories/{first}", headers=ANY).status_code == 204


def test_a_deleted_theory_comes_back_with_its_parts(
    world: World, editor: Door, material: Material
) -> None:
    proposition = POLICY | {"evidence": [{"quote_id": material.quote}]}
    read = theory(editor, world, propositions=[proposition])
    url = f"{world.base}/theories/{read['id']}"
    assert editor.delete(url, headers=ANY).status_code == 204
    gone = editor.get(url)
    assert gone.status_code == 410
    undone = editor.post(f"{world.base}/history/{gone.json()['change_set']}/undo")
    assert undone.status_code == 200, undone.text
    assert editor.get(url).json()["propositions"] == read["propositions"]


def test_a_recommendation_rests_on_configurations(
    world: World, editor: Door, coder: Door, reader: Door
) -> None:
    first, second = (make(coder, world.base, {})["id"] for _ in range(2))
    number = theory(editor, world)["id"]
    body = {"text": "Set early targets", "scope": "mandated", "configurations": [second, first]}
    made = editor.post(f"{world.base}/recommendations", json={**body, "theory_id": number})
    assert made.status_code == 201, made.text
    assert made.json()["configurations"] == [first, second]
    url = f"{world.base}/recommendations/{made.json()['id']}"
    assert reader.get(url).json() == made.json()
    assert reader.get(f"{world.base}/recommendations").json()["items"] == [made.json()]
    held = coder.delete(f"{world.base}/configurations/{first}", headers=ANY)
    assert (held.status_code, held.json()["used_by"]) == (409, [f"R{made.json()['id']}"])
    assert editor.delete(f"{world.base}/theories/{number}", headers=ANY).status_code == 409
    changed = editor.patch(url, json={"configurations": [second]}, headers={"If-Match": '"1"'})
    assert (changed.json()["configurations"], changed.json()["scope"]) == ([second], "mandated")
    for spoil in ({"theory_id": 999}, {"configurations": [999]}, {"text": ""}, {"text": None}):
        assert editor.patch(url, json=spoil, headers=ANY).status_code == 422
    assert editor.delete(url).status_code == 428
    assert editor.delete(url, headers={"If-Match": '"2"'}).status_code == 204
    assert editor.get(url).status_code == 410


def test_theories_are_written_by_editors_only(world: World, editor: Door, coder: Door) -> None:
    number = theory(editor, world, propositions=[{"statement": "one"}])["id"]
    url = f"{world.base}/theories"
    one = f"{url}/{number}/propositions/1"
    day = {"verdict": "new", "decided_on": "2021-03-01", "reason": "r"}
    refusals = (
        coder.post(url, json={"title": "x"}),
        coder.patch(f"{url}/{number}", json={}),
        coder.post(f"{url}/{number}/propositions", json={"statement": "x"}),
        coder.delete(one),
        coder.post(f"{one}/verdicts", json=day),
        coder.post(f"{world.base}/recommendations", json={"text": "x"}),
    )
    assert {answer.status_code for answer in refusals} == {403}
    assert coder.get(f"{url}/{number}").status_code == 200
