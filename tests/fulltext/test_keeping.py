"""The index says what the tables say, whichever way they were changed."""

from pathlib import Path

import pytest
from sqlalchemy import delete, insert, text
from sqlalchemy.orm import Session, sessionmaker

from app.config import shipped
from app.db import begin_writing
from app.exchange.archive.arriving import ArchiveWish, import_archive, let_in, staging
from app.fulltext.keeping import rebuild
from app.fulltext.models import TextKind
from app.fulltext.stores import ENTRY, SQLITE_INDEX, first_row
from tests.conftest import Door, World, cheap_settings
from tests.fulltext.material import fill, post, things, upload, wrong

ANY = {"If-Match": "*"}
Sessions = sessionmaker[Session]


def undo_last(owner: Door, world: World) -> None:
    newest = owner.get(f"{world.base}/history?limit=500").json()["items"][-1]["id"]
    done = owner.post(f"{world.base}/history/{newest}/undo")
    assert done.status_code == 200, done.text


def test_what_is_changed_is_found_by_its_new_words_only(
    world: World, owner: Door, sessions: Sessions
) -> None:
    fill(owner, world)
    for path, change in (
        ("sources/1", {"abstract": "zebra"}),
        ("quotes/1", {"note": "zebra"}),
        ("memos/1", {"text": "zebra"}),
        ("concepts/1", {"label": "zebra"}),
        ("configurations/1", {"statement": "zebra"}),
        ("configurations/1/elements/2", {"wording": "zebra two"}),
    ):
        done = owner.patch(f"{world.base}/{path}", json=change, headers=ANY)
        assert done.status_code == 200, done.text
    assert sorted(things(owner, world, "zebra")) == ["C1", "K1", "M1", "Q1", "S1"]
    assert things(owner, world, "enough OR boards kind:memo,source") == []
    assert wrong(sessions) == []


def test_what_is_deleted_is_found_no_more_until_it_is_restored(
    world: World, owner: Door, sessions: Sessions
) -> None:
    fill(owner, world)
    post(owner, world, "sources", {"title": "Third"})
    upload(owner, world, "Nothing but trust.", source=3)
    before = things(owner, world, "trust")
    for path in ("memos/1", "documents/2", "configurations/1"):
        done = owner.delete(f"{world.base}/{path}", headers=ANY)
        assert done.status_code == 204, done.text
    assert things(owner, world, "trust") == ["S1", "K1", "Q1", "D1", "D1"]
    assert wrong(sessions) == []
    for kind, number in (("M", 1), ("D", 2), ("C", 1)):
        back = owner.post(f"{world.base}/history/restore", json={"kind": kind, "number": number})
        assert back.status_code == 200, back.text
    assert things(owner, world, "trust") == before
    assert wrong(sessions) == []


def test_undoing_takes_words_back_too(world: World, owner: Door, sessions: Sessions) -> None:
    fill(owner, world)
    owner.patch(f"{world.base}/memos/1", json={"text": "zebra"}, headers=ANY)
    undo_last(owner, world)
    assert things(owner, world, "zebra") == []
    assert things(owner, world, "enough") == ["M1"]
    undo_last(owner, world)
    assert things(owner, world, "zebra") == ["M1"]
    assert wrong(sessions) == []


def test_quotes_and_documents_follow_the_year_of_their_source(
    world: World, owner: Door, sessions: Sessions
) -> None:
    fill(owner, world)
    owner.patch(f"{world.base}/sources/1", json={"year": 1950}, headers=ANY)
    assert things(owner, world, "slowly year:1950..1959") == ["Q1", "D1"]
    assert things(owner, world, "trust year:2013") == []
    assert wrong(sessions) == []


