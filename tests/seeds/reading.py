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


def lines(folder: str, name: str) -> list[Row]:
    text = (SEEDS / folder / f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


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
    return Path(SEEDS, "training-vignette", document["path"]).read_bytes().decode("utf-8")


def review_of(folder: str) -> ReviewCreate:
    text = (SEEDS / folder / "review.json").read_text(encoding="utf-8")
    return ReviewCreate.model_validate_json(text)
