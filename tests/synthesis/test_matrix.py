"""The matrix against counts worked out by hand (see conftest)."""

from typing import Any

import pytest

from tests.conftest import Door, World


def ask(door: Door, world: World, **wish: str) -> dict[str, Any]:
    answer = door.get(f"{world.base}/matrix", params=wish)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def cells(matrix: dict[str, Any]) -> dict[tuple[int, int, str | None], dict[str, Any]]:
    return {
        (
            matrix["rows"][cell["row"]]["concept_id"],
            matrix["columns"][cell["column"]]["concept_id"],
            matrix["columns"][cell["column"]]["state"],
        ): cell
        for cell in matrix["cells"]
    }


def figures(cell: dict[str, Any], *names: str) -> tuple[int, ...]:
    return tuple(cell["figures"][name] for name in names)


def test_counts_distinct_sources_and_studies_and_keeps_reviews_apart(
    world: World, coded: Door
) -> None:
    found = cells(ask(coded, world))
    mandated = found[2, 4, "increased"]
    # C1 and the consolidated C5, which its member C4 witnesses through S4
    assert figures(mandated, "configurations", "sources", "studies", "reviews") == (2, 4, 2, 1)
    assert figures(mandated, "supporting", "refuting") == (3, 1)


def test_second_hand_evidence_is_not_counted_beside_its_origin(world: World, coded: Door) -> None:
    competition = cells(ask(coded, world))[3, 4, "increased"]
    assert figures(competition, "sources", "supporting", "second_hand") == (1, 1, 0)


def test_a_merged_concept_counts_as_its_survivor(world: World, coded: Door) -> None:
    assert {place[1] for place in cells(ask(coded, world))} == {4, 5}


def test_evidence_on_one_outcome_does_not_witness_the_other(world: World, coded: Door) -> None:
    found = cells(ask(coded, world))
    assert figures(found[2, 5, "reduced"], "configurations", "sources") == (1, 1)
    assert figures(found[2, 4, "reduced"], "configurations", "sources") == (1, 0)


def test_joint_elements_are_marked(world: World, coded: Door) -> None:
    found = cells(ask(coded, world))
    assert found[2, 5, "reduced"]["figures"]["joint"] == 1
    assert found[2, 4, "increased"]["figures"]["joint"] == 0


def test_constructed_configurations_count_for_nothing(world: World, coded: Door) -> None:
    assert (2, 4, "absent") not in cells(ask(coded, world))


def test_totals_are_distinct_and_what_stands_in_no_cell_is_said(world: World, coded: Door) -> None:
    answer = ask(coded, world)
    # C1, C2, C3 and C5; C7 has no coded context, C4 is inside C5, C6 is constructed
    assert figures({"figures": answer["total"]}, "configurations", "sources") == (4, 4)
    assert answer["left_out"] == {"configurations": 1, "no_row": 1, "no_column": 0}
    assert "not the strength of a claim" in answer["caption"]
    mandated = next(row for row in answer["rows"] if row["concept_id"] == 2)
    assert mandated["figures"]["configurations"] == 3


def test_every_cell_leads_to_exactly_the_configurations_it_counts(
    world: World, coded: Door
) -> None:
    wishes: list[dict[str, str]] = [
        {},
        {"through": "K6"},
        {"depth_rows": "1"},
        {"split_columns": "false"},
        {"rows": "mechanism", "columns": "context"},
        {"source_kind": "review"},
        {"stance": "refutes"},
    ]
    for wish in wishes:
        answer = ask(coded, world, **wish)
        for cell in answer["cells"]:
            listed = coded.get(cell["url"] + "&count=true").json()
            assert listed["total"] == cell["figures"]["configurations"], (wish, cell)


def test_the_question_goes_through_a_mechanism(world: World, coded: Door) -> None:
    through = cells(ask(coded, world, through="K5"))
    # C3 has faith as a resource, which a question about mechanisms includes
    assert set(through) == {
        (2, 4, "reduced"),
        (2, 5, "reduced"),
        (3, 4, "reduced"),
        (3, 5, "reduced"),
    }


def test_narrower_concepts_roll_up(world: World, coded: Door) -> None:
    answer = cells(ask(coded, world, depth_rows="1"))
    setting = answer[1, 4, "increased"]
    assert figures(setting, "configurations", "sources") == (3, 4)
    assert "has=context:K1*" in setting["url"]


def test_filters_on_sources_hold_for_the_evidence_counted(world: World, coded: Door) -> None:
    answer = cells(ask(coded, world, source_kind="review"))
    assert figures(answer[2, 4, "increased"], "configurations", "sources", "refuting") == (1, 1, 1)


