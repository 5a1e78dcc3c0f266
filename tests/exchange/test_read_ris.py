"""Traps of RIS, each in a few lines of our own: what is read, named, and kept."""

import pytest

from app.exchange.references.record import BadRecord, Record
from tests.exchange.reading import RIS, good, one, read, titles


def test_a_plain_ris_record_gives_every_field() -> None:
    fields = one(RIS)
    assert fields == {
        "type": "article-journal",
        "title": "Small wins",
        "authors": [{"family": "Ortiz", "given": "Ana"}, {"family": "Lund", "given": "B. C."}],
        "year": 2019,
        "container_title": "Journal of Partnerships",
        "doi": "10.1234/jp(19)4.2",
        "csl": {
            "issued": {"date-parts": [[2019, 3, 5]]},
            "volume": "4",
            "issue": "2",
            "page": "11-19",
            "keyword": "trust; alliances",
            "ISSN": "1234-567X",
        },
    }


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_marks_change_nothing(end: str, mark: str) -> None:
    two = RIS + "\n" + RIS.replace("Small wins", "Other wins")
    found = good((mark + two.replace("\n", end)).encode())
    assert [record.fields["title"] for record in found] == ["Small wins", "Other wins"]
    assert [record.line for record in found] == [1, 17]
    assert found[0].raw == RIS.strip("\n")


def test_mixed_line_ends_are_one_end_each() -> None:
    assert titles(b"TY  - JOUR\r\nTI  - One\rAU  - A, B\nER  - \r\n") == ["One"]


def test_a_missing_er_ends_at_the_next_ty_and_is_said() -> None:
    found = good("TY  - JOUR\nTI  - One\nAU  - A, B\nTY  - JOUR\nTI  - Two\nER  - \n")
    assert [record.fields["title"] for record in found] == ["One", "Two"]
    assert found[0].remarks == ("it has no ER line; it was read up to the next record",)
    assert found[1].remarks == ()


def test_a_missing_ty_begins_at_the_first_tag_and_is_said() -> None:
    found = good("TY  - JOUR\nTI  - One\nER  - \nAU  - A, B\nTI  - Two\nER  -\n")
    assert [record.fields["title"] for record in found] == ["One", "Two"]
    assert found[1].fields["type"] == "document"
    assert found[1].remarks == ("it has no TY line; taken as a document",)


def test_er_inside_an_abstract_is_text() -> None:
    text = (
        "TY  - JOUR\nTI  - One\nAB  - Tumours were\nER  - positive in\nhalf.\nPY  - 2001\nER  - \n"
    )
    fields = one(text)
    assert fields["abstract"] == "Tumours were\nER  - positive in\nhalf."
    assert fields["year"] == 2001


def test_er_with_words_after_it_ends_a_record_before_the_next() -> None:
    assert titles("TY  - JOUR\nTI  - One\nER  - end\n\nTY  - JOUR\nTI  - Two\nER  - x\n") == [
        "One",
        "Two",
    ]


def test_a_ty_line_that_repeats_is_one_record() -> None:
    found = good("TY  - BOOK\nTY  - JOUR\nTI  - One\nAU  - A, B\nTY  - THES\nPB  - Here\nER  - \n")
    assert len(found) == 1
    assert found[0].fields["csl"]["publisher"] == "Here"
    assert "3 TY lines" in found[0].remarks[0]


def test_lines_that_go_on_and_lines_between_records() -> None:
    text = (
        "Record #1 of 2\nTY  -  JOUR\nTI  -  A title that\ngoes on\nAB  - First.\n\nSecond.\n"
        "ER  - \n\n2. \nTY  - JOUR\nTI  - Two\nER  - \n"
    )
    found = good(text)
    assert [record.fields["title"] for record in found] == ["A title that goes on", "Two"]
    assert found[0].fields["abstract"] == "First.\n\nSecond."
    assert found[0].line == 2


def test_vendor_tags_are_kept_by_name() -> None:
    fields = one("TY  - JOUR\nTI  - One\nZ9  - 12\nU1  - first\nU1  - second\nER  - \n")
    assert fields["csl"]["custom"]["ris"] == [["Z9", "12"], ["U1", "first"], ["U1", "second"]]


@pytest.mark.parametrize(
    ("line", "doi"),
    [
        ("DO  - 10.1234/ABC", "10.1234/ABC"),
        ("DO  - doi:10.1234/abc", "10.1234/abc"),
        ("M3  - 10.1234/abc", "10.1234/abc"),
        ("M3  - doi: 10.1234/abc", "10.1234/abc"),
        ("UR  - https://dx.doi.org/10.1234/abc", "10.1234/abc"),
        ("UR  - https://x.org/?doi=10.1234%2fabc&partner=1", "10.1234/abc"),
        ("L3  - http://doi.org/10.1234/abc", "10.1234/abc"),
        ("N1  - Accession 1. DOI: 10.1234/abc.", "10.1234/abc"),
        ("UR  - https://x.org/pdf/10.1234/abc.pdf", None),
        ("M3  - Article", None),
    ],
)
def test_a_doi_is_found_where_tools_put_it(line: str, doi: str | None) -> None:
    assert one(f"TY  - JOUR\nTI  - One\n{line}\nER  - \n").get("doi") == doi


