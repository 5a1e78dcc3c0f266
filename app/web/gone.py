"""The page of what was deleted: who did it, when, why, and the way back for those who may."""

import re

from fastapi import BackgroundTasks, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from app.access.identity import Member, find_membership, get_principal
from app.access.policy import Right, may
from app.access.taking_back import has_right_to_undo
from app.db import Sessions, begin_reading
from app.errors import GoneError
from app.history.reading import find_change_set
from app.history.summary import what_changed
from app.web.framing import in_review
from app.web.history_pages import names_of
from app.web.rendering import render

REVIEW = re.compile(r"/reviews/([^/]+)")


def gone_page(request: Request, error: GoneError) -> HTMLResponse | None:
    """Answer a browser that asks for something deleted; null outside of a review.

    The transaction of the request is over by then, so this looks in one of its own.
    """
    slug = REVIEW.match(request.url.path)
    if slug is None:
        return None
    sessions: Sessions = request.app.state.sessions
    with sessions() as session:
        principal = get_principal(request, begin_reading(session), BackgroundTasks())
        review, role = find_membership(session, principal, slug[1], writing=False)
        member = Member(review, principal.user, role)
        if "restore" in error.extra:
            return _thing(session, member, error, request.url.path)
        return render(
            "gone_review.html",
            status=error.status,
            user=member.user,
            deleted=review,
            may_restore=may(role, Right.DELETE),
        )


def _thing(session: Session, member: Member, error: GoneError, here: str) -> HTMLResponse:
    kind, number = error.extra["restore"]["kind"], error.extra["restore"]["number"]
    deletion = find_change_set(session, member.review_id, error.extra["change_set"])
    return in_review(
        session,
        member,
        "gone.html",
        "history",
        status=error.status,
        kind=kind,
        number=number,
        deletion=deletion,
        what=what_changed(session, member.review_id, [deletion])[deletion.id],
        actor=names_of(session, [deletion.actor_id]).get(deletion.actor_id or 0),
        may_restore=has_right_to_undo(session, member, deletion.id, kind),
        here=here,
    )
