"""Work in a review: loading a seed, listing configurations, evidence tables, history."""

import codecs
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import orjson
import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.models import UserAccount
from app.access.policy import Right
from app.access.taking_back import require_right_to_undo
from app.cli.served import address_of
from app.cli.terminal import (
    As,
    Format,
    FormatOption,
    Has,
    OneReview,
    Where,
    filters,
    find_member,
    only_review,
    open_store,
    out,
    show,
)
from app.config import Settings, shipped
from app.db import PageWish, paginate
from app.errors import InvalidError, NotFoundError
from app.exchange.archive.arriving import import_archive
from app.export.evidence_table import EvidenceTableWish, Unit, evidence_rows, notes, table_columns
from app.export.files import require_folder, whole_file
from app.export.formats import streamed
from app.export.writers import Cell, write_csv, write_json, write_xlsx
from app.history.models import ChangeSet
from app.history.reading import (
    HistoryFilter,
    changes_of,
    describe_all,
    find_change_set,
    last_deletion,
    select_change_sets,
)
from app.history.summary import what_changed
from app.history.undoing import restore, undo
from app.theory.listing import ConfigurationWish, configuration_page

Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="file ending in .csv, .xlsx, .json, .md or .html"),
]
history_app = typer.Typer(help="What changed, who, when, why; and taking it back.")


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(seed)
    app.command()(configurations)
    app.command()(evidence)
    app.add_typer(history_app, name="history")


def seed(
    name: Annotated[str | None, typer.Argument(help="of a shipped review, or a folder")] = None,
    who: As = None,
) -> None:
    """Load a shipped review, or one from a folder; without a name, list the shipped ones."""
    if name is None:
        for path in sorted(shipped("seeds").glob("*/review.json")):
            out.print(f"{path.parent.name}  {orjson.loads(path.read_bytes())['title']}")
        return
    folder = Path(name) if (Path(name) / "review.json").exists() else shipped("seeds") / name
    if not (folder / "review.json").exists():
        raise NotFoundError(f"No review is shipped as {name}, and no folder {name} holds one.")
    settings = Settings()
    with open_store(settings, writing=True, who=who) as (session, user):
        review = import_archive(session, folder, user, settings, f"seed {folder.name}")
    out.print(f"Loaded {review.slug}: {review.title}")


def configurations(
    *,
    review: OneReview = None,
    has: Has = None,
    where: Where = None,
    text: str | None = None,
    counted: Annotated[bool, typer.Option("--counted", help="only what counts")] = False,
    limit: Annotated[int, typer.Option(min=1, max=500)] = 100,
    after: int = 0,
    form: FormatOption = Format.TABLE,
    who: As = None,
) -> None:
    """List configurations, by any mix of concept, role and state."""
    wish = ConfigurationWish(
        **filters(has, where) | {"text": text, "counted": counted}, limit=limit, after=after
    )
    with open_store(who=who) as (session, user):
        print_configurations(session, user, review or only_review(session, user), form, wish)


def print_configurations(
    session: Session, user: UserAccount, slug: str, form: Format, wish: ConfigurationWish
) -> None:
    """Print the configurations that fit, a page of them."""
    member = find_member(session, user, slug, Right.READ)
    page = configuration_page(session, member.review_id, wish)
    rows = [
        [f"C{c['id']}", c["statement"], c["kind"], c["sources"], c["supporting"], c["refuting"]]
        for c in page["items"]
    ]
    show(["CMOC", "statement", "kind", "sources", "supporting", "refuting"], rows, form)
    if page["next"] and form is Format.TABLE:
        out.print(f"More: --after {page['next']}")


def evidence(
    *,
    review: OneReview = None,
    output: Output = None,
    per: Annotated[Unit, typer.Option(help="one row per configuration or per quote")] = Unit.QUOTE,
    columns: Annotated[str, typer.Option(help="names, comma-separated")] = "",
    group: Annotated[str | None, typer.Option(help="column by which rows stand together")] = None,
    has: Has = None,
    where: Where = None,
    counted: Annotated[bool, typer.Option("--counted", help="only what counts")] = False,
    who: As = None,
) -> None:
    """Write the evidence table; without --output as CSV to standard output."""
    names = [name.strip() for name in columns.split(",") if name.strip()]
    asked = filters(has, where) | {"counted": counted}
    wish = EvidenceTableWish(per=per, columns=names, group=group, **asked)
    with open_store(who=who) as (session, user):
        slug = review or only_review(session, user)
        if output:
            rows = write_evidence(session, user, slug, output, wish)
            out.print(f"{rows} rows: {output}", soft_wrap=True)
            return
        print_evidence(session, user, slug, Format.CSV, wish)


