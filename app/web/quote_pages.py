"""Quotes as pages: the list with its filters, and one with what it is evidence of."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from pydantic import Field

from app.access.identity import IdPath, Reading
from app.access.policy import Right, may
from app.coding.anchoring import MOST_CANDIDATES, Verification
from app.coding.differing import worded
from app.coding.mending import mending_of
from app.coding.models import Quote
from app.coding.quotes import read_quotes, select_quotes
from app.coding.schemas import QuoteFilter
from app.db import Schema, SessionDep, paginate
from app.history.reading import load
from app.library.models import Source
from app.theory.vocabulary import Basis, Stance
from app.web.beside import may_change, memos_on
from app.web.contents import concepts_of_quote, labels, sources_of, ties_of_quote, user_name
from app.web.filtering import chips
from app.web.framing import in_review
from app.web.rendering import local_path
from app.web.wishes import address, given, wish_of

router = APIRouter(prefix="/reviews/{slug}/quotes", include_in_schema=False)

UNSURE = (Verification.APPROXIMATE, Verification.AMBIGUOUS, Verification.NOT_FOUND)
"""What a person can settle."""
FORM_FIELDS = {"text", "verification", "is_parked", "is_too_long", "after"}


class QuotePageWish(Schema):
    """How far the words of a quote are settled, and the page one came from."""

    take: list[int] = Field(default_factory=list, max_length=1_000)
    """Pieces of the text, by place, that are to stand instead of the quote's own."""
    is_chosen: bool = False
    """Only these pieces; otherwise all."""
    back: str | None = None


@router.get("")
def list_quotes(
    request: Request,
    member: Reading,
    session: SessionDep,
    wish: Annotated[QuoteFilter, Depends(wish_of(QuoteFilter))],
) -> HTMLResponse:
    """List the quotes that fit the address, in the order of their numbers."""
    query = given(request)
    wish = wish.model_copy(update={"count": True})
    found = paginate(session, select_quotes(session, member.review, wish), Quote.id, wish)
    quotes = read_quotes(session, member.review, found.items)
    return in_review(
        session,
        member,
        "quotes.html",
        "quotes",
        wish=wish,
        quotes=quotes,
        total=found.total or 0,
        sources=sources_of(session, member.review_id, {q.source_id for q in found.items}),
        names=labels(session, member.review_id, {k for q in quotes for k in q.concepts}),
        verifications=list(Verification),
        UNSURE=UNSURE,
        back=f"{request.url.path}{address(query) if query else ''}",
        active=chips(query),
        kept=[pair for pair in query if pair[0] not in FORM_FIELDS],
        next=address(query, after=found.next) if found.next else None,
    )


@router.get("/{number:int}")
def show_quote(
    number: IdPath,
    member: Reading,
    session: SessionDep,
    wish: Annotated[QuotePageWish, Depends(wish_of(QuotePageWish))],
) -> HTMLResponse:
    """Show a quote: its words, where they stand, what they are evidence of; and tie it."""
    quote = load(session, Quote, member.review_id, number)
    [read] = read_quotes(session, member.review, [quote])
    mending = mending_of(session, quote)
    pieces = mending.pieces if mending else ()
    differing = {n for n, piece in enumerate(pieces) if not piece.is_same}
    taken = differing & set(wish.take) if wish.is_chosen else differing
    return in_review(
        session,
        member,
        "quote.html",
        "quotes",
        quote=read,
        source=load(session, Source, member.review_id, quote.source_id),
        mending=mending,
        MOST_PLACES=MOST_CANDIDATES,
        taken=taken,
        wording=worded(pieces, taken),
        back=local_path(wish.back)
        if wish.back
        else f"/reviews/{member.review.slug}/quotes/{number}",
        ties=ties_of_quote(session, member.review_id, number),
        concepts=concepts_of_quote(session, member.review_id, number),
        coder=user_name(session, quote.created_by),
        noted=memos_on(session, member.review_id, "Q", number),
        may_edit=may_change(member, quote.created_by),
        may_code=may(member.role, Right.CODE),
        stances=list(Stance),
        bases=list(Basis),
    )
