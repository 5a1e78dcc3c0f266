"""How the fields of an HTML form become the JSON body of an operation."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

Fields = list[tuple[str, str]]
DEEPEST = 8
CITED = re.compile(r"\s*[A-Z]?([1-9]\d*)\b(?!\.\d)")
"""A number as people cite it, whatever words follow it."""


def filled(fields: Iterable[tuple[str, str]]) -> Fields:
    """Write line ends as LF, and drop what counts only beside something that was filled in."""
    given = [(name, value.replace("\r\n", "\n")) for name, value in fields]
    groups = {_group(name) for name, value in given if value and not name.endswith("?")}
    return [
        (name.removesuffix("?"), value)
        for name, value in given
        if not name.endswith("?") or _group(name) in groups
    ]


def _group(name: str) -> str:
    return name.rpartition(".")[0]


def body_of(fields: Fields, *, keep_empty: bool) -> Any:
    """Nest fields by their names; an empty one is null where that is asked, else left out.

    What is nested under numbers becomes a list in their order, gaps closed.
    """
    tree: dict[str, Any] = {}
    for name, given in fields:
        *path, last = name.split(".", DEEPEST)
        place = tree
        for part in path:
            if not isinstance(place.get(part), dict):
                place[part] = {}
            place = place[part]
        value = cited(given) if last.endswith("@") else given
        key = last.removesuffix("[]").rstrip("#@")
        if last.endswith("[]"):
            many = place.get(key)
            place[key] = [*(many if isinstance(many, list) else []), *([value] if value else [])]
        elif value:
            place[key] = _scalar(value) if last.endswith("#") else value
        elif keep_empty:
            place[key] = None
        else:
            place.pop(key, None)
    return _listed(tree)


def cited(value: str) -> str:
    """Return the number of what is cited: 17 of `C17 Small promises`; other text stays."""
    found = CITED.match(value)
    return found[1] if found else value


def _scalar(value: str) -> Any:
    """Read a number or truth value; anything else stays text for the operation to refuse."""
    try:
        read = json.loads(value, parse_constant=str)
    except (ValueError, RecursionError):
        return value
    return read if isinstance(read, int | float | bool) else value


def _listed(tree: Any) -> Any:
    """Turn what is keyed by numbers only into lists, from the inside out; leave empty parts out."""
    if not isinstance(tree, Mapping):
        return tree
    parts = ((key, _listed(value)) for key, value in tree.items())
    inner = {key: part for key, part in parts if part != {}}
    if inner and all(key.isdecimal() for key in inner):
        return [inner[key] for key in sorted(inner, key=int) if not _is_blank(inner[key])]
    return inner


def _is_blank(part: Any) -> bool:
    """Say whether nothing was filled in of one item of a list."""
    return all(value is None for value in part.values()) if isinstance(part, dict) else part is None
