"""What a survivor gets from its duplicate: only what it does not have, and it can be taken back."""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from app.library.models import Source
from app.library.schemas import MOST_CSL
from app.library.service import source_key

COLUMNS = (
    "authors", "year", "container_title", "doi", "pmid", "url", "abstract", "language", "country",
    "kind", "setting", "study_id",
)  # fmt: skip
WANTED = ("authors", "year", "container_title", "doi", "abstract")
WANTED_CSL = ("volume", "page")
NESTED = ("csl", "fields")
"""Columns that hold fields of their own, filled one by one."""
LEFT = {"custom"}
"""What a tool wrote for itself stays with the record it wrote it for."""


def richness(source: Source) -> int:
    """Count what a reader wants of a source; numbers and dates of a database make none richer."""
    columns = sum(bool(getattr(source, name)) for name in WANTED)
    return columns + sum(name in (source.csl or {}) for name in WANTED_CSL)


def lacking(survivor: Source, duplicate: Source) -> list[str]:
    """Name the fields a survivor does not have and would get from its duplicate."""
    names = [n for n in COLUMNS if not getattr(survivor, n) and getattr(duplicate, n)]
    for name in NESTED:
        names += [f"{name}.{key}" for key in sorted(_new_within(survivor, duplicate, name))]
    return names


def fill(survivor: Source, duplicate: Source) -> list[str]:
    """Fill what a survivor does not have from its duplicate; return the names of the fields."""
    names = lacking(survivor, duplicate)
    for name in COLUMNS:
        if name in names:
            setattr(survivor, name, getattr(duplicate, name))
    for name in NESTED:
        if new := _new_within(survivor, duplicate, name):
            setattr(survivor, name, (getattr(survivor, name) or {}) | new)
    _settle(survivor)
    return names


def _new_within(survivor: Source, duplicate: Source, name: str) -> dict[str, Any]:
    own, theirs = getattr(survivor, name) or {}, getattr(duplicate, name) or {}
    new = {key: value for key, value in theirs.items() if key not in own and key not in LEFT}
    return new if new and len(orjson.dumps(own | new)) <= MOST_CSL else {}


def take_out(survivor: Source, duplicate: Source, names: Iterable[str]) -> list[str]:
    """Empty again what still is as the duplicate gave it; return what was emptied."""
    emptied = []
    for name in names:
        column, _, key = name.partition(".")
        mine, theirs = getattr(survivor, column), getattr(duplicate, column)
        if key:
            mine, theirs = (mine or {}), (theirs or {})
            if key in mine and mine[key] == theirs.get(key):
                rest = {other: value for other, value in mine.items() if other != key}
                setattr(survivor, column, rest or None)
                emptied.append(name)
        elif mine and mine == theirs:
            setattr(survivor, column, [] if column == "authors" else None)
            emptied.append(name)
    _settle(survivor)
    return emptied


def _settle(survivor: Source) -> None:
    survivor.text_key = source_key(survivor.title, survivor.authors, survivor.abstract)
    survivor.version += 1


def differing(one: Source, other: Source) -> Iterator[str]:
    """Yield the fields that both have and that are not the same; letters in order."""
    for name in ("title", *COLUMNS):
        if _is_other(getattr(one, name), getattr(other, name)):
            yield name
    for name in NESTED:
        mine, theirs = getattr(one, name) or {}, getattr(other, name) or {}
        for key in sorted(mine.keys() & theirs.keys() - LEFT):
            if _is_other(mine[key], theirs[key]):
                yield f"{name}.{key}"


def _is_other(mine: Any, theirs: Any) -> bool:
    return bool(mine and theirs and mine != theirs)
