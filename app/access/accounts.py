"""One's own account, and the users of an installation as its admins see them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta

from pydantic import ValidationError
from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from app.access.identity import Principal
from app.access.models import Membership, SignIn, UserAccount
from app.access.schemas import MeUpdate, PasswordChange, SignInLink, UserCreate, UserUpdate
from app.access.service import (
    LINK_MINUTES,
    end_all_sign_ins,
    open_sign_in,
    password_hasher,
    set_password,
)
from app.complaints import explain
from app.config import Settings
from app.db import now
from app.errors import (
    ConflictError,
    FieldProblem,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    TakenError,
)


@dataclass(frozen=True, slots=True)
class Introduction:
    """What a new person says of themselves when a one-time link is opened; all may be left out."""

    name: str = ""
    email: str = ""
    password: str = ""

    def problems(self) -> dict[str, str]:
        """Return what to say at which field, in the order of the form."""
        given = {name: value for name, value in asdict(self).items() if value}
        wish = {"name": "Nobody", "email": "nobody@example.org", "password": None} | given
        try:
            UserCreate.model_validate(wish)
        except ValidationError as error:
            found = {str(e["loc"][0]): explain(e) for e in error.errors()}
            return {name: found[name] for name in wish if name in found}
        return {}


def change_me(session: Session, principal: Principal, wish: MeUpdate) -> UserAccount:
    """Change one's own name or address; the address not by a token, which may be in other hands."""
    user = principal.user
    if "email" in wish.model_fields_set and wish.email != user.email:
        _require_browser(principal)
        move_address(session, user, wish.email)
    if "name" in wish.model_fields_set:
        user.name = wish.name
    session.flush()
    return user


def move_address(session: Session, user: UserAccount, email: str) -> None:
    """Let a user sign in with another address; raises `TakenError` when it is somebody else's."""
    taken = select(UserAccount.id).where(UserAccount.email == email, UserAccount.id != user.id)
    if session.scalar(taken):
        detail = f"{email} is the address of another user already."
        raise TakenError(detail, fields=[FieldProblem("body.email", detail)])
    user.email = email


def change_password(
    session: Session, principal: Principal, wish: PasswordChange, settings: Settings
) -> None:
    """Give oneself a new password; every other browser is signed out.

    Whoever has one says it first. 403 by a token: what a program holds opens no account.
    """
    _require_browser(principal)
    stored = principal.user.password_hash
    said = wish.current.get_secret_value() if wish.current else ""
    if stored and not password_hasher(settings).verify(said, stored):
        detail = "This is not your password now."
        raise InvalidError(detail, fields=[FieldProblem("body.current", detail)])
    new = wish.password.get_secret_value()
    set_password(session, principal.user, new, settings, but=principal.sign_in_id)


def _require_browser(principal: Principal) -> None:
    if principal.token:
        raise ForbiddenError("Change how you sign in with your browser, not by a token.")


def select_users() -> Select[UserAccount]:
    """Select the users of the installation; the caller orders and pages them."""
    return select(UserAccount)


def is_anybody(session: Session) -> bool:
    """Say whether the installation has a user yet."""
    return session.scalar(select(UserAccount.id).limit(1)) is not None


def users_by_name(session: Session, most: int) -> Sequence[Row[UserAccount, int]]:
    """Return users by name with how many reviews each is in, those who can sign in first."""
    seats = (
        select(func.count())
        .where(Membership.user_id == UserAccount.id)
        .correlate(UserAccount)
        .scalar_subquery()
    )
    order = (UserAccount.is_active.desc(), UserAccount.name, UserAccount.id)
    return session.execute(select(UserAccount, seats).order_by(*order).limit(most)).all()


def is_new(session: Session, user: UserAccount) -> bool:
    """Say whether a user has no password and was never signed in with a browser."""
    opened = select(SignIn.id).where(SignIn.user_id == user.id, SignIn.is_link.is_(False))
    return user.password_hash is None and session.scalar(opened.limit(1)) is None


MACHINE = "@localhost"
"""Ends the address of a machine's own user, made for them by the first command."""


def introduce(
    session: Session, user: UserAccount, said: Introduction, settings: Settings, link: int
) -> dict[str, str]:
    """Take what a new person says of themselves; or return what to say at which field instead.

    Only who was made for a machine, and has no address of their own yet, gives one.
    """
    problems = said.problems()
    is_machine = bool(user.email and user.email.endswith(MACHINE))
    if is_machine and said.email and not problems:
        other = (UserAccount.email == said.email, UserAccount.id != user.id)
        if session.scalar(select(UserAccount.id).where(*other)):
            problems = {"email": "This is the address of another user already."}
    if problems:
        return problems
    user.name = said.name or user.name
    user.email = said.email if is_machine and said.email else user.email
    if said.password:
        set_password(session, user, said.password, settings, but=link)
    session.flush()
    return {}


def find_person(session: Session, user_id: int) -> UserAccount:
    """Return a user by number, or say that there is none."""
    found = session.get(UserAccount, user_id)
    if found is None:
        raise NotFoundError("This installation has no such user.")
    return found


def change_user(
    session: Session, admin: UserAccount, user: UserAccount, wish: UserUpdate
) -> UserAccount:
    """Change what a user may do here; nobody shuts themselves out."""
    given = wish.model_dump(exclude_unset=True)
    if user.id == admin.id and False in given.values():
        raise ConflictError("You cannot shut yourself out; ask another admin.")
    if given.get("is_active") and user.email is None:
        raise ConflictError("This person is known by name only and has no address to sign in with.")
    for name, value in given.items():
        setattr(user, name, value)
    if not user.is_active:
        end_all_sign_ins(session, user)
    session.flush()
    return user


def make_link(session: Session, user: UserAccount, base: str) -> SignInLink:
    """Make a one-time link that signs a user in; its address is told once and never again."""
    if not user.is_active:
        raise ConflictError("This person cannot sign in; let them in again first.")
    lifetime = timedelta(minutes=LINK_MINUTES)
    secret = open_sign_in(session, user, lifetime=lifetime, is_link=True)
    address = f"{base}/sign-in/{secret}"
    return SignInLink(user_id=user.id, name=user.name, url=address, expires_at=now() + lifetime)