def test_a_concept_that_is_not_there_is_named(world: World, coded: Door) -> None:
    answer = coded.get(f"{world.base}/matrix?through=K99")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert "K99" in answer.json()["detail"]


def test_a_concept_page_gathers_roles_wordings_and_neighbours(world: World, coded: Door) -> None:
    page = coded.get(f"{world.base}/concepts/7/page").json()
    assert (page["id"], page["merged"]) == (4, [7])
    [played] = page["roles"]
    assert played["role"] == "outcome"
    assert played["states"] == {"increased": 4, "reduced": 1}
    assert coded.get(played["url"] + "&count=true").json()["total"] == 5
    assert {
        "wording": "outcome 7",
        "role": "outcome",
        "state": "increased",
        "configurations": [2],
    } in (page["wordings"])
    risk = next(n for n in page["neighbours"] if n["concept_id"] == 6)
    assert (risk["own_role"], risk["role"], risk["configurations"]) == ("outcome", "mechanism", 3)


def test_mechanisms_name_their_most_frequent_outcome(world: World, coded: Door) -> None:
    risk, faith = coded.get(f"{world.base}/mechanisms/outcomes").json()["items"]
    assert (risk["label"], risk["configurations"]) == ("risk", 3)
    assert risk["outcomes"][0]["concept_id"] == 4
    assert risk["outcomes"][0]["figures"]["configurations"] == 3
    assert faith["label"] == "faith"


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("matrix?through=5", "name a concept by its number: K5"),
        ("chains?from=trust", "name a concept, and its state if it matters: K5"),
        ("configurations?has=trust", "write ROLE:CONCEPT:STATE"),
    ],
)
def test_a_concept_named_otherwise_is_answered_by_how_to_name_it(
    world: World, coded: Door, question: str, said: str
) -> None:
    refused = coded.get(f"{world.base}/{question}")
    assert refused.status_code == 422
    assert said in refused.json()["detail"]


def test_what_falls_out_is_listed(world: World, coded: Door) -> None:
    every = coded.get(f"{world.base}/check?limit=500").json()["items"]
    findings = {(finding["check"], finding["thing"]) for finding in every}
    assert ("configuration_incomplete", "C7") in findings
    assert ("concept_unused", "K1") not in findings


def test_what_falls_out_comes_in_pages_and_by_check(world: World, coded: Door) -> None:
    url = f"{world.base}/check"
    every = coded.get(url, params={"limit": 500, "count": True}).json()
    first = coded.get(url, params={"limit": 2})
    assert first.json()["items"] == every["items"][:2]
    assert first.links["next"]["url"].endswith("after=2")
    following = coded.get(first.links["next"]["url"]).json()
    assert following["items"] == every["items"][2:4]
    assert every["total"] == len(every["items"])
    some = coded.get(url, params={"check": ["concept_unused", "source_unused"]}).json()["items"]
    assert some == [f for f in every["items"] if f["check"] in {"concept_unused", "source_unused"}]


def test_evidence_on_what_stands_in_no_cell_is_counted_in_none(world: World, coded: Door) -> None:
    body = {
        "elements": [
            {"role": "context", "wording": "elsewhere", "concept_id": 3},
            {"role": "mechanism", "wording": "one", "concept_id": 6},
            {"role": "mechanism", "wording": "two", "concept_id": 5},
            {"role": "outcome", "wording": "so", "concept_id": 5, "state": "high"},
            {"role": "outcome", "wording": "not understood yet"},
            {"role": "outcome", "wording": "other", "concept_id": 4, "state": "high"},
        ],
        "evidence": [
            {"source_id": 1, "elements": [4]},
            {"source_id": 3, "elements": [5]},
            {"source_id": 4, "elements": [6]},
        ],
    }
    made = coded.post(f"{world.base}/configurations", json=body)
    assert made.status_code == 201, made.text
    version = made.headers["etag"]
    for n, behind in ((4, 2), (6, 3)):
        url = f"{world.base}/configurations/{made.json()['id']}/elements/{n}"
        named = coded.patch(url, json={"mechanism_n": behind}, headers={"If-Match": version})
        assert named.status_code == 200, named.text
        version = named.headers["etag"]
    through = cells(ask(coded, world, through="K6"))
    assert figures(through[3, 5, "high"], "sources", "supporting") == (1, 1)
    assert (3, 4, "high") not in through
    both = cells(ask(coded, world))
    assert figures(both[3, 5, "high"], "sources") == (1,)
    assert figures(both[3, 4, "high"], "sources") == (1,)
