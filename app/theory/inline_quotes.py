"""Stands in for quotes of the coding package until it is merged."""

from sqlalchemy.orm import Session

from app.access.identity import Member
from app.coding.anchoring import Verification
from app.coding.models import Quote
from app.coding.schemas import QuoteCreate
from app.db import search_key, take_numbers


def add_quotes(session: Session, member: Member, wishes: list[QuoteCreate]) -> list[Quote]:
    """Store quotes without looking for them in a document."""
    first = take_numbers(session, member.review_id, "Q", len(wishes)) if wishes else 0
    rows = [
        Quote(
            review_id=member.review_id,
            id=first + i,
            verification=Verification.NO_DOCUMENT,
            words=len(wish.exact.split()),
            text_key=search_key(wish.exact),
            created_by=member.user.id,
            **wish.model_dump(exclude={"concepts"}),
        )
        for i, wish in enumerate(wishes)
    ]
    session.add_all(rows)
    session.flush()
    return rows
