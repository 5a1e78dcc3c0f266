"""Each trap of reference files in a few lines of our own: what is read, named, and kept."""

import io
import json
import zipfile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from app.errors import AppError, InvalidError
from app.exchange.references.reading import (
    Guess,
    ReferenceFormat,
    Wish,
    guess,
    read_references,
)
from app.exchange.references.record import BadRecord, Found, Record, UnknownFormatError

F = ReferenceFormat


def read(content: bytes | str, **wish: Any) -> list[Found]:
    data = content.encode() if isinstance(content, str) else content
    return list(read_references(data, guess(data, Wish(**wish))))


def good(content: bytes | str, **wish: Any) -> list[Record]:
    found = read(content, **wish)
    bad = [record for record in found if isinstance(record, BadRecord)]
    assert bad == []
    return [record for record in found if isinstance(record, Record)]


def one(content: bytes | str, **wish: Any) -> dict[str, Any]:
    [record] = good(content, **wish)
    return record.fields


def titles(content: bytes | str, **wish: Any) -> list[str]:
    return [record.fields["title"] for record in good(content, **wish)]


RIS = """TY  - JOUR
AU  - Ortiz, Ana
AU  - Lund, B. C.
TI  - Small wins
JF  - Journal of Partnerships
PY  - 2019/03/05
VL  - 4
IS  - 2
SP  - 11
EP  - 19
DO  - https://doi.org/10.1234/jp(19)4.2
KW  - trust
KW  - alliances
SN  - 1234-567X
ER  -
"""


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


BIB = r"""
Scopus
EXPORT DATE: 7 July 2022

@string{jp = "Journal of Partnerships"}
@preamble{"\newcommand{\x}{y}"}
@comment{nothing}
@article{ortiz2019,
  author = {Ortiz, Ana and Lund, B{\'e}a C. and {World Health Organization}},
  title = {Small {Wins} \& {\"o}ther
     \emph{gains}},
  journal = jp # { A},
  year = 2019, month = mar,
  pages = {11--19}, volume = "4", number = {2},
  doi = {10.1234/ab\_c},
  note = {Cited by: 0}
}
"""


def test_bibtex_is_decoded_and_its_strings_are_joined() -> None:
    [record] = good(BIB)
    assert record.line == 8
    fields = record.fields
    assert fields["title"] == "Small Wins & öther gains"
    assert fields["authors"] == [
        {"family": "Ortiz", "given": "Ana"},
        {"family": "Lund", "given": "Béa C."},
        {"literal": "World Health Organization"},
    ]
    assert (fields["container_title"], fields["year"]) == ("Journal of Partnerships A", 2019)
    assert (fields["doi"], fields["cite_key"]) == ("10.1234/ab_c", "ortiz2019")
    assert fields["csl"]["page"] == "11-19"
    assert fields["csl"]["issued"] == {"date-parts": [[2019, 3]]}
    assert r"B{\'e}a" in record.raw


@pytest.mark.parametrize(
    ("head", "key"),
    [("{a2019, ", "a2019"), ("{, ", None), ("{ ", None), ("{Kenny20103,17,\n ", "Kenny20103,17")],
)
def test_bibtex_keys_may_be_empty_missing_or_have_commas(head: str, key: str | None) -> None:
    fields = one(f"@article{head}title = {{One}}, year = {{2010}}\n}}\n")
    assert (fields["title"], fields["year"], fields.get("cite_key")) == ("One", 2010, key)


def test_equal_bibtex_keys_are_two_records() -> None:
    assert titles("@book{k, title={One}}\n@book{k, title={Two}}\n") == ["One", "Two"]


def test_of_a_bibtex_field_given_twice_the_first_counts_and_the_second_is_kept() -> None:
    [record] = good("@book{k, title={One}, title={Two}}")
    assert record.fields["title"] == "One"
    assert record.fields["csl"]["custom"]["bibtex"] == [["title", "Two"]]
    assert record.remarks == ("title is given twice; the first counts",)


def test_unbalanced_braces_cost_one_record() -> None:
    found = read("@book{a, title={One}}\n@book{b, title={Two}\n\n@book{c, title={Three}}\n")
    assert [type(record) for record in found] == [Record, BadRecord, Record]
    bad = found[1]
    assert isinstance(bad, BadRecord)
    assert (bad.line, bad.reason) == (2, "its closing brace is missing")
    assert bad.raw == "@book{b, title={Two}"


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ("Ludwig van Beethoven", [{"family": "van Beethoven", "given": "Ludwig"}]),
        ("van der Berg, Jr, Jan", [{"family": "van der Berg", "given": "Jan, Jr"}]),
        (r"{\'A}lvarez, Jos\'e", [{"family": "Álvarez", "given": "José"}]),
        ("Plato", [{"family": "Plato"}]),
        (
            "Long, Ana,  Marland, Ben",
            [{"family": "Long", "given": "Ana"}, {"family": "Marland", "given": "Ben"}],
        ),
    ],
)
def test_bibtex_names(given: str, names: list[dict[str, str]]) -> None:
    assert one(f"@book{{k, title={{T}}, author={{{given}}}}}")["authors"] == names


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (
            r"Caf{\'e} na\"{\i}ve \v{S}koda \c{c}a \ss{}en {\O}re {\aa}",
            "Café naïve Škoda ça ßen Øre å",
        ),
        (r"50\% of \$5 \& \#1 a\_b", "50% of $5 & #1 a_b"),
        (r"a $x_{1}$ b", "a $x_{1}$ b"),
        (r"\unknown{kept}", r"\unknownkept"),
        (r"a \{b\} {C}", "a {b} C"),
    ],
)
def test_latex_stands_for_letters(latex: str, text: str) -> None:
    assert one(f"@book{{k, title={{{latex}}}}}")["title"] == text


