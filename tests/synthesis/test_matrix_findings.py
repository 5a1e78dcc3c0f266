"""Counting by study, contradictions, and questions too wide to be answered."""

from typing import Any

import numpy as np
import pytest

from app.errors import InvalidError
from app.synthesis.placing import MOST_PAIRS, spread
from tests.conftest import Door, World
from tests.synthesis.test_matrix import ask, cells, figures


def test_counts_support_by_study_on_request_and_a_review_as_itself(
    world: World, coded: Door
) -> None:
    # S1 and S2 report one study, S4 is another through the member C4; S3 is a review that refutes
    by_source, by_study = (ask(coded, world, by=by) for by in ("source", "study"))
    place = (2, 4, "increased")
    assert figures(cells(by_source)[place], "supporting", "refuting") == (3, 1)
    counted = cells(by_study)[place]
    assert figures(counted, "supporting", "refuting") == (2, 1)
    assert figures(counted, "sources", "studies", "reviews") == (4, 2, 1)
    assert by_study["total"]["supporting"] == 2
    assert (by_source["by"], by_study["by"]) == ("source", "study")
    assert "studies, and reviews, once each" in by_study["caption"]
    assert "studies, and reviews, once each" not in by_source["caption"]


def test_ranks_outcomes_with_support_by_study_on_request(world: World, coded: Door) -> None:
    supporting = {}
    for by in ("source", "study"):
        ranking = coded.get(f"{world.base}/mechanisms/outcomes", params={"by": by})
        first = ranking.json()["items"][0]["outcomes"][0]
        supporting[by] = first["figures"]["supporting"]
    assert supporting["study"] < supporting["source"]


def contradictory(answer: dict[str, Any]) -> set[tuple[int, int, str | None]]:
    return {place for place, cell in cells(answer).items() if cell["contradictory"]}


def test_more_and_less_of_one_outcome_in_the_same_context_is_said(
    world: World, coded: Door
) -> None:
    # in both contexts K4 is increased in one configuration and reduced in C3; K5 only reduced
    expected = {(2, 4, "increased"), (2, 4, "reduced"), (3, 4, "increased"), (3, 4, "reduced")}
    answer = ask(coded, world)
    assert contradictory(answer) == expected
    assert {row["concept_id"] for row in answer["rows"] if row["contradictory"]} == {2, 3}
    columns = {(c["concept_id"], c["state"]) for c in answer["columns"] if c["contradictory"]}
    assert columns == {(4, "increased"), (4, "reduced")}


def test_a_contradiction_is_said_where_states_are_not_split(world: World, coded: Door) -> None:
    assert contradictory(ask(coded, world, split_columns="false")) == {(2, 4, None), (3, 4, None)}
    turned = ask(coded, world, rows="outcome", columns="context", split_rows="true")
    found = {
        (turned["rows"][c["row"]]["concept_id"], turned["columns"][c["column"]]["concept_id"])
        for c in turned["cells"]
        if c["contradictory"]
    }
    assert found == {(4, 2), (4, 3)}


def test_no_contradiction_without_outcomes_or_through_one_that_parts_them(
    world: World, coded: Door
) -> None:
    assert contradictory(ask(coded, world, columns="mechanism")) == set()
    assert contradictory(ask(coded, world, through="K6")) == set()


def test_a_configuration_of_a_hundred_by_a_hundred_elements_is_answered(
    world: World, owner: Door
) -> None:
    labels = [{"label": f"concept {number}"} for number in range(200)]
    assert owner.post(f"{world.base}/concepts/bulk", json={"items": labels}).status_code == 201
    assert owner.post(f"{world.base}/sources", json={"title": "A"}).status_code == 201
    elements = [
        {"role": role, "wording": "w", "concept_id": number}
        for role, numbers in (("context", range(1, 101)), ("outcome", range(101, 201)))
        for number in numbers
    ]
    many = [{"source_id": 1}] * 100
    made = owner.post(f"{world.base}/configurations", json={"elements": elements, "evidence": many})
    assert made.status_code == 201, made.text
    answer = ask(owner, world)
    assert len(answer["cells"]) == 10_000
    assert {c["figures"]["sources"] for c in answer["cells"]} == {1}


def test_a_question_too_wide_is_refused_before_it_fills_the_memory() -> None:
    first, count = np.array([0, 0]), np.array([MOST_PAIRS, 1])
    with pytest.raises(InvalidError, match="filter, so that fewer meet"):
        spread(first, count)
