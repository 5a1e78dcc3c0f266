"""Documents as pages: whose text the waiting ones are, all of them, and where quotes stand."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from app.access.identity import Reading
from app.access.policy import Right, may
from app.coding.verifying import check_some
from app.db import Id, PageWish, SessionDep, paginate
from app.history.reading import load
from app.library.arriving import matches_of
from app.library.document_schemas import DocumentFilter
from app.library.documents import select_all_documents
from app.library.models import Document
from app.library.pseudonyms import has_names
from app.web.contents import sources_of
from app.web.framing import in_review
from app.web.history_pages import names_of
from app.web.quote_pages import UNSURE
from app.web.wishes import address, given, wish_of

router = APIRouter(prefix="/reviews/{slug}", include_in_schema=False)

MOST_WAITING = 50


class DocumentsWish(PageWish):
    """Which page of the documents is wanted, and which waiting one is looked at."""

    document: Id | None = None


@router.get("/documents")
def list_documents(
    request: Request,
    member: Reading,
    session: SessionDep,
    wish: Annotated[DocumentsWish, Depends(wish_of(DocumentsWish))],
) -> HTMLResponse:
    """List the documents; of one that waits, the sources it may be the text of."""
    waits = DocumentFilter(waiting=True, limit=MOST_WAITING)
    waiting = paginate(session, select_all_documents(member.review_id, waits), Document.id, waits)
    has = DocumentFilter(waiting=False, **wish.model_dump(include={"limit", "after"}))
    found = paginate(session, select_all_documents(member.review_id, has), Document.id, has)
    looked_at = load(session, Document, member.review_id, wish.document) if wish.document else None
    if looked_at is None or looked_at.source_id is not None:
        looked_at = waiting.items[0] if waiting.items else None
    matches = matches_of(session, looked_at) if looked_at else []
    numbers = [d.source_id for d in found.items if d.source_id] + [m.source_id for m in matches]
    is_mine = looked_at is not None and looked_at.created_by == member.user.id
    return in_review(
        session,
        member,
        "documents.html",
        "documents",
        waiting=waiting.items,
        has_more_waiting=waiting.next is not None,
        looked_at=looked_at,
        matches=matches,
        documents=found.items,
        sources=sources_of(session, member.review_id, numbers),
        names=names_of(session, [d.created_by for d in [*found.items, *waiting.items]]),
        next=address(given(request), after=found.next) if found.next else None,
        has_names=has_names(session, member.review_id),
        may_add=may(member.role, Right.CODE),
        may_attach=may(member.role, Right.CHANGE_OWN if is_mine else Right.CHANGE_ANY),
    )


@router.get("/documents/verification")
def show_verification(
    request: Request,
    member: Reading,
    session: SessionDep,
    wish: Annotated[PageWish, Depends(wish_of(PageWish))],
) -> HTMLResponse:
    """Look every quote up in the texts anew, and show those a person should look at."""
    checks, following = check_some(session, member.review_id, wish)
    query = given(request)
    return in_review(
        session,
        member,
        "documents_verification.html",
        "documents",
        checks=checks,
        begins=not wish.after,
        back=f"{request.url.path}{address(query) if query else ''}",
        next=address(query, after=following) if following else None,
        UNSURE=UNSURE,
    )
