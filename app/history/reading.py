"""Looking back: change-sets, what they changed, and whether a number was ever given."""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Annotated, Any, TypeVar

from pydantic import AwareDatetime, Field, ValidationInfo, field_validator
from sqlalchemy import ColumnElement, Row, Select, and_, exists, inspect, select, tuple_
from sqlalchemy.orm import Session

from app.db import Base, Counter, Id, Schema
from app.errors import GoneError, NotFoundError
from app.history.models import Change, ChangeSet, Channel, Operation
from app.history.recording import jsonable, row_key

Model = TypeVar("Model", bound=Base)
Item = TypeVar("Item")
MOST_KEYS = 2_000
"""Keys or numbers asked for at once; both stores limit the parameters of a statement."""
Step = tuple[int, int]
"""A change-set and the place of a change in it."""
Kind = Annotated[str, Field(pattern="^(review|[A-Z])$")]


class HistoryFilter(Schema):
    """Which change-sets are wanted; all conditions must hold."""

    kind: Kind | None = None
    number: Id | None = None
    actor_id: Id | None = None
    channel: Channel | None = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None

    @field_validator("number")
    @classmethod
    def _needs_kind(cls, number: int | None, info: ValidationInfo) -> int | None:
        if number is not None and "kind" in info.data and info.data["kind"] is None:
            raise ValueError("a number needs its kind: C and 17")
        return number


class ChangeRead(Schema):
    """One row that changed: the columns before and after, as JSON values."""

    table_name: str
    row_key: list[Any]
    operation: Operation
    aggregate_kind: str
    aggregate_id: int
    before: dict[str, Any] | None
    after: dict[str, Any] | None


def models() -> dict[str, type[Base]]:
    """Return every mapped table by name."""
    return {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}


def root_of(kind: str) -> type[Base] | None:
    """Return the table whose rows carry the numbers of a kind: C → configuration."""
    for model in models().values():
        if model.aggregate == (kind, "id"):
            return model
    return None


def select_change_sets(review_id: int, wish: HistoryFilter) -> Select[ChangeSet]:
    """Select the change-sets of a review that fit; the caller orders and pages them."""
    statement = select(ChangeSet).where(ChangeSet.review_id == review_id)
    if wish.actor_id:
        statement = statement.where(ChangeSet.actor_id == wish.actor_id)
    if wish.channel:
        statement = statement.where(ChangeSet.channel == wish.channel)
    if wish.since:
        statement = statement.where(ChangeSet.at >= wish.since)
    if wish.until:
        statement = statement.where(ChangeSet.at < wish.until)
    if wish.kind:
        statement = statement.where(_touches(wish.kind, wish.number))
    return statement


def _touches(kind: str, number: int | None) -> Any:
    conditions = [
        Change.review_id == ChangeSet.review_id,
        Change.change_set_id == ChangeSet.id,
        Change.aggregate_kind == kind,
    ]
    if number:
        conditions.append(Change.aggregate_id == number)
    return exists().where(and_(*conditions))


def changes_of(
    session: Session,
    review_id: int,
    change_set_id: int,
    after: int = 0,
    limit: int | None = None,
) -> Sequence[Change]:
    """Return the changes of one change-set in their order, or some of them after the n-th."""
    return session.scalars(
        select(Change)
        .where(Change.review_id == review_id, Change.change_set_id == change_set_id)
        .where(Change.n > after)
        .order_by(Change.n)
        .limit(limit)
    ).all()


def changes_to(
    session: Session,
    review_id: int,
    table: str,
    row_keys: Iterable[str],
    *conditions: ColumnElement[bool],
) -> Iterator[Row[Any]]:
    """Yield the changes to some rows of one table; those of each row in their order."""
    for keys in batched(row_keys):
        yield from session.execute(
            select(*Change.__table__.columns)
            .where(Change.review_id == review_id, Change.table_name == table)
            .where(Change.row_key.in_(keys), *conditions)
            .order_by(Change.change_set_id, Change.n)
        )


def rows_now(
    session: Session, model: type[Model], review_id: int, row_keys: Iterable[str]
) -> dict[str, Model]:
    """Return those rows of one table that are there, by their recorded key."""
    columns = model.__table__.columns
    names = [str(column.key) for column in inspect(model).primary_key]
    own = [columns[name] for name in names if name != "review_id"]
    within = columns["id" if model.__tablename__ == "review" else "review_id"] == review_id
    found = {}
    for keys in batched(row_keys):
        wanted = [json.loads(key) for key in keys]
        fits = tuple_(*own).in_(wanted) if len(own) > 1 else own[0].in_([one for (one,) in wanted])
        for row in session.scalars(select(model).where(within, fits)):
            found[row_key({name: getattr(row, name) for name in names}, model)] = row
    return found


