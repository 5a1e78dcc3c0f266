import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import repeat
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.utils.escape import unescape

from app.export.writers import (
    CUT_MARK,
    Cell,
    Column,
    guard,
    guarded_back,
    write_csv,
    write_json,
    write_xlsx,
)

Writer = Callable[[Sequence[Column], Iterable[Sequence[Cell]]], Iterator[bytes]]
DANGEROUS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
TEXTS = st.text() | st.text("='@+-\t\r\n\uff1da<>&_x0\",;", max_size=8)
CELLS = st.none() | TEXTS | st.booleans() | st.integers(-(10**14), 10**14) | st.dates()


def columns(*names: str) -> list[Column]:
    return [Column(name, name.title()) for name in names]


def csv_text(names: str, *rows: Sequence[Cell]) -> bytes:
    return b"".join(write_csv(columns(*names.split()), rows))


def csv_cells(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def saved(path: Path, fields: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> Workbook:
    write_xlsx(fields, rows, path, title="Evidence", notes=["2 rows"])
    return load_workbook(path)


def about(book: Workbook) -> list[object]:
    return [row[0] for row in book["About"].iter_rows(values_only=True)]


def counted(rows: int, taken: list[int]) -> Iterator[Sequence[Cell]]:
    for number in range(rows):
        taken.append(number)
        yield (number, "x" * 1000)


# --- guard


@given(TEXTS)
def test_every_text_comes_back_from_its_guard(text: str) -> None:
    assert guarded_back(guard(text)) == text


@given(TEXTS | st.sampled_from(DANGEROUS).flatmap(lambda c: TEXTS.map(lambda t: c + t)))
def test_no_guarded_text_begins_like_a_formula(text: str) -> None:
    assert not guard(text).startswith(DANGEROUS)


@pytest.mark.parametrize("first", DANGEROUS)
def test_guards_each_dangerous_first_character(first: str) -> None:
    assert guard(first + "1") == "'" + first + "1"
    assert guard("''" + first) == "'''" + first


def test_leaves_harmless_text_alone_even_after_an_apostrophe() -> None:
    assert [guard(t) for t in ("", "'", "'tis", "a=b", " =1")] == ["", "'", "'tis", "a=b", " =1"]
    assert guarded_back("'tis") == "'tis"


# --- CSV


def test_csv_is_these_bytes() -> None:
    content = csv_text(
        "id text score is_final made on",
        (1, 'say "no", é', -0.5, True, datetime(2024, 5, 6, 7, 8, tzinfo=UTC), date(2024, 5, 6)),
        (-2, "=1+1", None, False, None, None),
        (3, "two\nlines", 1.0, None, datetime.fromisoformat("2024-05-06T07:08:09.000005"), None),
        (4, "'=x", None, None, None, None),
    )
    assert content == (
        b"\xef\xbb\xbfid,text,score,is_final,made,on\r\n"
        b'1,"say ""no"", \xc3\xa9",-0.5,true,2024-05-06T07:08:00+00:00,2024-05-06\r\n'
        b"-2,'=1+1,,false,,\r\n"
        b'3,"two\nlines",1.0,,2024-05-06T07:08:09.000005,\r\n'
        b"4,''=x,,,,\r\n"
    )


def test_csv_without_rows_is_a_header() -> None:
    assert csv_text("a b") == b"\xef\xbb\xbfa,b\r\n"


def test_csv_guards_headings_too() -> None:
    assert b"".join(write_csv([Column("=a", "A")], [])) == b"\xef\xbb\xbf'=a\r\n"


def test_csv_leaves_none_and_empty_text_both_empty() -> None:
    assert csv_text("a b c", (None, "", 0)) == b"\xef\xbb\xbfa,b,c\r\n,,0\r\n"


@given(st.lists(st.tuples(TEXTS, TEXTS)))
def test_csv_text_comes_back_whole(rows: list[tuple[str, str]]) -> None:
    parsed = csv_cells(csv_text("a b", *rows))[1:]
    assert [tuple(guarded_back(cell) for cell in row) for row in parsed] == rows


@given(st.lists(st.tuples(CELLS, CELLS)))
def test_no_text_in_csv_begins_like_a_formula(rows: list[tuple[Cell, Cell]]) -> None:
    parsed = csv_cells(csv_text("a b", *rows))[1:]
    for written, row in zip(parsed, rows, strict=True):
        for cell, source in zip(written, row, strict=True):
            assert type(source) is int or not cell.startswith(DANGEROUS)


# --- JSON


def test_json_is_these_bytes() -> None:
    rows: list[Sequence[Cell]] = [(1, "=1+1", None), (2, "", datetime(2024, 5, 6, tzinfo=UTC))]
    assert b"".join(write_json(columns("id", "text", "made"), rows)) == (
        b'[\n{"id":1,"text":"=1+1","made":null},\n'
        b'{"id":2,"text":"","made":"2024-05-06T00:00:00+00:00"}\n]\n'
    )


def test_json_without_rows_is_an_empty_array() -> None:
    assert json.loads(b"".join(write_json(columns("a"), []))) == []


@given(st.lists(st.tuples(st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXTS)))
def test_json_values_come_back_whole(rows: list[tuple[Cell]]) -> None:
    parsed = json.loads(b"".join(write_json(columns("a"), rows)))
    assert [(row["a"],) for row in parsed] == rows


# --- streaming


@pytest.mark.parametrize("write", [write_csv, write_json])
def test_takes_rows_only_as_chunks_are_asked_for(write: Writer) -> None:
    taken: list[int] = []
    chunks = write(columns("id", "text"), counted(1000, taken))
    assert taken == []
    first = next(chunks)
    assert 60 < len(taken) < 70
    assert 64 * 1024 <= len(first) < 66 * 1024
    assert len([first, *chunks]) == 16
    assert len(taken) == 1000


@pytest.mark.parametrize("write", [write_csv, write_json])
def test_refuses_a_row_of_the_wrong_length(write: Writer) -> None:
    with pytest.raises(ValueError, match="Row 2 has 1 cells for 2 columns"):
        list(write(columns("a", "b"), [(1, 2), (1,)]))


# --- XLSX


def test_xlsx_keeps_kinds_of_cells(tmp_path: Path) -> None:
    east = timezone(timedelta(hours=2))
    sheet = saved(
        tmp_path / "t.xlsx",
        columns("a", "b", "c", "d", "e", "f"),
        [
            ("7", 7, -0.5, True, date(2024, 5, 6), datetime(2024, 5, 6, 1, 2, 3, tzinfo=east)),
            (None, "", None, False, None, None),
        ],
    )["Evidence"]
    assert list(sheet.iter_rows(values_only=True)) == [
        ("A", "B", "C", "D", "E", "F"),
        ("7", 7, -0.5, True, *map(datetime.fromisoformat, ("2024-05-06", "2024-05-05T23:02:03"))),
        (None, "", None, False, None, None),
    ]


def test_xlsx_spells_out_what_excel_would_change(tmp_path: Path) -> None:
    row = (10**15, date(1899, 12, 31), datetime(1850, 1, 2, tzinfo=UTC), float("nan"))
    sheet = saved(tmp_path / "t.xlsx", columns("a", "b", "c", "d"), [row])["Evidence"]
    expected = ("1000000000000000", "1899-12-31", "1850-01-02T00:00:00+00:00", "nan")
    assert [cell.value for cell in sheet[2]] == list(expected)


def test_xlsx_stores_formula_like_text_verbatim_and_as_text(tmp_path: Path) -> None:
    texts = [first + "1+1" for first in DANGEROUS if first != "\r"] + ["{=1}", "'=1", "http://a.b"]
    sheet = saved(tmp_path / "t.xlsx", columns("a"), [(text,) for text in texts])["Evidence"]
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == texts
    assert {cell.data_type for cell in cells} == {"s"}
    assert cells[0].quotePrefix
    assert not cells[-1].quotePrefix
    assert cells[-1].hyperlink is None


def test_xlsx_takes_markup_in_text_for_text(tmp_path: Path) -> None:
    texts = ["<r><t>a</t></r>", "<r>&</wrong></r>", "<r></r>", "<b>&amp;</b>", "]]>"]
    texts.append("<r>" + "&" * 32_760 + "</r>")
    sheet = saved(tmp_path / "t.xlsx", columns("a"), [(text,) for text in texts])["Evidence"]
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == texts


@settings(max_examples=40, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=50))
def test_xlsx_text_comes_back_whole(texts: list[str]) -> None:
    with TemporaryDirectory() as place:
        sheet = saved(Path(place) / "t.xlsx", columns("a", "b"), [(t, 1) for t in texts])[
            "Evidence"
        ]
    found = [unescape(str(row[0])) for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert found == texts


def test_xlsx_opens_with_every_control_character(tmp_path: Path) -> None:
    text = "a" + "".join(map(chr, range(32))) + "\x7f\x85\ufffe\uffff_x0041_z"
    sheet = saved(tmp_path / "t.xlsx", columns("a"), [(text,)])["Evidence"]
    assert unescape(sheet["A2"].value) == text


def test_xlsx_cuts_long_text_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    fits, long, wide = "a" * 32_767, "b" * 32_768, "\U0001f600" * 16_384
    rows = [(fits, long), (wide, "=" + long)]
    assert write_xlsx(columns("a", "b"), rows, path, title="Evidence", notes=[]) == 3
    book = load_workbook(path)
    (first, second), (third, fourth) = book["Evidence"].iter_rows(min_row=2, values_only=True)
    assert first == fits
    assert second == "b" * 32_715 + CUT_MARK
    assert third == "\U0001f600" * 16_357 + CUT_MARK
    assert fourth == "=" + "b" * 32_714 + CUT_MARK
    assert about(book)[1] == "3 cells were cut at 32,767 characters; the CSV holds them whole."


def test_xlsx_links_what_excel_can_follow_and_keeps_the_rest_as_text(tmp_path: Path) -> None:
    start = "https://example.org/"
    linked = [start, "HTTP://example.org/a?b=c&d#e", start + "\u00e9", start.ljust(2079, "a")]
    plain = [
        start.ljust(2080, "a"),
        start.ljust(2078, "a") + "[",
        "/reviews/1",
        "javascript:alert(1)",
        "file:///etc/hosts",
        "internal:Evidence!A1",
        "https://a b",
        "https://a\x01",
        "=HYPERLINK(1)",
    ]
    fields = [Column("url", "Link", is_link=True)]
    rows = [(url,) for url in [*linked, *plain, None, ""]]
    book = saved(tmp_path / "t.xlsx", fields, rows)
    cells = [row[0] for row in book["Evidence"].iter_rows(min_row=2)]
    assert [unescape(str(cell.value)) for cell in cells[:-2]] == linked + plain
    links = [cell.hyperlink and (cell.hyperlink.target, cell.hyperlink.location) for cell in cells]
    assert links[:2] == [(start, None), ("HTTP://example.org/a?b=c&d", "e")]
    assert [link is not None for link in links] == [True] * 4 + [False] * 11
    assert about(book)[-1] == "9 links are plain text, because Excel cannot follow them here."


def test_xlsx_drops_no_link_beyond_the_limit_of_a_sheet(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    fields = [Column("url", "Link", is_link=True)]
    rows = repeat(("https://example.org/",), 65_533)
    write_xlsx(fields, rows, path, title="Evidence", notes=[])
    with ZipFile(path) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml")
    assert sheet.count(b"<hyperlink ") == 65_530
    assert sheet.count(b">https://example.org/<") == 65_533
    assert about(load_workbook(path, read_only=True))[-1] == (
        "3 links are plain text, because Excel cannot follow them here."
    )


def test_xlsx_fills_a_sheet_to_its_last_row_and_refuses_one_more(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    write_xlsx(columns("a"), repeat((None,), 1_048_575), path, title="t", notes=[])
    path.unlink()
    with pytest.raises(ValueError, match="1,048,576 rows; use CSV"):
        write_xlsx(columns("a"), repeat((None,), 1_048_576), path, title="t", notes=[])
    assert list(tmp_path.iterdir()) == []


def test_xlsx_refuses_more_columns_than_a_sheet_has(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="16,384 columns; use CSV"):
        write_xlsx(columns(*"a" * 16_385), [], tmp_path / "t.xlsx", title="t", notes=[])


def test_xlsx_that_fails_leaves_the_older_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(b"older")
    with pytest.raises(ValueError, match="Row 2 has 2 cells for 1 columns"):
        write_xlsx(columns("a"), [(1,), (1, 2)], path, title="t", notes=[])
    assert path.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [path]


def test_xlsx_is_laid_out_for_reading(tmp_path: Path) -> None:
    fields = [Column("a", "First", width=12), Column("b", "=Second", width=60)]
    book = saved(tmp_path / "t.xlsx", fields, [("x", "y"), ("z", None)])
    sheet = book["Evidence"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B3"
    assert [round(sheet.column_dimensions[letter].width) for letter in "AB"] == [13, 61]
    assert sheet["B1"].value == "=Second"
    assert sheet["A2"].alignment.wrap_text
    assert book.sheetnames == ["Evidence", "About"]
    assert about(book) == ["Evidence", "2 rows"]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("A [long] title: with/what\\Excel? refuses*", "A  long  title  with what Excel"),
        ("'quoted'", "quoted"),
        ("about", "Rows"),
        ("Nurse's <r>view</r>", "Nurse's <r>view< r>"),
        ("<r>&</r>", "<r>&< r>"),
        ("=1+1\x01", "=1+1"),
        ("???", "Rows"),
        ("\U0001f600" * 20, "\U0001f600" * 15),
    ],
)
def test_xlsx_names_its_sheet_after_any_title(tmp_path: Path, title: str, name: str) -> None:
    path = tmp_path / "t.xlsx"
    write_xlsx(columns("a"), [(1,)], path, title=title, notes=[])
    book = load_workbook(path)
    assert book.sheetnames == [name, "About"]
    assert [unescape(str(note)) for note in about(book)] == [title]


def test_xlsx_refuses_what_is_no_cell(tmp_path: Path) -> None:
    rows: list[Sequence[Cell]] = json.loads('[[{"a": 1}]]')
    with pytest.raises(TypeError, match="A cell cannot hold a dict"):
        write_xlsx(columns("a"), rows, tmp_path / "t.xlsx", title="t", notes=[])
