"""Writing a staged archive into the database: one statement per table, in one transaction.

The rows go around the ORM, since a review may have hundreds of thousands; their history comes with
them, or is recorded here when the archive has none.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import JSON, Column, Connection, Table, insert
from sqlalchemy.orm import Session

from app.access.models import Review
from app.db import UtcDateTime
from app.exchange.archive.checking import IMPORTER, Stage, staged_columns
from app.exchange.archive.lines import encode
from app.exchange.archive.past import SEAT
from app.exchange.archive.shape import is_person
from app.history.models import Change
from app.migrations import metadata

BATCH_BYTES = 4 << 20
BATCH_ROWS = 5_000
Row = list[Any]
SizedRow = tuple[Row, int]
"""A row and the bytes it took where it was staged."""
Convert = Callable[[Any], Any]


class Takes(Protocol):
    """Writes rows into a table."""

    def __call__(self, table: Table, names: Sequence[str], rows: Iterable[SizedRow]) -> None:
        """Write rows whose values stand in the order of the names."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where rows go: the review's number here, and the users behind the uuids."""

    review_id: int
    users: Mapping[str, int]


def write_rows(session: Session, stage: Stage, target: Target, tables: Iterable[str]) -> None:
    """Write the staged rows of some tables, in the order of their references."""
    wanted = set(tables)
    connection = defer_references(session)
    is_postgresql = connection.dialect.name == "postgresql"
    take = _copying(connection) if is_postgresql else _in_batches(connection)
    for table in metadata().sorted_tables:
        if table.name in wanted and stage.counts.get(table.name):
            columns = staged_columns(table)
            names = ["review_id", *(column.name for column in columns)]
            take(table, names, _filled(table, stage.rows(table.name), target, connection))


def defer_references(session: Session) -> Connection:
    """Let SQLite check references at the end of the transaction only; PostgreSQL cannot."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    return connection


def _filled(
    table: Table, rows: Iterator[SizedRow], target: Target, connection: Connection
) -> Iterator[SizedRow]:
    """Yield rows as this store and installation hold them: the review, people, moments, JSON."""
    is_sqlite, is_change = connection.dialect.name == "sqlite", table.name == Change.__tablename__
    converted = [
        (at, convert)
        for at, column in enumerate(staged_columns(table))
        if (convert := _converter(column, target, is_sqlite=is_sqlite))
    ]
    for row, size in rows:
        if is_change:
            _at_home(row, target)
        for at, convert in converted:
            if row[at] is not None:
                row[at] = convert(row[at])
        yield [target.review_id, *row], size


def _converter(column: Column[Any], target: Target, *, is_sqlite: bool) -> Convert | None:
    if is_person(column):
        return target.users.__getitem__
    if isinstance(column.type, JSON):
        return encode_text
    if isinstance(column.type, UtcDateTime) and is_sqlite:
        return _as_sqlite
    return None


def encode_text(value: object) -> str:
    """Return a structure as JSON text."""
    return encode(value).decode()


def _as_sqlite(moment: str) -> str:
    return f"{moment[:10]} {moment[11:26]}"


def _at_home(row: Row, target: Target) -> None:
    """Give a change the numbers of this installation: of people, and of the review itself."""
    [_, _, table, key, _, kind, number, before] = row
    if table == SEAT:
        key = [target.users[key[0]]]
    if table == Review.__tablename__:
        key = [target.review_id]
    row[3] = json.dumps(key, separators=(",", ":"))
    row[6] = target.review_id if kind == "review" else number
    if before is None:
        return
    for column in metadata().tables[table].columns:
        if is_person(column) and before.get(column.name) is not None:
            before[column.name] = target.users[before[column.name]]
    if row[4] == "delete" and "review_id" in metadata().tables[table].columns:
        before["review_id"] = target.review_id


def _in_batches(connection: Connection) -> Takes:
    """Write by executemany; references within a table are checked at the end of the transaction."""

    def take(table: Table, names: Sequence[str], rows: Iterable[SizedRow]) -> None:
        statement = str(
            insert(table).values(dict.fromkeys(names)).compile(dialect=connection.dialect)
        )
        for batch in _batches(rows):
            connection.exec_driver_sql(statement, list(map(tuple, batch)))

    return take


def _batches(rows: Iterable[SizedRow]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    size = 0
    for row, row_size in rows:
        batch.append(row)
        size += row_size
        if len(batch) >= BATCH_ROWS or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _copying(connection: Connection) -> Takes:
    """Write by COPY: one statement a table, so that its rows may refer to one another."""
    from psycopg import Connection as PostgresqlConnection

    driver = connection.connection.driver_connection
    if not isinstance(driver, PostgresqlConnection):
        raise TypeError("PostgreSQL is reached through psycopg")

    def take(table: Table, names: Sequence[str], rows: Iterable[SizedRow]) -> None:
        quoted = ", ".join(f'"{name}"' for name in names)
        statement = f'COPY "{table.name}" ({quoted}) FROM STDIN'
        with driver.cursor() as cursor, cursor.copy(statement.encode()) as copy:
            for row, _ in rows:
                copy.write_row(row)

    return take


def users_of(importer: int, known: Mapping[str, int]) -> dict[str, int]:
    """Return the users by the names that staged rows have for them."""
    return {**known, IMPORTER: importer}
