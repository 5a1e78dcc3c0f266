"""The history of a review as pages: who changed what, when and why, and before → after."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Self

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from pydantic import model_validator
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.identity import IdPath, Reading
from app.access.models import Membership, UserAccount
from app.access.policy import may_undo
from app.complaints import FieldValueError
from app.db import Id, Schema, SessionDep
from app.history.models import Change, ChangeSet, Channel, Operation
from app.history.reading import (
    ChangeRead,
    HistoryFilter,
    Kind,
    changes_of,
    describe_all,
    find_change_set,
    select_change_sets,
)
from app.history.summary import DONE, what_changed
from app.history.undoing import touched_since
from app.web.framing import in_review
from app.web.wishes import address, given, wish_of

router = APIRouter(prefix="/reviews/{slug}/history", include_in_schema=False)

MOST_SETS = 50
MOST_CHANGES = 100
LONGEST = 600
"""Characters of a value; the API has it whole."""
NOT_FOR_READERS = {"review_id", "id", "version", "text_key", "wording_key", "created_by"}
KINDS = {
    "S": "sources",
    "D": "documents",
    "Q": "quotes",
    "K": "concepts",
    "C": "configurations",
    "L": "links",
    "T": "theories",
    "R": "recommendations",
    "M": "memos",
    "F": "own fields",
    "A": "appraisals",
    "B": "forms of appraisal",
    "V": "saved views",
    "review": "the review and its members",
}


class HistoryPageWish(Schema):
    """Filters of the history by days; newest first, so a page goes on with what came before."""

    kind: Kind | None = None
    number: Id | None = None
    actor_id: Id | None = None
    channel: Channel | None = None
    since: date | None = None
    until: date | None = None
    """The last day that counts."""
    before: Id | None = None

    @model_validator(mode="after")
    def says_of_what(self) -> Self:
        """Refuse a number without its kind, as the history itself would."""
        if self.number is not None and self.kind is None:
            raise FieldValueError("kind", "a number needs its kind: choose what the changes are of")
        return self

    def filter(self) -> HistoryFilter:
        """Return the same as the history understands it; days begin and end in UTC."""
        asked = self.model_dump(exclude={"before", "since", "until"}, exclude_none=True)
        days = {"since": self.since, "until": self.until and self.until + timedelta(days=1)}
        moments = {n: datetime.combine(d, time(), UTC) for n, d in days.items() if d}
        return HistoryFilter.model_validate(asked | moments)


class ChangesWish(Schema):
    """Which changes of a change-set are shown: those after the n-th."""

    after: Id | None = None


@dataclass(frozen=True, slots=True)
class ValueChange:
    """One value that changed, as text; None is nothing."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Shown:
    """One row that changed: of what, what was done to which part, and its values."""

    thing: str
    part: str
    done: str
    lines: list[ValueChange]

    @property
    def is_telling(self) -> bool:
        """Say whether there is more to it than values derived from others."""
        return bool(self.lines) or self.done != DONE[Operation.UPDATE]


@router.get("")
def show_history(
    request: Request,
    member: Reading,
    session: SessionDep,
    wish: Annotated[HistoryPageWish, Depends(wish_of(HistoryPageWish))],
) -> HTMLResponse:
    """List change-sets, newest first, each with who, when, why and what."""
    found = select_change_sets(member.review_id, wish.filter()).order_by(ChangeSet.id.desc())
    if wish.before is not None:
        found = found.where(ChangeSet.id < wish.before)
    rows = session.scalars(found.limit(MOST_SETS + 1)).all()
    shown = rows[:MOST_SETS]
    has_more = len(rows) > MOST_SETS
    people = team_of(session, member.review_id)
    return in_review(
        session,
        member,
        "history.html",
        "history",
        wish=wish,
        kinds=KINDS,
        channels=list(Channel),
        people=people,
        thing=f"{wish.kind}{wish.number}" if wish.kind and wish.number else None,
        sets=shown,
        what=what_changed(session, member.review_id, shown),
        names=people | names_of(session, {row.actor_id for row in shown} - people.keys()),
        undone=taken_back(session, member.review_id, [row.id for row in shown]),
        is_filtered=bool(wish.model_fields_set - {"before"}),
        next=address(given(request), before=shown[-1].id) if has_more else None,
    )


