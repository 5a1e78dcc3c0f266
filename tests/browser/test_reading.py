"""Reading and coding with keys and mouse."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import REVIEW

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]

TEXT = f"{REVIEW}/documents/1"


def ask(page: Page, path: str) -> Any:
    answer = page.request.get(f"/api/v1{REVIEW}/{path}")
    assert answer.ok, answer.text()
    return answer.json()


def status(page: Page) -> str:
    expect(page.locator("#status")).not_to_be_empty()
    return page.inner_text("#status")


def number_in(said: str) -> int:
    [number] = re.findall(r"[A-Z](\d+)\.", said)
    return int(number)


def test_ten_quotes_are_coded_without_the_mouse(page: Page) -> None:
    page.goto(TEXT)
    before = len(ask(page, "quotes?limit=200")["items"])
    for n in range(10):
        page.keyboard.press("j")
        page.keyboard.press("p")
        expect(page.locator("#status")).to_contain_text(f"Parked as Q{before + n + 1}.")
        assert page.evaluate("document.activeElement.id") == "text"
    parked = ask(page, "quotes?limit=200&is_parked=true")["items"][-10:]
    assert all(quote["verification"] == "exact" for quote in parked)
    starts = [quote["start_at"] for quote in parked]
    assert starts == sorted(set(starts))


def test_the_words_selected_are_the_words_coded(page: Page) -> None:
    page.goto(TEXT)
    page.evaluate(
        """() => {
            const sentence = document.querySelectorAll("#text .sentence")[12];
            const node = sentence.firstChild.firstChild ?? sentence.firstChild;
            getSelection().setBaseAndExtent(node, 3, node, 17);
        }"""
    )
    words = page.evaluate("getSelection().toString()")
    expect(page.locator("#bar")).to_be_visible()
    page.keyboard.press("p")
    number = number_in(status(page))
    quote = ask(page, f"quotes/{number}")
    assert quote["exact"] == words
    assert (quote["verification"], quote["end_at"] - quote["start_at"]) == ("exact", len(words))


def test_a_passage_becomes_a_configuration_that_the_matrix_counts(page: Page) -> None:
    page.goto(TEXT)
    for _ in range(8):
        page.keyboard.press("j")
    page.keyboard.press("n")
    page.fill("[name=context_wording]", "nobody chose the others")
    page.fill("[name=context_concept]", "Chosen by nobody <b>")
    page.fill("[name=outcome_wording]", "trust is slow to grow")
    page.fill("[name=outcome_concept]", "Slow trust")
    expect(page.locator("[data-sentence]")).to_have_text(
        "If nobody chose the others, then trust is slow to grow, because …."
    )
    page.click("#dialog-configuration [value=code]")
    number = number_in(status(page))
    expect(page.locator("#coded")).to_contain_text(f"C{number}")
    page.goto(f"{REVIEW}/matrix")
    expect(page.locator("main")).to_contain_text("Chosen by nobody <b>")


def test_what_was_typed_survives_a_reload(page: Page) -> None:
    page.goto(TEXT)
    page.keyboard.press("]")
    page.keyboard.press("m")
    page.fill("#dialog-memo textarea", "half a thought")
    page.reload()
    page.keyboard.press("]")
    page.keyboard.press("m")
    expect(page.locator("#dialog-memo textarea")).to_have_value("half a thought")
    page.click("#dialog-memo [value=cancel]")


def test_signed_out_while_coding_loses_nothing(page: Page) -> None:
    page.goto(TEXT)
    page.keyboard.press("]")
    page.keyboard.press("c")
    page.fill("#dialog-concept input", "K1")
    page.context.clear_cookies()
    page.click("#dialog-concept [value=code]")
    expect(page.locator("#dialog-concept .problem")).to_contain_text("signed out")
    expect(page.locator("#dialog-concept input")).to_have_value("K1")


def test_nothing_is_wider_than_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(TEXT)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
