"""A review that has been through everything, and ways to carry it about."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session, sessionmaker

from app.access.models import Review, UserAccount
from app.access.schemas import UserCreate
from app.access.service import add_user
from app.coding.models import Concept
from app.config import Settings
from app.db import begin_writing, make_engine, make_sessions, take_numbers
from app.exchange.archive.arriving import ArchiveWish, let_in, staging
from app.exchange.archive.export import Contents, pack, write_archive
from app.exchange.archive.importing import keep_files
from app.history.recording import ledger
from app.library.models import CustomField, FieldSubject, FieldType
from app.migrations import upgrade
from app.theory.link_models import LinkRefusal
from app.theory.view_models import SavedView, ViewKind
from tests.conftest import Door, World, cheap_settings

ANY = {"If-Match": "*"}
TEXT = "Trust grew slowly.\n\fThey kept to the letter \N{GRINNING FACE}.\n"


def done(answer: Any) -> Any:
    assert answer.status_code < 300, answer.text
    return answer.json() if answer.content else None


def post(door: Door, path: str, body: Any) -> Any:
    return done(door.post(path, json=body))


def make_rich(world: World, sessions: sessionmaker[Session]) -> None:
    """Fill the world's review by the API, as several people would, with changes of mind."""
    base, coder, editor, owner = world.base, *(world.door(w) for w in ("coder", "editor", "owner"))
    for n, title in enumerate(["One", "Two", "Drei \N{LATIN SMALL LETTER U WITH DIAERESIS}"], 1):
        csl = {"note": "a  b", "big": 2**53, "none": None, "ratio": 0.1} if n == 1 else None
        post(
            coder,
            f"{base}/sources",
            {"title": title, "authors": [{"family": "A"}], "study": "north", "csl": csl},
        )
    done(
        coder.post(
            f"{base}/sources/1/documents",
            params={"file_name": "one.txt"},
            content=TEXT.replace("\n", "\r\n").encode(),
            headers={"Content-Type": "text/plain"},
        )
    )
    done(
        coder.post(
            f"{base}/documents",
            params={"file_name": "waits.txt"},
            content=b"Whose words are these?",
            headers={"Content-Type": "text/plain"},
        )
    )
    names = [{"name": "Mary Smith", "pseudonym": "Nurse 3"}]
    post(editor, f"{base}/pseudonyms", {"items": names})
    for label in ("trust", "reliance", "faith", "risk"):
        wish = {"label": label, "aliases": [f"{label} \N{SNOWMAN}"], "definitions": [{"text": "x"}]}
        post(editor, f"{base}/concepts", wish)
    done(editor.patch(f"{base}/concepts/1", json={"parent_id": 4}, headers=ANY))
    done(editor.post(f"{base}/concepts/2/merge", json={"into_id": 1}, headers=ANY))
    told = {"concept_id": 3, "other_id": 4, "reason": "one is a belief \N{SNOWMAN}"}
    post(editor, f"{base}/concepts/apart", told)
    for exact in ("Trust grew slowly.", "They kept to the letter", "not in the text"):
        post(coder, f"{base}/quotes", {"source_id": 1, "exact": exact, "concepts": [1]})
    for n in range(4):
        post(coder, f"{base}/configurations", configuration(n))
    post(
        editor,
        f"{base}/configurations",
        configuration(9) | {"kind": "consolidated", "members": [{"member_id": 1}]},
    )
    link = {"kind": "feeds", "from_id": 1, "to_id": 2, "from_element_n": 3, "to_element_n": 1}
    post(editor, f"{base}/links", link | {"reason": "so it goes", "evidence": [{"quote_id": 1}]})
    post(
        editor, f"{base}/links", {"kind": "moderates", "from_id": 3, "to_link_id": 1, "reason": "y"}
    )
    verdict = {"verdict": "new", "reason": "r", "decided_on": "2026-03-02"}
    post(editor, f"{base}/links/1/verdicts", verdict)
    memo = {"kind": "theory", "text": "why", "subject_kind": "C", "subject_id": 1}
    post(coder, f"{base}/memos", memo)
    post(coder, f"{base}/memos", memo | {"subject_part": "element", "subject_n": 1})
    proposition = {
        "statement": "Trust first.",
        "origin": "sources",
        "evidence": [{"quote_id": 1}],
        "grounds": [{"configuration_id": 1}, {"memo_id": 1}],
        "verdicts": [verdict],
    }
    theory = {"title": "T", "stage": "initial", "propositions": [proposition]}
    post(editor, f"{base}/theories", theory)
    post(editor, f"{base}/recommendations", {"text": "Do.", "configurations": [2, 1]})
    search = post(editor, f"{base}/searches", {"kind": "database", "database": "MEDLINE"})
    done(
        editor.post(
            f"{base}/searches/{search['id']}/imports",
            content=b"TY  - JOUR\nTI  - On trust\nPY  - 2020\nER  - \n",
            params={"file_name": "medline.ris"},
            headers={"Content-Type": "application/octet-stream"},
        )
    )
    merge = {"source_id": 2, "other_id": 4, "choice": "merge", "survivor_id": 4}
    apart = {"source_id": 3, "other_id": 1, "choice": "apart"}
    done(editor.post(f"{base}/duplicates/decisions", json={"items": [merge, apart]}))
    _screen(coder, editor, base)
    post(editor, f"{base}/appraisal-forms/adopt", {"name": "mmat-2018"})
    judged = {"dimension": "rigour", "source_id": 1, "form_id": 1, "level": "moderate"}
    post(coder, f"{base}/appraisals", judged | {"answers": {"1.1": {"answer": "cant_tell"}}})
    post(editor, f"{base}/appraisals", judged | {"level": "high", "is_consensus": True})
    done(coder.patch(f"{base}/quotes/3", json={"note": "changed"}, headers=ANY))
    done(editor.delete(f"{base}/links/2", headers=ANY))
    done(editor.delete(f"{base}/configurations/4", headers=ANY))
    last = done(owner.get(f"{base}/history?limit=500"))["items"][-1]["id"]
    post(owner, f"{base}/history/{last}/undo", {})
    done(editor.delete(f"{base}/configurations/4", headers=ANY))
    done(owner.delete(f"{base}/members/{world.users['coder'].id}", headers=ANY))
    _add_what_has_no_route(world, sessions)


