"""What still refers to rows that taking a change-set back would unmake, and since when."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ForeignKeyConstraint, inspect, select
from sqlalchemy.orm import Session

from app.db import Base
from app.errors import UndoConflictError
from app.history.lost import named
from app.history.models import Operation
from app.history.reading import batched, changes_to, models
from app.history.recording import row_key

Row = tuple[type[Base], str]
MOST_NAMED = 10
MOST_EXPLAINED = 100


class User(NamedTuple):
    """A row that refers to one that is to go."""

    model: type[Base]
    key: str
    of: str
    """Its thing, as people cite it."""
    used: str
    columns: frozenset[str]
    """The columns by which it refers."""


def refuse_used(session: Session, review_id: int, number: int, rows: Mapping[Row, Base]) -> None:
    """Raise `UndoConflictError` (409) naming what refers to the rows, and since which change-set.

    `number` is the change-set to be taken back; its rows do not stand in each other's way.
    """
    found: list[User] = []
    for user in _users(session, review_id, rows):
        found.append(user)
        if len(found) == MOST_EXPLAINED:
            break
    if not found:
        return
    blocking = [_since(session, review_id, number, user) for user in found]
    sets = sorted({one["change_set"] for one in blocking if one["change_set"]})
    used, users = {user.used for user in found}, {named(one) for one in blocking}
    has, it = "has" if len(users) == 1 else "have", "it" if len(used) == 1 else "them"
    since = f" since {', '.join(f'H{n}' for n in sets[:MOST_NAMED])}" if sets else ""
    remedy = "take that back first" if len(sets) == 1 else "take those back first, newest first"
    raise UndoConflictError(
        f"{_few(used)} would go, but {_few(users)} {has} referred to {it}{since}; {remedy}.",
        extra={"blocking": blocking},
    )


def _few(names: set[str]) -> str:
    listed = sorted(names, key=lambda name: (name[0], len(name), name))
    more = len(listed) - MOST_NAMED
    return f"{', '.join(listed[:MOST_NAMED])}{f' and {more} more' if more > 0 else ''}"


def _users(session: Session, review_id: int, rows: Mapping[Row, Base]) -> Iterator[User]:
    by_table: dict[str, list[Base]] = {}
    for row in rows.values():
        by_table.setdefault(row.__tablename__, []).append(row)
    for model in models().values():
        for reference in Base.metadata.tables[model.__tablename__].foreign_key_constraints:
            used = by_table.get(reference.referred_table.name, ())
            if model.aggregate and "review_id" in reference.column_keys:
                for user in _referring(session, review_id, model, reference, used):
                    if (user.model, user.key) not in rows:
                        yield user


def _referring(
    session: Session,
    review_id: int,
    model: type[Base],
    reference: ForeignKeyConstraint,
    used: Sequence[Base],
) -> Iterator[User]:
    """Yield the rows of a table that refer to some rows of another by one foreign key."""
    parts = [
        (e.parent, str(e.column.key)) for e in reference.elements if e.parent.key != "review_id"
    ]
    wanted = {tuple(getattr(row, name) for _, name in parts): row for row in used}
    columns = Base.metadata.tables[model.__tablename__].columns
    keys = [columns[str(column.key)] for column in inspect(model).primary_key]
    kind, number = model.aggregate or ("", "id")
    shown = {column.key: column for column in (*keys, columns[number], *(p for p, _ in parts))}
    for some in batched({key[0]: None for key in wanted}):
        there = select(*shown.values()).where(
            columns["review_id"] == review_id, parts[0][0].in_(some)
        )
        for found in session.execute(there).mappings():
            target = wanted.get(tuple(found[part.key] for part, _ in parts))
            if target is not None:
                yield User(
                    model,
                    row_key(dict(found), model),
                    f"{kind}{found[number]}",
                    _cited(target),
                    frozenset(str(part.key) for part, _ in parts),
                )


def _cited(row: Base) -> str:
    kind, number = row.aggregate or ("", "id")
    return f"{kind}{getattr(row, number)}"


def _since(session: Session, review_id: int, number: int, user: User) -> dict[str, Any]:
    """Say in which change-set a row came to refer to what it refers to."""
    table, last = user.model.__tablename__, None
    for change in changes_to(session, review_id, table, [user.key]):
        turned = change.operation is Operation.INSERT or user.columns & set(change.before or ())
        if change.change_set_id != number and turned:
            last = change.change_set_id
    return {"change_set": last, "table": table, "row": user.key, "of": user.of}
