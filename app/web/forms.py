"""How the fields of an HTML form become the JSON body of an operation."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote

Fields = list[tuple[str, str]]
PLACE = "^"
"""Where a row goes in its list: 1.5 is between 1 and 2; a row without place is left out."""
PLACED = re.compile(r"\s*(\d{1,6}(?:[.,]\d{1,6})?)\s*")
DEEPEST = 8
CITED = re.compile(r"\s*([A-Za-z]?)([1-9]\d*)\b(?!\.\d)")
"""A number as people cite it, whatever words follow it."""
LETTERS = {
    "concept_id": "K",
    "configuration_id": "C",
    "document_id": "D",
    "memo_id": "M",
    "quote_id": "Q",
    "source_id": "S",
}
"""What the number of something begins with; that of another kind is left to be refused."""


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

    What is nested under numbers becomes a list in their order, or in that of the places said in it,
    without what is empty.
    """
    tree: dict[str, Any] = {}
    counting = (pair for pair in fields if pair[1] or not pair[0].endswith("!"))
    for name, value in counting:
        *path, last = name.removesuffix("!").split(".", DEEPEST)
        place = tree
        for part in path:
            if not isinstance(place.get(part), dict):
                place[part] = {}
            place = place[part]
        _put(place, last, value, keep_empty=keep_empty)
    return _listed(tree)


def _put(place: dict[str, Any], name: str, value: str, *, keep_empty: bool) -> None:
    """Put one value where it belongs, as the end of its field's name says."""
    key = name.removesuffix("[]").removesuffix("[/]").rstrip("#@")
    if name.endswith("@") or key.endswith("_id"):
        value = cited(value, LETTERS.get(key, ""))
    if name == PLACE:
        place[key] = value
    elif name.endswith("[]"):
        many = place.get(key)
        place[key] = [*(many if isinstance(many, list) else []), *([value] if value else [])]
    elif name.endswith("[/]") and (value or keep_empty):
        place[key] = [line for line in value.split("\n") if line.strip()]
    elif value:
        place[key] = _scalar(value) if name.endswith("#") else value
    elif keep_empty:
        place[key] = None
    else:
        place.pop(key, None)


def cited(value: str, letter: str = "") -> str:
    """Return the number of what is cited: 17 of `C17 Small promises`; other text stays.

    Where its letter is known, the number of something else is other text.
    """
    found = CITED.match(value)
    is_of_it = found and found[1].upper() in {"", letter or found[1].upper()}
    return found[2] if found and is_of_it else value


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
        placed = sorted((place, key) for key in inner if (place := _place(tree[key], key)))
        return [inner[key] for _, key in placed if not _is_blank(inner[key])]
    return {unquote(key): value for key, value in inner.items() if key != PLACE}


def _place(row: Any, key: str) -> tuple[float, int] | None:
    """Return where a row goes; null where its place was emptied."""
    said = row.get(PLACE) if isinstance(row, Mapping) else None
    if said is not None and not said.strip():
        return None
    found = PLACED.fullmatch(said or "")
    return float(found[1].replace(",", ".")) if found else int(key), int(key)


def _is_blank(item: Any) -> bool:
    """Say whether nothing was filled in of an item of a list."""
    if isinstance(item, dict):
        return all(map(_is_blank, item.values()))
    return item is None


def fields_of_json(value: Any, name: str) -> Fields | None:
    """Write JSON as the fields of a form that `body_of` nests back; null where it could not."""
    fields = list(_fields(value, name))
    whole = body_of([("whole", ""), *fields], keep_empty=True)
    for part in name.split("."):
        whole = whole.get(part) if isinstance(whole, dict) else None
    return fields if whole == value else None


def _fields(value: Any, name: str) -> Iterable[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _fields(inner, f"{name}.{key_name(key)}")
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            yield from _fields(inner, f"{name}.{n}")
    elif isinstance(value, str):
        yield name, value
    else:
        yield f"{name}#", json.dumps(value)


def key_name(key: str) -> str:
    """Write a key as part of a name: what could mean something else there is percent-encoded."""
    return "".join(
        c if c.isalpha() or c in "_-" else "".join(f"%{byte:02X}" for byte in c.encode())
        for c in key
    )
