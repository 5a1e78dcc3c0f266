"""Real servers on databases of their own, which tests may kill."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import Engine, text

from app.access.models import TokenScope
from app.access.reviews import add_review
from app.access.schemas import ReviewCreate, TokenCreate
from app.access.service import issue_token
from app.cli.terminal import local_user
from app.config import Settings
from app.db import begin_writing, make_engine, make_sessions
from app.migrations import upgrade
from tests.conftest import STORES

ROOT = Path(__file__).parents[2]
PATIENCE = 40.0


@dataclass
class Place:
    """A store of its own, the commands on it, and at most one server."""

    folder: Path
    url: str
    environment: dict[str, str]
    server: subprocess.Popen[bytes] | None = None
    port: int = 0
    token: str = ""
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        return Settings(data_dir=self.folder, database_url=self.url)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command as a person would."""
        return subprocess.run(
            [sys.executable, "-m", "app.cli", *words],
            cwd=ROOT,
            env=self.environment | self.extra,
            capture_output=True,
            text=True,
            check=False,
        )

    def command(self, *words: str) -> str:
        done = self.run(*words)
        assert done.returncode == 0, (words, done.stdout, done.stderr)
        return done.stdout.strip()

    def start(self) -> None:
        """Serve on a free port and wait until the database answers."""
        self.port = free_port()
        with self.log.open("ab") as log:
            self.server = subprocess.Popen(
                [sys.executable, "-m", "app.cli", "serve", "--port", str(self.port)],
                cwd=ROOT,
                env=self.environment | self.extra,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                if httpx2.get(f"{self.home}/readyz").status_code == 200:
                    return
            except httpx2.TransportError:
                assert self.server.poll() is None, self.log.read_text()
                time.sleep(0.05)
        raise AssertionError("the server did not come up")

    def kill(self) -> None:
        """End the server as a power cut would."""
        if self.server is not None:
            self.server.kill()
            self.server.wait()
            self.server = None

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def home(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self) -> httpx2.Client:
        return httpx2.Client(
            base_url=f"{self.home}/api/v1/reviews/faults",
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=PATIENCE,
        )

    def sources(self) -> list[dict[str, Any]]:
        """Read every source there is."""
        found: list[dict[str, Any]] = []
        with self.client() as client:
            after: int | None = 0
            while after is not None:
                page = client.get("/sources", params={"limit": 500, "after": after}).json()
                found += page["items"]
                after = page["next"]
        return found


def furnish(settings: Settings) -> str:
    """Make the tables, a review, and a token of its owner: this machine's user."""
    engine = make_engine(settings)
    upgrade(engine)
    with make_sessions(engine)() as session:
        user = local_user(begin_writing(session), settings)
        add_review(session, user, ReviewCreate(slug="faults", title="Faults"))
        wish = TokenCreate(name="faults", scope=TokenScope.WRITE)
        _, token = issue_token(session, user, wish)
        session.commit()
    engine.dispose()
    return token


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture(params=STORES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """A review called faults on a store of this test's own; no server runs yet."""
    chosen = request.config.getoption("--store")
    if chosen and request.param not in chosen:
        pytest.skip(f"only on {chosen}")
    url = ""
    admin = None
    if request.param == "postgresql":
        admin, url = own_database(request.getfixturevalue("postgresql_url"), tmp_path)
    environment = os.environ | {
        "RETRODUCE_DATA_DIR": str(tmp_path / "data"),
        "RETRODUCE_DATABASE_URL": url,
        "RETRODUCE_LOG_LEVEL": "ERROR",
        "PYTHONPATH": str(ROOT),
    }
    (tmp_path / "data").mkdir()
    found = Place(tmp_path / "data", url, environment)
    found.token = furnish(found.settings)
    yield found
    found.kill()
    if admin is not None:
        with admin.connect() as connection:
            connection.execute(text("DROP DATABASE retroduce_faults WITH (FORCE)"))
        admin.dispose()


def own_database(url: str, folder: Path, name: str = "retroduce_faults") -> tuple[Engine, str]:
    """Make an empty database beside another; return an engine to drop it by, and its URL."""
    admin = make_engine(Settings(data_dir=folder, database_url=url)).execution_options(
        isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    own = admin.url.set(database=name, drivername="postgresql")
    return admin, own.render_as_string(hide_password=False)
