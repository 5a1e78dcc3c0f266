"""Taking a change-set back: a new change-set that restores what each row was before."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import Integer, Table, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import KeyedColumnElement

from app.db import Base, UtcDateTime
from app.errors import ConflictError, NotFoundError, UndoConflictError
from app.history.models import Change, ChangeSet, Operation
from app.history.reading import (
    changes_of,
    changes_to,
    find_change_set,
    last_deletion,
    models,
    primary_key,
    root_of,
)
from app.history.recording import change_set_id, ledger, tracked_columns

AFTER_UNDO: list[Callable[[Session, int], None]] = []
"""Rules that no single row shows, added by the packages that own them; each raises if broken."""


@dataclass
class Net:
    """What one row was before a change-set, however often the change-set touched it."""

    model: type[Base]
    change: Change
    existed: bool
    values: dict[str, Any]


def undo(
    session: Session,
    review_id: int,
    number: int,
    aggregate: tuple[str, int] | None = None,
) -> int:
    """Take back a change-set, or only its part on one aggregate; return the new change-set.

    Raises `UndoConflictError` (409) naming rows and change-sets when later changes, not themselves
    taken back, touched the same rows.
    """
    find_change_set(session, review_id, number)
    changes = [
        change
        for change in changes_of(session, review_id, number)
        if aggregate in (None, (change.aggregate_kind, change.aggregate_id))
    ]
    if not changes:
        raise NotFoundError(f"H{number} changed nothing there; there is nothing to take back.")
    _refuse_if_it_made_the_review(changes)
    _refuse_if_touched_since(session, review_id, number, changes)
    ledger(session).undoes = number
    rows = _net(changes)
    _apply(session, review_id, rows)
    _bump(session, review_id, changes)
    session.flush()
    for check in AFTER_UNDO:
        check(session, review_id)
    return change_set_id(session, review_id)


def restore(session: Session, review_id: int, kind: str, number: int) -> int:
    """Bring a deleted aggregate back with its parts; return the new change-set."""
    deletion = last_deletion(session, review_id, kind, number)
    if deletion is None:
        raise NotFoundError(f"{kind}{number} was never deleted in this review.")
    return undo(session, review_id, deletion, (kind, number))


def _refuse_if_it_made_the_review(changes: Iterable[Change]) -> None:
    if any(c.table_name == "review" and c.operation is Operation.INSERT for c in changes):
        raise ConflictError("This made the review; delete the review instead of taking it back.")


def _net(changes: Iterable[Change]) -> list[Net]:
    found: dict[tuple[str, str], Net] = {}
    for change in changes:
        key = (change.table_name, change.row_key)
        if key not in found:
            existed = change.operation is not Operation.INSERT
            model = models()[change.table_name]
            found[key] = Net(model, change, existed, dict(change.before or {}))
        elif found[key].existed:
            found[key].values = dict(change.before or {}) | found[key].values
    return list(found.values())


def _cancelled(
    session: Session, review_id: int, after: int, later: Iterable[tuple[int, str, str]]
) -> set[tuple[int, str, str]]:
    """Return which of the later (change-set, table, row) were taken back, and by which.

    Row by row, since a change-set may be taken back in part.
    """
    undoing = select(ChangeSet.id, ChangeSet.undoes).where(
        ChangeSet.review_id == review_id, ChangeSet.id > after, ChangeSet.undoes > after
    )
    undoes = dict(session.execute(undoing).all())
    cancelled: set[tuple[int, str, str]] = set()
    for number, table, row in sorted(later, reverse=True):
        undone = undoes.get(number)
        if undone and (number, table, row) not in cancelled:
            cancelled |= {(number, table, row), (undone, table, row)}
    return cancelled


def _refuse_if_touched_since(
    session: Session, review_id: int, number: int, changes: Sequence[Change]
) -> None:
    touched = {(change.table_name, change.row_key) for change in changes}
    later = session.execute(
        select(
            Change.change_set_id,
            Change.table_name,
            Change.row_key,
            Change.aggregate_kind,
            Change.aggregate_id,
        ).where(Change.review_id == review_id, Change.change_set_id > number)
    ).all()
    ignored = _cancelled(session, review_id, number, ((c[0], c[1], c[2]) for c in later))
    blocking = [
        {"change_set": row[0], "table": row[1], "row": row[2], "of": f"{row[3]}{row[4]}"}
        for row in later
        if (row[1], row[2]) in touched and (row[0], row[1], row[2]) not in ignored
    ]
    if blocking:
        sets = sorted({f"H{b['change_set']}" for b in blocking})
        things = sorted({str(b["of"]) for b in blocking})
        raise UndoConflictError(
            f"{', '.join(things[:10])} changed again in {', '.join(sets[:10])}; "
            f"take those back first.",
            extra={"blocking": blocking[:100]},
        )


def _apply(session: Session, review_id: int, rows: Sequence[Net]) -> None:
    order = {table.name: i for i, table in enumerate(Base.metadata.sorted_tables)}
    rows = sorted(rows, key=lambda net: order[net.model.__tablename__])
    now_there = {
        id(net): session.get(net.model, primary_key(net.model, review_id, net.change.row_key))
        for net in rows
    }
    missing = [net for net in rows if net.existed and now_there[id(net)] is None]
    _raise_counters(session, review_id, missing)
    for batch in _batches(missing):
        for net in batch:
            session.add(net.model(**_typed(net)))
        session.flush()
    for net in rows:
        row = now_there[id(net)]
        if net.existed and row is not None:
            tracked = set(tracked_columns(net.model))
            for name, value in _typed(net).items():
                if name in tracked:
                    setattr(row, name, value)
    session.flush()
    for net in reversed(rows):
        row = now_there[id(net)]
        if not net.existed and row is not None:
            session.delete(row)
            session.flush()


def _raise_counters(session: Session, review_id: int, rows: Iterable[Net]) -> None:
    """Let versions and part counters go on from the most any deletion of the row saw."""
    by_table: dict[type[Base], dict[str, Net]] = {}
    for net in rows:
        by_table.setdefault(net.model, {})[net.change.row_key] = net
    for model, nets in by_table.items():
        columns = model.__table__.columns
        kept = set(tracked_columns(model))
        counters = [c.key for c in columns if c.key not in kept and isinstance(c.type, Integer)]
        if not counters:
            continue
        deletion = Change.operation == Operation.DELETE
        for change in changes_to(session, review_id, model.__tablename__, nets, deletion):
            values = nets[change.row_key].values
            seen = change.before or {}
            for name in counters:
                values[name] = max(values.get(name) or 0, seen.get(name) or 0)


def _batches(rows: Sequence[Net]) -> Iterable[list[Net]]:
    """Yield rows so that whatever a row points to, in its own table too, comes before it."""
    waiting = list(rows)
    while waiting:
        table = waiting[0].model.__table__
        same = [net for net in waiting if net.model.__table__ is table]
        ready = [net for net in same if not _parents(net, table) & _keys(same, net)] or same
        yield ready
        waiting = [net for net in waiting if net not in ready]


def _keys(rows: Sequence[Net], but: Net) -> set[tuple[Any, ...]]:
    names = [column.key for column in but.model.__table__.primary_key]
    return {tuple(net.values.get(name) for name in names) for net in rows if net is not but}


def _parents(net: Net, table: Any) -> set[tuple[Any, ...]]:
    """Return the keys of rows of the same table that a row points to."""
    if not isinstance(table, Table):
        return set()
    own = [key for key in table.foreign_key_constraints if key.referred_table is table]
    pointed = [{e.column.key: net.values.get(e.parent.key) for e in key.elements} for key in own]
    return {tuple(to.get(column.key) for column in table.primary_key) for to in pointed}


def _typed(net: Net) -> dict[str, Any]:
    columns = net.model.__table__.columns
    return {
        name: _from_json(columns[name], value)
        for name, value in net.values.items()
        if name in columns
    }


def _from_json(column: KeyedColumnElement[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, UtcDateTime):
        return datetime.fromisoformat(value)
    try:
        python = column.type.python_type
    except NotImplementedError:
        return value
    if issubclass(python, date):
        return date.fromisoformat(value)
    if issubclass(python, Enum):
        return python(value)
    return value


def _bump(session: Session, review_id: int, changes: Iterable[Change]) -> None:
    for kind, number in {(change.aggregate_kind, change.aggregate_id) for change in changes}:
        model = root_of(kind)
        key = (review_id, number) if model and model.__tablename__ != "review" else review_id
        row = session.get(model, key) if model else None
        if row is not None and hasattr(row, "version"):
            row.version += 1
