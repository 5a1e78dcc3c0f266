"""The codebook as pages: its tree, one concept, merging and splitting, what is nearly the same."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.identity import IdPath, Reading
from app.access.policy import Right, may
from app.coding.apart import list_apart
from app.coding.models import Coding, Concept, ConceptOrigin, Level, Quote
from app.db import Line, Schema, SessionDep
from app.history.reading import load
from app.synthesis.alike import AlikeWish, alike
from app.synthesis.concept_page import concept_page
from app.synthesis.merge_preview import PreviewWish, merge_preview
from app.theory.models import Element
from app.theory.queries import summaries
from app.web.beside import memos_on
from app.web.codebook import CodebookWish, Only, codebook
from app.web.contents import labels, sources_of
from app.web.forms import cited
from app.web.framing import in_review
from app.web.history_pages import names_of
from app.web.wishes import wish_of

router = APIRouter(prefix="/reviews/{slug}/concepts", include_in_schema=False)

MOST_PAIRS = 100
PALETTE = (
    ("#0072b2", "blue"),
    ("#d55e00", "vermilion"),
    ("#009e73", "green"),
    ("#cc79a7", "purple"),
    ("#e69f00", "orange"),
    ("#56b4e9", "sky blue"),
    ("#f0e442", "yellow"),
    ("#666666", "grey"),
)
"""Colours told apart by most people (Okabe & Ito 2008)."""


class MergePageWish(Schema):
    """What a concept is to be merged into: `K4`, whatever words follow."""

    into: Line | None = None


@router.get("")
def list_concepts(
    member: Reading,
    session: SessionDep,
    wish: Annotated[CodebookWish, Depends(wish_of(CodebookWish))],
) -> HTMLResponse:
    """Show the codebook as a tree, with what each concept is used for."""
    may_edit = may(member.role, Right.CODEBOOK)
    return in_review(
        session,
        member,
        "concepts.html",
        "concepts",
        wish=wish,
        book=codebook(session, member.review_id, wish),
        filters=list(Only),
        may_edit=may_edit,
    )


@router.get("/alike")
def list_alike(
    member: Reading,
    session: SessionDep,
    wish: Annotated[AlikeWish, Depends(wish_of(AlikeWish))],
) -> HTMLResponse:
    """Show what may be nearly the same, and what people told apart."""
    page = alike(session, member.review, wish.model_copy(update={"count": True}))
    apart = list_apart(session, member.review_id)
    told = {number for pair in apart for number in (pair.lower_id, pair.higher_id)}
    return in_review(
        session,
        member,
        "alike.html",
        "concepts",
        page=page,
        apart=apart,
        names=labels(session, member.review_id, told),
        people=names_of(session, [pair.created_by for pair in apart]),
        may_edit=may(member.role, Right.CODEBOOK),
    )


@router.get("/{number:int}")
def show_concept(number: IdPath, member: Reading, session: SessionDep) -> HTMLResponse:
    """Show a concept: every role it plays, in whose words, beside what, and what one may do."""
    page = concept_page(session, member.review, number)
    concept = load(session, Concept, member.review_id, page.id)
    may_edit = may(member.role, Right.CODEBOOK)
    numbers = {*page.narrower, *page.merged, concept.origin_id, concept.parent_id}
    return in_review(
        session,
        member,
        "concept.html",
        "concepts",
        concept=page,
        row=concept,
        asked=number,
        names=labels(session, member.review_id, numbers),
        sources=sources_of(
            session, member.review_id, {d.source_id for d in page.definitions if d.source_id}
        ),
        noted=memos_on(session, member.review_id, "K", page.id),
        may_edit=may_edit,
        may_write=may(member.role, Right.CODE),
        palette=PALETTE,
        levels=list(Level),
        origins=list(ConceptOrigin),
    )


@router.get("/{number:int}/merge")
def show_merge(
    number: IdPath,
    member: Reading,
    session: SessionDep,
    wish: Annotated[MergePageWish, Depends(wish_of(MergePageWish))],
) -> HTMLResponse:
    """Show what merging a concept into another would change; the form does it."""
    concept = load(session, Concept, member.review_id, number)
    into = cited(wish.into) if wish.into else ""
    preview = (
        merge_preview(session, member.review, number, PreviewWish(into_id=int(into)))
        if into.isdecimal()
        else None
    )
    return in_review(
        session,
        member,
        "merge.html",
        "concepts",
        row=concept,
        typed=wish.into or "",
        is_unknown=bool(into) and preview is None,
        preview=preview,
        may_edit=may(member.role, Right.CODEBOOK),
    )


@router.get("/{number:int}/split")
def show_split(number: IdPath, member: Reading, session: SessionDep) -> HTMLResponse:
    """Show what is coded to a concept, to choose what another is to take over."""
    concept = load(session, Concept, member.review_id, number)
    elements = _coded(session, member.review_id, number)
    known = summaries(session, member.review_id, sorted({e.configuration_id for e in elements}))
    return in_review(
        session,
        member,
        "split.html",
        "concepts",
        row=concept,
        elements=elements,
        configurations={row["id"]: row for row in known},
        quotes=_tied(session, member.review_id, number),
        levels=list(Level),
        may_edit=may(member.role, Right.CODEBOOK),
    )


def _coded(session: Session, review_id: int, number: int) -> list[Element]:
    return list(
        session.scalars(
            select(Element)
            .where(Element.review_id == review_id, Element.concept_id == number)
            .order_by(Element.configuration_id, Element.position, Element.n)
        )
    )


def _tied(session: Session, review_id: int, number: int) -> list[Quote]:
    tied = select(Coding.quote_id).where(Coding.review_id == review_id, Coding.concept_id == number)
    return list(
        session.scalars(
            select(Quote).where(Quote.review_id == review_id, Quote.id.in_(tied)).order_by(Quote.id)
        )
    )
