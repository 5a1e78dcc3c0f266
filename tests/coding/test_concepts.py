"""The codebook through the API: adding, moving, merging, deleting."""

from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.coding.tree import Tree, concept_tree
from tests.conftest import Door, World


def add(door: Door, world: World, label: str, **fields: Any) -> dict[str, Any]:
    answer = door.post(f"{world.base}/concepts", json={"label": label} | fields)
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    body.pop("warnings")
    return body


def move(door: Door, world: World, number: int, parent: int | None) -> Any:
    return door.patch(
        f"{world.base}/concepts/{number}", json={"parent_id": parent}, headers={"If-Match": "*"}
    )


def merge(door: Door, world: World, number: int, into: int, **wish: Any) -> Any:
    return door.post(f"{world.base}/concepts/{number}/merge", json={"into_id": into} | wish)


def tree_of(world: World, sessions: sessionmaker[Session]) -> Tree:
    with sessions() as session:
        return concept_tree(session, world.review.id)


def test_a_concept_keeps_definitions_aliases_and_lineage(world: World, editor: Door) -> None:
    editor.post(f"{world.base}/sources", json={"title": "Not so different after all"})
    parent = add(editor, world, "relations")
    definition = {"text": "accepting vulnerability", "source_id": 1, "given_on": "1998-07-01"}
    made = add(
        editor,
        world,
        "trust",
        referent="between partners",
        level="meso",
        parent_id=parent["id"],
        origin="refined_from",
        origin_id=parent["id"],
        colour="#00ff7f",
        definitions=[definition, {"text": "the team's own"}],
        aliases=["reliance", "Vertrauen", "reliance"],
    )
    assert [(d["n"], d["text"], d["source_id"]) for d in made["definitions"]] == [
        (1, "accepting vulnerability", 1),
        (2, "the team's own", None),
    ]
    assert made["aliases"] == ["Vertrauen", "reliance"]
    assert (made["origin"], made["origin_id"], made["version"]) == ("refined_from", parent["id"], 1)
    assert editor.get(f"{world.base}/concepts/{made['id']}").json() == made
    listed = editor.get(f"{world.base}/concepts").json()["items"]
    assert listed == [parent, made]


def test_definitions_and_aliases_come_and_go_one_by_one(world: World, editor: Door) -> None:
    url = f"{world.base}/concepts/{add(editor, world, 'faith')['id']}"
    first = editor.post(f"{url}/definitions", json={"text": "belief"})
    assert (first.status_code, first.json()["definitions"][0]["n"]) == (201, 1)
    assert first.headers["etag"] == '"2"'
    assert editor.post(f"{url}/definitions", json={"text": "b"}).json()["definitions"][1]["n"] == 2
    made = editor.post(f"{url}/aliases", json={"label": "belief/hope?"})
    assert (made.status_code, made.json()["aliases"]) == (201, ["belief/hope?"])
    assert editor.post(f"{url}/aliases", json={"label": "belief/hope?"}).status_code == 409
    wanted = {"label": "belief/hope?"}
    assert editor.delete(f"{url}/aliases", params=wanted).status_code == 428
    gone = editor.delete(f"{url}/aliases", params=wanted, headers={"If-Match": '"4"'})
    assert (gone.status_code, gone.json()["aliases"], gone.json()["version"]) == (200, [], 5)
    again = editor.delete(f"{url}/aliases", params=wanted, headers={"If-Match": "*"})
    assert again.status_code == 404


@pytest.mark.parametrize("label", ["😀" * 200, "\u0001" * 200, "ß" * 200])
def test_the_longest_alias_is_kept_and_can_be_taken_back(
    world: World, editor: Door, label: str
) -> None:
    url = f"{world.base}/concepts/{add(editor, world, 'faith')['id']}"
    assert editor.post(f"{url}/aliases", json={"label": label}).json()["aliases"] == [label]
    assert editor.post(f"{url}/aliases", json={"label": label + "x"}).status_code == 422
    last = editor.get(f"{world.base}/history").json()["items"][-1]["id"]
    assert editor.post(f"{world.base}/history/{last}/undo").status_code == 200
    assert editor.get(url).json()["aliases"] == []


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("ÜBER", ["Überzeugung"]),
        ("VERTRAUEN", ["trust"]),
        ("the venture", ["faith"]),
        ("_", []),
    ],
)
def test_concepts_are_found_by_label_referent_and_alias(
    world: World, editor: Door, text: str, labels: list[str]
) -> None:
    add(editor, world, "Überzeugung")
    add(editor, world, "trust", aliases=["Vertrauen"])
    add(editor, world, "faith", referent="in the venture")
    found = editor.get(f"{world.base}/concepts", params={"text": text}).json()["items"]
    assert [concept["label"] for concept in found] == labels


