"""A review's own fields: the team's coding frame on its sources and configurations."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.db import take_numbers
from app.errors import ConflictError, FieldProblem, InvalidError, TakenError
from app.history.reading import models
from app.history.references import in_use
from app.history.undoing import AFTER_UNDO
from app.library.field_filters import KindOf, holds_value
from app.library.field_schemas import CHOOSING, FieldCreate, FieldFilter, FieldUpdate
from app.library.models import CustomField, FieldSubject

MOST_FIELDS = 100
"""On each of sources and configurations."""


def select_fields(review_id: int, wish: FieldFilter) -> Select[CustomField]:
    """Select the fields of a review, those of sources first, each in the team's order."""
    statement = select(CustomField).where(CustomField.review_id == review_id)
    if wish.subject is not None:
        statement = statement.where(CustomField.subject == wish.subject)
    return statement.order_by(CustomField.subject.desc(), CustomField.position, CustomField.id)


def add_field(session: Session, member: Member, wish: FieldCreate) -> CustomField:
    """Add a field; raises `TakenError` when its subject has one of that name."""
    here = select_fields(member.review_id, FieldFilter(subject=wish.subject))
    names = {field.name for field in session.scalars(here)}
    if wish.name in names:
        raise TakenError(
            f"name: the {wish.subject}s of this review have a field {wish.name} already.",
            fields=[FieldProblem("name", "taken by another field")],
        )
    if len(names) >= MOST_FIELDS:
        raise ConflictError(f"There are {MOST_FIELDS} fields already; delete one first.")
    field = CustomField(
        **wish.model_dump(exclude={"label"}),
        label=wish.label or wish.name,
        review_id=member.review_id,
        id=take_numbers(session, member.review_id, "F"),
        created_by=member.user.id,
    )
    session.add(field)
    session.flush()
    return field


def change_field(session: Session, field: CustomField, wish: FieldUpdate) -> CustomField:
    """Change label, choices, help or position; a choice in use stays (409 names who uses it)."""
    values = wish.model_dump(exclude_unset=True)
    if "choices" in values and field.type not in CHOOSING:
        raise InvalidError(
            f"choices: {field.name} is {field.type} and has no choices.",
            fields=[FieldProblem("choices", "not of this type of field")],
        )
    kept: list[str] = values.get("choices", field.choices) or []
    for choice in field.choices or ():
        if choice not in kept:
            _refuse_in_use(session, field, choice)
    for name, value in values.items():
        if getattr(field, name) != value:
            setattr(field, name, value)
    field.version += 1
    session.flush()
    return field


def delete_field(session: Session, field: CustomField, *, drop_values: bool) -> None:
    """Delete a field; while it has values only together with them, all of it undoable at once."""
    if drop_values:
        for row in _holders(session, field):
            rest = {name: value for name, value in row.fields.items() if name != field.name}
            row.fields = rest or None
            row.version += 1
    else:
        _refuse_in_use(session, field)
    session.delete(field)
    session.flush()


def _subject_table(subject: FieldSubject) -> Any:
    """Return the table the fields are on; its package may lie right of this one."""
    return models()[subject.value]


def _holders(session: Session, field: CustomField) -> Iterator[Any]:
    table = _subject_table(field.subject)
    found = select(table).where(
        table.review_id == field.review_id, KindOf(table.fields, field.name).is_not(None)
    )
    yield from session.scalars(found.order_by(table.id)).all()


def _refuse_in_use(session: Session, field: CustomField, choice: str | None = None) -> None:
    table = _subject_table(field.subject)
    uses = (
        KindOf(table.fields, field.name).is_not(None)
        if choice is None
        else holds_value(table.fields, field.name, choice)
    )
    found = session.scalars(
        select(table.id).where(table.review_id == field.review_id, uses).order_by(table.id)
    ).all()
    if not found:
        return
    names = [f"{table.aggregate[0]}{number}" for number in found]
    if choice is None:
        remedy = "empty it there, or send drop_values=true to delete the values with it."
        raise in_use(f"{field.name} is filled in", names, remedy)
    raise in_use(f"choices: {choice} is chosen in", names, "choose otherwise there first.")


def _refuse_values_without_field(session: Session, review_id: int) -> None:
    """Refuse to take back what would leave values under a name that is no field."""
    for subject in FieldSubject:
        known = select_fields(review_id, FieldFilter(subject=subject))
        names = {field.name for field in session.scalars(known)}
        table: Any = _subject_table(subject)
        rows = session.execute(
            select(table.id, table.fields).where(
                table.review_id == review_id, table.fields.is_not(None)
            )
        )
        for number, values in rows:
            if lost := sorted(set(values) - names):
                raise ConflictError(
                    f"{table.aggregate[0]}{number} has a value under {lost[0]}, which would be no "
                    "field of this review; empty it there, or bring the field back, first."
                )


AFTER_UNDO.append(_refuse_values_without_field)
