"""The evidence table: every row leads back to the words, every format says the same."""

import csv
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.conftest import Door, World

WORDS = "=they kept to the letter"


@pytest.fixture
def coded(world: World) -> Door:
    door = world.door("owner")
    source = {"title": "One", "cite_key": "One2020", "year": 2020, "study": "north"}
    door.post(f"{world.base}/sources", json=source)
    door.post(f"{world.base}/concepts", json={"label": "trust"})
    body = {
        "title": "Letter, not goodwill",
        "elements": [
            {"role": "context", "wording": "too much contract"},
            {"role": "outcome", "wording": "trust erodes", "concept_id": 1, "state": "reduced"},
        ],
        "evidence": [
            {
                "quote": {"source_id": 1, "exact": WORDS, "page": "12"},
                "stance": "refutes",
                "elements": [2],
            },
            {"source_id": 1, "paraphrase": "said so", "page": "14"},
        ],
    }
    assert door.post(f"{world.base}/configurations", json=body).status_code == 201
    lonely = {"elements": [{"role": "context", "wording": "nobody says"}]}
    assert door.post(f"{world.base}/configurations", json=lonely).status_code == 201
    return door


def rows(door: Door, world: World, **wish: Any) -> list[dict[str, str]]:
    answer = door.get(f"{world.base}/evidence-table", params=wish)
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_one_row_per_quote_leads_back_to_the_words(world: World, coded: Door) -> None:
    first, second, third = rows(coded, world)
    assert first["configuration"] == "C1"
    assert first["quote_text"] == "'" + WORDS
    assert (first["stance"], first["page"], first["cite_key"]) == ("refutes", "12", "One2020")
    assert first["about"] == "outcome: trust erodes"
    assert first["quote_url"].endswith("/reviews/trust-and-faith/quotes/1")
    assert (second["quote_text"], second["page"]) == ("", "14")
    assert (third["configuration"], third["stance"]) == ("C2", "")


def test_one_row_per_configuration_counts_sources(world: World, coded: Door) -> None:
    first, second = rows(coded, world, per="configuration")
    assert (first["supporting_sources"], first["refuting_sources"]) == ("1", "1")
    assert first["quotes"] == "Q1"
    assert second["supporting_sources"] == "0"


def test_chosen_columns_come_in_the_order_asked(world: World, coded: Door) -> None:
    [first, *_] = rows(coded, world, columns=["outcome_concepts", "configuration"])
    assert list(first) == ["outcome_concepts", "configuration"]
    assert first["outcome_concepts"] == "trust (reduced)"


def test_an_unknown_column_is_named_with_the_known_ones(world: World, coded: Door) -> None:
    answer = coded.get(f"{world.base}/evidence-table?columns=colour")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert "colour" in answer.json()["detail"]
    assert "quote_text" in answer.json()["detail"]


def test_filters_are_those_of_the_list(world: World, coded: Door) -> None:
    assert [r["configuration"] for r in rows(coded, world, has="outcome:K1:reduced")] == ["C1"] * 2
    assert [r["stance"] for r in rows(coded, world, stance="refutes")] == ["refutes"]


def test_json_and_xlsx_hold_the_same_words(world: World, coded: Door, tmp_path: Path) -> None:
    as_json = coded.get(f"{world.base}/evidence-table?format=json").json()
    assert as_json[0]["quote_text"] == WORDS
    path = tmp_path / "table.xlsx"
    path.write_bytes(coded.get(f"{world.base}/evidence-table?format=xlsx").content)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    first = dict(zip(headings, [cell.value for cell in sheet[2]], strict=True))
    assert first["Words quoted"] == WORDS


def test_a_consolidated_row_shows_the_evidence_of_its_members(world: World, coded: Door) -> None:
    whole = {
        "kind": "consolidated",
        "elements": [{"role": "context", "wording": "contracts"}],
        "members": [{"member_id": 1}],
    }
    assert coded.post(f"{world.base}/configurations", json=whole).status_code == 201
    counted = rows(coded, world, counted="true", per="quote")
    assert [(r["configuration"], r["about"]) for r in counted] == [
        ("C2", ""),
        ("C3", "its member C1"),
        ("C3", "its member C1"),
    ]


def test_a_stranger_downloads_nothing(world: World, coded: Door) -> None:
    answer = world.door("stranger").get(f"{world.base}/evidence-table")
    assert answer.status_code == 404


def test_a_filter_that_names_nothing_is_refused_before_anything_is_written(
    world: World, coded: Door
) -> None:
    answer = coded.get(f"{world.base}/evidence-table?has=context:K99")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert "K99" in answer.json()["detail"]
