"""Beginning a review, its home, settings and one's account, as people meet them in a browser."""

import json
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessibility import complaints
from tests.browser.conftest import REVIEW

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]


def test_signing_in_and_its_refusals_are_accessible(
    chromium: Browser, site: tuple[str, str]
) -> None:
    page = chromium.new_page(base_url=site[0])
    page.goto(REVIEW)
    assert page.title().startswith("Sign in")
    assert page.evaluate("document.activeElement.id") == "email"
    page.keyboard.type("coder@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type("not the password")
    page.keyboard.press("Enter")
    expect(page.locator("#password-problem")).to_have_text(
        "The e-mail address or the password is not right."
    )
    assert page.evaluate("document.activeElement.id") == "password"
    assert complaints(page) == []
    page.close()


def test_a_review_is_begun_with_keys_alone_and_its_home_says_what_is_next(page: Page) -> None:
    page.goto("/reviews/new")
    page.focus("#f-title")
    page.keyboard.type("Éarly wins, & <trust>")
    expect(page.locator("#f-slug")).to_have_value("early-wins-trust")
    page.focus("#template-CMO")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#template-CRRO")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Éarly wins, & <trust>")
    expect(page.locator("#status")).to_contain_text("It begins with a source.")
    assert page.url.endswith("/reviews/early-wins-trust")
    page.get_by_role("link", name="Write down the review's question").click()
    page.fill("#f-question", "What works, for whom?")
    page.get_by_role("button", name="Change the settings").click()
    expect(page.locator("#status")).to_have_text("The settings are changed.")
    page.get_by_role("link", name="Home").click()
    expect(page.locator(".lead")).to_have_text("What works, for whom?")


def test_a_taken_name_is_said_at_the_form_and_nothing_typed_is_lost(page: Page) -> None:
    page.goto("/reviews/new")
    page.fill("#f-title", "Again")
    page.fill("#f-slug", "new")
    page.get_by_role("button", name="Begin the review").click()
    expect(page.locator("#f-slug-told")).to_contain_text("choose another")
    assert page.evaluate("document.activeElement.id") == "f-slug"
    page.reload()
    expect(page.locator("#f-title")).to_have_value("Again")
    page.evaluate("localStorage.clear()")


def test_a_token_is_shown_once_beside_a_button_that_copies_it(page: Page) -> None:
    page.goto("/account")
    page.fill("#token-name", "notebook")
    page.get_by_role("button", name="Make the token").click()
    secret = page.locator("#secret").input_value()
    assert secret.startswith("rtd_")
    expect(page.get_by_role("button", name="Copy")).to_be_visible()
    assert page.url.endswith("/account")
    assert complaints(page) == []
    page.reload()
    expect(page.locator("#secret")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("notebook")


def test_an_archive_goes_up_and_its_progress_takes_no_focus(page: Page) -> None:
    download = page.request.get(f"/api/v1{REVIEW}/archive?history=false")
    page.goto("/reviews/new")
    archive = {"name": "vignette.zip", "mimeType": "application/zip", "buffer": download.body()}
    page.set_input_files("#archive-file", archive)  # type: ignore[arg-type]
    page.check("#archive-copy")
    page.get_by_role("button", name="Look into it").click()
    expect(page.locator("#job-title")).to_have_text("Looking into an archive")
    page.focus(".brand")
    expect(page.locator("#job")).to_contain_text("The archive is sound", timeout=20_000)
    assert page.evaluate("document.activeElement.className") == "brand"
    assert complaints(page) == []
    page.fill("#f-slug", "vignette-by-archive")
    page.get_by_role("button", name="Let it in").click()
    leads = page.get_by_role("link", name="Go to the review")
    expect(leads).to_be_visible(timeout=20_000)
    leads.click()
    expect(page.locator("h1")).to_contain_text("Training vignette")
    listed = json.loads(page.request.get("/api/v1/reviews").text())
    assert "vignette-by-archive" in [review["slug"] for review in listed["items"]]


def test_the_key_for_searching_leads_into_the_field(page: Page) -> None:
    page.goto(f"{REVIEW}/quotes")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("gm trust")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?q=gm(\+|%20)trust$"))