@pytest.mark.parametrize(
    ("lines", "title", "container", "year"),
    [
        (["T1  - One", "JO  - J", "Y1  - 2001///"], "One", "J", 2001),
        (["CT  - One", "T2  - J", "DA  - 2001-09-01"], "One", "J", 2001),
        (["TI  - One", "JF  - Journal", "JA  - J", "PY  - c2001"], "One", "Journal", 2001),
    ],
)
def test_titles_journals_and_years_have_many_tags(
    lines: list[str], title: str, container: str, year: int
) -> None:
    fields = one("\n".join(["TY  - JOUR", *lines, "ER  - "]))
    assert (fields["title"], fields["container_title"], fields["year"]) == (title, container, year)


def test_a_record_without_a_title_is_named_with_line_reason_and_raw_text() -> None:
    found = read(RIS + "\nTY  - JOUR\nAU  - Nobody, N.\nER  - \n" + RIS)
    assert [type(record) for record in found] == [Record, BadRecord, Record]
    bad = found[1]
    assert isinstance(bad, BadRecord)
    assert (bad.number, bad.line, bad.reason) == (2, 17, "it has no title")
    assert bad.raw == "TY  - JOUR\nAU  - Nobody, N.\nER  - "


def test_a_journal_is_no_title() -> None:
    [bad] = read("TY  - JOUR\nAU  - A, B\nT2  - Only a journal\nER  - \n")
    assert isinstance(bad, BadRecord)
    assert bad.reason == "it has no title"
    assert "T2  - Only a journal" in bad.raw


def test_two_titles_are_joined_and_that_is_said() -> None:
    [found] = good("TY  - JOUR\nTI  - Title one\nTI  - Title two\nER  - \n")
    assert found.fields["title"] == "Title one Title two"
    assert found.remarks == ("it has 2 titles; they were joined",)
    assert good("TY  - JOUR\nTI  - One\nTI  - One\nER  - \n")[0].remarks == ()


@pytest.mark.parametrize(
    ("line", "families"),
    [
        ("Smith, J and Doe, A", ["Smith", "Doe"]),
        (
            "van der Berg, J. P. and Doe-Ray, Ann and O'Neill, C",
            ["van der Berg", "Doe-Ray", "O'Neill"],
        ),
        ("Ministry of Health, Labour and Welfare, Japan", ["Ministry of Health"]),
        ("Smith, J and partners", ["Smith"]),
    ],
)
def test_people_in_one_line_are_told_apart_and_that_is_said(line: str, families: list[str]) -> None:
    [found] = good(f"TY  - JOUR\nTI  - One\nAU  - {line}\nER  - \n")
    assert [name["family"] for name in found.fields["authors"]] == families
    said = (f"{line}: read as {len(families)} people",) if len(families) > 1 else ()
    assert found.remarks == said


@pytest.mark.parametrize("end", ["er  - \n", ""])
def test_tags_in_small_letters_are_tags_where_the_record_begins_so(end: str) -> None:
    small = f"ty  - JOUR\nau  - Low, B.\nti  - Two\nab  - All\nno - t this\n{end}"
    found = good(RIS + small + RIS.replace("Small wins", "no  - tag"))
    assert [record.fields["title"] for record in found] == ["Small wins", "Two", "no  - tag"]
    assert found[1].fields["abstract"] == "All\nno - t this"
    assert found[1].raw == small.strip("\n")
    assert titles(small) == ["Two"]
    text = "TY  - JOUR\nTI  - One\nAB  - First\nty  - what\nER  - \n"
    assert one(text)["abstract"] == "First\nty  - what"


def test_a_nul_or_a_byte_of_another_encoding_costs_one_record() -> None:
    content = RIS.encode() + b"TY  - JOUR\nTI  - N\x00l\nER  - \n" + RIS.encode()
    nul = read(content)[1]
    assert isinstance(nul, BadRecord)
    assert nul.reason == "a NUL character in line 17; remove it"
    assert "␀" in nul.raw
    many = "TY  - JOUR\nTI  - Größe, Länge, Höhe, Übung, Öl, Äpfel\nER  - \n".encode()
    odd = read(many + b"TY  - JOUR\nTI  - Gr\xf6\xdfe\nER  - \n")[1]
    assert isinstance(odd, BadRecord)
    assert odd.reason.startswith("byte 0xF6 in line 5 is not of this encoding")
    assert "Gr\\xF6\\xDFe" in odd.raw
