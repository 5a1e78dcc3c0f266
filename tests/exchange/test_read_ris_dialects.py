"""RIS as single tools write it: every value a reviewer will filter, cite or compare by."""

from typing import Any

import pytest

from tests.exchange.reading import good, one


def record(*lines: str) -> str:
    return "\n".join(["TY  - JOUR", "TI  - Wards that share", *lines, "ER  - ", ""])


def csl(*lines: str) -> dict[str, Any]:
    return dict(one(record(*lines))["csl"])


def test_endnote_writes_one_keyword_address_and_number_a_line_without_tags() -> None:
    fields = one(
        record(
            "KW  - *Trust",
            "Health Services/*organization & administration",
            "Humans",
            "UR  - https://example.org/1",
            "https://example.org/2.pdf",
            "SN  - 1234-5679 (Print)",
            "1234-5670 (Linking)",
            "AB  - Background: one.",
            "Methods: two.",
        )
    )
    found = fields["csl"]
    assert found["keyword"] == "*Trust; Health Services/*organization & administration; Humans"
    assert fields["url"] == "https://example.org/1"
    assert found["ISSN"] == "1234-5679 (Print)"
    assert found["custom"]["ris"] == [
        ["UR", "https://example.org/2.pdf"],
        ["SN", "1234-5670 (Linking)"],
    ]
    assert fields["abstract"] == "Background: one.\nMethods: two."


def test_an_indented_line_goes_on_with_a_keyword() -> None:
    assert csl("KW  - joint", "   rotas", "KW  - trust")["keyword"] == "joint rotas; trust"


def test_an_edition_that_is_a_date_is_when_an_article_appeared_online() -> None:
    found = csl("PY  - 2018", "DA  - Mar 15", "ET  - 2018/02/20")
    assert found["available-date"] == {"date-parts": [[2018, 2, 20]]}
    assert found["issued"] == {"date-parts": [[2018, 3, 15]]}
    assert "edition" not in found
    assert csl("ET  - 2nd")["edition"] == "2nd"


@pytest.mark.parametrize(
    ("lines", "pmid"),
    [
        (["DB  - PubMed", "AN  - 30998877"], "30998877"),
        (["DB  - Ovid MEDLINE(R) ALL <1946 to March 01, 2021>", "AN  - 33445566"], "33445566"),
        (["DB  - Embase <1974 to 2021 March 01>", "AN  - 2011223344"], None),
        (["DB  - Scopus", "C2  - 35111222"], "35111222"),
        (["DB  - Embase", "DB  - Medline", "C5  - 28111333"], "28111333"),
        (["L2  - https://www.embase.com/search/results?id=L61", "C5  - 28111333"], "28111333"),
        (["C3  - PUBMED 27111222,EMBASE 60001"], "27111222"),
        (["DB  - CINAHL", "AN  - 105111222"], None),
    ],
)
def test_a_pubmed_number_is_found_where_each_database_puts_it(
    lines: list[str], pmid: str | None
) -> None:
    assert one(record(*lines)).get("pmid") == pmid


@pytest.mark.parametrize(
    ("lines", "parts"),
    [
        (["Y1  - 2021//Mar"], [2021, 3]),  # Ovid
        (["DA  - SEP 22", "PY  - 2010"], [2010, 9, 22]),  # Web of Science
        (["Y1  - 2018/03//"], [2018, 3]),  # EBSCO
        (["Y1  - 2019/11/05/", "PY  - 2019", "DA  - 2019 Nov 05"], [2019, 11, 5]),  # ProQuest
        (["DA  - 5 November 2019", "PY  - 2019"], [2019, 11, 5]),
    ],
)
def test_dates_are_read_however_a_tool_writes_them(lines: list[str], parts: list[int]) -> None:
    fields = one(record(*lines))
    assert (fields["year"], fields["csl"]["issued"]) == (parts[0], {"date-parts": [parts]})


def test_web_of_science_and_scopus_have_tags_of_their_own() -> None:
    found = csl(
        "T2  - WARD STUDIES",
        "PU  - FENPRESS",
        "PI  - LEEDS",
        "JI  - Ward Stud.",
        "J9  - WARD STUD",
        "C7  - e12",
    )
    assert (found["publisher"], found["publisher-place"]) == ("FENPRESS", "LEEDS")
    assert (found["container-title-short"], found["number"]) == ("Ward Stud.", "e12")


def test_a_tag_that_another_tool_shares_with_us_is_kept() -> None:
    assert csl("XR  - EMBASE 60001")["custom"]["ris"] == [["XR", "EMBASE 60001"]]


@pytest.mark.parametrize("end", ["ER  - ", "ER  -"])
def test_files_joined_without_a_line_end_are_two_records(end: str) -> None:
    first = f"TY  - JOUR\nTI  - One\nPY  - 2001\n{end}"
    found = good(f"{first}TY  - BOOK\nTI  - Two\nPY  - 2002\n{end}")
    assert [(r.fields["title"], r.fields["year"], r.line) for r in found] == [
        ("One", 2001, 1),
        ("Two", 2002, 4),
    ]
    assert found[1].raw == f"TY  - BOOK\nTI  - Two\nPY  - 2002\n{end}"
    assert [record.remarks for record in found] == [(), ()]
