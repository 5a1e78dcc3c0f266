"""What refers to what within a review, read from the foreign keys of all tables."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ForeignKeyConstraint, select
from sqlalchemy.orm import Session

from app.db import Base
from app.errors import FieldProblem, InvalidError, StillInUseError
from app.history.reading import batched, last_deletion, models

MOST_NAMED = 20
MOST_EXPLAINED = 100


def referring(session: Session, row: Base) -> list[str]:
    """Name what refers to a row, `C17`, `Q3`, by kind and number.

    The row's own aggregate is left out, so a concept's definitions do not keep the concept.
    """
    own = _aggregate_of(row)
    found: set[tuple[str, int]] = set()
    for model in models().values():
        table = Base.metadata.tables[model.__tablename__]
        for key in table.foreign_key_constraints:
            if model.aggregate and key.referred_table.name == row.__tablename__:
                found.update(_numbers(session, model, key, row))
    return [f"{kind}{number}" for kind, number in sorted(found - {own})]


def _aggregate_of(row: Base) -> tuple[str, int]:
    kind, number = row.aggregate or ("", "id")
    return kind, getattr(row, number)


def _numbers(
    session: Session, model: type[Base], key: ForeignKeyConstraint, row: Base
) -> set[tuple[str, int]]:
    kind, number = model.aggregate or ("", "id")
    table = Base.metadata.tables[model.__tablename__]
    conditions = [element.parent == getattr(row, element.column.key) for element in key.elements]
    column = table.c[number]
    return {
        (kind, found) for found in session.scalars(select(column).where(*conditions).distinct())
    }


def require_unused(session: Session, row: Base) -> None:
    """Raise `StillInUseError` (409) naming what refers to a row that is to be deleted."""
    session.flush()
    names = referring(session, row)
    if names:
        kind, number = _aggregate_of(row)
        raise in_use(f"{kind}{number} is used by", names, "change or delete these first.")


def in_use(said: str, names: Sequence[str], remedy: str) -> StillInUseError:
    """Return the error that lists what refers to a thing: the first, and how many more."""
    more = len(names) - MOST_NAMED
    few = f"{', '.join(names[:MOST_NAMED])}{f' and {more} more' if more > 0 else ''}"
    return StillInUseError(
        f"{said} {few}; {remedy}",
        extra={"used_by": names[:MOST_NAMED], "used_by_count": len(names)},
    )


def require_present(
    session: Session,
    model: type[Base],
    review_id: int,
    named: Iterable[tuple[str, int | None]],
) -> None:
    """Raise `InvalidError` (422) naming every field whose number no row of the review has."""
    wanted = [(field, number) for field, number in named if number is not None]
    there = _present(session, model, review_id, sorted({number for _, number in wanted}))
    absent = [(field, number) for field, number in wanted if number not in there]
    problems = [
        FieldProblem(field, _why_absent(session, model, review_id, number))
        for field, number in absent[:MOST_EXPLAINED]
    ]
    if problems:
        first = problems[0]
        raise InvalidError(f"{first.field}: {first.message}", fields=problems)


def _present(
    session: Session, model: type[Base], review_id: int, numbers: Sequence[int]
) -> set[int]:
    columns = Base.metadata.tables[model.__tablename__].c
    found: set[int] = set()
    for some in batched(numbers):
        present = select(columns.id).where(columns.review_id == review_id, columns.id.in_(some))
        found |= set(session.scalars(present))
    return found


def _why_absent(session: Session, model: type[Base], review_id: int, number: int) -> str:
    kind = model.aggregate[0] if model.aggregate else ""
    deletion = last_deletion(session, review_id, kind, number)
    if deletion is None:
        return f"there is no {kind}{number} in this review"
    return f"{kind}{number} was deleted (H{deletion}); restore it or name another"
