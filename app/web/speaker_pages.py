"""Who speaks in a transcript, and for those who may see them the names behind pseudonyms."""

from collections import Counter
from collections.abc import Sequence

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.identity import IdPath, Reading
from app.access.models import MemberRole
from app.access.policy import Right, may, may_change
from app.db import SessionDep
from app.history.reading import load
from app.library.models import Document, Pseudonym, Source
from app.library.transcripts import turns_of
from app.web.framing import in_review

router = APIRouter(prefix="/reviews/{slug}", include_in_schema=False)


@router.get("/documents/{number}/speakers")
def show_speakers(number: IdPath, member: Reading, session: SessionDep) -> HTMLResponse:
    """Show the speakers of a text, how often each speaks, and what is known of their names."""
    document = load(session, Document, member.review_id, number)
    turns = turns_of(document.text, tuple(document.speakers or ()))
    may_name = may(member.role, Right.NAMES)
    pseudonyms = _pseudonyms(session, member.review_id) if may_name else []
    source = document.source_id
    return in_review(
        session,
        member,
        "document_speakers.html",
        "documents",
        document=document,
        source=load(session, Source, member.review_id, source) if source else None,
        speakers=Counter(turn.speaker for turn in turns),
        pseudonyms=pseudonyms,
        by_name={one.name: one.pseudonym for one in pseudonyms if one.name},
        stand_ins={one.pseudonym for one in pseudonyms},
        may_name=may_name,
        may_see=[role.value for role in MemberRole if may(role, Right.NAMES)],
        may_set=may_change(member.role, member.user.id, document.created_by),
    )


def _pseudonyms(session: Session, review_id: int) -> Sequence[Pseudonym]:
    here = select(Pseudonym).where(Pseudonym.review_id == review_id)
    return session.scalars(here.order_by(Pseudonym.pseudonym, Pseudonym.id)).all()