def test_latin_1_and_gbk_are_recognised() -> None:
    latin = "@book{k, title={Größe und Maß}, author={Mäder, P.}}".encode("latin-1")
    assert guess(latin, Wish()) == Guess(F.BIBTEX, "cp1252")
    assert one(latin)["title"] == "Größe und Maß"
    chinese = "@book{k, title={信任与合作}, author={王小明}}".encode("gbk")
    assert guess(chinese, Wish()).encoding == "gb18030"
    assert one(chinese)["title"] == "信任与合作"
    assert one(RIS.encode("utf-16"))["title"] == "Small wins"
    assert one(latin, encoding="latin-1")["title"] == "Größe und Maß"


NBIB = """PMID- 123
OWN - NLM
TI  - A title that goes on in
      the next line.
LID - S1 [pii]
LID - 10.1234/lid.1 [doi]
FAU - Long, Vicky
AU  - Long V
CN  - The Trust Group
FAU - Marland, Hilary
AU  - Marland H
DP  - 2009 Sep 3
JT  - History
MH  - Humans
OT  - trust

PMID- 124
TI  - Second
AID - 10.1234/aid.2 [doi]
AU  - Long V
TA  - Hist
DP  - 2010
"""


def test_nbib_goes_on_over_lines_and_finds_dois_under_lid_and_aid() -> None:
    first, second = good(NBIB)
    assert first.fields["title"] == "A title that goes on in the next line."
    assert first.fields["doi"] == "10.1234/lid.1"
    assert first.fields["authors"] == [
        {"family": "Long", "given": "Vicky"},
        {"literal": "The Trust Group"},
        {"family": "Marland", "given": "Hilary"},
    ]
    assert first.fields["csl"]["issued"] == {"date-parts": [[2009, 9, 3]]}
    assert first.fields["csl"]["keyword"] == "Humans; trust"
    assert second.line == 17
    assert (second.fields["pmid"], second.fields["doi"]) == ("124", "10.1234/aid.2")
    assert second.fields["authors"] == [{"family": "Long", "given": "V"}]
    assert second.fields["container_title"] == "Hist"


WOS = """FN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Lund, B
   Ortiz, A
AF Lund, Bea
   Ortiz, Ana
TI Small wins in
   large alliances
SO JOURNAL OF PARTNERSHIPS
DE trust; alliances
PY 2019
PD MAR 2
VL 4
BP 11
EP 19
DI 10.1234/wos
UT WOS:000001
ER

PT J
TI Second
ER
EF
"""


def test_web_of_science_records() -> None:
    first, second = good(WOS)
    assert first.fields["title"] == "Small wins in large alliances"
    assert first.fields["authors"][1] == {"family": "Ortiz", "given": "Ana"}
    assert first.fields["csl"]["page"] == "11-19"
    assert first.fields["csl"]["issued"] == {"date-parts": [[2019, 3, 2]]}
    assert ["UT", "WOS:000001"] in first.fields["csl"]["custom"]["wos"]
    assert (second.line, second.fields["title"]) == (21, "Second")


def endnote(*records: str) -> str:
    return f"<?xml version='1.0'?><xml><records>{''.join(records)}</records></xml>"


def styled(text: str) -> str:
    return f'<style face="normal"><style size="100%">{text}</style></style>'


def test_endnote_xml_with_nested_styles_and_empty_keywords() -> None:
    record = (
        '<record><ref-type name="Journal Article">17</ref-type><contributors><authors>'
        f"<author>{styled('Ortiz, Ana')}</author></authors></contributors>"
        f"<titles><title>{styled('Small')}{styled(' wins &amp; more')}</title>"
        f"<secondary-title>{styled('Partnerships')}</secondary-title></titles>"
        f"<dates><year>{styled('2019')}</year></dates><keywords><keyword/>"
        f"<keyword>{styled('')}{styled('trust')}</keyword></keywords>"
        f"<electronic-resource-num>{styled('10.1234/en')}</electronic-resource-num>"
        "<custom7>local</custom7></record>"
    )
    fields = one(endnote(record))
    assert (fields["title"], fields["doi"]) == ("Small wins & more", "10.1234/en")
    assert fields["csl"]["keyword"] == "trust"
    assert fields["csl"]["custom"]["endnote"] == [["custom7", "local"]]


