"""Taking what an archive has into the review it is of: one change-set that can be taken back.

Things keep their numbers. Settings and members stay as they are here, and what only is here stays.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Table, select, update
from sqlalchemy.orm import Session

from app.access.models import Review, UserAccount
from app.db import Base, Counter, UtcDateTime
from app.errors import ArchiveConflictError
from app.exchange.archive.checking import LAST
from app.exchange.archive.comparing import (
    MOST_LISTED,
    PROVENANCE,
    Comparison,
    Verdict,
    compare,
    letter,
)
from app.exchange.archive.importing import find_people
from app.exchange.archive.lines import Key, Line
from app.exchange.archive.shape import Shape, is_person, roots
from app.exchange.archive.staging import Staged
from app.exchange.archive.writing import defer_references, users_of
from app.history.models import Channel
from app.history.reading import models
from app.history.recording import (
    delete_many,
    insert_many,
    jsonable,
    ledger,
    tracked_columns,
    update_many,
)
from app.history.undoing import AFTER_UNDO, from_json
from app.migrations import metadata

Rows = dict[Key, dict[str, Any]]


class OnConflict(StrEnum):
    """What to do with things changed on both sides."""

    REFUSE = "refuse"
    KEEP = "keep"
    TAKE = "take"


@dataclass
class Steps:
    """What has to be written, by table."""

    inserted: dict[str, list[dict[str, Any]]]
    updated: dict[str, list[tuple[Key, dict[str, Any]]]]
    deleted: dict[str, list[Key]]


def update_review(
    session: Session,
    review: Review,
    staged: Staged,
    importer: UserAccount,
    on_conflict: OnConflict = OnConflict.REFUSE,
) -> Comparison:
    """Take what is new or changed; raises `ArchiveConflictError` (409) unless told what to do.

    The caller holds the lock on the review and has kept the documents.
    """
    comparison = compare(session, review.id, staged)
    if comparison.conflicts and on_conflict is OnConflict.REFUSE:
        raise conflict(staged, comparison)
    book = ledger(session)
    book.actor_id, book.channel, book.reason = importer.id, Channel.IMPORT, f"archive {staged.name}"
    taken = [Verdict.NEW, Verdict.CHANGED]
    taken += [Verdict.CONFLICT] if on_conflict is OnConflict.TAKE else []
    users = users_of(importer.id, find_people(session, staged))
    steps = Steps({}, {}, {})
    for shape in roots():
        wanted = {number for verdict in taken for number in comparison.of(shape, verdict)}
        if wanted:
            _plan(session, review.id, shape, _wanted(staged, shape, wanted), (users, steps))
    defer_references(session)
    _carry_out(session, review.id, steps)
    _raise_counters(session, review.id, staged)
    for check in AFTER_UNDO:
        check(session, review.id)
    return comparison


def conflict(staged: Staged, comparison: Comparison) -> ArchiveConflictError:
    """Return the error that lists what was changed on both sides."""
    named = ", ".join(comparison.conflicts[:10])
    return ArchiveConflictError(
        f"{named} changed here and in {staged.name} since H{comparison.base}; import with "
        "--on-conflict keep to keep what is here, or take to take what is in the archive "
        "(`on_conflict` in the request).",
        extra={"conflicts": comparison.conflicts[:MOST_LISTED]},
    )


def _wanted(staged: Staged, shape: Shape, numbers: set[int]) -> Iterator[Line]:
    for row in staged.lines(shape):
        if row["id"] in numbers:
            yield row


def _plan(
    session: Session,
    review_id: int,
    shape: Shape,
    lines: Iterator[Line],
    into: tuple[Mapping[str, int], Steps],
) -> None:
    users, steps = into
    for line in lines:
        for one in shape.all():
            key = (*one.given, *one.own)
            rows = [row for row in _flat(shape, line) if row[""] is one]
            there = {tuple(row[name] for name in key): row for row in rows}
            here = _rows(session, review_id, one, line["id"])
            _plan_table(one, here, there, (review_id, users, steps))


def _flat(shape: Shape, row: Line) -> Iterator[dict[str, Any]]:
    """Yield a thing and all its parts as rows, each with its shape under the empty name."""
    yield {**{c.name: row[c.name] for c in shape.table.columns if c.name in row}, "": shape}
    for part in shape.parts:
        for inner in row[part.name]:
            yield from _flat(part, inner)


def _rows(session: Session, review_id: int, shape: Shape, number: int) -> Rows:
    columns = shape.table.c
    key = (*shape.given, *shape.own)
    found = session.execute(
        select(shape.table).where(columns.review_id == review_id, columns[key[0]] == number)
    ).mappings()
    return {tuple(row[name] for name in key): dict(row) for row in found}


def _plan_table(
    shape: Shape, here: Rows, there: Rows, into: tuple[int, Mapping[str, int], Steps]
) -> None:
    review_id, users, steps = into
    name = shape.table.name
    for key, row in there.items():
        typed = {"review_id": review_id} | _typed(shape.table, row, users)
        if key not in here:
            steps.inserted.setdefault(name, []).append(typed)
        else:
            changed = _differences(models()[name], here[key], typed)
            if changed or not shape.given:
                steps.updated.setdefault(name, []).append((key, changed))
    steps.deleted.setdefault(name, []).extend(here.keys() - there.keys())


def _typed(table: Table, row: Mapping[str, Any], users: Mapping[str, int]) -> dict[str, Any]:
    typed = {}
    for column in table.columns:
        if column.name not in row:
            continue
        value = row[column.name]
        if value is not None and is_person(column):
            value = users[value]
        elif value is not None and isinstance(column.type, UtcDateTime):
            value = datetime.fromisoformat(value)
        else:
            value = from_json(column, value)
        typed[column.name] = value
    return typed


def _differences(model: type[Base], here: dict[str, Any], there: dict[str, Any]) -> dict[str, Any]:
    tracked = set(tracked_columns(model)) - PROVENANCE
    changed = {
        name: value
        for name, value in there.items()
        if name in tracked and jsonable(here[name]) != jsonable(value)
    }
    counters = {name for name in there if name.startswith(LAST)}
    return changed | {name: there[name] for name in counters if there[name] > here[name]}


def _carry_out(session: Session, review_id: int, steps: Steps) -> None:
    tables = metadata().sorted_tables
    for table in tables:
        rows = parents_first(table, steps.inserted.get(table.name, []))
        insert_many(session, models()[table.name], rows)
    for table in tables:
        model = models()[table.name]
        for key, values in steps.updated.get(table.name, []):
            version = {"version": table.c.version + 1} if "version" in table.c else {}
            if values or version:
                update_many(session, model, _at(table, review_id, key), **values, **version)
    for table in reversed(tables):
        for key in steps.deleted.get(table.name, []):
            delete_many(session, models()[table.name], _at(table, review_id, key))


def _at(table: Table, review_id: int, key: Key) -> list[ColumnElement[bool]]:
    names = [column.name for column in table.primary_key if column.name != "review_id"]
    return [
        table.c.review_id == review_id,
        *(table.c[name] == value for name, value in zip(names, key, strict=True)),
    ]


def parents_first(table: Table, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows so that those a row refers to within its table come before it."""
    names = [column.name for column in table.primary_key]
    own = [key for key in table.foreign_key_constraints if key.referred_table is table]
    left = {tuple(row[name] for name in names): row for row in rows}
    placed: list[dict[str, Any]] = []
    while left:
        ready = [
            key
            for key, row in left.items()
            if not any(
                (target := tuple(row[e.parent.name] for e in one.elements)) in left
                and target != key
                for one in own
            )
        ] or list(left)
        placed += [left.pop(key) for key in ready]
    return placed


def _raise_counters(session: Session, review_id: int, staged: Staged) -> None:
    for shape in roots():
        kind, wanted = letter(shape), staged.counters.get(letter(shape), 0)
        found = session.get(Counter, (review_id, kind))
        if found is None and wanted:
            session.add(Counter(review_id=review_id, kind=kind, value=wanted))
        elif found is not None and found.value < wanted:
            session.execute(
                update(Counter)
                .where(Counter.review_id == review_id, Counter.kind == kind)
                .values(value=wanted)
            )
    session.flush()
