"""The reviews that travel with the code, let in by a click."""

import pytest

from tests.conftest import World

pytestmark = pytest.mark.sqlite_only


def test_a_shipped_review_is_let_in_and_owned(world: World) -> None:
    stranger = world.door("stranger")
    names = [seed["name"] for seed in stranger.get("/api/v1/seeds").json()["items"]]
    assert "training-vignette" in names
    made = stranger.post("/api/v1/seeds/training-vignette")
    assert (made.status_code, made.json()["slug"]) == (201, "training-vignette")
    assert stranger.get("/api/v1/reviews/training-vignette/sources").status_code == 200


def test_everybody_gets_one_of_their_own_and_a_retry_gets_no_second(world: World) -> None:
    once = {"Idempotency-Key": "k"}
    slugs = [
        world.door("owner").post("/api/v1/seeds/training-vignette", headers=once).json()["slug"]
        for _ in range(2)
    ]
    assert slugs == ["training-vignette", "training-vignette"]
    made = world.door("stranger").post("/api/v1/seeds/training-vignette")
    assert (made.status_code, made.json()["slug"]) == (201, "training-vignette-2")


def test_an_unknown_name_says_which_there_are(world: World) -> None:
    answer = world.door("stranger").post("/api/v1/seeds/nothing")
    assert answer.status_code == 404
    assert "training-vignette" in answer.json()["detail"]
