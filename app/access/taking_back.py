"""Who may take a change-set back: whoever could make its changes now."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.access.identity import Member
from app.access.policy import require_change, require_undo
from app.errors import ForbiddenError
from app.history.models import Change, Operation
from app.history.reading import changes_of, find_change_set, root_of, rows_now

FOLLOWING = "Q"
"""Quotes change along with other things, whoever added them: tied to evidence they are parked no
more, and in a new document they are looked for."""


def require_right_to_undo(
    session: Session, member: Member, number: int, only: str | None = None
) -> None:
    """Raise `ForbiddenError` (403) unless the member could make the changes of H`number` now.

    `only` names the kind that is brought back when the rest of the change-set stays as it is.
    """
    found = find_change_set(session, member.review_id, number)
    changes = [
        change
        for change in changes_of(session, member.review_id, number)
        if only in (None, change.aggregate_kind)
    ]
    kinds = {change.aggregate_kind for change in changes}
    require_undo(member.role, member.user.id, found.actor_id, kinds)
    for author in _authors(session, member.review_id, changes):
        require_change(member.role, member.user.id, author)


def has_right_to_undo(session: Session, member: Member, number: int, only: str) -> bool:
    """Say whether `require_right_to_undo` would let it pass, so that nothing else is offered."""
    try:
        require_right_to_undo(session, member, number, only)
    except ForbiddenError:
        return False
    return True


def _authors(session: Session, review_id: int, changes: Sequence[Change]) -> set[int | None]:
    """Return who added the things that were changed, whether they are there or went with it."""
    keys: dict[str, dict[str, None]] = {}
    kinds = {change.aggregate_kind for change in changes}
    gone: dict[tuple[str, str], int | None] = {}
    for change in changes:
        follows = change.aggregate_kind == FOLLOWING and kinds > {FOLLOWING}
        if follows and change.operation is Operation.UPDATE:
            continue
        key = f"[{change.aggregate_id}]"
        keys.setdefault(change.aggregate_kind, {})[key] = None
        if change.operation is Operation.DELETE and change.row_key == key:
            gone[change.aggregate_kind, key] = (change.before or {}).get("created_by")
    found: set[int | None] = set()
    for kind, named in keys.items():
        model = root_of(kind)
        if model is not None and "created_by" in model.__table__.columns:
            there = rows_now(session, model, review_id, named)
            found |= {vars(row)["created_by"] for row in there.values()}
            found |= {gone[kind, key] for key in named if key not in there and (kind, key) in gone}
    return found
