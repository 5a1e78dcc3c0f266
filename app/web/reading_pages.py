"""Reading and coding: a text with what is coded in it beside it."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from app.access.identity import IdPath, Reading
from app.access.policy import Right, may
from app.db import SessionDep
from app.errors import ConflictError
from app.history.reading import load
from app.library.boundaries import setting_of
from app.library.models import Document, Source
from app.theory.vocabulary import TEMPLATE_ROLES, Stance, State, Template
from app.web.coded import Coded, coded_in
from app.web.framing import in_review
from app.web.reading import Mark, lay_out, parts_of

router = APIRouter(prefix="/reviews/{slug}", include_in_schema=False)


@router.get("/documents/{number}")
def read_document(
    number: IdPath,
    member: Reading,
    session: SessionDep,
    part: Annotated[int | None, Query(ge=1, le=10_000)] = None,
    quote: Annotated[int | None, Query(ge=1)] = None,
) -> HTMLResponse:
    """Show a part of a text, the one that holds a quote where one is named, ready to be coded."""
    document = load(session, Document, member.review_id, number)
    if document.source_id is None:
        raise ConflictError(f"D{number} waits for a person to say which source it is of.")
    coded = coded_in(session, member.review_id, document.id)
    parts = parts_of(document.text, setting_of(document.extractor))
    places = {c.quote.id: c.quote.start_at for c in coded}
    wanted = part or _part_of(places.get(quote) if quote else None, [p[0][0] for p in parts if p])
    here = min(wanted, len(parts))
    marks = _marks(coded)
    return in_review(
        session,
        member,
        "reading.html",
        "sources",
        document=document,
        source=load(session, Source, member.review_id, document.source_id),
        paragraphs=lay_out(document.text, parts[here - 1], document.page_breaks, marks),
        part=here,
        parts=len(parts),
        coded=coded,
        may_code=may(member.role, Right.CODE),
        stances=list(Stance),
        states=list(State),
        slots=TEMPLATE_ROLES[Template(member.review.template)],
    )


def _part_of(position: int | None, starts: list[int]) -> int:
    """Return the part, counted from 1, that holds a position."""
    return max(sum(start <= (position or 0) for start in starts), 1)


def _marks(coded: list[Coded]) -> list[Mark]:
    return [
        Mark(c.quote.id, c.quote.start_at, c.quote.end_at, c.quote.verification.value)
        for c in coded
        if c.quote.start_at is not None and c.quote.end_at is not None
    ]
