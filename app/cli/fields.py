"""A review's own fields from a terminal."""

from typing import Annotated

import typer

from app.access.policy import Right
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
from app.errors import NotFoundError
from app.library.field_schemas import FieldCreate, FieldFilter
from app.library.fields import add_field, delete_field, select_fields
from app.library.models import FieldSubject, FieldType

field_app = typer.Typer(help="Fields of a review's own.", no_args_is_help=True)
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
