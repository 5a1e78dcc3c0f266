"""The API of a review's history: what changed, who, when, why, and taking it back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session

from app.access.identity import Changing, IdPath, Reading
from app.access.models import UserAccount
from app.access.replay import Replayable, ReplayingRoute
from app.access.taking_back import require_right_to_undo
from app.db import MAX_NUMBER, NEXT_PAGE, Id, Page, PageWish, Schema, SessionDep, paginate
from app.errors import NotFoundError
from app.history.models import ChangeSet, Channel, Inference
from app.history.reading import (
    ChangeRead,
    HistoryFilter,
    Kind,
    changes_of,
    describe_all,
    find_change_set,
    last_deletion,
    select_change_sets,
)
from app.history.summary import what_changed
from app.history.undoing import restore, undo

MOST_SHOWN = 500
"""Changes of a change-set in one answer."""

router = APIRouter(
    prefix="/api/v1/reviews/{slug}/history",
    tags=["history"],
    dependencies=[Replayable],
    route_class=ReplayingRoute,
)


class ChangeSetRead(Schema):
    """Who changed something, when, through which door and why."""

    id: int
    what: str
    """In one line: `added C5, Q7-Q9; C21: element 3 changed`."""
    actor_id: int | None
    at: datetime
    channel: Channel
    reason: str | None
    inference: Inference | None
    undoes: int | None
    request_id: str | None


class ChangeSetDetail(ChangeSetRead):
    """A change-set with what it changed, before → after."""

    actor: str | None
    changes: list[ChangeRead]
    next: int | None
    """What to send as `after` for the changes that follow, or null at the end."""


class RestoreWish(Schema):
    """The deleted thing to bring back: kind and number as people cite them, C and 17."""

    kind: Kind
    number: Id


class HistoryWish(HistoryFilter, PageWish):
    """Filters and page of the history."""


class Undone(Schema):
    """The new change-set that took another back."""

    change_set: int


@router.get("")
def list_history(
    member: Reading, session: SessionDep, wish: Annotated[HistoryWish, Query()]
) -> Page[ChangeSetRead]:
    """List change-sets, oldest first, each with what it did in one line."""
    found = paginate(session, select_change_sets(member.review_id, wish), ChangeSet.id, wish)
    items = _read(session, member.review_id, found.items)
    return Page(items=items, next=found.next, total=found.total)


def _read(
    session: Session, review_id: int, change_sets: Sequence[ChangeSet]
) -> list[ChangeSetRead]:
    what = what_changed(session, review_id, change_sets)
    names = [name for name in ChangeSetRead.model_fields if name != "what"]
    return [
        ChangeSetRead(**{name: getattr(row, name) for name in names}, what=what[row.id])
        for row in change_sets
    ]


@router.get("/{number}")
def read_change_set(
    number: IdPath,
    member: Reading,
    session: SessionDep,
    after: Annotated[int, Query(ge=0, le=MAX_NUMBER)] = 0,
) -> ChangeSetDetail:
    """Read one change-set with the values before and after, at most 500 changes at once."""
    found = find_change_set(session, member.review_id, number)
    actor = session.get(UserAccount, found.actor_id) if found.actor_id else None
    changes = changes_of(session, member.review_id, number, after, MOST_SHOWN + 1)
    shown = changes[:MOST_SHOWN]
    following = shown[-1].n if len(changes) > MOST_SHOWN else None
    session.info[NEXT_PAGE] = following
    [read] = _read(session, member.review_id, [found])
    return ChangeSetDetail(
        **read.model_dump(),
        actor=actor.name if actor else None,
        changes=describe_all(session, shown),
        next=following,
    )


@router.post("/{number}/undo")
def undo_change_set(number: IdPath, member: Changing, session: SessionDep) -> Undone:
    """Take a change-set back by a new one; 409 when later changes touched the same rows."""
    require_right_to_undo(session, member, number)
    return Undone(change_set=undo(session, member.review_id, number))


@router.post("/restore")
def restore_deleted(body: RestoreWish, member: Changing, session: SessionDep) -> Undone:
    """Bring something deleted back, with its parts."""
    deletion = last_deletion(session, member.review_id, body.kind, body.number)
    if deletion is None:
        raise NotFoundError(f"{body.kind}{body.number} was never deleted in this review.")
    require_right_to_undo(session, member, deletion, body.kind)
    return Undone(change_set=restore(session, member.review_id, body.kind, body.number))