def print_evidence(
    session: Session, user: UserAccount, slug: str, form: Format, wish: EvidenceTableWish
) -> None:
    """Write the evidence table to standard output: as CSV, for a terminal holds no such table."""
    member = find_member(session, user, slug, Right.EXPORT)
    columns = table_columns(session, member.review_id, wish)
    rows = evidence_rows(session, member.review, wish, address_of(Settings()))
    chunks = write_json(columns, rows) if form is Format.JSON else write_csv(columns, rows)
    for chunk in chunks:
        sys.stdout.buffer.write(chunk.removeprefix(codecs.BOM_UTF8))  # for files, not pipes


def write_evidence(
    session: Session,
    user: UserAccount,
    slug: str,
    path: Path,
    wish: EvidenceTableWish | None = None,
    settings: Settings | None = None,
) -> int:
    """Write an evidence table to a file, its kind by the ending; return the number of rows."""
    wish = wish or EvidenceTableWish()
    require_folder(path)
    member = find_member(session, user, slug, Right.EXPORT)
    columns = table_columns(session, member.review_id, wish)
    count = 0

    def rows() -> Iterator[list[Cell]]:
        nonlocal count
        for row in evidence_rows(session, member.review, wish, address_of(settings or Settings())):
            count += 1
            yield row

    if path.suffix == ".xlsx":
        title, told = member.review.title, notes(member.review, wish)
        with whole_file(path) as draft:
            write_xlsx(columns, rows(), draft, title=title, notes=told)
        return count
    kinds = streamed(member.review.title, notes(member.review, wish))
    kind = kinds.get(path.suffix.removeprefix("."))
    if kind is None:
        known = ", ".join(f".{ending}" for ending in kinds)
        raise InvalidError(f"{path.name}: the file name must end in .xlsx, {known}.")
    with whole_file(path) as draft, draft.open("wb") as file:
        file.writelines(kind.write(columns, rows()))
    return count


@history_app.command("list")
def history_list(
    *,
    review: OneReview = None,
    kind: Annotated[str | None, typer.Option(help="C, S, Q, K …")] = None,
    number: Annotated[int | None, typer.Option(help="with --kind: which one")] = None,
    limit: Annotated[int, typer.Option(min=1, max=500)] = 50,
    after: int = 0,
    form: FormatOption = Format.TABLE,
    who: As = None,
) -> None:
    """List change-sets, oldest first."""
    with open_store(who=who) as (session, user):
        member = find_member(session, user, review or only_review(session, user), Right.READ)
        statement = select_change_sets(member.review_id, HistoryFilter(kind=kind, number=number))
        page = paginate(session, statement, ChangeSet.id, PageWish(limit=limit, after=after))
        names = {row.id: row.name for row in session.scalars(select(UserAccount))}
        what = what_changed(session, member.review_id, page.items)
        rows = [
            [
                f"H{h.id}",
                f"{h.at:%Y-%m-%d %H:%M:%S}",
                names.get(h.actor_id or 0),
                h.channel,
                what[h.id],
                h.reason,
            ]
            for h in page.items
        ]
    show(["change-set", "at (UTC)", "who", "channel", "what", "reason"], rows, form)
    if page.next and form is Format.TABLE:
        out.print(f"More: --after {page.next}")


@history_app.command("show")
def history_show(
    number: int, *, review: OneReview = None, form: FormatOption = Format.TABLE, who: As = None
) -> None:
    """Show what one change-set changed, before → after."""
    with open_store(who=who) as (session, user):
        member = find_member(session, user, review or only_review(session, user), Right.READ)
        find_change_set(session, member.review_id, number)
        changes = describe_all(session, changes_of(session, member.review_id, number))
    rows = [
        [
            f"{c.aggregate_kind}{c.aggregate_id}",
            c.operation,
            c.table_name,
            orjson.dumps(c.before).decode() if c.before else None,
            orjson.dumps(c.after).decode() if c.after else None,
        ]
        for c in changes
    ]
    show(["of", "what", "table", "before", "after"], rows, form)


@history_app.command("undo")
def history_undo(number: int, *, review: OneReview = None, who: As = None) -> None:
    """Take a change-set back by a new one."""
    with open_store(writing=True, who=who) as (session, user):
        slug = review or only_review(session, user)
        member = find_member(session, user, slug, Right.CHANGE_OWN, writing=True)
        require_right_to_undo(session, member, number)
        new = undo(session, member.review_id, number)
    out.print(f"H{new} takes H{number} back.")


@history_app.command("restore")
def history_restore(kind: str, number: int, *, review: OneReview = None, who: As = None) -> None:
    """Bring something deleted back, e.g. `restore C 17`."""
    with open_store(writing=True, who=who) as (session, user):
        slug = review or only_review(session, user)
        member = find_member(session, user, slug, Right.CHANGE_OWN, writing=True)
        deletion = last_deletion(session, member.review_id, kind, number)
        if deletion is not None:
            require_right_to_undo(session, member, deletion, kind)
        new = restore(session, member.review_id, kind, number)
    out.print(f"{kind}{number} is back, by H{new}.")
