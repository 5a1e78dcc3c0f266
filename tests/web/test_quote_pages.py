"""Settling quotes that are not found to the letter, without scripts."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.conftest import World
from tests.web.browsing import Forms, fill_in, form_on, signed_in, told
from tests.web.test_sign_in_pages import Browser

pytestmark = pytest.mark.sqlite_only

HOME = "/reviews/trust-and-faith"
TEXT = """In the first year both met them. Trust between the partners took its time to grow.

In the second year both met them again, and the venture was given up at last."""


@pytest.fixture
def browser(world: World, session: Session) -> Iterator[Browser]:
    """An editor, where a text holds one quote twice, one roughly and one not at all."""
    owner = world.door("owner")
    assert owner.post(f"{world.base}/sources", json={"title": "One"}).status_code == 201
    upload(world, TEXT)
    for exact in (
        "both met them",
        "Trust between these partners takes its time to grow.",
        "Nothing whatever resembles this sentence, in no way",
        "the long venture was then given over at the end, at last",
    ):
        body = {"source_id": 1, "exact": exact, "prefix": "?"}
        assert owner.post(f"{world.base}/quotes", json=body).status_code == 201
    browser = signed_in(world, session, "editor")
    yield browser
    browser.close()


def upload(world: World, text: str) -> None:
    made = world.door("owner").post(
        f"{world.base}/sources/1/documents",
        content=text.encode(),
        headers={"Content-Type": "text/plain"},
        params={"file_name": "one.txt"},
    )
    assert made.status_code == 201, made.text


def read(world: World, number: int) -> Any:
    return world.door("editor").get(f"{world.base}/quotes/{number}").json()


def test_of_several_places_one_is_chosen(world: World, browser: Browser) -> None:
    assert read(world, 1)["verification"] == "ambiguous"
    page = browser.get(f"{HOME}/quotes/1").text
    assert "In the second year <b>both met them</b> again" in page
    second = TEXT.rindex("both met them")
    assert f'value="{second}"' in page
    answer = fill_in(browser, f"{HOME}/quotes/1", "It stands here", **{"start_at#": str(second)})
    assert told(answer) == "Q1 has its place now."
    quote = read(world, 1)
    assert (quote["verification"], quote["start_at"]) == ("exact", second)
    assert "It stands here" not in browser.get(f"{HOME}/quotes/1").text


def test_one_returns_to_the_list_one_settles_from(browser: Browser) -> None:
    wanted = f"{HOME}/quotes?verification=ambiguous"
    listed = browser.get(wanted).text
    assert 'id="settle-Q1"' in listed
    form = form_on(browser, f"{HOME}/quotes/1?back={wanted}", "It stands here")
    assert form.fields["_next"] == wanted
    away = form_on(browser, f"{HOME}/quotes/1?back=//elsewhere.example/", "It stands here")
    assert away.fields["_next"] == "/"


@pytest.mark.parametrize("page", ["documents/verification", "check", "check?only=quote_unverified"])
def test_every_list_of_unsure_quotes_offers_to_settle_them(browser: Browser, page: str) -> None:
    listed = browser.get(f"{HOME}/{page}").text
    for number in (1, 2, 3, 4):
        assert f'id="settle-Q{number}"' in listed


def test_words_are_corrected_from_the_text(world: World, browser: Browser) -> None:
    page = browser.get(f"{HOME}/quotes/2").text
    assert "<del>these</del> <ins>the</ins>" in page
    answer = fill_in(browser, f"{HOME}/quotes/2", "Correct the words so")
    assert told(answer) == "The words of Q2 are corrected."
    quote = read(world, 2)
    assert quote["exact"] == "Trust between the partners took its time to grow."
    assert quote["verification"] == "exact"


def test_the_reader_chooses_which_words_to_take(world: World, browser: Browser) -> None:
    choosing = form_on(browser, f"{HOME}/quotes/2", "Take from the text")
    assert set(choosing.fields) == {"back", "is_chosen", "take"}
    half = f"{HOME}/quotes/2?is_chosen=true&take=1"
    fill_in(browser, half, "Correct the words so")
    quote = read(world, 2)
    assert quote["exact"] == "Trust between the partners takes its time to grow."
    assert quote["verification"] == "approximate"
    none = Forms(browser.get(f"{HOME}/quotes/2?is_chosen=true").text)
    assert not any("Correct the words so" in form.said for form in none.found)


def test_what_resembles_a_lost_quote_most_is_shown(world: World, browser: Browser) -> None:
    assert read(world, 4)["verification"] == "not_found"
    page = browser.get(f"{HOME}/quotes/4").text
    assert "what resembles it most" in page
    at = TEXT.index("the venture was")
    assert f"documents/1?quote=4&amp;at={at}" in page
    fill_in(browser, f"{HOME}/quotes/4", "Correct the words so")
    assert read(world, 4)["verification"] == "exact"


def test_where_nothing_resembles_it_the_page_says_so(browser: Browser) -> None:
    assert "Nothing in it resembles these words" in browser.get(f"{HOME}/quotes/3").text


def test_a_quote_is_looked_up_in_another_text_of_its_source(world: World, browser: Browser) -> None:
    upload(world, "Trust between these partners takes its time to grow. " + TEXT)
    assert read(world, 2)["document_id"] == 1
    answer = fill_in(browser, f"{HOME}/quotes/2", "Look it up anew in", document_id="2")
    assert told(answer) == "Q2 was looked up anew."
    quote = read(world, 2)
    assert (quote["document_id"], quote["verification"]) == (2, "exact")


def test_a_quote_is_not_looked_up_in_the_text_of_another_source(world: World) -> None:
    owner = world.door("owner")
    owner.post(f"{world.base}/sources", json={"title": "Two"})
    made = owner.post(f"{world.base}/sources", json={"title": "Three"})
    upload(world, TEXT)
    owner.post(f"{world.base}/quotes", json={"source_id": made.json()["id"], "exact": "both"})
    answer = owner.patch(
        f"{world.base}/quotes/1", json={"document_id": 1}, headers={"If-Match": "*"}
    )
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["field"] == "document_id"


def test_a_reader_sees_how_words_differ_and_changes_nothing(
    world: World, session: Session, browser: Browser
) -> None:
    del browser
    reader = signed_in(world, session, "reader")
    assert "In the second year <b>both met them</b>" in reader.get(f"{HOME}/quotes/1").text
    for number in (1, 2, 3, 4):
        page = reader.get(f"{HOME}/quotes/{number}").text
        assert not any(form.action.startswith("/api") for form in Forms(page).found)
