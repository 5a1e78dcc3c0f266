"""The API of quotes and of their ties to concepts."""

from typing import Annotated

from fastapi import APIRouter, Query, Response, status
from sqlalchemy.orm import Session

from app.access.identity import (
    Changing,
    Coding,
    IdPath,
    IfMatch,
    Member,
    Reading,
    SettingsDep,
    require_version,
    tag,
)
from app.access.policy import require_change
from app.access.replay import Replayable, ReplayingRoute
from app.coding.models import Quote
from app.coding.placing import candidates_of, place_quote
from app.coding.quotes import (
    add_quotes,
    change_quote,
    code_quote,
    delete_quote,
    read_quotes,
    select_quotes,
    uncode_quote,
)
from app.coding.schemas import (
    Candidate,
    QuoteBulk,
    QuoteChecks,
    QuoteCreate,
    QuoteCreated,
    QuoteFilter,
    QuoteRead,
    QuoteUpdate,
)
from app.coding.verifying import check_quotes
from app.db import Page, PageWish, SessionDep, Slice, cut, paginate
from app.history.reading import load
from app.library.document_schemas import PassagePlace
from app.library.extraction import bounds_of

router = APIRouter(
    prefix="/api/v1/reviews/{slug}/quotes",
    tags=["quotes"],
    dependencies=[Replayable],
    route_class=ReplayingRoute,
)


def _created(session: Session, member: Member, quotes: list[Quote]) -> list[QuoteCreated]:
    shown = read_quotes(session, member.review, quotes)
    return [
        QuoteCreated(
            **read.model_dump(),
            candidates=candidates_of(session, quote),
        )
        for read, quote in zip(shown, quotes, strict=True)
    ]


def _changing(session: Session, member: Member, number: int, if_match: str | None) -> Quote:
    quote = load(session, Quote, member.review_id, number)
    require_change(member.role, member.user.id, quote.created_by)
    require_version(if_match, quote.version)
    return quote


@router.get("")
def list_quotes(
    member: Reading, session: SessionDep, wish: Annotated[QuoteFilter, Query()]
) -> Page[QuoteRead]:
    """List the quotes that fit, by number."""
    page = paginate(session, select_quotes(session, member.review, wish), Quote.id, wish)
    items = read_quotes(session, member.review, page.items)
    return Page(items=items, next=page.next, total=page.total)


@router.post("", status_code=status.HTTP_201_CREATED)
def create_quote(
    body: QuoteCreate, member: Coding, session: SessionDep, response: Response
) -> QuoteCreated:
    """Add a quote; an ambiguous one comes back with the places to choose from."""
    quotes = add_quotes(session, member, [body])
    tag(response, quotes[0].version)
    return _created(session, member, quotes)[0]


@router.post("/bulk", status_code=status.HTTP_201_CREATED)
def create_quotes(body: QuoteBulk, member: Coding, session: SessionDep) -> list[QuoteCreated]:
    """Add many quotes in their order; all go in or none."""
    return _created(session, member, add_quotes(session, member, body.items))


@router.get("/check")
def check_all_quotes(member: Reading, session: SessionDep) -> QuoteChecks:
    """Look every quote up in its text anew, and list those a person should look at."""
    return check_quotes(session, member.review_id)


@router.get("/{number}")
def read_quote(
    number: IdPath, member: Reading, session: SessionDep, response: Response
) -> QuoteRead:
    """Read a quote and how it was found."""
    quote = load(session, Quote, member.review_id, number)
    tag(response, quote.version)
    return read_quotes(session, member.review, [quote])[0]


@router.get("/{number}/candidates", response_model=Page[Candidate])
def list_candidates(
    number: IdPath, member: Reading, session: SessionDep, wish: Annotated[PageWish, Query()]
) -> Slice[Candidate]:
    """List the places an ambiguous quote may stand in; PATCH its `start_at` to choose one."""
    quote = load(session, Quote, member.review_id, number)
    return cut(session, candidates_of(session, quote), wish)


@router.get("/{number}/place")
def read_place(
    number: IdPath, member: Reading, session: SessionDep, settings: SettingsDep
) -> PassagePlace:
    """Show a quote on its pages; no document and no pages when it was found in none."""
    quote = load(session, Quote, member.review_id, number)
    return place_quote(session, quote, settings.files_dir, bounds_of(settings))


@router.patch("/{number}")
def update_quote(
    number: IdPath,
    body: QuoteUpdate,
    member: Changing,
    session: SessionDep,
    response: Response,
    if_match: IfMatch = None,
) -> QuoteCreated:
    """Change a quote; other words, context or position anchor it anew."""
    quote = _changing(session, member, number, if_match)
    change_quote(session, quote, body)
    tag(response, quote.version)
    return _created(session, member, [quote])[0]


@router.delete("/{number}", status_code=status.HTTP_204_NO_CONTENT)
def remove_quote(
    number: IdPath, member: Changing, session: SessionDep, if_match: IfMatch = None
) -> None:
    """Delete a quote no evidence or definition rests on; 409 names what does."""
    delete_quote(session, _changing(session, member, number, if_match))


@router.put("/{number}/concepts/{concept_id}")
def tie_concept(
    number: IdPath,
    concept_id: IdPath,
    member: Changing,
    session: SessionDep,
    response: Response,
    if_match: IfMatch = None,
) -> QuoteRead:
    """Tie a quote straight to a concept."""
    quote = _changing(session, member, number, if_match)
    code_quote(session, member, quote, concept_id)
    tag(response, quote.version)
    return read_quotes(session, member.review, [quote])[0]


@router.delete("/{number}/concepts/{concept_id}")
def untie_concept(
    number: IdPath,
    concept_id: IdPath,
    member: Changing,
    session: SessionDep,
    response: Response,
    if_match: IfMatch = None,
) -> QuoteRead:
    """Take the tie between a quote and a concept away."""
    quote = _changing(session, member, number, if_match)
    uncode_quote(session, quote, concept_id)
    tag(response, quote.version)
    return read_quotes(session, member.review, [quote])[0]
