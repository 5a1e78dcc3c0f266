"""A review's own fields from a terminal."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from app.access.policy import Right, require_change
from app.cli.terminal import (
    As,
    Format,
    FormatOption,
    OneReview,
    find_member,
    only_review,
    open_store,
    out,
    show,
)
from app.errors import InvalidError, NotFoundError
from app.history.reading import load
from app.library.field_schemas import FieldCreate, FieldFilter
from app.library.field_values import fields_of
from app.library.fields import add_field, delete_field, select_fields
from app.library.models import CustomField, FieldSubject, FieldType, Source
from app.library.schemas import SourceUpdate
from app.library.service import change_source
from app.theory.models import Configuration
from app.theory.revising import revise_configuration
from app.theory.schemas import ConfigurationUpdate

field_app = typer.Typer(help="Fields of a review's own.", no_args_is_help=True)
YES_NO = {"yes": True, "true": True, "no": False, "false": False}
NUMBER = re.compile(r"-?\d{1,16}(\.\d{1,16})?")
Subject = Annotated[FieldSubject, typer.Argument(help="what the field is on")]
Name = Annotated[str, typer.Argument(help="its key in filters and columns: study_design")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(field_app, name="field")


@field_app.command("list")
def field_list(
    *, review: OneReview = None, form: FormatOption = Format.TABLE, who: As = None
) -> None:
    """List the fields on sources and configurations."""
    with open_store(who=who) as (session, user):
        member = find_member(session, user, review or only_review(session, user), Right.READ)
        found = session.scalars(select_fields(member.review_id, FieldFilter())).all()
    rows = [
        [f"F{f.id}", f.subject, f.name, f.type, f.label, "; ".join(f.choices or ()), f.help]
        for f in found
    ]
    show(["field", "on", "name", "type", "label", "choices", "help"], rows, form)


@field_app.command("add")
def field_add(
    subject: Subject,
    name: Name,
    kind: Annotated[FieldType, typer.Argument(metavar="TYPE", help="what it holds")],
    *,
    choices: Annotated[
        list[str] | None, typer.Option("--choice", help="an allowed value; repeat it for each")
    ] = None,
    label: Annotated[str | None, typer.Option(help="as tables head it")] = None,
    explanation: Annotated[
        str | None, typer.Option("--explain", help="what to fill in, for the team")
    ] = None,
    review: OneReview = None,
    who: As = None,
) -> None:
    """Add a field to all sources or configurations of a review."""
    wish = FieldCreate(
        subject=subject, name=name, type=kind, choices=choices, label=label, help=explanation
    )
    with open_store(writing=True, who=who) as (session, user):
        slug = review or only_review(session, user)
        member = find_member(session, user, slug, Right.FIELDS, writing=True)
        field = add_field(session, member, wish)
    out.print(f"F{field.id}: the {subject}s of {slug} have the field {name} now.")


@field_app.command("fill")
def field_fill(
    thing: Annotated[str, typer.Argument(help="a source or configuration: S12, C7")],
    values: Annotated[
        list[str],
        typer.Argument(help="NAME=VALUE, a choice of several once for each; NAME= empties it"),
    ],
    *,
    review: OneReview = None,
    who: As = None,
) -> None:
    """Fill in fields of a source or configuration; those not named stay as they are."""
    model, number = _thing(thing)
    with open_store(writing=True, who=who) as (session, user):
        slug = review or only_review(session, user)
        member = find_member(session, user, slug, Right.CODE, writing=True)
        found = load(session, model, member.review_id, number)
        require_change(member.role, user.id, found.created_by)
        if isinstance(found, Source):
            known = fields_of(session, member.review_id, FieldSubject.SOURCE)
            change_source(session, found, SourceUpdate(fields=_read(values, known)))
        else:
            known = fields_of(session, member.review_id, FieldSubject.CONFIGURATION)
            wish = ConfigurationUpdate(fields=_read(values, known))
            revise_configuration(session, member, found, wish)
        filled = "; ".join(
            f"{name}: {_told(value)}" for name, value in (found.fields or {}).items()
        )
    out.print(f"{thing}: {filled or 'nothing is filled in'}")


def _thing(text: str) -> tuple[type[Source] | type[Configuration], int]:
    """Return what a number that people cite names."""
    found = re.fullmatch(r"([SC])([1-9]\d{0,8})", text)
    if not found:
        raise InvalidError(f"{text}: write the number of a source or configuration, S12 or C7.")
    return Source if found[1] == "S" else Configuration, int(found[2])


def _read(pairs: list[str], known: Mapping[str, CustomField]) -> dict[str, Any]:
    """Return NAME=VALUE as the API takes it: null for nothing, a list for what is given often."""
    given: dict[str, list[str]] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise InvalidError(f"{pair}: write NAME=VALUE, e.g. design=RCT.")
        given.setdefault(name, []).append(value)
    return {
        name: _value(values, known[name].type if name in known else FieldType.TEXT)
        for name, values in given.items()
    }


def _told(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, list) else str(value)


def _value(values: list[str], kind: FieldType) -> Any:
    """Return a value as its type takes it; what does not read so is left for the refusal."""
    if values == [""]:
        return None
    if len(values) > 1 or kind is FieldType.CHOICES:
        return values
    [text] = values
    if kind is FieldType.YES_NO:
        return YES_NO.get(text.lower(), text)
    if kind is FieldType.NUMBER and NUMBER.fullmatch(text):
        return int(text) if text.lstrip("-").isdigit() else float(text)
    return text


@field_app.command("remove")
def field_remove(
    subject: Subject,
    name: Name,
    *,
    drop_values: Annotated[
        bool, typer.Option("--drop-values", help="delete its values too; history keeps them")
    ] = False,
    review: OneReview = None,
    who: As = None,
) -> None:
    """Delete a field; one that is filled in anywhere only together with its values."""
    with open_store(writing=True, who=who) as (session, user):
        slug = review or only_review(session, user)
        member = find_member(session, user, slug, Right.FIELDS, writing=True)
        known = session.scalars(select_fields(member.review_id, FieldFilter(subject=subject)))
        field = {field.name: field for field in known}.get(name)
        if field is None:
            raise NotFoundError(f"The {subject}s of {slug} have no field {name}.")
        delete_field(session, field, drop_values=drop_values)
    out.print(f"The {subject}s of {slug} have no field {name} any more.")
