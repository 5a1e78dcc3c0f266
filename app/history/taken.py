"""Names that rows brought back would have, and that something else has by now."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import UniqueConstraint, inspect, select
from sqlalchemy.orm import Session

from app.db import Base
from app.errors import UndoConflictError
from app.history.reading import batched
from app.history.recording import row_key

Row = tuple[type[Base], str]
Named = dict[tuple[Any, ...], Mapping[str, Any]]
MOST_NAMED = 10


def refuse_taken(session: Session, review_id: int, rows: Mapping[Row, Mapping[str, Any]]) -> None:
    """Raise `UndoConflictError` (409) naming what must be the only one, and who has it now.

    `rows` are whole rows as they would be, their values typed; none is in the way of another.
    """
    by_table: dict[type[Base], list[Mapping[str, Any]]] = {}
    for (model, _), values in rows.items():
        by_table.setdefault(model, []).append(values)
    found = [
        _told(model, names, values, holder)
        for model, coming in by_table.items()
        for names in _unique(model)
        for values, holder in _held(session, review_id, model, names, coming)
        if (model, row_key(holder, model)) not in rows
    ]
    if found:
        more = "; and more" if found[MOST_NAMED:] else ""
        raise UndoConflictError(
            f"{'; '.join(found[:MOST_NAMED])}{more}. Change or delete that first."
        )


def _unique(model: type[Base]) -> Iterator[Sequence[str]]:
    """Yield the columns of each unique constraint of a table, less the review."""
    for constraint in Base.metadata.tables[model.__tablename__].constraints:
        if isinstance(constraint, UniqueConstraint) and "review_id" in constraint.columns:
            yield [str(column.key) for column in constraint.columns if column.key != "review_id"]


def _held(
    session: Session,
    review_id: int,
    model: type[Base],
    names: Sequence[str],
    coming: Sequence[Mapping[str, Any]],
) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Yield rows that come back with the rows that have their values now; null is no value."""
    columns = Base.metadata.tables[model.__tablename__].columns
    wanted: Named = {tuple(values[name] for name in names): values for values in coming}
    wanted = {key: values for key, values in wanted.items() if None not in key}
    keys = [columns[str(column.key)] for column in inspect(model).primary_key]
    for some in batched({key[-1]: None for key in wanted}):
        there = select(*keys, *(columns[name] for name in names)).where(
            columns["review_id"] == review_id, columns[names[-1]].in_(some)
        )
        for holder in session.execute(there).mappings():
            values = wanted.get(tuple(holder[name] for name in names))
            if values is not None:
                yield values, dict(holder)


def _told(
    model: type[Base], names: Sequence[str], values: Mapping[str, Any], holder: Mapping[str, Any]
) -> str:
    kind, number = model.aggregate or ("", "id")
    same = ", ".join(f"{name} {values[name]}" for name in names)
    return f"{kind}{values[number]} would have {same}, as {kind}{holder[number]} has now"
