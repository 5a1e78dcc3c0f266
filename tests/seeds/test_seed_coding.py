"""The shipped reviews as coding: every word leads back, and what is ours says so."""

import csv
import itertools
import os
import re
from pathlib import Path

import pytest

from app.coding.anchoring import anchor, page_at
from app.theory.vocabulary import MECHANISM_ROLES, TEMPLATE_ROLES, Role, State, Template
from tests.seeds.reading import (
    ASKED,
    ROOT,
    SEEDS,
    bodies,
    every_object,
    in_each,
    lines,
    review_of,
    vignette,
)
from tests.seeds.typesetting import ENCODING, PATH, typeset

LABEL = "TRAINING TEXT \N{EN DASH} INVENTED, NOT EVIDENCE\n"


@in_each
def test_every_wording_stands_in_a_quote_tied_to_its_element(folder: str) -> None:
    quotes = [row["exact"] for row in lines(folder, "quotes")]
    for made in bodies(folder, "configurations"):
        for n, element in enumerate(made.elements, start=1):
            tied = [quotes[e.quote_id - 1] for e in made.evidence if n in e.elements]
            assert any(element.wording in words for words in tied), (made.title, element.wording)


@in_each
def test_a_role_without_an_element_is_said_to_be_not_reported(folder: str) -> None:
    for made in bodies(folder, "configurations"):
        template = made.template or Template(review_of(folder).template)
        missing = [
            role
            for role in TEMPLATE_ROLES[template]
            if role not in {element.role for element in made.elements}
        ]
        assert missing == (made.roles_not_reported or []), made.title


@in_each
def test_what_is_inferred_says_how_and_why(folder: str) -> None:
    for name in ("configurations", "links", "theories"):
        for row in lines(folder, name):
            for part in every_object(row):
                if part.get("is_inferred"):
                    assert part["inference"], row
                    assert part.get("rationale") or part.get("reason"), row


@in_each
def test_second_hand_evidence_names_the_work_and_no_other_does(folder: str) -> None:
    for name in ("configurations", "links", "theories"):
        for row in lines(folder, name):
            for part in every_object(row):
                if "quote_id" in part:
                    assert ("cited_source_id" in part) == (part.get("basis") == "cited"), row


@pytest.mark.parametrize("folder", ASKED)
def test_every_piece_of_evidence_says_whose_knowledge_it_is(folder: str) -> None:
    for name in ("configurations", "links", "theories"):
        for row in lines(folder, name):
            assert all(part.get("basis") for part in every_object(row) if "quote_id" in part), row


@in_each
def test_quotes_are_short_and_each_is_used_or_parked(folder: str) -> None:
    used = {
        part["quote_id"]
        for name in ("definitions", "configurations", "links", "theories")
        for row in lines(folder, name)
        for part in every_object(row)
        if "quote_id" in part
    }
    for quote in lines(folder, "quotes"):
        assert len(quote["exact"].split()) <= 25
        tied = quote["id"] in used or bool(quote.get("concepts"))
        assert tied is not quote.get("is_parked", False), quote


def do_fit(given: State, taken: State) -> bool:
    """Say whether two states agree: more fits there, less fits not there, open fits all."""
    more, less = {State.HIGH, State.INCREASED}, {State.LOW, State.REDUCED}
    unbound = {State.MIXED, State.NOT_STATED}
    alike = ({*more, State.PRESENT}, {*less, State.ABSENT}, {State.MAINTAINED})
    return bool({given, taken} & unbound) or any({given, taken} <= group for group in alike)


@in_each
def test_a_chain_passes_on_one_concept_in_states_that_agree(folder: str) -> None:
    configurations = bodies(folder, "configurations")
    for link in bodies(folder, "links"):
        if link.kind == "feeds":
            given = configurations[link.from_id - 1].elements[link.from_element_n - 1]
            taken = configurations[link.to_id - 1].elements[link.to_element_n - 1]
            assert given.role is Role.OUTCOME
            assert taken.role in {Role.CONTEXT, *MECHANISM_ROLES}
            assert given.concept_id == taken.concept_id
            assert do_fit(given.state, taken.state), link.reason


def test_a_definition_taken_from_a_passage_repeats_it() -> None:
    quotes = [row["exact"] for row in lines("trust-and-faith", "quotes")]
    taken = [row for row in lines("trust-and-faith", "definitions") if "quote_id" in row]
    assert len(taken) == 4
    assert all(row["text"] == quotes[row["quote_id"] - 1] for row in taken)


@pytest.mark.parametrize("folder", ASKED)
def test_every_configuration_is_a_ground_of_the_theory(folder: str) -> None:
    grounds = {
        part["configuration_id"]
        for row in lines(folder, "theories")
        for part in every_object(row)
        if "configuration_id" in part
    }
    assert grounds == {row["id"] for row in lines(folder, "configurations")}


def test_says_of_each_factor_that_the_article_speaks_of_the_set() -> None:
    trust, faith = 1, 2
    for factor in (8, 9, 11, 12, 13, 14):
        for belief in (trust, faith):
            (made,) = [
                made
                for made in bodies("trust-and-faith", "configurations")
                if [element.concept_id for element in made.elements] == [factor, belief]
                and any(evidence.is_inferred for evidence in made.evidence)
            ]
            assert {element.state for element in made.elements} == {"not_stated"}


