"""Every route as everybody, against the table in `permissions.py`."""

import re
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts

from tests.access.permissions import EXPECTED, PENDING
from tests.conftest import Door, World

TABLE = EXPECTED | PENDING
LADDER = ["reader", "coder", "editor", "owner"]
EVERYBODY = ["anonymous", "stranger", *LADDER]
NOBODYS_NUMBER = "99999"


def routes_of(app: Any) -> set[str]:
    return {
        f"{method} {route.path}"
        for route in iter_route_contexts(app.routes)
        for method in (route.methods or {"GET"}) - {"HEAD"}
    }


def ask(door: Door, row: str, slug: str) -> Any:
    """Send the emptiest request there is to a route; nothing it names exists but the review."""
    method, path = row.split(" ")
    address = re.sub(r"\{\w+(:\w+)?\}", NOBODYS_NUMBER, path.replace("{slug}", slug))
    return door.request(method, address, json=None if method == "GET" else {})


def verdict(answer: Any) -> str:
    """Sort an answer into public, who is asking?, hidden, refused, or let through."""
    if answer.status_code >= 500:
        return f"server error {answer.status_code}"
    if answer.status_code == 401:
        return "who?" if answer.json()["code"] == "not_signed_in" else "wrong 401"
    if answer.status_code == 403:
        body = answer.json()
        return f"refused, needs {body.get('role_needed', 'admin')}"
    if answer.status_code == 404 and "no review called" in answer.json()["detail"]:
        return "hidden"
    return "let through"


def expected_verdict(who: str, needed: str) -> str:
    if needed == "public":
        return "let through"
    if who == "anonymous":
        return "who?"
    if needed == "signed in":
        return "let through"
    if needed == "admin":
        return "let through" if who == "owner" else "refused, needs admin"
    if who == "stranger":
        return "hidden"
    is_enough = LADDER.index(who) >= LADDER.index(needed)
    return "let through" if is_enough else f"refused, needs {needed}"


def test_every_route_stands_in_the_table_and_every_row_has_a_route(world: World) -> None:
    routes = routes_of(world.app)
    assert routes - set(TABLE) == set()
    assert set(EXPECTED) - routes == set()


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_gets_as_far_as_the_table_says(world: World, who: str) -> None:
    wrong = {}
    for row in sorted(routes_of(world.app) & set(TABLE)):
        found = verdict(ask(world.door(who), row, world.review.slug))
        expected = expected_verdict(who, TABLE[row])
        if found != expected:
            wrong[row] = f"{found}; expected {expected}"
    assert wrong == {}


def test_a_stranger_gets_the_answer_for_a_review_that_is_not_there(world: World) -> None:
    stranger = world.door("stranger")
    rows = [r for r in sorted(routes_of(world.app)) if "{slug}" in r]
    assert rows
    for row in rows:
        hidden = ask(stranger, row, world.review.slug)
        missing = ask(stranger, row, "no-such-review")
        assert hidden.status_code == missing.status_code == 404, row
        assert hidden.text.replace(world.review.slug, "no-such-review") == missing.text, row
        own = {"x-request-id", "content-length"}
        assert {k: v for k, v in hidden.headers.items() if k not in own} == {
            k: v for k, v in missing.headers.items() if k not in own
        }, row


def test_a_member_of_one_review_is_a_stranger_in_another(world: World) -> None:
    stranger = world.door("stranger")
    stranger.post("/api/v1/reviews", json={"slug": "mergers", "title": "Mergers"})
    assert stranger.get("/api/v1/reviews/mergers").status_code == 200
    assert world.door("owner").get("/api/v1/reviews/mergers").status_code == 404
    assert [r["slug"] for r in stranger.get("/api/v1/reviews").json()["items"]] == ["mergers"]


def test_a_refusal_names_the_role_needed_and_ones_own(world: World) -> None:
    answer = world.door("coder").post(f"{world.base}/members", json={})
    assert answer.status_code == 403
    body = answer.json()
    assert (body["code"], body["role_needed"], body["your_role"]) == ("forbidden", "owner", "coder")


def test_who_is_taken_out_is_a_stranger_at_once(world: World) -> None:
    editor = world.users["editor"].id
    left = world.door("owner").delete(f"{world.base}/members/{editor}", headers={"If-Match": "*"})
    assert left.status_code == 204
    assert world.door("editor").get(world.base).status_code == 404
