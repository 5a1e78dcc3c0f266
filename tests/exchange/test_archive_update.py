"""Bringing a review that is here already up to date from an archive."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.access.models import Review, UserAccount
from app.coding.models import Quote
from app.config import Settings
from app.errors import ArchiveConflictError
from app.exchange.archive.arriving import ArchiveWish, Outcome, preview, staging
from app.history.models import Channel
from app.history.recording import ledger
from app.library.models import Source
from app.theory.models import Configuration, Element
from tests.conftest import World
from tests.exchange.material import ANY, bring_in, done, elsewhere, export, make_rich, post

SLUG = "trust-and-faith"
Elsewhere = tuple[Session, UserAccount, Settings]


@pytest.fixture(scope="module")
def rich(world: World, sessions: sessionmaker[Session]) -> World:
    make_rich(world, sessions)
    return world


@pytest.fixture
def away(rich: World, session: Session, settings: Settings, tmp_path: Path) -> Iterator[Elsewhere]:
    """The same review in another installation, where somebody works on."""
    folder = export(session, SLUG, tmp_path / "out", settings)
    with elsewhere(tmp_path / "else") as (there, user, theirs):
        bring_in(there, folder, user, theirs)
        book = ledger(there)
        there.commit()
        there.connection(execution_options={"retroduce_writing": True})
        book.channel, book.actor_id = Channel.API, user.id
        yield there, user, theirs


def looked_at(session: Session, archive: Path, user: UserAccount, settings: Settings) -> Outcome:
    with staging(archive, settings) as staged:
        return preview(session, staged, user, ArchiveWish())


def number_of(session: Session) -> int:
    return session.query(Review).filter_by(slug=SLUG).one().id


def work_on(there: Session) -> None:
    """Elsewhere a quote and an element are changed, and a source is added."""
    review_id = number_of(there)
    there.get_one(Quote, (review_id, 2)).note = "seen elsewhere"
    there.get_one(Element, (review_id, 2, 1)).actor = "nurses"
    source = {"cite_key": "new", "type": "book", "title": "New", "authors": [], "text_key": "new"}
    there.add(Source(review_id=review_id, id=5, **source))
    there.flush()


def test_what_was_done_elsewhere_comes_back_as_one_change(
    rich: World, away: Elsewhere, session: Session, settings: Settings, tmp_path: Path
) -> None:
    there, _, theirs = away
    work_on(there)
    archive = export(there, SLUG, tmp_path / "back", theirs)
    editor = rich.users["editor"]
    done(rich.door("editor").patch(f"{rich.base}/quotes/1", json={"note": "mine"}, headers=ANY))
    outcome = looked_at(session, archive, editor, settings)
    counts = outcome.counts
    assert outcome.is_new is False
    assert (counts["sources"]["new"], counts["sources"]["same"]) == (1, 4)
    assert (counts["quotes"]["changed"], counts["quotes"]["kept"]) == (1, 1)
    assert counts["configurations"]["changed"] == 1
    assert outcome.conflicts == []
    assert outcome.change_sets_left == 1
    bring_in(session, archive, editor, settings)
    session.commit()
    read = rich.door("reader")
    assert read.get(f"{rich.base}/quotes/2").json()["note"] == "seen elsewhere"
    assert read.get(f"{rich.base}/quotes/1").json()["note"] == "mine"
    assert read.get(f"{rich.base}/configurations/2").json()["elements"][0]["actor"] == "nurses"
    assert read.get(f"{rich.base}/sources/5").json()["title"] == "New"
    last = read.get(f"{rich.base}/history?limit=500").json()["items"][-1]
    assert (last["channel"], last["reason"]) == ("import", "archive back")
    rich.door("owner").post(f"{rich.base}/history/{last['id']}/undo")
    assert read.get(f"{rich.base}/quotes/2").json()["note"] is None
    assert read.get(f"{rich.base}/sources/5").status_code == 410


def test_the_same_archive_again_changes_nothing(
    rich: World, away: Elsewhere, session: Session, settings: Settings, tmp_path: Path
) -> None:
    there, _, theirs = away
    archive = export(there, SLUG, tmp_path / "back", theirs)
    before = rich.door("reader").get(f"{rich.base}/history?limit=500").json()["items"]
    bring_in(session, archive, rich.users["editor"], settings)
    session.commit()
    assert rich.door("reader").get(f"{rich.base}/history?limit=500").json()["items"] == before


@pytest.mark.parametrize("on_conflict", ["keep", "take"])
def test_what_both_sides_changed_waits_for_a_person(
    rich: World,
    away: Elsewhere,
    session: Session,
    settings: Settings,
    tmp_path: Path,
    on_conflict: str,
) -> None:
    there, _, theirs = away
    work_on(there)
    archive = export(there, SLUG, tmp_path / "back", theirs)
    mine, editor = rich.door("editor"), rich.users["editor"]
    done(mine.patch(f"{rich.base}/quotes/2", json={"note": "mine"}, headers=ANY))
    post(mine, f"{rich.base}/sources", {"title": "Another fourth"})
    session.commit()  # a rollback goes back no further
    with pytest.raises(ArchiveConflictError, match="on-conflict") as refused:
        bring_in(session, archive, editor, settings)
    assert refused.value.extra["conflicts"] == ["S5", "Q2"]
    session.rollback()
    bring_in(session, archive, editor, settings, on_conflict=on_conflict)
    session.commit()
    reader = rich.door("reader")
    expected = {"keep": ("mine", "Another fourth"), "take": ("seen elsewhere", "New")}
    note = reader.get(f"{rich.base}/quotes/2").json()["note"]
    title = reader.get(f"{rich.base}/sources/5").json()["title"]
    assert (note, title) == expected[on_conflict]


def test_parts_come_and_go(
    rich: World, away: Elsewhere, session: Session, settings: Settings, tmp_path: Path
) -> None:
    there, _, theirs = away
    review_id = number_of(there)
    of = {"review_id": review_id, "configuration_id": 3, "role": "context", "wording_key": "w"}
    there.add(Element(**of, n=4, wording="a fourth"))
    there.get_one(Configuration, (review_id, 3)).last_element = 4
    there.flush()
    first = export(there, SLUG, tmp_path / "first", theirs)
    bring_in(session, first, rich.users["editor"], settings)
    session.commit()
    reader = rich.door("reader")
    assert len(reader.get(f"{rich.base}/configurations/3").json()["elements"]) == 4
    there.delete(there.get_one(Element, (review_id, 3, 4)))
    there.flush()
    second = export(there, SLUG, tmp_path / "second", theirs)
    bring_in(session, second, rich.users["editor"], settings)
    session.commit()
    assert len(reader.get(f"{rich.base}/configurations/3").json()["elements"]) == 3


def test_without_history_what_differs_and_was_touched_here_is_in_conflict(
    rich: World, away: Elsewhere, session: Session, settings: Settings, tmp_path: Path
) -> None:
    there, _, theirs = away
    work_on(there)
    archive = export(there, SLUG, tmp_path / "back", theirs, history=False)
    outcome = looked_at(session, archive, rich.users["editor"], settings)
    assert outcome.conflicts == ["C2", "Q2"]
    assert outcome.counts["sources"]["new"] == 1
