"""What goes in and out about users, tokens, reviews and members."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, SecretStr

from app.access.models import MemberRole, TokenScope
from app.db import Id, Line, Prose, Schema, Title
from app.jobs.models import JobStatus

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
PAGES = frozenset({"new"})
"""Where a page of its own stands in the place of a review."""


def _is_slug(value: str) -> str:
    if not SLUG.fullmatch(value):
        raise ValueError("use lower-case letters, digits and single hyphens: trust-and-faith")
    if value in PAGES:
        raise ValueError(f"{value} is the address of a page of ours; choose another")
    return value


def _is_email(value: str) -> str:
    name, at, host = value.partition("@")
    if not (name and at and host) or re.search(r"\s|@", name + host):
        raise ValueError("not an e-mail address: name@example.org")
    return value.lower()


def shaped(pattern: str, remedy: str) -> AfterValidator:
    """Return a check that the whole of a text has a shape; `remedy` says how to write it."""

    def has_shape(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(remedy)
        return value

    return AfterValidator(has_shape)


Slug = Annotated[str, Field(min_length=2, max_length=80), AfterValidator(_is_slug)]
TemplateName = Literal["CMO", "CRRO", "ICMO", "ICAMO", "SCMO", "CIMO", "CAMO"]
Email = Annotated[Line, Field(max_length=254), AfterValidator(_is_email)]
Password = Annotated[SecretStr, Field(min_length=12, max_length=1000)]


class UserCreate(Schema):
    """A new user; without a password they sign in by a one-time link."""

    email: Email
    name: Title
    password: Password | None = None
    is_admin: bool = False


class UserRead(Schema):
    """A person, as other members see them."""

    id: int
    uuid: str
    name: str
    email: str | None
    is_admin: bool
    is_active: bool


class UserUpdate(Schema):
    """What a user may do in this installation; what is left out stays."""

    is_admin: bool = False
    is_active: bool = True
    """Whether they may sign in; taking it away ends their browser sessions at once."""


class SignInLink(Schema):
    """A one-time link that signs a user in; the only answer that carries it."""

    user_id: Id
    name: str
    url: str
    expires_at: datetime


class MeUpdate(Schema):
    """What to change of oneself; what is left out stays."""

    name: Title = ""
    email: Email = ""


class PasswordChange(Schema):
    """A new password, and the one until now if there is one."""

    current: Annotated[SecretStr, Field(max_length=1000)] | None = None
    password: Password


class TokenCreate(Schema):
    """A new personal token."""

    name: Title
    scope: TokenScope = TokenScope.READ
    review: Slug | None = None
    """The slug of the only review it opens; null for all of one's reviews."""
    days: Annotated[int, Field(ge=1, le=3650)] | None = 90
    """Days until it expires; null for never."""


class TokenRead(Schema):
    """A token, without its secret."""

    id: int
    name: str
    hint: str
    scope: TokenScope
    review_id: int | None
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


class TokenIssued(TokenRead):
    """A token just made; the only answer that carries its secret."""

    token: str


class SignInRead(Schema):
    """A browser that is signed in."""

    id: int
    user_agent: str | None
    created_at: datetime
    expires_at: datetime


class ReviewCreate(Schema):
    """A new review; whoever makes it owns it."""

    slug: Slug
    title: Title
    question: Prose | None = None
    description: Prose | None = None
    template: TemplateName = "CMO"
    quote_word_limit: Annotated[int, Field(ge=1, le=10_000)] = 50


class ReviewUpdate(Schema):
    """Settings to change; what is left out stays, whatever its default (JSON merge patch)."""

    title: Title = ""
    question: Prose | None = None
    description: Prose | None = None
    template: TemplateName = "CMO"
    quote_word_limit: Annotated[int, Field(ge=1, le=10_000)] = 50


class ReviewRead(Schema):
    """A review and its settings."""

    slug: str
    uuid: str
    title: str
    question: str | None
    description: str | None
    template: str
    quote_word_limit: int
    version: int
    created_at: datetime


class MemberCreate(Schema):
    """A person to let in, by the e-mail address they sign in with."""

    email: Email
    role: MemberRole


class MemberUpdate(Schema):
    """Another role."""

    role: MemberRole


class MemberRead(Schema):
    """A member of a review."""

    user_id: Id
    name: str
    role: MemberRole


class JobRead(Schema):
    """A job: `done` of `total` in its own unit; `result` when done, `problem` when failed."""

    id: int
    kind: str
    status: JobStatus
    stage: str | None
    done: int
    total: int | None
    result: dict[str, Any] | None
    problem: dict[str, Any] | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
