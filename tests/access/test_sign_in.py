"""Passwords, one-time links, browser sessions, and changes sent from other sites."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from app.access.identity import COOKIE
from app.access.models import SignIn, UserAccount
from app.access.schemas import UserCreate
from app.access.service import (
    add_user,
    check_password,
    find_sign_in,
    find_user,
    open_sign_in,
    set_password,
    use_link,
)
from app.config import Settings
from app.db import now
from app.errors import NotFoundError, TakenError, UnauthenticatedError
from tests.conftest import Door, World

PASSWORD = "correct horse battery"
DAY = timedelta(days=1)


@pytest.fixture
def ann(session: Session, settings: Settings) -> UserAccount:
    wish = UserCreate.model_validate(
        {"email": "Ann@Example.org", "name": "Ann", "password": PASSWORD}
    )
    user = add_user(session, wish, settings)
    session.commit()
    return user


@pytest.fixture
def browser(world: World, session: Session) -> Door:
    """A browser the owner is signed in with."""
    secret = open_sign_in(session, world.users["owner"], lifetime=DAY, user_agent="Firefox")
    session.commit()
    door = Door(world.app, None)
    door.cookies.set(COOKIE, secret)
    return door


def test_the_right_password_lets_in_whatever_the_case_of_the_address(
    session: Session, settings: Settings, ann: UserAccount
) -> None:
    assert check_password(session, "ann@EXAMPLE.org", PASSWORD, settings) is ann
    assert find_user(session, "ANN@example.org") is ann


def refusal(session: Session, settings: Settings, email: str, password: str) -> str:
    with pytest.raises(UnauthenticatedError) as caught:
        check_password(session, email, password, settings)
    return str(caught.value.problem())


def test_an_unknown_address_and_a_wrong_password_get_the_same_answer(
    session: Session, settings: Settings, ann: UserAccount
) -> None:
    add_user(session, UserCreate(email="link@example.org", name="No password"), settings)
    wrong = refusal(session, settings, "ann@example.org", "wrong")
    assert refusal(session, settings, "nobody@example.org", "wrong") == wrong
    assert refusal(session, settings, "link@example.org", "wrong") == wrong
    ann.is_active = False
    assert refusal(session, settings, "ann@example.org", PASSWORD) == wrong


def test_a_password_is_stored_as_argon2id_only(
    connection: Connection, session: Session, ann: UserAccount
) -> None:
    stored = connection.execute(text("SELECT * FROM user_account")).all()
    assert PASSWORD not in str(stored)
    assert str(ann.password_hash).startswith("$argon2id$")


def test_an_address_is_taken_once(session: Session, settings: Settings, ann: UserAccount) -> None:
    with pytest.raises(TakenError, match="ann@example"):
        add_user(session, UserCreate(email="ANN@example.org", name="Ann too"), settings)
    with pytest.raises(NotFoundError):
        find_user(session, "ben@example.org")


def test_a_link_works_once(session: Session, ann: UserAccount) -> None:
    secret = open_sign_in(session, ann, lifetime=DAY, is_link=True)
    assert use_link(session, secret) is ann
    with pytest.raises(UnauthenticatedError, match="used already"):
        use_link(session, secret)


def test_a_link_that_is_too_old_does_not_work(session: Session, ann: UserAccount) -> None:
    secret = open_sign_in(session, ann, lifetime=timedelta(seconds=-1), is_link=True)
    with pytest.raises(UnauthenticatedError):
        use_link(session, secret)


def test_a_link_is_no_session_and_a_session_no_link(session: Session, ann: UserAccount) -> None:
    link = open_sign_in(session, ann, lifetime=DAY, is_link=True)
    cookie = open_sign_in(session, ann, lifetime=DAY)
    assert find_sign_in(session, link, is_link=False) is None
    with pytest.raises(UnauthenticatedError):
        use_link(session, cookie)


def test_a_new_password_ends_sessions_and_links(
    session: Session, settings: Settings, ann: UserAccount
) -> None:
    link = open_sign_in(session, ann, lifetime=DAY, is_link=True)
    cookie = open_sign_in(session, ann, lifetime=DAY)
    assert find_sign_in(session, cookie, is_link=False)
    set_password(session, ann, "another long password", settings)
    assert find_sign_in(session, cookie, is_link=False) is None
    assert find_sign_in(session, link, is_link=True) is None
    with pytest.raises(UnauthenticatedError):
        check_password(session, "ann@example.org", PASSWORD, settings)


def test_who_is_put_out_of_use_is_signed_out(session: Session, ann: UserAccount) -> None:
    cookie = open_sign_in(session, ann, lifetime=DAY)
    ann.is_active = False
    session.flush()
    assert find_sign_in(session, cookie, is_link=False) is None


def test_secrets_of_sign_ins_are_stored_hashed(
    connection: Connection, session: Session, ann: UserAccount
) -> None:
    secrets = [open_sign_in(session, ann, lifetime=DAY, is_link=link) for link in (True, False)]
    stored = str(connection.execute(text("SELECT * FROM sign_in")).all())
    assert not any(secret in stored for secret in secrets)


def test_a_browser_session_can_be_seen_and_ended(world: World, owner: Door, browser: Door) -> None:
    assert browser.get("/api/v1/me").json()["name"] == "Owner"
    (signed_in,) = owner.get("/api/v1/sign-ins").json()["items"]
    assert signed_in["user_agent"] == "Firefox"
    assert world.door("coder").delete(f"/api/v1/sign-ins/{signed_in['id']}").status_code == 404
    assert owner.delete(f"/api/v1/sign-ins/{signed_in['id']}").status_code == 204
    assert browser.get("/api/v1/me").status_code == 401
    assert owner.get("/api/v1/sign-ins").json()["items"] == []


def test_a_session_ends_by_itself(browser: Door, session: Session) -> None:
    assert browser.get("/api/v1/me").status_code == 200
    (signed_in,) = session.query(SignIn).all()
    signed_in.expires_at = now() - timedelta(seconds=1)
    session.commit()
    assert browser.get("/api/v1/me").status_code == 401


FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
    {"Origin": "https://elsewhere.example"},
    {"Origin": "http://testserver.elsewhere.example"},
    {"Origin": "null"},
]
OWN = [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://testserver"}, {}]
BODY = {"slug": "mergers", "title": "Mergers"}


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_change_sent_by_a_page_of_another_site_is_refused(
    browser: Door, headers: dict[str, str]
) -> None:
    refused = browser.post("/api/v1/reviews", json=BODY, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "cross_origin")
    assert browser.get("/api/v1/reviews/mergers").status_code == 404


@pytest.mark.parametrize("headers", OWN, ids=str)
def test_a_change_sent_by_our_own_page_passes(browser: Door, headers: dict[str, str]) -> None:
    assert browser.post("/api/v1/reviews", json=BODY, headers=headers).status_code == 201


def test_reading_from_elsewhere_and_tokens_need_no_origin(owner: Door, browser: Door) -> None:
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert browser.get("/api/v1/me", headers=elsewhere).status_code == 200
    assert owner.post("/api/v1/reviews", json=BODY, headers=elsewhere).status_code == 201


def test_the_door_a_change_came_through_is_kept(browser: Door, owner: Door, world: World) -> None:
    browser.patch(world.base, json={"title": "Faith"}, headers={"If-Match": "*"})
    owner.patch(world.base, json={"title": "Trust"}, headers={"If-Match": "*"})
    channels = [c["channel"] for c in owner.get(f"{world.base}/history").json()["items"]]
    assert channels[-2:] == ["web", "api"]
