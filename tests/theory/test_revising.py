"""A configuration changed as a whole: elements and evidence beside what is said of it."""

from typing import Any

import pytest
from httpx2 import Response

from tests.conftest import Door, World
from tests.theory.material import ANY, Material, example, make

Json = dict[str, Any]


@pytest.fixture
def whole(world: World, coder: Door, material: Material) -> str:
    """The URL of a configuration of context 1, mechanism 2, outcome 3 and evidence 1, 2."""
    return f"{world.base}/configurations/{make(coder, world.base, example(material))['id']}"


def revise(door: Door, url: str, body: Json, version: str = '"1"') -> Json:
    answer = door.patch(url, json=body, headers={"If-Match": version})
    assert answer.status_code == 200, answer.text
    read: Json = answer.json()
    return read


def fields(refused: Response) -> list[str]:
    assert refused.status_code == 422, refused.text
    return [error["field"] for error in refused.json()["errors"]]


def as_sent(read: Json) -> Json:
    """What was read, as a program sends it back."""
    evidence = [
        {name: piece[name] for name in ("n", "stance", "elements")} for piece in read["evidence"]
    ]
    return {"elements": read["elements"], "evidence": evidence}


def test_parts_are_changed_added_and_removed_in_one_version(
    coder: Door, whole: str, material: Material
) -> None:
    body = as_sent(coder.get(whole).json())
    context, _, outcome = body["elements"]
    body["elements"] = [
        context | {"wording": "the contract prescribes most"},
        {"n": 5, "role": "response", "wording": "they feel watched"},
        outcome | {"mechanism_n": 5},
    ]
    body["evidence"] = [
        {"n": 1, "elements": [5], "stance": "refines"},
        {"source_id": material.other, "page": "4", "elements": [1, 5]},
    ]
    read = revise(coder, whole, body | {"title": "Watched"})
    assert [(e["n"], e["wording"]) for e in read["elements"]] == [
        (1, "the contract prescribes most"),
        (3, "trust is undermined"),
        (5, "they feel watched"),
    ]
    assert [(v["n"], v["stance"], v["elements"]) for v in read["evidence"]] == [
        (1, "refines", [5]),
        (3, "supports", [1, 5]),
    ]
    assert (read["version"], read["title"]) == (2, "Watched")
    again = revise(coder, whole, as_sent(read), '"2"')
    assert as_sent(again) == as_sent(read)
    assert (
        coder.post(f"{whole}/elements", json={"role": "context", "wording": "x"}).json()["n"] == 6
    )


def test_what_is_not_sent_stays(coder: Door, whole: str) -> None:
    before = as_sent(coder.get(whole).json())
    assert as_sent(revise(coder, whole, {"title": "A title"})) == before
    first = {"n": 1, "role": "context", "wording": "contract prescribes most"}
    short = [first, *before["elements"][1:]]
    assert as_sent(revise(coder, whole, {"elements": short}, '"2"')) == before


@pytest.mark.parametrize(
    ("elements", "field"),
    [
        ([{"n": 4, "role": "outcome", "wording": "x", "mechanism_n": 1}], "elements.0.mechanism_n"),
        ([{"n": 999, "role": "outcome", "wording": "x"}], "elements.0.n"),
        ([{"n": 1, "role": "context", "wording": "x"}] * 2, "elements.1.n"),
        ([{"role": "context", "wording": "x", "concept": "K999"}], "elements.0.concept"),
        ([{"role": "context", "wording": "x", "concept": "K1 faith"}], "elements.0.concept"),
        ([{"role": "context", "wording": ""}], "body.elements.0.wording"),
    ],
)
def test_a_wrong_part_is_named_and_nothing_changes(
    coder: Door, whole: str, elements: list[Json], field: str
) -> None:
    before = coder.get(whole).json()
    refused = coder.patch(whole, json={"elements": elements, "evidence": []}, headers=ANY)
    assert fields(refused) == [field]
    assert coder.get(whole).json() == before


def test_an_element_in_use_is_not_left_out(coder: Door, whole: str) -> None:
    [_, *rest] = coder.get(whole).json()["elements"]
    coder.post(f"{whole}/evidence", json={"source_id": 1, "elements": [1]})
    refused = coder.patch(whole, json={"elements": rest}, headers=ANY)
    assert (refused.status_code, refused.json()["used_by"]) == (409, ["evidence 3"])


def test_elements_name_concepts_in_words(world: World, editor: Door, material: Material) -> None:
    names = ("Trust", f"K{material.plain} faith", "Small wins", "small  wins", None)
    body = {"elements": [{"role": "context", "wording": "w", "concept": name} for name in names]}
    added = make(editor, world.base, body)
    numbers = [element["concept_id"] for element in added["elements"]]
    new = material.plain + 1
    assert numbers == [material.concept, material.plain, new, new, None]
    assert editor.get(f"{world.base}/concepts/{new}").json()["label"] == "Small wins"
    url = f"{world.base}/configurations/{added['id']}"
    kept = [element | {"concept": None} for element in added["elements"]]
    for element in kept:
        del element["concept_id"], element["definition_n"]
    untied = revise(editor, url, {"elements": kept})
    assert {element["concept_id"] for element in untied["elements"]} == {None}


def test_a_coder_names_concepts_there_are_and_no_others(
    world: World, coder: Door, material: Material
) -> None:
    element = {"role": "context", "wording": "w", "concept": "a new thing"}
    refused = coder.post(f"{world.base}/configurations", json={"elements": [element]})
    assert fields(refused) == ["elements.0.concept"]
    assert "ask an editor" in refused.json()["detail"]
    both = element | {"concept_id": material.concept}
    url = f"{world.base}/configurations/{make(coder, world.base, {})['id']}/elements"
    assert coder.post(url, json=both).status_code == 422
    assert coder.post(url, json=element | {"concept": "faith"}).json()["concept_id"] == 2


def test_a_label_of_several_concepts_is_told_apart_by_number(
    world: World, editor: Door, material: Material
) -> None:
    for referent in ("the board", "the staff"):
        editor.post(f"{world.base}/concepts", json={"label": "Pride", "referent": referent})
    element = {"role": "context", "wording": "w", "concept": "pride"}
    refused = editor.post(f"{world.base}/configurations", json={"elements": [element]})
    assert fields(refused) == ["elements.0.concept"]
    assert "K3 Pride, K4 Pride" in refused.json()["detail"]


def test_the_same_concept_keeps_the_definition_it_was_coded_under(
    coder: Door, whole: str, material: Material
) -> None:
    coder.patch(f"{whole}/elements/3", json={"definition_n": 1}, headers=ANY)
    body = {"concept_id": material.concept, "state": "low"}
    changed = coder.patch(f"{whole}/elements/3", json=body, headers=ANY).json()
    assert (changed["definition_n"], changed["state"]) == (1, "low")


def test_new_elements_may_bring_their_numbers(
    world: World, coder: Door, material: Material
) -> None:
    body = {
        "elements": [
            {"n": 7, "role": "mechanism", "wording": "m"},
            {"role": "outcome", "wording": "o", "mechanism_n": 7},
        ],
        "evidence": [{"source_id": material.source, "elements": [8]}],
    }
    made = make(coder, world.base, body)
    assert [element["n"] for element in made["elements"]] == [7, 8]
    for n in (7, 201):
        twice = {"elements": [body["elements"][0], {"n": n, "role": "context", "wording": "c"}]}
        refused = coder.post(f"{world.base}/configurations", json=twice)
        assert fields(refused) == ["elements.1.n"]
