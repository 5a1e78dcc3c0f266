"""Quotes as pages: the list with its filters, and one with what it is evidence of."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from app.access.identity import IdPath, Reading
from app.access.policy import Right, may
from app.coding.anchoring import Verification
from app.coding.models import Quote
from app.coding.placing import candidates_of
from app.coding.quotes import read_quotes, select_quotes
from app.coding.schemas import QuoteFilter
from app.db import SessionDep, paginate
from app.history.reading import load
from app.library.models import Source
from app.theory.vocabulary import Basis, Stance
from app.web.beside import may_change, memos_on
from app.web.contents import concepts_of_quote, labels, sources_of, ties_of_quote, user_name
from app.web.framing import in_review
from app.web.wishes import active_filters, address, given, wish_of

router = APIRouter(prefix="/reviews/{slug}/quotes", include_in_schema=False)

FORM_FIELDS = {"text", "verification", "is_parked", "is_too_long", "after"}


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
        active=active_filters(query),
        kept=[pair for pair in query if pair[0] not in FORM_FIELDS],
        next=address(query, after=found.next) if found.next else None,
    )


@router.get("/{number:int}")
def show_quote(number: IdPath, member: Reading, session: SessionDep) -> HTMLResponse:
    """Show a quote: its words, where they stand, what they are evidence of; and tie it."""
    quote = load(session, Quote, member.review_id, number)
    [read] = read_quotes(session, member.review, [quote])
    return in_review(
        session,
        member,
        "quote.html",
        "quotes",
        quote=read,
        source=load(session, Source, member.review_id, quote.source_id),
        places=candidates_of(session, quote),
        ties=ties_of_quote(session, member.review_id, number),
        concepts=concepts_of_quote(session, member.review_id, number),
        coder=user_name(session, quote.created_by),
        noted=memos_on(session, member.review_id, "Q", number),
        may_edit=may_change(member, quote.created_by),
        may_code=may(member.role, Right.CODE),
        stances=list(Stance),
        bases=list(Basis),
    )
