"""Putting a quote in its place: what anchoring found, written to the columns of the quote."""

from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.coding.anchoring import Anchor, Verification, anchor, page_at
from app.coding.models import Quote
from app.coding.schemas import Candidate
from app.library.document_schemas import PassagePlace, PassageWish
from app.library.documents import newest_documents
from app.library.extraction import Bounds
from app.library.models import Document
from app.library.passages import page_label, place_passage
from app.library.transcripts import speaker_at


class Hint(NamedTuple):
    """What is known of the place of a quote besides its words; None where nothing is."""

    prefix: str | None
    suffix: str | None
    start: int | None


def locate(
    quote: Quote, document: Document, hint: Hint, keep: Collection[str] = ("prefix", "suffix")
) -> None:
    """Anchor a quote in a document and write where it stands; its words are never touched.

    Context comes from the text, unless `keep` names it and the quote has some. A page or a
    speaker that was given, not derived from the text, stays.
    """
    found = find_place(quote.exact, document, hint)
    passage = found.passage
    was_heard = quote.speaker is None or (
        quote.document_id == document.id
        and quote.speaker == speaker_at(document, quote.start_at, quote.end_at)
    )
    was_derived = quote.page is None or (
        quote.document_id == document.id and quote.page == page_of(document, quote.start_at)
    )
    quote.document_id = document.id
    quote.verification = found.verification
    quote.score = found.score
    quote.start_at = passage.start if passage else None
    quote.end_at = passage.end if passage else None
    if passage and not (quote.prefix and "prefix" in keep):
        quote.prefix = passage.prefix
    if passage and not (quote.suffix and "suffix" in keep):
        quote.suffix = passage.suffix
    if was_derived:
        quote.page = page_of(document, quote.start_at)
    if was_heard:
        quote.speaker = speaker_at(document, quote.start_at, quote.end_at)


def document_of(session: Session, quote: Quote) -> Document | None:
    """Return the document a quote is looked for in: its own, else the newest of its source."""
    if quote.document_id is not None:
        return session.get_one(Document, (quote.review_id, quote.document_id))
    newest = newest_documents(session, quote.review_id, {quote.source_id})
    return newest.get(quote.source_id)


def candidates_of(session: Session, quote: Quote) -> list[Candidate]:
    """Return the places an ambiguous quote may stand in, at most 20; none for any other quote."""
    if quote.verification is not Verification.AMBIGUOUS or quote.document_id is None:
        return []
    document = session.get_one(Document, (quote.review_id, quote.document_id))
    places = find_place(quote.exact, document, Hint(quote.prefix, quote.suffix, None)).candidates
    return [
        Candidate(
            start_at=place.start,
            end_at=place.end,
            prefix=place.prefix,
            suffix=place.suffix,
            page=page_of(document, place.start),
        )
        for place in places
    ]


def find_place(exact: str, document: Document, hint: Hint) -> Anchor:
    """Look for the words of a quote in a document, without writing anything."""
    return anchor(
        document.text,
        exact,
        prefix=hint.prefix or "",
        suffix=hint.suffix or "",
        start=hint.start,
    )


def place_quote(session: Session, quote: Quote, folder: Path, bounds: Bounds) -> PassagePlace:
    """Return the pages a quote stands on; nothing when it stands in no document."""
    if quote.document_id is None or quote.start_at is None or quote.end_at is None:
        return PassagePlace(document_id=None, start=None, end=None)
    document = session.get_one(Document, (quote.review_id, quote.document_id))
    wish = PassageWish(start=quote.start_at, end=quote.end_at)
    return place_passage(document, wish, folder, bounds)


def page_of(document: Document, position: int | None) -> str | None:
    """Return what the page of a position is called; None where pages are not known."""
    if position is None or not document.page_breaks:
        return None
    return page_label(document, page_at(document.page_breaks, position))
