"""Tables as databases, screening tools and people write them."""

import csv
import io
from datetime import UTC, datetime
from typing import Any

import pytest
from openpyxl import Workbook

from app.exchange.references.reading import ReferenceFormat, Wish, guess
from app.exchange.references.record import BadRecord, UnknownFormatError
from tests.exchange.reading import good, one, read, workbook


def table(headings: str, *rows: list[str], sign: str = ",") -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=sign).writerows([headings.split("|"), *rows])
    return file.getvalue()


def named(text: str) -> list[str]:
    content = table("Title|Authors", ["T", text])
    return [" ".join(name.values()) for name in one(content)["authors"]]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Okafor CN, de Boer W, Study Group.", ["Okafor CN", "de Boer W", "Study Group"]),  # PubMed
        ("Okafor CN.", ["Okafor CN"]),
        ("Okafor C.N., de Boer W.", ["Okafor C.N.", "de Boer W."]),  # Scopus, before 2023
        ("Okafor, Chidi and de Boer, Wim", ["Okafor Chidi", "de Boer Wim"]),  # Rayyan
        ("Okafor, C. N., de Boer, W., & Ray, B.", ["Okafor C. N.", "de Boer W.", "Ray B."]),
        ("Okafor C, de Boer W and Ray B", ["Okafor C", "de Boer W", "Ray B"]),
        ("Okafor, Chidi", ["Okafor Chidi"]),
    ],
)
def test_lists_of_names_part_where_their_writer_meant(text: str, names: list[str]) -> None:
    assert named(text) == names


def test_covidence_months_are_read_and_its_studies_are_not_taken_for_ours() -> None:
    headings = "Title|Authors|Published Year|Published Month|Covidence #|Study|Notes"
    rows = [[t, "Fox, A.; Low, B.", "2018", "March", n, "Fox 2018", ""] for t, n in ("A1", "B2")]
    first, second = good(table(headings, *rows))
    assert first.fields["csl"]["issued"] == {"date-parts": [[2018, 3]]}
    assert "study" not in first.fields
    assert "study" not in second.fields
    assert ["Study", "Fox 2018"] in first.fields["csl"]["custom"]["csv"]
    assert one(table("Title|Study", ["A", "Rotas"]))["study"] == "Rotas"


def test_rayyan_has_month_day_and_numbers_of_pubmed() -> None:
    headings = "key|title|year|month|day|journal|location|pubmed_id|pmc_id"
    row = ["rayyan-1", "A", "2019", "5", "3", "J", "Leeds", "30999111", "PMC12"]
    fields = one(table(headings, row))
    assert fields["pmid"] == "30999111"
    assert fields["csl"] == {
        "issued": {"date-parts": [[2019, 5, 3]]},
        "PMCID": "PMC12",
        "publisher-place": "Leeds",
    }


def test_scopus_types_article_numbers_and_editors() -> None:
    headings = "Authors|Title|Year|Source title|Art. No.|Editors|Document Type|ISBN|ISSN"
    letter = ["Fox A.", "A", "2021", "J", "104", "Low B.; Ray C.", "Letter", "", "12345679"]
    talk = ["Fox A.", "B", "2021", "P", "", "", "Conference paper", "", ""]
    odd = ["Fox A.", "C", "2021", "", "", "", "Toolkit", "978-3-16-148410-0", ""]
    found = [record.fields for record in good(table(headings, letter, talk, odd))]
    types = [fields["type"] for fields in found]
    assert types == ["article-journal", "paper-conference", "document"]
    assert (found[0]["csl"]["number"], found[0]["csl"]["genre"]) == ("104", "Letter")
    assert [name["family"] for name in found[0]["csl"]["editor"]] == ["Low", "Ray"]


def test_web_of_science_tables_have_its_tags_as_headings() -> None:
    headings = "PT|AU|TI|SO|LA|DE|ID|AB|SN|PU|PY|VL|IS|BP|EP|DI|PM|UT"
    values = "J|Fox, A; Low, B|Rotas|J W|English|a; b|KEYS PLUS|abs|1234-5679|FEN|2014|7|2|1|9"
    row = [*values.split("|"), "10.1234/w", "24111222", "WOS:1"]
    fields = one(table(headings, row, sign="\t"))
    assert (fields["type"], fields["language"]) == ("article-journal", "English")
    assert (fields["doi"], fields["pmid"], fields["abstract"]) == ("10.1234/w", "24111222", "abs")
    assert "cite_key" not in fields
    wanted = {"volume": "7", "issue": "2", "page": "1-9", "keyword": "a; b", "publisher": "FEN"}
    assert wanted.items() <= fields["csl"].items()