def batched(keys: Iterable[Item]) -> Iterator[list[Item]]:
    """Cut keys or numbers into lists that fit into one statement."""
    waiting = iter(keys)
    while some := list(islice(waiting, MOST_KEYS)):
        yield some


def find_change_set(session: Session, review_id: int, change_set_id: int) -> ChangeSet:
    """Return a change-set, or say that there is none of that number."""
    found = session.get(ChangeSet, (review_id, change_set_id))
    if found is None:
        raise NotFoundError(f"There is no change-set H{change_set_id} in this review.")
    return found


def describe(session: Session, change: Change) -> ChangeRead:
    """Show a change as before → after; the after is found in the next change or the row now."""
    return describe_all(session, [change])[0]


def describe_all(session: Session, changes: Sequence[Change]) -> list[ChangeRead]:
    """Show changes of one review as before → after, with a few queries for each table."""
    by_table: dict[str, list[Change]] = {}
    for change in changes:
        by_table.setdefault(change.table_name, []).append(change)
    after: dict[Step, dict[str, Any]] = {}
    for table, some in by_table.items():
        after |= _afters(session, table, some)
    return [_shown(change, after[change.change_set_id, change.n]) for change in changes]


def _shown(change: Change, after: dict[str, Any]) -> ChangeRead:
    if change.before is not None:
        after = {name: after.get(name) for name in change.before}
    return ChangeRead(
        table_name=change.table_name,
        row_key=json.loads(change.row_key),
        operation=change.operation,
        aggregate_kind=change.aggregate_kind,
        aggregate_id=change.aggregate_id,
        before=change.before,
        after=None if change.operation is Operation.DELETE else after,
    )


def _afters(session: Session, table: str, changes: Sequence[Change]) -> dict[Step, dict[str, Any]]:
    """Walk back from the rows of a table as they are now to what each change left."""
    wanted = {(change.change_set_id, change.n) for change in changes}
    review_id, model = changes[0].review_id, models()[table]
    keys = dict.fromkeys(change.row_key for change in changes)
    states = {
        key: {column.key: jsonable(getattr(row, column.key)) for column in model.__table__.columns}
        for key, row in rows_now(session, model, review_id, keys).items()
    }
    since = Change.change_set_id >= min(wanted)[0]
    found = {}
    for step in reversed(list(changes_to(session, review_id, table, keys, since))):
        state = states.get(step.row_key, {})
        if (step.change_set_id, step.n) in wanted:
            found[step.change_set_id, step.n] = state
        kept = {} if step.operation is Operation.DELETE else state
        states[step.row_key] = kept | (step.before or {})
    return found


def load(session: Session, model: type[Model], review_id: int, number: int) -> Model:
    """Return the row with a number; 410 with the way back when deleted, 404 when never given."""
    found = session.get(model, (review_id, number))
    if found is not None:
        return found
    kind = model.aggregate[0] if model.aggregate else "?"
    counter = session.get(Counter, (review_id, kind))
    if counter is None or number > counter.value:
        raise NotFoundError(f"There is no {kind}{number} in this review.")
    deletion = last_deletion(session, review_id, kind, number)
    if deletion is None:  # the number was reserved and nothing made of it
        raise NotFoundError(f"There is no {kind}{number} in this review.")
    raise gone(kind, number, deletion)


def gone(kind: str, number: int, deletion: int) -> GoneError:
    """Say that a thing was deleted, by which change-set, and the way back."""
    return GoneError(
        f"{kind}{number} was deleted; its number is never given again. "
        f"POST …/history/{deletion}/undo takes the deletion back.",
        extra={"change_set": deletion, "restore": {"kind": kind, "number": number}},
    )


def last_deletion(session: Session, review_id: int, kind: str, number: int) -> int | None:
    """Return the change-set that last deleted (or un-created) the root row of an aggregate."""
    model = root_of(kind)
    if model is None:
        return None
    return session.scalar(
        select(Change.change_set_id)
        .where(
            Change.review_id == review_id,
            Change.table_name == model.__tablename__,
            Change.aggregate_kind == kind,
            Change.aggregate_id == number,
            Change.operation == Operation.DELETE,
        )
        .order_by(Change.change_set_id.desc())
        .limit(1)
    )


def deletions(session: Session, review_id: int, model: type[Base]) -> Sequence[Change]:
    """Return the deletions of rows of one table, newest first; each `before` is the row."""
    return session.scalars(
        select(Change)
        .where(
            Change.review_id == review_id,
            Change.table_name == model.__tablename__,
            Change.operation == Operation.DELETE,
        )
        .order_by(Change.change_set_id.desc(), Change.n.desc())
    ).all()
