"""One's own account, and the users of an installation as its admins see them."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.access.identity import COOKIE
from app.access.models import UserAccount
from app.access.service import open_sign_in, set_password
from app.config import Settings
from tests.conftest import Door, World

OLD, NEW = "correct horse battery", "staple of a new kind"
DAY = timedelta(days=1)


def opened(world: World, session: Session, who: str) -> Door:
    """A browser somebody is signed in with."""
    secret = open_sign_in(session, world.users[who], lifetime=DAY)
    session.commit()
    door = Door(world.app, None)
    door.cookies.set(COOKIE, secret)
    return door


@pytest.fixture
def browser(world: World, session: Session, settings: Settings) -> Door:
    """A browser of the coder, who has a password."""
    set_password(session, session.get_one(UserAccount, world.users["coder"].id), OLD, settings)
    return opened(world, session, "coder")


def test_one_changes_ones_own_name_and_address(world: World, browser: Door) -> None:
    wish = {"name": "Cora", "email": "Cora@Example.org"}
    told = browser.patch("/api/v1/me", json=wish).json()
    assert (told["name"], told["email"]) == ("Cora", "cora@example.org")
    assert browser.patch("/api/v1/me", json={}).json() == told
    taken = browser.patch("/api/v1/me", json={"email": "owner@example.org"})
    assert (taken.status_code, taken.json()["errors"][0]["field"]) == (409, "body.email")


def test_a_new_password_asks_for_the_old_one_and_signs_other_browsers_out(
    world: World, session: Session, browser: Door
) -> None:
    elsewhere = opened(world, session, "coder")
    for said in ({}, {"current": "wrong"}):
        refused = browser.put("/api/v1/me/password", json={**said, "password": NEW})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "body.current")
    body = {"current": OLD, "password": NEW}
    assert browser.put("/api/v1/me/password", json=body).status_code == 204
    codes = [door.get("/api/v1/me").status_code for door in (browser, elsewhere)]
    assert codes == [200, 401]


def test_whoever_has_no_password_yet_gives_themselves_one(world: World, session: Session) -> None:
    browser = opened(world, session, "editor")
    assert browser.put("/api/v1/me/password", json={"password": "short"}).status_code == 422
    assert browser.put("/api/v1/me/password", json={"password": NEW}).status_code == 204


def test_guessing_the_password_is_slowed_down(browser: Door) -> None:
    wrong = {"current": "wrong", "password": NEW}
    codes = [browser.put("/api/v1/me/password", json=wrong).status_code for _ in range(11)]
    assert codes == [422] * 10 + [429]


def test_a_token_changes_nothing_of_how_one_signs_in(world: World) -> None:
    door = world.door("coder")
    assert door.put("/api/v1/me/password", json={"password": NEW}).status_code == 403
    assert door.patch("/api/v1/me", json={"email": "x@example.org"}).status_code == 403
    assert door.patch("/api/v1/me", json={"name": "Cora"}).status_code == 200


def test_an_admin_makes_a_person_and_a_link_for_them(world: World) -> None:
    admin = world.door("owner")
    made = admin.post("/api/v1/users", json={"email": "new@example.org", "name": "New"}).json()
    link = admin.post(f"/api/v1/users/{made['id']}/link").json()
    assert (link["user_id"], link["name"]) == (made["id"], "New")
    assert link["url"].startswith("http://testserver/sign-in/")
    page = Door(world.app, None)
    assert page.post(link["url"], follow_redirects=False).status_code == 303
    assert page.get("/api/v1/me").json()["email"] == "new@example.org"


def test_who_may_no_longer_sign_in_is_signed_out_and_gets_no_link(
    world: World, session: Session
) -> None:
    admin, coder = world.door("owner"), world.users["coder"].id
    browser = opened(world, session, "coder")
    ended = admin.patch(f"/api/v1/users/{coder}", json={"is_active": False})
    assert ended.json()["is_active"] is False
    assert browser.get("/api/v1/me").status_code == 401
    assert admin.post(f"/api/v1/users/{coder}/link").status_code == 409
    again = admin.patch(f"/api/v1/users/{coder}", json={"is_active": True, "is_admin": True})
    assert (again.json()["is_active"], again.json()["is_admin"]) == (True, True)
    assert admin.post(f"/api/v1/users/{coder}/link").status_code == 201


@pytest.mark.parametrize("wish", [{"is_active": False}, {"is_admin": False}])
def test_no_admin_shuts_themselves_out(world: World, wish: dict[str, bool]) -> None:
    own = world.users["owner"].id
    assert world.door("owner").patch(f"/api/v1/users/{own}", json=wish).status_code == 409


def test_a_person_known_by_name_only_cannot_be_let_in(world: World, session: Session) -> None:
    person = UserAccount(name="Of an archive", email=None, is_active=False)
    session.add(person)
    session.commit()
    answer = world.door("owner").patch(f"/api/v1/users/{person.id}", json={"is_active": True})
    assert answer.status_code == 409
    listed = world.door("owner").get("/api/v1/users?limit=500").json()["items"]
    assert {row["name"] for row in listed} >= {"Owner", "Of an archive"}
