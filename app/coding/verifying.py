"""Checking every quote of a review against the texts it is said to stand in."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from app.coding.anchoring import Passage, Verification, page_at
from app.coding.differing import difference
from app.coding.models import Quote
from app.coding.paging import FOUND, judge_pages
from app.coding.placing import Hint, find_place, locate, page_of
from app.coding.schemas import QuoteCheck, QuoteChecks, TakenOver
from app.db import PageWish
from app.errors import InvalidError
from app.library.models import Document


class Asked(NamedTuple):
    """A quote as far as looking it up needs it; a row of `QUOTES`."""

    id: int
    source_id: int
    document_id: int | None
    exact: str
    prefix: str | None
    suffix: str | None
    start_at: int | None
    was: Verification
    page: str | None


QUOTES = (
    Quote.id,
    Quote.source_id,
    Quote.document_id,
    Quote.exact,
    Quote.prefix,
    Quote.suffix,
    Quote.start_at,
    Quote.verification,
    Quote.page,
)
TEXTS_AT_ONCE = 8
"""Texts held in memory together."""


def check_quotes(session: Session, review_id: int) -> QuoteChecks:
    """Look every quote up anew and change nothing; `items` lists those a person should look at.

    A quote is looked for in its own document, else in the newest of its source.
    """
    return check_some(session, review_id)[0]


def check_some(
    session: Session, review_id: int, wish: PageWish | None = None
) -> tuple[QuoteChecks, int | None]:
    """Look every quote up; return a page of those to look at, and the number the next follows."""
    after, most = (wish.after, wish.limit) if wish else (0, None)
    by_document = _by_document(session, review_id)
    unread = by_document.pop(None, [])
    checks = list(_checks(session, review_id, by_document))
    counts = Counter(check.verification for check in checks)
    counts[Verification.NO_DOCUMENT] += len(unread)
    seen = [c for c in checks if c.verification not in FOUND or c.is_wrong_page or _moved(c)]
    waiting = [quote for quote in unread if quote.id > after]
    several = [*seen, *map(_unread, waiting if most is None else waiting[: most + 1])]
    items = sorted((c for c in several if c.id > after), key=lambda check: check.id)
    found = QuoteChecks(
        counts={state: counts[state] for state in Verification if counts[state]},
        wrong_pages=sum(check.is_wrong_page for check in checks),
        items=items[:most],
    )
    return found, found.items[-1].id if len(found.items) < len(items) else None


def _moved(check: QuoteCheck) -> bool:
    return check.verification is not check.was


def _by_document(session: Session, review_id: int) -> dict[int | None, list[Asked]]:
    """Return the quotes in order, by the document each is looked for in; None where there is none.

    Columns are read, not objects: a review has tens of thousands of quotes.
    """
    documents = session.execute(
        select(Document.source_id, Document.id)
        .where(Document.review_id == review_id)
        .order_by(Document.id)
    )
    newest = {row[0]: row[1] for row in documents}
    found: dict[int | None, list[Asked]] = defaultdict(list)
    for row in session.execute(
        select(*QUOTES).where(Quote.review_id == review_id).order_by(Quote.id)
    ):
        quote = Asked._make(row)
        found[quote.document_id or newest.get(quote.source_id)].append(quote)
    return found


def _checks(
    session: Session, review_id: int, by_document: Mapping[int | None, Sequence[Asked]]
) -> Iterator[QuoteCheck]:
    if not by_document:
        return
    statement = (
        select(Document)
        .options(undefer(Document.text))
        .where(Document.review_id == review_id)
        .order_by(Document.id)
        .execution_options(yield_per=TEXTS_AT_ONCE)
    )
    for document in session.scalars(statement):
        yield from _checked(document, by_document.get(document.id, ()))


def _unread(quote: Asked) -> QuoteCheck:
    return QuoteCheck(
        id=quote.id,
        source_id=quote.source_id,
        document_id=None,
        was=quote.was,
        verification=Verification.NO_DOCUMENT,
        page=quote.page,
    )


def _checked(document: Document, quotes: Iterable[Asked]) -> list[QuoteCheck]:
    checks = [_check(document, quote) for quote in quotes]
    judge_pages(document, checks)
    return checks


def _check(document: Document, quote: Asked) -> QuoteCheck:
    hint = Hint(quote.prefix, quote.suffix, quote.start_at)
    found = find_place(quote.exact, document, hint)
    place = found.passage
    words = document.text[place.start : place.end] if place else None
    is_similar = found.verification is Verification.APPROXIMATE and words is not None
    return QuoteCheck(
        id=quote.id,
        source_id=quote.source_id,
        document_id=document.id,
        was=quote.was,
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
        if _is_worse(find_place(quote.exact, document, hint).verification, quote.verification):
            stayed.append(quote.id)
        else:
            locate(quote, document, hint, keep=())
            quote.version += 1
            moved.append(quote.id)
    session.flush()
    return TakenOver(document_id=document.id, moved=moved, stayed=stayed)


def _is_worse(found: Verification, was: Verification) -> bool:
    order = list(Verification)
    return order.index(found) > max(order.index(was), order.index(Verification.NORMALISED))
