"""Taking a staged archive in as a review of its own, in one change-set that can be taken back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.access.models import MemberRole, Membership, Review, UserAccount, new_uuid
from app.access.schemas import ReviewCreate
from app.db import Counter
from app.errors import ArchiveError, TakenError
from app.exchange.archive.checking import staged_columns
from app.exchange.archive.shape import covered
from app.exchange.archive.staging import Staged
from app.exchange.archive.writing import Target, users_of, write_rows
from app.history.models import Channel
from app.history.reading import models
from app.history.recording import (
    insert_many,
    is_tracked,
    ledger,
    record_inserts,
    touch_all,
    update_many,
)
from app.library.files import keep_file
from app.migrations import metadata

RECORDED_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Wish:
    """How an archive is to come in: under another slug, as a review apart, for which reason."""

    slug: str | None = None
    as_copy: bool = False
    reason: str | None = None


def find_review(session: Session, staged: Staged) -> Review | None:
    """Return the review here that an archive is of, deleted or not."""
    return session.scalar(select(Review).where(Review.uuid == staged.review["uuid"]))


def keep_files(staged: Staged, files_dir: Path) -> None:
    """Put the documents into the files folder; done before the transaction, and harmless twice."""
    files_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    for sha256, path in staged.files.items():
        keep_file(files_dir, sha256, path.read_bytes())


def take_in(session: Session, staged: Staged, importer: UserAccount, wish: Wish) -> Review:
    """Make the review that an archive holds, with its numbers and history; the importer owns it.

    Raises `TakenError` when the slug is in use here. Its documents must have been kept before.
    """
    values = _review_values(session, staged, wish)
    book = ledger(session)
    book.actor_id, book.channel = importer.id, Channel.IMPORT
    book.reason = wish.reason or f"archive {staged.name}"
    connection = session.connection()
    [number] = connection.execute(insert(Review).returning(Review.id), values).one()
    users = users_of(importer.id, find_people(session, staged))
    target = Target(number, users)
    touch_all(session, number)
    write_rows(session, staged.stage, target, covered())
    _write_counters(session, staged, number)
    review = session.get_one(Review, number)
    record_inserts(session, Review, [{"id": number}])
    _write_members(session, staged, target, importer)
    if not staged.has_history:
        _record_everything(session, staged, number)
    session.flush()
    return review


def _review_values(session: Session, staged: Staged, wish: Wish) -> dict[str, Any]:
    columns = metadata().tables[Review.__tablename__].columns
    values = _typed(columns, staged.review)
    if wish.as_copy:
        values["uuid"] = new_uuid()
    if wish.slug:
        named = {n: values[n] for n in ReviewCreate.model_fields} | {"slug": wish.slug}
        values["slug"] = ReviewCreate.model_validate(named).slug
    if session.scalar(select(Review.id).where(Review.slug == values["slug"])):
        raise TakenError(
            f"A review called {values['slug']} exists already; import this one under another "
            "slug (--slug, or `slug` in the request)."
        )
    return values


def _typed(columns: Any, row: dict[str, Any]) -> dict[str, Any]:
    from_text = {"created_at", "deleted_at"}
    return {
        name: datetime.fromisoformat(value) if name in from_text and value else value
        for name, value in row.items()
        if name in columns
    }


def find_people(session: Session, staged: Staged) -> dict[str, int]:
    """Return the users behind uuids; whoever is not known here becomes a name without sign-in."""
    known: dict[str, int] = {}
    for uuid, name in staged.people.items():
        found = session.scalar(select(UserAccount.id).where(UserAccount.uuid == uuid))
        if found is None:
            person = UserAccount(uuid=uuid, name=name, email=None, is_active=False)
            session.add(person)
            session.flush()
            found = person.id
        known[uuid] = found
    return known


def _write_counters(session: Session, staged: Staged, number: int) -> None:
    last = dict(staged.counters)
    if staged.last_change_set:
        last["H"] = staged.last_change_set
    rows = [{"review_id": number, "kind": kind, "value": value} for kind, value in last.items()]
    if rows:
        session.execute(insert(Counter), rows)


def _write_members(session: Session, staged: Staged, target: Target, importer: UserAccount) -> None:
    """Seat the members of the archive, and record the one seat that the arrival gives."""
    rows = [
        {"review_id": target.review_id, "user_id": target.users[uuid], "role": MemberRole(role)}
        for uuid, role in staged.members.items()
    ]
    if rows:
        session.connection().execute(insert(Membership), rows)
    seat = (Membership.review_id == target.review_id, Membership.user_id == importer.id)
    if any(row["user_id"] == importer.id for row in rows):
        update_many(session, Membership, seat, role=MemberRole.OWNER)
    else:
        owner = {"review_id": target.review_id, "user_id": importer.id, "role": MemberRole.OWNER}
        insert_many(session, Membership, [owner])


def _record_everything(session: Session, staged: Staged, number: int) -> None:
    """Record every row as brought by this import, for the archive does not say by what."""
    for table in metadata().sorted_tables:
        model = models().get(table.name)
        if model is None or not is_tracked(model) or not staged.stage.counts.get(table.name):
            continue
        names = [column.name for column in staged_columns(table)]
        for rows in _chunks(staged, table.name):
            keyed = [dict(zip(names, row, strict=True)) | {"review_id": number} for row in rows]
            record_inserts(session, model, keyed)


def _chunks(staged: Staged, table: str) -> Iterator[list[list[Any]]]:
    rows: list[list[Any]] = []
    for row, _ in staged.stage.rows(table):
        rows.append(row)
        if len(rows) == RECORDED_AT_ONCE:
            yield rows
            rows = []
    yield rows


def refuse_unfit(staged: Staged, error: Exception) -> ArchiveError:
    """Return the error for an archive whose rows break a rule of the tables."""
    reason = str(getattr(error, "orig", error)).splitlines()[0]
    broken = f"{staged.name} breaks a rule of the tables: {reason}"
    return ArchiveError(f"{broken}. Nothing was written.")
