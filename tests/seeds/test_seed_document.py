"""The page on the seed review asks and answers what the shipped queries do."""

import json
import re
from urllib.parse import parse_qsl, urlsplit

from tests.seeds.reading import LETTERS, ROOT, Row, lines


def asked_in_the_document() -> list[tuple[int, str, str]]:
    """Return row, request and answer of every table line, in order."""
    text = (ROOT / "docs" / "seed-review.md").read_text(encoding="utf-8")
    found, row = [], 0
    for line in text.splitlines():
        if heading := re.fullmatch(r"## Row (\d+)", line):
            row = int(heading[1])
        if asked := re.fullmatch(r"\| `(/[^`]+)` \| (.+) \|", line):
            found.append((row, f"/api/v1/reviews/trust-and-faith{asked[1]}", asked[2]))
    return found


def answer_of(cell: str) -> list[str] | Row:
    parts = [part.split(" ", maxsplit=1) for part in cell.split("<br>")]
    if not cell.startswith("`"):
        return [number for number, _ in parts]
    fields = [re.fullmatch(r"`([^`]+)` = `([^`]+)`", " ".join(part)) for part in parts]
    return {field[1]: json.loads(field[2]) for field in fields if field}


def test_the_document_asks_and_answers_what_the_queries_do() -> None:
    queries = lines("trust-and-faith", "queries")
    in_document = [(row, path, answer_of(cell)) for row, path, cell in asked_in_the_document()]
    assert in_document == [(q["row"], q["path"], q["expect"]) for q in queries]
    text = (ROOT / "docs" / "seed-review.md").read_text(encoding="utf-8")
    assert all(f"\n{query['statement']}\n" in text for query in queries)
    assert {query["row"] for query in queries} == {*range(1, 29)}


def test_queries_and_answers_name_what_is_there() -> None:
    counts = {letter: len(lines("trust-and-faith", name)) for letter, name in LETTERS.items()}
    for query in lines("trust-and-faith", "queries"):
        named = list(query["expect"]) if isinstance(query["expect"], list) else []
        for _, value in parse_qsl(urlsplit(query["path"]).query, strict_parsing=True):
            named += re.findall(r"[A-Z]\d+", value)
        assert all(int(number[1:]) <= counts[number[0]] for number in named), query


def test_numbers_in_the_document_are_there() -> None:
    counts = {letter: len(lines("trust-and-faith", name)) for letter, name in LETTERS.items()}
    text = (ROOT / "docs" / "seed-review.md").read_text(encoding="utf-8")
    for letter, number in re.findall(r"\b([SKQCLMTR])(\d+)\b", text):
        assert 1 <= int(number) <= counts[letter], letter + number
