"""The schema: bringing a store up to date, checking that it is, writing new migrations.

`python -m app.migrations revision "why"` writes a migration from what the models say.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sqlalchemy import Connection, Engine, MetaData, inspect, text
from sqlalchemy.orm import Session

from app.config import Settings, shipped
from app.db import Base, UtcDateTime, make_engine
from app.errors import SchemaError
from app.fulltext.keeping import fill_if_empty

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from alembic.config import Config

MODEL_MODULES = (
    "app.history.models",
    "app.jobs.models",
    "app.access.models",
    "app.library.models",
    "app.library.search_models",
    "app.library.duplicate_models",
    "app.library.screening_models",
    "app.library.appraisal.models",
    "app.coding.models",
    "app.theory.models",
    "app.theory.link_models",
    "app.theory.programme_models",
    "app.theory.view_models",
    "app.fulltext.models",
)


def metadata() -> MetaData:
    """Return the metadata of every table, whichever module declares it."""
    for name in MODEL_MODULES:
        import_module(name)
    return Base.metadata


def alembic_config(connection: Connection | None = None) -> "Config":
    """Return what alembic needs to find the migrations and the database."""
    from alembic.config import Config

    config = Config(stdout=sys.stdout)
    config.set_main_option("script_location", str(shipped("alembic")).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    if connection is not None:
        config.attributes["connection"] = connection
    return config


def _render(kind: str, item: object, autogen: "AutogenContext") -> str | Literal[False]:
    """Write our moment type into migrations as the plain column type it is."""
    del autogen
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


STORES_OWN = {"text_index", "vector", "ix_text_entry_vector"}
"""What only one of the stores has, for the text index; the models do not know of it."""


def _is_ours(item: object, name: str | None, kind: str, *_: object) -> bool:
    """Say whether a table, column or index is the models' concern."""
    del item, kind
    return name not in STORES_OWN and not (name or "").startswith("text_index_")


def run_with(connection: Connection) -> None:
    """Run what alembic was asked for on an open connection."""
    from alembic import context

    context.configure(
        connection=connection,
        target_metadata=metadata(),
        render_item=_render,
        include_object=_is_ours,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


@contextmanager
def standalone_connection() -> Iterator[Connection]:
    """Open the database of the settings, for the bare alembic command."""
    with migrating(make_engine(Settings())) as connection:
        yield connection


@contextmanager
def migrating(engine: Engine) -> Iterator[Connection]:
    """Open a connection for schema changes.

    On SQLite foreign keys are off while it is open, since a batch change of a parent would
    delete its children, and are checked before the end.
    """
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if is_sqlite:
            _enforce_references(connection, enforce=False)
        yield connection
        if is_sqlite:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                connection.rollback()
                raise SchemaError(f"The migration would break {len(broken)} references.")
        connection.commit()
        if is_sqlite:
            _enforce_references(connection, enforce=True)


def _enforce_references(connection: Connection, *, enforce: bool) -> None:
    """Turn SQLite's foreign keys on or off: past SQLAlchemy, since a BEGIN makes it do nothing."""
    driver = connection.connection.driver_connection
    if driver is None or connection.in_transaction():
        raise SchemaError("Foreign keys can only be switched between transactions.")
    driver.execute(f"PRAGMA foreign_keys={'ON' if enforce else 'OFF'}")


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the schema up to a revision; up to the last, fill what is made from other tables."""
    from alembic import command

    with migrating(engine) as connection:
        command.upgrade(alembic_config(connection), revision)
        if revision == "head":
            with Session(connection) as session, session.begin():
                fill_if_empty(session)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the schema back to a revision."""
    from alembic import command

    with migrating(engine) as connection:
        command.downgrade(alembic_config(connection), revision)


def check(engine: Engine) -> None:
    """Raise when the models say something else than the migrations built."""
    from alembic import command

    with engine.connect() as connection:
        command.check(alembic_config(connection))


def current_revision(engine: Engine) -> str | None:
    """Return the revision a store is at, or null for an empty one."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def revisions() -> list[str]:
    """Return every revision of this version of the program, the first one first.

    Their files' names say them, so that alembic is loaded for migrating only.
    """
    folder = shipped("alembic") / "versions"
    return sorted(path.name.partition("_")[0] for path in folder.glob("[0-9]*.py"))


def head_revision() -> str:
    """Return the revision this version of the program needs."""
    known = revisions()
    if not known:
        raise SchemaError("This installation carries no migrations.")
    return known[-1]


def knows_revision(revision: str) -> bool:
    """Say whether this version of the program has a revision: this one's or an earlier."""
    return revision in revisions()


def is_empty(engine: Engine) -> bool:
    """Say whether a store has no tables at all."""
    return not inspect(engine).get_table_names()


def refuse_old_schema(engine: Engine) -> None:
    """Raise `SchemaError` naming the command that helps, unless the schema is the right one."""
    current, head = current_revision(engine), head_revision()
    if current == head:
        return
    if current is None:
        raise SchemaError("The database has no tables yet; run `retroduce init-db`.")
    if not knows_revision(current):
        raise SchemaError(f"The database (schema {current}) is newer than this version; update it.")
    raise SchemaError(
        f"The database has schema {current}, this version needs {head}; run `retroduce upgrade`, "
        "which makes a backup first."
    )


def write_revision(message: str) -> None:
    """Write a migration from the difference between the models and a store built so far."""
    from alembic import command

    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(Settings(data_dir=Path(folder), database_url=""))
        with migrating(engine) as connection:  # without filling, for the models are ahead
            command.upgrade(alembic_config(connection), "head")
        with engine.connect() as connection:
            number = int(head_revision()) + 1
            config = alembic_config(connection)
            command.revision(config, message, autogenerate=True, rev_id=f"{number:04d}")


if __name__ == "__main__":
    _, verb, why = sys.argv
    if verb != "revision":
        raise SystemExit('usage: python -m app.migrations revision "why"')
    write_revision(why)
