"""What the pages of a review show beside the thing itself: counts, names, what is tied to what."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, Select, func, or_, select, union
from sqlalchemy.orm import Session

from app.access.models import MemberRole, Membership, Review, UserAccount
from app.access.reviews import select_reviews
from app.coding.models import Coding, Concept, ConceptDefinition, Quote
from app.db import Base
from app.library.models import Document, Source
from app.theory.link_models import ConfigurationLink, LinkEvidence
from app.theory.models import Configuration, Element, Evidence
from app.theory.vocabulary import MECHANISM_ROLES

COUNTED: tuple[tuple[str, type[Base]], ...] = (
    ("sources", Source),
    ("quotes", Quote),
    ("concepts", Concept),
    ("configurations", Configuration),
)


def reviews_of(session: Session, user: UserAccount) -> Sequence[Row[Review, MemberRole]]:
    """Return one's reviews by title, each with one's role in it."""
    return session.execute(
        select_reviews(user.id).add_columns(Membership.role).order_by(Review.title, Review.id)
    ).all()


def counts(session: Session, review_id: int) -> dict[str, int]:
    """Count what a review holds, in one query."""
    row = session.execute(
        select(*(_count(table).label(name) for name, table in COUNTED)),
        {"review_id": review_id},
    ).one()
    return dict(row._mapping) if False else {name: getattr(row, name) for name, _ in COUNTED}


def labels(session: Session, review_id: int, numbers: Iterable[int | None]) -> dict[int, str]:
    """Return the labels of some concepts by number."""
    wanted = sorted({number for number in numbers if number})
    rows = session.execute(
        select(Concept.id, Concept.label).where(
            Concept.review_id == review_id, Concept.id.in_(wanted)
        )
    )
    return {row[0]: row[1] for row in rows}
