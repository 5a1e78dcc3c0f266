"""The tables of `docs/archive-format.md`, written from the shapes: every file and every key.

`python -m app.exchange.archive.description` puts them below the page's mark.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, Enum, Float, Integer

from app.config import PACKAGE
from app.db import UtcDateTime
from app.exchange.archive.checking import FILLED, LAST
from app.exchange.archive.shape import CHANGE_SETS, MEMBERS, REVIEW, Shape, flat, is_person, roots

PAGE = PACKAGE.parent / "docs" / "archive-format.md"
MARK = "<!-- What follows is written by `python -m app.exchange.archive.description`. -->\n"
KINDS: tuple[tuple[type[Any], str], ...] = (
    (UtcDateTime, "moment"),
    (JSON, "object or list"),
    (Boolean, "true or false"),
    (Date, "day"),
    (Float, "number"),
    (Integer, "whole number"),
)


def described() -> str:
    """Return the section of every file, in the order of their references."""
    shapes = [flat()[REVIEW], *roots(), flat()[MEMBERS], flat()[CHANGE_SETS]]
    return "\n".join(line for shape in shapes for line in _section(shape))


def _section(shape: Shape) -> Iterator[str]:
    file = REVIEW if shape.name == "review" else shape.file
    yield f"### {file}"
    yield ""
    yield f"One {shape.table.name.replace('_', ' ')} each; columns as in the"
    yield f"[data dictionary](data-dictionary.md#{shape.table.name})."
    yield ""
    yield "| key | holds | may be left out |"
    yield "|---|---|---|"
    yield from _keys(shape, "")
    yield ""


def _keys(shape: Shape, prefix: str) -> Iterator[str]:
    for column in shape.columns:
        yield f"| `{prefix}{column.name}` | {_kind(column)} | {_omission(shape, column)} |"
    for part in shape.parts:
        name = f"{prefix}{part.name}[]"
        if part.is_bare:
            yield f"| `{name}` | {_kind(part.columns[0])}, {part.own[0]} | no such parts |"
        else:
            yield f"| `{name}` | objects, parts: {part.table.name} | no such parts |"
            yield from _keys(part, f"{name}.")


def _kind(column: Column[Any]) -> str:
    if is_person(column):
        return "uuid of a person"
    if isinstance(column.type, Enum):
        return "one of " + ", ".join(f"`{value}`" for value in column.type.enums)
    for family, name in KINDS:
        if isinstance(column.type, family):
            return name
    length = getattr(column.type, "length", None)
    return f"text, at most {length}" if length else "text"


def _omission(shape: Shape, column: Column[Any]) -> str:
    """Say what a key that is left out means; nothing when it may not be left out."""
    if column.name.startswith(LAST):
        return "the last number among its parts"
    if column.name == "created_by":
        return "nobody; without `people.jsonl` whoever imports"
    if column.nullable:
        return "unknown or none"
    if column.name in {"id", "n"} and (column.name,) == shape.own[-1:]:
        return "its place in the file" if column.name == "id" else "its place in the list"
    return _default(column, FILLED.get((shape.table.name, column.name)))


def _default(column: Column[Any], filled: str | None) -> str:
    if filled is not None or column.default is None:
        return f"`{filled}`" if filled else ""
    if column.default.is_callable:
        return "the moment of the import" if column.name == "created_at" else "a new one"
    value = getattr(column.default, "arg", None)
    value = getattr(value, "value", value)
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def main(page: Path = PAGE) -> None:
    """Write the tables below the mark of the page."""
    text = page.read_text("utf-8")
    page.write_text(text[: text.index(MARK) + len(MARK)] + "\n" + described(), "utf-8")


if __name__ == "__main__":
    main()
