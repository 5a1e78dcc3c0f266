"""Duplicates from a terminal: looking for them, going through the queue, merging and unmerging."""

from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn
from sqlalchemy.orm import Session

from app.access.policy import Right
from app.cli.terminal import (
    As,
    Format,
    FormatOption,
    OneReview,
    err,
    find_member,
    only_review,
    open_store,
    out,
    show,
)
from app.history.reading import load
from app.library.duplicate_models import PairState
from app.library.duplicate_queue import keep_apart, pair_page
from app.library.duplicate_schemas import PairFilter
from app.library.duplicates import find_duplicates
from app.library.merging import merge_source, unmerge_source
from app.library.models import Source

duplicate_app = typer.Typer(
    help="Sources that are one work: find, look through, merge.", no_args_is_help=True
)
One = Annotated[int, typer.Argument(metavar="SOURCE", help="number of a source: 12 for S12")]
Other = Annotated[int, typer.Argument(metavar="OTHER", help="number of the other")]
Survivor = Annotated[int, typer.Argument(metavar="SURVIVOR", help="number of the one that stays")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(duplicate_app, name="duplicates")


@duplicate_app.command("find")
def find(
    *,
    review: OneReview = None,
    automatic: Annotated[
        bool, typer.Option("--merge/--no-merge", help="merge what is certain, or queue it too")
    ] = True,
    form: FormatOption = Format.TABLE,
    who: As = None,
) -> None:
    """Compare all sources; merge what is certain, queue what is likely."""
    with open_store(writing=True, who=who) as (session, user):
        slug = review or only_review(session, user)
        member = find_member(session, user, slug, Right.CHANGE_ANY, writing=True)
        columns = (TextColumn("{task.description}"), BarColumn())
        with Progress(*columns, console=err, transient=True) as progress:
            bar = progress.add_task("reading")

            def tell(stage: str, done: int, total: int | None) -> None:
                progress.update(bar, description=stage, completed=done, total=total)

            answer = find_duplicates(session, member, automatic=automatic, tell=tell)
    if form is not Format.TABLE:
        values = answer.model_dump()
        show(list(values), [list(values.values())], form)
        return
    out.print(f"{answer.compared} sources compared")
    out.print(f"  {answer.merged} merged, since it was certain")
    dropped = f", {answer.dropped} no longer" if answer.dropped else ""
    out.print(f"  {answer.waiting} pairs wait for you ({answer.suggested} new{dropped})")


@duplicate_app.command("list")
def pairs(
    *,
    review: OneReview = None,
    state: Annotated[PairState, typer.Option(help="what became of them")] = PairState.SUGGESTED,
    source: Annotated[int | None, typer.Option(help="number of a source in them")] = None,
    limit: Annotated[int, typer.Option(min=1, max=500)] = 50,
    after: Annotated[str | None, typer.Option(help="what the page before named")] = None,
    form: FormatOption = Format.TABLE,
    who: As = None,
) -> None:
    """List pairs, the surest first: by default those that wait for a decision."""
    wish = PairFilter(state=state, source_id=source, limit=limit, after=after)
    with open_store(who=who) as (session, user):
        member = find_member(session, user, review or only_review(session, user), Right.READ)
        page = pair_page(session, member.review_id, wish)
    names = ["score", "source", "other", "title", "years", "why", "differs"]
    rows = [
        [
            pair.score,
            f"S{pair.lower_id}",
            f"S{pair.higher_id}",
            " / ".join(dict.fromkeys((pair.lower.title, pair.higher.title))),
            " / ".join(str(one.year or "–") for one in (pair.lower, pair.higher)),
            "; ".join(pair.reasons),
            ", ".join(pair.differs),
        ]
        for pair in page.items
    ]
    show(names, rows, form)
    if page.next and form is Format.TABLE:
        out.print(f"More: --after {page.next}")


@duplicate_app.command("merge")
def merge(source: One, survivor: Survivor, *, review: OneReview = None, who: As = None) -> None:
    """Let another source stand for this one; nothing moves, and it can be taken back."""
    with open_store(writing=True, who=who) as (session, user):
        slug = review or only_review(session, user)
        member = find_member(session, user, slug, Right.CHANGE_ANY, writing=True)
        stands = merge_source(session, member, _load(session, member.review_id, source), survivor)
    out.print(f"S{source} counts as S{stands.id} from now on.")


@duplicate_app.command("apart")
def apart(source: One, other: Other, *, review: OneReview = None, who: As = None) -> None:
    """Keep two sources apart for good; nobody is asked about them again."""
    with open_store(writing=True, who=who) as (session, user):
        slug = review or only_review(session, user)
        member = find_member(session, user, slug, Right.CHANGE_ANY, writing=True)
        one, two = (_load(session, member.review_id, number) for number in (source, other))
        keep_apart(session, member, one, two)
    out.print(f"S{source} and S{other} stay apart.")


@duplicate_app.command("unmerge")
def unmerge(source: One, *, review: OneReview = None, who: As = None) -> None:
    """Let a merged source stand for itself again, apart from what stood for it."""
    with open_store(writing=True, who=who) as (session, user):
        slug = review or only_review(session, user)
        member = find_member(session, user, slug, Right.CHANGE_ANY, writing=True)
        unmerge_source(session, member, _load(session, member.review_id, source))
    out.print(f"S{source} stands for itself again.")


def _load(session: Session, review_id: int, number: int) -> Source:
    return load(session, Source, review_id, number)
