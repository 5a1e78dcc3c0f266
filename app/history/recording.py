"""The hook that records what a flush changes, and the bulk verbs that record themselves.

Tracked tables name their aggregate. They change only as ORM objects or through `insert_many` and
`delete_many`; any other statement on them is refused before it runs.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Delete,
    Insert,
    Update,
    delete,
    event,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.orm.attributes import get_history
from sqlalchemy.orm.base import PASSIVE_OFF

from app.db import Base, now, take_numbers
from app.history.models import Change, ChangeSet, Channel, Inference, Operation

RECORDED = "retroduce_recorded"
_COMPACT = json.JSONEncoder(separators=(",", ":"))
LEDGER = "retroduce_ledger"
Touched = dict[str, set[int]] | None
"""Numbers of the things a transaction changed in a review, by kind; null: maybe everything."""
BEFORE_COMMIT: list[Callable[[Session, int, Touched], None]] = []
"""What follows from the tables of a review, added by the packages that keep it; each is told once,
at the end of the transaction, what changed."""


@dataclass
class Ledger:
    """Who is writing in this session and why, and the change-sets opened so far."""

    actor_id: int | None = None
    channel: Channel = Channel.API
    reason: str | None = None
    inference: Inference | None = None
    request_id: str | None = None
    undoes: int | None = None
    change_sets: dict[int, int] = field(default_factory=dict)
    lines: int = 0
    touched: dict[int, Touched] = field(default_factory=dict)
    pending: list[tuple[Base, Operation, dict[str, Any] | None]] = field(default_factory=list)


def ledger(session: Session) -> Ledger:
    """Return the ledger of a session, opening one on first use."""
    found: Ledger = session.info.setdefault(LEDGER, Ledger())
    return found


def jsonable(value: object) -> object:
    """Return a column value as JSON can hold it; moments as ISO 8601."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def is_tracked(model: type[Base]) -> bool:
    """Say whether changes of a table are recorded."""
    return model.aggregate is not None


def tracked_columns(model: type[Base]) -> list[str]:
    """Name the columns whose changes are recorded and restored."""
    columns = model.__table__.columns
    return [column.key for column in columns if column.info.get("history", True)]


def row_key(row: Mapping[str, Any], model: type[Base]) -> str:
    """Return the key of a row without its review, as compact JSON."""
    return _COMPACT.encode([row[name] for name in _own_key(model)])


@cache
def _own_key(model: type[Base]) -> tuple[str, ...]:
    """Name the key columns of a table besides the review."""
    names = (str(column.key) for column in inspect(model).primary_key)
    return tuple(name for name in names if name != "review_id")


def _values(row: Base) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in type(row).__table__.columns}


def _line(
    model: type[Base], row: Mapping[str, Any], operation: Operation, before: dict[str, Any] | None
) -> dict[str, Any]:
    if model.aggregate is None:
        raise TypeError(f"{model.__tablename__} is not tracked")
    kind, number = model.aggregate
    return {
        "review_id": row["id"] if model.__tablename__ == "review" else row["review_id"],
        "table_name": model.__tablename__,
        "row_key": row_key(row, model),
        "operation": operation,
        "aggregate_kind": kind,
        "aggregate_id": row[number],
        "before": before,
    }


def _changed(row: Base) -> dict[str, Any]:
    before = {}
    for name in tracked_columns(type(row)):
        history = get_history(row, name, passive=PASSIVE_OFF)
        if history.has_changes():
            if not history.deleted:
                raise RuntimeError(f"{type(row).__name__}.{name} was set without being read")
            before[name] = jsonable(history.deleted[0])
    return before


def _collect(session: Session, _context: object, _instances: object) -> None:
    pending = ledger(session).pending
    for row in session.new:
        if isinstance(row, Base) and is_tracked(type(row)):
            pending.append((row, Operation.INSERT, None))
    for row in session.dirty:
        if isinstance(row, Base) and is_tracked(type(row)) and (before := _changed(row)):
            pending.append((row, Operation.UPDATE, before))
    for row in session.deleted:
        if isinstance(row, Base) and is_tracked(type(row)):
            before = {name: jsonable(value) for name, value in _values(row).items()}
            pending.append((row, Operation.DELETE, before))


def _write(session: Session, _context: object) -> None:
    book = ledger(session)
    lines = [_line(type(row), _key_of(row), op, before) for row, op, before in book.pending]
    book.pending.clear()
    _record(session, lines)


def _key_of(row: Base) -> dict[str, Any]:
    model = type(row)
    names = {str(column.key) for column in inspect(model).primary_key}
    if model.aggregate:
        names.add(model.aggregate[1])
    return {name: row.__dict__[name] for name in names}


