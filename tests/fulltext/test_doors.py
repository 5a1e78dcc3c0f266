"""Search by page and by command."""

import csv
import re
from collections.abc import Iterator

import pytest

from tests.cli.conftest import seeded_folder
from tests.cli.test_commands import Terminal, seeded, terminal
from tests.conftest import World
from tests.fulltext.material import fill
from tests.web.test_sign_in_pages import Browser, link

__all__ = ["link", "seeded", "seeded_folder", "terminal"]

pytestmark = pytest.mark.sqlite_only
HOME = "/reviews/trust-and-faith"


@pytest.fixture
def browser(world: World, link: str) -> Iterator[Browser]:
    """A signed-in person, and a review with something of each kind."""
    fill(world.door("owner"), world)
    browser = Browser(world.app)
    browser.get(link)
    browser.post(link)
    yield browser
    browser.close()


def test_the_page_shows_hits_with_what_matched_and_where_they_are(browser: Browser) -> None:
    page = browser.get(f"{HOME}/search", params={"q": "built slowly"})
    assert page.status_code == 200
    assert "we <mark>built</mark> trust, <mark>slowly</mark>" in page.text
    assert f'href="{HOME}/quotes/1"' in page.text
    assert 'href="?q=built+slowly+kind:quote"' in page.text


def test_the_page_names_a_text_that_waits_as_waiting(world: World, browser: Browser) -> None:
    world.door("owner").post(
        f"{world.base}/documents",
        content=b"Nobody knows whose words these are.",
        params={"file_name": "unknown.txt"},
        headers={"Content-Type": "text/plain"},
    )
    page = browser.get(f"{HOME}/search", params={"q": "nobody knows"}).text
    assert "unknown.txt" in page
    assert "waits for its source" in page
    [place] = re.findall(r'href="([^"]*/documents/\d+\?at=0)"', page)[:1]
    assert "Nobody knows" in browser.get(place).text


def test_the_page_never_lets_a_text_become_code(browser: Browser) -> None:
    page = browser.get(f"{HOME}/search", params={"q": "alert"})
    assert "&lt;script&gt;<mark>alert</mark>" in page.text
    asked = browser.get(f"{HOME}/search", params={"q": '"><script>alert(1)</script>'})
    for text in (page.text, asked.text):
        assert "<script>alert" not in text


def test_a_number_goes_straight_to_its_page(browser: Browser) -> None:
    answer = browser.get(f"{HOME}/search", params={"q": "c1"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HOME}/configurations/1")
    assert browser.get(f"{HOME}/search", params={"q": "C99"}).status_code == 200


def test_the_page_says_what_it_cannot_read_and_keeps_what_was_typed(browser: Browser) -> None:
    page = browser.get(f"{HOME}/search", params={"q": 'trust "build'})
    assert page.status_code == 200
    assert "Character 7: this quotation mark is never closed" in page.text
    assert 'value="trust &#34;build"' in page.text


def test_an_empty_page_teaches_and_one_without_hits_says_so(browser: Browser) -> None:
    assert "looks through sources" in browser.get(f"{HOME}/search").text
    assert "Nothing holds all" in browser.get(f"{HOME}/search", params={"q": "zebra"}).text


def test_a_filter_that_is_none_is_named_with_those_there_are(
    browser: Browser, world: World
) -> None:
    told = "journal: is no filter here"
    page = browser.get(f"{HOME}/search", params={"q": "trust journal:lancet"})
    assert told in page.text
    assert "title:, author:" in page.text
    assert told not in browser.get(f"{HOME}/search", params={"q": "trust"}).text
    answer = world.door("reader").get(f"{world.base}/search", params={"q": "journal:lancet"}).json()
    assert answer["note"].startswith(told)


def test_pages_lead_on(browser: Browser) -> None:
    page = browser.get(f"{HOME}/search", params={"q": "trust", "limit": 3})
    assert "after=" in page.text
    last = browser.get(f"{HOME}/search", params={"q": "trust", "limit": 3, "after": "1-D-9-9"})
    assert "D1" not in last.text


def test_the_command_finds_and_cares_for_the_index(seeded: Terminal) -> None:
    shown = seeded("search", "trust")
    assert "Found:" in shown
    rows = list(csv.DictReader(seeded("search", "trust", "-f", "csv").splitlines()))
    assert rows
    assert all("trust" in row["text"].lower() for row in rows)
    assert '"items"' in seeded("search", "trust", "-f", "json", "--limit", "1")
    assert "Nothing holds" in seeded("search", "zebra")
    assert "journal: is no filter here" in seeded("search", "journal:trust")
    assert "what the tables say" in seeded("search", "--verify")
    assert "entries" in seeded("search", "--rebuild", "--verify")
    option = seeded("search", "--review", "trust-and-faith", "trust")
    assert option == seeded("search", "trust-and-faith", "trust") == shown
    twice = seeded.run("search", "-r", "trust-and-faith", "trust-and-faith", "trust")
    assert "twice" in str(twice.exception)
    assert seeded.run("search").exit_code != 0
    assert seeded.run("search", '"x').exit_code != 0
