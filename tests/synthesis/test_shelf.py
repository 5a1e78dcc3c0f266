"""What is kept of a review between questions is never older than the review itself."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from app.access.models import Review
from app.access.reviews import add_review
from app.access.schemas import ReviewCreate, UserCreate
from app.access.service import add_user
from app.coding.models import Concept
from app.config import Settings
from app.db import begin_reading, begin_writing, make_engine, make_sessions, now, take_numbers
from app.fulltext.keeping import rebuild
from app.history.reading import HistoryFilter, select_change_sets
from app.history.undoing import undo
from app.migrations import upgrade
from app.synthesis.columns import Columns, columns_of, read_columns
from app.synthesis.shelf import Shelf
from tests.conftest import cheap_settings

SLUG = "kept-between-questions"


def new_review(engine: Engine, settings: Settings) -> int:
    with writing(engine) as session:
        wish = UserCreate(email=f"{SLUG}@example.org", name="Keeper")
        owner = add_user(session, wish, settings)
        return add_review(session, owner, ReviewCreate(slug=SLUG, title="Kept")).id


@pytest.fixture
def review_id(store: Engine, settings: Settings) -> Iterator[int]:
    """A review really committed, taken out afterwards."""
    number = new_review(store, settings)
    yield number
    with writing(store) as session:
        session.execute(text("DELETE FROM review WHERE id = :id"), {"id": number})
        session.execute(text("DELETE FROM user_account WHERE name = 'Keeper'"))
        rebuild(session)  # the index of words hangs on no key of a review


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    with make_sessions(engine)() as session:
        yield begin_writing(session)
        session.commit()


def ask(engine: Engine, review_id: int) -> Columns:
    with make_sessions(engine)() as session:
        return columns_of(begin_reading(session), review_id)


def labels(columns: Columns) -> list[str]:
    return [concept.label for concept in columns.concepts.values()]


def add_concept(session: Session, review_id: int, label: str) -> None:
    session.get(Review, review_id, with_for_update=True)
    number = take_numbers(session, review_id, "K")
    session.add(Concept(review_id=review_id, id=number, label=label, text_key=label))
    session.flush()


def newest(session: Session, review_id: int) -> int:
    return max(s.id for s in session.scalars(select_change_sets(review_id, HistoryFilter())))


def test_a_review_is_read_once_until_it_changes(store: Engine, review_id: int) -> None:
    first = ask(store, review_id)
    assert ask(store, review_id) is first
    with writing(store) as session:
        add_concept(session, review_id, "trust")
    changed = ask(store, review_id)
    assert labels(changed) == ["trust"]
    assert ask(store, review_id) is changed
    with writing(store) as session:
        undo(session, review_id, newest(session, review_id))
    assert labels(ask(store, review_id)) == []


def test_a_change_taken_back_before_its_end_is_never_kept(store: Engine, review_id: int) -> None:
    before = ask(store, review_id)
    with make_sessions(store)() as session:
        add_concept(begin_writing(session), review_id, "trust")
        assert labels(columns_of(session, review_id)) == ["trust"]
        rolled_back = newest(session, review_id)
        session.rollback()
    assert ask(store, review_id) is before
    with writing(store) as session:
        add_concept(session, review_id, "faith")
        assert newest(session, review_id) == rolled_back  # the number comes again
    assert labels(ask(store, review_id)) == ["faith"]


def test_what_is_not_yet_committed_is_seen_by_its_own_transaction_only(
    store: Engine, review_id: int
) -> None:
    with make_sessions(store)() as writer:
        add_concept(begin_writing(writer), review_id, "trust")
        assert labels(columns_of(writer, review_id)) == ["trust"]
        assert labels(ask(store, review_id)) == []
        writer.commit()
    assert labels(ask(store, review_id)) == ["trust"]


def test_a_transaction_keeps_seeing_the_state_it_began_with(store: Engine, review_id: int) -> None:
    with make_sessions(store)() as reader:
        assert labels(columns_of(begin_reading(reader), review_id)) == []
        with writing(store) as writer:
            add_concept(writer, review_id, "trust")
        assert labels(ask(store, review_id)) == ["trust"]
        assert labels(columns_of(reader, review_id)) == []


def test_a_session_that_goes_on_after_reading_is_not_taken_for_reading(
    store: Engine, review_id: int
) -> None:
    with make_sessions(store)() as session:
        kept = columns_of(begin_reading(session), review_id)
        session.commit()
        assert columns_of(session, review_id) is not kept


def test_two_databases_never_share(
    store: Engine, review_id: int, tmp_path: Path, settings: Settings
) -> None:
    other = make_engine(cheap_settings(tmp_path / "other"))
    upgrade(other)
    number = new_review(other, settings)
    with writing(other) as session:
        add_concept(session, number, "theirs")
    with other.begin() as connection:  # the same numbers and moments in both
        moved = {"old": number, "new": review_id}
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        for table in ("concept", "change_set", "counter", "membership", "change", "text_entry"):
            connection.execute(
                text(f"UPDATE {table} SET review_id = :new WHERE review_id = :old"), moved
            )
        connection.execute(text("UPDATE review SET id = :new WHERE id = :old"), moved)
    assert labels(ask(store, review_id)) == []
    assert labels(ask(other, review_id)) == ["theirs"]
    assert labels(ask(store, review_id)) == []
    other.dispose()


def test_many_may_ask_while_one_writes(store: Engine, review_id: int) -> None:
    def look(_: int) -> int:
        return len(ask(store, review_id).concepts)

    with ThreadPoolExecutor(4) as pool:
        looks = pool.map(look, range(24))
        for number in range(4):
            with writing(store) as session:
                add_concept(session, review_id, str(number))
        assert set(looks) <= set(range(5))
    assert len(ask(store, review_id).concepts) == 4


@pytest.fixture
def columns(review_id: int, store: Engine) -> Columns:
    with make_sessions(store)() as session:
        return read_columns(session, review_id)


def test_no_more_is_kept_than_may_be(columns: Columns, sized: Callable[[int], Columns]) -> None:
    shelf, stamp = Shelf(2_500), (1, now())
    for number in (1, 2):
        shelf.keep(number, stamp, sized(1_000))
    assert shelf.find(1, stamp)  # used last
    shelf.keep(3, stamp, sized(1_000))
    assert [bool(shelf.find(n, stamp)) for n in (1, 2, 3)] == [True, False, True]
    shelf.keep(4, stamp, sized(3_000))
    assert [bool(shelf.find(n, stamp)) for n in (1, 2, 3, 4)] == [True, False, True, False]
    assert shelf.find(1, (1, now())) is None


@pytest.fixture
def sized(columns: Columns) -> Callable[[int], Columns]:
    """Columns that take about so many bytes."""
    bare = columns.size

    def make(size: int) -> Columns:
        told = columns.configuration.itemsize
        grown = columns.configuration.copy()
        grown.resize((size - bare) // told)
        return replace(columns, configuration=grown)

    return make