def _record(session: Session, lines: Sequence[dict[str, Any]]) -> None:
    if not lines:
        return
    book = ledger(session)
    for n, line in enumerate(lines, start=book.lines + 1):
        line["change_set_id"] = change_set_id(session, line["review_id"])
        line["n"] = n
        touched = book.touched.setdefault(line["review_id"], {})
        if touched is not None:
            touched.setdefault(line["aggregate_kind"], set()).add(line["aggregate_id"])
    book.lines += len(lines)
    session.connection().execute(insert(Change), lines)


def touch_all(session: Session, review_id: int) -> None:
    """Say that a whole review was written past the ORM."""
    ledger(session).touched[review_id] = None


def change_set_id(session: Session, review_id: int) -> int:
    """Return the number of this session's change-set in a review, opening it on first use."""
    book = ledger(session)
    if review_id not in book.change_sets:
        number = take_numbers(session, review_id, "H")
        session.connection().execute(
            insert(ChangeSet).values(
                review_id=review_id,
                id=number,
                actor_id=book.actor_id,
                at=now(),
                channel=book.channel,
                reason=book.reason,
                inference=book.inference,
                undoes=book.undoes,
                request_id=book.request_id,
            )
        )
        book.change_sets[review_id] = number
    return book.change_sets[review_id]


def insert_many(session: Session, model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows of one table at once, recorded; numbers are taken by the caller, in a block."""
    if not rows:
        return
    table = Base.metadata.tables[model.__tablename__]
    session.execute(insert(table), rows, execution_options={RECORDED: True})
    _record(session, [_line(model, row, Operation.INSERT, None) for row in rows])


def record_inserts(session: Session, model: type[Base], rows: Iterable[Mapping[str, Any]]) -> None:
    """Record rows of one table that came in whole, past the ORM; each with its key and number."""
    _record(session, [_line(model, row, Operation.INSERT, None) for row in rows])


def update_many(
    session: Session, model: type[Base], where: Iterable[ColumnElement[bool]], **values: object
) -> int:
    """Set columns on all rows that match, recorded with what they were; return how many."""
    session.flush()
    conditions = list(where)
    tracked = set(tracked_columns(model))
    lines = []
    for row in session.execute(select(model.__table__).where(*conditions)).mappings():
        before = {k: jsonable(row[k]) for k in values.keys() & tracked if row[k] != values[k]}
        if before:
            lines.append(_line(model, dict(row), Operation.UPDATE, before))
    statement = update(model).where(*conditions).values(**values)
    session.execute(statement, execution_options={RECORDED: True})
    _record(session, lines)
    return len(lines)


def delete_many(session: Session, model: type[Base], where: Iterable[ColumnElement[bool]]) -> int:
    """Delete all rows that match, each kept whole in the history; return how many."""
    session.flush()
    conditions = list(where)
    lines = [
        _line(model, dict(row), Operation.DELETE, {k: jsonable(v) for k, v in row.items()})
        for row in session.execute(select(model.__table__).where(*conditions)).mappings()
    ]
    session.execute(delete(model).where(*conditions), execution_options={RECORDED: True})
    _record(session, lines)
    return len(lines)


def _refuse_unrecorded(state: ORMExecuteState) -> None:
    statement = state.statement
    if not isinstance(statement, Insert | Update | Delete):
        return
    if state.execution_options.get(RECORDED):
        return
    name = getattr(statement.table, "name", "")
    models = {m.class_.__tablename__: m.class_ for m in Base.registry.mappers}
    if name in models and is_tracked(models[name]):
        raise RuntimeError(f"{name} is tracked: change ORM objects or use insert_many, delete_many")


def _tell_followers(session: Session) -> None:
    """Tell what changed, before the transaction ends; what followers write is not told again."""
    session.flush()
    touched, ledger(session).touched = ledger(session).touched, {}
    for review_id, things in touched.items():
        for follower in BEFORE_COMMIT:
            follower(session, review_id, things)


def _forget(session: Session, transaction: Any) -> None:
    if transaction.parent is None:
        book = ledger(session)
        book.touched.clear()
        book.change_sets.clear()
        book.pending.clear()
        book.lines = 0


event.listen(Session, "before_flush", _collect)
event.listen(Session, "after_flush", _write)
event.listen(Session, "do_orm_execute", _refuse_unrecorded)
event.listen(Session, "before_commit", _tell_followers)
event.listen(Session, "after_transaction_end", _forget)
