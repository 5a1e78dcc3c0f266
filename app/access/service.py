"""Users, passwords, tokens and sign-ins."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta
from functools import cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app.access.models import ApiToken, Membership, Review, SignIn, TokenScope, UserAccount
from app.access.schemas import TokenCreate, UserCreate
from app.config import Settings
from app.db import Sessions, begin_reading, begin_writing, now
from app.errors import FieldProblem, NotFoundError, TakenError, UnauthenticatedError

PREFIX = "rtd_"
LINK_MINUTES = 60


@cache
def hasher(memory_kib: int, rounds: int) -> PasswordHash:
    """Return the argon2id hasher of an installation's cost settings."""
    return PasswordHash((Argon2Hasher(memory_cost=memory_kib, time_cost=rounds),))


def password_hasher(settings: Settings) -> PasswordHash:
    """Return the hasher the settings ask for."""
    return hasher(settings.password_memory_kib, settings.password_rounds)


@cache
def _nobodys_hash(hashing: PasswordHash) -> str:
    return hashing.hash(secrets.token_urlsafe(24))


def fingerprint(secret: str) -> str:
    """Return what is stored of a random secret: its sha256 in hex."""
    return hashlib.sha256(secret.encode()).hexdigest()


def find_user(session: Session, email: str) -> UserAccount:
    """Return the user who signs in with an e-mail address, or say that there is none."""
    found = session.scalar(select(UserAccount).where(UserAccount.email == email.lower()))
    if found is None:
        raise NotFoundError(f"No user has the e-mail address {email}.")
    return found


def add_user(session: Session, wish: UserCreate, settings: Settings) -> UserAccount:
    """Make a user; raises `TakenError` when the e-mail address has one."""
    if session.scalar(select(UserAccount.id).where(UserAccount.email == wish.email)):
        detail = f"{wish.email} is the address of another user already."
        raise TakenError(detail, fields=[FieldProblem("body.email", detail)])
    user = UserAccount(email=wish.email, name=wish.name, is_admin=wish.is_admin)
    session.add(user)
    if wish.password:
        set_password(session, user, wish.password.get_secret_value(), settings)
    session.flush()
    return user


def set_password(
    session: Session,
    user: UserAccount,
    password: str,
    settings: Settings,
    but: int | None = None,
) -> None:
    """Give a user a new password and end all their browser sessions, but for one that is named."""
    user.password_hash = password_hasher(settings).hash(password)
    session.flush()
    end_all_sign_ins(session, user, but)


def end_all_sign_ins(session: Session, user: UserAccount, but: int | None = None) -> None:
    """End every browser session and unused link of a user, but for one that is named."""
    session.execute(
        update(SignIn)
        .where(SignIn.user_id == user.id, SignIn.revoked_at.is_(None), SignIn.id != (but or 0))
        .values(revoked_at=now())
    )


def check_password(session: Session, email: str, password: str, settings: Settings) -> UserAccount:
    """Return the user, taking the same time whether or not the address is known."""
    hashing = password_hasher(settings)
    user = session.scalar(select(UserAccount).where(UserAccount.email == email.lower()))
    stored = (user.password_hash if user else None) or _nobodys_hash(hashing)
    is_right = hashing.verify(password, stored)
    if not (is_right and user and user.password_hash and user.is_active):
        raise UnauthenticatedError("The e-mail address or the password is not right.")
    return user


def sign_in_by_password(
    sessions: Sessions,
    email: str,
    password: str,
    settings: Settings,
    user_agent: str | None = None,
) -> str:
    """Open a browser session and return its secret; 401 unless the password is right.

    The check is slow on purpose, so it runs before the write transaction, which others wait for.
    """
    with sessions() as session:
        checked = check_password(begin_reading(session), email, password, settings)
    with sessions() as session:
        user = begin_writing(session).get(UserAccount, checked.id)
        if user is None or (user.password_hash, user.is_active) != (checked.password_hash, True):
            raise UnauthenticatedError("The password was changed just now; use the new one.")
        secret = open_sign_in(
            session, user, lifetime=timedelta(days=settings.session_days), user_agent=user_agent
        )
        session.commit()
    return secret


def open_sign_in(
    session: Session,
    user: UserAccount,
    *,
    lifetime: timedelta,
    is_link: bool = False,
    user_agent: str | None = None,
) -> str:
    """Open a browser session, or make a one-time link to one; return its secret."""
    secret = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            user_id=user.id,
            secret_hash=fingerprint(secret),
            is_link=is_link,
            user_agent=user_agent[:300] if user_agent else None,
            expires_at=now() + lifetime,
        )
    )
    session.flush()
    return secret


