"""What is recorded of every change, what brings it back, and what refuses to."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, insert, select, update
from sqlalchemy.orm import Session, sessionmaker

from app.access.models import Membership, Review
from app.access.reviews import change_review, members_of
from app.access.schemas import ReviewUpdate
from app.coding.models import Concept, ConceptAlias, ConceptDefinition
from app.db import take_numbers
from app.errors import GoneError, InvalidError, NotFoundError, UndoConflictError
from app.history.models import Change, ChangeSet, Operation
from app.history.reading import changes_of, describe, describe_all, load
from app.history.recording import delete_many, insert_many, ledger, update_many
from app.history.references import require_present
from app.history.undoing import restore, undo
from app.library.models import Source
from app.theory.models import Configuration, Element, Evidence
from app.theory.vocabulary import Role, Stance, Template
from tests.conftest import Door, World

Request = Callable[[], Any]


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
        where = [Concept.review_id == review_id]
        assert update_many(session, Concept, where, kind="x", version=Concept.version + 1) == 1
        assert recorded(session, review_id) == [(Operation.UPDATE, "K1", {"kind": None})]
        assert session.get_one(Concept, (review_id, 1)).version == 2
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


def test_undo_takes_back_whatever_a_change_set_did(request_of: Request, review_id: int) -> None:
    with request_of() as session:
        add_concept(session, review_id, "kept")
        add_concept(session, review_id, "deleted")
    with request_of() as session:
        kept = session.get_one(Concept, (review_id, 1))
        kept.label = "once"
        session.flush()
        kept.label = "twice"
        session.delete(session.get_one(Concept, (review_id, 2)))
        add_concept(session, review_id, "new")
        session.delete(add_concept(session, review_id, "there and gone"))
    with request_of() as session:
        number = last_set(session, review_id)
        new = undo(session, review_id, number)
        assert session.get_one(ChangeSet, (review_id, new)).undoes == number
    with request_of() as session:
        labels = select(Concept.label).order_by(Concept.id)
        assert session.scalars(labels).all() == ["kept", "deleted"]
        assert session.get_one(Concept, (review_id, 1)).version == 2
        assert take_numbers(session, review_id, "K") == 5


def test_undo_of_an_undo_does_it_again(request_of: Request, review_id: int) -> None:
    with request_of() as session:
        add_concept(session, review_id, "trust")
    with request_of() as session:
        session.get_one(Concept, (review_id, 1)).label = "faith"
    for expected in ("trust", "faith", "trust"):
        with request_of() as session:
            undo(session, review_id, last_set(session, review_id))
            assert session.get_one(Concept, (review_id, 1)).label == expected


def relabel(request_of: Request, review_id: int, *labels: str, number: int = 1) -> list[int]:
    """Give a concept one label after the other; return the change-sets."""
    sets = []
    for label in labels:
        with request_of() as session:
            session.get_one(Concept, (review_id, number)).label = label
            session.flush()
            sets.append(last_set(session, review_id))
    return sets


def test_undo_is_refused_naming_what_changed_since(request_of: Request, review_id: int) -> None:
    with request_of() as session:
        add_concept(session, review_id, "a")
    first, second, third = relabel(request_of, review_id, "b", "c", "d")
    with request_of() as session, pytest.raises(UndoConflictError) as caught:
        undo(session, review_id, first)
    assert f"K1 changed again in H{second}, H{third}" in str(caught.value)
    assert [b["change_set"] for b in caught.value.extra["blocking"]] == [second, third]
    for number in (third, second, first):
        with request_of() as session:
            undo(session, review_id, number)
    with request_of() as session:
        assert session.get_one(Concept, (review_id, 1)).label == "a"


def test_what_was_done_again_blocks_again(request_of: Request, review_id: int) -> None:
    with request_of() as session:
        add_concept(session, review_id, "a")
    first, second = relabel(request_of, review_id, "b", "c")
    with request_of() as session:
        undone = undo(session, review_id, second)
    with request_of() as session:
        undo(session, review_id, undone)
    with request_of() as session, pytest.raises(UndoConflictError):
        undo(session, review_id, first)


def test_a_change_taken_back_in_part_still_blocks_where_it_stands(
    request_of: Request, review_id: int
) -> None:
    with request_of() as session:
        add_concept(session, review_id, "a")
        add_concept(session, review_id, "b")
    (first,) = relabel(request_of, review_id, "a2")
    with request_of() as session:
        session.get_one(Concept, (review_id, 1)).label = "a3"
        session.delete(session.get_one(Concept, (review_id, 2)))
    with request_of() as session:
        restore(session, review_id, "K", 2)
    with request_of() as session, pytest.raises(UndoConflictError):
        undo(session, review_id, first)
    with request_of() as session:
        assert session.get_one(Concept, (review_id, 1)).label == "a3"


def test_restore_brings_a_thing_back_with_its_parts(request_of: Request, review_id: int) -> None:
    with request_of() as session:
        parent = add_concept(session, review_id, "trust", last_definition=1)
        add_concept(session, review_id, "faith", parent_id=parent.id)
        definition = {"review_id": review_id, "concept_id": 1, "n": 1, "text": "a belief"}
        session.add(ConceptDefinition(**definition))
    with request_of() as session:
        delete_many(session, ConceptDefinition, [ConceptDefinition.review_id == review_id])
        for number in (2, 1):
            session.delete(session.get_one(Concept, (review_id, number)))
            session.flush()
    with request_of() as session:
        with pytest.raises(GoneError) as caught:
            load(session, Concept, review_id, 1)
        assert caught.value.extra["restore"] == {"kind": "K", "number": 1}
        restore(session, review_id, "K", 1)
    with request_of() as session:
        assert load(session, Concept, review_id, 1).last_definition == 1
        assert session.get_one(ConceptDefinition, (review_id, 1, 1)).text == "a belief"
        assert session.get(Concept, (review_id, 2)) is None
        restore(session, review_id, "K", 2)
        assert load(session, Concept, review_id, 2).parent_id == 1


def test_parents_come_back_before_their_children(request_of: Request, review_id: int) -> None:
    with request_of() as session:
        for number in range(1, 4):
            add_concept(session, review_id, str(number), parent_id=number - 1 or None)
    with request_of() as session:
        for number in (3, 2, 1):
            session.delete(session.get_one(Concept, (review_id, number)))
            session.flush()
    with request_of() as session:
        undo(session, review_id, last_set(session, review_id))
        parents = select(Concept.parent_id).order_by(Concept.id)
        assert session.scalars(parents).all() == [None, 1, 2]


def test_a_configuration_comes_back_with_elements_and_evidence(
    request_of: Request, review_id: int
) -> None:
    of = {"review_id": review_id, "configuration_id": 1}
    with request_of() as session:
        source = {"cite_key": "k", "type": "book", "title": "B", "text_key": "b", "authors": []}
        session.add(Source(review_id=review_id, id=1, **source))
        session.add(Configuration(review_id=review_id, id=1, template=Template.CMO))
        session.flush()
        session.add(Element(**of, n=1, role=Role.CONTEXT, wording="w", wording_key="w"))
        session.add(Evidence(**of, n=1, source_id=1, stance=Stance.SUPPORTS))
    with request_of() as session:
        for model in (Evidence, Element):
            delete_many(session, model, [model.review_id == review_id])
        session.delete(session.get_one(Configuration, (review_id, 1)))
    with request_of() as session:
        undo(session, review_id, last_set(session, review_id))
    with request_of() as session:
        assert session.get_one(Evidence, (review_id, 1, 1)).stance is Stance.SUPPORTS
        assert session.get_one(Element, (review_id, 1, 1)).role is Role.CONTEXT
        changed = session.scalars(select(Change).where(Change.table_name == "evidence")).all()
        assert {c.row_key for c in changed} == {"[1,1]"}


def test_version_and_part_counters_never_go_back(request_of: Request, review_id: int) -> None:
    of = {"review_id": review_id, "configuration_id": 1}

    def now() -> tuple[int, int]:
        with request_of() as session:
            found = session.get_one(Configuration, (review_id, 1))
            return found.version, found.last_element

    with request_of() as session:
        session.add(Configuration(review_id=review_id, id=1, template=Template.CMO, last_element=1))
        session.flush()
        session.add(Element(**of, n=1, role=Role.CONTEXT, wording="w", wording_key="w"))
    with request_of() as session:
        delete_many(session, Element, [Element.review_id == review_id])
        session.delete(session.get_one(Configuration, (review_id, 1)))
        session.flush()
        deleted = last_set(session, review_id)
    with request_of() as session:
        restored = restore(session, review_id, "C", 1)
    with request_of() as session:
        configuration = session.get_one(Configuration, (review_id, 1))
        configuration.last_element, configuration.version = 2, configuration.version + 1
        session.add(Element(**of, n=2, role=Role.CONTEXT, wording="v", wording_key="v"))
        session.flush()
        added = last_set(session, review_id)
    with request_of() as session:
        undo(session, review_id, added)
    before = now()
    with request_of() as session:
        undo(session, review_id, restored)
    with request_of() as session:
        undo(session, review_id, deleted)
    assert now() == (before[0] + 1, 2)


def test_undo_leaves_the_version_of_what_is_still_there(
    request_of: Request, review_id: int
) -> None:
    values = {"review_id": review_id, "id": 1, "label": "a", "text_key": "a"}
    with request_of() as session:
        session.add(Concept(**values, version=1))
    with request_of() as session:
        session.delete(session.get_one(Concept, (review_id, 1)))
        session.flush()
        session.add(Concept(**values | {"label": "b"}, version=7, last_definition=3))
    with request_of() as session:
        undo(session, review_id, last_set(session, review_id))
    with request_of() as session:
        concept = session.get_one(Concept, (review_id, 1))
        assert (concept.label, concept.version, concept.last_definition) == ("a", 8, 3)


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


def take_back(door: Door, world: World, number: int) -> tuple[int, str]:
    answer = door.post(f"{world.base}/history/{number}/undo")
    return answer.status_code, answer.json().get("code", "")


def newest(world: World) -> int:
    items = world.door("owner").get(f"{world.base}/history?limit=500").json()["items"]
    number: int = items[-1]["id"]
    return number


def test_only_an_owner_takes_back_what_an_owner_did_to_members(
    world: World, owner: Door, editor: Door
) -> None:
    coder = f"{world.base}/members/{world.users['coder'].id}"
    assert owner.put(coder, json={"role": "editor"}).status_code == 200
    number = newest(world)
    assert take_back(editor, world, number) == (403, "forbidden")
    assert take_back(world.door("reader"), world, number) == (403, "forbidden")
    assert take_back(world.door("stranger"), world, number) == (404, "not_found")
    assert take_back(owner, world, number) == (200, "")
    roles = {m["user_id"]: m["role"] for m in owner.get(f"{world.base}/members").json()}
    assert roles[world.users["coder"].id] == "coder"


def test_undo_never_leaves_a_review_without_owner(world: World, owner: Door, editor: Door) -> None:
    heir, first = (f"{world.base}/members/{world.users[n].id}" for n in ("editor", "owner"))
    assert owner.put(heir, json={"role": "owner"}).status_code == 200
    number = newest(world)
    assert editor.put(first, json={"role": "reader"}).status_code == 200
    assert take_back(editor, world, number) == (409, "conflict")
    assert editor.delete(heir).status_code == 409


def test_undo_never_takes_away_the_review_itself(
    world: World, owner: Door, session: Session
) -> None:
    owner.post("/api/v1/reviews", json={"slug": "mergers", "title": "Mergers"})
    answer = owner.post("/api/v1/reviews/mergers/history/1/undo")
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert "delete the review" in answer.json()["detail"]
    assert owner.get("/api/v1/reviews/mergers").status_code == 200


def test_undo_of_what_is_not_there(world: World, owner: Door) -> None:
    assert take_back(owner, world, 4711) == (404, "not_found")
    wish = {"kind": "K", "number": 1}
    answer = owner.post(f"{world.base}/history/restore", json=wish)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_conflict_is_answered_naming_the_change_sets(world: World, owner: Door) -> None:
    for title in ("b", "c"):
        owner.patch(world.base, json={"title": title}, headers={"If-Match": "*"})
    number = newest(world)
    answer = owner.post(f"{world.base}/history/{number - 1}/undo")
    assert (answer.status_code, answer.json()["code"]) == (409, "undo_conflict")
    assert [(b["change_set"], b["table"]) for b in answer.json()["blocking"]] == [
        (number, "review")
    ]
    assert owner.get(world.base).json()["title"] == "c"


def test_history_can_be_filtered_and_paged(world: World, owner: Door) -> None:
    owner.patch(world.base, json={"title": "b"}, headers={"If-Match": "*"})
    history = f"{world.base}/history"
    total = owner.get(f"{history}?count=true").json()["total"]
    assert total == len(owner.get(history).json()["items"]) >= 2
    assert owner.get(f"{history}?channel=cli").json()["items"] == []
    assert owner.get(f"{history}?since=2000-01-01T00:00:00Z&count=true").json()["total"] == total
    assert owner.get(f"{history}?until=2000-01-01T00:00:00Z").json()["items"] == []
    assert owner.get(f"{history}?actor_id={world.users['coder'].id}").json()["items"] == []
    page = owner.get(f"{history}?limit=1").json()
    assert len(page["items"]) == 1
    after = owner.get(f"{history}?after={page['next']}").json()["items"]
    assert len(after) == total - 1


def test_functions_and_history_agree_on_the_members(
    world: World, request_of: Request, review_id: int
) -> None:
    with request_of() as session:
        review = session.get_one(Review, review_id)
        change_review(session, review, ReviewUpdate(title="Faith"))
        assert len(members_of(session, review)) == 4
        rows = session.scalars(select(Change).where(Change.table_name == "membership")).all()
        assert len(rows) == len(session.scalars(select(Membership)).all()) == 4


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


def test_many_rows_are_taken_back_and_shown_with_few_queries(
    request_of: Request, review_id: int
) -> None:
    with request_of() as session:
        for number in range(1, 301):
            add_concept(
                session,
                review_id,
                str(number),
                parent_id=(number - 1) if (number - 1) % 10 else None,
            )
    with request_of() as session, counted(session) as statements:
        made = last_set(session, review_id)
        undone = undo(session, review_id, made)
        session.commit()
        assert session.scalars(select(Concept)).all() == []
        undo(session, review_id, undone)
        session.commit()
        describe_all(session, changes_of(session, review_id, made))
        concepts = session.scalars(select(Concept).order_by(Concept.id)).all()
        assert [c.parent_id for c in concepts[:3]] == [None, 1, 2]
        assert len(concepts) == 300
    assert len(statements) < 150


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


def test_a_long_change_set_is_shown_in_pages(
    world: World, owner: Door, request_of: Request, review_id: int
) -> None:
    with request_of() as session:
        rows = [
            {"review_id": review_id, "id": n, "label": f"{n}", "text_key": f"{n}", "origin": "new"}
            for n in range(1, 1_002)
        ]
        insert_many(session, Concept, rows)
        number = last_set(session, review_id)
    seen: list[int] = []
    after: int | None = 0
    sizes = []
    while after is not None:
        answer = owner.get(f"{world.base}/history/{number}?after={after}").json()
        after = answer["next"]
        sizes.append(len(answer["changes"]))
        seen += [change["aggregate_id"] for change in answer["changes"]]
        assert all(c["after"]["label"] == str(c["aggregate_id"]) for c in answer["changes"])
    assert sizes == [500, 500, 1]
    assert seen == list(range(1, 1_002))


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


@pytest.mark.parametrize("wish", ["number=1", "number=1&channel=api"])
def test_a_number_without_its_kind_is_refused(world: World, owner: Door, wish: str) -> None:
    answer = owner.get(f"{world.base}/history?{wish}")
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["query.number"]
    assert owner.get(f"{world.base}/history?kind=K&number=1").status_code == 200


def test_undo_names_what_still_refers_to_what_it_would_unmake(world: World, owner: Door) -> None:
    owner.post(f"{world.base}/concepts", json={"label": "trust"})
    made = owner.get(f"{world.base}/history?limit=500").json()["items"][-1]["id"]
    coded = {"elements": [{"role": "outcome", "wording": "trust grows", "concept_id": 1}]}
    assert owner.post(f"{world.base}/configurations", json=coded).status_code == 201
    refused = owner.post(f"{world.base}/history/{made}/undo")
    assert (refused.status_code, refused.json()["code"]) == (409, "still_in_use")
    assert "C1" in refused.json()["detail"]


def test_restoring_what_is_there_says_so(world: World, owner: Door) -> None:
    owner.post(f"{world.base}/sources", json={"title": "On trust"})
    owner.delete(f"{world.base}/sources/1", headers={"If-Match": "*"})
    wish = {"kind": "S", "number": 1}
    assert owner.post(f"{world.base}/history/restore", json=wish).status_code == 200
    again = owner.post(f"{world.base}/history/restore", json=wish)
    assert again.status_code == 409
    assert "S1 is there" in again.json()["detail"]
