"""Columns that follow from others: left out of archives, computed again when one comes in."""

from collections.abc import Callable, Mapping
from typing import Any

from app.coding.concepts import concept_key
from app.db import search_key
from app.library.service import source_key
from app.theory.elements import text_key
from app.theory.vocabulary import Role
from app.theory.wording import Words

Row = Mapping[str, Any]


def _configuration(row: Row) -> str:
    elements = row.get("elements", ())
    in_order = sorted(elements, key=lambda part: (part.get("position", 0), part["n"]))
    words = [Words(Role(part["role"]), part["wording"], part.get("any_of")) for part in in_order]
    return text_key(row.get("title"), row.get("statement"), words)


def _source(row: Row) -> str:
    return source_key(row["title"], row["authors"], row.get("abstract"))


DERIVED: dict[str, dict[str, Callable[[Row], object]]] = {
    "source": {
        "text_key": lambda row: source_key(row["title"], row["authors"], row.get("abstract"))
    },
    "concept": {"text_key": lambda row: concept_key(row["label"], row.get("referent"))},
    "concept_alias": {"label_key": lambda row: search_key(row["label"])},
    "quote": {
        "text_key": lambda row: search_key(row["exact"]),
        "words": lambda row: len(row["exact"].split()),
    },
    "memo": {"text_key": lambda row: search_key(row["text"])},
    "configuration": {"text_key": _configuration},
    "element": {"wording_key": lambda row: search_key(row["wording"])},
}
"""By table and column: what a line of the archive gives."""
