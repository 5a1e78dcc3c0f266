"""Keeping the index right: told at the end of a transaction what changed, it writes that anew."""

from collections.abc import Sequence

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from app.access.models import Review
from app.coding.models import Quote
from app.collecting import collecting_seldom
from app.fulltext.entries import entries
from app.fulltext.models import KINDS, TextEntry, TextKind
from app.fulltext.stores import add_entries, remove_entries, remove_everything
from app.fulltext.texts import MODELS, source_marks
from app.history.reading import batched
from app.history.recording import BEFORE_COMMIT, Touched
from app.library.models import Document, Source

AT_ONCE = 500
DOCUMENTS_AT_ONCE = 10
Key = tuple[int, int]
"""Number and part of an entry."""


def follow(session: Session, review_id: int, touched: Touched) -> None:
    """Write the entries of what changed in a review anew."""
    with collecting_seldom():
        if touched is None:
            fill(session, review_id)
            return
        wanted = {kind: touched[kind.value] for kind in KINDS if kind.value in touched}
        if TextKind.SOURCE in wanted:
            _add_what_shows_the_year(session, review_id, wanted)
        for kind, numbers in wanted.items():
            _write(session, review_id, kind, sorted(numbers))


BEFORE_COMMIT.append(follow)


def fill(session: Session, review_id: int) -> None:
    """Write the entries of a whole review."""
    for kind in KINDS:
        _write(session, review_id, kind, numbers_of(session, review_id, kind))


def numbers_of(session: Session, review_id: int, kind: TextKind) -> list[int]:
    """Return the numbers of everything of a kind that is there, ascending."""
    columns = MODELS[kind].__table__.columns
    found = select(columns["id"]).where(columns["review_id"] == review_id)
    return list(session.scalars(found.order_by(columns["id"])))


def rebuild(session: Session) -> int:
    """Write the whole index of this installation anew; return how many entries it has."""
    remove_everything(session)
    for review_id in session.scalars(select(Review.id).order_by(Review.id)).all():
        fill(session, review_id)
    return session.execute(select(func.count()).select_from(TextEntry)).scalar_one()


def fill_if_empty(session: Session) -> None:
    """Fill an index without an entry, as a migration leaves it that makes it or empties it."""
    if session.scalar(select(TextEntry.entry).limit(1)) is None:
        rebuild(session)


def _add_what_shows_the_year(
    session: Session, review_id: int, wanted: dict[TextKind, set[int]]
) -> None:
    """Add quotes and documents of sources whose year changed, for they bear it too."""
    turned: list[int] = []
    for numbers in batched(sorted(wanted[TextKind.SOURCE])):
        marks = (
            select(TextEntry.number, TextEntry.marks, Source.year)
            .join(
                Source,
                and_(Source.review_id == TextEntry.review_id, Source.id == TextEntry.number),
            )
            .where(TextEntry.review_id == review_id, TextEntry.kind == TextKind.SOURCE.value)
            .where(TextEntry.number.in_(numbers))
        )
        for number, before, year in session.execute(marks):
            if before != " ".join(source_marks(number, year)):
                turned.append(number)
    for kind, model in ((TextKind.QUOTE, Quote), (TextKind.DOCUMENT, Document)):
        for numbers in batched(turned):
            within = (model.review_id == review_id, model.source_id.in_(numbers))
            wanted.setdefault(kind, set()).update(session.scalars(select(model.id).where(*within)))


def _write(session: Session, review_id: int, kind: TextKind, numbers: Sequence[int]) -> None:
    """Replace the entries of some things of one kind; one that goes on keeps its place."""
    within = (TextEntry.review_id == review_id, TextEntry.kind == kind.value)
    last = session.scalar(select(func.max(TextEntry.entry)).where(*within)) or 0
    is_new = last == 0
    at_once = DOCUMENTS_AT_ONCE if kind is TextKind.DOCUMENT else AT_ONCE
    for first in range(0, len(numbers), at_once):
        some = numbers[first : first + at_once]
        before = {} if is_new else _places(session, review_id, kind, some)
        if before:
            remove_entries(session, review_id, kind, sorted(before.values()))
        rows = []
        for entry in entries(session, review_id, kind, some):
            place = before.get((entry["number"], entry["part"]))
            if place is None:
                place = last = last + 1
            rows.append({"review_id": review_id, "entry": place, **entry})
        for batch in batched(rows):
            add_entries(session, review_id, kind, batch)


def _places(
    session: Session, review_id: int, kind: TextKind, numbers: Sequence[int]
) -> dict[Key, int]:
    found = session.execute(
        select(TextEntry.number, TextEntry.part, TextEntry.entry).where(
            TextEntry.review_id == review_id,
            TextEntry.kind == kind.value,
            TextEntry.number.in_(numbers),
        )
    )
    return {(number, part): entry for number, part, entry in found}
