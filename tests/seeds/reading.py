"""Reads the shipped reviews as files."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from app.access.schemas import ReviewCreate
from app.coding.schemas import ConceptCreate, MemoCreate, QuoteCreate
from app.library.schemas import SourceCreate
from app.theory.link_schemas import LinkCreate
from app.theory.programme_schemas import RecommendationCreate, TheoryCreate
from app.theory.schemas import ConfigurationCreate

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "seeds"
FOLDERS = ("trust-and-faith", "aunger-2021", "training-vignette")
ASKED = ("trust-and-faith", "aunger-2021")
"""Reviews that ship with queries and their answers."""
BODIES: dict[str, type[BaseModel]] = {
    "sources": SourceCreate,
    "concepts": ConceptCreate,
    "quotes": QuoteCreate,
    "configurations": ConfigurationCreate,
    "links": LinkCreate,
    "memos": MemoCreate,
    "theories": TheoryCreate,
    "recommendations": RecommendationCreate,
}
NUMBERED = (*BODIES, "documents")
LETTERS = dict(zip("SKQCLMTRD", NUMBERED, strict=True))
Row = dict[str, Any]

in_each = pytest.mark.parametrize("folder", FOLDERS)


STORED_ONLY = {"n", "definition_n", "document_id", "start_at", "end_at", "verification", "study_id"}
"""What a line of an archive says beyond the body with which the API makes the thing."""


def stored_lines(folder: str, name: str) -> list[Row]:
    """The lines of a file as they stand; a file that is not there has none."""
    path = SEEDS / folder / f"{name}.jsonl"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return [json.loads(line) for line in text.splitlines()]


def lines(folder: str, name: str) -> list[Row]:
    """The lines of a file as bodies of the API, with their numbers; definitions by themselves."""
    if name == "definitions":
        return [
            {"concept_id": concept["id"], **definition}
            for concept in stored_lines(folder, "concepts")
            for definition in concept.get("definitions", [])
        ]
    return [as_body(name, row) for row in stored_lines(folder, name)]


def as_body(name: str, row: Row) -> Row:
    body: Row = {
        key: [without_stored(part) if isinstance(part, dict) else part for part in value]
        if isinstance(value, list)
        else value
        for key, value in row.items()
        if key not in STORED_ONLY
    }
    if "stance" in body and "quote_id" in body:
        del body["source_id"]  # the API takes it from the quote
    if name == "concepts":
        body.pop("definitions", None)
    if "codings" in body:
        body["concepts"] = [coding["concept_id"] for coding in body.pop("codings")]
    return body


def without_stored(part: Row) -> Row:
    return as_body("", part)


def bodies(folder: str, name: str) -> list[Any]:
    return [BODIES[name].model_validate(without_id(row)) for row in lines(folder, name)]


def without_id(row: Row) -> Row:
    return {key: value for key, value in row.items() if key != "id"}


def every_object(value: Any) -> Iterator[Row]:
    """Yield each object in a value, however deep."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value:
        if isinstance(inner, dict | list):
            yield from every_object(inner)


def vignette() -> str:
    (document,) = lines("training-vignette", "documents")
    return Path(SEEDS, "training-vignette", document["file"]).read_bytes().decode("utf-8")


def review_of(folder: str) -> ReviewCreate:
    text = (SEEDS / folder / "review.json").read_text(encoding="utf-8")
    return ReviewCreate.model_validate_json(text)
