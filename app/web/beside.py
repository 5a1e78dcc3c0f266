"""What stands beside a thing on its page: memos on it, who may change it, who is in the team."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.access.models import Membership, UserAccount
from app.access.policy import Right, may
from app.coding.models import Memo

MOST_MEMOS = 200


@dataclass(frozen=True, slots=True)
class Noted:
    """A memo on a thing, and who wrote it."""

    memo: Memo
    author: str | None


def memos_on(session: Session, review_id: int, kind: str, number: int) -> list[Noted]:
    """Return the memos on a thing and on its parts, oldest first."""
    rows = session.execute(
        select(Memo, UserAccount.name)
        .outerjoin(UserAccount, UserAccount.id == Memo.created_by)
        .where(Memo.review_id == review_id, Memo.subject_kind == kind, Memo.subject_id == number)
        .order_by(Memo.id)
        .limit(MOST_MEMOS)
    )
    return [Noted(row[0], row[1]) for row in rows]


def may_change(member: Member, author: int | None) -> bool:
    """Say whether a member may change what somebody made."""
    is_own = author is not None and author == member.user.id
    return may(member.role, Right.CHANGE_OWN if is_own else Right.CHANGE_ANY)


def people_of(session: Session, review_id: int) -> list[tuple[int, str]]:
    """Return number and name of the members of a review, by name."""
    rows = session.execute(
        select(UserAccount.id, UserAccount.name)
        .join(Membership, Membership.user_id == UserAccount.id)
        .where(Membership.review_id == review_id)
        .order_by(UserAccount.name, UserAccount.id)
    )
    return [(row[0], row[1]) for row in rows]
