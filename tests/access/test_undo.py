"""What brings a change back, and what refuses to."""

import pytest
from sqlalchemy import select

from app.coding.models import Concept, ConceptDefinition
from app.db import take_numbers
from app.errors import GoneError, UndoConflictError
from app.history.models import Change, ChangeSet
from app.history.reading import changes_of, describe_all, load
from app.history.recording import delete_many
from app.history.undoing import restore, undo
from app.library.models import Source
from app.theory.models import Configuration, Element, Evidence
from app.theory.vocabulary import Role, Stance, Template
from tests.access.material import (
    ANY,
    Request,
    add_concept,
    counted,
    last_set,
    newest,
    relabel,
    take_back,
)
from tests.conftest import Door, World


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


def test_undo_names_what_it_needs_and_is_gone(world: World, owner: Door) -> None:
    base = world.base
    for label in ("trust", "faith"):
        assert owner.post(f"{base}/concepts", json={"label": label}).status_code == 201
    element = {"role": "context", "wording": "they trust", "concept_id": 1}
    assert owner.post(f"{base}/configurations", json={"elements": [element]}).status_code == 201
    for change in ({"concept_id": 2}, {"wording": "they believe"}):
        moved = owner.patch(f"{base}/configurations/1/elements/1", json=change, headers=ANY)
        assert moved.status_code == 200, moved.text
    wording = newest(world)
    gone = owner.delete(f"{base}/configurations/1/elements/1", headers=ANY)
    assert gone.status_code in {200, 204}
    removed = newest(world)
    assert owner.delete(f"{base}/concepts/2", headers=ANY).status_code == 204
    deleted = newest(world)
    refused = owner.post(f"{base}/history/{removed}/undo")
    assert (refused.status_code, refused.json()["code"]) == (409, "undo_conflict")
    assert refused.json()["detail"].startswith(f"K2 is needed and was deleted in H{deleted};")
    assert refused.json()["blocking"] == [
        {"change_set": deleted, "table": "concept", "row": "[2]", "of": "K2"}
    ]
    assert take_back(owner, world, deleted) == take_back(owner, world, removed) == (200, "")
    moving = wording - 1
    assert take_back(owner, world, wording)[0] == take_back(owner, world, moving)[0] == 200
    element_now = owner.get(f"{base}/configurations/1").json()["elements"][0]
    assert (element_now["concept_id"], element_now["wording"]) == (1, "they trust")


def test_undo_names_the_part_it_needs_and_is_gone(world: World, owner: Door) -> None:
    base = world.base
    parts = [{"role": role, "wording": role} for role in ("mechanism", "outcome")]
    assert owner.post(f"{base}/configurations", json={"elements": parts}).status_code == 201
    outcome = f"{base}/configurations/1/elements/2"
    for named in (1, None):
        moved = owner.patch(outcome, json={"mechanism_n": named}, headers=ANY)
        assert moved.status_code == 200, moved.text
    emptied = newest(world)
    gone = owner.delete(f"{base}/configurations/1/elements/1", headers=ANY)
    assert gone.status_code in {200, 204}
    refused = owner.post(f"{base}/history/{emptied}/undo")
    assert (refused.status_code, refused.json()["code"]) == (409, "undo_conflict")
    assert refused.json()["detail"].startswith("element 1 of C1 is needed")


def test_the_making_of_a_review_is_taken_back_only_while_nothing_else_stands(
    world: World, owner: Door
) -> None:
    made = owner.post("/api/v1/reviews", json={"slug": "short-lived", "title": "T"})
    base = "/api/v1/reviews/short-lived"
    assert made.status_code == 201
    assert owner.post(f"{base}/concepts", json={"label": "trust"}).status_code == 201
    refused = owner.post(f"{base}/history/1/undo")
    assert (refused.status_code, refused.json()["code"]) == (409, "undo_conflict")
    assert "H2" in refused.json()["detail"]
    assert owner.post(f"{base}/history/2/undo").status_code == 200
    assert owner.post(f"{base}/history/1/undo").status_code == 200
    assert owner.get(base).status_code == 410
