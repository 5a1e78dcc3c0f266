"""Changes to look back at: concepts added and renamed, and what is asked of their history."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.coding.models import Concept
from app.db import take_numbers
from app.history.models import ChangeSet, Operation
from app.history.reading import changes_of
from tests.conftest import Door, World

Request = Callable[[], Any]
ANY = {"If-Match": "*"}


def add_concept(session: Session, review_id: int, label: str, **values: Any) -> Concept:
    number = take_numbers(session, review_id, "K")
    concept = Concept(review_id=review_id, id=number, label=label, text_key=label, **values)
    session.add(concept)
    session.flush()
    return concept


def last_set(session: Session, review_id: int) -> int:
    sets = select(ChangeSet.id).where(ChangeSet.review_id == review_id)
    return session.scalars(sets.order_by(ChangeSet.id.desc())).first() or 0


def recorded(session: Session, review_id: int) -> list[tuple[Operation, str, Any]]:
    """The lines of the newest change-set: operation, thing, before."""
    changes = changes_of(session, review_id, last_set(session, review_id))
    return [(c.operation, f"{c.aggregate_kind}{c.aggregate_id}", c.before) for c in changes]


def relabel(request_of: Request, review_id: int, *labels: str, number: int = 1) -> list[int]:
    """Give a concept one label after the other; return the change-sets."""
    sets = []
    for label in labels:
        with request_of() as session:
            session.get_one(Concept, (review_id, number)).label = label
            session.flush()
            sets.append(last_set(session, review_id))
    return sets


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    """Collect the statements sent meanwhile."""
    statements: list[str] = []
    engine = session.connection().engine

    def note(*seen: Any) -> None:
        statements.append(seen[2])

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def take_back(door: Door, world: World, number: int) -> tuple[int, str]:
    answer = door.post(f"{world.base}/history/{number}/undo")
    return answer.status_code, answer.json().get("code", "")


def newest(world: World) -> int:
    items = world.door("owner").get(f"{world.base}/history?limit=500").json()["items"]
    number: int = items[-1]["id"]
    return number
