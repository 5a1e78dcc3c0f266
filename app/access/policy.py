"""Who may do what: the one place that knows what a role is worth."""

from enum import StrEnum

from app.access.models import MemberRole
from app.errors import ForbiddenError

READER, CODER, EDITOR, OWNER = MemberRole
RANK = {role: rank for rank, role in enumerate(MemberRole)}


class Right(StrEnum):
    """Something a member may do in a review."""

    READ = "read this review"
    EXPORT = "export from this review"
    CODE = "add sources, quotes, configurations and memos"
    CHANGE_OWN = "change what they added"
    CHANGE_ANY = "change what others added"
    IMPORT = "record searches and import references"
    SCREEN = "make and check screening decisions"
    ADJUDICATE = "adjudicate, and change stages and reasons of screening"
    CODEBOOK = "change the codebook"
    FIELDS = "change the fields of this review's own"
    NAMES = "see the names behind pseudonyms"
    FORMS = "change the forms of appraisal"
    SETTLE = "settle what appraisers judge differently"
    THEORISE = "write programme theories and judge propositions"
    MEMBERS = "manage the members"
    SETTINGS = "change the settings of this review"
    DELETE = "delete this review"


ROLE_NEEDED: dict[Right, MemberRole] = {
    Right.READ: READER,
    Right.EXPORT: READER,
    Right.CODE: CODER,
    Right.CHANGE_OWN: CODER,
    Right.CHANGE_ANY: EDITOR,
    Right.IMPORT: EDITOR,
    Right.SCREEN: CODER,
    Right.ADJUDICATE: EDITOR,
    Right.CODEBOOK: EDITOR,
    Right.FIELDS: EDITOR,  # part of the team's coding frame, as the codebook is
    Right.NAMES: EDITOR,
    Right.FORMS: EDITOR,
    Right.SETTLE: EDITOR,
    Right.THEORISE: EDITOR,
    Right.MEMBERS: OWNER,
    Right.SETTINGS: OWNER,
    Right.DELETE: OWNER,
}


def may(role: MemberRole, right: Right) -> bool:
    """Say whether a role carries a right."""
    return RANK[role] >= RANK[ROLE_NEEDED[right]]


def require(role: MemberRole, right: Right) -> None:
    """Raise `ForbiddenError` (403) naming the role needed."""
    if not may(role, right):
        needed = ROLE_NEEDED[right]
        raise ForbiddenError(
            f"Only {needed.value}s may {right.value}; you are {role.value} here. "
            f"Ask an owner of the review.",
            extra={"role_needed": needed.value, "your_role": role.value},
        )


def require_change(role: MemberRole, user_id: int, author_id: int | None) -> None:
    """Raise `ForbiddenError` (403) unless the thing is one's own or the role may change any."""
    own = author_id is not None and author_id == user_id
    require(role, Right.CHANGE_OWN if own else Right.CHANGE_ANY)


def may_change(role: MemberRole, user_id: int, author_id: int | None) -> bool:
    """Say whether `require_change` would let it pass, so that nothing else is offered."""
    own = author_id is not None and author_id == user_id
    return may(role, Right.CHANGE_OWN if own else Right.CHANGE_ANY)


KIND_RIGHTS: dict[str, Right] = {
    "review": Right.MEMBERS,
    "W": Right.IMPORT,
    "G": Right.ADJUDICATE,
    "E": Right.ADJUDICATE,
    "K": Right.CODEBOOK,
    "F": Right.FIELDS,
    "P": Right.NAMES,
    "B": Right.FORMS,
    "T": Right.THEORISE,
    "R": Right.THEORISE,
}


def may_undo(role: MemberRole, user_id: int, author_id: int | None, kinds: set[str]) -> bool:
    """Say whether a role could make the changes of a change-set itself."""
    own = author_id is not None and author_id == user_id
    needed = {KIND_RIGHTS[kind] for kind in kinds & KIND_RIGHTS.keys()}
    return all(may(role, r) for r in {*needed, Right.CHANGE_OWN if own else Right.CHANGE_ANY})


def require_undo(role: MemberRole, user_id: int, author_id: int | None, kinds: set[str]) -> None:
    """Raise `ForbiddenError` unless the role could have made the change-set's changes itself."""
    require_change(role, user_id, author_id)
    for kind in sorted(kinds):
        if kind in KIND_RIGHTS:
            require(role, KIND_RIGHTS[kind])