def test_a_second_concept_of_one_label_and_referent_warns(world: World, editor: Door) -> None:
    def warned(*bodies: dict[str, str]) -> list[list[str]]:
        if len(bodies) == 1:
            return [editor.post(f"{world.base}/concepts", json=bodies[0]).json()["warnings"]]
        made = editor.post(f"{world.base}/concepts/bulk", json={"items": list(bodies)})
        return [concept["warnings"] for concept in made.json()]

    trust = {"label": "Trust", "referent": "between partners"}
    assert warned(trust) == [[]]
    assert warned({"label": "Trust"}, {"label": "Trust between partners"}) == [[], []]
    [[said]] = warned({"label": "trust ", "referent": "Between  partners"})
    assert said.startswith("K1 has the same label and referent;")
    hope = {"label": "hope"}
    assert [[one[:2] for one in some] for some in warned(hope, hope)] == [["K6"], ["K5"]]
    assert merge(editor, world, 6, 5).status_code == 200
    assert [one[:2] for one in warned(hope)[0]] == ["K5"]


def test_filters_tell_merged_and_retired_ones_apart(world: World, editor: Door) -> None:
    parent = add(editor, world, "a")["id"]
    add(editor, world, "b", parent_id=parent, is_retired=True)
    add(editor, world, "c", level="macro")
    merge(editor, world, 3, parent)

    def numbers(**wish: Any) -> list[int]:
        items = editor.get(f"{world.base}/concepts", params=wish).json()["items"]
        return [concept["id"] for concept in items]

    assert numbers(is_merged=True) == [3]
    assert numbers(is_merged=False) == [1, 2]
    assert numbers(is_retired=True) == numbers(parent_id=parent) == [2]
    assert numbers(level="macro") == [3]


def test_moving_below_itself_is_refused_and_the_chain_named(world: World, editor: Door) -> None:
    add(editor, world, "a")
    add(editor, world, "b", parent_id=1)
    add(editor, world, "c", parent_id=2)
    answer = move(editor, world, 1, 3)
    assert (answer.status_code, answer.json()["code"]) == (422, "concept_cycle")
    assert answer.json()["chain"] == [1, 3, 2]
    assert "K1 → K3 → K2 → K1" in answer.json()["detail"]
    assert move(editor, world, 2, 2).json()["code"] == "concept_cycle"
    assert move(editor, world, 3, None).json()["parent_id"] is None
    assert move(editor, world, 1, 3).status_code == 200


def test_merging_moves_nothing_and_can_be_taken_back(
    world: World, editor: Door, sessions: sessionmaker[Session]
) -> None:
    for label in ("trust", "reliance", "below reliance", "belief"):
        add(editor, world, label)
    move(editor, world, 3, 2)
    assert merge(editor, world, 4, 2).json()["merged_into_id"] == 2
    merged = merge(editor, world, 2, 1)
    assert (merged.json()["merged_into_id"], merged.json()["label"]) == (1, "reliance")
    assert editor.get(f"{world.base}/concepts/3").json()["parent_id"] == 2
    tree = tree_of(world, sessions)
    assert tree.members(1) == {1, 2, 4}
    assert tree.children(1) == [3]
    add(editor, world, "hope")
    assert merge(editor, world, 5, 4).json()["merged_into_id"] == 1
    unmerged = editor.post(f"{world.base}/concepts/2/unmerge")
    assert (unmerged.status_code, unmerged.json()["merged_into_id"]) == (200, None)
    assert tree_of(world, sessions).members(4) == {2, 4}
    assert editor.post(f"{world.base}/concepts/2/unmerge").status_code == 409


