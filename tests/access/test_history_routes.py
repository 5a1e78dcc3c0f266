"""The history through the API: filtered, shown, taken back, restored."""

import pytest
from sqlalchemy.orm import Session

from app.coding.models import Concept
from app.history.recording import insert_many
from tests.access.material import ANY, Request, last_set, newest, take_back
from tests.conftest import Door, World


def test_only_an_owner_takes_back_what_an_owner_did_to_members(
    world: World, owner: Door, editor: Door
) -> None:
    coder = f"{world.base}/members/{world.users['coder'].id}"
    assert owner.put(coder, json={"role": "editor"}, headers=ANY).status_code == 200
    number = newest(world)
    assert take_back(editor, world, number) == (403, "forbidden")
    assert take_back(world.door("reader"), world, number) == (403, "forbidden")
    assert take_back(world.door("stranger"), world, number) == (404, "not_found")
    assert take_back(owner, world, number) == (200, "")
    roles = {m["user_id"]: m["role"] for m in owner.get(f"{world.base}/members").json()["items"]}
    assert roles[world.users["coder"].id] == "coder"


def test_undo_never_leaves_a_review_without_owner(world: World, owner: Door, editor: Door) -> None:
    heir, first = (f"{world.base}/members/{world.users[n].id}" for n in ("editor", "owner"))
    assert owner.put(heir, json={"role": "owner"}, headers=ANY).status_code == 200
    number = newest(world)
    assert editor.put(first, json={"role": "reader"}, headers=ANY).status_code == 200
    assert take_back(editor, world, number) == (409, "conflict")
    assert editor.delete(heir, headers=ANY).status_code == 409


def test_undoing_what_made_a_review_deletes_it_and_it_comes_back(
    world: World, owner: Door, session: Session
) -> None:
    url = "/api/v1/reviews/mergers"
    owner.post("/api/v1/reviews", json={"slug": "mergers", "title": "Mergers"})
    assert owner.post(f"{url}/history/1/undo").status_code == 200
    assert owner.get(url).status_code == 410
    assert owner.post(f"{url}/restore").status_code == 200
    assert owner.get(url).json()["title"] == "Mergers"


def test_undo_of_what_is_not_there(world: World, owner: Door) -> None:
    assert take_back(owner, world, 4711) == (404, "not_found")
    wish = {"kind": "K", "number": 1}
    answer = owner.post(f"{world.base}/history/restore", json=wish)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_conflict_is_answered_naming_the_change_sets(world: World, owner: Door) -> None:
    for title in ("b", "c"):
        owner.patch(world.base, json={"title": title}, headers={"If-Match": "*"})
    number = newest(world)
    answer = owner.post(f"{world.base}/history/{number - 1}/undo")
    assert (answer.status_code, answer.json()["code"]) == (409, "undo_conflict")
    assert [(b["change_set"], b["table"]) for b in answer.json()["blocking"]] == [
        (number, "review")
    ]
    assert owner.get(world.base).json()["title"] == "c"


def test_history_can_be_filtered_and_paged(world: World, owner: Door) -> None:
    owner.patch(world.base, json={"title": "b"}, headers={"If-Match": "*"})
    history = f"{world.base}/history"
    total = owner.get(f"{history}?count=true").json()["total"]
    assert total == len(owner.get(history).json()["items"]) >= 2
    assert owner.get(f"{history}?channel=cli").json()["items"] == []
    assert owner.get(f"{history}?since=2000-01-01T00:00:00Z&count=true").json()["total"] == total
    assert owner.get(f"{history}?until=2000-01-01T00:00:00Z").json()["items"] == []
    assert owner.get(f"{history}?actor_id={world.users['coder'].id}").json()["items"] == []
    page = owner.get(f"{history}?limit=1").json()
    assert len(page["items"]) == 1
    after = owner.get(f"{history}?after={page['next']}").json()["items"]
    assert len(after) == total - 1


def test_a_long_change_set_is_shown_in_pages(
    world: World, owner: Door, request_of: Request, review_id: int
) -> None:
    with request_of() as session:
        rows = [
            {"review_id": review_id, "id": n, "label": f"{n}", "text_key": f"{n}", "origin": "new"}
            for n in range(1, 1_002)
        ]
        insert_many(session, Concept, rows)
        number = last_set(session, review_id)
    seen: list[int] = []
    after: int | None = 0
    sizes = []
    while after is not None:
        answer = owner.get(f"{world.base}/history/{number}?after={after}").json()
        after = answer["next"]
        sizes.append(len(answer["changes"]))
        seen += [change["aggregate_id"] for change in answer["changes"]]
        assert all(c["after"]["label"] == str(c["aggregate_id"]) for c in answer["changes"])
    assert sizes == [500, 500, 1]
    assert seen == list(range(1, 1_002))


@pytest.mark.parametrize("wish", ["number=1", "number=1&channel=api"])
def test_a_number_without_its_kind_is_refused(world: World, owner: Door, wish: str) -> None:
    answer = owner.get(f"{world.base}/history?{wish}")
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["query.number"]
    assert owner.get(f"{world.base}/history?kind=K&number=1").status_code == 200


def test_undo_names_what_still_refers_to_what_it_would_unmake(world: World, owner: Door) -> None:
    owner.post(f"{world.base}/concepts", json={"label": "trust"})
    made = owner.get(f"{world.base}/history?limit=500").json()["items"][-1]["id"]
    coded = {"elements": [{"role": "outcome", "wording": "trust grows", "concept_id": 1}]}
    assert owner.post(f"{world.base}/configurations", json=coded).status_code == 201
    refused = owner.post(f"{world.base}/history/{made}/undo")
    assert (refused.status_code, refused.json()["code"]) == (409, "undo_conflict")
    assert refused.json()["detail"] == (
        f"K1 would go, but element 1 of C1 has referred to it since H{made + 1}; "
        "take that back first."
    )
    assert refused.json()["blocking"] == [
        {"change_set": made + 1, "table": "element", "row": "[1,1]", "of": "C1"}
    ]


def test_restoring_what_is_there_says_so(world: World, owner: Door) -> None:
    owner.post(f"{world.base}/sources", json={"title": "On trust"})
    owner.delete(f"{world.base}/sources/1", headers={"If-Match": "*"})
    wish = {"kind": "S", "number": 1}
    assert owner.post(f"{world.base}/history/restore", json=wish).status_code == 200
    again = owner.post(f"{world.base}/history/restore", json=wish)
    assert again.status_code == 409
    assert "S1 is there" in again.json()["detail"]
