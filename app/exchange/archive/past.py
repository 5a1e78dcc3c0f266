"""The history of a review as lines, without what is of this installation alone.

A review that came here by an archive has an *arrival*: the change-set of channel `import` that
inserted the review's own row. It tells who brought the review here and gives that person a seat. It
stays here: neither it nor the seat it gave is written out, so that what comes in goes out the same.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.access.models import Membership, Review
from app.db import Base
from app.exchange.archive.lines import Line, People, Reader
from app.exchange.archive.shape import CHANGE_SETS, CHANGES, flat, is_person
from app.history.models import Change, ChangeSet, Channel, Operation
from app.history.reading import models

AT_ONCE = 2_000
SEAT = Membership.__tablename__


@dataclass(frozen=True, slots=True)
class Arrival:
    """The change-set by which a review came here, if it did, and the seats it gave."""

    number: int | None
    seats: dict[int, Change]


def find_arrival(session: Session, review_id: int) -> Arrival:
    """Return how a review came here, and which seats only that gave."""
    number = session.scalar(
        select(ChangeSet.id)
        .join(
            Change,
            (Change.review_id == ChangeSet.review_id) & (Change.change_set_id == ChangeSet.id),
        )
        .where(
            ChangeSet.review_id == review_id,
            ChangeSet.channel == Channel.IMPORT,
            Change.table_name == Review.__tablename__,
            Change.operation == Operation.INSERT,
        )
        .limit(1)
    )
    if number is None:
        return Arrival(None, {})
    seats = select(Change).where(
        Change.review_id == review_id,
        Change.table_name == SEAT,
        Change.change_set_id >= number,
    )
    given: dict[int, Change] = {}
    for change in session.scalars(seats.order_by(Change.change_set_id, Change.n)):
        [person] = json.loads(change.row_key)
        if change.change_set_id == number:
            given[person] = change
        else:
            given.pop(person, None)  # changed since: no longer the arrival's doing
    return Arrival(number, given)


def member_lines(session: Session, review_id: int, people: People, arrival: Arrival) -> list[Line]:
    """Return the seats of a review, by the person's uuid, as they were before the arrival."""
    found = []
    seats = select(Membership.user_id, Membership.role).where(Membership.review_id == review_id)
    for person, role in session.execute(seats):
        change = arrival.seats.get(person)
        if change is None:
            found.append({"user_id": people.uuid(person), "role": role})
        elif change.before:
            found.append({"user_id": people.uuid(person), "role": change.before["role"]})
    return sorted(found, key=lambda line: str(line["user_id"]))


def change_set_lines(
    session: Session, review_id: int, people: People, arrival: Arrival
) -> Iterator[Line]:
    """Yield the change-sets in their order."""
    own = flat()[CHANGE_SETS].table.c
    rows = Reader(flat()[CHANGE_SETS], people).rows(
        session, own.review_id == review_id, own.id != (arrival.number or 0)
    )
    for _, line in rows:
        yield line


def change_lines(
    session: Session, review_id: int, people: People, arrival: Arrival
) -> Iterator[Line]:
    """Yield the changes in their order; keys as lists, people by uuid, the review by no number."""
    columns = flat()[CHANGES].table.columns
    persons = person_columns()
    statement = (
        select(*(column for column in columns if column.name != "review_id"))
        .where(columns.review_id == review_id, columns.change_set_id != (arrival.number or 0))
        .order_by(columns.change_set_id, columns.n)
        .execution_options(yield_per=AT_ONCE)
    )
    for row in session.execute(statement):
        yield _change(row, people, persons)


def person_columns() -> dict[str, Sequence[str]]:
    """Name the columns of each table that hold a user."""
    return {
        name: [column.name for column in Base.metadata.tables[name].columns if is_person(column)]
        for name in models()
    }


def _change(row: Row[Any], people: People, persons: dict[str, Sequence[str]]) -> Line:
    line = {name: value for name, value in row._asdict().items() if value is not None}
    table, key = row.table_name, json.loads(row.row_key)
    if table == SEAT:
        key = [people.uuid(key[0])]
    if table == Review.__tablename__:
        key = []
    line["row_key"] = key
    if row.aggregate_kind == "review":
        del line["aggregate_id"]
    if row.before is not None:
        line["before"] = {n: v for n, v in row.before.items() if n != "review_id"}
        for name in persons[table]:
            if line["before"].get(name) is not None:
                line["before"][name] = people.uuid(line["before"][name])
    return line
