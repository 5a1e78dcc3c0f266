"""Dated notes on anything, or on a part of it; a memo outlives its subject."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.coding.models import PARTS, SYNTHESIS_MOVES, Memo
from app.coding.schemas import MemoCreate, MemoFilter, MemoUpdate
from app.db import holds, search_key, take_numbers
from app.errors import FieldProblem, InvalidError
from app.history.reading import models, root_of
from app.history.references import require_present, require_unused

SAME = ("kind", "subject_kind", "subject_id", "subject_part", "subject_n", "created_by")


def select_memos(review_id: int, wish: MemoFilter) -> Select[Memo]:
    """Select the memos of a review that fit; the caller orders and pages them."""
    statement = select(Memo).where(Memo.review_id == review_id)
    for name in SAME:
        value = getattr(wish, name)
        if value is not None:
            statement = statement.where(getattr(Memo, name) == value)
    if wish.is_move is not None:
        statement = statement.where(Memo.kind.in_(SYNTHESIS_MOVES) == wish.is_move)
    if wish.text is not None:
        statement = statement.where(holds(Memo.text_key, wish.text))
    return statement


def add_memo(session: Session, member: Member, wish: MemoCreate) -> Memo:
    """Add a memo; raises `InvalidError` when its subject is not in the review."""
    _require_subject(session, member.review_id, wish)
    memo = Memo(
        **wish.model_dump(),
        review_id=member.review_id,
        id=take_numbers(session, member.review_id, "M"),
        text_key=search_key(wish.text),
        created_by=member.user.id,
    )
    session.add(memo)
    session.flush()
    return memo


def change_memo(session: Session, memo: Memo, wish: MemoUpdate) -> Memo:
    """Change kind or text; what a memo is about never changes."""
    for name, value in wish.model_dump(exclude_unset=True).items():
        setattr(memo, name, value)
    memo.text_key = search_key(memo.text)
    memo.version += 1
    session.flush()
    return memo


def delete_memo(session: Session, memo: Memo) -> None:
    """Delete a memo; raises `StillInUseError` when it is the ground of a proposition."""
    require_unused(session, memo)
    session.delete(memo)
    session.flush()


def _require_subject(session: Session, review_id: int, wish: MemoCreate) -> None:
    if wish.subject_kind is None:
        return
    model = root_of(wish.subject_kind)
    if model is None:
        raise InvalidError(
            f"subject_kind: nothing is numbered {wish.subject_kind} here.",
            fields=[FieldProblem("subject_kind", "unknown kind")],
        )
    require_present(session, model, review_id, [("subject_id", wish.subject_id)])
    if wish.subject_part is None:
        return
    part = models()[PARTS[wish.subject_kind, wish.subject_part]]
    if session.get(part, (review_id, wish.subject_id, wish.subject_n)) is None:
        thing = f"{wish.subject_kind}{wish.subject_id}"
        message = f"there is no {wish.subject_part} {wish.subject_n} in {thing}"
        raise InvalidError(f"subject_n: {message}", fields=[FieldProblem("subject_n", message)])
