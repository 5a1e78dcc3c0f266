"""One's own account: name, password, browsers, tokens; and the users, for admins."""

import re

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from app.access.accounts import users_by_name
from app.access.identity import AdminDep, WholePrincipalDep
from app.access.service import sign_ins_of, tokens_of
from app.db import SessionDep, now
from app.web.contents import reviews_of
from app.web.rendering import render

router = APIRouter(include_in_schema=False)

UNSTORED = {"Cache-Control": "no-store"}
MOST_USERS = 500
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
"""How a browser is known, the most telling first: many name others too."""
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def browser_name(agent: str | None) -> str:
    """Say which browser a person would recognise: Firefox on Linux."""
    said = agent or ""
    browser = next((name for mark, name in BROWSERS if mark in said), None)
    system = next((name for mark, name in SYSTEMS if mark in said), None)
    if browser and system:
        return f"{browser} on {system}"
    return browser or re.split(r"[/ ]", said)[0] or "a program that gave no name"


@router.get("/account")
def show_account(principal: WholePrincipalDep, session: SessionDep) -> HTMLResponse:
    """Show one's own account, with what lets in as oneself."""
    reviews = [review for review, _ in reviews_of(session, principal)]
    titles = {review.id: review.title for review in reviews}
    browsers = sign_ins_of(session, principal.user)
    tokens = [token for token in tokens_of(session, principal.user) if token.revoked_at is None]
    return render(
        "account.html",
        headers=UNSTORED,
        user=principal.user,
        browsers=[(row, browser_name(row.user_agent)) for row in browsers],
        here=principal.sign_in_id,
        tokens=[(token, bool(token.expires_at and token.expires_at < now())) for token in tokens],
        reviews=reviews,
        titles=titles,
    )


@router.get("/account/users")
def show_users(admin: AdminDep, session: SessionDep) -> HTMLResponse:
    """Show who can sign in here, with ways to let people in and out."""
    people = users_by_name(session, MOST_USERS + 1)
    return render(
        "users.html",
        headers=UNSTORED,
        user=admin,
        people=people[:MOST_USERS],
        has_more=len(people) > MOST_USERS,
    )
