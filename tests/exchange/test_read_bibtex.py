"""Traps of BibTeX, each in a few lines of our own: what is read, named, and kept."""

import pytest

from app.exchange.references.reading import Guess, Wish, guess
from app.exchange.references.record import BadRecord, Record
from tests.exchange.reading import BIB, RIS, F, good, one, read, titles


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


def test_entries_in_one_line_are_records_each() -> None:
    found = good("@book{a, title={One}}@book{b, title={Two}} and\n  @book{c, title={Three}}")
    assert [(r.fields["cite_key"], r.line) for r in found] == [("a", 1), ("b", 1), ("c", 2)]
    assert [r.raw for r in found][1] == "@book{b, title={Two}}"


def test_an_entry_commented_out_is_named_and_not_imported() -> None:
    found = read("@comment{\n@book{a, title={Old}}\n}\n@book{b, title={New}}\n")
    assert [type(record) for record in found] == [BadRecord, Record]
    assert isinstance(found[0], BadRecord)
    assert found[0].line == 2
    assert "within an @comment" in found[0].reason
    assert titles("@comment{ never closed\n@book{b, title={New}}\n") == ["New"]


@pytest.mark.parametrize("is_first", [True, False])
def test_a_part_has_from_its_whole_what_it_lacks(*, is_first: bool) -> None:
    part = "@inproceedings{p, crossref={W11}, title={On rotas}, author={Fox, A.}, pages={1--9}}\n"
    whole = "@proceedings{w11, title={Rotas 2011}, editor={Low, B.}, year=2011, publisher={Fen}}\n"
    found = good(whole + part if is_first else part + whole)
    record = next(r for r in found if r.fields["cite_key"] == "p")
    fields = record.fields
    assert (fields["title"], fields["year"]) == ("On rotas", 2011)
    assert fields["container_title"] == "Rotas 2011"
    assert fields["csl"]["editor"] == [{"family": "Low", "given": "B."}]
    assert record.remarks == (
        "booktitle, editor, year, publisher: of @proceedings{w11}, its crossref",
    )
    assert record.raw == part.strip()
    alone = one(part)
    assert "container_title" not in alone
    assert alone["csl"]["custom"]["bibtex"] == [["crossref", "W11"]]


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (
            "A ``quoted'' word --- and 1990--2000",
            "A \u201cquoted\u201d word \u2014 and 1990\u20132000",
        ),
        (r"$\beta$-blockers, $p<0.05$, 37$^\circ$", r"β-blockers, $p<0.05$, 37$^\circ$"),
        (r"{\relax Ch}arles \relax and others", "Charles and others"),
        (r"see \url{http://x.example/~a_b?c=1\%20}", "see http://x.example/~a_b?c=1%20"),
    ],
)
def test_what_tex_sets_is_read_as_it_is_set(latex: str, text: str) -> None:
    assert one(f"@book{{k, title={{{latex}}}}}")["title"] == text


def test_references_of_latex_are_left_out_and_said() -> None:
    [record] = good(
        r"@article{k, title={Trust~\cite{x} and \citep[see][p.~3]{y,z} faith}, "
        r"author={{\relax Ch}arles, A.}, note={see \ref{t}}, mine={\cite{kept}}}"
    )
    fields = record.fields
    assert (fields["title"], fields["csl"]["note"]) == ("Trust and faith", "see")
    assert fields["authors"] == [{"family": "Charles", "given": "A."}]
    assert fields["csl"]["custom"]["bibtex"] == [["mine", r"\cite{kept}"]]
    assert record.remarks == (
        r"title: \cite{x}, \citep[see][p.~3]{y,z} left out, which LaTeX would set as a reference",
        r"note: \ref{t} left out, which LaTeX would set as a reference",
    )


@pytest.mark.parametrize(
    ("month", "parts"),
    [
        ("mar", [2017, 3]),
        ("{03}", [2017, 3]),
        ('mar # "~5"', [2017, 3, 5]),
        ("{{AUG 15}}", [2017, 8, 15]),
    ],
)
def test_a_month_may_be_a_macro_a_number_or_hold_a_day(month: str, parts: list[int]) -> None:
    fields = one(f"@article{{k, title={{T}}, year={{2017}}, month={month}}}")
    assert fields["csl"]["issued"] == {"date-parts": [parts]}


def test_article_numbers_and_addresses_have_several_fields() -> None:
    for name in ("eid", "articleno", "Article-Number", "art_number"):
        assert one(f"@article{{k, title={{T}}, {name}={{e45}}}}")["csl"]["number"] == "e45"
    fields = one(r"@misc{k, title={T}, howpublished={\url{https://x.example/~poe}}}")
    assert fields["url"] == "https://x.example/~poe"
