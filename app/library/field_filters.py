"""Asking by a review's own fields: `design:RCT`, `sites:>=3`, `checked:yes`, `design:none`.

The condition alone is enough to ask: a value is compared as every type it can be read as, and both
stores look at the type of what is stored first, so that none of them compares or casts what is of
another. What a review has no field for is refused before, by `check_fields`.
"""

import re
from collections.abc import Sequence
from math import isfinite
from typing import Annotated, Any

from pydantic import AfterValidator
from sqlalchemy import ColumnElement, Float, String, case, exists, func, literal, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from app.db import Line
from app.errors import FieldProblem, InvalidError
from app.library.field_values import among, fields_of, is_day
from app.library.models import CustomField, FieldSubject, FieldType

Column = InstrumentedAttribute[dict[str, Any] | None]
CONDITION = re.compile(r"([a-z][a-z0-9_]{0,39}):(>=|<=)?+(.+)", re.DOTALL)
WORDS = {"yes": True, "true": True, "no": False, "false": False}
TEXTS, NUMBERS, TRUTHS = ("text", "string"), ("integer", "real", "number"), ("true", "false")
"""How SQLite or PostgreSQL name the types of JSON; of truth PostgreSQL says boolean."""


def _is_condition(value: str) -> str:
    found = CONDITION.fullmatch(value)
    if found is None:
        raise ValueError(
            "write NAME:VALUE, e.g. design:RCT, sites:>=3, published:<=2020-01-01, checked:yes, "
            "design:any for filled or design:none for empty"
        )
    if found[2] and _number(found[3]) is None and not is_day(found[3]):
        raise ValueError(f"after {found[2]} write a number or a day as 2021-03-01")
    return value


FieldCondition = Annotated[Line, AfterValidator(_is_condition)]


class KindOf(FunctionElement[str]):
    """The type of the value under a name in a JSON column; null where there is none."""

    inherit_cache = True
    name = "kind_of"
    type = String()


class Holds(FunctionElement[bool]):
    """Whether the value under a name is a text, or the list under it has it as an item."""

    inherit_cache = True
    name = "holds"


@compiles(KindOf, "sqlite")
def _kind_sqlite(element: KindOf, compiler: SQLCompiler, **kw: Any) -> str:
    column, name = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"json_type({column}, '$.' || {name})"


@compiles(KindOf, "postgresql")
def _kind_postgresql(element: KindOf, compiler: SQLCompiler, **kw: Any) -> str:
    column, name = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"json_typeof({column} -> CAST({name} AS TEXT))"


@compiles(Holds, "sqlite")
def _holds_sqlite(element: Holds, compiler: SQLCompiler, **kw: Any) -> str:
    column, name, value = element.clauses
    items = func.json_each(column, literal("$.").concat(name)).table_valued("value")
    return compiler.process(exists().where(items.c.value == value), **kw)


@compiles(Holds, "postgresql")
def _holds_postgresql(element: Holds, compiler: SQLCompiler, **kw: Any) -> str:
    column, name, value = (compiler.process(clause, **kw) for clause in element.clauses)
    held = f"CAST({column} -> CAST({name} AS TEXT) AS JSONB)"
    return f"coalesce({held} @> to_jsonb(CAST({value} AS TEXT)), false)"


def holds_value(column: Column, name: str, value: str) -> ColumnElement[bool]:
    """Return the condition that the text or list under a name is, or has, a value."""
    return Holds(column, literal(name), literal(value))


def field_conditions(column: Column, wishes: Sequence[str]) -> list[ColumnElement[bool]]:
    """Return what the values in a column must fulfil; the conditions were checked before."""
    return [_condition(column, *_parts(wish)) for wish in wishes]


def check_fields(
    session: Session, review_id: int, asked: Sequence[tuple[str, FieldSubject, Sequence[str]]]
) -> None:
    """Refuse conditions on fields the review lacks, or on values a field cannot have.

    `asked` holds the name of each parameter, what its fields are on, and its conditions. Raises
    `InvalidError` (422) naming the place and what there is.
    """
    problems = []
    for parameter, subject, wishes in asked:
        known = fields_of(session, review_id, subject) if wishes else {}
        for i, wish in enumerate(wishes):
            name, sign, value = _parts(wish)
            message = (
                _misfit(known[name], sign, value)
                if name in known
                else f"no field {name}; {among(known)}"
            )
            problems += [FieldProblem(f"{parameter}.{i}", message)] if message else []
    if problems:
        first = problems[0]
        raise InvalidError(f"{first.field}: {first.message}", fields=problems)


def _parts(wish: str) -> tuple[str, str, str]:
    found = CONDITION.fullmatch(wish)
    if found is None:
        raise ValueError(f"{wish} was not checked")
    return found[1], found[2] or "", found[3]


def _misfit(field: CustomField, sign: str, value: str) -> str:
    """Say why a field can never have a value, or nothing."""
    name = field.name
    if not sign and value in {"any", "none"}:
        return ""
    if sign and field.type not in {FieldType.NUMBER, FieldType.DATE}:
        return f"{name} is {field.type}; {sign} asks of numbers and dates only"
    if field.choices is not None:
        one_of = f"{name} has no choice {value}; choose of {'; '.join(field.choices)}"
        return "" if value in field.choices else one_of
    fits, remedy = {
        FieldType.NUMBER: (_number(value) is not None, "a number: write 3 or >=3"),
        FieldType.DATE: (is_day(value), "a date: write 2021-03-01 or >=2021-03-01"),
        FieldType.YES_NO: (value in WORDS, "yes or no"),
    }.get(field.type, (True, ""))
    return "" if fits else f"{name} is {remedy}"


def _condition(column: Column, name: str, sign: str, value: str) -> ColumnElement[bool]:
    kind = KindOf(column, literal(name))
    if not sign and value in {"any", "none"}:
        return kind.is_not(None) if value == "any" else kind.is_(None)
    number = _number(value)
    as_number = case((kind.in_(NUMBERS), column[name].as_float()))
    if sign:
        as_text = case((kind.in_(TEXTS), column[name].as_string()))
        is_from = sign == ">="
        if number is None:
            return as_text >= value if is_from else as_text <= value
        return as_number >= number if is_from else as_number <= number
    found = [holds_value(column, name, value)]
    if number is not None:
        found.append(as_number == literal(number, Float()))
    if value in WORDS:
        as_truth = case((kind.in_((*TRUTHS, "boolean")), column[name].as_boolean()))
        found.append(as_truth.is_(WORDS[value]))
    return or_(*found)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None
