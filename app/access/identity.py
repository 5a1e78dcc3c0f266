"""Who is asking, in which review, with which right: the dependencies every route starts from."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import BackgroundTasks, Depends, Header, Path, Query, Request, Response
from pydantic import AfterValidator
from sqlalchemy.orm import Session

from app.access.models import ApiToken, MemberRole, Membership, Review, UserAccount
from app.access.policy import Right, require
from app.access.reviews import lock_review
from app.access.service import find_sign_in, find_token, may_write, note_token_use
from app.config import Settings
from app.db import (
    MAX_NUMBER,
    SAFE_METHODS,
    Prose,
    SessionDep,
    Sessions,
    begin_reading,
    now,
)
from app.errors import (
    CrossOriginError,
    ForbiddenError,
    GoneError,
    NotFoundError,
    StaleError,
    UnauthenticatedError,
    VersionRequiredError,
)
from app.history.models import Channel, Inference
from app.history.recording import ledger
from app.values import is_sound

COOKIE = "retroduce_session"
TOKEN_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is asking, by which token, if by one, or by which browser session."""

    user: UserAccount
    token: ApiToken | None
    sign_in_id: int | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A person in a review they may see, with their role there."""

    review: Review
    user: UserAccount
    role: MemberRole

    @property
    def review_id(self) -> int:
        """The key every query of this request starts with."""
        return self.review.id


@dataclass(frozen=True, slots=True)
class Why:
    """The reason and inference a person gives for a change; kept in the history."""

    reason: str | None
    inference: Inference | None


def get_why(
    reason: Annotated[Prose | None, Query(description="why, kept in the history")] = None,
    inference: Annotated[Inference | None, Query(description="the reasoning behind it")] = None,
) -> Why:
    """Read why a change is made; any operation that changes something takes it."""
    return Why(reason, inference)


def get_settings(request: Request) -> Settings:
    """Return the settings this application was made with."""
    settings: Settings = request.app.state.settings
    return settings


SettingsDep = Annotated[Settings, Depends(get_settings)]


def is_same_origin(request: Request) -> bool:
    """Say whether a browser's request comes from a page of ours (Fetch Metadata, then Origin)."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    try:
        return origin is None or urlsplit(origin).netloc == request.headers.get("host")
    except ValueError:  # half an IPv6 address
        return False


def get_principal(request: Request, session: SessionDep, background: BackgroundTasks) -> Principal:
    """Return who is asking, by Bearer token or by browser session; 401 when nobody."""
    writing = request.method not in SAFE_METHODS
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        principal = _by_token(request, session, secret.strip(), background)
        if writing and not may_write(principal.token):
            raise ForbiddenError("This token may only read; make one with scope write.")
        channel = Channel.API
    else:
        principal = _by_cookie(request, session)
        if writing and not is_same_origin(request):
            raise CrossOriginError("This change came from a page of another site; refused.")
        channel = Channel.WEB
    book = ledger(session)
    book.actor_id, book.channel = principal.user.id, channel
    book.request_id = getattr(request.state, "request_id", None)
    return principal


def _by_token(
    request: Request, session: Session, secret: str, background: BackgroundTasks
) -> Principal:
    found = find_token(session, secret)
    if found is None:
        raise UnauthenticatedError(
            "This token is unknown, expired or revoked.",
            headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
        )
    token, user = found
    if token.last_used_at is None or now() - token.last_used_at > TOKEN_NOTED_EVERY:
        if request.method in SAFE_METHODS:
            background.add_task(note_token_use, request.app.state.sessions, token.id)
        else:
            token.last_used_at = now()
    return Principal(user, token)


