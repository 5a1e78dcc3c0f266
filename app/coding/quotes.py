"""Quotes: passages kept to the letter, found in the text of their source, tied to concepts."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.access.models import Review
from app.coding.anchoring import Verification
from app.coding.models import Coding, Concept, Quote
from app.coding.placing import Hint, document_of, locate
from app.coding.schemas import QuoteCreate, QuoteFilter, QuoteRead, QuoteUpdate
from app.coding.tree import concept_tree
from app.db import holds, search_key, take_numbers
from app.errors import FieldProblem, InvalidError
from app.history.reading import batched
from app.history.recording import delete_many, ledger
from app.history.references import require_present, require_unused
from app.history.undoing import AFTER_UNDO
from app.library.documents import newest_documents
from app.library.models import Document, Source
from app.library.ordering import COUNTS, SourceOrder
from app.library.transcripts import speaker_at

SAME = ("source_id", "document_id", "verification", "is_parked", "created_by", "speaker")
WAITING = (Verification.NO_DOCUMENT, Verification.NOT_FOUND)
PLACING = {"exact", "prefix", "suffix", "start_at", "document_id"}
"""Fields whose change anchors a quote anew."""


def select_quotes(session: Session, review: Review, wish: QuoteFilter) -> Select[Quote]:
    """Select the quotes that fit; `concept_id` means the concept and all merged with it."""
    statement = select(Quote).where(Quote.review_id == review.id)
    for name in SAME:
        value = getattr(wish, name)
        if value is not None:
            statement = statement.where(getattr(Quote, name) == value)
    if wish.is_too_long is not None:
        statement = statement.where((Quote.words > review.quote_word_limit) == wish.is_too_long)
    if wish.concept_id is not None:
        tree = concept_tree(session, review.id)
        tied = exists().where(
            Coding.review_id == Quote.review_id,
            Coding.quote_id == Quote.id,
            Coding.concept_id.in_(tree.members(wish.concept_id) if wish.concept_id in tree else ()),
        )
        statement = statement.where(tied)
    if wish.text is not None:
        statement = statement.where(holds(Quote.text_key, wish.text))
    return statement


def count_quotes(session: Session, review_id: int) -> dict[int, int]:
    """Count the quotes of every source that has some."""
    counted = select(Quote.source_id, func.count()).where(Quote.review_id == review_id)
    return {row[0]: row[1] for row in session.execute(counted.group_by(Quote.source_id))}


COUNTS[SourceOrder.QUOTES] = count_quotes


def read_quotes(session: Session, review: Review, quotes: Sequence[Quote]) -> list[QuoteRead]:
    """Return quotes with their concepts, in one query for all, and whether they are too long."""
    concepts: dict[int, list[int]] = {quote.id: [] for quote in quotes}
    for quote_id, concept_id in session.execute(
        select(Coding.quote_id, Coding.concept_id)
        .where(Coding.review_id == review.id, Coding.quote_id.in_(list(concepts)))
        .order_by(Coding.quote_id, Coding.concept_id)
    ):
        concepts[quote_id].append(concept_id)
    limit = review.quote_word_limit
    return [
        QuoteRead.model_validate(quote).model_copy(
            update={"concepts": concepts[quote.id], "is_too_long": quote.words > limit}
        )
        for quote in quotes
    ]


def add_quotes(session: Session, member: Member, wishes: Sequence[QuoteCreate]) -> list[Quote]:
    """Add quotes, all or none, in their order, each looked for in its source's document.

    A passage that is not found is kept and says so; a reference to what is not in the review
    raises `InvalidError` naming the field.
    """
    documents = _documents(session, member.review_id, wishes)
    first = take_numbers(session, member.review_id, "Q", len(wishes))
    quotes = [
        _quote(member, first + n, wish, document)
        for n, (wish, document) in enumerate(zip(wishes, documents, strict=True))
    ]
    session.add_all(quotes)
    session.flush()
    for quote, wish in zip(quotes, wishes, strict=True):
        session.add_all(_coding(member, quote, number) for number in sorted(set(wish.concepts)))
    session.flush()
    return quotes


def _quote(member: Member, number: int, wish: QuoteCreate, document: Document | None) -> Quote:
    quote = Quote(
        **wish.model_dump(exclude={"concepts", "document_id"}),
        review_id=member.review_id,
        id=number,
        document_id=None,
        verification=Verification.NO_DOCUMENT,
        score=None,
        words=len(wish.exact.split()),
        text_key=search_key(wish.exact),
        created_by=member.user.id,
    )
    if document is not None:
        locate(quote, document, Hint(wish.prefix, wish.suffix, wish.start_at))
    return quote


def _coding(member: Member, quote: Quote, concept_id: int) -> Coding:
    return Coding(
        review_id=quote.review_id,
        quote_id=quote.id,
        concept_id=concept_id,
        created_by=member.user.id,
    )


def _documents(
    session: Session, review_id: int, wishes: Sequence[QuoteCreate]
) -> list[Document | None]:
    """Check every reference, then return the document each quote is looked for in."""
    places = [f"items.{n}." if len(wishes) > 1 else "" for n in range(len(wishes))]
    placed = list(zip(places, wishes, strict=True))
    sources = [(f"{place}source_id", wish.source_id) for place, wish in placed]
    require_present(session, Source, review_id, sources)
    named = [(f"{place}document_id", wish.document_id) for place, wish in placed]
    require_present(session, Document, review_id, named)
    concepts = [
        (f"{place}concepts.{n}", number)
        for place, wish in placed
        for n, number in enumerate(wish.concepts)
    ]
    require_present(session, Concept, review_id, concepts)
    newest = newest_documents(session, review_id, {wish.source_id for wish in wishes})
    by_number = {document.id: document for document in newest.values()}
    for place, wish in placed:
        if wish.document_id is not None:
            document = by_number.setdefault(
                wish.document_id, session.get_one(Document, (review_id, wish.document_id))
            )
            _require_same_source(document, wish.source_id, f"{place}document_id")
    return [
        by_number[wish.document_id] if wish.document_id else newest.get(wish.source_id)
        for wish in wishes
    ]


def _require_same_source(document: Document, source_id: int, field: str) -> None:
    if document.source_id != source_id:
        owner = f"is a document of S{document.source_id}, not of S{source_id}"
        message = f"D{document.id} {owner if document.source_id else 'waits for its source'}"
        raise InvalidError(f"{field}: {message}", fields=[FieldProblem(field, message)])


def change_quote(session: Session, quote: Quote, wish: QuoteUpdate) -> Quote:
    """Change what the wish sets; other words or hints anchor the quote anew, in its document."""
    given = wish.model_fields_set
    if "exact" in given:
        quote.exact = wish.exact
        quote.words = len(wish.exact.split())
        quote.text_key = search_key(wish.exact)
    for name in ("note", "is_parked", "prefix", "suffix"):
        if name in given:
            setattr(quote, name, getattr(wish, name))
    if given & PLACING:
        was_found = quote.end_at is not None
        _place_anew(session, quote, wish)
        if was_found and quote.end_at is None and "exact" in given:
            _leave_context(quote, given)
    for name in given & {"page", "speaker"}:  # what a person says counts, also after a look
        setattr(quote, name, getattr(wish, name))
    quote.version += 1
    session.flush()
    return quote


def _place_anew(session: Session, quote: Quote, wish: QuoteUpdate) -> None:
    """Look again; a position alone decides, even against the context kept from before."""
    given = wish.model_fields_set
    document = _document_wanted(session, quote, wish)
    if document is None:
        quote.start_at, quote.end_at = wish.start_at if "start_at" in given else None, None
    elif "start_at" in given and wish.start_at is not None:
        prefix = wish.prefix if "prefix" in given else None
        suffix = wish.suffix if "suffix" in given else None
        locate(quote, document, Hint(prefix, suffix, wish.start_at), keep=given)
    else:
        is_moved = "start_at" in given or document.id != quote.document_id
        start = None if is_moved else quote.start_at
        locate(quote, document, Hint(quote.prefix, quote.suffix, start), keep=given)


def _leave_context(quote: Quote, given: Collection[str]) -> None:
    """Drop what stood around other words of the text."""
    for name in ("prefix", "suffix"):
        if name not in given:
            setattr(quote, name, None)


def _document_wanted(session: Session, quote: Quote, wish: QuoteUpdate) -> Document | None:
    """Return the document that is named to look in, else the one the quote was looked for in."""
    if wish.document_id is None:
        return document_of(session, quote)
    named = [("document_id", wish.document_id)]
    require_present(session, Document, quote.review_id, named)
    document = session.get_one(Document, (quote.review_id, wish.document_id))
    _require_same_source(document, quote.source_id, "document_id")
    return document


def verify_quotes(session: Session, document: Document) -> int:
    """Look in a new document for what its source's quotes were not found in; return how many were.

    Quotes found in an earlier document keep their place there.
    """
    waiting = session.scalars(
        select(Quote).where(
            Quote.review_id == document.review_id,
            Quote.source_id == document.source_id,
            Quote.verification.in_(WAITING),
        )
    ).all()
    for quote in waiting:
        locate(quote, document, Hint(quote.prefix, quote.suffix, quote.start_at))
        quote.version += 1
    session.flush()
    return sum(quote.verification is not Verification.NOT_FOUND for quote in waiting)


def _look_again(session: Session, review_id: int) -> None:
    """Look for what waits, where something taken back brought quotes or documents back."""
    book = ledger(session)
    touched = book.touched.get(review_id) if book.undoes else None
    if not touched:
        return
    for some in batched(sorted(touched.get("Q", ()))):
        _look_in_newest(session, review_id, Quote.id.in_(some))
    for some in batched(sorted(touched.get("D", ()))):
        back = select(Document.source_id).where(
            Document.review_id == review_id, Document.id.in_(some)
        )
        _look_in_newest(session, review_id, Quote.source_id.in_(back))


def _look_in_newest(session: Session, review_id: int, here: ColumnElement[bool]) -> None:
    is_waiting = (Quote.review_id == review_id, Quote.verification.in_(WAITING))
    waiting = session.scalars(select(Quote).where(*is_waiting, here)).all()
    newest = newest_documents(session, review_id, {quote.source_id for quote in waiting})
    for quote in waiting:
        document = newest.get(quote.source_id)
        if document is not None and document.id != quote.document_id:
            locate(quote, document, Hint(quote.prefix, quote.suffix, quote.start_at))
    session.flush()


AFTER_UNDO.append(_look_again)


def hear_quotes(session: Session, document: Document) -> None:
    """Write anew who says the quotes of a document, once its speakers were named."""
    here = (Quote.review_id == document.review_id, Quote.document_id == document.id)
    for quote in session.scalars(select(Quote).where(*here)):
        quote.speaker = speaker_at(document, quote.start_at, quote.end_at)
        quote.version += 1
    session.flush()


def code_quote(session: Session, member: Member, quote: Quote, concept_id: int) -> Quote:
    """Tie a quote straight to a concept; tying it again changes nothing."""
    require_present(session, Concept, quote.review_id, [("concept_id", concept_id)])
    if session.get(Coding, (quote.review_id, quote.id, concept_id)) is None:
        session.add(_coding(member, quote, concept_id))
        quote.version += 1
        session.flush()
    return quote


def uncode_quote(session: Session, quote: Quote, concept_id: int) -> Quote:
    """Take the tie between a quote and a concept away, if there is one."""
    found = session.get(Coding, (quote.review_id, quote.id, concept_id))
    if found is not None:
        session.delete(found)
        quote.version += 1
        session.flush()
    return quote


def delete_quote(session: Session, quote: Quote) -> None:
    """Delete a quote with its codings; raises `StillInUseError` when evidence rests on it."""
    require_unused(session, quote)
    mine = (Coding.review_id == quote.review_id, Coding.quote_id == quote.id)
    delete_many(session, Coding, mine)
    session.delete(quote)
    session.flush()