def _screen(coder: Door, editor: Door, base: str) -> None:
    """Screen two sources, with a check, a change of mind, an adjudication, a note on retrieval."""
    reason = post(editor, f"{base}/exclusion-reasons", {"stage_id": 2, "label": "off \N{SNOWMAN}"})
    title = {"stage_id": 1, "source_id": 1}
    decision = post(coder, f"{base}/decisions", title | {"verdict": "unsure", "note": "b"})
    post(editor, f"{base}/decisions/{decision['id']}/checks", {"agrees": False, "note": "c"})
    post(coder, f"{base}/decisions", title | {"verdict": "include"})
    final = {"source_id": 4, "verdict": "exclude", "reason_id": reason["id"]}
    post(editor, f"{base}/stages/2/adjudications", final)
    said = {"status": "not_retrieved", "note": "asked"}
    done(coder.put(f"{base}/sources/3/retrieval", json=said))


def _add_what_has_no_route(world: World, sessions: sessionmaker[Session]) -> None:
    of = {"review_id": world.review.id, "created_by": world.users["editor"].id}
    with sessions() as session:
        begin_writing(session)
        ledger(session).actor_id = world.users["editor"].id
        field, view = (take_numbers(session, world.review.id, kind) for kind in "FV")
        session.add(
            CustomField(
                **of,
                id=field,
                subject=FieldSubject.SOURCE,
                name="sector",
                label="Sector",
                type=FieldType.CHOICE,
                choices=["health", "care"],
            )
        )
        query = {"rows": "context", "has": ["context:K1"]}
        session.add(
            SavedView(**of, id=view, slug="mine", title="Mine", kind=ViewKind.MATRIX, query=query)
        )
        session.add(
            LinkRefusal(**of, from_id=1, from_element_n=3, to_id=3, to_element_n=1, reason="no")
        )
        concept = session.get_one(Concept, (world.review.id, 3))
        concept.colour = "#aabbcc"
        session.flush()
        session.commit()


def configuration(n: int) -> dict[str, Any]:
    return {
        "title": f"configuration {n}",
        "elements": [
            {"role": "context", "wording": f"where {n}", "concept_id": 1},
            {"role": "mechanism", "wording": "because", "concept_id": 4, "state": "high"},
            {"role": "outcome", "wording": "then", "concept_id": 3, "mechanism_n": 2},
        ],
        "evidence": [
            {"quote_id": 1, "elements": [1, 3]},
            {"source_id": 2, "page": "7", "stance": "refutes", "rationale": f"n {n}"},
        ],
    }


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file of an archive but the manifest."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "manifest.json"
    }


def export(
    session: Session, slug: str, target: Path, settings: Settings, *, history: bool = True
) -> Path:
    """Write a review into a new folder beside a zip of the same, and return the folder."""
    target.mkdir(parents=True)
    review = session.query(Review).filter_by(slug=slug).one()
    write_archive(session, review, target, settings.files_dir, contents=Contents(history=history))
    pack(target, target.with_suffix(".zip"))
    return target


def bring_in(
    session: Session,
    archive: Path,
    user: UserAccount,
    settings: Settings,
    **wish: Any,
) -> str:
    """Import an archive and return the slug it has here."""
    with staging(archive, settings) as staged:
        keep_files(staged, settings.files_dir)
        return let_in(session, staged, user, ArchiveWish(**wish)).slug


@contextmanager
def elsewhere(folder: Path) -> Iterator[tuple[Session, UserAccount, Settings]]:
    """Another installation, on SQLite, with one user."""
    settings = cheap_settings(folder)
    engine = make_engine(settings)
    upgrade(engine)
    with make_sessions(engine)() as session:
        begin_writing(session)
        wish = UserCreate(email=f"{uuid4()}@example.org", name="Elsewhere", is_admin=True)
        user = add_user(session, wish, settings)
        yield session, user, settings
        session.commit()
    engine.dispose()


def forget(session: Session, slug: str) -> None:
    """Let a review be another than the archive's, so that the archive is new here."""
    review = session.query(Review).filter_by(slug=slug).one()
    review.slug, review.uuid = f"{slug}-before", str(uuid4())
    session.flush()
