import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.access.accounts import Introduction
from app.access.identity import COOKIE
from app.access.models import UserAccount
from app.access.service import open_sign_in, set_password
from app.config import Settings
from app.db import Sessions, begin_writing, make_engine
from app.main import create_app
from app.migrations import upgrade
from app.web.middleware import loggable
from app.web.rendering import local_path
from tests.conftest import World, cheap_settings

pytestmark = pytest.mark.sqlite_only

HTML = {"Accept": "text/html"}


class Browser(TestClient):
    """A browser: it asks for HTML, keeps cookies and shows redirects instead of following."""

    def __init__(self, app: Any, base_url: str = "http://testserver") -> None:
        super().__init__(
            app,
            base_url=base_url,
            headers=HTML,
            follow_redirects=False,
            raise_server_exceptions=False,
        )

    def __enter__(self) -> Self:
        """Begin without the server's workers: tests of a module share one connection."""
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@pytest.fixture
def browser(world: World) -> Iterator[Browser]:
    with_cookies = Browser(world.app)
    yield with_cookies
    with_cookies.close()


@pytest.fixture
def password(world: World, session: Session, settings: Settings) -> str:
    reader = session.get_one(UserAccount, world.users["reader"].id)
    set_password(session, reader, "correct horse", settings)
    session.commit()
    return "correct horse"


@pytest.fixture
def link(world: World, session: Session) -> str:
    secret = open_sign_in(session, world.users["reader"], lifetime=timedelta(hours=1), is_link=True)
    session.commit()
    return f"/sign-in/{secret}"


def form(password: str, **more: str) -> dict[str, str]:
    return {"email": "reader@example.org", "password": password, **more}


def test_signs_in_by_password_and_goes_on(browser: Browser, password: str) -> None:
    answer = browser.post("/sign-in", data=form(password, next="/reviews/trust-and-faith"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/reviews/trust-and-faith")
    flags = answer.headers["set-cookie"].lower()
    assert flags.startswith(f"{COOKIE}=")
    assert {"httponly", "samesite=lax", "path=/", "max-age=1209600"} <= set(flags.split("; "))
    assert "secure" not in flags.split("; ")
    assert browser.get("/").status_code == 200


def test_the_cookie_is_secure_where_the_address_is(
    world: World, sessions: Sessions, settings: Settings, link: str
) -> None:
    safe = Settings(**{**settings.model_dump(), "base_url": "https://retroduce.example.org"})
    app = create_app(safe, engine=world.app.state.engine, sessions=sessions)
    browser = Browser(app, "https://retroduce.example.org")
    assert "secure" in browser.post(link).headers["set-cookie"].lower().split("; ")
    browser.close()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"password": "wrong"}, "password"),
        ({"email": "nobody@example.org", "password": "wrong"}, "password"),
        ({"email": "", "password": "wrong"}, "email"),
        ({"password": ""}, "password"),
    ],
)
def test_says_at_the_field_what_is_not_right(
    browser: Browser, password: str, given: dict[str, str], field: str
) -> None:
    answer = browser.post("/sign-in", data=form(password) | given)
    assert answer.status_code == 422
    assert COOKIE not in browser.cookies
    assert re.findall(r'aria-describedby="([a-z]+)-problem"', answer.text) == [field]
    assert f'id="{field}-problem"' in answer.text


def test_a_short_password_is_told_how_long_it_has_to_be() -> None:
    problems = Introduction(password="short").problems()
    assert problems == {"password": "too short; write at least 12 characters"}


def test_a_password_is_checked_while_somebody_else_writes(tmp_path: Path) -> None:
    cheap = cheap_settings(tmp_path)
    engine = make_engine(cheap)
    upgrade(engine)
    app = create_app(cheap, engine=engine)
    with app.state.sessions() as writer, Browser(app) as browser:
        begin_writing(writer)  # on SQLite nobody else may write until this ends
        assert browser.post("/sign-in", data=form("wrong")).status_code == 422


def test_too_many_attempts_are_refused_for_a_while(browser: Browser, password: str) -> None:
    codes = [browser.post("/sign-in", data=form("wrong")).status_code for _ in range(10)]
    refused = browser.post("/sign-in", data=form(password))
    assert (set(codes), refused.status_code) == ({422}, 429)
    assert 1 <= int(refused.headers["retry-after"]) <= 60


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "evil",
        "/\t/evil.example",
        "/\n/evil.example",
        "",
        "http:///evil.example",
        "//[",
    ],
)
def test_never_goes_on_to_another_site(wanted: str) -> None:
    assert local_path(wanted) == "/"


def test_goes_on_to_a_path_with_its_query() -> None:
    assert local_path("/reviews/a/matrix?through=K1*") == "/reviews/a/matrix?through=K1*"


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example"])
def test_a_form_cannot_send_one_elsewhere(browser: Browser, password: str, wanted: str) -> None:
    answer = browser.post("/sign-in", data=form(password, next=wanted))
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://e.org"}])
def test_refuses_forms_of_other_sites(
    browser: Browser, password: str, link: str, headers: dict[str, str]
) -> None:
    paths = ("/sign-in", link, "/sign-out")
    codes = [browser.post(p, data=form(password), headers=headers).status_code for p in paths]
    assert codes == [403, 403, 403]
    assert COOKIE not in browser.cookies


def test_a_link_is_not_used_up_by_looking_and_works_once(browser: Browser, link: str) -> None:
    looks = [browser.get(link) for _ in range(2)]
    assert [look.status_code for look in looks] == [200, 200]
    assert "Sign in as Reader" in looks[0].text
    assert looks[0].headers["cache-control"] == "no-store"
    assert (first := browser.post(link)).status_code == 303
    assert first.headers["location"] == "/"
    assert (browser.post(link).status_code, browser.get(link).status_code) == (404, 404)


def test_signing_out_ends_the_session_on_the_server(browser: Browser, link: str) -> None:
    browser.post(link)
    kept = browser.cookies[COOKIE]
    assert browser.post("/sign-out").headers["location"] == "/sign-in"
    browser.cookies.set(COOKIE, kept)
    assert browser.get("/").status_code == 303


def test_a_page_sends_whoever_is_not_signed_in_to_sign_in_and_back(browser: Browser) -> None:
    answer = browser.get("/reviews/trust-and-faith/matrix?rows=outcome&through=K1")
    wanted = "/sign-in?next=%2Freviews%2Ftrust-and-faith%2Fmatrix%3Frows%3Doutcome%26through%3DK1"
    assert (answer.status_code, answer.headers["location"]) == (303, wanted)
    assert (
        'value="/reviews/trust-and-faith/matrix?rows=outcome&amp;through=K1"'
        in browser.get(wanted).text
    )


def test_logs_do_not_hold_the_secret_of_a_link() -> None:
    assert loggable("/sign-in/abc") == "/sign-in/…"
    assert loggable("/sign-in") == "/sign-in"
