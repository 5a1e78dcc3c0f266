"""What the words of the method mean, beside them: by keys, by pointer and by touch."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from app.access.identity import COOKIE
from tests.browser.accessibility import PHONE, complaints
from tests.browser.screens import SEED, VIGNETTE

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]


def test_a_word_says_what_it_means_on_focus_and_escape_puts_it_away(page: Page) -> None:
    page.goto(f"{SEED}/configurations")
    page.focus("#main")
    page.keyboard.press("Tab")
    expect(page.locator("h1 .term")).to_be_focused()
    says = page.get_by_role("tooltip")
    expect(says).to_contain_text("The unit of coding")
    assert page.locator("h1 .term").get_attribute("aria-describedby") == says.get_attribute("id")
    assert complaints(page) == []
    page.keyboard.press("Escape")
    expect(says).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/help#configuration$"))


def test_a_word_says_what_it_means_under_the_pointer_until_it_leaves(page: Page) -> None:
    page.goto(f"{SEED}/matrix")
    page.hover("h1 .term >> nth=0")
    says = page.get_by_role("tooltip")
    expect(says).to_contain_text("Circumstances and relations")
    says.hover()
    expect(says).to_be_visible()
    page.hover(".brand")
    expect(says).to_have_count(0)


def test_a_word_in_a_form_leads_nowhere_so_that_nothing_typed_is_lost(page: Page) -> None:
    page.goto(f"{SEED}/configurations/new")
    page.click("#part-outcome .term")
    expect(page.get_by_role("tooltip")).to_contain_text("What is generated")
    assert page.url.endswith("/configurations/new")


def test_escape_puts_the_word_away_before_the_dialog_it_stands_in(page: Page) -> None:
    page.goto(f"{VIGNETTE}/documents/1")
    page.locator("#text").focus()
    page.keyboard.press("j")
    page.keyboard.press("n")
    expect(page.locator("#dialog-configuration textarea").first).to_be_focused()
    page.focus("#dialog-configuration .term >> nth=0")
    expect(page.get_by_role("tooltip")).to_contain_text("Circumstances and relations")
    page.keyboard.press("Escape")
    expect(page.get_by_role("tooltip")).to_have_count(0)
    expect(page.locator("#dialog-configuration")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#dialog-configuration")).to_be_hidden()


def test_a_tap_shows_what_a_word_means_whole_on_a_phone(
    chromium: Browser, site: tuple[str, str]
) -> None:
    base, secret = site
    context = chromium.new_context(base_url=base, viewport=PHONE, has_touch=True)
    context.add_cookies([{"name": COOKIE, "value": secret, "url": base}])
    page = context.new_page()
    page.goto(f"{SEED}/matrix")
    page.tap("h1 .term >> nth=1")
    says = page.get_by_role("tooltip")
    expect(says).to_be_visible()
    box = says.bounding_box()
    assert box is not None
    assert 0 <= box["x"] <= box["x"] + box["width"] <= PHONE["width"]
    assert page.url.endswith("/matrix")
    page.tap("h1 .term >> nth=1")
    expect(page).to_have_url(re.compile("/help#outcome$"))
    context.close()
