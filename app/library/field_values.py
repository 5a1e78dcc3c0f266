"""Values of a review's own fields: checked against type and choices, merged as JSON merge patch."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from math import isfinite
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import FieldProblem, InvalidError
from app.library.models import CustomField, FieldSubject, FieldType
from app.values import is_sound

LONGEST_TEXT = 100_000
LARGEST = 2**53
ISO_DAY = len("2021-03-01")
MOST_NAMED = 100
Values = dict[str, Any]
Patch = tuple[str, Values | None, Values | None]
"""Where new values stand (`items.3.`), those there are, those sent; null takes a value away."""


def fields_of(session: Session, review_id: int, subject: FieldSubject) -> dict[str, CustomField]:
    """Return the fields a review has on its sources or configurations by name, in their order."""
    rows = session.scalars(
        select(CustomField)
        .where(CustomField.review_id == review_id, CustomField.subject == subject)
        .order_by(CustomField.position, CustomField.id)
    )
    return {row.name: row for row in rows}


def settle_values(
    session: Session, review_id: int, subject: FieldSubject, patches: Sequence[Patch]
) -> list[Values | None]:
    """Return what each patch leaves, null where that is nothing.

    Raises `InvalidError` (422) naming every place, `items.3.fields.design`, and what may stand
    there; a value taken away may be of a field that is gone.
    """
    if not any(sent for _, _, sent in patches):
        return [None if sent is None else before for _, before, sent in patches]
    known = fields_of(session, review_id, subject)
    problems: list[FieldProblem] = []
    settled = [_merged(before, sent, place, known, problems) for place, before, sent in patches]
    if problems:
        more = f" ({len(problems) - 1} more)" if len(problems) > 1 else ""
        first = problems[0]
        raise InvalidError(f"{first.field}: {first.message}{more}", fields=problems[:MOST_NAMED])
    return settled


def _merged(
    before: Values | None,
    sent: Values | None,
    place: str,
    known: Mapping[str, CustomField],
    problems: list[FieldProblem],
) -> Values | None:
    if sent is None:
        return None
    merged = dict(before or {})
    for name, value in sent.items():
        if value is None:
            merged.pop(name, None)
            continue
        try:
            merged[name] = checked(_named(name, known), value)
        except ValueError as error:
            problems.append(FieldProblem(f"{place}fields.{name}", str(error)))
    return merged or None


def _named(name: str, known: Mapping[str, CustomField]) -> CustomField:
    if name not in known:
        raise ValueError(f"no such field; {among(known)}")
    return known[name]


def among(known: Mapping[str, CustomField]) -> str:
    """Say which fields there are, as the end of a sentence."""
    if not known:
        return "this review has none there yet, an editor can add it"
    return f"choose of {', '.join(known)}"


def checked(field: CustomField, value: Any) -> Any:
    """Return a value as it is stored; raises ValueError saying what the field takes."""
    return _CHECKS[field.type](field, value)


def check_type(field: CustomField, value: Any) -> None:
    """Raise ValueError unless a value is of the field's type; a choice may be none any more."""
    choices = value if isinstance(value, list) else [value]
    if field.choices is None:
        checked(field, value)
    elif not all(isinstance(choice, str) for choice in choices):
        raise ValueError("write choices as text")
    else:
        checked(CustomField(type=field.type, choices=choices), value)


def _text(field: CustomField, value: Any) -> Any:
    del field
    if not isinstance(value, str) or not 1 <= len(value) <= LONGEST_TEXT:
        raise ValueError(f"write text of 1 to {LONGEST_TEXT:,} characters, or null to empty it")
    value.encode()  # a lone surrogate raises a ValueError that names its position
    return is_sound(value)


def _number(field: CustomField, value: Any) -> Any:
    del field
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not isfinite(value) or abs(value) > LARGEST:
        raise ValueError("write a number between ±2^53, without quotation marks")
    return value


def _yes_no(field: CustomField, value: Any) -> Any:
    del field
    if isinstance(value, bool):
        return value
    raise ValueError("write true or false, without quotation marks")


def _date(field: CustomField, value: Any) -> Any:
    del field
    if not is_day(value):
        raise ValueError("write a day as 2021-03-01")
    return value


def is_day(value: object) -> bool:
    """Say whether a value is a day of the calendar as ISO 8601 writes it: 2021-03-01."""
    if not isinstance(value, str) or len(value) != ISO_DAY or not value.isascii():
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return value[4] == value[7] == "-"


def _choice(field: CustomField, value: Any) -> Any:
    choices = field.choices or []
    if value not in choices:
        raise ValueError(f"not among the choices; choose of {'; '.join(choices)}")
    return value


def _choices(field: CustomField, value: Any) -> Any:
    if not isinstance(value, list) or not value:
        raise ValueError("write a list of choices, or null to empty it")
    for item in value:
        _choice(field, item)
    if len({str(item) for item in value}) < len(value):
        raise ValueError("a choice stands there twice")
    return value


_CHECKS: dict[FieldType, Callable[[CustomField, Any], Any]] = {
    FieldType.TEXT: _text,
    FieldType.NUMBER: _number,
    FieldType.YES_NO: _yes_no,
    FieldType.DATE: _date,
    FieldType.CHOICE: _choice,
    FieldType.CHOICES: _choices,
}