def corpus(name: str) -> Path:
    """Return a file of the corpus, or skip the test, saying so."""
    root = Path(os.environ.get("RETRODUCE_CORPUS", ROOT.parent / "shared" / "corpus"))
    if not (root / name).is_file():
        pytest.skip(f"the corpus is not here: no {root / name}")
    return root / name


@pytest.mark.corpus
def test_every_quote_of_the_article_stands_in_it_to_the_letter() -> None:
    text = " ".join(corpus("seed/article.txt").read_text(encoding="utf-8").split())
    for quote in lines("trust-and-faith", "quotes"):
        assert quote["source_id"] == 1
        assert quote["exact"] in text
    assert not list((SEEDS / "trust-and-faith").glob("documents/*"))


@pytest.mark.corpus
def test_every_quote_of_the_tables_is_a_cell_of_its_row() -> None:
    tables = {}
    for source, name in {1: "table3_proposed_cmocs", 2: "bmc2021_table2_mechanisms"}.items():
        text = corpus(f"aunger2021/{name}_PARTIAL.csv").read_text(encoding="utf-8")
        tables[source] = [
            {re.sub(r"\[TRUNCATED.*", "", cell) for cell in row.values()}
            for row in csv.DictReader(text.splitlines())
        ]
    for quote in lines("aunger-2021", "quotes"):
        row = int(quote["page"].partition(", row ")[2])
        assert quote["exact"] in tables[quote["source_id"]][row - 1], quote


@pytest.mark.corpus
def test_every_listed_paper_is_a_source_and_no_other() -> None:
    text = corpus("aunger2021/table1_included_studies.csv").read_text(encoding="utf-8")
    papers = [
        (row["collaboration_type"], row["research_type"], f"reference {row['ref_no']}")
        for row in csv.DictReader(text.splitlines())
    ]
    listed = lines("aunger-2021", "sources")[2:]
    assert papers == [
        (s["setting"], s["csl"]["genre"], s["title"].rpartition(", ")[2]) for s in listed
    ]


def test_what_is_cut_off_says_so_where_it_stands() -> None:
    cut = [q for q in lines("aunger-2021", "quotes") if "cut off" in q["note"]]
    assert [(q["exact"], q["page"]) for q in cut] == [
        ("Greater risk threshold, greater ambi", "Table 3, row 22"),
        ("Risk thresho", "Table 2, row 9"),
    ]
    made = lines("aunger-2021", "configurations")
    assert [row["id"] for row in made if "cut off" in str(row.get("questions"))] == [22, 31]
    about = {m.get("subject_id") for m in lines("aunger-2021", "memos") if "Cut off" in m["text"]}
    assert about == {22, 31}


def test_lines_between_rows_lead_from_conflict_to_effectiveness_and_are_ours() -> None:
    links = lines("aunger-2021", "links")
    drawn = {(row["from_id"], row["to_id"]) for row in links if row["kind"] == "feeds"}
    for chain in ([28, 30, 25, 24], [27, 26, 24]):
        assert set(itertools.pairwise(chain)) <= drawn
    assert all(row["is_inferred"] and row["reason"] for row in links)


def test_every_quote_of_the_vignette_is_found_on_its_page_to_the_letter() -> None:
    text = vignette()
    breaks = [at + 1 for at, character in enumerate(text) if character == "\f"]
    for quote in lines("training-vignette", "quotes"):
        hints = {side: quote.get(side, "") for side in ("prefix", "suffix")}
        found = anchor(text, quote["exact"], **hints)
        assert found.verification == "exact", quote
        assert found.passage is not None
        assert str(page_at(breaks, found.passage.start)) == quote["page"]


def test_the_vignette_is_labelled_on_each_page_and_has_one_ambiguous_passage() -> None:
    text = vignette()
    assert "\r" not in text
    pages = text.split("\f")
    assert len(pages) == 3
    assert all(page.startswith(LABEL) for page in pages)
    assert 1_200 <= len(text.split()) <= 1_500
    repeated = [q for q in lines("training-vignette", "quotes") if text.count(q["exact"]) > 1]
    assert {quote["exact"] for quote in repeated} == {"They did what they said they would do."}
    assert {quote["page"] for quote in repeated} == {"2", "3"}
    assert {anchor(text, q["exact"]).verification for q in repeated} == {"ambiguous"}


def test_the_vignette_is_also_a_pdf_of_the_same_words() -> None:
    made = PATH.read_bytes()
    assert made == typeset(vignette()), "write it anew: python -m tests.seeds.typesetting"
    assert len(made) < 100_000
    pages = re.findall(rb"stream\n(.*?)\nendstream", made, re.DOTALL)
    for page, text in zip(pages, vignette().split("\f"), strict=True):
        shown = b"".join(re.findall(rb"\((.*)\) Tj", page)).decode(ENCODING)
        assert re.sub(r"\\(.)", r"\1", shown).split() == text.split()
