"""Users, how they sign in, reviews and memberships."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import uuid4

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import UNTRACKED, Base, CreatedAt, ReviewKey, Version


class MemberRole(StrEnum):
    """What a person may do in a review; each role may do what the ones before it may."""

    READER = "reader"
    CODER = "coder"
    EDITOR = "editor"
    OWNER = "owner"


class TokenScope(StrEnum):
    """Whether a token may change anything."""

    READ = "read"
    WRITE = "write"


def new_uuid() -> str:
    """Return a name that stays the same when a review travels between installations."""
    return str(uuid4())


class UserAccount(Base):
    """A person who can sign in, or one known by name only from an imported review."""

    __tablename__ = "user_account"
    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True, default=new_uuid)
    email: Mapped[str | None] = mapped_column(
        unique=True, doc="lower case; null for a person who cannot sign in"
    )
    name: Mapped[str] = mapped_column(doc="as screens and tables show it")
    password_hash: Mapped[str | None] = mapped_column(doc="argon2id; null: no password sign-in")
    is_admin: Mapped[bool] = mapped_column(default=False, doc="may make users, reset passwords")
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[CreatedAt]


class SignIn(Base):
    """A browser session, or the one-time link that opens one; the secret is stored hashed."""

    __tablename__ = "sign_in"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True, doc="sha256, hex")
    is_link: Mapped[bool] = mapped_column(default=False, doc="a one-time link, not a session")
    user_agent: Mapped[str | None] = mapped_column(doc="so that a person knows it again")
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None] = mapped_column(doc="when it ended early, or was used")


class ApiToken(Base):
    """A personal token for programs; shown once, stored hashed."""

    __tablename__ = "api_token"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    name: Mapped[str] = mapped_column(doc="what it is for")
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True, doc="sha256, hex")
    hint: Mapped[str] = mapped_column(String(12), doc="its first characters, to know it again")
    scope: Mapped[TokenScope]
    review_id: Mapped[int | None] = mapped_column(
        ForeignKey("review.id", ondelete="CASCADE"), doc="the only review it opens, if any"
    )
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None] = mapped_column(doc="written at most once a minute")
    revoked_at: Mapped[datetime | None]


class Review(Base):
    """One synthesis project: the tenant that owns every source, quote and configuration in it."""

    __tablename__ = "review"
    aggregate: ClassVar[tuple[str, str] | None] = ("review", "id")
    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True, default=new_uuid)
    slug: Mapped[str] = mapped_column(String(80), unique=True, doc="its name in URLs")
    title: Mapped[str]
    question: Mapped[str | None] = mapped_column(doc="what works, for whom, how, why …")
    description: Mapped[str | None]
    template: Mapped[str] = mapped_column(
        String(16), default="CMO", doc="which roles a configuration is asked for"
    )
    quote_word_limit: Mapped[int] = mapped_column(
        default=50, doc="quotes with more words are kept and flagged"
    )
    deleted_at: Mapped[datetime | None] = mapped_column(doc="hidden from then on; restorable")
    version: Mapped[Version]
    created_at: Mapped[CreatedAt] = mapped_column(info=UNTRACKED)


class Membership(Base):
    """A person's role in a review."""

    __tablename__ = "membership"
    __table_args__ = ({"sqlite_with_rowid": False},)
    aggregate: ClassVar[tuple[str, str] | None] = ("review", "review_id")
    review_id: Mapped[ReviewKey]
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id"), primary_key=True, autoincrement=False
    )
    role: Mapped[MemberRole]


class KeyedRequest(Base):
    """A POST that carried an Idempotency-Key, and the answer to give again for a day."""

    __tablename__ = "keyed_request"
    __table_args__ = (UniqueConstraint("user_id", "key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    key: Mapped[str] = mapped_column(String(255))
    request_hash: Mapped[str] = mapped_column(String(64), doc="sha256 of method, path and body")
    status: Mapped[int | None] = mapped_column(doc="of the first answer")
    headers: Mapped[dict[str, Any] | None]
    body: Mapped[str | None]
    created_at: Mapped[CreatedAt] = mapped_column(index=True)
