"""What counts where: small reviews of a few configurations, each counted by hand."""

import csv
import io
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from tests.conftest import Door, World


def element(role: str, concept: int, **more: Any) -> dict[str, Any]:
    return {"role": role, "wording": f"{role} {concept}", "concept_id": concept, **more}


@pytest.fixture
def door(world: World) -> Door:
    """The owner's door to a review of six concepts and three sources, S3 a review."""
    door = world.door("owner")
    for label in ("one", "two", "three", "four", "five", "six"):
        assert door.post(f"{world.base}/concepts", json={"label": label}).status_code == 201
    for title, kind in (("A", "primary_study"), ("B", "primary_study"), ("C", "review")):
        added = door.post(f"{world.base}/sources", json={"title": title, "kind": kind})
        assert added.status_code == 201, added.text
    return door


def add(door: Door, world: World, *elements: dict[str, Any], **more: Any) -> int:
    made = door.post(f"{world.base}/configurations", json={"elements": elements, **more})
    assert made.status_code == 201, made.text
    number: int = made.json()["id"]
    return number


def ask(door: Door, world: World, path: str, **wish: Any) -> Any:
    answer = door.get(f"{world.base}/{path}", params=wish)
    assert answer.status_code == 200, answer.text
    return answer.json()


def merge(door: Door, world: World, number: int, into: int) -> None:
    wish, latest = {"into_id": into}, {"If-Match": "*"}
    merged = door.post(f"{world.base}/concepts/{number}/merge", json=wish, headers=latest)
    assert merged.status_code == 200, merged.text


def retire(door: Door, world: World, number: int) -> None:
    changed = door.patch(
        f"{world.base}/configurations/{number}",
        json={"status": "retired"},
        headers={"If-Match": "*"},
    )
    assert changed.status_code == 200, changed.text


def stances(figures: dict[str, Any]) -> tuple[int, int, int]:
    return figures["sources"], figures["supporting"], figures["refuting"]


def rows(door: Door, world: World, **wish: str) -> list[dict[str, str]]:
    answer = door.get(f"{world.base}/evidence-table", params=wish)
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def two_outcomes(door: Door, world: World) -> None:
    add(
        door,
        world,
        element("mechanism", 1),
        element("outcome", 2),
        element("outcome", 3),
        evidence=[
            {"source_id": 1, "elements": [2]},
            {"source_id": 2, "stance": "refutes", "elements": [3]},
        ],
    )


def test_evidence_on_one_outcome_counts_for_no_other_in_the_ranking(
    world: World, door: Door
) -> None:
    two_outcomes(door, world)
    [mechanism] = ask(door, world, "mechanisms/outcomes")["items"]
    found = {o["concept_id"]: stances(o["figures"]) for o in mechanism["outcomes"]}
    assert found == {2: (1, 1, 0), 3: (1, 0, 1)}


def test_evidence_on_one_outcome_counts_on_its_concept_page_only(world: World, door: Door) -> None:
    two_outcomes(door, world)
    pages = [ask(door, world, f"concepts/{number}/page") for number in (1, 2, 3)]
    found = [stances(page["roles"][0]["figures"]) for page in pages]
    assert found == [(2, 1, 1), (1, 1, 0), (1, 0, 1)]


def test_evidence_on_the_outcome_of_another_mechanism_does_not_count(
    world: World, door: Door
) -> None:
    add(
        door,
        world,
        element("mechanism", 1),
        element("mechanism", 2),
        element("outcome", 3, mechanism_n=1),
        element("outcome", 4, mechanism_n=2),
        evidence=[{"source_id": 1, "elements": [4]}, {"source_id": 2}],
    )
    found = {
        (m["concept_id"], o["concept_id"]): o["figures"]["sources"]
        for m in ask(door, world, "mechanisms/outcomes")["items"]
        for o in m["outcomes"]
    }
    assert found == {(1, 3): 1, (2, 4): 2}


