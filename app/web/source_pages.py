"""Sources as pages: the table and its filters, one source, adding and editing one."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from app.access.identity import Coding, IdPath, Member, Reading
from app.access.policy import Right, may
from app.coding.memos import select_memos
from app.coding.models import Memo, MemoKind, Quote
from app.coding.quotes import read_quotes, select_quotes
from app.coding.schemas import MemoFilter, QuoteFilter
from app.db import Prose, SessionDep, paginate
from app.exchange.references.writing import WrittenFormat
from app.export.citations import Style
from app.history.reading import load
from app.library.field_values import fields_of
from app.library.merging import merged_into
from app.library.models import FieldSubject, Source, SourceKind, Study
from app.library.pseudonyms import has_names
from app.library.schemas import Name, SourceCreate, SourceFilter
from app.library.screening_standing import End, read_material
from app.library.searches import hits_of
from app.library.service import asks_for_standing, source_page
from app.web.contents import configurations_of_source, documents_of, own_values
from app.web.filtering import chips
from app.web.forms import fields_of_json
from app.web.framing import in_review
from app.web.history_pages import names_of
from app.web.own_fields import fields_to_fill
from app.web.sorting import source_headings
from app.web.source_contents import (
    citations_of,
    material_of,
    read_pasted,
    rows_of,
    searches_by_name,
    settled_levels,
    stand_of,
)
from app.web.wishes import PAGING, address, given, wish_of

router = APIRouter(prefix="/reviews/{slug}", include_in_schema=False)

MOST_QUOTES = 25
NOT_FILTERS = {*PAGING, "sort", "is_descending"}
CARRIED = {"field", "theory_area", "doi", "cite_key", "sort", "is_descending"}
"""What the form of filters has no field for, and keeps."""
BLANK_NAMES = 3
"""Rows for more authors than there are."""
TYPES = (
    *("article-journal", "book", "chapter", "report", "thesis", "paper-conference"),
    *("webpage", "document", "interview", "legislation", "article"),
)
"""CSL-JSON types people choose from; others stay as they came."""
SHOWN_CSL = ("volume", "issue", "page", "publisher", "publisher-place")


@router.get("/sources")
def list_sources(
    request: Request,
    member: Reading,
    session: SessionDep,
    wish: Annotated[SourceFilter, Depends(wish_of(SourceFilter))],
) -> HTMLResponse:
    """List the sources that fit the address as a table, in the order it names."""
    query, counted = given(request), wish.model_copy(update={"count": True})
    whole = read_material(session, member.review_id) if asks_for_standing(wish) else None
    found = source_page(session, member.review_id, counted, whole)
    material = whole or material_of(session, member.review_id, found.items)
    chosen = [pair for pair in query if pair[0] not in NOT_FILTERS]
    return in_review(
        session,
        member,
        "sources.html",
        "sources",
        wish=wish,
        rows=rows_of(session, member.review_id, found.items, material),
        total=found.total,
        active=chips(query, NOT_FILTERS),
        kept=[pair for pair in query if pair[0] in CARRIED],
        headings=source_headings(query, wish),
        next=address(query, after=found.next) if found.next else None,
        kinds=list(SourceKind),
        ends=list(End),
        stages=list(material.names.items()),
        searches=searches_by_name(session, member.review_id),
        fields=fields_of(session, member.review_id, FieldSubject.SOURCE).values(),
        downloads={form.value: address(chosen, format=form.value) for form in WrittenFormat},
        citations={
            style.value: address(chosen, style=style.value, format="html") for style in Style
        },
        may_add=may(member.role, Right.CODE),
        may_import=may(member.role, Right.IMPORT),
    )


@router.get("/sources/new")
def add_source(
    member: Coding, session: SessionDep, reference: Annotated[Prose, Query()] = ""
) -> HTMLResponse:
    """Show the form for a new source, filled in from a pasted reference if there is one."""
    pasted = read_pasted(reference)
    return in_review(
        session,
        member,
        "source_form.html",
        "sources",
        source=None,
        reference=reference,
        pasted=pasted,
        **_form(session, member, pasted.fields, {}),
    )


def _form(
    session: SessionDep, member: Member, values: dict[str, Any], own: dict[str, Any]
) -> dict[str, Any]:
    """Return what the form of a source is made of, for values that are there already."""
    csl = values.get("csl") or {}
    rest = {name: value for name, value in csl.items() if name not in SHOWN_CSL}
    plain = {name: value for name, value in csl.items() if name in SHOWN_CSL}
    hidden = fields_of_json(rest, "csl") if rest else []
    is_safe = hidden is not None and all(isinstance(value, str) for value in plain.values())
    names: list[dict[str, str]] = [*(values.get("authors") or [])]
    names += [{} for _ in range(BLANK_NAMES)]
    return {
        "values": dict.fromkeys(SourceCreate.model_fields) | values,
        "names": [dict.fromkeys(Name.model_fields) | name for name in names],
        "own": own,
        "csl": dict.fromkeys(SHOWN_CSL) | plain if is_safe else None,
        "hidden": hidden or [],
        "csl_names": SHOWN_CSL,
        "kinds": list(SourceKind),
        "types": list(dict.fromkeys([*TYPES, values.get("type") or "article-journal"])),
        **fields_to_fill(session, member.review_id, FieldSubject.SOURCE),
    }


@router.get("/sources/{number}/edit")
def edit_source(number: IdPath, member: Coding, session: SessionDep) -> HTMLResponse:
    """Show the form with what is known of a source."""
    source = load(session, Source, member.review_id, number)
    values = {column.key: getattr(source, column.key) for column in Source.__table__.columns}
    study = session.get(Study, (member.review_id, source.study_id)) if source.study_id else None
    values |= {"study": study.label if study else None}
    return in_review(
        session,
        member,
        "source_form.html",
        "sources",
        source=source,
        reference="",
        pasted=None,
        **_form(session, member, values, source.fields or {}),
    )


@router.get("/sources/{number}")
def show_source(number: IdPath, member: Reading, session: SessionDep) -> HTMLResponse:
    """Show a source: its reference, its texts, what is quoted from it, and what rests on it."""
    source = load(session, Source, member.review_id, number)
    wish = QuoteFilter(source_id=number, limit=MOST_QUOTES)
    quotes = paginate(session, select_quotes(session, member.review, wish), Quote.id, wish)
    study = session.get(Study, (member.review_id, source.study_id)) if source.study_id else None
    documents = documents_of(session, member.review_id, number)
    is_mine = source.created_by == member.user.id
    return in_review(
        session,
        member,
        "source.html",
        "sources",
        source=source,
        part="",
        merged=merged_into(session, member.review_id, [number]).get(number, []),
        own=own_values(session, member.review_id, FieldSubject.SOURCE, source.fields),
        study=study,
        documents=documents,
        earlier=[(d.id, f"D{d.id} {d.file_name}") for d in reversed(documents[:-1])],
        quotes=read_quotes(session, member.review, quotes.items),
        has_more=quotes.next is not None,
        configurations=configurations_of_source(session, member.review_id, number),
        stand=stand_of(material_of(session, member.review_id, [source]), number),
        levels=settled_levels(session, member.review_id, number),
        formats=[form.value for form in WrittenFormat],
        citations=citations_of(source, study),
        has_names=source.kind is SourceKind.TRANSCRIPT and has_names(session, member.review_id),
        may_add=may(member.role, Right.CODE),
        may_edit=may(member.role, Right.CHANGE_OWN if is_mine else Right.CHANGE_ANY),
        may_merge=may(member.role, Right.CHANGE_ANY),
    )


@router.get("/sources/{number}/records")
def show_records(number: IdPath, member: Reading, session: SessionDep) -> HTMLResponse:
    """Show the records a source was, each as it stood in its file, and the memos on it."""
    source = load(session, Source, member.review_id, number)
    about = MemoFilter(subject_kind="S", subject_id=number)
    memos = session.scalars(select_memos(member.review_id, about).order_by(Memo.id)).all()
    return in_review(
        session,
        member,
        "source_records.html",
        "sources",
        source=source,
        part="records",
        hits=hits_of(session, member.review_id, number),
        searches=dict(searches_by_name(session, member.review_id)),
        memos=memos,
        names=names_of(session, [source.created_by, *(memo.created_by for memo in memos)]),
        memo_kinds=list(MemoKind),
        may_add=may(member.role, Right.CODE),
    )
