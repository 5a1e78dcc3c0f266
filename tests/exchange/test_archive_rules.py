"""Archives whose lines are well formed and yet no review: refused by line, before anything."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import CheckConstraint

from app.config import Settings
from app.db import Base
from app.errors import ArchiveError
from tests.exchange.test_archive_refusals import GOOD, stage, write_zip

SOURCE: dict[str, Any] = GOOD["sources.jsonl"][0]
SOURCES = [SOURCE, {**SOURCE, "id": 2, "cite_key": "b"}]
QUOTE: dict[str, Any] = GOOD["quotes.jsonl"][0]
WHOLE: dict[str, Any] = {"id": 1, "template": "CMO", "kind": "consolidated"}
RAW: dict[str, Any] = {"id": 2, "template": "CMO"}
LINK: dict[str, Any] = {"kind": "feeds", "from_id": 1, "to_id": 2, "reason": "so"}
EVIDENCE = {"source_id": 2, "quote_id": 1, "stance": "supports"}
FIELDS = [
    {"id": 1, "subject": "source", "name": "sites", "label": "Sites", "type": "number"},
    {
        "id": 2,
        "subject": "source",
        "name": "design",
        "label": "Design",
        "type": "choice",
        "choices": ["rct"],
    },
]
TEXT = {"source_id": 1, "file_name": "a.txt", "file": "documents/a.txt"}
CHANGE: dict[str, Any] = {
    "change_set_id": 1,
    "n": 1,
    "table_name": "configuration",
    "row_key": [1],
    "operation": "insert",
    "aggregate_kind": "C",
    "aggregate_id": 1,
}
HISTORY = [{"id": 1, "at": "2026-03-02T09:30:00Z", "channel": "api"}]


def configurations(*changed: dict[str, Any]) -> dict[str, Any]:
    wanted = [WHOLE, RAW] if not changed else [WHOLE | changed[0], *([RAW, *changed[1:]])]
    return {"configurations.jsonl": wanted}


def element(**values: Any) -> dict[str, Any]:
    return configurations({"elements": [{"role": "context", "wording": "w", **values}]})


def field(**values: Any) -> dict[str, Any]:
    return {"fields.jsonl": [FIELDS[1] | values]}


def filled(**values: Any) -> dict[str, Any]:
    return {"fields.jsonl": FIELDS, "sources.jsonl": [SOURCE | {"fields": values}]}


def positions(start: int | None, end: int | None) -> dict[str, Any]:
    return {
        "documents/a.txt": b"some words",
        "documents.jsonl": [TEXT],
        "quotes.jsonl": [QUOTE | {"document_id": 1, "start_at": start, "end_at": end}],
    }


def concepts(*changed: dict[str, Any]) -> dict[str, Any]:
    return {"concepts.jsonl": [{"id": n, "label": "a"} | one for n, one in enumerate(changed, 1)]}


def links(**values: Any) -> dict[str, Any]:
    return configurations() | {"links.jsonl": [LINK | values]}


def moderates(number: int, to: int) -> dict[str, Any]:
    return {"id": number, "kind": "moderates", "from_id": 1, "to_link_id": to, "reason": "r"}


def ground(**values: Any) -> dict[str, Any]:
    grounds = [values]
    propositions = [{"statement": "p", "grounds": grounds}]
    return {"theories.jsonl": [{"title": "t", "stage": "initial", "propositions": propositions}]}


def change(**values: Any) -> dict[str, Any]:
    return {"change_sets.jsonl": HISTORY, "changes.jsonl": [CHANGE | values]}


BROKEN: dict[str, tuple[dict[str, Any], str]] = {
    "an element without words": (
        element(wording=""),
        "configurations.jsonl line 1: wording: is empty; write something",
    ),
    "an element in no group": (element(any_of=0), "line 1: any_of: is not between 1 and 100,000"),
    "a title without words": (configurations({"title": ""}), "line 1: title: is empty"),
    "questions that are no texts": (
        configurations({"questions": [{}]}),
        "line 1: questions: does not fit: 0: not a text; give it as text",
    ),
    "a definition of no concept": (
        element(definition_n=1),
        "line 1: definition_n: element 1 has no concept; name it",
    ),
    "choices by name": (field(choices={"a": 1}), "fields.jsonl line 1: choices: does not fit"),
    "choices of a number": (
        {"fields.jsonl": [FIELDS[0] | {"choices": ["a"]}]},
        "fields.jsonl line 1: give choices for the types choice and choices",
    ),
    "no such field": (filled(nope=1), "sources.jsonl line 1: fields.nope: no such field; choose"),
    "text for a number": (filled(sites="many"), "line 1: fields.sites: write a number"),
    "a list for a choice": (filled(design=["rct"]), "line 1: fields.design: not among"),
    "a number for a choice": (filled(design=3), "line 1: fields.design: write choices as text"),
    "a place before the text": (positions(-5, 2), "quotes.jsonl line 1: start_at, end_at: give"),
    "a place that ends nowhere": (positions(2, None), "quotes.jsonl line 1: start_at, end_at"),
    "a place beyond the text": (positions(2, 11), "quotes.jsonl line 1: end_at: D1 has 10 char"),
    "a concept under itself": (concepts({"parent_id": 1}, {}), "line 1: parent_id: a concept"),
    "concepts in a circle": (
        concepts({"parent_id": 2}, {"parent_id": 1}),
        "concepts.jsonl line 1: parent_id or merged_into_id: leads in a circle, 1 → 2 → 1; lead",
    ),
    "concepts merged in a circle": (
        concepts({"merged_into_id": 2}, {"merged_into_id": 1}),
        "concepts.jsonl line 1: parent_id or merged_into_id: leads in a circle",
    ),
    "concepts from each other": (
        concepts({"origin_id": 2}, {"origin_id": 1}),
        "concepts.jsonl line 1: origin_id: leads in a circle",
    ),
    "a concept apart from itself": (
        concepts({"apart": [{"higher_id": 1}]}, {}),
        "concepts.jsonl line 1: apart: a pair stands once, in the line of its lower number",
    ),
    "a source merged into itself": (
        {"sources.jsonl": [SOURCE | {"merged_into_id": 1}]},
        "sources.jsonl line 1: merged_into_id: S1 is merged itself; name the source",
    ),
    "a member of itself": (
        configurations({"members": [{"member_id": 1}]}),
        "configurations.jsonl line 1: members: C1 is not raw; take it out",
    ),
    "members in a circle": (
        configurations(
            {"members": [{"member_id": 3}]}, WHOLE | {"id": 3, "members": [{"member_id": 1}]}
        ),
        "configurations.jsonl line 1: members: C3 is not raw; take it out",
    ),
    "members of a raw one": (
        configurations({"kind": "raw", "members": [{"member_id": 2}]}),
        "configurations.jsonl line 1: members: only a consolidated configuration has members",
    ),
    "evidence of another source": (
        configurations({"evidence": [EVIDENCE]}) | {"sources.jsonl": SOURCES},
        "configurations.jsonl line 1: source_id: Q1 is a passage of S1, not of S2; name that",
    ),
    "a link to where it starts": (
        links(to_id=1),
        "links.jsonl line 1: a configuration cannot be linked to itself; lead it to another",
    ),
    "a link without reason": (links(reason=None), "line 1: an asserted link needs a reason or"),
    "a link to nowhere": (links(to_id=None), "line 1: give one of to_id (a configuration) and"),
    "a link that feeds a link": (
        links(to_id=None, to_link_id=1),
        "links.jsonl line 1: only a link of kind moderates leads to a link",
    ),
    "links moderating each other": (
        configurations() | {"links.jsonl": [moderates(1, 2), moderates(2, 1)]},
        "links.jsonl line 1: to_link_id: leads in a circle, 1 → 2 → 1",
    ),
    "a link moderating itself": (
        configurations() | {"links.jsonl": [moderates(1, 1)]},
        "links.jsonl line 1: to_link_id: leads in a circle, 1 → 1",
    ),
    "a ground that is nothing": (
        ground(),
        "theories.jsonl line 1: give one of configuration_id and memo_id",
    ),
    "a view that asks nothing": (
        {"views.jsonl": [{"slug": "v", "title": "V", "kind": "chains", "query": {"depth": "x"}}]},
        "views.jsonl line 1: query.depth: not a whole number",
    ),
    "a history of accounts": (
        change(table_name="user_account"),
        "changes.jsonl line 1: table_name: there is no table user_account",
    ),
    "a row told by an object": (
        change(row_key=[{"a": 1}]),
        "changes.jsonl line 1: row_key: is not the list of what tells the row: id",
    ),
    "a row told by too much": (change(row_key=[1, 2]), "line 1: row_key: is not the list of"),
    "a past that is a list": (change(before=[1]), "line 1: before: is not an object of values"),
}


@pytest.mark.parametrize(("files", "message"), BROKEN.values(), ids=BROKEN.keys())
def test_names_the_line_that_breaks_a_rule(
    tmp_path: Path, settings: Settings, files: dict[str, Any], message: str
) -> None:
    with pytest.raises(ArchiveError) as refused:
        stage(write_zip(tmp_path / "broken.zip", GOOD | files), tmp_path, settings)
    assert message in refused.value.detail
    assert refused.value.extra["line"]


def test_a_choice_that_is_none_any_more_is_taken(tmp_path: Path, settings: Settings) -> None:
    files = GOOD | filled(design="cohort", sites=3)
    assert stage(write_zip(tmp_path / "old.zip", files), tmp_path, settings).counts["sources"] == 1


def test_no_constraint_of_the_tables_is_left_to_the_store() -> None:
    judged = {
        "ck_concept_apart_once": "a concept apart from itself",
        "ck_concept_not_own_parent": "a concept under itself",
        "ck_configuration_link_not_to_itself": "a link to where it starts",
        "ck_configuration_link_one_target": "a link to nowhere",
        "ck_configuration_link_only_moderates_links": "a link that feeds a link",
        "ck_consolidation_not_own_member": "a member of itself",
        "ck_element_defined_concept": "a definition of no concept",
        "ck_ground_one_ground": "a ground that is nothing",
        "ck_quote_positions_in_order": "a place before the text",
    }
    there = {
        str(constraint.name)
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }
    assert there == judged.keys()
    assert set(judged.values()) <= BROKEN.keys()
