"""People: users, passwords, sign-in links, tokens, and who is in which review."""

from typing import Annotated

import typer
from pydantic import SecretStr
from sqlalchemy import select

from app.access.models import MemberRole, TokenScope, UserAccount
from app.access.policy import Right
from app.access.reviews import add_review, members_of, select_reviews, set_member
from app.access.schemas import ReviewCreate, TokenCreate, UserCreate
from app.access.service import (
    add_user,
    end_all_sign_ins,
    find_user,
    issue_token,
    revoke_token,
    set_password,
    tokens_of,
)
from app.cli.terminal import (
    As,
    Format,
    FormatOption,
    ReviewSlug,
    find_member,
    make_link,
    open_store,
    out,
    show,
)
from app.config import Settings
from app.errors import ForbiddenError

user_app = typer.Typer(help="People who can sign in.", no_args_is_help=True)
token_app = typer.Typer(help="Personal tokens for programs.", no_args_is_help=True)
review_app = typer.Typer(help="Reviews and their members.", no_args_is_help=True)

Email = Annotated[str, typer.Argument(help="the address they sign in with")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(user_app, name="user")
    app.add_typer(token_app, name="token")
    app.add_typer(review_app, name="review")


def ask_password(question: str) -> str:
    """Ask for a password twice, unseen."""
    answer: str = typer.prompt(question, hide_input=True, confirmation_prompt=True)
    return answer


@user_app.command("add")
def user_add(
    email: Email,
    *,
    name: Annotated[str, typer.Option(help="as screens show it")] = "",
    admin: Annotated[bool, typer.Option("--admin", help="may make users")] = False,
    password: Annotated[bool, typer.Option("--password", help="ask for a password now")] = False,
) -> None:
    """Make a user and print a one-time sign-in link."""
    settings = Settings()
    secret = ask_password("Password") if password else None
    with open_store(settings, writing=True) as (session, _):
        wish = UserCreate(
            email=email,
            name=name or email.partition("@")[0],
            is_admin=admin,
            password=SecretStr(secret) if secret else None,
        )
        user = add_user(session, wish, settings)
        link = make_link(session, user, settings)
    out.print(f"Made {email}. One-time sign-in: {link}", soft_wrap=True)


@user_app.command("list")
def user_list(form: FormatOption = Format.TABLE) -> None:
    """List the users of this installation."""
    with open_store() as (session, _):
        users = session.scalars(select(UserAccount).order_by(UserAccount.id)).all()
        rows = [[u.id, u.email, u.name, u.is_admin, u.is_active] for u in users]
    show(["id", "email", "name", "admin", "active"], rows, form)


@user_app.command("password")
def user_password(email: Email) -> None:
    """Set a new password; all browser sessions of the user end."""
    settings = Settings()
    secret = ask_password("New password")
    with open_store(settings, writing=True) as (session, _):
        checked = UserCreate(email=email, name="checked", password=SecretStr(secret))
        user = find_user(session, checked.email)
        set_password(session, user, secret, settings)
    out.print(f"{email} has a new password; their browser sessions ended.")


@user_app.command("link")
def user_link(email: Email) -> None:
    """Print a one-time sign-in link for a user."""
    settings = Settings()
    with open_store(settings, writing=True) as (session, _):
        user = find_user(session, email)
        link = make_link(session, user, settings)
    out.print(link, soft_wrap=True)


@user_app.command("disable")
def user_disable(email: Email) -> None:
    """Stop a user from signing in; what they did stays theirs."""
    with open_store(writing=True) as (session, acting):
        user = find_user(session, email)
        if user.id == acting.id:
            raise ForbiddenError("You cannot disable yourself.")
        user.is_active = False
        end_all_sign_ins(session, user)
    out.print(f"{email} can no longer sign in.")


@token_app.command("create")
def token_create(
    name: Annotated[str, typer.Argument(help="what it is for")],
    *,
    who: As = None,
    write: Annotated[bool, typer.Option("--write", help="may change things")] = False,
    review: Annotated[str | None, typer.Option(help="the only review it opens")] = None,
    days: Annotated[int, typer.Option(min=0, max=3650, help="until it expires; 0: never")] = 90,
) -> None:
    """Make a token and print it, once."""
    with open_store(writing=True, who=who) as (session, user):
        scope = TokenScope.WRITE if write else TokenScope.READ
        wish = TokenCreate(name=name, scope=scope, review=review, days=days or None)
        _, secret = issue_token(session, user, wish)
    typer.echo(secret)


@token_app.command("list")
def token_list(who: As = None, form: FormatOption = Format.TABLE) -> None:
    """List one's tokens, without their secrets."""
    with open_store(who=who) as (session, user):
        rows = [
            [t.id, t.hint, t.name, t.scope, t.expires_at, t.last_used_at, t.revoked_at]
            for t in tokens_of(session, user)
        ]
    show(["id", "hint", "name", "scope", "expires", "last used", "revoked"], rows, form)


@token_app.command("revoke")
def token_revoke(number: int, who: As = None) -> None:
    """End a token."""
    with open_store(writing=True, who=who) as (session, user):
        revoke_token(session, user, number)
    out.print(f"Token {number} opens nothing any more.")


@review_app.command("create")
def review_create(
    slug: str,
    title: str,
    *,
    who: As = None,
    template: Annotated[str, typer.Option(help="CMO, CRRO, ICMO, ICAMO, SCMO, CIMO, CAMO")] = "CMO",
) -> None:
    """Make a review and own it."""
    with open_store(writing=True, who=who) as (session, user):
        said = {"slug": slug, "title": title, "template": template}
        wish = ReviewCreate.model_validate(said)
        add_review(session, user, wish)
    out.print(f"Made the review {slug}.")


@review_app.command("list")
def review_list(who: As = None, form: FormatOption = Format.TABLE) -> None:
    """List one's reviews."""
    with open_store(who=who) as (session, user):
        reviews = session.scalars(select_reviews(user.id)).all()
        rows = [[r.slug, r.title, r.template, r.quote_word_limit] for r in reviews]
    show(["slug", "title", "template", "quote words"], rows, form)


@review_app.command("member")
def review_member(email: Email, role: MemberRole, *, review: ReviewSlug, who: As = None) -> None:
    """Let a person into a review, or change their role."""
    with open_store(writing=True, who=who) as (session, user):
        member = find_member(session, user, review, Right.MEMBERS, writing=True)
        set_member(session, member.review, find_user(session, email), role)
        rows = [[row.user_id, row.name, row.role] for row in members_of(session, member.review)]
    show(["id", "name", "role"], rows, Format.TABLE)
