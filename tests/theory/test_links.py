"""Links between configurations through the API."""

from typing import Any

import pytest

from tests.conftest import Door, World
from tests.theory.material import ANY, Material, example, make, problem


@pytest.fixture
def pair(world: World, coder: Door, material: Material) -> tuple[int, int]:
    """Two configurations of context (1), mechanism (2) and outcome (3)."""
    first = make(coder, world.base, example(material))
    second = make(coder, world.base, {"elements": example(material)["elements"]})
    return first["id"], second["id"]


def feeds(pair: tuple[int, int], **more: Any) -> dict[str, Any]:
    return {"kind": "feeds", "from_id": pair[0], "to_id": pair[1], "reason": "ripple", **more}


def test_a_link_is_asserted_read_changed_and_removed(
    world: World, coder: Door, material: Material, pair: tuple[int, int]
) -> None:
    evidence = [{"quote": {"source_id": material.source, "exact": "so it goes on"}}]
    body = feeds(pair, from_element_n=3, to_element_n=1, evidence=evidence)
    made = coder.post(f"{world.base}/links", json=body)
    assert made.status_code == 201, made.text
    assert made.headers["etag"] == '"1"'
    url = f"{world.base}/links/{made.json()['id']}"
    assert coder.get(url).json() == made.json()
    assert made.json()["evidence"][0]["exact"] == "so it goes on"
    changed = coder.patch(url, json={"reason": None}, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert changed.json()["reason"] is None
    last = coder.delete(f"{url}/evidence/1", headers=ANY)
    assert (last.status_code, last.json()["code"]) == (409, "conflict")
    emptied = coder.patch(f"{url}/evidence/1", json={"basis": "cited"}, headers=ANY)
    assert emptied.json()["basis"] == "cited"
    assert coder.delete(url, headers={"If-Match": '"3"'}).status_code == 204
    gone = coder.get(url)
    assert gone.status_code == 410
    assert coder.post(f"{world.base}/history/{gone.json()['change_set']}/undo").status_code == 200
    assert coder.get(url).json()["evidence"] == [emptied.json()]


def test_a_link_can_be_moderated_but_never_in_a_circle(
    world: World, coder: Door, pair: tuple[int, int]
) -> None:
    link = coder.post(f"{world.base}/links", json=feeds(pair)).json()["id"]
    moderating = {
        "kind": "moderates",
        "from_id": pair[1],
        "to_link_id": link,
        "effect": "weakens",
        "reason": "seen so",
    }
    made = coder.post(f"{world.base}/links", json=moderating)
    assert made.status_code == 201, made.text
    itself = coder.post(
        f"{world.base}/links", json=moderating | {"to_link_id": made.json()["id"] + 1}
    )
    assert problem(itself) == (422, "invalid", ["to_link_id"])
    turned = coder.patch(
        f"{world.base}/links/{link}", json={"to_link_id": made.json()["id"]}, headers=ANY
    )
    assert problem(turned) == (422, "invalid", ["body.to_link_id"])
    refused = coder.delete(f"{world.base}/links/{link}", headers=ANY)
    assert (refused.status_code, refused.json()["code"]) == (409, "still_in_use")
    assert refused.json()["used_by"] == [f"L{made.json()['id']}"]


@pytest.mark.parametrize(
    ("spoil", "field"),
    [
        ({"from_id": 999}, "from_id"),
        ({"to_id": 999}, "to_id"),
        ({"from_element_n": 9}, "from_element_n"),
        ({"from_element_n": 1}, "from_element_n"),
        ({"to_element_n": 3}, "to_element_n"),
        ({"effect": "weakens"}, "effect"),
        ({"moderator": "formality"}, "moderator"),
        ({"kind": "contradicts", "moderator_id": 999}, "moderator_id"),
        ({"evidence": [{"quote_id": 999}]}, "evidence.0.quote_id"),
        ({"to_id": None}, "body.to_id"),
        ({"to_link_id": 1}, "body.to_id"),
        ({"reason": None}, "body.reason"),
    ],
)
def test_refuses_links_that_lead_nowhere(
    world: World, coder: Door, pair: tuple[int, int], spoil: dict[str, Any], field: str
) -> None:
    refused = coder.post(f"{world.base}/links", json=feeds(pair, **spoil))
    assert problem(refused) == (422, "invalid", [field]), refused.text
    assert coder.get(f"{world.base}/links").json()["items"] == []


def test_a_link_is_asserted_once(world: World, coder: Door, pair: tuple[int, int]) -> None:
    assert coder.post(f"{world.base}/links", json=feeds(pair)).status_code == 201
    again = coder.post(f"{world.base}/links", json=feeds(pair, reason="once more"))
    assert (again.status_code, again.json()["code"]) == (409, "already_taken")
    assert again.json()["detail"] == (
        f"L1 says already that C{pair[0]} feeds C{pair[1]}; change it, or tie more evidence to it."
    )
    assert again.json()["link"] == 1
    others: list[dict[str, Any]] = [
        {"from_element_n": 3},
        {"kind": "variant_of"},
        *({"kind": "contradicts", "moderator": word} for word in ("formality", "time")),
    ]
    for other in others:
        assert coder.post(f"{world.base}/links", json=feeds(pair, **other)).status_code == 201
    turned = coder.post(f"{world.base}/links", json=feeds((pair[1], pair[0])))
    assert turned.status_code == 201


def test_refuses_a_link_to_itself(world: World, coder: Door, pair: tuple[int, int]) -> None:
    refused = coder.post(f"{world.base}/links", json=feeds((pair[0], pair[0])))
    assert problem(refused)[:2] == (422, "invalid")


def test_lists_links_of_either_end_in_pages(
    world: World, coder: Door, reader: Door, pair: tuple[int, int]
) -> None:
    for kind in ("feeds", "variant_of", "contradicts"):
        coder.post(f"{world.base}/links", json=feeds(pair, kind=kind))
    page = reader.get(f"{world.base}/links?configuration_id={pair[1]}&limit=2&count=true").json()
    assert [link["kind"] for link in page["items"]] == ["feeds", "variant_of"]
    assert page["total"] == 3
    rest = reader.get(f"{world.base}/links?after={page['next']}").json()
    assert ([link["kind"] for link in rest["items"]], rest["next"]) == (["contradicts"], None)
    assert len(reader.get(f"{world.base}/links?kind=feeds").json()["items"]) == 1


def test_linked_configurations_and_elements_cannot_be_removed(
    world: World, coder: Door, pair: tuple[int, int]
) -> None:
    link = coder.post(f"{world.base}/links", json=feeds(pair, from_element_n=3)).json()["id"]
    for number, path in ((pair[0], ""), (pair[1], ""), (pair[0], "/elements/3")):
        refused = coder.delete(f"{world.base}/configurations/{number}{path}", headers=ANY)
        assert (refused.status_code, refused.json()["code"]) == (409, "still_in_use")
        assert refused.json()["used_by"][0] == f"L{link}"
    turned = coder.patch(
        f"{world.base}/configurations/{pair[0]}/elements/3",
        json={"role": "context", "mechanism_n": None},
        headers=ANY,
    )
    assert (turned.status_code, turned.json()["code"]) == (409, "still_in_use")


def test_links_belong_to_who_asserted_them(
    world: World, coder: Door, editor: Door, pair: tuple[int, int]
) -> None:
    link = editor.post(f"{world.base}/links", json=feeds(pair)).json()["id"]
    url = f"{world.base}/links/{link}"
    assert coder.patch(url, json={"reason": "x"}, headers=ANY).status_code == 403
    assert editor.patch(url, json={"reason": "x"}).status_code == 428
    assert world.door("reader").post(f"{world.base}/links", json=feeds(pair)).status_code == 403