def test_merging_in_a_ring_or_twice_is_refused(world: World, editor: Door) -> None:
    add(editor, world, "a")
    add(editor, world, "b", parent_id=1)
    add(editor, world, "c")
    for number, into in ((1, 1), (1, 2)):
        assert merge(editor, world, number, into).json()["code"] == "concept_cycle"
    merge(editor, world, 3, 2)
    assert merge(editor, world, 2, 3).json()["code"] == "concept_cycle"
    assert merge(editor, world, 3, 1).json()["code"] == "conflict"
    said = merge(editor, world, 2, 3).json()["detail"]
    assert said == "K3 is merged into K2 already; unmerge it first."
    missing = merge(editor, world, 1, 99)
    assert (missing.status_code, missing.json()["errors"][0]["field"]) == (422, "into_id")


def test_unmerging_into_a_ring_is_refused(world: World, editor: Door) -> None:
    for label in "abcde":
        add(editor, world, label)
    merge(editor, world, 1, 2)  # a counts under b
    move(editor, world, 1, 4)  # but stands below d itself
    merge(editor, world, 3, 1)  # c counts under b as well
    assert move(editor, world, 4, 2).status_code == 200
    assert editor.post(f"{world.base}/concepts/1/unmerge").status_code == 200
    assert merge(editor, world, 1, 2).status_code == 200
    assert merge(editor, world, 5, 1).json()["merged_into_id"] == 2


def test_merging_across_referents_or_levels_asks_first(world: World, editor: Door) -> None:
    add(editor, world, "trust", referent="between partners", level="meso")
    add(editor, world, "trust", referent="in leaders", level="micro")
    answer = merge(editor, world, 2, 1)
    assert (answer.status_code, answer.json()["code"]) == (409, "merge_warning")
    assert answer.json()["warnings"] == [
        {"field": "referent", "concept": "in leaders", "into": "between partners"},
        {"field": "level", "concept": "micro", "into": "meso"},
    ]
    assert merge(editor, world, 2, 1, despite_warnings=True).status_code == 200
    add(editor, world, "trust", referent="Between  partners")
    assert merge(editor, world, 3, 1).status_code == 200


def test_moving_across_referents_or_levels_asks_first(world: World, editor: Door) -> None:
    add(editor, world, "trust", referent="between partners", level="meso")
    add(editor, world, "trust", referent="in the boss", level="micro")
    answer = move(editor, world, 2, 1)
    assert (answer.status_code, answer.json()["code"]) == (409, "merge_warning")
    assert [warning["field"] for warning in answer.json()["warnings"]] == ["referent", "level"]
    change = {"parent_id": 1, "despite_warnings": True}
    latest = {"If-Match": "*"}
    moved = editor.patch(f"{world.base}/concepts/2", json=change, headers=latest)
    assert (moved.status_code, moved.json()["parent_id"]) == (200, 1)
    again = editor.patch(f"{world.base}/concepts/2", json={"parent_id": 1}, headers=latest)
    assert again.status_code == 200


def test_a_concept_in_use_stays_and_a_deleted_one_comes_back_whole(
    world: World, editor: Door
) -> None:
    editor.post(f"{world.base}/sources", json={"title": "t"})
    add(editor, world, "a", definitions=[{"text": "d"}], aliases=["x"])
    add(editor, world, "b", parent_id=1)
    quote = {"source_id": 1, "exact": "we trust", "concepts": [1]}
    assert editor.post(f"{world.base}/quotes", json=quote).status_code == 201
    url = f"{world.base}/concepts/1"
    refused = editor.delete(url, headers={"If-Match": "*"})
    assert (refused.status_code, refused.json()["used_by"]) == (409, ["K2", "Q1"])
    before = editor.get(url).json()
    editor.delete(f"{world.base}/concepts/2", headers={"If-Match": "*"})
    editor.delete(f"{world.base}/quotes/1", headers={"If-Match": "*"})
    assert editor.delete(url, headers={"If-Match": '"1"'}).status_code == 204
    assert editor.get(url).status_code == 410
    restored = editor.post(f"{world.base}/history/restore", json={"kind": "K", "number": 1})
    assert restored.status_code == 200, restored.text
    after = editor.get(url).json()
    assert after | {"version": 0} == before | {"version": 0}


