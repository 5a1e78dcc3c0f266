"""Taking a change-set back: a new change-set that restores what each row was before."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Integer, Table, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import KeyedColumnElement

from app.db import Base, UtcDateTime, now
from app.errors import ConflictError, NotFoundError, UndoConflictError
from app.history.lost import refuse_lost
from app.history.models import Change, ChangeSet, Operation
from app.history.reading import (
    changes_of,
    changes_to,
    find_change_set,
    last_deletion,
    models,
    root_of,
    rows_now,
)
from app.history.recording import change_set_id, ledger, tracked_columns
from app.history.taken import refuse_taken
from app.history.used import refuse_used

AFTER_UNDO: list[Callable[[Session, int], None]] = []
"""Rules that no single row shows, added by the packages that own them; each raises if broken."""


@dataclass
class Net:
    """What one row was before a change-set, however often the change-set touched it."""

    model: type[Base]
    change: Change
    existed: bool
    values: dict[str, Any]

    @property
    def row(self) -> tuple[type[Base], str]:
        """Return what tells the row from all others of the review."""
        return self.model, self.change.row_key


Key = tuple[Any, ...]
Values = Mapping[tuple[type[Base], str], Mapping[str, Any]]


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
    if _made_the_review(changes):
        _refuse_if_changed_since(session, review_id, number)
        return _undo_the_review(session, review_id, number)
    _refuse_if_touched_since(session, review_id, number, changes)
    ledger(session).undoes = number
    rows = _net(changes)
    _apply(session, review_id, number, rows)
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
    model = root_of(kind)
    if model and session.get(model, (review_id, number)):
        raise ConflictError(f"{kind}{number} is there; it was restored before.")
    return undo(session, review_id, deletion, (kind, number))


def _made_the_review(changes: Iterable[Change]) -> bool:
    return any(c.table_name == "review" and c.operation is Operation.INSERT for c in changes)


def _refuse_if_changed_since(session: Session, review_id: int, number: int) -> None:
    """Refuse while anything done in the review afterwards still stands."""
    rows = session.execute(
        select(Change.change_set_id, Change.table_name, Change.row_key).where(
            Change.review_id == review_id, Change.change_set_id > number
        )
    )
    later = {(row[0], row[1], row[2]) for row in rows}
    standing = sorted({row[0] for row in later - _cancelled(session, review_id, number, later)})
    if standing:
        sets = ", ".join(f"H{n}" for n in standing[:10])
        raise UndoConflictError(
            f"The review was worked on in {sets}{' and more' if standing[10:] else ''}; take those "
            "back first, or delete the review as a whole.",
            extra={"blocking": [{"change_set": n} for n in standing[:100]]},
        )


def _undo_the_review(session: Session, review_id: int, number: int) -> int:
    """Delete the review itself, as anybody would: hidden, whole, and restorable."""
    ledger(session).undoes = number
    review: Any = session.get_one(models()["review"], review_id)
    review.deleted_at = now()
    review.version += 1
    session.flush()
    return change_set_id(session, review_id)


def _net(changes: Iterable[Change]) -> list[Net]:
    found: dict[tuple[str, str], Net] = {}
    tables = models()
    for change in changes:
        key = (change.table_name, change.row_key)
        if key not in found:
            existed = change.operation is not Operation.INSERT
            model = tables[change.table_name]
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


def touched_since(
    session: Session, review_id: int, number: int, changes: Sequence[Change]
) -> list[dict[str, Any]]:
    """Return what later change-sets, not themselves taken back, did to the same rows."""
    touched: dict[str, dict[str, None]] = {}
    for change in changes:
        touched.setdefault(change.table_name, {})[change.row_key] = None
    since = Change.change_set_id > number
    later = sorted(
        (c.change_set_id, c.n, c.table_name, c.row_key, c.aggregate_kind, c.aggregate_id)
        for table, keys in touched.items()
        for c in changes_to(session, review_id, table, keys, since)
    )
    ignored = _cancelled(session, review_id, number, {(c[0], c[2], c[3]) for c in later})
    return [
        {"change_set": row[0], "table": row[2], "row": row[3], "of": f"{row[4]}{row[5]}"}
        for row in later
        if (row[0], row[2], row[3]) not in ignored
    ]


def _refuse_if_touched_since(
    session: Session, review_id: int, number: int, changes: Sequence[Change]
) -> None:
    blocking = touched_since(session, review_id, number, changes)
    if blocking:
        sets = sorted({f"H{b['change_set']}" for b in blocking})
        things = sorted({str(b["of"]) for b in blocking})
        raise UndoConflictError(
            f"{', '.join(things[:10])} changed again in {', '.join(sets[:10])}; "
            f"take those back first.",
            extra={"blocking": blocking[:100]},
        )


def _apply(session: Session, review_id: int, number: int, rows: Sequence[Net]) -> None:
    there = _rows_now(session, review_id, rows)
    missing = [net for net in rows if net.existed and net.row not in there]
    refuse_lost(session, review_id, _pointing(rows, there))
    refuse_taken(session, review_id, _coming(rows, there))
    _raise_counters(session, review_id, missing)
    for batch in _batches(missing, {net.row: net.values for net in missing}):
        session.add_all([net.model(**_typed(net)) for net in batch])
        session.flush()
    for net in rows:
        if net.existed and net.row in there:
            _set_back(there[net.row], net)
    session.flush()
    surplus = [net for net in rows if not net.existed and net.row in there]
    refuse_used(session, review_id, number, {net.row: there[net.row] for net in surplus})
    values = {net.row: vars(there[net.row]) for net in surplus}
    for batch in reversed(list(_batches(surplus, values))):
        for net in batch:
            session.delete(there[net.row])
        session.flush()


def _rows_now(
    session: Session, review_id: int, rows: Iterable[Net]
) -> dict[tuple[type[Base], str], Base]:
    """Return those of the rows that are there, a few queries per table."""
    keys: dict[type[Base], list[str]] = {}
    for net in rows:
        keys.setdefault(net.model, []).append(net.change.row_key)
    return {
        (model, key): row
        for model, wanted in keys.items()
        for key, row in rows_now(session, model, review_id, wanted).items()
    }


def _pointing(
    rows: Iterable[Net], there: Mapping[tuple[type[Base], str], Base]
) -> dict[tuple[type[Base], str], dict[str, Any]]:
    """Return the rows, as they will be, that come back or point elsewhere than now."""
    found = {}
    for net in rows:
        row = there.get(net.row)
        is_turned = any(net.model.__table__.columns[n].foreign_keys for n in net.values)
        if net.existed and (row is None or is_turned):
            found[net.row] = {**(vars(row) if row else {}), **net.values}
    return found


def _coming(
    rows: Iterable[Net], there: Mapping[tuple[type[Base], str], Base]
) -> dict[tuple[type[Base], str], dict[str, Any]]:
    """Return the rows as they will be, their values typed."""
    return {
        net.row: {**(vars(there[net.row]) if net.row in there else {}), **_typed(net)}
        for net in rows
        if net.existed
    }


def _set_back(row: Base, net: Net) -> None:
    tracked = set(tracked_columns(net.model))
    for name, value in _typed(net).items():
        if name in tracked:
            setattr(row, name, value)


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


def _batches(rows: Iterable[Net], values: Values) -> Iterator[list[Net]]:
    """Yield rows so that whatever a row points to, in its own table too, comes before it."""
    by_table: dict[str, list[Net]] = {}
    for net in rows:
        by_table.setdefault(net.model.__tablename__, []).append(net)
    for table in Base.metadata.sorted_tables:
        if table.name in by_table:
            yield from _layers(by_table[table.name], table, values)


def _layers(rows: Sequence[Net], table: Table, values: Values) -> Iterator[list[Net]]:
    """Yield rows of one table from the top down; those in a ring last, all at once."""
    own = [key for key in table.foreign_key_constraints if key.referred_table is table]
    names = [column.key for column in table.primary_key]
    by_key = {tuple(values[net.row].get(name) for name in names): net for net in rows}
    above: dict[Key, set[Key]] = {}
    below: dict[Key, list[Key]] = {}
    for key, net in by_key.items():
        parents = {_pointed(values[net.row], reference, names) for reference in own}
        above[key] = (parents & by_key.keys()) - {key}
        for parent in above[key]:
            below.setdefault(parent, []).append(key)
    layer = [key for key, parents in above.items() if not parents]
    while layer:
        yield [by_key[key] for key in layer]
        following = []
        for key in layer:
            del above[key]
            for child in below.get(key, ()):
                above[child].discard(key)
                if not above[child]:
                    following.append(child)
        layer = following
    if above:
        yield [by_key[key] for key in above]


def _pointed(values: Mapping[str, Any], key: ForeignKeyConstraint, names: Sequence[str]) -> Key:
    """Return the key of the row that a row points to."""
    to = {element.column.key: values.get(element.parent.key) for element in key.elements}
    return tuple(to.get(name) for name in names)


def _typed(net: Net) -> dict[str, Any]:
    columns = net.model.__table__.columns
    return {
        name: from_json(columns[name], value)
        for name, value in net.values.items()
        if name in columns
    }


def from_json(column: KeyedColumnElement[Any], value: Any) -> Any:
    """Return a recorded value as its column takes it: moments, days and words of a vocabulary."""
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
    numbers: dict[str, dict[str, None]] = {}
    for change in changes:
        numbers.setdefault(change.aggregate_kind, {})[f"[{change.aggregate_id}]"] = None
    for kind, keys in numbers.items():
        model = root_of(kind)
        if model is not None and hasattr(model, "version"):
            for row in rows_now(session, model, review_id, keys).values():
                row.version += 1
