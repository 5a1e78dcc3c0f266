"""What every command shares: opening the store, acting as somebody, printing tables."""

import csv
import getpass
import io
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any, get_origin

import orjson
import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.accounts import MACHINE
from app.access.identity import Member
from app.access.models import Membership, Review, UserAccount
from app.access.policy import Right, require
from app.access.reviews import lock_review
from app.access.schemas import UserCreate
from app.access.service import LINK_MINUTES, add_user, find_user, open_sign_in
from app.cli.served import address_of
from app.config import Settings
from app.db import begin_reading, begin_writing, make_engine, make_sessions
from app.errors import AppError, GoneError, InvalidError, NotFoundError
from app.export.writers import guard
from app.history.models import Channel
from app.history.recording import ledger
from app.migrations import refuse_old_schema
from app.theory.filters import ConfigurationFilter


class Screen(Console):
    """A terminal or pipe; what is said in one line stays one, so that a path can be copied."""

    def print(self, *objects: Any, **options: Any) -> None:
        """Print as rich does, and leave it to the terminal to wrap plain text."""
        if all(isinstance(one, str) for one in objects):
            options.setdefault("soft_wrap", True)
        super().print(*objects, **options)


# No markup: what people wrote stays as it is, square brackets and all.
out = Screen(highlight=False, markup=False, emoji=False)
err = Screen(stderr=True, highlight=False, markup=False, emoji=False)


class Format(StrEnum):
    """How a command prints its answer."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


REPEATABLE = {
    name
    for name, field in ConfigurationFilter.model_fields.items()
    if get_origin(field.annotation) is list
}
OneReview = Annotated[str | None, typer.Option("--review", "-r", help="slug of the review")]
Has = Annotated[
    list[str] | None,
    typer.Option("--has", help="ROLE:CONCEPT:STATE, e.g. context:K5, outcome:K7*:increased"),
]
Where = Annotated[
    list[str] | None,
    typer.Option("--where", help="any other filter of the API, NAME=VALUE: stance=refutes"),
]
As = Annotated[
    str | None, typer.Option("--as", metavar="EMAIL", help="act as this user of the installation")
]
ReviewSlug = Annotated[str, typer.Option("--review", "-r", help="slug of the review")]
FormatOption = Annotated[Format, typer.Option("--format", "-f", help="table, json or csv")]


def filters(has: list[str] | None, where: list[str] | None) -> dict[str, Any]:
    """Return filters as the API names them; those that are lists may be given several times."""
    return parameters(where or (), given={"has": list(has or [])})


def parameters(
    pairs: Iterable[str], given: Mapping[str, list[str]] | None = None
) -> dict[str, Any]:
    """Return NAME=VALUE as the API takes it, after those given already."""
    found: dict[str, Any] = dict(given or {})
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise InvalidError(f"--where {pair}: write NAME=VALUE, e.g. stance=refutes.")
        if name in REPEATABLE:
            found.setdefault(name, []).append(value)
        else:
            found[name] = value
    return found


def complain(error: AppError) -> None:
    """Print a refusal with every field it names."""
    err.print(f"{error.code}: {error.detail}", soft_wrap=True)
    for field in error.fields[1:]:
        err.print(f"  {field.field}: {field.message}", soft_wrap=True)


def local_email() -> str:
    """Return the address that stands for this machine's user."""
    return f"{getpass.getuser().lower()}{MACHINE}"


def local_user(session: Session, settings: Settings) -> UserAccount:
    """Return this machine's user, made on first use; the first user of all is an admin.

    Who was made for a machine may have taken an address of their own since: while nobody is there
    for a machine any more, that is the only admin.
    """
    found = session.scalar(select(UserAccount).where(UserAccount.email == local_email()))
    if found is not None:
        return found
    renamed = _only_admin(session)
    if renamed is not None:
        return renamed
    is_first = session.scalar(select(UserAccount.id).limit(1)) is None
    name = getpass.getuser().capitalize()
    wish = UserCreate(email=local_email(), name=name, is_admin=is_first)
    return add_user(session, wish, settings)


def _only_admin(session: Session) -> UserAccount | None:
    """Return the one admin of an installation in which no user is a machine's."""
    machines = UserAccount.email.endswith(MACHINE)
    if session.scalar(select(UserAccount.id).where(machines).limit(1)) is not None:
        return None
    admins = select(UserAccount).where(UserAccount.is_admin, UserAccount.is_active).limit(2)
    found = session.scalars(admins).all()
    return found[0] if len(found) == 1 else None


@contextmanager
def open_store(
    settings: Settings | None = None, *, writing: bool = False, who: str | None = None
) -> Iterator[tuple[Session, UserAccount]]:
    """Open the store as a user: one transaction, committed when the command got through."""
    settings = settings or Settings()
    engine = make_engine(settings)
    refuse_old_schema(engine)
    with make_sessions(engine)() as session:
        begin = begin_writing if writing else begin_reading
        user = _user(begin(session), settings, who)
        book = ledger(session)
        book.actor_id, book.channel = user.id, Channel.CLI
        yield session, user
        session.commit()
    engine.dispose()


def _user(session: Session, settings: Settings, who: str | None) -> UserAccount:
    return find_user(session, who) if who else local_user(session, settings)


def make_link(session: Session, user: UserAccount, settings: Settings) -> str:
    """Make a one-time sign-in link to where this installation is served; return its address."""
    lifetime = timedelta(minutes=LINK_MINUTES)
    secret = open_sign_in(session, user, lifetime=lifetime, is_link=True)
    return f"{address_of(settings)}/sign-in/{secret}"


def find_member(
    session: Session, user: UserAccount, slug: str, right: Right, *, writing: bool = False
) -> Member:
    """Return a user's seat in a review, refusing what the role does not carry."""
    review = lock_review(session, slug, writing=writing)
    seat = session.get(Membership, (review.id, user.id)) if review else None
    if review is None or seat is None:
        raise NotFoundError(
            f"There is no review called {slug}, or {user.name} is not a member of it."
        )
    if review.deleted_at:
        raise GoneError(f"The review {slug} was deleted; an owner can restore it through the API.")
    require(seat.role, right)
    return Member(review, user, seat.role)


def only_review(session: Session, user: UserAccount) -> str:
    """Return the slug of the user's only review, or ask for one by name."""
    slugs = session.scalars(
        select(Review.slug)
        .join(Membership, Membership.review_id == Review.id)
        .where(Membership.user_id == user.id, Review.deleted_at.is_(None))
        .order_by(Review.slug)
    ).all()
    if len(slugs) != 1:
        names = ", ".join(slugs) or "none yet"
        raise NotFoundError(f"Say which review by --review SLUG; yours: {names}.")
    return slugs[0]


def show(
    headings: Sequence[str], rows: Sequence[Sequence[Any]], form: Format, title: str = ""
) -> None:
    """Print rows as a table for people, or as JSON or CSV for pipes.

    Text in CSV that a spreadsheet could run as a formula is guarded, as in every table of ours.
    """
    if form is Format.JSON:
        sys.stdout.write(
            orjson.dumps(
                [dict(zip(headings, row, strict=True)) for row in rows],
                option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE,
            ).decode()
        )
        return
    if form is Format.CSV:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(headings)
        writer.writerows([guard(v) if isinstance(v, str) else v for v in row] for row in rows)
        sys.stdout.write(text.getvalue())
        return
    table = Table(title=title or None, title_justify="left")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row))
    out.print(table)
