"""Personal tokens: shown once, kept hashed, bounded in scope, review and time."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select, text
from sqlalchemy.orm import Session, sessionmaker

from app.access.models import ApiToken, KeyedRequest
from app.db import now
from tests.conftest import Door, World

Sessions = sessionmaker[Session]


def issue(door: Door, **wish: Any) -> dict[str, Any]:
    answer = door.post("/api/v1/tokens", json={"name": "notebook"} | wish)
    assert answer.status_code == 201, answer.text
    issued: dict[str, Any] = answer.json()
    return issued


def change(sessions: Sessions, token_id: int, **values: Any) -> None:
    with sessions() as session:
        token = session.get_one(ApiToken, token_id)
        for name, value in values.items():
            setattr(token, name, value)
        session.commit()


def test_shows_a_secret_once(coder: Door) -> None:
    issued = issue(coder)
    listed = coder.get("/api/v1/tokens")
    assert issued["token"] not in listed.text
    assert listed.json()["items"][0]["hint"] == issued["token"][:10]


def everything_stored(connection: Connection) -> str:
    tables = ("api_token", "sign_in", "keyed_request", "user_account")
    return " ".join(
        str(row)
        for table in tables
        for row in connection.execute(text(f"SELECT * FROM {table}")).all()
    )


def test_stores_no_secret_also_for_a_retry(coder: Door, connection: Connection) -> None:
    answer = coder.post(
        "/api/v1/tokens", json={"name": "notebook"}, headers={"Idempotency-Key": "once"}
    )
    assert answer.status_code == 201
    assert answer.json()["token"] not in everything_stored(connection)


def test_stores_no_quick_hash_of_a_password(owner: Door, session: Session) -> None:
    body = {"email": "new@example.org", "name": "New", "password": "correct horse battery"}
    answer = owner.post("/api/v1/users", json=body, headers={"Idempotency-Key": "once"})
    assert answer.status_code == 201
    assert session.scalars(select(KeyedRequest)).all() == []


def test_a_read_token_reads_and_cannot_write(world: World, owner: Door) -> None:
    reading = Door(world.app, issue(owner, scope="read")["token"])
    assert reading.get(world.base).status_code == 200
    refused = reading.post("/api/v1/reviews", json={"slug": "mergers", "title": "Mergers"})
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert owner.get("/api/v1/reviews/mergers").status_code == 404


def test_a_token_of_one_review_opens_no_other(world: World, owner: Door) -> None:
    owner.post("/api/v1/reviews", json={"slug": "mergers", "title": "Mergers"})
    bound = Door(world.app, issue(owner, scope="write", review="mergers")["token"])
    assert bound.get("/api/v1/reviews/mergers").status_code == 200
    hidden = bound.get(world.base)
    assert (hidden.status_code, hidden.json()["code"]) == (404, "not_found")
    assert [r["slug"] for r in bound.get("/api/v1/reviews").json()["items"]] == ["mergers"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "tokens", {"name": "wider", "scope": "write"}),
        ("GET", "tokens", None),
        ("DELETE", "tokens/1", None),
        ("GET", "sign-ins", None),
        ("DELETE", "sign-ins/1", None),
        ("POST", "users", {"email": "new@example.org", "name": "New"}),
        ("POST", "reviews", {"slug": "another", "title": "Another"}),
    ],
)
def test_a_token_of_one_review_does_nothing_outside_it(
    world: World, owner: Door, method: str, path: str, body: Any
) -> None:
    bound = Door(world.app, issue(owner, scope="write", review="trust-and-faith")["token"])
    refused = bound.request(method, f"/api/v1/{path}", json=body)
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")


def test_no_token_is_made_for_a_review_one_is_not_in(world: World) -> None:
    wish = {"name": "x", "review": "trust-and-faith"}
    answer = world.door("stranger").post("/api/v1/tokens", json=wish)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_an_expired_token_opens_nothing(world: World, coder: Door, sessions: Sessions) -> None:
    issued = issue(coder, days=1)
    door = Door(world.app, issued["token"])
    assert door.get("/api/v1/me").status_code == 200
    change(sessions, issued["id"], expires_at=now() - timedelta(seconds=1))
    assert door.get("/api/v1/me").status_code == 401


def test_a_revoked_token_opens_nothing(world: World, coder: Door) -> None:
    issued = issue(coder)
    door = Door(world.app, issued["token"])
    assert door.get("/api/v1/me").status_code == 200
    assert coder.delete(f"/api/v1/tokens/{issued['id']}").status_code == 204
    refused = door.get("/api/v1/me")
    assert (refused.status_code, refused.json()["code"]) == (401, "not_signed_in")
    assert "invalid_token" in refused.headers["www-authenticate"]


def test_nobody_revokes_the_token_of_another(coder: Door, reader: Door) -> None:
    issued = issue(coder)
    assert reader.delete(f"/api/v1/tokens/{issued['id']}").status_code == 404
    assert coder.get("/api/v1/tokens").json()["items"][0]["revoked_at"] is None


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer x", "Basic eDp5", "rtd_x", ""])
def test_anything_else_is_nobody(world: World, header: str) -> None:
    answer = world.door("anonymous").get("/api/v1/me", headers={"Authorization": header})
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


def last_use(sessions: Sessions, token_id: int) -> Any:
    with sessions() as session:
        return session.get_one(ApiToken, token_id).last_used_at


def test_notes_the_last_use_at_most_once_a_minute(
    world: World, coder: Door, sessions: Sessions
) -> None:
    issued = issue(coder)
    door = Door(world.app, issued["token"])
    assert last_use(sessions, issued["id"]) is None
    door.get("/api/v1/me")
    first = last_use(sessions, issued["id"])
    assert first is not None
    door.get("/api/v1/me")
    assert last_use(sessions, issued["id"]) == first
    earlier = now() - timedelta(seconds=61)
    change(sessions, issued["id"], last_used_at=earlier)
    door.get("/api/v1/me")
    assert last_use(sessions, issued["id"]) > earlier
