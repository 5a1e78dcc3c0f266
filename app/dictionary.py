"""The data dictionary: every table and column as the models describe them, in Markdown.

`python -m app.dictionary` writes `docs/data-dictionary.md`; a test keeps it current.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, Enum, Float, Integer, Table

from app.config import PACKAGE
from app.db import Base, UtcDateTime
from app.history.reading import models
from app.migrations import metadata

TARGET = PACKAGE.parent / "docs" / "data-dictionary.md"
OPENING = """\
# Data dictionary

Every table and column, written by `python -m app.dictionary` from the models; do not edit.
`review_id` is the review that owns a row: it comes first in every key of what a review owns, and
every reference (→) between such tables carries it. *Kind* is the letter under which history and
people cite a thing: C17 is the configuration with number 17; parts are kept with their whole.
"""
TYPES = (
    (UtcDateTime, "moment (UTC)"),
    (JSON, "JSON"),
    (Boolean, "yes or no"),
    (Date, "date"),
    (Float, "number"),
    (Integer, "whole number"),
)


def data_dictionary() -> str:
    """Return the whole dictionary, tables by name."""
    tables = sorted(metadata().tables.values(), key=lambda table: table.name)
    contents = " · ".join(f"[{table.name}](#{table.name})" for table in tables)
    sections = ("\n".join(_section(table)) for table in tables)
    return "\n".join([OPENING, contents, "", *sections])


def _section(table: Table) -> Iterator[str]:
    model = models()[table.name]
    yield f"## {table.name}"
    yield ""
    yield " ".join((model.__doc__ or "").split())
    yield ""
    yield f"Key: {', '.join(f'`{column.name}`' for column in table.primary_key)}.{_kind(model)}"
    yield ""
    yield "| column | type | may be empty | meaning |"
    yield "|---|---|---|---|"
    for column in table.columns:
        empty = "yes" if column.nullable else ""
        yield f"| `{column.name}` | {_type(column)} | {empty} | {_meaning(table, column)} |"
    yield ""


def _kind(model: type[Base]) -> str:
    if model.aggregate is None:
        return ""
    kind, number = model.aggregate
    return f" Kind: {kind}." if number == "id" else f" Part of: {kind}, by `{number}`."


def _type(column: Column[Any]) -> str:
    for family, name in TYPES:
        if isinstance(column.type, family):
            return name
    length = getattr(column.type, "length", None)
    return f"text, at most {length}" if length and not isinstance(column.type, Enum) else "text"


def _meaning(table: Table, column: Column[Any]) -> str:
    parts = [" ".join(column.doc.split())] if column.doc else []
    targets = sorted(
        {
            key.referred_table.name
            for key in table.foreign_key_constraints
            if key.elements[-1].parent is column
        }
    )
    parts += [f"→ {', '.join(f'[{name}](#{name})' for name in targets)}"] if targets else []
    if isinstance(column.type, Enum):
        parts.append("one of " + ", ".join(f"`{value}`" for value in column.type.enums))
    return "; ".join(parts).replace("|", "\\|")


def main(target: Path = TARGET) -> None:
    """Write the dictionary where the documentation is."""
    target.write_text(data_dictionary())


if __name__ == "__main__":
    main()
