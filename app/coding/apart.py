"""Concepts that look alike and that a person says are not the same."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.coding.models import Concept, ConceptApart
from app.coding.schemas import ApartCreate
from app.errors import ConflictError, NotFoundError
from app.history.recording import delete_many
from app.history.references import require_present

Pair = tuple[int, int]
"""Two concepts, the lower number first."""


def pair_of(one: int, other: int) -> Pair:
    """Return two concepts as a pair, whichever was named first."""
    return min(one, other), max(one, other)


def list_apart(session: Session, review_id: int) -> Sequence[ConceptApart]:
    """Return every pair told apart, by its numbers."""
    return session.scalars(
        select(ConceptApart)
        .where(ConceptApart.review_id == review_id)
        .order_by(ConceptApart.lower_id, ConceptApart.higher_id)
    ).all()


def read_apart(session: Session, review_id: int) -> set[Pair]:
    """Return the pairs told apart."""
    return {(row.lower_id, row.higher_id) for row in list_apart(session, review_id)}


def tell_apart(session: Session, member: Member, wish: ApartCreate) -> ConceptApart:
    """Say that two concepts are not the same; 409 where that was said before."""
    named = [("concept_id", wish.concept_id), ("other_id", wish.other_id)]
    require_present(session, Concept, member.review_id, named)
    lower, higher = pair_of(wish.concept_id, wish.other_id)
    if session.get(ConceptApart, (member.review_id, lower, higher)):
        raise ConflictError(f"K{lower} and K{higher} are told apart already.")
    told = ConceptApart(
        review_id=member.review_id,
        lower_id=lower,
        higher_id=higher,
        reason=wish.reason,
        created_by=member.user.id,
    )
    session.add(told)
    session.flush()
    return told


def find_apart(session: Session, review_id: int, pair: Pair) -> ConceptApart:
    """Return what tells two concepts apart, or say that nobody said so."""
    found = session.get(ConceptApart, (review_id, *pair))
    if found is None:
        raise NotFoundError(f"Nobody told K{pair[0]} and K{pair[1]} apart.")
    return found


def take_apart_back(session: Session, told: ConceptApart) -> None:
    """Let two concepts be suggested again."""
    session.delete(told)
    session.flush()


def drop_apart(session: Session, concept: Concept) -> None:
    """Forget what a concept was told apart from, since it is to be deleted."""
    ends = or_(ConceptApart.lower_id == concept.id, ConceptApart.higher_id == concept.id)
    delete_many(session, ConceptApart, (ConceptApart.review_id == concept.review_id, ends))
