"""Names and pseudonyms from a terminal: the list, and where names still stand."""

import csv
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import select

from app.access.policy import Right
from app.cli.questions import FOUND
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
from app.errors import InvalidError
from app.history.reading import load
from app.library.models import Pseudonym
from app.library.pseudonym_schemas import PseudonymBulk
from app.library.pseudonyms import add_pseudonyms, delete_pseudonym, find_names

pseudonyms_app = typer.Typer(help="Names that must not leave, and what stands for them.")
COLUMNS = {"name", "pseudonym"}


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(pseudonyms_app, name="pseudonyms")


@pseudonyms_app.command("list")
def pseudonyms_list(
    *, review: OneReview = None, form: FormatOption = Format.TABLE, who: As = None
) -> None:
    """List names and their pseudonyms; editors only."""
    with open_store(who=who) as (session, user):
        member = find_member(session, user, review or only_review(session, user), Right.NAMES)
        here = select(Pseudonym).where(Pseudonym.review_id == member.review_id)
        found = session.scalars(here.order_by(Pseudonym.id)).all()
    rows = [[f"P{p.id}", p.name, p.pseudonym, p.note] for p in found]
    show(["number", "name", "pseudonym", "note"], rows, form)


@pseudonyms_app.command("add")
def pseudonyms_add(
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV in UTF-8 headed name,pseudonym[,note]", exists=True, dir_okay=False
        ),
    ],
    *,
    review: OneReview = None,
    who: As = None,
) -> None:
    """Add names from a file, all or none; no name is typed where a shell would remember it."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        if not set(reader.fieldnames or ()) >= COLUMNS:
            raise InvalidError(f"{file.name}: the first line must be name,pseudonym or with ,note.")
        items = [
            {"name": r["name"], "pseudonym": r["pseudonym"], "note": r.get("note") or None}
            for r in reader
        ]
    wish = PseudonymBulk.model_validate({"items": items})
    with open_store(writing=True, who=who) as (session, user):
        slug = review or only_review(session, user)
        member = find_member(session, user, slug, Right.NAMES, writing=True)
        added = add_pseudonyms(session, member, wish.items)
    out.print(f"{len(added)} names have pseudonyms now. Delete {file.name} or keep it locked away.")


@pseudonyms_app.command("remove")
def pseudonyms_remove(number: int, *, review: OneReview = None, who: As = None) -> None:
    """Forget a name for good."""
    with open_store(writing=True, who=who) as (session, user):
        slug = review or only_review(session, user)
        member = find_member(session, user, slug, Right.NAMES, writing=True)
        delete_pseudonym(session, load(session, Pseudonym, member.review_id, number))
    out.print(f"The name of P{number} is forgotten; backups made before still have it.")


@pseudonyms_app.command("check")
def pseudonyms_check(
    *, review: OneReview = None, form: FormatOption = Format.TABLE, who: As = None
) -> None:
    """List where names of the list still stand; exit code 3 when there are any."""
    with open_store(who=who) as (session, user):
        member = find_member(session, user, review or only_review(session, user), Right.NAMES)
        found = find_names(session, member.review_id)
    rows = [[f.thing, f.column, f.pseudonym, f.places] for f in found]
    show(["of", "column", "name of", "places"], rows, form)
    if found:
        raise typer.Exit(FOUND)