def test_groups_of_two_roles_are_two_requirements(world: World, door: Door) -> None:
    add(
        door,
        world,
        element("resource", 1, any_of=1),
        element("response", 2, any_of=1),
        element("outcome", 3),
    )
    answer = ask(door, world, "matrix", rows="mechanism")
    assert {cell["figures"]["joint"] for cell in answer["cells"]} == {1}


def test_the_list_of_each_role_has_as_many_as_its_figure(world: World, door: Door) -> None:
    for role in ("mechanism", "resource", "response"):
        add(door, world, element(role, 1), element("outcome", 2))
    found = {}
    for played in ask(door, world, "concepts/1/page")["roles"]:
        listed = door.get(played["url"] + "&count=true").json()["total"]
        found[played["role"]] = (played["figures"]["configurations"], listed)
    assert found == {"mechanism": (3, 3), "resource": (1, 1), "response": (1, 1)}


def test_neighbours_count_what_counts_and_wordings_leave_the_retired_out(
    world: World, door: Door
) -> None:
    parts = (element("mechanism", 1), element("outcome", 2))
    member, gone = add(door, world, *parts), add(door, world, *parts)
    built = add(door, world, *parts, kind="constructed")
    whole = add(door, world, *parts, kind="consolidated", members=[{"member_id": member}])
    retire(door, world, gone)
    page = ask(door, world, "concepts/1/page")
    assert [n["configurations"] for n in page["neighbours"]] == [1]
    assert [w["configurations"] for w in page["wordings"]] == [[member, built, whole]]


def test_a_retired_member_witnesses_nothing(world: World, door: Door) -> None:
    parts = (element("context", 1), element("outcome", 2))
    kept = add(door, world, *parts, evidence=[{"source_id": 1}])
    gone = add(door, world, *parts, evidence=[{"source_id": 2, "stance": "refutes"}])
    members = [{"member_id": kept}, {"member_id": gone}]
    whole = add(door, world, *parts, kind="consolidated", members=members)
    retire(door, world, gone)
    [cell] = ask(door, world, "matrix")["cells"]
    assert stances(cell["figures"]) == (1, 1, 0)
    assert ask(door, world, "configurations", stance="refutes", counted="true")["items"] == []
    [row] = rows(door, world, per="configuration", kind="consolidated")
    assert (row["configuration"], row["refuting_sources"]) == (f"C{whole}", "0")


def test_a_filter_on_sources_means_the_work_that_is_counted(world: World, door: Door) -> None:
    parts = (element("context", 1), element("outcome", 2))
    cited = {"source_id": 3, "basis": "cited", "cited_source_id": 1}
    number = add(door, world, *parts, evidence=[cited, {"source_id": 2}])
    for wish in ({"source_id": 3}, {"source_kind": "review"}):
        assert ask(door, world, "matrix", **wish)["cells"] == []
        assert ask(door, world, "configurations", **wish)["items"] == []
    [cell] = ask(door, world, "matrix", source_id=1)["cells"]
    assert (cell["figures"]["sources"], cell["figures"]["second_hand"]) == (1, 1)
    [row] = rows(door, world, source_id="1")
    assert (row["configuration"], row["stance"]) == (f"C{number}", "supports")


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        ({}, [("C1", "supports"), ("C2", "refutes"), ("C3", "")]),
        ({"kind": "consolidated"}, [("C3", "supports"), ("C3", "refutes")]),
        ({"modality": "likely"}, [("C1", "supports"), ("C3", "refutes")]),
        ({"counted": "true"}, [("C3", "supports"), ("C3", "refutes")]),
        ({"stance": "refutes"}, [("C2", "refutes"), ("C3", "")]),
        ({"stance": "refutes", "kind": "consolidated"}, [("C3", "refutes")]),
    ],
)
def test_evidence_of_members_that_are_no_rows_themselves_stands_with_the_whole(
    world: World, door: Door, wish: dict[str, str], found: list[tuple[str, str]]
) -> None:
    parts = (element("context", 1), element("outcome", 2))
    add(door, world, *parts, modality="likely", evidence=[{"source_id": 1}])
    refutes = [{"source_id": 2, "stance": "refutes"}]
    add(door, world, *parts, modality="possible", evidence=refutes)
    members = [{"member_id": 1}, {"member_id": 2}]
    more = {"kind": "consolidated", "members": members, "modality": "likely"}
    add(door, world, *parts, **more)
    assert [(row["configuration"], row["stance"]) for row in rows(door, world, **wish)] == found


