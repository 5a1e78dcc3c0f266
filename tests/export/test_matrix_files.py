"""The matrix as files: a figure that says its counts and filters, pictures, a row per cell."""

import csv
import io
import xml.etree.ElementTree as ET
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import Door, World

SVG = "{http://www.w3.org/2000/svg}"
EVIL = "<script>alert(1)</script> & “x”; y, z"
FILE = "/api/v1/reviews/trust-and-faith/matrix/file"


@pytest.fixture
def door(world: World) -> Door:
    """A reader of a review with one outcome both more and less, supported and refuted."""
    owner = world.door("owner")
    owner.post(f"{world.base}/sources", json={"title": EVIL})
    for label in (EVIL, "trust"):
        owner.post(f"{world.base}/concepts", json={"label": label, "referent": "between <b>"})
    for state, stance in (("increased", "supports"), ("reduced", "supports")):
        made = owner.post(
            f"{world.base}/configurations",
            json={
                "elements": [
                    {"role": "context", "wording": EVIL, "concept_id": 1},
                    {"role": "outcome", "wording": "trust", "concept_id": 2, "state": state},
                ],
                "evidence": [
                    {"source_id": 1, "paraphrase": "so", "stance": stance},
                    {"source_id": 1, "paraphrase": "not so", "stance": "refutes"},
                ],
            },
        )
        assert made.status_code == 201, made.text
    return world.door("reader")


def test_the_figure_says_its_counts_and_filters_and_escapes_what_others_wrote(door: Door) -> None:
    answer = door.get(f"{FILE}?stance=supports")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert 'filename="trust-and-faith-matrix.svg"' in answer.headers["content-disposition"]
    root = ET.fromstring(answer.text)
    assert root.tag == f"{SVG}svg"
    assert not {child.tag for child in root.iter()} & {f"{SVG}script", f"{SVG}style"}
    assert "style=" not in answer.text
    said = " ".join(text.text or "" for text in root.iter(f"{SVG}text"))
    for words in ("Filters: stance=supports.", "not the strength of a claim", "▲ increased"):
        assert words in said
    assert said.count("⇅") == 3  # two cells, and what the mark means


def test_the_table_has_a_row_per_cell(door: Door) -> None:
    text = door.get(f"{FILE}?format=csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["column_state"] for row in rows] == ["increased", "reduced"]
    assert {row["row"] for row in rows} == {f"{EVIL} (between <b>)"}
    assert [(r["sources"], r["refuting"], r["contradictory"]) for r in rows] == [
        ("1", "1", "true")
    ] * 2
    listed = door.get(rows[0]["url"].removeprefix("http://testserver"))
    assert [item["id"] for item in listed.json()["items"]] == [1]


def test_the_workbook_says_what_it_holds(door: Door, tmp_path: Path) -> None:
    path = tmp_path / "matrix.xlsx"
    path.write_bytes(door.get(f"{FILE}?format=xlsx").content)
    book = openpyxl.load_workbook(path)
    about = [row[0].value for row in book["About"].iter_rows()]
    assert "No filters." in about
    assert book.worksheets[0].max_row == 3


@pytest.mark.parametrize(("form", "start"), [("png", b"\x89PNG"), ("pdf", b"%PDF")])
def test_pictures_are_made_of_the_figure(door: Door, form: str, start: bytes) -> None:
    assert door.get(f"{FILE}?format={form}").content.startswith(start)


def test_an_empty_matrix_has_files_too(world: World) -> None:
    for form in ("csv", "xlsx", "svg", "png"):
        assert world.door("reader").get(f"{FILE}?format={form}").status_code == 200
