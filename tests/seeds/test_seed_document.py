"""The page on the seed review asks and answers what the shipped queries do."""

import json
import re
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.seeds.reading import ASKED, LETTERS, ROOT, Row, lines

PARTS = {"trust-and-faith": "## Row 1\n", "aunger-2021": "## The published tables\n"}
"""Where the part on each review begins."""

AFTER = "## What the check says"

LINE = re.compile(r"\| (?:([^|`]+) \| )?`(/[^`]+)` \| (.+) \|")

in_each_part = pytest.mark.parametrize("folder", ASKED)


def part_on(folder: str) -> str:
    """Return what the page says of a review."""
    text = (ROOT / "docs" / "seed-review.md").read_text(encoding="utf-8").partition(AFTER)[0]
    before, _, after = text.partition(PARTS["aunger-2021"])
    return after if folder == "aunger-2021" else before


def asked_in_the_document(folder: str) -> list[tuple[str, str, str]]:
    """Return place, request and answer of every table line, in order."""
    found, place = [], ""
    for line in part_on(folder).splitlines():
        if heading := re.fullmatch(r"###? (.+)", line):
            place = heading[1]
        if asked := LINE.fullmatch(line):
            path = f"/api/v1/reviews/{folder}{asked[2]}"
            found.append((f"{place} {asked[1] or ''}".strip(), path, asked[3]))
    return found


def place_of(query: Row) -> str:
    """Return the heading, and the first column, under which the page asks a query."""
    if "question" in query:
        return f"Across the tables {query['question']}"
    return f"Table {query['table']} {query['row']}" if "table" in query else f"Row {query['row']}"


def answer_of(cell: str) -> list[str] | Row:
    if all(re.fullmatch(r"C\d+( → C\d+)*", part) for part in cell.split("<br>")):  # chains
        return cell.split("<br>")
    parts = [part.split(" ", maxsplit=1) for part in cell.split("<br>")]
    if not cell.startswith("`"):
        return [number for number, _ in parts]
    fields = [re.fullmatch(r"`([^`]+)` = `([^`]+)`", " ".join(part)) for part in parts]
    return {field[1]: json.loads(field[2]) for field in fields if field}


@in_each_part
def test_the_document_asks_and_answers_what_the_queries_do(folder: str) -> None:
    queries = lines(folder, "queries")
    in_document = [(place, p, answer_of(cell)) for place, p, cell in asked_in_the_document(folder)]
    assert in_document == [(place_of(q), q["path"], q["expect"]) for q in queries]
    text = part_on(folder)
    assert all(f"\n{q['statement']}\n" in text for q in queries if "statement" in q)


def test_every_row_of_the_article_and_of_the_tables_is_asked_for() -> None:
    assert {query["row"] for query in lines("trust-and-faith", "queries")} == {*range(1, 29)}
    rows = {(q["table"], q["row"]) for q in lines("aunger-2021", "queries") if "table" in q}
    assert rows == {(3, row) for row in range(1, 23)} | {(2, row) for row in range(1, 10)}


@in_each_part
def test_queries_and_answers_name_what_is_there(folder: str) -> None:
    counts = {letter: len(lines(folder, name)) for letter, name in LETTERS.items()}
    for query in lines(folder, "queries"):
        expected = query["expect"] if isinstance(query["expect"], list) else []
        named = [number for answer in expected for number in answer.split(" → ")]
        for _, value in parse_qsl(urlsplit(query["path"]).query):
            named += re.findall(r"[A-Z]\d+", value)
        assert all(int(number[1:]) <= counts[number[0]] for number in named), query


@in_each_part
def test_numbers_in_the_document_are_there(folder: str) -> None:
    counts = {letter: len(lines(folder, name)) for letter, name in LETTERS.items()}
    for letter, number in re.findall(r"\b([SKQCLMTR])(\d+)\b", part_on(folder)):
        assert 1 <= int(number) <= counts[letter], letter + number
