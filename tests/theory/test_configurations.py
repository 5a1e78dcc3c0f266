"""Configurations through the API: adding, reading, changing, deleting, and coming back."""

import json
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.coding.models import Quote
from app.theory.models import Configuration, Element, Evidence
from tests.conftest import Door, World
from tests.theory.material import ANY, Material, add_memo, example, make, problem


def test_one_request_stores_elements_quotes_and_evidence(
    world: World, coder: Door, material: Material, session: Session
) -> None:
    made = coder.post(f"{world.base}/configurations", json=example(material, title="Contracts"))
    assert made.status_code == 201, made.text
    assert made.headers["etag"] == '"1"'
    read = made.json()
    assert read == coder.get(f"{world.base}/configurations/{read['id']}").json()
    assert [e["n"] for e in read["elements"]] == [1, 2, 3]
    assert read["elements"][2]["definition_n"] == 2
    assert read["statement"].startswith("If contract prescribes most, then trust is undermined")
    assert read["template"] == "CMO"
    assert [e["elements"] for e in read["evidence"]] == [[2, 3], []]
    assert read["evidence"][0]["exact"] == "obligation, not goodwill"
    assert read["evidence"][1]["source_id"] == material.source
    assert read["notation"].endswith("trust is undermined (O)")
    quote = session.get(Quote, (world.review.id, material.quote))
    assert quote is not None
    assert (quote.is_parked, quote.version) == (False, 2)


def test_notation_comes_before_the_elements_given(world: World, coder: Door) -> None:
    read = make(
        coder,
        world.base,
        {
            "notation": "When trust is low (C), partners keep to the contract (M)",
            "elements": [{"role": "outcome", "wording": "nothing is shared", "mechanism_n": 2}],
        },
    )
    assert [(e["n"], e["role"], e["wording"]) for e in read["elements"]] == [
        (1, "context", "trust is low"),
        (2, "mechanism", "partners keep to the contract"),
        (3, "outcome", "nothing is shared"),
    ]


def test_an_outcome_may_come_before_its_mechanism(world: World, coder: Door, owner: Door) -> None:
    elements = [
        {"role": "outcome", "wording": "less sharing", "mechanism_n": 2},
        {"role": "mechanism", "wording": "caution"},
    ]
    read = make(coder, world.base, {"elements": elements})
    url = f"{world.base}/configurations/{read['id']}"
    assert coder.delete(url, headers=ANY).status_code == 204
    restored = owner.post(f"{world.base}/history/restore", json={"kind": "C", "number": read["id"]})
    assert restored.status_code == 200, restored.text
    assert coder.get(url).json()["elements"] == read["elements"]


def test_what_is_missing_is_named_as_gaps(world: World, coder: Door, material: Material) -> None:
    read = make(coder, world.base, {"elements": [{"role": "strategy", "wording": "small wins"}]})
    assert read["gaps"] == [
        "no_context",
        "no_mechanism",
        "no_outcome",
        "outside_template:strategy",
        "not_coded",
        "no_evidence",
    ]
    page_only = make(
        coder,
        world.base,
        {
            "template": "CRRO",
            "roles_not_reported": ["context"],
            "elements": [
                {"role": "mechanism", "wording": "hope", "concept_id": material.concept},
                {"role": "outcome", "wording": "effort", "concept_id": material.plain},
            ],
            "evidence": [{"source_id": material.source, "page": "4"}],
        },
    )
    assert page_only["gaps"] == ["no_passage"]
    assert [e["definition_n"] for e in page_only["elements"]] == [2, None]


def test_coding_that_contradicts_itself_is_named_as_gaps(world: World, coder: Door) -> None:
    context = {"role": "context", "wording": "rivals", "activation": "dormant"}
    fit = [
        {"role": "response", "wording": "hope", "activation": "partly", "valence": "not_stated"},
        {"role": "outcome", "wording": "trust", "valence": "desired", "activation": "not_stated"},
    ]
    body = {"elements": [context | {"valence": "undesired"}, *fit]}
    read = make(coder, world.base, body | {"roles_not_reported": ["context", "actor"]})
    named = ["not_reported_yet_coded:context", "activation_misplaced", "valence_misplaced"]
    assert read["gaps"] == [*named, "not_coded", "no_evidence"]
    [found] = coder.get(f"{world.base}/check?check=configuration_incomplete").json()["items"]
    assert found["detail"] == ", ".join(read["gaps"])
    read = make(coder, world.base, {"elements": fit})
    assert read["gaps"] == ["no_context", "not_coded", "no_evidence"]


