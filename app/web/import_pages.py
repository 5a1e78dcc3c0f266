"""Searches as pages: what each brought, and importing its files with a look before."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from app.access.identity import IdPath, Importing, Member, Reading
from app.access.policy import Right, may
from app.db import Id, Schema, SessionDep, paginate
from app.exchange.import_jobs import IMPORT
from app.exchange.references.reading import ReferenceFormat
from app.exchange.references.table_columns import FIELDS
from app.history.reading import load
from app.jobs.models import JobStatus
from app.jobs.running import find_job
from app.library.search_models import Search, SearchFile, SearchKind
from app.library.search_schemas import SearchFilter
from app.library.searches import described, select_files, select_searches
from app.web.framing import in_review
from app.web.history_pages import names_of
from app.web.import_contents import Preview, change_sets_of, made_in, preview_of
from app.web.wishes import address, given, wish_of

router = APIRouter(prefix="/reviews/{slug}", include_in_schema=False)

MOST_FILES = 200
ENCODINGS = ("utf-8", "utf-16", "cp1252", "latin-1", "mac-roman", "gb18030", "shift_jis")
"""Offered beside the one recognised; the API takes any Python codec."""


class ImportPageWish(Schema):
    """The job whose preview or result is to be shown."""

    job: Id | None = None


@router.get("/imports")
def list_searches(
    request: Request,
    member: Reading,
    session: SessionDep,
    wish: Annotated[SearchFilter, Depends(wish_of(SearchFilter))],
) -> HTMLResponse:
    """List the searches with what each brought, and offer to write another down."""
    found = paginate(session, select_searches(member.review_id, wish), Search.id, wish)
    return in_review(
        session,
        member,
        "imports.html",
        "imports",
        searches=described(session, found.items),
        next=address(given(request), after=found.next) if found.next else None,
        kinds=list(SearchKind),
        may_import=may(member.role, Right.IMPORT),
    )


@router.get("/imports/{number}")
def show_search(
    number: IdPath,
    member: Reading,
    session: SessionDep,
    wish: Annotated[ImportPageWish, Depends(wish_of(ImportPageWish))],
) -> HTMLResponse:
    """Show a search, its files, and the import that is under way: preview, progress, result."""
    search = load(session, Search, member.review_id, number)
    files = session.scalars(
        select_files(member.review_id, number).order_by(SearchFile.n).limit(MOST_FILES)
    ).all()
    [read] = described(session, [search])
    return in_review(
        session,
        member,
        "import_search.html",
        "imports",
        search=read,
        files=files,
        change_sets=change_sets_of(session, member.review_id, files),
        made_in=made_in(session, member.review_id, number),
        names=names_of(session, [file.created_by for file in files]),
        kinds=list(SearchKind),
        formats=[form.value for form in ReferenceFormat],
        fields=sorted(FIELDS),
        may_import=may(member.role, Right.IMPORT),
        **_under_way(session, member, wish.job),
    )


def _under_way(session: SessionDep, member: Member, number: int | None) -> dict[str, Any]:
    """Return the job asked for, and what it previewed or did."""
    job = find_job(session, member.user.id, number) if number else None
    if job is None or job.kind != IMPORT or job.wish["slug"] != member.review.slug:
        return {"job": None, "preview": None, "result": None}
    is_import = job.status is JobStatus.DONE and not job.wish["wish"]["preview"]
    preview: Preview | None = preview_of(job, ENCODINGS)
    return {"job": job, "preview": preview, "result": job.result if is_import else None}


@router.get("/imports/{number}/edit")
def edit_search(number: IdPath, member: Importing, session: SessionDep) -> HTMLResponse:
    """Show the form of a search."""
    search = load(session, Search, member.review_id, number)
    return in_review(
        session,
        member,
        "search_form.html",
        "imports",
        search=search,
        kinds=list(SearchKind),
    )