def test_proquest_dates_are_words() -> None:
    fields = one(table("Title|pubtitle|pubdate|DocumentURL", ["A", "J", "Nov 2019", "https://x"]))
    assert (fields["year"], fields["container_title"], fields["url"]) == (2019, "J", "https://x")
    assert fields["csl"]["issued"] == {"date-parts": [[2019, 11]]}


def test_zotero_types_are_in_camel_case() -> None:
    kinds = {"blogPost": "post-weblog", "bookSection": "chapter", "journalArticle": None}
    for kind, wanted in kinds.items():
        assert one(table("Title|Item Type", ["A", kind]))["type"] == (wanted or "article-journal")


def test_headings_may_stand_below_a_report_and_numbers_of_rows_are_no_issues() -> None:
    rows: list[list[Any]] = [
        ["Our search of March 2024"],
        [],
        ["No.", "Title", "Year"],
        [1, "One", 2019],
        [2, "Two", 2018.0, "a note in passing"],
    ]
    found = good(workbook(rows))
    assert [(r.fields["title"], r.fields["year"], r.line) for r in found] == [
        ("One", 2019, 4),
        ("Two", 2018, 5),
    ]
    kept = [["No.", "2"], ["column 4", "a note in passing"]]
    assert found[1].fields["csl"] == {"custom": {"xlsx": kept}}
    text = "Our search\n\nNo.;Title;Year\n1;One, or more;2019\n"
    assert good(text)[0].fields["title"] == "One, or more"
    assert good("sep=;\nTitle;Year\nOne, or more;2019\n")[0].fields["title"] == "One, or more"


def test_the_sheet_with_headings_is_read_and_days_are_days() -> None:
    book, file = Workbook(), io.BytesIO()
    assert book.active is not None
    book.active.append(["How to use this workbook"])
    sheet = book.create_sheet("Records")
    sheet.append(["Title", "Date", "Pages"])
    sheet.append(["One", datetime(2019, 3, 5, tzinfo=UTC).replace(tzinfo=None), "1-5"])
    book.save(file)
    fields = one(file.getvalue())
    assert fields["csl"] == {"issued": {"date-parts": [[2019, 3, 5]]}, "page": "1-5"}


def test_columns_of_one_name_or_none_are_all_kept() -> None:
    headings = "Title|Notes|Notes|"
    found = one(table(headings, ["One", "first", "second", "third"]))["csl"]
    assert found["note"] == "first"
    assert found["custom"]["csv"] == [["Notes (2)", "second"], ["column 4", "third"]]


def test_a_table_without_a_known_title_says_how_to_name_it() -> None:
    content = table("Titel|Jahr", ["Kleine Erfolge", "2019"])
    [bad] = read(content, file_name="unsere.csv")
    assert isinstance(bad, BadRecord)
    assert bad.reason == "no column is taken for the title; name it, as in Titel=title"


def test_a_number_of_a_row_is_no_cite_key() -> None:
    fields = one(table("ID|Title", ["17", "One"]))
    assert "cite_key" not in fields
    assert fields["csl"]["custom"]["csv"] == [["cite_key", "17"]]


def test_an_old_workbook_is_refused_with_what_to_do() -> None:
    with pytest.raises(UnknownFormatError, match=r"save it as \.xlsx"):
        read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 nothing", file_name="savedrecs.xls")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_known_without_its_mark(encoding: str) -> None:
    content = "TY  - JOUR\r\nTI  - Größe\r\nER  - \r\n".encode(encoding)
    guessed = guess(content, Wish())
    assert (guessed.format, guessed.encoding) == (ReferenceFormat.RIS, encoding)
    fields: dict[str, Any] = one(content)
    assert fields["title"] == "Größe"


def test_a_row_of_spaces_is_no_record() -> None:
    found = good(table("Title|Year", ["One", "2019"], [" ", ""], ["Two", "2020"]))
    assert [(r.number, r.line, r.fields["title"]) for r in found] == [(1, 2, "One"), (2, 4, "Two")]
