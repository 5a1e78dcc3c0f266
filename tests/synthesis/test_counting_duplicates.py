"""Evidence of merged duplicates: it keeps its source and number, and counts as the survivor."""

import csv
import io
from typing import Any

import pytest

from tests.conftest import Door, World
from tests.synthesis.test_counting_rules import add, ask, door, element

__all__ = ["door"]
ANY = {"If-Match": "*"}


@pytest.fixture
def coded(door: Door, world: World) -> Door:
    """Two configurations of one context and outcome, C1 out of S1, C2 out of S2, S3 a review."""
    for source, stance in ((1, "supports"), (2, "supports"), (3, "refutes")):
        evidence = [{"source_id": source, "stance": stance, "paraphrase": "so it says"}]
        add(door, world, element("context", 1), element("outcome", 2), evidence=evidence)
    link = {"kind": "feeds", "from_id": 1, "to_id": 2, "from_element_n": 2, "to_element_n": 1}
    said = {"reason": "r", "evidence": [{"source_id": 1, "paraphrase": "a"}]}
    made = door.post(f"{world.base}/links", json=link | said)
    assert made.status_code == 201, made.text
    return door


def merge(door: Door, world: World, number: int, into: int) -> None:
    path = f"{world.base}/sources/{number}/merge"
    merged = door.post(path, json={"into_id": into}, headers=ANY)
    assert merged.status_code == 200, merged.text


def cell(door: Door, world: World) -> tuple[int, ...]:
    figures = ask(door, world, "matrix", rows="context", columns="outcome")["total"]
    names = ("sources", "studies", "reviews", "supporting", "refuting")
    return tuple(figures[name] for name in names)


def test_two_reports_that_are_one_count_once(coded: Door, world: World) -> None:
    assert cell(coded, world) == (3, 2, 1, 2, 1)
    merge(coded, world, 2, 1)
    assert cell(coded, world) == (2, 1, 1, 1, 1)
    merge(coded, world, 1, 3)  # now all are one review, which speaks for and against
    assert cell(coded, world) == (1, 0, 1, 1, 1)
    assert coded.post(f"{world.base}/sources/1/unmerge", headers=ANY).status_code == 200
    assert cell(coded, world) == (2, 1, 1, 1, 1)


def test_filters_by_source_ask_for_the_one_that_stands_for_duplicates(
    coded: Door, world: World
) -> None:
    coded.patch(f"{world.base}/sources/1", json={"year": 2021}, headers=ANY)
    coded.patch(f"{world.base}/sources/2", json={"year": 2001}, headers=ANY)
    merge(coded, world, 2, 1)

    def found(**wish: Any) -> list[int]:
        return [c["id"] for c in ask(coded, world, "configurations", **wish)["items"]]

    assert found(source_id=1) == found(source_id=2) == [1, 2]
    assert found(year_from=2020) == [1, 2]
    assert found(year_to=2005) == []
    assert found(source_kind="review") == [3]


def test_lists_pages_and_tables_agree(coded: Door, world: World) -> None:
    wish = {"kind": "consolidated", "members": [{"member_id": 1}, {"member_id": 2}]}
    whole = add(coded, world, element("context", 1), element("outcome", 2), **wish)
    merge(coded, world, 2, 1)
    items = ask(coded, world, "configurations")["items"]
    counts = {c["id"]: (c["sources"], c["supporting"], c["evidence"]) for c in items}
    assert counts[whole] == (1, 1, 2)
    columns = ["configuration", "supporting_sources", "sources"]
    table = coded.get(
        f"{world.base}/evidence-table", params={"per": "configuration", "columns": columns}
    )
    rows = {row[0]: row[1:] for row in csv.reader(io.StringIO(table.text))}
    [key] = {s["cite_key"] for s in ask(coded, world, "sources")["items"] if s["id"] == 1}
    assert rows[f"C{whole}"] == ["1", key]
    per_quote = coded.get(
        f"{world.base}/evidence-table", params={"columns": ["evidence", "source"]}
    )
    assert {row[-1] for row in csv.reader(io.StringIO(per_quote.text))} >= {"S1", "S3"}
    assert "S2" not in per_quote.text


def test_chains_count_what_stands_for_duplicates(coded: Door, world: World) -> None:
    def told() -> tuple[Any, ...]:
        answer = ask(coded, world, "chains", **{"from": "K1", "to": "K2"})
        [chain] = [c for c in answer["chains"] if c["configurations"] == [1, 2]]
        return chain["figures"]["sources"], chain["figures"]["studies"], chain["whole"]

    assert told() == (2, 2, [])
    merge(coded, world, 2, 1)
    assert told() == (1, 1, [1])


def test_no_duplicate_is_listed_as_unused_nor_what_stands_for_a_used_one(
    coded: Door, world: World
) -> None:
    added = [{"title": title} for title in ("D", "E")]
    coded.post(f"{world.base}/sources/bulk", json={"items": added})

    def unused() -> list[str]:
        findings = ask(coded, world, "check")["items"]
        return [f["thing"] for f in findings if f["check"] == "source_unused"]

    assert unused() == ["S4", "S5"]
    merge(coded, world, 1, 4)
    merge(coded, world, 5, 3)
    assert unused() == []
