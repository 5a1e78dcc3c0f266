"""Requests of the owner, straight to the functions."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.history.recording import ledger
from tests.access.material import Request
from tests.conftest import World


@pytest.fixture
def request_of(world: World, sessions: sessionmaker[Session]) -> Request:
    """Open what stands for one request of the owner: a session of its own, then a commit."""

    @contextmanager
    def request() -> Iterator[Session]:
        with sessions() as session:
            ledger(session).actor_id = world.users["owner"].id
            yield session
            session.commit()

    return request


@pytest.fixture
def review_id(world: World) -> int:
    return world.review.id
