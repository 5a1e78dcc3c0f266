"""What people cite, one page each: configurations, quotes, sources and concepts, with lists."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from app.access.identity import IdPath, Reading
from app.access.policy import Right, may, may_change
from app.coding.models import Quote
from app.coding.quotes import read_quotes, select_quotes
from app.coding.schemas import QuoteFilter
from app.db import SessionDep, paginate
from app.history.reading import load
from app.library.merging import merged_into
from app.library.models import FieldSubject, Source, Study
from app.library.schemas import SourceFilter
from app.library.service import source_page
from app.synthesis.concept_page import concept_page
from app.theory.listing import ConfigurationWish, configuration_page
from app.theory.queries import read_configuration
from app.theory.vocabulary import ConfigurationKind, ConfigurationStatus, Stance
from app.web.contents import (
    codebook,
    concepts_of_quote,
    configurations_of_source,
    documents_of,
    labels,
    links_of,
    own_values,
    sources_of,
    ties_of_quote,
    user_name,
)
from app.web.framing import in_review
from app.web.wishes import Query, address, given, wish_of, without

router = APIRouter(prefix="/reviews/{slug}", include_in_schema=False)

MOST_QUOTES = 200
FORM_FIELDS = {"text", "kind", "status", "stance", "after"}
PAGING = {"after", "limit", "count"}


@router.get("/configurations")
def list_configurations(
    request: Request,
    member: Reading,
    session: SessionDep,
    wish: Annotated[ConfigurationWish, Depends(wish_of(ConfigurationWish))],
) -> HTMLResponse:
    """List the configurations that fit the address, with how many there are in all."""
    query = given(request)
    page = configuration_page(session, member.review_id, wish.model_copy(update={"count": True}))
    return in_review(
        session,
        member,
        "configurations.html",
        "configurations",
        wish=wish,
        page=page,
        next=address(query, after=page["next"]) if page["next"] else None,
        active=_active(query),
        kept=[pair for pair in query if pair[0] not in FORM_FIELDS],
        kinds=list(ConfigurationKind),
        statuses=list(ConfigurationStatus),
        stances=list(Stance),
        may_compose=may(member.role, Right.CODE),
        names=labels(
            session,
            member.review_id,
            {e["concept_id"] for item in page["items"] for e in item["elements"]},
        ),
    )


def _active(query: Query) -> list[tuple[str, str, str]]:
    """Return name and value of every filter, each with the address that drops it."""
    return [
        (name, value, without(query, i))
        for i, (name, value) in enumerate(query)
        if name not in PAGING
    ]


@router.get("/configurations/{number}")
def show_configuration(number: IdPath, member: Reading, session: SessionDep) -> HTMLResponse:
    """Show a configuration: its statement, its elements by role, and the words behind it."""
    found = read_configuration(session, member.review_id, number)
    cited = {e.cited_source_id for e in found.evidence if e.cited_source_id}
    numbers = {e.source_id for e in found.evidence} | cited
    return in_review(
        session,
        member,
        "configuration.html",
        "configurations",
        configuration=found,
        own=own_values(session, member.review_id, FieldSubject.CONFIGURATION, found.fields),
        names=labels(session, member.review_id, {e.concept_id for e in found.elements}),
        sources=sources_of(session, member.review_id, numbers),
        links=links_of(session, member.review_id, number),
        coder=user_name(session, found.created_by),
        may_compose=may_change(member.role, member.user.id, found.created_by),
    )


@router.get("/quotes")
def list_quotes(
    request: Request,
    member: Reading,
    session: SessionDep,
    wish: Annotated[QuoteFilter, Depends(wish_of(QuoteFilter))],
) -> HTMLResponse:
    """List the quotes that fit the address, in the order of their numbers."""
    found = paginate(session, select_quotes(session, member.review, wish), Quote.id, wish)
    return in_review(
        session,
        member,
        "quotes.html",
        "quotes",
        wish=wish,
        quotes=read_quotes(session, member.review, found.items),
        sources=sources_of(session, member.review_id, {q.source_id for q in found.items}),
        next=address(given(request), after=found.next) if found.next else None,
    )


@router.get("/quotes/{number}")
def show_quote(number: IdPath, member: Reading, session: SessionDep) -> HTMLResponse:
    """Show a quote: its words, where they stand, and what they are evidence of."""
    quote = load(session, Quote, member.review_id, number)
    [read] = read_quotes(session, member.review, [quote])
    return in_review(
        session,
        member,
        "quote.html",
        "quotes",
        quote=read,
        source=load(session, Source, member.review_id, quote.source_id),
        ties=ties_of_quote(session, member.review_id, number),
        concepts=concepts_of_quote(session, member.review_id, number),
        coder=user_name(session, quote.created_by),
    )


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
        active=_active(query),
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


@router.get("/concepts")
def list_concepts(member: Reading, session: SessionDep) -> HTMLResponse:
    """Show the codebook as a tree."""
    entries = codebook(session, member.review_id)
    return in_review(session, member, "concepts.html", "concepts", entries=entries)


@router.get("/concepts/{number}")
def show_concept(number: IdPath, member: Reading, session: SessionDep) -> HTMLResponse:
    """Show a concept: every role it plays, in whose words, beside what."""
    page = concept_page(session, member.review, number)
    return in_review(
        session,
        member,
        "concept.html",
        "concepts",
        concept=page,
        asked=number,
        narrower=labels(session, member.review_id, page.narrower),
        sources=sources_of(
            session, member.review_id, {d.source_id for d in page.definitions if d.source_id}
        ),
    )