def find_sign_in(session: Session, secret: str, *, is_link: bool) -> SignIn | None:
    """Return the valid session or unused link a secret belongs to."""
    return session.scalar(
        select(SignIn)
        .join(UserAccount, UserAccount.id == SignIn.user_id)
        .where(
            SignIn.secret_hash == fingerprint(secret),
            SignIn.is_link == is_link,
            SignIn.revoked_at.is_(None),
            SignIn.expires_at > now(),
            UserAccount.is_active,
        )
    )


def use_link(session: Session, secret: str) -> UserAccount:
    """Return the user of a one-time link and use the link up."""
    link = find_sign_in(session, secret, is_link=True)
    taken = (
        link
        and session.execute(
            update(SignIn)
            .where(SignIn.id == link.id, SignIn.revoked_at.is_(None))  # of two at once, one wins
            .values(revoked_at=now())
            .returning(SignIn.user_id)
        ).scalar()
    )
    user = session.get(UserAccount, taken) if taken else None
    if user is None:
        raise UnauthenticatedError("This sign-in link was used already, or is too old.")
    return user


def sign_ins_of(session: Session, user: UserAccount) -> Sequence[SignIn]:
    """Return the browsers a user is signed in with now, newest first."""
    return session.scalars(
        select(SignIn)
        .where(
            SignIn.user_id == user.id,
            SignIn.is_link.is_(False),
            SignIn.revoked_at.is_(None),
            SignIn.expires_at > now(),
        )
        .order_by(SignIn.id.desc())
    ).all()


def end_sign_in(session: Session, user: UserAccount, sign_in_id: int) -> None:
    """Sign one of the user's own browsers out."""
    found = session.get(SignIn, sign_in_id)
    if found is None or found.user_id != user.id:
        raise NotFoundError("You have no such browser session.")
    found.revoked_at = found.revoked_at or now()
    session.flush()


def issue_token(session: Session, user: UserAccount, wish: TokenCreate) -> tuple[ApiToken, str]:
    """Make a personal token; its secret is returned here and never again."""
    review_id = None
    if wish.review:
        review_id = session.scalar(
            select(Review.id)
            .join(Membership, Membership.review_id == Review.id)
            .where(Review.slug == wish.review, Membership.user_id == user.id)
        )
        if review_id is None:
            raise NotFoundError(f"You are in no review called {wish.review}.")
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        user_id=user.id,
        name=wish.name,
        secret_hash=fingerprint(secret),
        hint=secret[:10],
        scope=wish.scope,
        review_id=review_id,
        expires_at=now() + timedelta(days=wish.days) if wish.days else None,
    )
    session.add(token)
    session.flush()
    return token, secret


def tokens_of(session: Session, user: UserAccount) -> Sequence[ApiToken]:
    """Return all tokens of a user, newest first."""
    return session.scalars(
        select(ApiToken).where(ApiToken.user_id == user.id).order_by(ApiToken.id.desc())
    ).all()


def revoke_token(session: Session, user: UserAccount, token_id: int) -> None:
    """End one of the user's own tokens."""
    found = session.get(ApiToken, token_id)
    if found is None or found.user_id != user.id:
        raise NotFoundError("You have no such token.")
    found.revoked_at = found.revoked_at or now()
    session.flush()


def find_token(session: Session, secret: str) -> tuple[ApiToken, UserAccount] | None:
    """Return a valid token and its user."""
    row = session.execute(
        select(ApiToken, UserAccount)
        .join(UserAccount, UserAccount.id == ApiToken.user_id)
        .where(
            ApiToken.secret_hash == fingerprint(secret),
            ApiToken.revoked_at.is_(None),
            or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > now()),
            UserAccount.is_active,
        )
    ).first()
    return (row[0], row[1]) if row else None


def note_token_use(sessions: Sessions, token_id: int) -> None:
    """Write when a token was last used, in a transaction of its own, after the answer is sent."""
    with sessions() as session:
        begin_writing(session)
        session.execute(update(ApiToken).where(ApiToken.id == token_id).values(last_used_at=now()))
        session.commit()


def may_write(token: ApiToken | None) -> bool:
    """Say whether a request may change anything: a browser may, a read token may not."""
    return token is None or token.scope is TokenScope.WRITE
