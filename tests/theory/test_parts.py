"""Elements and evidence of a configuration through the API."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.coding.models import Quote
from tests.conftest import Door, World
from tests.theory.material import ANY, Material, example, make, problem


@pytest.fixture
def whole(world: World, coder: Door, material: Material) -> str:
    """The URL of a configuration of context 1, mechanism 2, outcome 3 and evidence 1, 2."""
    return f"{world.base}/configurations/{make(coder, world.base, example(material))['id']}"


def test_elements_are_added_changed_and_removed_under_lasting_numbers(
    coder: Door, whole: str
) -> None:
    added = coder.post(f"{whole}/elements", json={"role": "context", "wording": "mandated"})
    assert (added.status_code, added.headers["etag"]) == (201, '"2"'), added.text
    assert (added.json()["n"], added.json()["state"]) == (4, "not_stated")
    changed = coder.patch(
        f"{whole}/elements/4",
        json={"state": "present", "qualifier": "from above"},
        headers={"If-Match": '"2"'},
    )
    assert (changed.status_code, changed.headers["etag"]) == (200, '"3"'), changed.text
    assert (changed.json()["wording"], changed.json()["qualifier"]) == ("mandated", "from above")
    removed = coder.delete(f"{whole}/elements/4", headers={"If-Match": '"3"'})
    assert (removed.status_code, removed.headers["etag"]) == (204, '"4"')
    again = coder.post(f"{whole}/elements", json={"role": "context", "wording": "voluntary"})
    assert again.json()["n"] == 5
    assert coder.patch(f"{whole}/elements/4", json={}, headers=ANY).status_code == 404


def test_an_edited_element_shows_in_the_history_of_its_configuration(
    world: World, coder: Door, whole: str
) -> None:
    number = int(whole.rsplit("/", 1)[1])
    coder.patch(f"{whole}/elements/1", json={"wording": "hardly any contract"}, headers=ANY)
    history = coder.get(f"{world.base}/history?kind=C&number={number}").json()["items"]
    detail = coder.get(f"{world.base}/history/{history[-1]['id']}").json()
    [change] = [c for c in detail["changes"] if c["table_name"] == "element"]
    assert change["before"]["wording"] == "contract prescribes most"
    assert change["after"]["wording"] == "hardly any contract"
    assert (change["aggregate_kind"], change["aggregate_id"]) == ("C", number)
    assert coder.post(f"{world.base}/history/{history[-1]['id']}/undo").status_code == 200
    assert coder.get(whole).json()["elements"][0]["wording"] == "contract prescribes most"


def test_an_element_comes_to_be_understood_as_a_concept(
    coder: Door, whole: str, material: Material
) -> None:
    url = f"{whole}/elements/1"
    coded = coder.patch(url, json={"concept_id": material.concept}, headers=ANY).json()
    assert (coded["concept_id"], coded["definition_n"]) == (material.concept, 2)
    older = coder.patch(url, json={"definition_n": 1}, headers=ANY).json()
    assert older["definition_n"] == 1
    other = coder.patch(url, json={"concept_id": material.plain}, headers=ANY).json()
    assert (other["concept_id"], other["definition_n"]) == (material.plain, None)
    cleared = coder.patch(url, json={"concept_id": None}, headers=ANY).json()
    assert (cleared["concept_id"], cleared["definition_n"]) == (None, None)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"concept_id": 999}, "concept_id"),
        ({"definition_n": 1}, "definition_n"),
        ({"mechanism_n": 2}, "mechanism_n"),
        ({"role": "outcome", "mechanism_n": 3}, "mechanism_n"),
        ({"role": "outcome", "mechanism_n": 9}, "mechanism_n"),
        ({"wording": ""}, "body.wording"),
        ({"wording": None}, "body.wording"),
        ({"role": None}, "body.role"),
        ({"n": 4}, "body.n"),
    ],
)
def test_refuses_elements_that_do_not_fit(
    coder: Door, whole: str, body: dict[str, Any], field: str
) -> None:
    before = coder.get(whole).json()
    refused = coder.patch(f"{whole}/elements/1", json=body, headers=ANY)
    assert problem(refused) == (422, "invalid", [field]), refused.text
    if field != "body.n":
        new = {"role": "context", "wording": "w"} | body
        assert coder.post(f"{whole}/elements", json=new).status_code == 422
    assert coder.get(whole).json() == before


def test_a_mechanism_an_outcome_names_stays_one(coder: Door, whole: str) -> None:
    turned = coder.patch(f"{whole}/elements/2", json={"role": "context"}, headers=ANY)
    assert problem(turned)[:2] == (409, "still_in_use")
    refined = coder.patch(f"{whole}/elements/2", json={"role": "response"}, headers=ANY)
    assert refined.status_code == 200
    removed = coder.delete(f"{whole}/elements/2", headers=ANY)
    assert (removed.status_code, removed.json()["used_by"]) == (409, ["element 3"])


def test_removing_an_element_takes_it_out_of_shared_evidence_only(coder: Door, whole: str) -> None:
    coder.patch(f"{whole}/elements/3", json={"mechanism_n": None}, headers=ANY)
    assert coder.delete(f"{whole}/elements/2", headers=ANY).status_code == 204
    assert [e["elements"] for e in coder.get(whole).json()["evidence"]] == [[3], []]
    refused = coder.delete(f"{whole}/elements/3", headers=ANY)
    assert (refused.status_code, refused.json()["used_by"]) == (409, ["evidence 1"])


def test_evidence_is_tied_retied_and_untied(
    world: World, coder: Door, whole: str, material: Material, session: Session
) -> None:
    body = {"quote_id": material.quote, "basis": "participant_account", "elements": [1, 1, 3]}
    tied = coder.post(f"{whole}/evidence", json=body)
    assert (tied.status_code, tied.headers["etag"]) == (201, '"2"'), tied.text
    assert (tied.json()["n"], tied.json()["elements"]) == (3, [1, 3])
    assert tied.json()["cite_key"] == f"work{material.source}"
    retied = coder.patch(
        f"{whole}/evidence/3",
        json={"stance": "refutes", "elements": [2, 3], "basis": None},
        headers={"If-Match": '"2"'},
    )
    assert (retied.status_code, retied.headers["etag"]) == (200, '"3"'), retied.text
    assert (retied.json()["stance"], retied.json()["elements"]) == ("refutes", [2, 3])
    assert retied.json()["basis"] is None
    whole_again = coder.patch(f"{whole}/evidence/3", json={"elements": []}, headers=ANY)
    assert whole_again.json()["elements"] == []
    untied = coder.delete(f"{whole}/evidence/3", headers={"If-Match": '"4"'})
    assert (untied.status_code, untied.headers["etag"]) == (204, '"5"')
    assert coder.delete(f"{whole}/evidence/3", headers=ANY).status_code == 404
    assert session.get(Quote, (world.review.id, material.quote)) is not None
    again = coder.post(f"{whole}/evidence", json={"source_id": material.other})
    assert (again.json()["n"], again.json()["quote_id"]) == (4, None)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"elements": [1, 9]}, "elements.1"),
        ({"cited_source_id": 999}, "cited_source_id"),
        ({"cited_source_id": 1}, "cited_source_id"),
        ({"stance": None}, "body.stance"),
        ({"elements": None}, "body.elements"),
        ({"quote_id": 1}, "body.quote_id"),
    ],
)
def test_refuses_evidence_that_does_not_fit(
    coder: Door, whole: str, material: Material, body: dict[str, Any], field: str
) -> None:
    before = coder.get(whole).json()
    refused = coder.patch(f"{whole}/evidence/1", json=body, headers=ANY)
    assert problem(refused) == (422, "invalid", [field]), refused.text
    if field != "body.quote_id":
        new = {"source_id": material.source} | body
        assert problem(coder.post(f"{whole}/evidence", json=new))[2] == [field]
    assert coder.get(whole).json() == before


def test_an_inline_quote_is_looked_for_in_the_stored_text(
    world: World, coder: Door, material: Material
) -> None:
    document = coder.post(
        f"{world.base}/sources/{material.source}/documents?file_name=work.txt",
        content=b"They met weekly, and trust grew slowly.",
        headers={"Content-Type": "text/plain"},
    )
    assert document.status_code == 201, document.text
    quotes = [{"source_id": material.source, "exact": e} for e in ("trust grew", "faith fell")]
    read = make(coder, world.base, {"evidence": [{"quote": quote} for quote in quotes]})
    assert [e["verification"] for e in read["evidence"]] == ["exact", "not_found"]
    assert "unverified_quote" in read["gaps"]
