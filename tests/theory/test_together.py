"""What is done to several things at once: bulk changes, order, mirror images, splits, verdicts."""

from typing import Any

import pytest

from tests.conftest import Door, World

ANY = {"If-Match": "*"}


@pytest.fixture
def editor(world: World) -> Door:
    """Two sources, two concepts, three configurations of the editor's."""
    editor = world.door("editor")
    for title in ("One", "Two"):
        editor.post(f"{world.base}/sources", json={"title": title})
    definition = {"text": "Expecting good."}
    for body in ({"label": "trust", "definitions": [definition]}, {"label": "contract"}):
        editor.post(f"{world.base}/concepts", json=body)
    items = [configuration("b", "high", [1]), configuration("C", "low", [1, 2]), configuration("a")]
    made = editor.post(f"{world.base}/configurations/bulk", json={"items": items})
    assert made.status_code == 201, made.text
    return editor


def configuration(
    title: str, state: str = "not_stated", sources: list[int] | None = None
) -> dict[str, Any]:
    return {
        "title": title,
        "elements": [
            {"role": "context", "wording": "contracts", "concept_id": 2, "state": state},
            {"role": "mechanism", "wording": "they rely on it"},
            {"role": "outcome", "wording": "trust grows", "concept_id": 1, "mechanism_n": 2},
        ],
        "evidence": [{"source_id": n, "paraphrase": "p"} for n in sources or []],
    }


def test_many_configurations_are_changed_alike_in_one_change_set(
    world: World, editor: Door
) -> None:
    editor.patch(f"{world.base}/configurations/2", json={"questions": ["old"]}, headers=ANY)
    editor.patch(f"{world.base}/configurations/3", json={"status": "checked"}, headers=ANY)
    wish = {"numbers": [1, 2, 3], "status": "checked"}
    answer = editor.post(
        f"{world.base}/configurations/changes", json=wish, params={"reason": "team meeting"}
    )
    assert answer.json() == {"changed": [1, 2], "many": 2}
    wish = {"numbers": [1, 2], "question": "new"}
    assert editor.post(f"{world.base}/configurations/changes", json=wish).status_code == 200
    read = editor.get(f"{world.base}/configurations/2").json()
    assert (read["status"], read["questions"], read["version"]) == ("checked", ["old", "new"], 4)
    sets = editor.get(f"{world.base}/history", params={"limit": 500}).json()["items"]
    assert [one["reason"] for one in sets].count("team meeting") == 1


def test_a_coder_changes_many_only_of_their_own(world: World, editor: Door) -> None:
    coder = world.door("coder")
    coder.post(f"{world.base}/configurations", json=configuration("mine"))
    wish = {"numbers": [4], "status": "coded"}
    assert coder.post(f"{world.base}/configurations/changes", json=wish).status_code == 200
    wish = {"numbers": [1, 4], "status": "checked"}
    assert coder.post(f"{world.base}/configurations/changes", json=wish).status_code == 403
    assert editor.get(f"{world.base}/configurations/4").json()["status"] == "coded"


def test_changing_many_needs_something_to_change_and_things_that_are_there(
    world: World, editor: Door
) -> None:
    wishes: list[dict[str, Any]] = [{"numbers": [1]}, {"numbers": [1], "status": "nonsense"}]
    for wish in (*wishes, {"numbers": [], "status": "coded"}):
        answer = editor.post(f"{world.base}/configurations/changes", json=wish)
        assert answer.status_code == 422
    gone = {"numbers": [1, 99], "status": "checked"}
    assert editor.post(f"{world.base}/configurations/changes", json=gone).status_code == 404


@pytest.mark.parametrize(
    ("sort", "numbers"),
    [
        ("number", [1, 2, 3]),
        ("newest", [3, 2, 1]),
        ("title", [3, 1, 2]),
        ("sources", [2, 1, 3]),
        ("refuting", [1, 2, 3]),
        ("certainty", [3, 1, 2]),
        ("status", [2, 3, 1]),
    ],
)
def test_the_list_comes_in_the_order_asked_for_page_by_page(
    world: World, editor: Door, sort: str, numbers: list[int]
) -> None:
    editor.patch(f"{world.base}/configurations/3", json={"certainty": "high"}, headers=ANY)
    editor.patch(f"{world.base}/configurations/1", json={"status": "checked"}, headers=ANY)
    found: list[int] = []
    after: int | None = 0
    while after is not None:
        wish: dict[str, str | int] = {"sort": sort, "limit": 2, "after": after}
        page: dict[str, Any] = editor.get(f"{world.base}/configurations", params=wish).json()
        found += [item["id"] for item in page["items"]]
        after = page["next"]
    assert found == numbers


