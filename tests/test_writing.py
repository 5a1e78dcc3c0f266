"""Writers of one process stand in line, and nobody who only reads waits for them."""

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.access.models import Review
from app.access.reviews import add_review
from app.access.schemas import ReviewCreate, UserCreate
from app.access.service import add_user
from app.db import begin_reading, begin_writing, make_engine, make_sessions, take_numbers
from app.errors import BusyError
from app.migrations import upgrade
from tests.conftest import cheap_settings

MANY = 30
"""More than there are connections."""


@pytest.fixture
def file_sessions(tmp_path: Path) -> Iterator[sessionmaker[Session]]:
    """Sessions on a SQLite file of their own with one review."""
    settings = cheap_settings(tmp_path)
    engine = make_engine(settings)
    upgrade(engine)
    sessions = make_sessions(engine)
    with sessions() as session:
        begin_writing(session)
        user = add_user(session, UserCreate(email="a@example.org", name="A"), settings)
        add_review(session, user, ReviewCreate(slug="one", title="One"))
        session.commit()
    yield sessions
    engine.dispose()


def test_readers_are_served_while_more_writers_wait_than_there_are_connections(
    file_sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.db.PATIENCE", 300)  # machines are shared
    taken = []

    def write() -> None:
        with file_sessions() as session:
            taken.append(take_numbers(begin_writing(session), 1, "X"))
            session.commit()

    threads = [Thread(target=write) for _ in range(MANY)]
    with file_sessions() as first:
        begin_writing(first)
        for thread in threads:
            thread.start()
        with file_sessions() as reader:
            assert begin_reading(reader).scalar(select(Review.slug)) == "one"
        assert taken == []
        first.commit()
    for thread in threads:
        thread.join()
    assert sorted(taken) == list(range(1, MANY + 1))


def test_a_writer_who_waits_too_long_is_refused_and_the_next_one_is_let_in(
    file_sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.turns.PATIENCE", 0)
    with file_sessions() as first:
        begin_writing(first)
        with file_sessions() as second, pytest.raises(BusyError, match="try again"):
            begin_writing(second)
        first.rollback()
    with file_sessions() as third:
        take_numbers(begin_writing(third), 1, "X")
        third.commit()
