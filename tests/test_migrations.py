"""The schema goes up, down and up again with data in it, and start-up refuses a wrong one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Engine, func, inspect, select, text
from sqlalchemy.orm import Session

from app.access.models import MemberRole
from app.access.reviews import add_review, change_review, set_member
from app.access.schemas import ReviewCreate, ReviewUpdate, UserCreate
from app.access.service import add_user
from app.config import shipped
from app.db import begin_writing, make_engine, make_sessions
from app.errors import SchemaError
from app.exchange.archive.arriving import import_archive
from app.fulltext.checking import disagreements
from app.history.models import Change
from app.main import create_app
from app.migrations import (
    check,
    downgrade,
    is_empty,
    metadata,
    migrating,
    refuse_old_schema,
    upgrade,
)
from tests.conftest import STORES, Door, cheap_settings


@pytest.fixture(params=STORES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An engine on a database of this test's own, with nothing in it."""
    chosen = request.config.getoption("--store")
    if chosen and request.param not in chosen:
        pytest.skip(f"only on {chosen}")
    if request.param == "sqlite":
        engine = make_engine(cheap_settings(tmp_path))
        yield engine
        engine.dispose()
        return
    url = request.getfixturevalue("postgresql_url")
    admin = make_engine(cheap_settings(tmp_path, url)).execution_options(
        isolation_level="AUTOCOMMIT"
    )
    name = f"{admin.url.database}_migrations"
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    own = admin.url.set(database=name, drivername="postgresql")
    engine = make_engine(cheap_settings(tmp_path, own.render_as_string(hide_password=False)))
    yield engine
    engine.dispose()
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def fill(session: Session, folder: Path) -> None:
    """Write rows through the functions a request would call."""
    settings = cheap_settings(folder)
    ann = add_user(session, UserCreate(email="ann@example.org", name="Ann"), settings)
    ben = add_user(session, UserCreate(email="ben@example.org", name="Ben"), settings)
    review = add_review(session, ann, ReviewCreate(slug="faith", title="Faith"))
    set_member(session, review, ben, MemberRole.CODER)
    change_review(session, review, ReviewUpdate(title="Trust and faith"))


def take_seed(engine: Engine, folder: Path) -> None:
    """Import the seed review."""
    settings = cheap_settings(folder)
    with make_sessions(engine)() as session:
        begin_writing(session)
        ann = add_user(session, UserCreate(email="ann@example.org", name="Ann"), settings)
        import_archive(session, shipped("seeds") / "trust-and-faith", ann, settings)
        session.commit()


def counts(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            name: connection.scalar(select(func.count()).select_from(table)) or 0
            for name, table in metadata().tables.items()
        }


def test_keeps_the_rows_of_an_earlier_schema(empty: Engine, tmp_path: Path) -> None:
    upgrade(empty)
    take_seed(empty, tmp_path)
    before = counts(empty)
    downgrade(empty, "0001")
    upgrade(empty)
    assert counts(empty) == before
    check(empty)


def test_an_upgrade_writes_the_index_of_an_earlier_version_anew(
    empty: Engine, tmp_path: Path
) -> None:
    upgrade(empty)
    take_seed(empty, tmp_path)
    before = counts(empty)
    downgrade(empty, "0011")
    with empty.begin() as connection:
        connection.execute(text("DELETE FROM text_entry WHERE kind = 'D'"))
    upgrade(empty)
    assert counts(empty) == before
    with make_sessions(empty)() as session:
        assert disagreements(session) == []


def test_goes_up_down_and_up_again_with_data(empty: Engine, tmp_path: Path) -> None:
    for _ in range(2):
        upgrade(empty)
        check(empty)
        with make_sessions(empty)() as session:
            fill(begin_writing(session), tmp_path)
            session.commit()
            assert session.query(Change).count() == 4
        downgrade(empty, "base")
        assert set(inspect(empty).get_table_names()) == {"alembic_version"}


def test_builds_every_table_and_no_trigger(empty: Engine) -> None:
    upgrade(empty)
    assert set(metadata().tables) <= set(inspect(empty).get_table_names())
    triggers = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' "
        "AND name NOT LIKE 'search_index%'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    with empty.connect() as connection:
        assert connection.execute(text(triggers[empty.dialect.name])).all() == []


def test_a_store_keeps_the_key_order_of_the_models(empty: Engine) -> None:
    upgrade(empty)
    inspector = inspect(empty)
    for table in metadata().sorted_tables:
        built = inspector.get_pk_constraint(table.name)["constrained_columns"]
        assert built == [column.name for column in table.primary_key.columns], table.name


def test_an_empty_store_is_refused_naming_the_command(empty: Engine) -> None:
    assert is_empty(empty)
    with pytest.raises(SchemaError, match="retroduce init-db"):
        refuse_old_schema(empty)


def stamp(engine: Engine, revision: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :r"), {"r": revision})


def test_a_newer_store_is_refused_saying_so(empty: Engine) -> None:
    upgrade(empty)
    stamp(empty, "9999")
    with pytest.raises(SchemaError, match="newer than this version"):
        refuse_old_schema(empty)


def test_an_older_store_is_refused_naming_the_command(
    empty: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade(empty)
    monkeypatch.setattr("app.migrations.head_revision", lambda: "9999")
    with pytest.raises(SchemaError, match="retroduce upgrade"):
        refuse_old_schema(empty)


def test_the_right_schema_is_let_through(empty: Engine) -> None:
    upgrade(empty)
    refuse_old_schema(empty)


def test_the_server_does_not_start_on_a_wrong_schema(empty: Engine, tmp_path: Path) -> None:
    app = create_app(cheap_settings(tmp_path), engine=empty)
    with pytest.raises(SchemaError, match="retroduce init-db"), Door(app, None):
        pass
    answer = Door(app, None).get("/readyz")
    assert (answer.status_code, answer.json()["code"]) == (503, "schema_outdated")


def test_rebuilding_a_parent_on_sqlite_keeps_its_children(tmp_path: Path) -> None:
    engine = make_engine(cheap_settings(tmp_path))
    upgrade(engine)
    with make_sessions(engine)() as session:
        begin_writing(session)
        wish = UserCreate(email="ann@example.org", name="Ann")
        ann = add_user(session, wish, cheap_settings(tmp_path))
        add_review(session, ann, ReviewCreate(slug="kept", title="Kept"))
        session.commit()
    with migrating(engine) as connection:
        context = MigrationContext.configure(connection)
        with Operations(context).batch_alter_table("review", recreate="always"):
            pass
    with engine.connect() as connection:
        for table in ("review", "membership", "change_set"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 1
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    engine.dispose()
