"""Keeping an installation: making and upgrading the database, backups."""

from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Engine

from app.cli.terminal import out
from app.config import Settings
from app.db import make_engine
from app.exchange.backup import back_up, restore_backup
from app.migrations import current_revision, head_revision, is_empty, refuse_old_schema, upgrade


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("init-db")(init_db)
    app.command("upgrade")(upgrade_db)
    app.command()(backup)
    app.command()(restore)


def init_db() -> None:
    """Make the tables in an empty database."""
    engine = make_engine(Settings())
    if not is_empty(engine):
        refuse_old_schema(engine)
        out.print("The database has its tables already.")
        return
    upgrade(engine)
    out.print(f"Made the tables of schema {head_revision()} in {_place(engine)}.", soft_wrap=True)


def upgrade_db(
    *,
    backup: Annotated[bool, typer.Option(help="copy the database first")] = True,
) -> None:
    """Bring the database up to this version, after a backup."""
    settings = Settings()
    engine = make_engine(settings)
    current, head = current_revision(engine), head_revision()
    if current == head:
        out.print(f"The database is at schema {head} already.")
        return
    if current is not None and backup:
        out.print(f"Backup: {back_up(engine, settings).path}", soft_wrap=True)
    upgrade(engine)
    out.print(f"The database is at schema {head} now.")


def backup(
    *,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="the file; else in backups/")
    ] = None,
) -> None:
    """Save database and files in one file, while others go on working."""
    settings = Settings()
    engine = make_engine(settings)
    refuse_old_schema(engine)
    made = back_up(engine, settings, output)
    rows = "" if made.rows is None else f"{made.rows} rows, "
    out.print(f"Saved and checked ({rows}{made.files} files): {made.path}", soft_wrap=True)


def restore(
    file: Annotated[Path, typer.Argument(help="what `retroduce backup` wrote")],
) -> None:
    """Put a backup into an empty installation, after checking it."""
    settings = Settings()
    about = restore_backup(file, settings)
    engine = make_engine(settings)
    out.print(f"Restored what was saved at {about['made_at']} in {_place(engine)}.", soft_wrap=True)
    if current_revision(engine) != head_revision():
        out.print("Its tables are of an earlier version; run `retroduce upgrade`.")


def _place(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=True)
