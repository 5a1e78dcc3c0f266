"""The shipped reviews as files: sound before anything loads them."""

import json
import re
from collections.abc import Iterator

from app.coding.schemas import DefinitionCreate
from tests.seeds.reading import (
    BODIES,
    LETTERS,
    NUMBERED,
    SEEDS,
    bodies,
    every_object,
    in_each,
    lines,
    review_of,
)

REFERENCES = {
    "source_id": "sources",
    "cited_source_id": "sources",
    "concept_id": "concepts",
    "parent_id": "concepts",
    "moderator_id": "concepts",
    "quote_id": "quotes",
    "configuration_id": "configurations",
    "from_id": "configurations",
    "to_id": "configurations",
    "to_link_id": "links",
    "memo_id": "memos",
    "theory_id": "theories",
    "refines_id": "theories",
}


@in_each
def test_every_line_is_what_the_api_takes(folder: str) -> None:
    assert review_of(folder).slug == folder
    for name in BODIES:
        bodies(folder, name)
    for row in lines(folder, "definitions"):
        DefinitionCreate.model_validate({k: v for k, v in row.items() if k != "concept_id"})
    for row in lines(folder, "documents"):
        assert row.keys() == {"id", "source_id", "file_name", "file", "page_breaks"}


@in_each
def test_files_are_plain_sorted_and_numbered_from_one(folder: str) -> None:
    for path in sorted((SEEDS / folder).glob("*.jsonl")):
        raw = path.read_bytes().decode("utf-8")
        assert "\r" not in raw
        assert raw == "".join(
            json.dumps(json.loads(line), ensure_ascii=False, sort_keys=True) + "\n"
            for line in raw.splitlines()
        ), path.name
    for name in NUMBERED:
        ids = [row["id"] for row in lines(folder, name)]
        assert ids == list(range(1, len(ids) + 1)), name
    defined = [row["concept_id"] for row in lines(folder, "definitions")]
    assert defined == sorted(defined)


def references(folder: str) -> Iterator[tuple[str, int]]:
    """Yield file and number of everything that is referred to."""
    for name in (*NUMBERED, "definitions"):
        for part in (part for row in lines(folder, name) for part in every_object(row)):
            yield from ((REFERENCES[f], n) for f, n in part.items() if f in REFERENCES)
    for quote in lines(folder, "quotes"):
        yield from (("concepts", number) for number in quote.get("concepts", []))
    for row in lines(folder, "recommendations"):
        yield from (("configurations", number) for number in row["configurations"])
    for memo in lines(folder, "memos"):
        if "subject_id" in memo:
            yield LETTERS[memo["subject_kind"]], memo["subject_id"]
        for letter, number in re.findall(r"\b([SKQCLMT])(\d+)\b", memo["text"]):
            yield LETTERS[letter], int(number)


@in_each
def test_every_reference_leads_to_a_line(folder: str) -> None:
    counts = {name: len(lines(folder, name)) for name in NUMBERED}
    wrong = [(name, n) for name, n in references(folder) if not 1 <= n <= counts[name]]
    assert wrong == []


@in_each
def test_nothing_refers_to_what_is_loaded_later(folder: str) -> None:
    assert all(row.get("parent_id", 0) < row["id"] for row in lines(folder, "concepts"))
    assert all(row.get("to_link_id", 0) < row["id"] for row in lines(folder, "links"))
    assert all(row.get("refines_id", 0) < row["id"] for row in lines(folder, "theories"))
    assert not any("definitions" in row for row in lines(folder, "concepts"))


@in_each
def test_evidence_and_links_name_elements_that_are_there(folder: str) -> None:
    configurations = bodies(folder, "configurations")
    for made in configurations:
        for evidence in made.evidence:
            assert all(n <= len(made.elements) for n in evidence.elements), made.title
    for link in bodies(folder, "links"):
        assert (link.from_element_n or 1) <= len(configurations[link.from_id - 1].elements)
        if link.to_id is not None:
            assert (link.to_element_n or 1) <= len(configurations[link.to_id - 1].elements)


@in_each
def test_only_a_source_says_where_it_is_on_the_web(folder: str) -> None:
    for path in (SEEDS / folder).rglob("*.*"):
        if path.name != "sources.jsonl":
            assert b"://" not in path.read_bytes(), path.name
    for row in lines(folder, "sources"):
        assert "://" not in json.dumps({k: v for k, v in row.items() if k != "url"})
