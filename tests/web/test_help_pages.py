"""Help and the guided tour."""

import re
from html import unescape

import pytest
from sqlalchemy.orm import Session

from tests.conftest import World
from tests.web.browsing import fill_in, signed_in
from tests.web.test_sign_in_pages import Browser

pytestmark = pytest.mark.sqlite_only


TITLES = ("Training vignette", "Trust and faith in inter-organisational")


def stops(browser: Browser) -> list[str]:
    page = browser.get("/tour").text
    return [unescape(path) for path in re.findall(r'data-path="([^"]+)"', page)]


def test_whoever_lacks_a_review_of_the_tour_loads_it_there(world: World, session: Session) -> None:
    with signed_in(world, session, "stranger") as browser:
        page = browser.get("/tour").text
        assert "retroduce seed" not in page
        assert "data-start-tour" not in page
        for title in TITLES:
            answer = fill_in(browser, "/tour", title)
            assert answer.headers["location"] == "/tour"
        assert "data-start-tour" in browser.get("/tour").text


def test_the_tour_goes_through_the_copies_one_is_in(world: World, session: Session) -> None:
    with signed_in(world, session, "owner") as first:
        fill_in(first, "/tour", "Training vignette")
    with signed_in(world, session, "stranger") as second:
        for title in TITLES:
            fill_in(second, "/tour", title)
        paths = stops(second)
        assert len(paths) == 10
        assert paths[0] == "/reviews/trust-and-faith-2"
        assert paths[2] == "/reviews/training-vignette-2/documents/1"
        assert {path: second.get(path).status_code for path in paths} == dict.fromkeys(paths, 200)


def test_the_step_on_chains_shows_a_step_that_is_suggested(world: World, session: Session) -> None:
    with signed_in(world, session, "stranger") as browser:
        for title in TITLES:
            fill_in(browser, "/tour", title)
        [chains] = [path for path in stops(browser) if "/chains" in path]
        assert 'class="joint suggested"' in browser.get(chains).text
