"""What schemas complain of, in plain sentences with the remedy: for programs and people alike."""

from collections.abc import Mapping
from typing import Any

WHOLE_NUMBER = "not a whole number; write it in digits, such as 12"
NUMBER = "not a number; write it in digits, such as 3.5"
YES_OR_NO = "neither true nor false; give one of them"
DAY = "not a date; write year, month and day, such as 2026-03-14"
MOMENT = "not a date and time; write it such as 2026-03-14T09:30:00Z"
OBJECT = "not an object; give its fields by name"
LIST = "not a list; give a list, even of one"
CHOICE = "not one of what can be chosen; give {expected}"
SAID: dict[str, str] = {
    "missing": "missing; fill it in",
    "extra_forbidden": "unknown field; remove it or check its spelling",
    "int_parsing": WHOLE_NUMBER,
    "int_type": WHOLE_NUMBER,
    "int_from_float": WHOLE_NUMBER,
    "int_parsing_size": "too large a number; give a smaller one",
    "float_parsing": NUMBER,
    "float_type": NUMBER,
    "finite_number": NUMBER,
    "bool_parsing": YES_OR_NO,
    "bool_type": YES_OR_NO,
    "string_type": "not a text; give it as text",
    "string_too_short": "too short; write at least {min_length} characters",
    "string_too_long": "too long; write at most {max_length} characters",
    "string_pattern_mismatch": "not in the form that is asked for; it must match {pattern}",
    "too_short": "too few; give at least {min_length}",
    "too_long": "too many; give at most {max_length}",
    "greater_than": "too small; give more than {gt}",
    "greater_than_equal": "too small; give at least {ge}",
    "less_than": "too large; give less than {lt}",
    "less_than_equal": "too large; give at most {le}",
    "literal_error": CHOICE,
    "enum": CHOICE,
    "date_type": DAY,
    "date_parsing": DAY,
    "date_from_datetime_parsing": DAY,
    "date_from_datetime_inexact": DAY,
    "datetime_type": MOMENT,
    "datetime_parsing": MOMENT,
    "datetime_from_date_parsing": MOMENT,
    "datetime_object_invalid": MOMENT,
    "timezone_aware": "without time zone; end it with Z, or with one such as +02:00",
    "dict_type": OBJECT,
    "model_type": OBJECT,
    "model_attributes_type": OBJECT,
    "list_type": LIST,
    "set_type": LIST,
    "frozen_set_type": LIST,
    "tuple_type": LIST,
}
"""By pydantic's name of the error; names in braces are of its context."""
OF_TEXT = "Value"
"""What pydantic calls the kind of something secret: text, whose length is in characters."""


class FieldValueError(ValueError):
    """A complaint about a whole that one field of it mends; raised in a validator of the whole."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def place_of(error: Mapping[str, Any]) -> tuple[int | str, ...]:
    """Return where what pydantic found is to be mended."""
    cause = (error.get("ctx") or {}).get("error")
    place: tuple[int | str, ...] = error["loc"]
    return (*place, cause.field) if isinstance(cause, FieldValueError) else place


def explain(error: Mapping[str, Any]) -> str:
    """Say what pydantic found and what to do; what has no sentence of ours keeps its own."""
    kind, context = error["type"], error.get("ctx") or {}
    if kind == "string_too_short" and context["min_length"] == 1:
        return "empty; fill it in"
    if context.get("field_type") == OF_TEXT:
        kind = f"string_{kind}"
    said = SAID.get(kind)
    return said.format(**context) if said else str(error["msg"]).removeprefix("Value error, ")
