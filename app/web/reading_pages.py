"""Reading and coding: a text, or its pages as printed, with what is coded in it beside it."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse
from pydantic import Field
from sqlalchemy.orm import Session

from app.access.identity import IdPath, Member, Reading, SettingsDep
from app.access.policy import Right, may, may_change
from app.db import MAX_NUMBER, Id, Schema, SessionDep
from app.errors import NotFoundError
from app.history.models import Inference
from app.history.reading import load
from app.library.boundaries import setting_of
from app.library.extraction import bounds_of
from app.library.layout import PDF
from app.library.models import Document, Source
from app.library.passages import page_frames
from app.theory.vocabulary import TEMPLATE_ROLES, Basis, Stance, State, Template
from app.web.coded import Coded, coded_in, marks_of
from app.web.framing import in_review
from app.web.reading import lay_out, parts_of

router = APIRouter(prefix="/reviews/{slug}", include_in_schema=False)


class ReadingWish(Schema):
    """Where to open a document, and the quote whose forms are wanted."""

    part: Annotated[int, Field(ge=1, le=10_000)] | None = None
    page: Id | None = None
    """Of the pages as printed."""
    quote: Id | None = None
    at: Annotated[int, Field(ge=0, le=MAX_NUMBER)] | None = None
    """A position of the text, in code points."""
    change: Id | None = None


@router.get("/documents/{number}")
def read_document(
    number: IdPath,
    member: Reading,
    session: SessionDep,
    wish: Annotated[ReadingWish, Query()],
) -> HTMLResponse:
    """Show a part of a text, the one of a quote or position if one is named, ready to be coded."""
    document = load(session, Document, member.review_id, number)
    coded = coded_in(session, member.review_id, document.id)
    parts = parts_of(document.text, setting_of(document.extractor))
    places = {c.quote.id: c.quote.start_at for c in coded}
    position = places.get(wish.quote or wish.change or 0) or wish.at
    wanted = wish.part or _part_of(position, [p[0][0] for p in parts if p])
    here = min(wanted, len(parts))
    marks = marks_of(coded)
    return in_review(
        session,
        member,
        "reading.html",
        "sources",
        paragraphs=lay_out(
            document.text, parts[here - 1], document.page_breaks, marks, document.page_labels
        ),
        part=here,
        parts=len(parts),
        address=f"?part={here}" if wish.part else "",
        change=wish.change,
        **_beside(session, member, document, coded),
    )


@router.get("/documents/{number}/pdf")
def read_printed(
    number: IdPath,
    member: Reading,
    session: SessionDep,
    settings: SettingsDep,
    wish: Annotated[ReadingWish, Query()],
) -> HTMLResponse:
    """Show the pages of a PDF as printed; a script draws them and what is coded over them."""
    document = load(session, Document, member.review_id, number)
    if document.media_type != PDF:
        raise NotFoundError(
            f"D{number} is no PDF and has no printed pages; read its text at "
            f"/reviews/{member.review.slug}/documents/{number}."
        )
    frames = page_frames(document, settings.files_dir, bounds_of(settings))
    coded = coded_in(session, member.review_id, document.id)
    marks = [(m.number, m.start, m.end, m.found) for m in marks_of(coded)]
    return in_review(
        session,
        member,
        "printed.html",
        "sources",
        frames=[frame.model_dump() for frame in frames],
        marks=marks,
        address="/pdf",
        change=wish.change,
        **_beside(session, member, document, coded),
    )


def _beside(
    session: Session, member: Member, document: Document, coded: list[Coded]
) -> dict[str, Any]:
    """Return what both views show beside the text: what is coded, and what can be done.

    A document that waits has no source yet, and is only read.
    """
    source_id = document.source_id
    authors = {c.quote.created_by for c in coded}
    authors |= {tied.author for c in coded for tied in c.configurations}
    return {
        "document": document,
        "is_pdf": document.media_type == PDF,
        "source": load(session, Source, member.review_id, source_id) if source_id else None,
        "coded": coded,
        "may_code": source_id is not None and may(member.role, Right.CODE),
        "may_theorise": may(member.role, Right.THEORISE),
        "changeable": {a for a in authors if may_change(member.role, member.user.id, a)},
        "stances": list(Stance),
        "states": list(State),
        "bases": list(Basis),
        "inferences": list(Inference),
        "slots": TEMPLATE_ROLES[Template(member.review.template)],
    }


def _part_of(position: int | None, starts: list[int]) -> int:
    """Return the part, counted from 1, that holds a position."""
    return max(sum(start <= (position or 0) for start in starts), 1)
