"""Whole reviews as archives: out, looked at, and in."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from app.access.policy import Right
from app.cli.terminal import (
    As,
    Format,
    OneReview,
    err,
    find_member,
    only_review,
    open_store,
    out,
    show,
)
from app.config import Settings
from app.exchange.archive.arriving import ArchiveWish, Outcome, let_in, preview, staging
from app.exchange.archive.comparing import Verdict
from app.exchange.archive.export import Contents, claim_target, pack, write_archive
from app.exchange.archive.export import Progress as Told
from app.exchange.archive.importing import keep_files
from app.exchange.archive.updating import OnConflict
from app.export.files import require_folder, whole_file, whole_folder

archive_app = typer.Typer(help="Whole reviews as plain files: out, and in again.")


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(archive_app, name="archive")


@contextmanager
def progress_bar() -> Iterator[Told]:
    """Show how far long work is, on standard error, where that is a terminal."""
    columns = (TextColumn("{task.description:24}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        tasks = {}

        def tell(stage: str, done: int, total: int | None) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total)
            bar.update(tasks[stage], completed=done, total=total)

        yield tell


@archive_app.command("export")
def archive_export(
    *,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="file ending in .zip, or a new folder")
    ],
    review: OneReview = None,
    history: Annotated[bool, typer.Option(help="with every change, who and when")] = True,
    with_pseudonym_map: Annotated[
        bool, typer.Option("--with-pseudonym-map", help="with the names behind pseudonyms")
    ] = False,
    who: As = None,
) -> None:
    """Write a whole review as one zip, or as a folder of the same files."""
    claim_target(output)
    require_folder(output)
    settings = Settings()
    right = Right.NAMES if with_pseudonym_map else Right.EXPORT
    with open_store(settings, who=who) as (session, user), progress_bar() as tell:
        member = find_member(session, user, review or only_review(session, user), right)
        contents = Contents(history=history, names=with_pseudonym_map)
        write = partial(write_archive, contents=contents, progress=tell)
        if output.suffix != ".zip":
            with whole_folder(output) as folder:
                write(session, member.review, folder, settings.files_dir)
        else:
            with whole_file(output) as draft:
                folder = draft.with_name("files")
                folder.mkdir()
                write(session, member.review, folder, settings.files_dir)
                pack(folder, draft)
    out.print(f"Wrote {member.review.slug}: {output}", soft_wrap=True)


@archive_app.command("import")
def archive_import(
    file: Annotated[Path, typer.Argument(help="zip or folder", show_default=False)],
    *,
    slug: Annotated[str | None, typer.Option(help="another slug than the archive's")] = None,
    as_copy: Annotated[bool, typer.Option("--copy", help="make a review apart")] = False,
    on_conflict: Annotated[
        OnConflict, typer.Option(help="what to do where both sides changed a thing")
    ] = OnConflict.REFUSE,
    only_preview: Annotated[
        bool, typer.Option("--preview", help="only say what would happen")
    ] = False,
    who: As = None,
) -> None:
    """Take a review in: as a new one, or bringing the one that is here up to date."""
    settings, wish = Settings(), ArchiveWish(slug=slug, as_copy=as_copy, on_conflict=on_conflict)
    with progress_bar() as tell, staging(file, settings, tell) as staged:
        if only_preview:
            with open_store(settings, who=who) as (session, user):
                outcome = preview(session, staged, user, wish)
        else:
            keep_files(staged, settings.files_dir)
            with open_store(settings, writing=True, who=who) as (session, user):
                outcome = let_in(session, staged, user, wish)
    _tell(outcome, done=not only_preview)


def _tell(outcome: Outcome, *, done: bool) -> None:
    verb = "is" if done else "would be"
    what = "a new review" if outcome.is_new else "brought up to date"
    out.print(f"{outcome.slug} {verb} {what}: {outcome.title}", soft_wrap=True)
    headings = [verdict.value for verdict in Verdict]
    rows = [
        [name, *(counts.get(heading, 0) for heading in headings)]
        for name, counts in outcome.counts.items()
    ]
    show(["", *(heading.replace("_", " ") for heading in headings)], rows, Format.TABLE)
    if outcome.conflicts:
        out.print(f"In conflict: {', '.join(outcome.conflicts[:20])}", soft_wrap=True)
    if outcome.change_sets_left:
        out.print(f"{outcome.change_sets_left} change-sets stay in the archive, not replayed.")
