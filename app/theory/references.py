"""What bodies point to: gathered with its place in the body, then checked at once."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.db import Base
from app.errors import FieldProblem, InvalidError
from app.history.references import require_present

SHOWN = 10


def refuse(problems: Sequence[FieldProblem]) -> None:
    """Raise `InvalidError` (422) naming every place, or return when there is none."""
    if problems:
        more = f" ({len(problems) - 1} more)" if len(problems) > 1 else ""
        first = problems[0]
        raise InvalidError(f"{first.field}: {first.message}{more}", fields=problems[:100])


def listed(names: Iterable[str]) -> str:
    """Name things for a message: the first ten, and how many more."""
    all_names = list(names)
    more = f" and {len(all_names) - SHOWN} more" if len(all_names) > SHOWN else ""
    return ", ".join(all_names[:SHOWN]) + more


def assign(row: Base, values: Mapping[str, Any]) -> None:
    """Set the columns that differ; each is read first, so that history knows what it was."""
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)


class References:
    """Numbers that bodies name, each with the place that names it; `check` refuses unknown ones."""

    def __init__(self, session: Session, review_id: int) -> None:
        self._session = session
        self._review_id = review_id
        self._places: dict[type[Base], dict[int, str]] = {}

    def add(self, model: type[Base], number: int | None, place: str) -> None:
        """Note that `place` names a row; None names nothing."""
        if number is not None:
            self._places.setdefault(model, {}).setdefault(number, place)

    def check(self) -> None:
        """Raise `InvalidError` (422) naming each place whose row is not in this review."""
        for model, places in self._places.items():
            named = [(place, number) for number, place in places.items()]
            require_present(self._session, model, self._review_id, named)
