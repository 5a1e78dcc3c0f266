"""The flow as files: a drawing that says its numbers, pictures of it, the published table."""

import csv
import io
import os
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from app.export.flow_boxes import diagram
from app.export.flow_figure import flow_svg, told
from app.export.flow_formats import FlowFormat, flow_file
from app.export.flow_lettering import width_of, wrapped
from app.library.screening_models import StageUnit
from app.library.screening_standing import RecordOrigin
from app.library.search_models import SearchKind
from app.synthesis.flow_parts import Brought, Flow, PathFlow, ReasonCount, StageFlow

ROOT = Path(__file__).parents[2]
CORPUS = Path(os.environ.get("RETRODUCE_CORPUS", ROOT.parent / "shared" / "corpus"))
PUBLISHED = CORPUS / "prisma2020" / "PRISMA.csv"
SVG = "{http://www.w3.org/2000/svg}"
EVIL = "<script>alert(1)</script> & “x”; y, z"


def path(origin: RecordOrigin, found: list[Brought], waiting: int = 0) -> PathFlow:
    """A column of 20 records, 2 of them duplicates, of which 4 are included."""
    reasons = [ReasonCount(1, EVIL, 2), ReasonCount(None, "No reason given", 1)]
    return PathFlow(
        origin=origin,
        found=found,
        identified=20,
        duplicates=2,
        duplicates_at_import=1,
        unreadable=0,
        entered=18,
        stages=[
            StageFlow(1, "Title", StageUnit.RECORDS, 18, 8 - waiting, [], waiting, 10, 0),
            StageFlow(2, "Full text", StageUnit.REPORTS, 9, 3, reasons, 0, 6, 0),
            StageFlow(3, "Relevance", StageUnit.REPORTS, 6, 2 - waiting, [], waiting, 4, 0),
        ],
        sought=10,
        not_retrieved=1,
        awaiting_retrieval=0,
        retrieved=9,
        included=4,
    )


def make(previous: int = 0, waiting: int = 0) -> Flow:
    databases = [
        Brought(SearchKind.DATABASE, "MEDLINE, Ovid", 15, None),
        Brought(SearchKind.REGISTER, "ISRCTN", 5, None),
    ]
    other = [
        Brought(SearchKind.WEBSITE, "a", 12, None),
        Brought(None, "No search recorded", 8, None),
    ]
    return Flow(
        review=EVIL,
        caption="Flow.",
        databases=path(RecordOrigin.DATABASES, databases, waiting),
        other=path(RecordOrigin.OTHER, other),
        previous_studies=previous,
        previous_reports=previous,
        new_studies=7,
        new_reports=8,
        total_studies=7 + previous,
        total_reports=8 + previous,
        merged_by_program=0,
        merged_by_person=1,
        awaiting=2 * waiting,
    )


def rows(flow: Flow) -> dict[str, str]:
    text = flow_file(flow, FlowFormat.CSV).decode()
    return {row["data"]: row["n"] for row in csv.DictReader(io.StringIO(text))}


def test_the_drawing_has_a_title_and_tells_itself_in_words() -> None:
    root = ET.fromstring(flow_svg(make(previous=3, waiting=1)))
    title, told_ = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert title.text == f"PRISMA 2020 flow diagram: {EVIL}"
    assert told_ is not None
    for words in (
        "Records screened (n = 17)",
        "Awaiting a decision (n = 1)",
        f"Reports excluded (n = 3): {EVIL} (n = 2), No reason given (n = 1)",
        "Total studies included in review (n = 10)",
    ):
        assert words in (told_.text or "")


def test_the_drawing_needs_nothing_from_outside_and_carries_no_style_or_script() -> None:
    text = flow_svg(make(), lambda query: f"/x?{len(query)}")
    assert "<script" not in text
    assert "style=" not in text
    assert re.findall(r'(?:href|src)="(?!/x)[^"]*"', text) == []
    assert "<a " not in flow_svg(make())


def test_every_line_stays_within_its_box_and_no_two_boxes_touch() -> None:
    root = ET.fromstring(flow_svg(make(previous=3, waiting=1)))
    boxes = [
        tuple(float(rect.attrib[name]) for name in ("x", "y", "width", "height"))
        for rect in list(root.iter(f"{SVG}rect"))[1:]
    ]
    assert len(boxes) > 20
    for i, (x, y, width, height) in enumerate(boxes):
        for other in boxes[:i]:
            apart = x >= other[0] + other[2] or other[0] >= x + width
            assert apart or y >= other[1] + other[3] or other[1] >= y + height
    for text in root.iter(f"{SVG}text"):
        if "text-anchor" not in text.attrib:
            x, y = float(text.attrib["x"]), float(text.attrib["y"])
            end = x + width_of(text.text or "", 12.5)
            assert any(b[0] < x and end <= b[0] + b[2] and b[1] < y < b[1] + b[3] for b in boxes)


def test_undecided_boxes_are_drawn_only_when_something_waits() -> None:
    assert "Awaiting" not in told(make())
    assert "stroke-dasharray" not in flow_svg(make())
    assert flow_svg(make(waiting=1)).count("stroke-dasharray") == 2


def test_without_other_methods_there_is_one_column() -> None:
    flow = make()
    empty = PathFlow(RecordOrigin.OTHER, [], 0, 0, 0, 0, 0, [], 0, 0, 0, 0, 0)
    made = diagram(Flow(**{**{n: getattr(flow, n) for n in Flow.__slots__}, "other": empty}))
    assert made.other is None
    assert made.databases.has_side


def test_pictures_are_made_of_the_drawing() -> None:
    assert flow_file(make(), FlowFormat.PNG).startswith(b"\x89PNG")
    assert flow_file(make(), FlowFormat.PDF).startswith(b"%PDF")


def test_the_table_has_the_published_rows_and_numbers() -> None:
    found = rows(make(previous=3, waiting=1))
    expected = {
        "previous_studies": "3",
        "database_results": "15",
        "database_specific_results": "MEDLINE – Ovid, 15",
        "register_specific_results": "ISRCTN, 5",
        "website_results": "12",
        "duplicates": "2",
        "records_screened": "17",
        "records_excluded": "7",
        "dbr_assessed": "9",
        "dbr_excluded": "<script>alert(1)</script> & “x” – y – z, 2; No reason given, 1",
        "new_studies": "7",
        "total_reports": "11",
    }
    assert {name: found[name] for name in expected} == expected
    assert found["extra_found"] == "8"


@pytest.mark.corpus
def test_the_table_has_every_row_column_and_box_of_the_published_one() -> None:
    published = list(csv.reader(io.StringIO(PUBLISHED.read_text("utf-8-sig"))))
    ours = list(csv.reader(io.StringIO(flow_file(make(), FlowFormat.CSV).decode())))
    assert ours[0] == published[0]
    mine = {(row[0], row[1] or "NA", row[2]) for row in ours}
    wanted = {(row[0], row[1] or "NA", row[2]) for row in published if "_ma" not in row[0]}
    assert wanted - mine == set()


def test_words_are_wrapped_to_their_room() -> None:
    lines = wrapped("Reports excluded (n = 12)", 90, 12.5)
    assert lines[-1].endswith("(n\xa0=\xa012)")
    assert len(lines) > 1
    assert all(width_of(line, 12.5) <= 60 for line in wrapped("x" * 50 + " 漢字漢字漢字", 60, 12.5))
    assert wrapped("", 60, 12.5) == [""]
