"""What was deleted says so, by whom, and leads back; without scripts."""

import re

import pytest
from sqlalchemy.orm import Session

from tests.conftest import World
from tests.web.browsing import Forms, signed_in, told

pytestmark = pytest.mark.sqlite_only

HOME = "/reviews/trust-and-faith"
ANY = {"If-Match": "*"}


@pytest.fixture(autouse=True)
def deleted(world: World) -> None:
    """A source and its quote that the editor deleted, with a reason."""
    editor = world.door("editor")
    editor.post(f"{world.base}/sources", json={"title": "One"})
    editor.post(f"{world.base}/quotes", json={"source_id": 1, "exact": "kept promises"})
    why = {"reason": "quoted twice"}
    answer = editor.delete(f"{world.base}/quotes/1", headers=ANY, params=why)
    assert answer.status_code == 204, answer.text


def test_it_says_who_when_and_why_and_brings_it_back(world: World, session: Session) -> None:
    browser = signed_in(world, session, "editor")
    answer = browser.get(f"{HOME}/quotes/1")
    assert answer.status_code == 410
    for words in ("Q1 was deleted", "Editor, <time", "quoted twice", f"{HOME}/history/"):
        assert words in answer.text
    assert "POST" not in re.sub(r'data-draft="[^"]*"', "", answer.text)
    form = next(f for f in Forms(answer.text).found if "Bring Q1 back" in f.said)
    back = browser.post(form.action, data=form.fields, headers={"sec-fetch-site": "same-origin"})
    assert (told(back), back.headers["location"]) == ("Q1 is back.", f"{HOME}/quotes/1")
    assert "kept promises" in browser.get(f"{HOME}/quotes/1").text


@pytest.mark.parametrize("who", ["reader", "coder"])
def test_who_may_not_bring_it_back_is_told_who_may(
    world: World, session: Session, who: str
) -> None:
    page = signed_in(world, session, who).get(f"{HOME}/quotes/1")
    assert page.status_code == 410
    assert "Q1 was deleted" in page.text
    assert not any("Bring" in form.said for form in Forms(page.text).found)
    assert "or an editor" in page.text


def test_a_deleted_review_can_be_restored_where_one_looks_for_it(
    world: World, session: Session
) -> None:
    assert world.door("owner").delete(world.base, headers=ANY).status_code == 204
    page = signed_in(world, session, "reader").get(f"{HOME}/quotes/2")
    assert (page.status_code, "an owner of the review can restore it" in page.text) == (410, True)
    owner = signed_in(world, session, "owner")
    page = owner.get(f"{HOME}/quotes/2")
    [form] = [form for form in Forms(page.text).found if "Restore the review" in form.said]
    back = owner.post(form.action, data=form.fields, headers={"sec-fetch-site": "same-origin"})
    assert told(back) == "Trust and faith is back, with everything in it."


def test_programs_get_the_problem_as_before(world: World) -> None:
    problem = world.door("reader").get(f"{world.base}/quotes/1")
    assert (problem.status_code, problem.json()["restore"]) == (410, {"kind": "Q", "number": 1})