def test_constructed_and_reasoned_configurations_need_no_evidence(
    world: World, coder: Door, session: Session
) -> None:
    constructed = make(coder, world.base, {"kind": "constructed"})
    assert "no_evidence" not in constructed["gaps"]
    raw = make(coder, world.base, {})
    assert "no_evidence" in raw["gaps"]
    add_memo(session, world.review.id, raw["id"])
    read = coder.get(f"{world.base}/configurations/{raw['id']}").json()
    assert "no_evidence" not in read["gaps"]


def test_bulk_answers_summaries_in_the_order_sent(
    world: World, coder: Door, material: Material
) -> None:
    items = [example(material), {"title": "Empty"}, example(material, statement="Our words")]
    made = coder.post(f"{world.base}/configurations/bulk", json={"items": items})
    assert made.status_code == 201, made.text
    first, second, third = made.json()["items"]
    assert [first["id"], second["id"], third["id"]] == list(range(first["id"], first["id"] + 3))
    counts = ("supporting", "refuting", "evidence", "sources")
    assert [first[c] for c in counts] == [1, 1, 2, 1]
    assert [second[c] for c in counts] == [0, 0, 0, 0]
    assert (second["elements"], second["statement"]) == ([], "")
    assert (third["statement"], third["is_statement_written"]) == ("Our words", True)
    assert first["created_at"].endswith(("Z", "+00:00"))
    assert first["elements"][2]["concept_id"] == material.concept


def test_second_hand_evidence_counts_as_the_work_it_cites(
    world: World, coder: Door, material: Material
) -> None:
    evidence = [
        {"source_id": material.source, "cited_source_id": material.other},
        {"source_id": material.other},
    ]
    body = {"items": [{"evidence": evidence}]}
    made = coder.post(f"{world.base}/configurations/bulk", json=body).json()["items"][0]
    assert (made["evidence"], made["sources"]) == (2, 1)


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        ({"elements": [{"role": "context", "wording": "w", "concept_id": 999}]},
         "items.1.elements.0.concept_id"),
        ({"elements": [{"role": "context", "wording": "w", "definition_n": 1}]},
         "items.1.elements.0.definition_n"),
        ({"elements": [{"role": "context", "wording": "w", "mechanism_n": 1}]},
         "items.1.elements.0.mechanism_n"),
        ({"elements": [{"role": "outcome", "wording": "w", "mechanism_n": 1}]},
         "items.1.elements.0.mechanism_n"),
        ({"evidence": [{"quote_id": 999}]}, "items.1.evidence.0.quote_id"),
        ({"evidence": [{"source_id": 999}]}, "items.1.evidence.0.source_id"),
        ({"evidence": [{"source_id": 1, "elements": [7]}]}, "items.1.evidence.0.elements.0"),
        ({"evidence": [{"source_id": 1, "cited_source_id": 1}]},
         "items.1.evidence.0.cited_source_id"),
        ({"evidence": [{"quote": {"source_id": 999, "exact": "words"}}]},
         "items.1.evidence.0.quote.source_id"),
        ({"members": [{"member_id": 1}]}, "items.1.members"),
        ({"kind": "consolidated", "members": [{"member_id": 999}]},
         "items.1.members.0.member_id"),
    ],
)  # fmt: skip
def test_refuses_what_is_not_there_and_keeps_nothing(
    world: World,
    coder: Door,
    material: Material,
    session: Session,
    spoil: dict[str, Any],
    place: str,
) -> None:
    body = {"items": [example(material), spoil]}
    refused = coder.post(f"{world.base}/configurations/bulk", json=body)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid"), refused.text
    assert refused.json()["errors"][0]["field"] == place
    for model in (Configuration, Element, Evidence):
        assert session.scalar(select(func.count()).select_from(model)) == 0
    assert session.scalar(select(func.count()).select_from(Quote)) == 1


