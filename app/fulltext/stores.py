"""The index itself, which each store keeps in its own way, over the same words.

SQLite: `text_index`, an FTS5 table without content of its own, whose row numbers carry review and
kind, so that a question reads only its own stretch. PostgreSQL: a column `vector` of `text_entry`
with a GIN index, made from our words and their places, past PostgreSQL's own parser.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    MetaData,
    Table,
    Text,
    delete,
    insert,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Session

from app.db import Base
from app.fulltext.models import KINDS, TextEntry, TextKind

ENTRY_BITS = 36
KIND_BITS = 3
FIELDS = ("title", "names", "body", "marks")
ENTRY = Base.metadata.tables[TextEntry.__tablename__]
SQLITE_INDEX = Table(
    "text_index",
    MetaData(),
    Column("text_index", Text),
    Column("rank", Text),
    Column("rowid", BigInteger),
    *(Column(name, Text) for name in FIELDS),
)
"""As FTS5 shows it; the column of its own name takes commands."""
POSTGRESQL_ENTRY = Table(
    TextEntry.__tablename__,
    MetaData(),
    *(Column(column.name, column.type) for column in ENTRY.columns),
    Column("vector", TSVECTOR),
)
"""As PostgreSQL has it, with its vector."""
WEIGHTS = dict(zip(FIELDS, "ABCD", strict=True))
"""The letters by which a vector tells the fields apart."""
GAP = 10
"""Places between fields, so that no phrase runs over."""


def is_sqlite(session: Session) -> bool:
    """Say which of the two stores this is."""
    return session.get_bind().dialect.name == "sqlite"


def first_row(review_id: int, kind: TextKind) -> int:
    """Return the row number before the first entry of a kind in a review, on SQLite."""
    return ((review_id << KIND_BITS) + KINDS.index(kind)) << ENTRY_BITS


def review_mark(review_id: int) -> str:
    """Return the word by which a vector names its review, since a GIN index has no first column."""
    return f"r:{review_id}"


def _within(review_id: int, kind: TextKind, places: Sequence[int]) -> list[ColumnElement[bool]]:
    columns = ENTRY.columns
    return [
        columns.review_id == review_id,
        columns.kind == kind.value,
        columns.entry.in_(places),
    ]


def add_entries(
    session: Session, review_id: int, kind: TextKind, rows: Sequence[dict[str, Any]]
) -> None:
    """Write entries of one kind, whole rows, and their index."""
    if not is_sqlite(session):
        session.execute(insert(POSTGRESQL_ENTRY), [{**row, "vector": vector(row)} for row in rows])
        return
    session.execute(insert(ENTRY), rows)
    # in the order of row numbers, for FTS5 writes out what it gathered when they fall
    places = [row["entry"] for row in rows]
    _command(session, review_id, kind, places, delete=False)


def remove_entries(session: Session, review_id: int, kind: TextKind, places: Sequence[int]) -> None:
    """Delete entries of one kind from the index, which must be told what they hold, and rows."""
    if is_sqlite(session):
        _command(session, review_id, kind, places, delete=True)
    session.execute(delete(ENTRY).where(*_within(review_id, kind, places)))


def _command(
    session: Session, review_id: int, kind: TextKind, places: Sequence[int], *, delete: bool
) -> None:
    columns = ENTRY.columns
    command = [literal("delete")] if delete else []
    row = literal(first_row(review_id, kind), BigInteger) + columns.entry
    values = select(*command, row, *(columns[name] for name in FIELDS))
    session.execute(
        insert(SQLITE_INDEX).from_select(
            [*(["text_index"] if delete else []), "rowid", *FIELDS],
            values.where(*_within(review_id, kind, places)).order_by(columns.entry),
        )
    )


def remove_everything(session: Session) -> None:
    """Empty the index of all reviews, even one that does not fit its rows."""
    if is_sqlite(session):
        session.execute(insert(SQLITE_INDEX).values(text_index="delete-all"))
    session.execute(delete(ENTRY))


def vector(row: Mapping[str, Any]) -> str:
    """Write the words of an entry as a `tsvector`: each with its places and the field's letter."""
    places: dict[str, list[str]] = {review_mark(row["review_id"]): []}
    at = 0
    for name, weight in WEIGHTS.items():
        for word in row[name].split():
            at += 1
            places.setdefault(word, []).append(f"{at}{weight}")
        at += GAP
    return " ".join(
        f"'{word}':{','.join(found)}" if found else f"'{word}'" for word, found in places.items()
    )