def _by_cookie(request: Request, session: Session) -> Principal:
    secret = request.cookies.get(COOKIE)
    sign_in = find_sign_in(session, secret, is_link=False) if secret else None
    user = session.get(UserAccount, sign_in.user_id) if sign_in else None
    if user is None:
        raise UnauthenticatedError(
            "Nobody is signed in. Send `Authorization: Bearer …` or open a sign-in link.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return Principal(user, None, sign_in.id if sign_in else None)


PrincipalDep = Annotated[Principal, Depends(get_principal)]


def get_whole_principal(principal: PrincipalDep) -> Principal:
    """Return who is asking, not by a token of one review: it must not open anything wider."""
    if principal.token and principal.token.review_id:
        raise ForbiddenError("This token opens one review only; use one for all of yours.")
    return principal


WholePrincipalDep = Annotated[Principal, Depends(get_whole_principal)]


def get_admin(principal: WholePrincipalDep) -> UserAccount:
    """Return the user, who must be an admin of this installation."""
    if not principal.user.is_admin:
        raise ForbiddenError("Only an admin of this installation may do that.")
    return principal.user


AdminDep = Annotated[UserAccount, Depends(get_admin)]
SlugPath = Annotated[str, Path(max_length=80), AfterValidator(is_sound)]
IdPath = Annotated[int, Path(ge=1, le=MAX_NUMBER)]


def find_membership(
    session: Session, principal: Principal, slug: str, *, writing: bool
) -> tuple[Review, MemberRole]:
    """Return a review and one's role in it; a stranger gets the answer for no review at all."""
    review = lock_review(session, slug, writing=writing)
    seat = session.get(Membership, (review.id, principal.user.id)) if review else None
    token = principal.token
    is_other = bool(token and token.review_id and review and token.review_id != review.id)
    if review is None or seat is None or is_other:
        raise NotFoundError(f"There is no review called {slug}, or you are not a member of it.")
    return review, seat.role


def member(right: Right, *, even_deleted: bool = False) -> Callable[..., Member]:
    """Return a dependency that lets through members who have a right."""

    def get_member(
        request: Request,
        slug: SlugPath,
        principal: PrincipalDep,
        session: SessionDep,
        why: Annotated[Why, Depends(get_why)],
    ) -> Member:
        writing = request.method not in SAFE_METHODS
        review, role = find_membership(session, principal, slug, writing=writing)
        require(role, right)
        if review.deleted_at and not even_deleted:
            raise GoneError(f"The review was deleted; an owner can POST …/{slug}/restore.")
        book = ledger(session)
        book.reason, book.inference = why.reason, why.inference
        return Member(review, principal.user, role)

    return get_member


def checked_first(right: Right) -> Callable[..., None]:
    """Return a dependency for slow work that needs no database: it lets through who may.

    It looks in a transaction that ends at once; the one of the request checks again.
    """

    def check(request: Request, slug: SlugPath, background: BackgroundTasks) -> None:
        sessions: Sessions = request.app.state.sessions
        with sessions() as session:
            principal = get_principal(request, begin_reading(session), background)
            require(find_membership(session, principal, slug, writing=False)[1], right)

    return check


Reading = Annotated[Member, Depends(member(Right.READ))]
Exporting = Annotated[Member, Depends(member(Right.EXPORT))]
Coding = Annotated[Member, Depends(member(Right.CODE))]
Changing = Annotated[Member, Depends(member(Right.CHANGE_OWN))]
ChangingAny = Annotated[Member, Depends(member(Right.CHANGE_ANY))]
Importing = Annotated[Member, Depends(member(Right.IMPORT))]
Screening = Annotated[Member, Depends(member(Right.SCREEN))]
Adjudicating = Annotated[Member, Depends(member(Right.ADJUDICATE))]
EditingCodebook = Annotated[Member, Depends(member(Right.CODEBOOK))]
EditingFields = Annotated[Member, Depends(member(Right.FIELDS))]
SeeingNames = Annotated[Member, Depends(member(Right.NAMES))]
EditingForms = Annotated[Member, Depends(member(Right.FORMS))]
Theorising = Annotated[Member, Depends(member(Right.THEORISE))]
ManagingMembers = Annotated[Member, Depends(member(Right.MEMBERS))]
ChangingSettings = Annotated[Member, Depends(member(Right.SETTINGS))]
Deleting = Annotated[Member, Depends(member(Right.DELETE))]
Restoring = Annotated[Member, Depends(member(Right.DELETE, even_deleted=True))]

IfMatch = Annotated[
    str | None, Header(description='the ETag last read, `"3"`, or `*` to override knowingly')
]


def require_version(if_match: str | None, current: int) -> None:
    """Raise 428 when no version was named, 412 when it is not the current one (RFC 9110 §13)."""
    if if_match is None:
        raise VersionRequiredError(
            "Send If-Match with the ETag you last read, so that nobody's work is overwritten."
        )
    tags = {tag.strip().removeprefix("W/").strip('"') for tag in if_match.split(",")}
    if "*" not in tags and str(current) not in tags:
        raise StaleError(
            f"It was changed meanwhile and is at version {current} now; read it again.",
            extra={"current_version": current},
            headers={"ETag": f'"{current}"'},
        )


def tag(response: Response, version: int) -> None:
    """Put the version on an answer as its ETag."""
    response.headers["ETag"] = f'"{version}"'