def test_one_broken_xml_record_is_one_bad_record() -> None:
    fine = "<record><titles><title>One</title></titles></record>\n"
    found = read(endnote(fine, "<record><titles><title>Two</titles></record>\n", fine))
    assert [type(record) for record in found] == [Record, BadRecord, Record]
    truncated = read(endnote(fine, "<record><titles><title>Tw")[:-20])
    assert isinstance(truncated[1], BadRecord)
    assert truncated[1].line == 2


def test_no_entity_of_a_hostile_file_is_opened_or_multiplied() -> None:
    laughs = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
    for declared, entity in (
        ("<!ENTITY x SYSTEM 'file:///etc/passwd'>", "&x;"),
        (f"<!ENTITY l0 'ha'>{laughs}", "&l9;"),
    ):
        text = (
            f"<?xml version='1.0'?><!DOCTYPE xml [{declared}]><xml><records>"
            f"<record><titles><title>{entity}</title></titles></record></records></xml>"
        )
        [bad] = read(text)
        assert isinstance(bad, BadRecord)
        assert "undefined entity" in bad.reason


CSL = [
    {
        "id": "ortiz",
        "type": "article-journal",
        "title": "Small wins",
        "author": [{"family": "Beethoven", "non-dropping-particle": "van", "given": "L."}],
        "issued": {"date-parts": [["2019", 3]]},
        "DOI": "10.1234/csl",
        "volume": 4,
    }
]


def test_csl_json_as_a_list_an_item_or_under_items() -> None:
    for shape in (CSL, CSL[0], {"items": CSL}):
        fields = one(json.dumps(shape, indent=1))
        assert (fields["title"], fields["year"], fields["cite_key"]) == (
            "Small wins",
            2019,
            "ortiz",
        )
        assert fields["authors"] == [{"family": "van Beethoven", "given": "L."}]
        assert fields["csl"]["volume"] == 4
        assert fields["csl"]["author"] == CSL[0]["author"]


def test_an_item_that_is_no_json_costs_itself() -> None:
    found = read('[{"title": "One"},\n {"title": "Two" oops},\n {"title": "Three"}]')
    assert [type(record) for record in found] == [Record, BadRecord, Record]
    assert [record.line for record in found] == [1, 2, 3]


CSV = (
    'Authors,"Article Title",Source Title,Publication Year,DOI,Cited by\r\n'
    '"Ortiz A, Lund BC","Small, but\r\nwins",Partnerships,2019,10.1234/csv,7\r\n'
    "Lund B,Second,Partnerships,2020,,\r\n"
)


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


def workbook(rows: list[list[Any]]) -> bytes:
    book, file = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    book.save(file)
    return file.getvalue()


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


@pytest.mark.parametrize(
    "content", [b"", b"  \n", b"\xef\xbb\xbf", b"Dear all,\nplease find", b"\x00\x01"]
)
def test_what_is_no_reference_file_is_refused(content: bytes) -> None:
    with pytest.raises(UnknownFormatError):
        read(content)


def test_a_format_named_goes_before_the_guess_and_an_encoding_must_be_known() -> None:
    assert len(read(RIS, format=F.CSV)) > 1
    with pytest.raises(InvalidError, match="encoding: klingon"):
        read(RIS, encoding="klingon")
    with pytest.raises(InvalidError, match="encoding: rot13"):
        read(RIS, encoding="rot13")


def test_a_field_of_a_million_characters_is_read() -> None:
    long = "x" * 1_000_000
    assert one(f"TY  - JOUR\nTI  - One\nAB  - {long}\nER  - \n")["abstract"] == long


PIECES = [RIS, BIB, NBIB, WOS, CSV, json.dumps(CSL), endnote("<record></record>")]


@given(
    st.sampled_from(list(F)),
    st.one_of(
        st.binary(max_size=300),
        st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")),
        st.tuples(st.sampled_from(PIECES), st.integers(0, 900), st.text(max_size=20)).map(
            lambda cut: (cut[0][: cut[1]] + cut[2] + cut[0][cut[1] :]).encode("utf-8", "replace")
        ),
        st.text(alphabet='@{}",=#\\\n TYER-abk[]<>/', max_size=200).map(str.encode),
    ),
)
def test_no_content_crashes_a_reader(kind: F, content: bytes) -> None:
    try:
        found = read(content, format=kind)
    except AppError:
        return
    assert [record.number for record in found] == list(range(1, len(found) + 1))


@given(st.binary(max_size=400))
def test_no_content_crashes_the_guess(content: bytes) -> None:
    try:
        read(content)
    except AppError:
        return
