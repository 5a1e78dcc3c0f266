"""Screening as pages: how far it is, one record at a time, conflicts, checks, stages."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from app.access.identity import Adjudicating, IdPath, Member, Reading, Screening
from app.access.policy import Right, may
from app.db import Id, Line, PageWish, Schema, SessionDep
from app.history.reading import load
from app.library.models import Source
from app.library.screening_checks import sample
from app.library.screening_models import RetrievalStatus, StageUnit
from app.library.screening_progress import progress
from app.library.screening_queue import conflicts, standing
from app.library.screening_schemas import ReasonFilter, SampleWish
from app.library.screening_stages import (
    described_stages,
    find_stage,
    list_reasons,
    stages_of,
)
from app.library.screening_standing import End
from app.web.contents import sources_of
from app.web.framing import in_review
from app.web.history_pages import names_of
from app.web.screening_contents import (
    Desk,
    desk,
    waiting_for_retrieval,
)
from app.web.terms import runs, terms_of
from app.web.wishes import address, given, wish_of

router = APIRouter(prefix="/reviews/{slug}", include_in_schema=False)

AT_ONCE = 20
"""Conflicts or decisions to check on one page."""


class DeskWish(Schema):
    """Which record is wanted: a certain one, or the next after those put off."""

    after: Annotated[int, Query(ge=0)] = 0
    source: Id | None = None
    last: Id | None = None
    """The decision made just now, to take it back."""
    terms: Line | None = None
    """Words to mark in what is read, by commas; `partner*` marks beginnings."""


@router.get("/screening")
def show_progress(member: Reading, session: SessionDep) -> HTMLResponse:
    """Show how far screening has come, and what waits for whom."""
    stages = stages_of(session, member.review_id)
    found = progress(session, member)
    return in_review(
        session,
        member,
        "screening.html",
        "screening",
        progress=found,
        people={s.stage_id: {p.user_id: p.name for p in s.screeners} for s in found.stages},
        stages={stage.id: stage for stage in stages},
        may_screen=may(member.role, Right.SCREEN),
        may_adjudicate=may(member.role, Right.ADJUDICATE),
        may_import=may(member.role, Right.IMPORT),
    )


@router.get("/screening/stages")
def edit_stages(member: Adjudicating, session: SessionDep) -> HTMLResponse:
    """Show the stages with their reasons to exclude, to change them."""
    stages = stages_of(session, member.review_id)
    return in_review(
        session,
        member,
        "screening_stages.html",
        "screening",
        stages=described_stages(session, member.review_id, stages),
        units=list(StageUnit),
    )


@router.get("/screening/retrieval")
def list_retrieval(
    request: Request,
    member: Reading,
    session: SessionDep,
    wish: Annotated[PageWish, Depends(wish_of(PageWish))],
) -> HTMLResponse:
    """List the sources whose full text is still to be had."""
    page = waiting_for_retrieval(session, member.review_id, wish)
    return in_review(
        session,
        member,
        "screening_retrieval.html",
        "screening",
        sources=page.items,
        total=page.total or 0,
        next=address(given(request), after=page.next) if page.next else None,
        may_screen=may(member.role, Right.SCREEN),
    )


@router.get("/screening/{number}")
def show_desk(
    number: IdPath,
    member: Screening,
    session: SessionDep,
    wish: Annotated[DeskWish, Depends(wish_of(DeskWish))],
) -> HTMLResponse:
    """Show one record to decide of at a stage, and the decision made just before."""
    stage = find_stage(session, member.review_id, number)
    found: Desk = desk(session, member, stage, wish.after, wish.source, wish.last)
    terms = terms_of(wish.terms or "")
    source = found.source
    return in_review(
        session,
        member,
        "screening_desk.html",
        "screening",
        stage=stage,
        desk=found,
        source=source,
        title=runs(source.title, terms) if source else [],
        abstract=runs(source.abstract or "", terms) if source else [],
        reasons=[
            reason
            for reason in list_reasons(session, member.review_id, ReasonFilter(stage_id=number))
            if not reason.is_archived
        ],
        wish=wish,
        here=address([], after=wish.after or None, terms=wish.terms),
        later=address([], after=source.id if source else None, terms=wish.terms),
        again=address([], terms=wish.terms),
    )


@router.get("/screening/{number}/conflicts")
def list_conflicts(
    request: Request,
    number: IdPath,
    member: Reading,
    session: SessionDep,
    wish: Annotated[PageWish, Depends(wish_of(PageWish))],
) -> HTMLResponse:
    """List what screeners decided differently at a stage, to settle it."""
    stage = find_stage(session, member.review_id, number)
    some = wish.model_copy(update={"limit": AT_ONCE, "count": True})
    page = conflicts(session, member, stage, some)
    reasons = list_reasons(session, member.review_id, ReasonFilter(stage_id=number))
    people = [d.screener_id for one in page.items for d in one.decisions]
    return in_review(
        session,
        member,
        "screening_conflicts.html",
        "screening",
        stage=stage,
        conflicts=page.items,
        total=page.total or 0,
        next=address(given(request), after=page.next) if page.next else None,
        reasons=[(reason.id, reason.label) for reason in reasons if not reason.is_archived],
        labels={reason.id: reason.label for reason in reasons},
        names=names_of(session, people),
        may_adjudicate=may(member.role, Right.ADJUDICATE),
    )


@router.get("/screening/{number}/checks")
def list_checks(
    request: Request,
    number: IdPath,
    member: Screening,
    session: SessionDep,
    wish: Annotated[SampleWish, Depends(wish_of(SampleWish))],
) -> HTMLResponse:
    """List decisions of others to check: all of a stage, or a share that a seed draws."""
    stage = find_stage(session, member.review_id, number)
    unchecked = wish.model_copy(update={"unchecked": True})
    drawn = sample(session, member, stage, unchecked)
    others = [decision for decision in drawn if decision.screener_id != member.user.id]
    some = others[:AT_ONCE]
    reasons = list_reasons(session, member.review_id, ReasonFilter(stage_id=number))
    return in_review(
        session,
        member,
        "screening_checks.html",
        "screening",
        stage=stage,
        wish=wish,
        decisions=some,
        left=len(others),
        sources=sources_of(session, member.review_id, [d.source_id for d in some]),
        labels={reason.id: reason.label for reason in reasons},
        names=names_of(session, [d.screener_id for d in some]),
        query=address(given(request)),
    )


@router.get("/sources/{number}/screening")
def show_standing(number: IdPath, member: Reading, session: SessionDep) -> HTMLResponse:
    """Show where a source stands: stage by stage, who decided what, and its retrieval."""
    source = load(session, Source, member.review_id, number)
    stand = standing(session, member, source)
    reasons = list_reasons(session, member.review_id, ReasonFilter())
    retrieval = [stand.retrieval.said_by] if stand.retrieval else []
    return in_review(
        session,
        member,
        "source_screening.html",
        "sources",
        source=source,
        part="screening",
        stand=stand,
        is_out=stand.end is End.EXCLUDED,
        stages=stages_of(session, member.review_id),
        labels={reason.id: reason.label for reason in reasons},
        names=names_of(session, [*(d.screener_id for d in stand.decisions), *retrieval]),
        statuses=list(RetrievalStatus),
        **_rights(member),
    )


def _rights(member: Member) -> dict[str, Any]:
    return {
        "me": member.user.id,
        "may_screen": may(member.role, Right.SCREEN),
        "may_change_any": may(member.role, Right.CHANGE_ANY),
    }
