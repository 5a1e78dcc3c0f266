"""The questions one asks of a review, as pages: start, matrix, evidence table, what falls out."""

from collections import defaultdict
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from app.access.identity import Exporting, Reading
from app.db import SessionDep
from app.export.evidence_table import EvidenceTableWish, Unit, evidence_rows, table_columns
from app.synthesis.check import Finding, fallen_out
from app.theory.views import read_view, views_by_title
from app.web.framing import in_review
from app.web.questions import QUESTIONS
from app.web.wishes import address, given, wish_of

router = APIRouter(prefix="/reviews/{slug}", include_in_schema=False)

PREVIEWED = 50
FORMATS = ("csv", "xlsx", "json", "md", "html")


@router.get("")
def show_review(member: Reading, session: SessionDep) -> HTMLResponse:
    """Show what a review asks and holds, and where to go on."""
    views = [
        read_view(view, QUESTIONS, "", member.review.slug)
        for view in session.scalars(views_by_title(member.review_id))
    ]
    return in_review(session, member, "review.html", "home", views=views)


@router.get("/evidence")
def show_evidence(
    request: Request,
    member: Exporting,
    session: SessionDep,
    wish: Annotated[EvidenceTableWish, Depends(wish_of(EvidenceTableWish))],
) -> HTMLResponse:
    """Show how the evidence table begins, and offer all of it as files."""
    query = given(request)
    columns = table_columns(session, member.review_id, wish)
    rows = list(islice(evidence_rows(session, member.review, wish, ""), PREVIEWED + 1))
    filled = [i for i in range(len(columns)) if any(row[i] is not None for row in rows)]
    return in_review(
        session,
        member,
        "evidence.html",
        "evidence",
        wish=wish,
        units=list(Unit),
        columns=[columns[i] for i in filled],
        empty=[column for i, column in enumerate(columns) if i not in filled],
        rows=[[row[i] for i in filled] for row in rows[:PREVIEWED]],
        has_more=len(rows) > PREVIEWED,
        downloads={kind: address(query, format=kind) for kind in FORMATS},
        kept=[pair for pair in query if pair[0] != "per"],
    )


@router.get("/check")
def show_fallen_out(member: Reading, session: SessionDep) -> HTMLResponse:
    """Show everything that is in the review and in no answer, check by check."""
    checks: dict[str, list[Finding]] = defaultdict(list)
    for finding in fallen_out(session, member.review):
        checks[finding.check].append(finding)
    return in_review(session, member, "check.html", "check", checks=checks)
