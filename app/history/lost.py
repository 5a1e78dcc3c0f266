"""What rows that are brought back would point to, and is not there any more."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Session

from app.db import Base
from app.errors import UndoConflictError
from app.history.models import Change, Operation
from app.history.reading import changes_to, models, rows_now
from app.history.recording import row_key

Row = tuple[type[Base], str]
MOST_NAMED = 10


def refuse_lost(session: Session, review_id: int, rows: Mapping[Row, Mapping[str, Any]]) -> None:
    """Raise `UndoConflictError` (409) naming what the rows need and which change-set deleted it.

    `rows` are whole rows as they would be, those that come back with them included.
    """
    wanted: dict[type[Base], dict[str, None]] = {}
    for (model, _), values in rows.items():
        for target, key in _targets(model, values):
            if (target, key) not in rows:
                wanted.setdefault(target, {})[key] = None
    lost = [
        (target, key)
        for target, keys in wanted.items()
        for key in keys.keys() - rows_now(session, target, review_id, keys).keys()
    ]
    blocking = _deletions(session, review_id, lost)
    if blocking:
        sets = sorted({f"H{found['change_set']}" for found in blocking})
        things = sorted({named(found) for found in blocking})
        raise UndoConflictError(
            f"{', '.join(things[:MOST_NAMED])} is needed and was deleted in "
            f"{', '.join(sets[:MOST_NAMED])}; take that back first.",
            extra={"blocking": blocking[:100]},
        )


def _targets(model: type[Base], values: Mapping[str, Any]) -> Iterable[Row]:
    tables = models()
    for reference in Base.metadata.tables[model.__tablename__].foreign_key_constraints:
        target = tables[reference.referred_table.name]
        pointed = _pointed(reference, values)
        if "review_id" in pointed and None not in pointed.values():
            yield target, row_key(pointed, target)


def _pointed(reference: ForeignKeyConstraint, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the key a row points to; within the review only, where a thing can be deleted."""
    return {part.column.key: values.get(part.parent.key) for part in reference.elements}


def _deletions(session: Session, review_id: int, lost: Sequence[Row]) -> list[dict[str, Any]]:
    found = []
    for target, key in sorted(lost, key=lambda row: (row[0].__tablename__, row[1])):
        deleted = Change.operation == Operation.DELETE
        deletions = list(changes_to(session, review_id, target.__tablename__, [key], deleted))
        found += [
            {
                "change_set": last.change_set_id,
                "table": last.table_name,
                "row": key,
                "of": f"{last.aggregate_kind}{last.aggregate_id}",
            }
            for last in deletions[-1:]
        ]
    return found


def named(found: Mapping[str, Any]) -> str:
    """Name a thing as people cite it, and its part where only that is gone."""
    *_, part = key = json.loads(found["row"])
    table = found["table"].replace("_", " ")
    return f"{table} {part} of {found['of']}" if len(key) > 1 else str(found["of"])