def test_only_editors_change_the_codebook(world: World, coder: Door, editor: Door) -> None:
    add(editor, world, "a")
    assert coder.post(f"{world.base}/concepts", json={"label": "b"}).status_code == 403
    assert move(coder, world, 1, None).status_code == 403
    assert coder.get(f"{world.base}/concepts/1").status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"label": "a", "parent_id": 9}, "parent_id"),
        ({"label": "a", "origin_id": 9}, "origin_id"),
        ({"label": "a", "definitions": [{"text": "d", "source_id": 9}]}, "definitions.0.source_id"),
        ({"label": "a", "definitions": [{"text": "d", "quote_id": 9}]}, "definitions.0.quote_id"),
        ({"label": "a", "definitions": [{"text": ""}]}, "body.definitions.0.text"),
        ({"label": "a", "parent_id": 10**20}, "body.parent_id"),
        ({"label": "a", "role": "context"}, "body.role"),
        ({"label": "a", "colour": "red"}, "body.colour"),
        ({"label": "a" * 1_000_000}, "body.label"),
        ({"label": "a\x00"}, "body.label"),
        ({"label": 5}, "body.label"),
    ],
)
def test_bad_fields_are_named(world: World, editor: Door, body: Any, field: str) -> None:
    answer = editor.post(f"{world.base}/concepts", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.json()["errors"][0]["field"] == field
    bulk = editor.post(f"{world.base}/concepts/bulk", json={"items": [{"label": "b"}, body]})
    place = field.replace("body.", "body.items.1.") if "body" in field else f"items.1.{field}"
    assert bulk.json()["errors"][0]["field"] == place
    assert editor.get(f"{world.base}/concepts").json()["items"] == []


def test_a_parent_of_another_review_is_not_there(world: World, owner: Door) -> None:
    owner.post("/api/v1/reviews", json={"slug": "mergers", "title": "Mergers"})
    other = owner.post("/api/v1/reviews/mergers/concepts", json={"label": "theirs"}).json()["id"]
    answer = owner.post(f"{world.base}/concepts", json={"label": "mine", "parent_id": other})
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"field": "parent_id", "message": "there is no K1 in this review"}
    ]


def test_a_merge_into_what_is_below_or_merged_says_so(world: World, editor: Door) -> None:
    for label in ("trust", "faith", "hope"):
        add(editor, world, label)
    add(editor, world, "goodwill", parent_id=1)
    merge(editor, world, 1, 2)
    for into, said in (
        (2, "K2 cannot be merged into itself."),
        (1, "K1 is merged into K2 already; unmerge it first."),
        (
            4,
            "K4 is below K2, since K1 is merged into it; unmerge K1, or move K4 elsewhere first.",
        ),
    ):
        answer = merge(editor, world, 2, into)
        assert (answer.status_code, answer.json()["detail"]) == (422, said)
    add(editor, world, "belief", parent_id=3)
    assert merge(editor, world, 3, 5).json()["detail"] == (
        "K5 is below K3; move K5 elsewhere first."
    )


def test_undo_never_makes_a_concept_its_own_ancestor(world: World, owner: Door) -> None:
    for label in ("one", "two"):
        owner.post(f"{world.base}/concepts", json={"label": label})
    override = {"If-Match": "*"}

    def put_under(number: int, parent: int | None) -> int:
        url = f"{world.base}/concepts/{number}"
        assert owner.patch(url, json={"parent_id": parent}, headers=override).status_code == 200
        last: int = owner.get(f"{world.base}/history?limit=500").json()["items"][-1]["id"]
        return last

    put_under(1, 2)
    cleared = put_under(1, None)
    put_under(2, 1)
    refused = owner.post(f"{world.base}/history/{cleared}/undo")
    assert (refused.status_code, refused.json()["code"]) == (409, "undo_conflict")
    assert "K1" in refused.json()["detail"]
    assert owner.get(f"{world.base}/concepts/1").json()["parent_id"] is None
