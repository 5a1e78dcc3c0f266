"""Saved views from a terminal: questions kept under a name, and asked again."""

from collections.abc import Callable
from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from app.access.models import UserAccount
from app.access.policy import Right, require_change
from app.cli.chains import ask_for_chains
from app.cli.questions import print_matrix
from app.cli.terminal import (
    As,
    Format,
    FormatOption,
    Has,
    OneReview,
    Where,
    find_member,
    only_review,
    open_store,
    out,
    parameters,
    show,
)
from app.cli.work import Output, print_configurations, print_evidence, write_evidence
from app.config import Settings
from app.export.questions import QUESTIONS
from app.library.schemas import SourceFilter
from app.library.service import source_page
from app.theory.view_models import ViewKind
from app.theory.view_schemas import ViewCreate
from app.theory.views import (
    add_view,
    asked,
    delete_view,
    find_view,
    query_of,
    read_view,
    views_by_title,
)

view_app = typer.Typer(help="Questions kept under a name.", no_args_is_help=True)
Slug = Annotated[str, typer.Argument(help="its name in addresses")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(view_app, name="view")


@view_app.command("list")
def view_list(
    *, review: OneReview = None, form: FormatOption = Format.TABLE, who: As = None
) -> None:
    """List the saved views of a review."""
    with open_store(who=who) as (session, user):
        member = find_member(session, user, review or only_review(session, user), Right.READ)
        found = views_by_title(member.review_id)
        rows = [[v.slug, v.kind, v.title, query_of(v.query)] for v in session.scalars(found)]
    show(["view", "asks", "title", "parameters"], rows, form)


@view_app.command("save")
def view_save(
    slug: Slug,
    kind: Annotated[ViewKind, typer.Argument(metavar="KIND", help="which question it asks")],
    *,
    title: Annotated[str | None, typer.Option(help="as pages show it")] = None,
    has: Has = None,
    where: Where = None,
    review: OneReview = None,
    who: As = None,
) -> None:
    """Keep a question; all its parameters go through --where, e.g. rows=mechanism."""
    query = parameters([*(f"has={condition}" for condition in has or ()), *(where or ())])
    wish = ViewCreate(slug=slug, title=title or slug, kind=kind, query=query)
    with open_store(writing=True, who=who) as (session, user):
        name = review or only_review(session, user)
        member = find_member(session, user, name, Right.CODE, writing=True)
        view = add_view(session, member, wish, QUESTIONS)
        read = read_view(view, QUESTIONS, Settings().link_base, name)
    out.print(f"Kept {slug}: {read.page_url}", soft_wrap=True)


@view_app.command("show")
def view_show(
    slug: Slug, *, review: OneReview = None, form: FormatOption = Format.TABLE, who: As = None
) -> None:
    """Show what a saved view asks, and its addresses."""
    with open_store(who=who) as (session, user):
        name = review or only_review(session, user)
        member = find_member(session, user, name, Right.READ)
        view = find_view(session, member.review_id, slug)
        read = read_view(view, QUESTIONS, Settings().link_base, name)
    show(["what", "value"], [list(pair) for pair in read.model_dump(mode="json").items()], form)


@view_app.command("remove")
def view_remove(slug: Slug, *, review: OneReview = None, who: As = None) -> None:
    """Delete a saved view."""
    with open_store(writing=True, who=who) as (session, user):
        name = review or only_review(session, user)
        member = find_member(session, user, name, Right.CHANGE_OWN, writing=True)
        view = find_view(session, member.review_id, slug)
        require_change(member.role, user.id, view.created_by)
        delete_view(session, view)
    out.print(f"Deleted V{view.id} {slug}; `retroduce history restore V {view.id}` brings it back.")


@view_app.command("run")
def view_run(
    slug: Slug,
    *,
    review: OneReview = None,
    output: Output = None,
    form: FormatOption = Format.TABLE,
    who: As = None,
) -> None:
    """Ask the question of a saved view now; --output writes an evidence table to a file."""
    with open_store(who=who) as (session, user):
        name = review or only_review(session, user)
        member = find_member(session, user, name, Right.READ)
        view = find_view(session, member.review_id, slug)
        wish = asked(view, QUESTIONS)
        if output is not None and view.kind is ViewKind.EVIDENCE:
            rows = write_evidence(session, user, name, output, wish)
            out.print(f"{rows} rows: {output}", soft_wrap=True)
            return
        if output is not None:
            raise typer.BadParameter("only evidence tables are written to files")
        ANSWERS[view.kind](session, user, name, form, wish)


def print_sources(
    session: Session, user: UserAccount, slug: str, form: Format, wish: SourceFilter
) -> None:
    """Print the sources that fit, a page of them."""
    member = find_member(session, user, slug, Right.READ)
    found = source_page(session, member.review_id, wish)
    rows = [[f"S{s.id}", s.cite_key, s.year, s.kind, s.title] for s in found.items]
    show(["source", "cite key", "year", "kind", "title"], rows, form)


Answer = Callable[[Session, UserAccount, str, Format, Any], None]
ANSWERS: dict[ViewKind, Answer] = {
    ViewKind.SOURCES: print_sources,
    ViewKind.CONFIGURATIONS: print_configurations,
    ViewKind.MATRIX: print_matrix,
    ViewKind.CHAINS: ask_for_chains,
    ViewKind.EVIDENCE: print_evidence,
}
