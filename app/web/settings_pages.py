"""The settings of a review and its members; whoever may not change them reads them here."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from sqlalchemy import func, select

from app.access.identity import Reading
from app.access.models import MemberRole, Membership
from app.access.policy import Right, may
from app.access.reviews import members_of
from app.db import SessionDep
from app.library.field_schemas import CHOOSING, FieldFilter
from app.library.fields import select_fields
from app.library.models import FieldSubject, FieldType
from app.web.framing import in_review
from app.web.sections import SECTIONS
from app.web.template_examples import EXAMPLES

router = APIRouter(prefix="/reviews/{slug}", include_in_schema=False)


def _(words: str) -> str:
    """Mark words for the catalogue; they are looked up where they are shown."""
    return words


ROLES: dict[MemberRole, str] = {
    MemberRole.READER: _("reads and exports everything"),
    MemberRole.CODER: _(
        "also adds sources, quotes, configurations and memos, screens and appraises, and changes "
        "what they added"
    ),
    MemberRole.EDITOR: _(
        "also changes what others added, keeps the codebook, imports, adjudicates and writes "
        "theories"
    ),
    MemberRole.OWNER: _("also manages members and settings, and may delete the review"),
}


@router.get("/settings")
def show_settings(member: Reading, session: SessionDep) -> HTMLResponse:
    """Show what a review is set to, as forms where one's role may change it."""
    seats = select(func.count()).where(Membership.review_id == member.review_id)
    return in_review(
        session,
        member,
        "settings.html",
        "settings",
        examples=EXAMPLES,
        fields=session.scalars(select_fields(member.review_id, FieldFilter())).all(),
        subjects=list(FieldSubject),
        types=list(FieldType),
        choosing=CHOOSING,
        has_screening=any(part.key == "screening" for _, parts in SECTIONS for part in parts),
        members=session.execute(seats).scalar_one(),
        may_set=may(member.role, Right.SETTINGS),
        may_delete=may(member.role, Right.DELETE),
        may_shape=may(member.role, Right.FIELDS),
        may_name=may(member.role, Right.NAMES),
        may_import=may(member.role, Right.IMPORT),
    )


@router.get("/members")
def show_members(member: Reading, session: SessionDep) -> HTMLResponse:
    """Show who works in a review and as what; owners let people in and out."""
    seats = members_of(session, member.review)
    owners = [seat.user_id for seat in seats if may(seat.role, Right.MEMBERS)]
    return in_review(
        session,
        member,
        "members.html",
        "members",
        seats=seats,
        roles=ROLES,
        only_owner=owners[0] if len(owners) == 1 else None,
        may_manage=may(member.role, Right.MEMBERS),
    )
