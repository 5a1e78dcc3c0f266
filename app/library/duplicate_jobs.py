"""Looking for duplicates as a job: comparing while others work, then one short transaction."""

from sqlalchemy.orm import Session

from app.access.identity import Member
from app.access.models import Membership, UserAccount
from app.access.policy import Right, require
from app.access.reviews import lock_review
from app.db import begin_reading, begin_writing
from app.errors import NotFoundError
from app.history.models import Channel
from app.history.recording import ledger
from app.jobs.running import KINDS, Task
from app.library.duplicate_schemas import FindWish
from app.library.duplicates import compare_all, take_in

FIND = "duplicates"


def look_for_duplicates(task: Task) -> None:
    """Compare all sources of a review; merge what is certain, queue the rest, end the job."""
    slug, wish = task.wish["review"], FindWish.model_validate(task.wish["wish"])
    with task.sessions() as session:
        begin_reading(session)
        member = _seat(session, task.user_id, slug, writing=False)
        found = compare_all(session, member.review_id, task.tell)
    task.tell("writing", 0, None)
    with task.sessions() as session:
        begin_writing(session)
        member = _seat(session, task.user_id, slug, writing=True)
        book = ledger(session)
        book.actor_id, book.channel = member.user.id, Channel(task.wish["channel"])
        book.reason = task.wish["reason"]
        answer = take_in(session, member, found, automatic=wish.automatic)
        task.finish(session, answer.model_dump(), member.review_id)
        session.commit()


def _seat(session: Session, user_id: int, slug: str, *, writing: bool) -> Member:
    """Return who asked, who must still be allowed to."""
    review = lock_review(session, slug, writing=writing)
    seat = session.get(Membership, (review.id, user_id)) if review else None
    user = session.get_one(UserAccount, user_id)
    if review is None or review.deleted_at or seat is None or not user.is_active:
        raise NotFoundError(f"The review {slug} is gone, or you are no member of it any more.")
    require(seat.role, Right.CHANGE_ANY)
    return Member(review, user, seat.role)


KINDS |= {FIND: look_for_duplicates}
