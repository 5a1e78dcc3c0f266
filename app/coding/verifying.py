"""Checking every quote of a review against the texts it is said to stand in."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.coding.anchoring import Passage, Verification, page_at
from app.coding.differing import difference
from app.coding.models import Quote
from app.coding.paging import FOUND, judge_pages
from app.coding.placing import Hint, find_place, locate, page_of
from app.coding.schemas import QuoteCheck, QuoteChecks, TakenOver
from app.errors import InvalidError
from app.library.models import Document


def check_quotes(session: Session, review_id: int) -> QuoteChecks:
    """Look every quote up anew and change nothing; `items` lists those a person should look at.

    A quote is looked for in its own document, else in the newest of its source.
    """
    checks = sorted(_checks(session, review_id), key=lambda check: check.id)
    counts = Counter(check.verification for check in checks)
    return QuoteChecks(
        counts={state: counts[state] for state in Verification if counts[state]},
        wrong_pages=sum(check.is_wrong_page for check in checks),
        items=[c for c in checks if c.verification not in FOUND or c.is_wrong_page or _moved(c)],
    )


def _moved(check: QuoteCheck) -> bool:
    return check.verification is not check.was


def _checks(session: Session, review_id: int) -> Iterator[QuoteCheck]:
    documents = session.execute(
        select(Document.source_id, Document.id)
        .where(Document.review_id == review_id)
        .order_by(Document.id)
    )
    newest = {row[0]: row[1] for row in documents}
    by_document: dict[int | None, list[Quote]] = defaultdict(list)
    for quote in session.scalars(select(Quote).where(Quote.review_id == review_id)):
        by_document[quote.document_id or newest.get(quote.source_id)].append(quote)
    for number, quotes in by_document.items():
        if number is None:
            yield from (_unread(quote) for quote in quotes)
        else:
            document = session.get_one(Document, (review_id, number))
            yield from _checked(document, quotes)
            session.expire(document, ["text"])  # one text at a time


def _unread(quote: Quote) -> QuoteCheck:
    state = Verification.NO_DOCUMENT
    return QuoteCheck(
        id=quote.id,
        source_id=quote.source_id,
        document_id=None,
        was=quote.verification,
        verification=state,
        page=quote.page,
    )


def _checked(document: Document, quotes: Iterable[Quote]) -> list[QuoteCheck]:
    checks = [_check(document, quote) for quote in quotes]
    judge_pages(document, checks)
    return checks


def _check(document: Document, quote: Quote) -> QuoteCheck:
    found = find_place(quote, document, Hint(quote.prefix, quote.suffix, quote.start_at))
    place = found.passage
    words = document.text[place.start : place.end] if place else None
    is_similar = found.verification is Verification.APPROXIMATE and words is not None
    return QuoteCheck(
        id=quote.id,
        source_id=quote.source_id,
        document_id=document.id,
        was=quote.verification,
        verification=found.verification,
        score=found.score,
        page=quote.page,
        page_found=page_of(document, place.start) if place else None,
        count_found=_count(document, place),
        found=words if is_similar else None,
        difference=difference(quote.exact, words or "") if is_similar else None,
    )


def _count(document: Document, place: Passage | None) -> int | None:
    breaks = document.page_breaks
    return page_at(breaks, place.start) if breaks and place else None


def take_over(session: Session, document: Document, earlier: Document) -> TakenOver:
    """Move the quotes of an earlier version into this one, wherever they are found in it.

    One that is found less surely than before, or not at all, stays where it was and is listed.
    """
    if document.source_id != earlier.source_id or document.id == earlier.id:
        raise InvalidError(
            f"D{earlier.id} is no earlier version of D{document.id}: name another document of "
            f"S{document.source_id}."
        )
    quotes = session.scalars(
        select(Quote)
        .where(Quote.review_id == document.review_id, Quote.document_id == earlier.id)
        .order_by(Quote.id)
    ).all()
    moved, stayed = [], []
    for quote in quotes:
        hint = Hint(quote.prefix, quote.suffix, None)
        if _is_worse(find_place(quote, document, hint).verification, quote.verification):
            stayed.append(quote.id)
        else:
            locate(quote, document, hint)
            quote.version += 1
            moved.append(quote.id)
    session.flush()
    return TakenOver(document_id=document.id, moved=moved, stayed=stayed)


def _is_worse(found: Verification, was: Verification) -> bool:
    order = list(Verification)
    return order.index(found) > max(order.index(was), order.index(Verification.NORMALISED))
