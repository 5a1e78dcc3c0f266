"""Reviews through the API: settings, members, deleting and coming back."""

from tests.conftest import Door, World


def test_a_review_can_be_made_read_and_changed(owner: Door) -> None:
    made = owner.post("/api/v1/reviews", json={"slug": "mergers", "title": "Mergers"})
    assert made.status_code == 201, made.text
    assert made.headers["etag"] == '"1"'
    changed = owner.patch(
        "/api/v1/reviews/mergers", json={"quote_word_limit": 25}, headers={"If-Match": '"1"'}
    )
    assert changed.status_code == 200, changed.text
    assert changed.json()["quote_word_limit"] == 25
    assert changed.headers["etag"] == '"2"'


def test_a_change_without_or_with_an_old_version_is_refused(world: World, owner: Door) -> None:
    missing = owner.patch(world.base, json={"title": "Other"})
    assert (missing.status_code, missing.json()["code"]) == (428, "version_required")
    stale = owner.patch(world.base, json={"title": "Other"}, headers={"If-Match": '"999"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")
    assert stale.json()["current_version"] == owner.get(world.base).json()["version"]


def test_a_stranger_learns_nothing(world: World) -> None:
    stranger = world.door("stranger")
    other = stranger.get("/api/v1/reviews/no-such-review")
    hidden = stranger.get(world.base)
    assert hidden.status_code == other.status_code == 404
    assert (
        hidden.json()["detail"].replace("trust-and-faith", "no-such-review")
        == (other.json()["detail"])
    )


def test_the_last_owner_cannot_leave(world: World, owner: Door) -> None:
    answer = owner.delete(
        f"{world.base}/members/{world.users['owner'].id}", headers={"If-Match": "*"}
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_members_change_with_the_version_of_the_review(world: World, owner: Door) -> None:
    members = f"{world.base}/members"
    coder, role = f"{members}/{world.users['coder'].id}", {"role": "reader"}
    seen = {"If-Match": owner.get(members).headers["etag"]}
    asked = (owner.put(coder, json=role), owner.delete(coder))
    assert [answer.status_code for answer in asked] == [428, 428]
    changed = owner.put(coder, json=role, headers=seen)
    assert (changed.status_code, changed.json()["role"]) == (200, "reader")
    assert changed.headers["etag"] == owner.get(world.base).headers["etag"] != seen["If-Match"]
    assert owner.delete(coder, headers=seen).status_code == 412
    assert owner.delete(coder, headers={"If-Match": changed.headers["etag"]}).status_code == 204


def test_history_shows_and_takes_back_a_change(world: World, owner: Door) -> None:
    version = owner.get(world.base).headers["etag"]
    owner.patch(
        f"{world.base}?reason=clearer&inference=abduction",
        json={"title": "Faith"},
        headers={"If-Match": version},
    )
    history = owner.get(f"{world.base}/history").json()["items"]
    assert history[-1]["reason"] == "clearer"
    assert history[-1]["inference"] == "abduction"
    detail = owner.get(f"{world.base}/history/{history[-1]['id']}").json()
    assert detail["actor"] == "Owner"
    assert detail["changes"][0]["before"] == {"title": "Trust and faith"}
    assert detail["changes"][0]["after"] == {"title": "Faith"}
    undone = owner.post(f"{world.base}/history/{history[-1]['id']}/undo")
    assert undone.status_code == 200, undone.text
    assert owner.get(world.base).json()["title"] == "Trust and faith"


def test_a_deleted_review_is_gone_and_can_be_restored(world: World, owner: Door) -> None:
    version = owner.get(world.base).headers["etag"]
    assert owner.delete(world.base, headers={"If-Match": version}).status_code == 204
    gone = owner.get(world.base)
    assert (gone.status_code, gone.json()["code"]) == (410, "gone")
    assert owner.post(f"{world.base}/restore").status_code == 200
    assert owner.get(world.base).status_code == 200


def test_a_repeated_key_is_carried_out_once(owner: Door) -> None:
    body = {"slug": "alliances", "title": "Alliances"}
    headers = {"Idempotency-Key": "k1"}
    first = owner.post("/api/v1/reviews", json=body, headers=headers)
    second = owner.post("/api/v1/reviews", json=body, headers=headers)
    assert first.status_code == second.status_code == 201
    assert first.content == second.content
    assert second.headers["idempotency-replayed"] == "true"
    other = owner.post("/api/v1/reviews", json=body | {"title": "x"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")


def test_an_old_answer_is_not_given_to_who_may_not_see_it_any_more(
    world: World, owner: Door, coder: Door
) -> None:
    headers = {"Idempotency-Key": "once"}
    body = {"title": "On trust"}
    assert coder.post(f"{world.base}/sources", json=body, headers=headers).status_code == 201
    left = owner.delete(
        f"{world.base}/members/{world.users['coder'].id}", headers={"If-Match": "*"}
    )
    assert left.status_code == 204
    again = coder.post(f"{world.base}/sources", json=body, headers=headers)
    assert (again.status_code, again.json()["code"]) == (404, "not_found")


def test_a_token_of_one_review_sees_only_that_one_on_the_start_page(
    world: World, owner: Door
) -> None:
    owner.post("/api/v1/reviews", json={"slug": "secret", "title": "Secret two"})
    wish = {"name": "narrow", "scope": "read", "review": "trust-and-faith"}
    token = owner.post("/api/v1/tokens", json=wish).json()["token"]
    page = owner.get("/", headers={"Authorization": f"Bearer {token}"}).text
    assert "Trust and faith" in page
    assert "Secret two" not in page
