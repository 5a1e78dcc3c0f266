"""The history of a review as pages: who changed what, when and why, and before → after."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.identity import IdPath, Reading
from app.access.models import UserAccount
from app.db import Id, Schema, SessionDep
from app.history.models import ChangeSet, Operation
from app.history.reading import (
    ChangeRead,
    HistoryFilter,
    changes_of,
    describe_all,
    find_change_set,
    select_change_sets,
)
from app.history.summary import DONE, what_changed
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


class HistoryPageWish(HistoryFilter):
    """Filters of the history; newest first, so a page goes on with what came before."""

    before: Id | None = None


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
    found = select_change_sets(member.review_id, wish).order_by(ChangeSet.id.desc())
    if wish.before is not None:
        found = found.where(ChangeSet.id < wish.before)
    rows = session.scalars(found.limit(MOST_SETS + 1)).all()
    shown = rows[:MOST_SETS]
    has_more = len(rows) > MOST_SETS
    return in_review(
        session,
        member,
        "history.html",
        "history",
        wish=wish,
        kinds=KINDS,
        sets=shown,
        what=what_changed(session, member.review_id, shown),
        names=names_of(session, [row.actor_id for row in shown]),
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
    return in_review(
        session,
        member,
        "change_set.html",
        "history",
        set=found,
        what=what_changed(session, member.review_id, [found])[found.id],
        actor=names_of(session, [found.actor_id]).get(found.actor_id or 0),
        changes=[row for row in map(_shown, describe_all(session, shown)) if row.is_telling],
        next=address([], after=shown[-1].n) if has_more else None,
    )


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
