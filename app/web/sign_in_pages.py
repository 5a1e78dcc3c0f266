"""Signing in and out with a browser: by password, or by a one-time link."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from app.access.accounts import MACHINE, Introduction, introduce, is_anybody, is_new
from app.access.attempts import Attempts
from app.access.identity import COOKIE, SettingsDep, is_same_origin
from app.access.models import UserAccount
from app.access.service import (
    end_sign_in,
    find_sign_in,
    open_sign_in,
    sign_in_by_password,
    use_link,
)
from app.config import Settings
from app.db import SessionDep, Sessions
from app.errors import CrossOriginError, NotFoundError, UnauthenticatedError
from app.web.rendering import local_path, render

router = APIRouter(include_in_schema=False)

SEE_OTHER = 303
INVALID = 422
UNSTORED = {"Cache-Control": "no-store"}


def require_same_origin(request: Request) -> None:
    """Refuse a form sent by a page of another site, signed in or not."""
    if not is_same_origin(request):
        raise CrossOriginError("This form came from a page of another site; refused.")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to sign in by password; `next` is a path of ours."""

    email: str
    password: str
    next: str


def get_attempt(
    request: Request,
    email: Annotated[str, Form(max_length=320)] = "",
    password: Annotated[str, Form(max_length=1_000)] = "",
    next_: Annotated[str, Form(alias="next", max_length=2_000)] = "/",
) -> Attempt:
    """Read the form, count the attempt and refuse too many, before the database is asked."""
    require_same_origin(request)
    attempts: Attempts = request.app.state.attempts
    attempts.take(request.client.host if request.client else "?", email)
    return Attempt(email.strip(), password, local_path(next_))


@router.get("/sign-in")
def show_sign_in(
    session: SessionDep,
    next_: Annotated[str, Query(alias="next", max_length=2_000)] = "/",
) -> HTMLResponse:
    """Ask for e-mail address and password; where nobody is a user yet, say how one comes to be."""
    if not is_anybody(session):
        return render("first_run.html", headers=UNSTORED)
    return render("sign_in.html", headers=UNSTORED, next=local_path(next_), email="", problems={})


@router.post("/sign-in")
def sign_in(
    request: Request, attempt: Annotated[Attempt, Depends(get_attempt)], settings: SettingsDep
) -> Response:
    """Sign in by password and go on to where one came from."""
    problems = _missing(attempt)
    if not problems:
        sessions: Sessions = request.app.state.sessions
        agent = request.headers.get("user-agent")
        try:
            secret = sign_in_by_password(sessions, attempt.email, attempt.password, settings, agent)
        except UnauthenticatedError as error:
            problems = {"password": error.detail}
        else:
            return _go_on(secret, settings, attempt.next)
    return render(
        "sign_in.html",
        status=INVALID,
        headers=UNSTORED,
        next=attempt.next,
        email=attempt.email,
        problems=problems,
    )


def _missing(attempt: Attempt) -> dict[str, str]:
    """Return what to say of each field that was left empty."""
    asked = (
        ("email", attempt.email, "Enter the e-mail address you were invited with."),
        ("password", attempt.password, "Enter your password."),
    )
    return {field: message for field, value, message in asked if not value}


def _go_on(secret: str, settings: Settings, path: str) -> Response:
    """Give the browser its session and send it on to a path of ours."""
    answer = RedirectResponse(path, SEE_OTHER, UNSTORED)
    answer.set_cookie(
        COOKIE,
        secret,
        max_age=int(timedelta(days=settings.session_days).total_seconds()),
        secure=settings.link_base.startswith("https://"),
        httponly=True,
        samesite="lax",
    )
    return answer


Secret = Annotated[str, Path(max_length=200)]


def _invited(session: Session, secret: str) -> tuple[int, UserAccount]:
    """Return a one-time link by number and whom it signs in, without using it up."""
    link = find_sign_in(session, secret, is_link=True)
    user = session.get(UserAccount, link.user_id) if link else None
    if link is None or user is None:
        raise NotFoundError(
            "This sign-in link was used already, or is too old. Ask for a new one, which "
            "`retroduce user link` makes, or sign in with your password."
        )
    return link.id, user


def get_introduction(
    name: Annotated[str, Form(max_length=1_000)] = "",
    email: Annotated[str, Form(max_length=320)] = "",
    password: Annotated[str, Form(max_length=1_000)] = "",
) -> Introduction:
    """Read what a new person says of themselves beside opening their link."""
    return Introduction(name.strip(), email.strip().lower(), password)


@router.get("/sign-in/{secret}")
def show_link(secret: Secret, session: SessionDep) -> HTMLResponse:
    """Show whom a one-time link signs in; looking does not use it up, as programs look too."""
    return _welcome(session, _invited(session, secret)[1], Introduction(), {})


def _welcome(
    session: Session, person: UserAccount, said: Introduction, problems: dict[str, str]
) -> HTMLResponse:
    is_machine = bool(person.email and person.email.endswith(MACHINE))
    return render(
        "sign_in_link.html",
        status=INVALID if problems else 200,
        headers=UNSTORED,
        person=person,
        is_new=is_new(session, person),
        is_machine=is_machine,
        said=said,
        problems=problems,
    )


@router.post("/sign-in/{secret}", dependencies=[Depends(require_same_origin)])
def sign_in_by_link(
    request: Request,
    secret: Secret,
    session: SessionDep,
    settings: SettingsDep,
    said: Annotated[Introduction, Depends(get_introduction)],
) -> Response:
    """Sign in by a one-time link, which is used up; a new person may say who they are."""
    link, person = _invited(session, secret)
    if is_new(session, person):
        problems = introduce(session, person, said, settings, link)
        if problems:
            return _welcome(session, person, said, problems)
    user = use_link(session, secret)
    lifetime = timedelta(days=settings.session_days)
    agent = request.headers.get("user-agent")
    opened = open_sign_in(session, user, lifetime=lifetime, user_agent=agent)
    return _go_on(opened, settings, "/")


@router.post("/sign-out", dependencies=[Depends(require_same_origin)])
def sign_out(request: Request, session: SessionDep) -> Response:
    """End this browser's session, if it has one, here and on the server."""
    secret = request.cookies.get(COOKIE)
    found = find_sign_in(session, secret, is_link=False) if secret else None
    user = session.get(UserAccount, found.user_id) if found else None
    if found and user:
        end_sign_in(session, user, found.id)
    answer = RedirectResponse("/sign-in", SEE_OTHER, UNSTORED)
    answer.delete_cookie(COOKIE, httponly=True, samesite="lax")
    return answer
