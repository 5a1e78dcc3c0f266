"""Whether the index says what the tables say: every entry made again and compared."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Column, Integer, MetaData, Table, func, insert, literal, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from app.access.models import Review
from app.fulltext.entries import Entry, entries
from app.fulltext.keeping import AT_ONCE, numbers_of
from app.fulltext.models import KINDS, TextEntry, TextKind
from app.fulltext.stores import ENTRY, POSTGRESQL_ENTRY, SQLITE_INDEX, first_row, is_sqlite

MOST_NAMED = 20
COMPARED = ("number", "part", "start_at", "end_at", "title", "names", "body", "marks")
SIZES = Table("text_index_docsize", MetaData(), Column("id", Integer))
"""Where FTS5 keeps one row for each that it indexed."""


def disagreements(session: Session) -> list[str]:
    """Return what is wrong with the index, in words, at most twenty; nothing when all is well."""
    return list(islice(_all(session), MOST_NAMED))


def _all(session: Session) -> Iterator[str]:
    for number, slug in session.execute(select(Review.id, Review.slug).order_by(Review.id)).all():
        for kind in KINDS:
            yield from _of_kind(session, number, slug, kind)
    yield from _of_store(session)


def _of_kind(session: Session, review_id: int, slug: str, kind: TextKind) -> Iterator[str]:
    numbers = numbers_of(session, review_id, kind)
    known = set(numbers)
    for number in _numbers_with_entries(session, review_id, kind):
        if number not in known:
            yield f"{slug}: {kind.value}{number} is in the index and not in the review"
    for first in range(0, len(numbers), AT_ONCE):
        some = numbers[first : first + AT_ONCE]
        made = _by_number(entries(session, review_id, kind, some))
        kept = _by_number(_kept(session, review_id, kind, some))
        for number in some:
            if made.get(number) != kept.get(number):
                yield f"{slug}: the index says something else of {kind.value}{number}"


def _by_number(found: Iterator[Entry]) -> dict[int, list[tuple[Any, ...]]]:
    rows: dict[int, list[tuple[Any, ...]]] = {}
    for entry in found:
        rows.setdefault(entry["number"], []).append(tuple(entry[name] for name in COMPARED))
    return rows


def _kept(
    session: Session, review_id: int, kind: TextKind, numbers: list[int]
) -> Iterator[dict[str, Any]]:
    found = session.execute(
        select(*(ENTRY.columns[name] for name in COMPARED))
        .where(TextEntry.review_id == review_id, TextEntry.kind == kind.value)
        .where(TextEntry.number.in_(numbers))
        .order_by(TextEntry.number, TextEntry.part)
    )
    yield from map(dict, found.mappings())


def _numbers_with_entries(session: Session, review_id: int, kind: TextKind) -> list[int]:
    found = select(TextEntry.number).where(
        TextEntry.review_id == review_id, TextEntry.kind == kind.value
    )
    return list(session.scalars(found.distinct().order_by(TextEntry.number)))


def _of_store(session: Session) -> Iterator[str]:
    """Yield what is wrong between the entries and the store's own index of them."""
    if not is_sqlite(session):
        columns = POSTGRESQL_ENTRY.columns
        lacking = select(func.count()).where(columns.vector.is_(None))
        if many := session.execute(lacking).scalar_one():
            yield f"{many:,} entries are in no index"
        return
    indexed = set(session.scalars(select(SIZES.columns.id)))
    there = set()
    for review_id, kind, entry in session.execute(
        select(TextEntry.review_id, TextEntry.kind, TextEntry.entry)
    ):
        there.add(first_row(review_id, TextKind(kind)) + entry)
    if indexed != there:
        missing, left = len(there - indexed), len(indexed - there)
        yield f"{missing:,} entries are in no index, {left:,} are only there"
    try:
        session.execute(insert(SQLITE_INDEX).values(text_index=literal("integrity-check")))
    except DatabaseError as error:
        yield f"the index is damaged: {error.orig}"