@pytest.mark.parametrize(
    "spoil",
    [
        {"colour": "red"},
        {"title": "nul \x00"},
        {"statement": "lone \ud800"},
        {"template": "OMC"},
        {"elements": [{"role": "context", "wording": ""}]},
        {"elements": [{"wording": "no role"}]},
        {"evidence": [{}]},
        {"evidence": [{"quote_id": 1, "source_id": 1}]},
        {"questions": "one"},
    ],
)
def test_refuses_bodies_that_make_no_sense(
    world: World, coder: Door, spoil: dict[str, Any]
) -> None:
    refused = coder.post(
        f"{world.base}/configurations",
        content=json.dumps(spoil),
        headers={"Content-Type": "application/json"},
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid"), refused.text


def test_refuses_things_of_another_review(world: World, owner: Door, material: Material) -> None:
    owner.post("/api/v1/reviews", json={"slug": "other", "title": "Other"})
    answer = owner.post("/api/v1/reviews/other/configurations", json=example(material))
    assert problem(answer)[:2] == (422, "invalid")
    assert owner.get("/api/v1/reviews/other/configurations/1").status_code == 404


def test_a_patch_changes_only_what_it_names(world: World, coder: Door, material: Material) -> None:
    read = make(coder, world.base, example(material, title="Before", phase="one"))
    url = f"{world.base}/configurations/{read['id']}"
    changed = coder.patch(
        url,
        json={"title": None, "statement": "Ours", "roles_not_reported": ["actor", "actor"]},
        headers={"If-Match": '"1"'},
    )
    assert changed.status_code == 200, changed.text
    assert (changed.json()["title"], changed.json()["phase"]) == (None, "one")
    assert changed.json()["roles_not_reported"] == ["actor"]
    assert changed.headers["etag"] == '"2"'
    again = coder.patch(url, json={"statement": None}, headers={"If-Match": '"2"'})
    assert again.json()["statement"] == read["statement"]


@pytest.mark.parametrize("body", [{"template": None}, {"kind": None}, {"status": None}])
def test_refuses_to_empty_what_must_be_there(
    world: World, coder: Door, body: dict[str, None]
) -> None:
    read = make(coder, world.base, {})
    url = f"{world.base}/configurations/{read['id']}"
    assert coder.patch(url, json=body, headers=ANY).status_code == 422


def test_search_text_follows_title_statement_and_elements(
    world: World, coder: Door, session: Session
) -> None:
    read = make(coder, world.base, {"title": "ﬁrst  Title", "notation": "Low TRUST (C)"})
    key = (world.review.id, read["id"])

    def text_key() -> str:
        session.expire_all()
        row = session.get(Configuration, key)
        assert row is not None
        return row.text_key

    assert text_key().startswith("first title if low trust")
    coder.patch(
        f"{world.base}/configurations/{read['id']}/elements/1",
        json={"wording": "High Hopes"},
        headers=ANY,
    )
    assert "high hopes" in text_key()
    element = session.get(Element, (*key, 1))
    assert element is not None
    assert element.wording_key == "high hopes"


def test_changes_need_the_version_last_read(world: World, coder: Door) -> None:
    read = make(coder, world.base, {"notation": "Low trust (C)"})
    url = f"{world.base}/configurations/{read['id']}"
    for path in (url, f"{url}/elements/1"):
        assert coder.patch(path, json={}).status_code == 428
        assert coder.patch(path, json={}, headers={"If-Match": '"7"'}).status_code == 412
        assert coder.delete(path).status_code == 428
    assert coder.put(f"{url}/members", json={"members": []}).status_code == 428


def test_coders_change_their_own_and_editors_any(world: World, coder: Door, editor: Door) -> None:
    theirs = make(editor, world.base, {})
    url = f"{world.base}/configurations/{theirs['id']}"
    assert coder.patch(url, json={"title": "x"}, headers=ANY).status_code == 403
    assert coder.delete(url).status_code == 403
    element = {"role": "context", "wording": "w"}
    assert coder.post(f"{url}/elements", json=element).status_code == 403
    own = make(coder, world.base, {})
    url = f"{world.base}/configurations/{own['id']}"
    assert editor.patch(url, json={"title": "x"}, headers=ANY).status_code == 200
    assert world.door("reader").get(url).status_code == 200
    assert world.door("reader").post(f"{world.base}/configurations", json={}).status_code == 403


def test_a_deleted_configuration_is_gone_and_comes_back_whole(
    world: World, coder: Door, material: Material
) -> None:
    read = make(coder, world.base, example(material))
    url = f"{world.base}/configurations/{read['id']}"
    assert coder.delete(url, headers={"If-Match": '"1"'}).status_code == 204
    gone = coder.get(url)
    assert (gone.status_code, gone.json()["code"]) == (410, "gone")
    undone = coder.post(f"{world.base}/history/{gone.json()['change_set']}/undo")
    assert undone.status_code == 200, undone.text
    back = coder.get(url).json()
    assert {**back, "version": 0} == {**read, "version": 0}
    later = make(coder, world.base, {})
    assert later["id"] == read["id"] + 1


def test_undoing_a_creation_takes_its_parts_and_quotes_away(
    world: World, coder: Door, material: Material, session: Session
) -> None:
    read = make(coder, world.base, example(material))
    history = coder.get(f"{world.base}/history?kind=C&number={read['id']}").json()["items"]
    undone = coder.post(f"{world.base}/history/{history[-1]['id']}/undo")
    assert undone.status_code == 200, undone.text
    assert coder.get(f"{world.base}/configurations/{read['id']}").status_code == 410
    assert session.scalar(select(func.count()).select_from(Element)) == 0
    quotes = session.scalars(select(Quote)).all()
    assert [(quote.id, quote.is_parked) for quote in quotes] == [(material.quote, True)]


def test_members_are_raw_named_once_and_never_itself(world: World, coder: Door) -> None:
    raw, other = make(coder, world.base, {}), make(coder, world.base, {})
    body = {"kind": "consolidated", "members": [{"member_id": raw["id"], "note": "tighter"}]}
    whole = make(coder, world.base, body)
    assert whole["members"] == [{"member_id": raw["id"], "note": "tighter"}]
    url = f"{world.base}/configurations/{whole['id']}"
    assert coder.get(f"{world.base}/configurations/{raw['id']}").json()["consolidated_in"] == [
        whole["id"]
    ]
    for wrong in ([whole["id"]], [other["id"], other["id"]], [999]):
        members = [{"member_id": number} for number in wrong]
        refused = coder.put(f"{url}/members", json={"members": members}, headers=ANY)
        assert problem(refused)[1:] == (
            "invalid",
            [f"members.{len(wrong) - 1}.member_id"],
        ), refused.text
    swapped = coder.put(
        f"{url}/members", json={"members": [{"member_id": other["id"]}]}, headers={"If-Match": "*"}
    )
    assert swapped.json()["members"] == [{"member_id": other["id"], "note": None}]
    refused = coder.put(
        f"{world.base}/configurations/{raw['id']}/members",
        json={"members": [{"member_id": other["id"]}]},
        headers=ANY,
    )
    assert problem(refused) == (422, "invalid", ["members"])


def test_a_member_can_neither_be_deleted_nor_change_its_kind(world: World, coder: Door) -> None:
    raw = make(coder, world.base, {})
    whole = make(coder, world.base, {"kind": "consolidated", "members": [{"member_id": raw["id"]}]})
    url = f"{world.base}/configurations/{raw['id']}"
    refused = coder.delete(url, headers=ANY)
    assert (refused.status_code, refused.json()["code"]) == (409, "still_in_use")
    assert refused.json()["used_by"] == [f"C{whole['id']}"]
    assert coder.patch(url, json={"kind": "constructed"}, headers=ANY).status_code == 409
    assert coder.patch(
        f"{world.base}/configurations/{whole['id']}", json={"kind": "raw"}, headers=ANY
    ).status_code == 409  # fmt: skip
    assert coder.delete(
        f"{world.base}/configurations/{whole['id']}", headers=ANY
    ).status_code == 204  # fmt: skip


def test_notation_is_tried_without_storing(world: World, reader: Door, session: Session) -> None:
    body = {"notation": "When trust is low (C), nothing is shared (O)"}
    read = reader.post(f"{world.base}/notation", json=body)
    assert read.status_code == 200, read.text
    assert read.json()["elements"][0] == {
        "role": "context", "wording": "trust is low", "start": 5, "end": 17
    }  # fmt: skip
    assert read.json()["statement"] == "If trust is low, then nothing is shared, because …."
    wrong = reader.post(f"{world.base}/notation", json={"notation": "low trust (C), and so on"})
    assert problem(wrong) == (422, "notation", ["notation"])
    assert wrong.json()["position"] == 15
    assert session.scalar(select(func.count()).select_from(Configuration)) == 0


def test_the_vocabulary_lists_values_with_their_meaning(world: World, reader: Door) -> None:
    words = {word["name"]: word for word in reader.get(f"{world.base}/vocabulary").json()["items"]}
    assert words["Stance"]["values"] == ["supports", "refutes", "refines", "contextualises"]
    assert "claim" in words["Stance"]["meaning"]
