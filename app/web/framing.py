"""A page of a review: beside its own content it carries the rail with the review's sections."""

from typing import Any

from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.web.contents import counts
from app.web.rendering import render


def in_review(
    session: Session,
    member: Member,
    template: str,
    section: str,
    held: dict[str, int] | None = None,
    **values: Any,
) -> HTMLResponse:
    """Answer with a page of a review; `section` is the one the rail shows as current.

    A page that counted already what the review holds hands it over as `held`.
    """
    return render(
        template,
        user=member.user,
        review=member.review,
        role=member.role,
        section=section,
        counts=held or counts(session, member.review_id),
        base=f"/reviews/{member.review.slug}",
        api=f"/api/v1/reviews/{member.review.slug}",
        **values,
    )