def test_a_mirror_image_is_constructed_and_linked(world: World, editor: Door) -> None:
    proposed = editor.get(f"{world.base}/configurations/1/mirror").json()["items"]
    assert [(e["wording"], e["state"]) for e in proposed] == [
        ("low contract", "low"),
        ("not: they rely on it", "absent"),
        ("absent trust", "absent"),
    ]
    wish = {"reason": "No source looks at loose contracts."}
    made = editor.post(f"{world.base}/configurations/1/mirror", json=wish)
    assert made.status_code == 201, made.text
    mirror = made.json()
    assert (mirror["kind"], mirror["elements"][2]["mechanism_n"]) == ("constructed", 2)
    [link] = editor.get(f"{world.base}/links").json()["items"]
    assert (link["kind"], link["from_id"], link["to_id"]) == ("mirror_of", mirror["id"], 1)
    kept = [e["wording"] for e in editor.get(f"{world.base}/configurations/1").json()["elements"]]
    assert kept == ["contracts", "they rely on it", "trust grows"]


def test_a_split_takes_elements_and_quotes_over_and_leaves_words_alone(
    world: World, editor: Door
) -> None:
    quote = {"source_id": 1, "exact": "they trusted the plan", "concepts": [1]}
    editor.post(f"{world.base}/quotes", json=quote)
    wish = {
        "label": "faith",
        "definition": {"text": "Belief in the venture."},
        "elements": ["C1.3"],
        "quotes": [1],
    }
    made = editor.post(f"{world.base}/concepts/1/split", json=wish)
    assert made.status_code == 201, made.text
    new = made.json()
    assert (new["origin"], new["origin_id"]) == ("split_from", 1)
    element = editor.get(f"{world.base}/configurations/1").json()["elements"][2]
    assert element["wording"] == "trust grows"
    assert (element["concept_id"], element["definition_n"]) == (new["id"], 1)
    other = editor.get(f"{world.base}/configurations/2").json()["elements"][2]
    assert other["concept_id"] == 1
    assert editor.get(f"{world.base}/quotes/1").json()["concepts"] == [new["id"]]


def test_a_split_names_what_is_not_coded_to_the_concept(world: World, editor: Door) -> None:
    wish = {"label": "faith", "elements": ["C1.3", "C1.1", "C99.1"], "quotes": [7]}
    answer = editor.post(f"{world.base}/concepts/1/split", json=wish)
    assert answer.status_code == 422
    assert [e["field"] for e in answer.json()["errors"]] == ["elements.1", "elements.2"]
    assert editor.get(f"{world.base}/concepts").json()["items"][-1]["id"] == 2


def test_verdicts_on_a_link_stay_and_go_with_it(world: World, editor: Door) -> None:
    link = {"kind": "feeds", "from_id": 1, "to_id": 2, "reason": "why"}
    editor.post(f"{world.base}/links", json=link)
    for verdict in ("new", "refuted"):
        body = {"verdict": verdict, "decided_on": "2026-03-02", "reason": "S2 says otherwise."}
        judged = editor.post(f"{world.base}/links/1/verdicts", json=body)
        assert judged.status_code == 201
    assert judged.json()["n"] == 2
    read = editor.get(f"{world.base}/links/1")
    assert [v["verdict"] for v in read.json()["verdicts"]] == ["new", "refuted"]
    assert read.headers["etag"] == judged.headers["etag"] == '"3"'
    assert editor.delete(f"{world.base}/links/1", headers=ANY).status_code == 204
    restored = editor.post(f"{world.base}/history/restore", json={"kind": "L", "number": 1})
    assert restored.status_code == 200
    assert len(editor.get(f"{world.base}/links/1").json()["verdicts"]) == 2


def test_memos_are_filtered_by_the_synthesis_moves(world: World, editor: Door) -> None:
    for kind in ("theory", "adjudicate", "situate"):
        editor.post(f"{world.base}/memos", json={"kind": kind, "text": kind})
    found = editor.get(f"{world.base}/memos", params={"is_move": True}).json()["items"]
    assert [memo["kind"] for memo in found] == ["adjudicate", "situate"]
