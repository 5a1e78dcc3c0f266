"""Traps of CSV and workbooks, each in a few lines of our own: what is read and named."""

import io
import zipfile

import pytest

from app.errors import InvalidError
from app.exchange.references.reading import Wish, guess
from app.exchange.references.record import BadRecord, Record, UnknownFormatError
from tests.exchange.reading import CSV, F, good, one, read, titles, workbook


def test_a_table_is_read_by_its_headings() -> None:
    first, second = good(CSV, file_name="export.csv")
    assert first.fields["title"] == "Small, but\nwins"
    assert first.fields["authors"] == [
        {"family": "Ortiz", "given": "A"},
        {"family": "Lund", "given": "BC"},
    ]
    assert first.fields["csl"]["custom"]["csv"] == [["Cited by", "7"]]
    assert (second.line, second.fields["year"]) == (4, 2020)
    assert titles(CSV.replace(",", "\t").replace("\r\nwins", "")) == ["Small\t but", "Second"]
    assert titles(CSV.replace(",", ";"))[1] == "Second"


def test_the_meaning_of_a_column_can_be_named() -> None:
    text = "Titel;Jahr;Wer\nKleine Erfolge;2019;Ortiz, Ana\n"
    with pytest.raises(UnknownFormatError):
        read(text)
    mapping = {"Titel": "title", "Wer": "authors", "Jahr": "year"}
    fields = one(text, format=F.CSV, mapping=mapping)
    assert (fields["title"], fields["year"]) == ("Kleine Erfolge", 2019)
    for wrong in ({"Title": "title"}, {"Titel": "titel"}):
        with pytest.raises(InvalidError, match="mapping: Tit"):
            read(text, format=F.CSV, mapping=wrong)


def test_a_row_with_more_cells_than_headings_is_named() -> None:
    found = read("title,year\nOne,2019\nTwo,2019,surplus\nThree,2020\n")
    assert [type(record) for record in found] == [Record, BadRecord, Record]
    assert isinstance(found[1], BadRecord)
    assert "3 cells under 2 headings" in found[1].reason


def test_a_workbook_is_a_table() -> None:
    content = workbook(
        [["Title", "Year", "Authors"], ["One", 2019, "A, B; C, D"], [None, 2020, ""]]
    )
    found = read(content)
    assert guess(content, Wish()).format is F.XLSX
    assert isinstance(found[0], Record)
    assert (found[0].fields["year"], found[0].line) == (2019, 2)
    assert isinstance(found[1], BadRecord)


def test_a_broken_or_huge_workbook_is_refused() -> None:
    whole = workbook([["Title"], ["One"]])
    for broken in (whole[:200], b"PK\x03\x04 nothing", whole[:-30]):
        with pytest.raises(UnknownFormatError):
            read(broken)
    file = io.BytesIO()
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w") as part,
    ):
        for _ in range(1_100):
            part.write(b"\0" * 1_000_000)
    with pytest.raises(UnknownFormatError, match="would unpack"):
        read(file.getvalue())
