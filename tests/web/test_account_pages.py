"""One's own account, users and first steps, by forms without scripts."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.access.schemas import UserCreate
from app.access.service import add_user, open_sign_in
from app.config import Settings
from app.db import begin_writing, make_engine
from app.main import create_app
from app.migrations import upgrade
from app.web.account_pages import browser_name
from tests.conftest import Door, World, cheap_settings
from tests.web.browsing import SELF, fill_in, form_on, signed_in, told
from tests.web.test_sign_in_pages import Browser

pytestmark = pytest.mark.sqlite_only

PASSWORD = "correct horse battery"


@pytest.fixture
def browser(world: World, session: Session) -> Iterator[Browser]:
    """A browser of the coder."""
    made = signed_in(world, session, "coder")
    yield made
    made.close()


@pytest.fixture
def admin(world: World, session: Session) -> Iterator[Browser]:
    """A browser of the owner, who is an admin."""
    made = signed_in(world, session, "owner")
    yield made
    made.close()


def secret_on(page: str) -> str:
    [secret] = re.findall(r'id="secret"[^>]* value="([^"]+)"', page)
    return unescape(secret)


def test_the_name_in_the_header_leads_to_the_account(browser: Browser) -> None:
    assert '<a href="/account">Coder</a>' in browser.get("/").text
    answer = fill_in(browser, "/account", "E-mail address", name="Cora")
    assert told(answer) == "You are Cora now."
    assert browser.get("/api/v1/me").json()["name"] == "Cora"


def test_a_password_is_chosen_then_changed(world: World, browser: Browser) -> None:
    assert "You have none yet" in browser.get("/account").text
    first = fill_in(browser, "/account", "New password", password=PASSWORD)
    assert told(first).startswith("The new password holds")
    wrong = fill_in(
        browser, "/account", "New password", current="no, another", password=PASSWORD + "!"
    )
    assert (wrong.status_code, "This is not your password now." in wrong.text) == (422, True)
    with Browser(world.app) as other:
        form = {"email": "coder@example.org", "password": PASSWORD}
        assert other.post("/sign-in", data=form).status_code == 303
        fill_in(browser, "/account", "New password", current=PASSWORD, password=PASSWORD + "!")
        assert other.get("/account").status_code == 303  # to sign in again
    assert browser.get("/account").status_code == 200


def test_a_browser_elsewhere_is_signed_out(
    world: World, session: Session, browser: Browser
) -> None:
    with signed_in(world, session, "coder") as elsewhere:
        assert told(fill_in(browser, "/account", "Sign out there")) == "Signed out there."
        assert elsewhere.get("/account").status_code == 303
    assert "Sign out there" not in browser.get("/account").text


def test_a_token_is_shown_once_and_revoked(world: World, browser: Browser) -> None:
    shown = fill_in(
        browser, "/account", "What it is for", name="notebook", review="trust-and-faith"
    )
    assert (shown.status_code, shown.headers["cache-control"]) == (201, "no-store")
    secret = secret_on(shown.text)
    assert secret not in str(shown.headers)
    program = Door(world.app, secret)
    assert program.get(world.base).status_code == 200
    assert program.post(f"{world.base}/sources", json={"title": "A"}).status_code == 403
    page = browser.get("/account").text
    assert secret not in page
    assert "<td>Trust and faith</td>" in page
    revoke = next(a for a in re.findall(r'action="(/api/v1/tokens/\d+)"', page))
    fields = {"_method": "DELETE", "_next": "/account"}
    assert browser.post(revoke, data=fields, headers=SELF).status_code == 303
    assert program.get(world.base).status_code == 401


def test_an_admin_makes_a_user_and_a_link(world: World, admin: Browser) -> None:
    made = fill_in(admin, "/account/users", "Make the user", name="New", email="new@example.org")
    assert told(made) == "New is a user now. Make a link for them next."
    shown = fill_in(admin, "/account/users", "Make a link for New")
    assert shown.headers["cache-control"] == "no-store"
    with Browser(world.app) as newcomer:
        link = secret_on(shown.text)
        page = newcomer.get(link).text
        assert "You sign in as <strong>new@example.org</strong>" in page
        short = newcomer.post(link, data={"name": "Newt", "password": "short"})
        assert short.status_code == 422
        assert 'id="password-problem"' in short.text
        assert 'value="Newt"' in short.text
        assert newcomer.post(link, data={"name": "Newt", "password": PASSWORD}).status_code == 303
        assert newcomer.get("/api/v1/me").json()["name"] == "Newt"
        form = {"email": "new@example.org", "password": PASSWORD}
        assert newcomer.post("/sign-in", data=form).status_code == 303


def test_an_admin_ends_access_and_gives_it_back(world: World, admin: Browser) -> None:
    ended = fill_in(admin, "/account/users", "Coder is signed out everywhere")
    assert told(ended) == "Coder can no longer sign in."
    assert world.door("coder").get("/api/v1/me").status_code == 401
    assert told(fill_in(admin, "/account/users", "Let in again")) == "Coder can sign in again."


def test_users_are_for_admins_only(browser: Browser) -> None:
    assert browser.get("/account/users").status_code == 403
    assert "/account/users" not in browser.get("/account").text


def test_whoever_has_a_password_says_nothing_more_by_a_link(
    world: World, session: Session, settings: Settings
) -> None:
    wish = UserCreate.model_validate(
        {"email": "old@example.org", "name": "Old", "password": PASSWORD}
    )
    user = add_user(session, wish, settings)
    secret = open_sign_in(session, user, lifetime=timedelta(hours=1), is_link=True)
    session.commit()
    with Browser(world.app) as visitor:
        assert 'name="password"' not in visitor.get(f"/sign-in/{secret}").text
        more = {"name": "Other", "email": "x@example.org", "password": "other " + PASSWORD}
        assert visitor.post(f"/sign-in/{secret}", data=more).status_code == 303
        me = visitor.get("/api/v1/me").json()
    assert (me["name"], me["email"]) == ("Old", "old@example.org")


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[tuple[Browser, Settings]]:
    """An installation nobody is a user of, and a browser that looks at it."""
    cheap = cheap_settings(tmp_path)
    engine = make_engine(cheap)
    upgrade(engine)
    with Browser(create_app(cheap, engine=engine)) as browser:
        yield browser, cheap
    engine.dispose()


def test_where_nobody_is_a_user_the_page_says_how_one_comes_to_be(
    fresh: tuple[Browser, Settings],
) -> None:
    browser, _ = fresh
    page = browser.get("/sign-in").text
    assert "retroduce serve --local" in page
    assert "You need no commands." in page
    assert "Please make me its first user" in page
    assert 'name="password"' not in page
    assert browser.get("/").headers["location"] == "/sign-in?next=%2F"


def test_the_first_user_says_who_they_are_by_the_link_only(
    fresh: tuple[Browser, Settings],
) -> None:
    browser, cheap = fresh
    with Session(make_engine(cheap)) as session:
        begin_writing(session)
        wish = UserCreate(email="me@localhost", name="Me", is_admin=True)
        user = add_user(session, wish, cheap)
        secret = open_sign_in(session, user, lifetime=timedelta(hours=1), is_link=True)
        session.commit()
    said = {"name": "Ana", "email": "Ana@Example.org", "password": PASSWORD}
    assert browser.post(f"/sign-in/{secret}x", data=said).status_code == 404
    link = f"/sign-in/{secret}"
    assert form_on(browser, link, "E-mail").fields["email"] == "me@localhost"
    assert browser.post(link, data={**said, "email": "no address"}).status_code == 422
    assert browser.post(link, data=said).status_code == 303
    me = browser.get("/api/v1/me").json()
    assert (me["name"], me["email"], me["is_admin"]) == ("Ana", "ana@example.org", True)
    assert "Begin a review" in browser.get("/").text
    assert browser.post("/sign-out").status_code == 303
    again = {"email": "ana@example.org", "password": PASSWORD}
    assert browser.post("/sign-in", data=again).headers["location"] == "/"


def test_browsers_are_called_as_people_know_them() -> None:
    firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
    edge = "Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537.36 Chrome/126 Safari/537 Edg/126"
    phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1"
    names = [browser_name(agent) for agent in (firefox, edge, phone, "curl/8.5", None)]
    assert names == [
        "Firefox on Linux",
        "Edge on Windows",
        "Safari on iPhone",
        "curl",
        "a program that gave no name",
    ]