def test_a_merged_concept_is_found_and_says_what_stands_for_it(
    world: World, owner: Door, sessions: Sessions
) -> None:
    fill(owner, world)
    post(owner, world, "concepts", {"label": "zebra"})
    merged = owner.post(f"{world.base}/concepts/3/merge", json={"into_id": 2}, headers=ANY)
    assert merged.status_code == 200, merged.text
    [hit] = owner.get(f"{world.base}/search", params={"q": "zebra"}).json()["items"]
    assert (hit["thing"], hit["merged_into"]) == ("K3", "K2")
    assert things(owner, world, "zebra concept:K2") == ["K3"]
    assert wrong(sessions) == []


def test_imported_references_are_found_and_an_undone_import_is_not(
    world: World, owner: Door, sessions: Sessions
) -> None:
    post(owner, world, "searches", {"database": "MEDLINE"})
    file = "".join(f"TY  - JOUR\nTI  - Zebra {n}\nAU  - Ode, A.\nER  - \n\n" for n in range(600))
    done = owner.post(
        f"{world.base}/searches/1/imports", content=file, params={"file_name": "a.ris"}
    )
    assert done.status_code in {200, 201}, done.text
    assert things(owner, world, "zebra 599") == ["S600"]
    assert wrong(sessions) == []
    undo_last(owner, world)
    assert things(owner, world, "zebra") == []
    assert wrong(sessions) == []


def test_an_archive_is_found_as_soon_as_it_is_there(
    world: World, owner: Door, sessions: Sessions, tmp_path: Path
) -> None:
    settings = cheap_settings(tmp_path)
    seed = shipped("seeds") / "training-vignette"
    with sessions() as session:
        user = world.users["owner"]
        import_archive(begin_writing(session), seed, user, settings)
        with staging(seed, settings) as staged:
            let_in(session, staged, user, ArchiveWish(slug="again", as_copy=True))
        session.commit()
    answers = [
        owner.get(f"/api/v1/reviews/{slug}/search", params={"q": "trust"}).json()["items"]
        for slug in ("training-vignette", "again")
    ]
    found = [[hit["thing"] for hit in items] for items in answers]
    assert found[0] == found[1] != []
    assert wrong(sessions) == []


def test_rebuilding_finds_the_same_in_the_same_order(
    world: World, owner: Door, sessions: Sessions
) -> None:
    fill(owner, world)
    upload(owner, world, "Trust again. " * 400, source=2)
    before = owner.get(f"{world.base}/search", params={"q": "trust", "limit": 100}).json()
    with sessions() as session:
        many = rebuild(begin_writing(session))
        session.commit()
    assert many > 10
    assert owner.get(f"{world.base}/search", params={"q": "trust", "limit": 100}).json() == before
    assert wrong(sessions) == []


def test_the_check_names_what_an_index_says_otherwise(
    world: World, owner: Door, sessions: Sessions
) -> None:
    fill(owner, world)
    with sessions() as session:
        session.execute(text("UPDATE memo SET text = 'otherwise'"))
        session.execute(delete(ENTRY).where(ENTRY.columns.kind == "S"))
        row = {"review_id": world.review.id, "kind": "K", "entry": 99, "number": 77, "part": 0}
        words = {"title": "", "names": "", "body": "", "marks": ""}
        session.execute(insert(ENTRY), [row | words])
        session.commit()
    slug = world.review.slug
    found = wrong(sessions)
    assert found[:4] == [
        f"{slug}: K77 is in the index and not in the review",
        f"{slug}: the index says something else of M1",
        f"{slug}: the index says something else of S1",
        f"{slug}: the index says something else of S2",
    ]
    assert "in no index" in found[4]


@pytest.mark.sqlite_only
def test_an_entry_that_left_the_index_is_told(
    world: World, owner: Door, sessions: Sessions
) -> None:
    fill(owner, world)
    with sessions() as session:
        row = {"text_index": "delete", "rowid": first_row(world.review.id, TextKind.MEMO) + 1}
        words = {"title": "", "names": "", "body": "never there", "marks": ""}
        session.execute(insert(SQLITE_INDEX), [row | words])
        session.commit()
    assert wrong(sessions)[0] == "1 entries are in no index, 0 are only there"
