"""A review carried away and back is the same review, on whichever store."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.access.models import Review
from app.config import Settings
from app.exchange.archive.derived import DERIVED
from app.exchange.archive.shape import covered, owned, roots
from app.exchange.archive.staging import stage_archive
from app.history.reading import models
from app.migrations import metadata
from tests.conftest import World
from tests.exchange.material import bring_in, elsewhere, export, files_of, forget, make_rich

SLUG = "trust-and-faith"


@pytest.fixture(scope="module")
def rich(world: World, sessions: sessionmaker[Session]) -> World:
    make_rich(world, sessions)
    return world


def test_every_table_of_a_review_is_in_its_archive() -> None:
    metadata()
    assert covered() == owned()


def test_the_rich_review_has_a_row_in_every_table(rich: World, session: Session) -> None:
    tables = [table for table in metadata().sorted_tables if table.name in owned() - {"review"}]
    here = [table.c.review_id == rich.review.id for table in tables]
    empty = [
        t.name
        for t, own in zip(tables, here, strict=True)
        if not session.query(t).filter(own).first()
    ]
    assert empty == []


def test_out_in_and_out_again_gives_the_same_bytes(
    rich: World, session: Session, settings: Settings, tmp_path: Path
) -> None:
    first = export(session, SLUG, tmp_path / "first", settings)
    with elsewhere(tmp_path / "else") as (there, user, theirs):
        bring_in(there, first.with_suffix(".zip"), user, theirs)
        second = export(there, SLUG, tmp_path / "second", theirs)
    assert files_of(second) == files_of(first)
    forget(session, SLUG)
    bring_in(session, second, rich.users["stranger"], settings)
    third = export(session, SLUG, tmp_path / "third", settings)
    assert files_of(third) == files_of(first)


def test_what_is_derived_is_computed_as_the_verbs_do(
    rich: World, session: Session, settings: Settings, tmp_path: Path
) -> None:
    folder = export(session, SLUG, tmp_path / "first", settings)
    (tmp_path / "work").mkdir()
    staged = stage_archive(folder, tmp_path / "work", settings)
    for shape in (inner for root in roots() for inner in root.all()):
        for name in DERIVED.get(shape.table.name, {}):
            columns = [c.name for c in shape.table.columns if c.name != "review_id"]
            found = {
                tuple(row[columns.index(key)] for key in (*shape.given, *shape.own)): row[
                    columns.index(name)
                ]
                for row, _ in staged.stage.rows(shape.table.name)
            }
            model = models()[shape.table.name]
            stored = {
                tuple(getattr(row, key) for key in (*shape.given, *shape.own)): getattr(row, name)
                for row in session.query(model).filter_by(review_id=rich.review.id)
            }
            assert found == stored, (shape.name, name)


def test_a_copy_without_history_has_the_same_things(
    rich: World, session: Session, settings: Settings, tmp_path: Path
) -> None:
    folder = export(session, SLUG, tmp_path / "first", settings, history=False)
    slug = bring_in(session, folder, rich.users["stranger"], settings, slug="copy", as_copy=True)
    second = export(session, slug, tmp_path / "second", settings)
    mine, theirs = files_of(folder), files_of(second)
    changed = {name for name in mine if mine[name] != theirs[name]}
    assert changed == {"review.json"}
    history = rich.door("stranger").get(f"/api/v1/reviews/{slug}/history").json()["items"]
    assert [(one["channel"], one["reason"]) for one in history] == [("import", "archive first")]


def test_an_import_is_taken_back_by_deleting_the_review(
    rich: World, session: Session, settings: Settings, tmp_path: Path
) -> None:
    folder = export(session, SLUG, tmp_path / "first", settings)
    bring_in(session, folder, rich.users["stranger"], settings, slug="copy", as_copy=True)
    session.commit()
    stranger, base = rich.door("stranger"), "/api/v1/reviews/copy"
    arrival = stranger.get(f"{base}/history?limit=500").json()["items"][-1]
    assert arrival["channel"] == "import"
    assert stranger.post(f"{base}/history/{arrival['id']}/undo").status_code == 200
    assert stranger.get(base).status_code == 410
    assert stranger.post(f"{base}/restore").status_code == 200
    assert stranger.get(f"{base}/configurations/1").status_code == 200


def test_people_unknown_here_are_names_that_cannot_sign_in(
    rich: World, session: Session, settings: Settings, tmp_path: Path
) -> None:
    folder = export(session, SLUG, tmp_path / "first", settings)
    assert b"@" not in b"".join(files_of(folder).values())
    with elsewhere(tmp_path / "else") as (there, user, theirs):
        bring_in(there, folder, user, theirs)
        review = there.query(Review).one()
        people = {u.name: u for u in there.query(type(user)) if u.id != user.id}
        assert set(people) == {"Reader", "Coder", "Editor", "Owner"}
        assert {person.email for person in people.values()} == {None}
        assert review.uuid == rich.review.uuid
