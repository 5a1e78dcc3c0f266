"""Reviews, their settings and their members."""

from collections.abc import Sequence

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from app.access.models import MemberRole, Membership, Review, UserAccount
from app.access.schemas import ReviewCreate, ReviewUpdate
from app.db import now
from app.errors import ConflictError, FieldProblem, NotFoundError, TakenError
from app.history.undoing import AFTER_UNDO


def select_reviews(user_id: int, only: int | None = None) -> Select[Review]:
    """Select the reviews a person is a member of, or the one of them that a token opens."""
    statement = (
        select(Review)
        .join(Membership, Membership.review_id == Review.id)
        .where(Membership.user_id == user_id, Review.deleted_at.is_(None))
    )
    return statement.where(Review.id == only) if only else statement


def deleted_reviews(session: Session, user_id: int) -> Sequence[Review]:
    """Return the deleted reviews that a person could restore, the last deleted first."""
    return session.scalars(
        select(Review)
        .join(Membership, Membership.review_id == Review.id)
        .where(Membership.user_id == user_id, Membership.role == MemberRole.OWNER)
        .where(Review.deleted_at.is_not(None))
        .order_by(Review.deleted_at.desc())
    ).all()


def add_review(session: Session, owner: UserAccount, wish: ReviewCreate) -> Review:
    """Make a review owned by a person; raises `TakenError` when the slug is in use."""
    if session.scalar(select(Review.id).where(Review.slug == wish.slug)):
        message = f"a review called {wish.slug} exists already; choose another name in addresses"
        raise TakenError(f"slug: {message}.", fields=[FieldProblem("body.slug", message)])
    review = Review(**wish.model_dump())
    session.add(review)
    session.flush()
    session.add(Membership(review_id=review.id, user_id=owner.id, role=MemberRole.OWNER))
    session.flush()
    return review


def change_review(session: Session, review: Review, wish: ReviewUpdate) -> Review:
    """Change settings of a review."""
    for name, value in wish.model_dump(exclude_unset=True).items():
        setattr(review, name, value)
    review.version += 1
    session.flush()
    return review


def delete_review(session: Session, review: Review) -> None:
    """Hide a review from everybody until an owner restores it; nothing in it is lost."""
    review.deleted_at = now()
    review.version += 1
    session.flush()


def restore_review(session: Session, review: Review) -> Review:
    """Bring a deleted review back."""
    review.deleted_at = None
    review.version += 1
    session.flush()
    return review


def lock_review(session: Session, slug: str, *, writing: bool) -> Review | None:
    """Return a review by slug; a writer locks its row first, before taking any number."""
    statement = select(Review).where(Review.slug == slug)
    if writing:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return session.scalar(statement)


def members_of(session: Session, review: Review) -> Sequence[Row[int, str, MemberRole]]:
    """Return user id, name and role of every member, by name."""
    return session.execute(
        select(Membership.user_id, UserAccount.name, Membership.role)
        .join(UserAccount, UserAccount.id == Membership.user_id)
        .where(Membership.review_id == review.id)
        .order_by(UserAccount.name, UserAccount.id)
    ).all()


def find_member(session: Session, review: Review, user_id: int) -> UserAccount:
    """Return a member of the review, or say that this person is none."""
    seat = session.get(Membership, (review.id, user_id))
    user = session.get(UserAccount, user_id) if seat else None
    if user is None:
        raise NotFoundError("This person is not a member of the review.")
    return user


def set_member(session: Session, review: Review, user: UserAccount, role: MemberRole) -> Membership:
    """Let a person in, or change their role; the last owner stays owner."""
    found = session.get(Membership, (review.id, user.id))
    if found is None:
        found = Membership(review_id=review.id, user_id=user.id, role=role)
        session.add(found)
    elif found.role is not role:
        if found.role is MemberRole.OWNER:
            _refuse_last_owner(session, review)
        found.role = role
    review.version += 1
    session.flush()
    return found


def remove_member(session: Session, review: Review, user_id: int) -> None:
    """Take a person out of a review; what they coded stays theirs."""
    found = session.get(Membership, (review.id, user_id))
    if found is None:
        raise NotFoundError("This person is not a member of the review.")
    if found.role is MemberRole.OWNER:
        _refuse_last_owner(session, review)
    session.delete(found)
    review.version += 1
    session.flush()


def _require_owner(session: Session, review_id: int) -> None:
    """Refuse to take back what would leave a review that nobody owns."""
    if _count_owners(session, review_id) == 0:
        raise ConflictError("Nobody would own the review; make somebody an owner first.")


AFTER_UNDO.append(_require_owner)


def _count_owners(session: Session, review_id: int) -> int:
    return session.execute(
        select(func.count())
        .select_from(Membership)
        .where(Membership.review_id == review_id, Membership.role == MemberRole.OWNER)
    ).scalar_one()


def _refuse_last_owner(session: Session, review: Review) -> None:
    if _count_owners(session, review.id) == 1:
        raise ConflictError("The last owner cannot go; make somebody else an owner first.")
