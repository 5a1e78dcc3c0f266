"""Which records are one work: every trap as two records, and many with known answers."""

from dataclasses import replace
from typing import Any

import pytest

from app.library.matching import SUGGESTED_FROM, Match, compare_records, find_matches
from app.library.matching_bounds import worth_judging
from app.library.matching_fields import Reference, clean_doi, first_page, profile
from app.library.matching_rules import is_same_place
from app.library.matching_words import fold, notice_of, numbers_of, plain_title, words_of
from benchmarks.twins import make_twins

TITLE = "Building trust between partners in integrated care: a realist review"
PEOPLE = [
    {"family": "Aunger", "given": "Justin A."},
    {"family": "Millar", "given": "Ross"},
    {"family": "Greenhalgh", "given": "Joanne"},
]
PAPER = Reference(
    1,
    TITLE,
    PEOPLE,
    2021,
    "Systematic Reviews",
    "10.1186/s13643-021-01630-8",
    "33795021",
    {"volume": "10", "issue": "1", "page": "82-97", "ISSN": "2046-4053"},
)
BARE = replace(PAPER, id=2, doi=None, pmid=None)
SLIPPED = "Buildlng trust betwcen partncrs in integrated care: a realist review"
CAPITALS = "[BUILDING TRUST BETWEEN PARTNERS IN INTEGRATED CARE - A REALIST REVIEW]."


def but(**values: Any) -> Match:
    """Compare the paper with a copy of it that has no identifier and some fields changed."""
    return compare_records(PAPER, replace(BARE, **values))


def csl(**values: str) -> dict[str, str]:
    return {**(PAPER.csl or {}), **values}


ONE_WORK: dict[str, dict[str, Any]] = {
    "scanner's slips": {"title": SLIPPED},
    "capitals, brackets, dash, full stop": {"title": CAPITALS},
    "subtitle lost": {"title": TITLE.partition(":")[0]},
    "markup and entities": {"title": TITLE.replace("trust", "<i>trust</i>").replace("in", "in", 1)},
    "year off by one": {"year": 2020},
    "journal abbreviated": {"container_title": "Syst Rev"},
    "initials only": {"authors": [{"literal": "Aunger JA"}, {"literal": "Millar R"}]},
    "given and family swapped": {"authors": [{"family": "Justin", "given": "Aunger"}, *PEOPLE[1:]]},
    "slip in a name": {"authors": [{"family": "Aunqer", "given": "J"}, *PEOPLE[1:]]},
    "no pages, no volume": {"csl": None},
    "another DOI": {"doi": "10.1186/s13643-021-01630"},
    "a slip in the page": {"csl": csl(page="32-97")},
    "preprint": {"container_title": "medRxiv", "year": 2020, "csl": None, "doi": "10.1101/2020.1"},
    "retracted since": {"title": f"RETRACTED: {TITLE}"},
}
TWO_WORKS: dict[str, dict[str, Any]] = {
    "erratum": {"title": f"Erratum to: {TITLE}", "csl": csl(page="120")},
    "reply": {"title": f"Response to: {TITLE}", "csl": csl(page="130"), "authors": PEOPLE[:1]},
    "next paper of the team": {
        "title": TITLE.replace("integrated care", "primary schools"),
        "csl": csl(page="201-210"),
    },
    "opposite group": {
        "title": TITLE.replace("partners", "men and women"),
        "csl": csl(page="201-210"),
    },
    "abstract at a conference": {
        "container_title": "International Journal of Integrated Care",
        "csl": {"genre": "Conference Abstract", "page": "S12"},
    },
    "same words, other people": {
        "authors": [{"family": "Huxham"}],
        "year": 2003,
        "container_title": "Policy & Politics",
        "csl": None,
    },
}


@pytest.mark.parametrize("how", ONE_WORK)
def test_one_work_is_found_however_it_was_written_down(how: str) -> None:
    found = but(**ONE_WORK[how])
    assert found.score > 0.9, found


@pytest.mark.parametrize("how", TWO_WORKS)
def test_two_works_stay_apart(how: str) -> None:
    found = but(**TWO_WORKS[how])
    assert found.score < SUGGESTED_FROM, found
    assert not found.is_certain


@pytest.mark.parametrize(("one", "two"), [("Part 1", "Part 2"), ("part I", "Part II"), ("A", "B")])
def test_parts_of_a_study_stay_apart(one: str, two: str) -> None:
    start = TITLE if one != "A" else f"{TITLE}: part"
    first = replace(BARE, title=f"{start} {one}")
    second = replace(BARE, id=3, title=f"{start} {two}", csl=csl(page="98-110"))
    assert compare_records(first, second).score < SUGGESTED_FROM
    again = replace(second, id=4, csl=PAPER.csl, title=f"{start.upper()}. {one.upper()}")
    assert compare_records(first, again).score > 0.9


def test_reasons_say_what_speaks_for_and_against_it() -> None:
    found = but(title=SLIPPED, year=2020, csl=csl(page="99"), doi="10.1/x")
    assert found.reasons == (
        "titles 95 alike",
        "DOI differs",
        "same authors",
        "year differs by 1",
        "pages differ",
        "same journal or book",
    )
    assert 0 < found.score < 1
    assert not found.is_certain