@router.get("/{number}")
def show_change_set(
    number: IdPath,
    member: Reading,
    session: SessionDep,
    wish: Annotated[ChangesWish, Depends(wish_of(ChangesWish))],
) -> HTMLResponse:
    """Show what one change-set changed, before → after, a hundred rows at once."""
    found = find_change_set(session, member.review_id, number)
    changes = changes_of(session, member.review_id, number, wish.after or 0, MOST_CHANGES + 1)
    shown = changes[:MOST_CHANGES]
    has_more = len(changes) > MOST_CHANGES
    undone = taken_back(session, member.review_id, [number]).get(number)
    kinds = {change.aggregate_kind for change in shown}
    may_take_back = may_undo(member.role, member.user.id, found.actor_id, kinds)
    return in_review(
        session,
        member,
        "change_set.html",
        "history",
        set=found,
        what=what_changed(session, member.review_id, [found])[found.id],
        actor=names_of(session, [found.actor_id]).get(found.actor_id or 0),
        changes=[row for row in map(_shown, describe_all(session, shown)) if row.is_telling],
        undone=undone,
        may_take_back=may_take_back and not undone and not _made_the_review(shown),
        blocking=[] if undone else _blocking(session, member.review_id, number, shown),
        deleted=[] if undone else _deleted(shown),
        next=address([], after=shown[-1].n) if has_more else None,
    )


def _made_the_review(changes: Iterable[Change]) -> bool:
    """Say whether the review itself came with it; deleting a review is offered elsewhere."""
    return any(c.table_name == "review" and c.operation is Operation.INSERT for c in changes)


def taken_back(session: Session, review_id: int, numbers: Sequence[int]) -> dict[int, int]:
    """Return which of some change-sets were taken back, and by which."""
    rows = session.execute(
        select(ChangeSet.undoes, ChangeSet.id).where(
            ChangeSet.review_id == review_id, ChangeSet.undoes.in_(numbers)
        )
    )
    return {row[0]: row[1] for row in rows if row[0] is not None}


def _blocking(
    session: Session, review_id: int, number: int, changes: Sequence[Change]
) -> list[tuple[str, int]]:
    """Return what changed again since, and in which change-set, of the rows shown."""
    later = touched_since(session, review_id, number, changes)
    return list(dict.fromkeys((str(one["of"]), int(one["change_set"])) for one in later))


def _deleted(changes: Iterable[Change]) -> list[tuple[str, int]]:
    """Return the kind and number of the things a change-set deleted, where it did more than that.

    Each can come back alone; where there is one only, taking all back does the same.
    """
    gone = [
        (change.aggregate_kind, change.aggregate_id)
        for change in changes
        if change.operation is Operation.DELETE and change.row_key == f"[{change.aggregate_id}]"
    ]
    return gone if len(gone) > 1 else []


def team_of(session: Session, review_id: int) -> dict[int, str]:
    """Return the names of the members by number, in their order."""
    rows = session.execute(
        select(UserAccount.id, UserAccount.name)
        .join(Membership, Membership.user_id == UserAccount.id)
        .where(Membership.review_id == review_id)
        .order_by(UserAccount.name, UserAccount.id)
    )
    return {row[0]: row[1] for row in rows}


def names_of(session: Session, numbers: Iterable[int | None]) -> dict[int, str]:
    """Return the names of some people by number; never their e-mail addresses."""
    wanted = sorted({number for number in numbers if number})
    rows = session.execute(
        select(UserAccount.id, UserAccount.name).where(UserAccount.id.in_(wanted))
    )
    return {row[0]: row[1] for row in rows}


def _shown(change: ChangeRead) -> Shown:
    is_review = change.aggregate_kind == "review"
    is_whole = len(change.row_key) == 1
    number = "" if is_whole else f" {'.'.join(str(part) for part in change.row_key[1:])}"
    return Shown(
        thing="review" if is_review else f"{change.aggregate_kind}{change.aggregate_id}",
        part="" if is_whole else f"{change.table_name.replace('_', ' ')}{number}",
        done=DONE[Operation(change.operation)],
        lines=list(_lines(change)),
    )


def _lines(change: ChangeRead) -> Iterator[ValueChange]:
    """Give the values that differ; keys, and what is derived from other values, tell nothing."""
    before, after = change.before or {}, change.after or {}
    names: Sequence[str] = list(before or after)
    for name in names:
        old, new = before.get(name), after.get(name)
        if name not in NOT_FOR_READERS and not name.startswith("last_") and old != new:
            yield ValueChange(name, _text(old), _text(new))


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
