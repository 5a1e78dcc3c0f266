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
