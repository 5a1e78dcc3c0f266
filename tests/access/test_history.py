"""What is recorded of every change, and how it is shown."""

from typing import Any

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session, sessionmaker

from app.access.models import Membership, Review
from app.access.reviews import change_review, members_of
from app.access.schemas import ReviewUpdate
from app.coding.models import Concept, ConceptAlias
from app.db import take_numbers
from app.errors import InvalidError, NotFoundError
from app.history.models import Change, Operation
from app.history.reading import changes_of, describe, describe_all, load
from app.history.recording import delete_many, insert_many
from app.history.references import require_present
from app.history.undoing import undo
from tests.access.material import Request, add_concept, counted, last_set, recorded, relabel
from tests.conftest import World


def test_an_insert_keeps_no_copy_of_itself(request_of: Request, review_id: int) -> None:
    with request_of() as session:
        add_concept(session, review_id, "trust")
        assert recorded(session, review_id) == [(Operation.INSERT, "K1", None)]


def test_an_update_keeps_only_what_changed(request_of: Request, review_id: int) -> None:
    with request_of() as session:
        add_concept(session, review_id, "trust", referent="between partners")
    with request_of() as session:
        concept = session.get_one(Concept, (review_id, 1))
        concept.label, concept.version = "faith", concept.version + 1
        session.flush()
        assert recorded(session, review_id) == [(Operation.UPDATE, "K1", {"label": "trust"})]


def test_a_delete_keeps_the_whole_row(request_of: Request, review_id: int) -> None:
    with request_of() as session:
        add_concept(session, review_id, "trust", colour="#aabbcc")
    with request_of() as session:
        session.delete(session.get_one(Concept, (review_id, 1)))
        session.flush()
        ((operation, thing, before),) = recorded(session, review_id)
    assert (operation, thing) == (Operation.DELETE, "K1")
    assert set(before) == set(Concept.__table__.columns.keys())
    assert (before["label"], before["colour"], before["origin"]) == ("trust", "#aabbcc", "new")


def test_a_write_that_changes_nothing_is_not_recorded(request_of: Request, review_id: int) -> None:
    with request_of() as session:
        add_concept(session, review_id, "trust")
    with request_of() as session:
        before = last_set(session, review_id)
        session.get_one(Concept, (review_id, 1)).label = "trust"
        session.flush()
        assert last_set(session, review_id) == before


def test_one_request_is_one_change_set_in_the_order_of_its_writes(
    request_of: Request, review_id: int
) -> None:
    with request_of() as session:
        before = last_set(session, review_id)
        for label in ("trust", "faith"):
            add_concept(session, review_id, label)
        changes = changes_of(session, review_id, before + 1)
        assert [(c.n, c.aggregate_id) for c in changes] == [(1, 1), (2, 2)]
        assert last_set(session, review_id) == before + 1


def test_bulk_verbs_record_what_they_do(request_of: Request, review_id: int) -> None:
    with request_of() as session:
        add_concept(session, review_id, "trust")
    alias = {"review_id": review_id, "concept_id": 1}
    rows = [alias | {"label": name, "label_key": name} for name in ("a", "b")]
    with request_of() as session:
        insert_many(session, ConceptAlias, rows)
        assert recorded(session, review_id) == [(Operation.INSERT, "K1", None)] * 2
    with request_of() as session:
        assert delete_many(session, ConceptAlias, [ConceptAlias.review_id == review_id]) == 2
        assert recorded(session, review_id) == [(Operation.DELETE, "K1", row) for row in rows]
    with request_of() as session:
        undo(session, review_id, last_set(session, review_id))
        assert len(session.scalars(select(ConceptAlias)).all()) == 2


@pytest.mark.parametrize(
    "statement",
    [
        update(Concept).values(label="x"),
        update(Concept.__table__).values(label="x"),  # type: ignore[arg-type]
        insert(Concept).values(review_id=1, id=1, label="x"),
        Concept.__table__.delete(),  # type: ignore[attr-defined]
    ],
    ids=str,
)
def test_statements_history_cannot_see_are_refused(
    request_of: Request, review_id: int, statement: Any
) -> None:
    with request_of() as session:
        add_concept(session, review_id, "trust")
        with pytest.raises(RuntimeError, match="concept is tracked"):
            session.execute(statement)
        assert session.scalars(select(Concept.label)).all() == ["trust"]


def test_numbers_are_never_given_again(request_of: Request, review_id: int) -> None:
    with request_of() as session:
        add_concept(session, review_id, "trust")
    with request_of() as session:
        session.delete(session.get_one(Concept, (review_id, 1)))
    with request_of() as session:
        assert add_concept(session, review_id, "faith").id == 2
        with pytest.raises(NotFoundError, match="no K3"):
            load(session, Concept, review_id, 3)


def test_a_number_taken_and_never_used_was_not_deleted(request_of: Request, review_id: int) -> None:
    with request_of() as session:
        take_numbers(session, review_id, "K", 5)
        with pytest.raises(NotFoundError, match="no K4"):
            load(session, Concept, review_id, 4)


def test_shows_each_change_as_it_was_then(request_of: Request, review_id: int) -> None:
    with request_of() as session:
        add_concept(session, review_id, "a")
    sets = relabel(request_of, review_id, "b", "c")
    with request_of() as session:
        shown = [
            describe(session, change)
            for number in (sets[0] - 1, *sets)
            for change in changes_of(session, review_id, number)
        ]
    assert shown[0].after is not None
    assert shown[0].after["label"] == "a"
    assert [(s.before, s.after) for s in shown[1:]] == [
        ({"label": "a"}, {"label": "b"}),
        ({"label": "b"}, {"label": "c"}),
    ]


def test_nothing_is_recorded_of_what_was_rolled_back(
    sessions: sessionmaker[Session], review_id: int
) -> None:
    with sessions() as session:
        before = last_set(session, review_id)
        add_concept(session, review_id, "trust")
        session.rollback()
        assert last_set(session, review_id) == before
        add_concept(session, review_id, "faith")
        session.commit()
        assert recorded(session, review_id) == [(Operation.INSERT, "K1", None)]


def test_functions_and_history_agree_on_the_members(
    world: World, request_of: Request, review_id: int
) -> None:
    with request_of() as session:
        review = session.get_one(Review, review_id)
        change_review(session, review, ReviewUpdate(title="Faith"))
        assert len(members_of(session, review)) == 4
        rows = session.scalars(select(Change).where(Change.table_name == "membership")).all()
        assert len(rows) == len(session.scalars(select(Membership)).all()) == 4


def test_only_as_many_absent_numbers_are_explained_as_are_told(
    request_of: Request, review_id: int
) -> None:
    named = [(f"items.{n}", n) for n in range(1, 1_001)]
    with (
        request_of() as session,
        counted(session) as statements,
        pytest.raises(InvalidError) as caught,
    ):
        require_present(session, Concept, review_id, named)
    assert len(caught.value.fields) == 100
    assert len(statements) < 110


def test_shows_what_came_and_went_within_one_change_set(
    request_of: Request, review_id: int
) -> None:
    with request_of() as session:
        concept = add_concept(session, review_id, "a")
        concept.label = "b"
        session.flush()
        session.delete(concept)
        session.flush()
        changes = changes_of(session, review_id, last_set(session, review_id))
        shown = describe_all(session, changes)
    assert [s.operation for s in shown] == [Operation.INSERT, Operation.UPDATE, Operation.DELETE]
    labels = [s.after["label"] if s.after else None for s in shown]
    assert labels == ["a", "b", None]