def test_only_an_identifier_or_agreement_in_everything_is_certain() -> None:
    assert but().is_certain
    assert compare_records(PAPER, replace(PAPER, id=2, csl=None, container_title=None)).is_certain
    doubtful: list[dict[str, Any]] = [
        {"csl": None},  # nothing but title, authors, year and journal
        {"year": 2020},
        {"doi": "10.1/other"},
        {"authors": PEOPLE[::-1][:1]},
        {"title": f"Correction: {TITLE}"},
        {"container_title": "medRxiv"},
    ]
    for values in doubtful:
        assert not but(**values).is_certain, values
    for values in ({"pmid": "1"}, {"year": 2018}, {"title": "Another title altogether"}):
        assert not compare_records(PAPER, replace(PAPER, id=2, **values)).is_certain, values


def test_chapters_that_share_the_doi_of_their_book_stay_apart() -> None:
    one = replace(PAPER, pmid=None, title="Trust in teams", authors=[{"family": "Li"}])
    two = replace(one, id=2, title="Governing hospital mergers", authors=[{"family": "Khan"}])
    assert find_matches([one, two]) == []


def test_titles_that_everybody_uses_do_not_make_one_work() -> None:
    one = replace(PAPER, doi=None, pmid=None, title="Editorial", csl=None)
    other = replace(one, id=2, authors=[{"family": "Khan"}], container_title="Health Affairs")
    assert compare_records(one, other).score < SUGGESTED_FROM


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("Clin Microbiol Rev", "Clinical Microbiology Reviews"),
        ("BMJ", "British Medical Journal (Clinical research ed.)"),
        ("Proc Natl Acad Sci", "Proceedings of the National Academy of Sciences"),
        ("Lancet", "The Lancet (London, England)"),
    ],
)
def test_journals_are_known_by_their_abbreviations(short: str, long: str) -> None:
    names = [profile(replace(BARE, container_title=name)).container for name in (short, long)]
    assert is_same_place(*names)
    assert not is_same_place(names[0], ("journal", "public", "health"))


def test_text_is_folded_to_what_databases_write_alike() -> None:
    assert fold("β-Blockers &amp; <i>São</i>’s ﬁbres") == "beta-blockers  and  saos fibres"
    assert plain_title("[Vertrauen in Netzwerken].") == "Vertrauen in Netzwerken"
    assert clean_doi("https://doi.org/10.1000/ABC.1.") == "10.1000/abc.1"
    assert clean_doi("none") == ""
    assert [first_page({"page": p}) for p in ("0123-9", "e45", "S12", "")] == [
        "123",
        "45",
        "s12",
        "",
    ]
    titles = (
        "Correction: Trust",
        "Trust (vol 4, pg 2, 2019)",
        "Response to stress",
        "Trust: a reply",
    )
    assert [notice_of(title) for title in titles] == ["correction", "correction", "reply", "reply"]
    assert numbers_of(words_of("as cited, 2020a and 2O2O")) == ("2020", "2020a")
    assert numbers_of(words_of("Part II of 3: the 2O15 wave B, in vitamin C")) == (
        "2",
        "2015",
        "3",
        "b",
    )


def test_records_without_anything_are_compared_without_harm() -> None:
    empty = [Reference(n, title) for n, title in enumerate(("", "?", "\U0001f600", "信任"), 1)]
    same = [
        Reference(5, "信任與合作關係之研究", year=2001),
        Reference(6, "信任與合作關係之研究", year=2001),
    ]
    found = find_matches([*empty, *same])
    assert all(match.higher_id <= 6 for match in found)
    assert find_matches([]) == []
    assert worth_judging([], find_pairs_of_nothing())[1] == []


def find_pairs_of_nothing() -> Any:
    from app.library.matching_blocks import candidate_pairs  # noqa: PLC0415

    return candidate_pairs([])


def test_of_made_up_records_nearly_all_pairs_are_found_and_nearly_none_that_is_no_pair() -> None:
    twins = make_twins(3_000, seed=11)
    found = find_matches(twins.records)
    pairs = {(match.lower_id, match.higher_id): match for match in found}
    right = pairs.keys() & twins.pairs.keys()
    assert len(right) / len(pairs) >= 0.997
    assert len(right) / len(twins.pairs) >= 0.98
    certain = {pair for pair, match in pairs.items() if match.is_certain}
    assert certain <= twins.pairs.keys()
    assert len(certain) > len(twins.pairs) / 2
    assert found == sorted(found, key=lambda m: (-m.score, m.lower_id, m.higher_id))


def test_the_order_of_records_makes_no_difference() -> None:
    records = make_twins(300, seed=5).records
    assert find_matches(records[::-1]) == find_matches(records)


def test_progress_is_told_while_records_are_compared() -> None:
    told: list[tuple[str, int, int | None]] = []
    find_matches(make_twins(50).records, lambda *what: told.append(what))
    assert [stage for stage, _, _ in told] == ["reading", "pairing", "comparing"]
