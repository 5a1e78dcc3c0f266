"""Rows of the database as lines of an archive: one thing with all its parts, keys sorted."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import orjson
from sqlalchemy import (
    Column,
    ColumnElement,
    Date,
    DateTime,
    Dialect,
    Enum,
    String,
    TypeDecorator,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from app.access.models import UserAccount
from app.db import UtcDateTime
from app.exchange.archive.shape import Shape, is_person

CHUNK = 500
"""Things read at once, with their parts."""
AT_ONCE = 2_000
"""Rows fetched at once."""
Line = dict[str, Any]
Key = tuple[Any, ...]


def moment(value: datetime) -> str:
    """Return a moment as archives write it: UTC, always with microseconds, and Z."""
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def encode(line: object) -> bytes:
    """Return a value as compact JSON with sorted keys, in UTF-8."""
    return orjson.dumps(line, option=orjson.OPT_SORT_KEYS)


class People:
    """Users as archives name them, by uuid; remembers who was mentioned."""

    def __init__(self, session: Session) -> None:
        rows = session.execute(select(UserAccount.id, UserAccount.uuid, UserAccount.name))
        self._known = {number: (uuid, name) for number, uuid, name in rows}
        self.mentioned: set[int] = set()

    def uuid(self, number: int) -> str:
        """Return the uuid of a user and note that an archive mentions them."""
        self.mentioned.add(number)
        return self._known[number][0]

    def lines(self) -> list[Line]:
        """Return everybody mentioned, by uuid; never an e-mail address."""
        found = [dict(zip(("uuid", "name"), self._known[n], strict=True)) for n in self.mentioned]
        return sorted(found, key=lambda line: line["uuid"])


class Reader:
    """Reads rows of one shape as parts of lines."""

    def __init__(self, shape: Shape, people: People) -> None:
        self.shape = shape
        self._names = [column.name for column in shape.columns]
        self._written = [
            (column.name, write)
            for column in shape.columns
            if (write := _writer(column, people)) is not None
        ]
        self._parts = [Reader(part, people) for part in shape.parts]
        keys = [shape.table.c[name] for name in (*shape.given, *shape.own)]
        self._columns = [*keys, *map(_selected, shape.columns)]
        self._width = len(keys)

    def rows(self, session: Session, *conditions: Any) -> Iterator[tuple[Key, Any]]:
        """Yield key and line of rows without their parts, in the order of their key."""
        order = self._columns[: self._width]
        statement = select(*self._columns).where(*conditions).order_by(*order)
        width, names, written = self._width, self._names, self._written
        found = map(tuple, session.execute(statement.execution_options(yield_per=AT_ONCE)))
        if self.shape.is_bare:
            yield from ((row[:width], row[width]) for row in found)
            return
        for row in found:
            line = {n: v for n, v in zip(names, row[width:], strict=True) if v is not None}
            for name, write in written:
                if name in line:
                    line[name] = write(line[name])
            yield row[:width], line

    def lines(self, session: Session, review_id: int, first: int, last: int) -> dict[Key, Line]:
        """Return the rows of the things numbered first to last, with their parts, by key."""
        columns = self.shape.table.c
        number = columns[(*self.shape.given, *self.shape.own)[0]]
        found = dict(
            self.rows(session, columns.review_id == review_id, number.between(first, last))
        )
        if found:
            self._fill(session, found, (review_id, first, last))
        return found

    def _fill(
        self, session: Session, found: Mapping[Key, Line], span: tuple[int, int, int]
    ) -> None:
        for part in self._parts:
            width, name = len(part.shape.given), part.shape.name
            for key, line in part.lines(session, *span).items():
                found[key[:width]].setdefault(name, []).append(line)


def _selected(column: Column[Any]) -> ColumnElement[Any]:
    """Read words and moments as they are stored, where that is text: the same, and faster."""
    if isinstance(column.type, Enum):
        return type_coerce(column, String())
    if isinstance(column.type, UtcDateTime):
        return type_coerce(column, AsStored())
    return column


class AsStored(TypeDecorator[Any]):
    """A moment as the driver gives it: text from SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Let SQLite's text through."""
        return dialect.type_descriptor(String() if dialect.name == "sqlite" else self.impl_instance)


def _moment_as_stored(value: Any) -> str:
    return f"{value[:10]}T{value[11:]}Z" if isinstance(value, str) else moment(value)


def _writer(column: Column[Any], people: People) -> Callable[[Any], object] | None:
    if is_person(column):
        return people.uuid
    if isinstance(column.type, UtcDateTime):
        return _moment_as_stored
    return date.isoformat if isinstance(column.type, Date) else None


def root_lines(
    session: Session, review_id: int, shape: Shape, people: People
) -> Iterator[Sequence[Line]]:
    """Yield the lines of a file, some hundred at a time, in the order of their numbers."""
    reader = Reader(shape, people)
    number, after = shape.table.c.id, 0
    while True:
        page = (
            select(number)
            .where(shape.table.c.review_id == review_id, number > after)
            .order_by(number)
            .limit(CHUNK)
        )
        numbers = session.scalars(page).all()
        if not numbers:
            return
        yield list(reader.lines(session, review_id, numbers[0], numbers[-1]).values())
        after = numbers[-1]
