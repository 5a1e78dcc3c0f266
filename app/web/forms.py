"""How the fields of an HTML form become the JSON body of an operation."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

Fields = list[tuple[str, str]]
DEEPEST = 8


def filled(fields: Iterable[tuple[str, str]]) -> Fields:
    """Write line ends as LF, and drop what counts only beside something that was filled in.

    Where nothing else was filled in, its group goes as a whole: a row left empty is no row.
    """
    given = [(name, value.replace("\r\n", "\n")) for name, value in fields]
    groups = {_group(name) for name, value in given if value and not name.endswith("?")}
    empty = {_group(name) for name, _ in given if name.endswith("?")} - groups
    return [
        (name.removesuffix("?"), value)
        for name, value in given
        if _group(name) not in empty or not (_group(name) or name.endswith("?"))
    ]


def _group(name: str) -> str:
    return name.rpartition(".")[0]


def body_of(fields: Fields, *, keep_empty: bool) -> Any:
    """Nest fields by their names; an empty one is null where that is asked, else left out.

    What is nested under numbers becomes a list in their order, gaps closed.
    """
    tree: dict[str, Any] = {}
    for name, value in fields:
        *path, last = name.split(".", DEEPEST)
        place = tree
        for part in path:
            if not isinstance(place.get(part), dict):
                place[part] = {}
            place = place[part]
        key = last.removesuffix("[]").removesuffix("#")
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


def _scalar(value: str) -> Any:
    """Read a number or truth value; anything else stays text for the operation to refuse."""
    try:
        read = json.loads(value, parse_constant=str)
    except (ValueError, RecursionError):
        return value
    return read if isinstance(read, int | float | bool) else value


def _listed(tree: Any) -> Any:
    """Turn what is keyed by numbers only into lists, from the inside out."""
    if not isinstance(tree, Mapping):
        return tree
    inner = {key: _listed(value) for key, value in tree.items()}
    if inner and all(key.isdecimal() for key in inner):
        return [inner[key] for key in sorted(inner, key=int) if inner[key] not in ({}, None)]
    return inner
