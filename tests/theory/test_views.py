"""Saved views: checked as the question would, kept without defaults, asked again by redirect."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.access.models import MemberRole
from app.errors import InvalidError
from app.export.questions import QUESTIONS
from app.theory.view_schemas import ViewCreate
from app.theory.views import add_view
from tests.conftest import Door, World
from tests.theory.material import ANY, Material, example, make, problem

VIEW: dict[str, Any] = {"slug": "reduced", "title": "What makes trust less", "kind": "matrix"}
KINDS: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("sources", {"text": "work", "year_from": None}, "sources?text=work"),
    (
        "configurations",
        {"has": "outcome:K1:reduced", "limit": 50, "after": 3, "counted": "true"},
        "configurations?counted=true&has=outcome:K1:reduced",
    ),
    (
        "matrix",
        {"rows": "mechanism", "columns": "outcome", "has": ["any:K1", "outcome:K1"]},
        "matrix?has=any:K1&has=outcome:K1&rows=mechanism",
    ),
    (
        "evidence",
        {"columns": ["stance", "page"], "per": "quote"},
        "evidence-table?columns=stance&columns=page",
    ),
)


def keep(door: Door, world: World, **more: Any) -> Any:
    return door.post(f"{world.base}/views", json=VIEW | more)


@pytest.mark.parametrize(("kind", "query", "asks"), KINDS)
def test_every_kind_of_question_is_kept_and_asked_again(
    world: World, coder: Door, material: Material, kind: str, query: dict[str, Any], asks: str
) -> None:
    make(coder, world.base, example(material))
    made = keep(coder, world, kind=kind, query=query)
    assert made.status_code == 201, made.text
    view = made.json()
    assert view["url"] == f"{world.base}/{asks}"
    assert coder.get(f"{world.base}/views/reduced").json() == view
    assert coder.get(f"{world.base}/views").json()["items"] == [view]
    led = coder.get(f"{world.base}/views/reduced/answer", follow_redirects=False)
    assert (led.status_code, led.headers["location"]) == (307, view["url"])
    assert coder.get(view["url"]).status_code == 200
    answer = coder.get(f"{world.base}/views/reduced/answer")
    assert answer.content == coder.get(view["url"]).content
    assert answer.content


def test_parameters_of_the_address_go_before_those_kept(world: World, coder: Door) -> None:
    keep(coder, world, kind="evidence", query={"columns": ["stance"], "has": ["any:none"]})
    led = coder.get(
        f"{world.base}/views/reduced/answer?format=json&columns=page&columns=quote",
        follow_redirects=False,
    )
    assert led.headers["location"] == (
        f"{world.base}/evidence-table?has=any:none&format=json&columns=page&columns=quote"
    )


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ({"colour": "red"}, "query.colour"),
        ({"rows": "trust"}, "query.rows"),
        ({"has": ["trust"]}, "query.has.0"),
        ({"field": "design"}, "query.field.0"),
        ({"depth_rows": "deep"}, "query.depth_rows"),
        ({"text": "a\x00b"}, "query.text"),
        ({"limit": 10}, "query.limit"),
    ],
)
def test_what_the_question_does_not_take_is_refused_by_name(
    world: World, coder: Door, query: dict[str, Any], place: str
) -> None:
    assert problem(keep(coder, world, query=query)) == (422, "invalid", [place])
    assert keep(coder, world).status_code == 201
    answer = coder.patch(f"{world.base}/views/reduced", json={"query": query}, headers=ANY)
    assert problem(answer) == (422, "invalid", [place])


def test_a_name_is_taken_once(world: World, coder: Door) -> None:
    assert keep(coder, world).status_code == 201
    assert problem(keep(coder, world, kind="sources")) == (409, "already_taken", ["slug"])


def test_a_view_that_is_not_there_is_answered_with_those_that_are(
    world: World, coder: Door
) -> None:
    keep(coder, world)
    answer = coder.get(f"{world.base}/views/increased")
    assert answer.status_code == 404
    assert "reduced" in answer.json()["detail"]


def test_ones_own_view_is_changed_by_oneself_and_by_editors(
    world: World, coder: Door, editor: Door
) -> None:
    assert keep(editor, world).status_code == 201
    address = f"{world.base}/views/reduced"
    assert coder.patch(address, json={"title": "x"}, headers=ANY).status_code == 403
    assert coder.delete(address, headers=ANY).status_code == 403
    keep(coder, world, slug="mine")
    mine = f"{world.base}/views/mine"
    assert coder.patch(mine, json={"title": "x"}).status_code == 428
    changed = editor.patch(
        mine, json={"query": {"rows": "actor"}, "description": "for May"}, headers=ANY
    )
    assert changed.json()["query"] == {"rows": "actor"}
    assert (changed.json()["title"], changed.json()["version"]) == (VIEW["title"], 2)
    stale = coder.patch(mine, json={"title": "x"}, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    tag = {"If-Match": changed.headers["etag"]}
    assert coder.patch(mine, json={"title": "x"}, headers=tag).json()["title"] == "x"
    assert coder.patch(mine, json={"kind": "sources"}, headers=ANY).status_code == 422


def test_a_deleted_view_comes_back(world: World, coder: Door) -> None:
    number = keep(coder, world, query={"rows": "actor"}).json()["id"]
    assert coder.delete(f"{world.base}/views/reduced", headers=ANY).status_code == 204
    gone = coder.get(f"{world.base}/views/reduced")
    assert (gone.status_code, gone.json()["restore"]) == (410, {"kind": "V", "number": number})
    back = coder.post(f"{world.base}/history/restore", json={"kind": "V", "number": number})
    assert back.status_code == 200
    assert coder.get(f"{world.base}/views/reduced").json()["query"] == {"rows": "actor"}


def test_a_deleted_view_does_not_come_back_over_another_of_its_name(
    world: World, coder: Door
) -> None:
    number = keep(coder, world).json()["id"]
    assert coder.delete(f"{world.base}/views/reduced", headers=ANY).status_code == 204
    assert keep(coder, world, title="Another").status_code == 201
    refused = coder.post(f"{world.base}/history/restore", json={"kind": "V", "number": number})
    assert refused.status_code == 409, refused.text
    assert "reduced" in refused.json()["detail"]
    assert coder.get(f"{world.base}/views/reduced").json()["title"] == "Another"


def test_a_question_that_cannot_be_kept_is_refused_naming_those_that_can(
    world: World, session: Session
) -> None:
    member = Member(world.review, world.users["coder"], MemberRole.CODER)
    fewer = {kind: question for kind, question in QUESTIONS.items() if kind != "matrix"}
    with pytest.raises(InvalidError, match="choose of sources, configurations"):
        add_view(session, member, ViewCreate(**VIEW), fewer)


def test_chains_are_kept_by_their_ends(world: World, coder: Door) -> None:
    wish = {"slug": "to-trust", "title": "To trust", "kind": "chains", "query": {"to": "K1"}}
    made = coder.post(f"{world.base}/views", json=wish)
    assert made.status_code == 201, made.text
    assert made.json()["query"] == {"to": "K1"}
    assert made.json()["url"].endswith("/chains?to=K1")
    assert made.json()["page_url"].endswith("/chains?to=K1")
    refused = coder.post(f"{world.base}/views", json=wish | {"slug": "none", "query": {}})
    assert refused.status_code == 422
