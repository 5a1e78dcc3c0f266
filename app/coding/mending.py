"""What a person can settle about a quote not found to the letter: its place, and its words."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.coding.anchoring import Passage, Verification, most_similar
from app.coding.differing import Piece, pieces_of
from app.coding.models import Quote
from app.coding.placing import Hint, document_of, find_place, page_of
from app.library.models import Document

AROUND = 160
"""Code points shown on either side of a place, about; words stay whole."""
SURE = (Verification.EXACT, Verification.NORMALISED)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a text, with the words there and enough around them to tell it by."""

    start: int
    before: str
    words: str
    after: str
    page: str | None


@dataclass(frozen=True, slots=True)
class Mending:
    """What can be settled about a quote, in one of its source's documents."""

    document_id: int | None
    """Null: the source has no text here."""
    documents: Sequence[tuple[int, str]]
    """Number and file name of every text of the source, newest first."""
    places: Sequence[Place]
    """Where an ambiguous quote may stand: the first twenty, in text order."""
    nearest: Place | None = None
    """Of an approximate quote where it stands, of one not found what resembles it most."""
    score: float | None = None
    pieces: Sequence[Piece] = ()
    """How its words differ from those of the nearest place."""


def mending_of(session: Session, quote: Quote) -> Mending | None:
    """Return what can be settled about a quote; null where it stands in its text for sure."""
    if quote.verification in SURE:
        return None
    rows = session.execute(
        select(Document.id, Document.file_name)
        .where(Document.review_id == quote.review_id, Document.source_id == quote.source_id)
        .order_by(Document.id.desc())
    )
    documents = [(row[0], row[1]) for row in rows]
    document = document_of(session, quote)
    if document is None:
        return Mending(None, documents, ())
    found = find_place(quote.exact, document, Hint(quote.prefix, quote.suffix, quote.start_at))
    if quote.verification is Verification.AMBIGUOUS and found.candidates:
        places = [_place(document, passage) for passage in found.candidates]
        return Mending(document.id, documents, places)
    if found.passage is None:
        found = most_similar(document.text, quote.exact)
    if found.passage is None:
        return Mending(document.id, documents, ())
    nearest = _place(document, found.passage)
    pieces = pieces_of(quote.exact, nearest.words)
    return Mending(document.id, documents, (), nearest, found.score, pieces)


def _place(document: Document, passage: Passage) -> Place:
    text, start, end = document.text, passage.start, passage.end
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    if start > AROUND:
        before = before.partition(" ")[2]
    if end + AROUND < len(text):
        after = after.rpartition(" ")[0]
    return Place(start, before, text[start:end], after, page_of(document, start))
