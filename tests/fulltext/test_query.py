"""What cannot be read in a query is told with its place."""

import pytest

from app.errors import QueryProblemError
from app.fulltext.query import MOST_CHARACTERS, Term, read_query


@pytest.mark.parametrize(
    ("query", "position", "reason"),
    [
        ('trust "build', 7, "never closed"),
        ("trust “build", 7, "never closed"),
        ("-trust", 1, "leave out"),
        ('-"build trust" kind:quote', 1, "leave out"),
        ("", 1, "no word"),
        ("– & 😀 ...", 1, "no word"),
        ("kind:quote", 1, "no word"),
        ("OR trust", 1, "none before it"),
        ("trust OR", 7, "one is missing"),
        ("trust OR OR faith", 10, "none before it"),
        ("trust OR -faith", 7, "excluded"),
        ("trust OR kind:quote", 7, "not filters"),
        ("faith OR (trust power)", 10, "parentheses"),
        ("trust kind:quotes", 7, "none of concept"),
        ("trust -kind:quote kind:quote", 1, "no kind is left"),
        ("trust source:K4", 7, "number of a source"),
        ("trust source:S4*", 7, "without *"),
        ("trust concept:", 7, "number of a concept"),
        ("trust year:20", 7, "year:2013"),
        ("trust year:2013-2014", 7, "year:2013"),
        ("trust year:..", 7, "holds no year"),
        ("trust year:2020..2010", 7, "earlier comes first"),
        ("trust in:abstract", 7, "in:title"),
        ("trust -in:title", 8, "in:title"),
        ("t*", 1, "at least 2"),
        ("word " * 41, 201, "more than 40"),
        ("a" * 10**6, MOST_CHARACTERS + 1, "1,000,000 characters"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(
    query: str, position: int, reason: str
) -> None:
    with pytest.raises(QueryProblemError, match=reason.replace("*", r"\*")) as caught:
        read_query(query)
    assert caught.value.extra["position"] == position


@pytest.mark.parametrize(
    ("query", "groups"),
    [
        ("Trust AND (faith)", [["trust"], ["faith"]]),
        ("a trust OR faith* b", [["a"], ["trust", "faith"], ["b"]]),
        ("“build trust”", [["build trust"]]),
        ("3.5 & partner's", [["3 5"], ["partner s"]]),
        ("doi:10.1/AB https://doi.org/10.2/c", [["10 1 ab"], ["10 2 c"]]),
        ("realist: a review", [["realist"], ["a"], ["review"]]),
        ("kinds:quote", [["kinds quote"]]),
        ('title:trust -author:"B C"', [["trust"]]),
        ("title: trust", [["title"], ["trust"]]),
        ("信任", [["信 任"]]),
    ],
)
def test_words_stand_together_as_they_were_typed(query: str, groups: list[list[str]]) -> None:
    read = read_query(query)
    assert [[" ".join(term.words) for term in group] for group in read.groups] == groups


@pytest.mark.parametrize(
    ("query", "unknown"),
    [
        ("trust journal:lancet -Kinds:quote journal:x", ["journal", "kinds"]),
        ("aim: trust doi:10.1/a https://x.org/a title:trust at 10:30", []),
    ],
)
def test_what_looks_like_a_filter_and_is_none_is_remembered(query: str, unknown: list[str]) -> None:
    assert read_query(query).unknown == unknown


def test_a_hyphen_also_looks_for_one_word() -> None:
    assert read_query("co-operat*").terms == [Term(("co", "operat"), True, "cooperat")]
    assert read_query("10-20").terms == [Term(("10", "20"))]