def test_a_list_counts_as_the_matrix_does(world: World, door: Door) -> None:
    parts = (element("context", 1), element("outcome", 2))
    add(door, world, *parts, evidence=[{"source_id": 1}, {"source_id": 1}])
    add(door, world, *parts, evidence=[{"source_id": 2, "stance": "refutes"}])
    add(door, world, *parts, evidence=[{"source_id": 3}])
    members = [{"member_id": number} for number in (1, 2, 3)]
    cited = {"source_id": 3, "basis": "cited", "cited_source_id": 1}
    add(door, world, *parts, kind="consolidated", members=members, evidence=[cited])
    retire(door, world, 3)
    items = ask(door, world, "configurations")["items"]
    assert {c["id"]: (*stances(c), c["evidence"]) for c in items} == {
        1: (1, 1, 0, 2),
        2: (1, 0, 1, 1),
        3: (1, 1, 0, 1),
        4: (2, 1, 1, 4),
    }
    [cell] = ask(door, world, "matrix")["cells"]
    assert stances(cell["figures"]) == (2, 1, 1)


def test_a_concept_used_through_one_merged_into_it_is_used(world: World, door: Door) -> None:
    add(door, world, element("context", 2), element("outcome", 3))
    merge(door, world, 2, 1)
    narrower = door.patch(
        f"{world.base}/concepts/3", json={"parent_id": 5}, headers={"If-Match": "*"}
    )
    assert narrower.status_code == 200, narrower.text
    findings = ask(door, world, "check")["items"]
    unused = [f["thing"] for f in findings if f["check"] == "concept_unused"]
    assert unused == ["K4", "K6"]


def test_a_ring_of_concepts_is_listed(
    world: World, door: Door, sessions: sessionmaker[Session]
) -> None:
    with sessions() as session:
        ring = {"review_id": world.review.id}
        for child, parent in ((1, 2), (2, 1)):
            session.execute(
                text("UPDATE concept SET parent_id = :p WHERE id = :c AND review_id = :review_id"),
                {**ring, "p": parent, "c": child},
            )
        session.commit()
    findings = ask(door, world, "check")["items"]
    assert [f["thing"] for f in findings if f["check"] == "concept_cycle"] == ["K1"]


KINDS = (
    # kind, named study, counts as
    ("primary_study", 1, "one study"),
    ("commentary", 1, "the same study"),
    ("transcript", None, "another study"),
    (None, None, "another study"),
    ("review", 2, "one review"),
    ("commentary", 2, "the same review"),
    ("review", None, "another review"),
    ("theory", None, "neither"),
    ("policy", None, "neither"),
    ("theory", 3, "another study"),
    ("primary_study", 4, "another study"),
    ("review", 4, "another review"),
    ("commentary", 4, "that study"),
)


def test_a_source_counts_as_the_study_or_review_it_reports_or_as_neither(
    world: World, editor: Door
) -> None:
    def post(path: str, body: dict[str, Any]) -> None:
        made = editor.post(f"{world.base}/{path}", json=body)
        assert made.status_code == 201, made.text

    for n, (kind, study, _) in enumerate(KINDS, start=1):
        post("sources", {"title": f"W{n}", "kind": kind, "study": study and f"Study {study}"})
    post("concepts", {"label": "trust"})
    evidence = [{"source_id": n, "page": "1"} for n in range(1, len(KINDS) + 1)]
    elements = [element(role, 1) for role in ("context", "outcome")]
    post("configurations", {"elements": elements, "evidence": evidence})
    for by, supporting in (("source", 13), ("study", 10)):
        total = ask(editor, world, "matrix", by=by)["total"]
        assert (total["sources"], total["studies"], total["reviews"]) == (13, 5, 3)
        assert total["supporting"] == supporting
