"""Sources as pages: the list, and one with what is quoted from it and what rests on it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from app.access.identity import IdPath, Reading
from app.coding.models import Quote
from app.coding.quotes import read_quotes, select_quotes
from app.coding.schemas import QuoteFilter
from app.db import SessionDep, paginate
from app.history.reading import load
from app.library.merging import merged_into
from app.library.models import FieldSubject, Source, Study
from app.library.schemas import SourceFilter
from app.library.service import source_page
from app.web.contents import (
    configurations_of_source,
    documents_of,
    own_values,
)
from app.web.framing import in_review
from app.web.wishes import active_filters, address, given, wish_of

router = APIRouter(prefix="/reviews/{slug}", include_in_schema=False)

MOST_QUOTES = 200


@router.get("/sources")
def list_sources(
    request: Request,
    member: Reading,
    session: SessionDep,
    wish: Annotated[SourceFilter, Depends(wish_of(SourceFilter))],
) -> HTMLResponse:
    """List the sources that fit the address, in the order of their numbers."""
    query = given(request)
    found = source_page(session, member.review_id, wish)
    return in_review(
        session,
        member,
        "sources.html",
        "sources",
        wish=wish,
        sources=found.items,
        active=active_filters(query),
        kept=[pair for pair in query if pair[0] not in {"text", "after"}],
        next=address(query, after=found.next) if found.next else None,
    )


@router.get("/sources/{number}")
def show_source(number: IdPath, member: Reading, session: SessionDep) -> HTMLResponse:
    """Show a source: its reference, what is quoted from it, and what rests on it."""
    source = load(session, Source, member.review_id, number)
    wish = QuoteFilter(source_id=number, limit=MOST_QUOTES)
    quotes = paginate(session, select_quotes(session, member.review, wish), Quote.id, wish)
    study = session.get(Study, (member.review_id, source.study_id)) if source.study_id else None
    return in_review(
        session,
        member,
        "source.html",
        "sources",
        source=source,
        merged=merged_into(session, member.review_id, [number]).get(number, []),
        own=own_values(session, member.review_id, FieldSubject.SOURCE, source.fields),
        study=study,
        documents=documents_of(session, member.review_id, number),
        quotes=read_quotes(session, member.review, quotes.items),
        has_more=quotes.next is not None,
        configurations=configurations_of_source(session, member.review_id, number),
    )
