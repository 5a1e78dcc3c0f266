"""What is refused is said in words at its field, and the focus is where it is mended."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import complaints
from tests.browser.conftest import REVIEW
from tests.browser.screens import SEED, TABLES

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]


def test_a_refusal_is_told_by_the_label_of_its_field(page: Page) -> None:
    page.goto(f"{SEED}/sources/new")
    page.fill("#f-title", "A work to come")
    page.fill("#f-year", "forthcoming")
    page.locator("form[data-sends] [type=submit]").last.click()
    expect(page.locator("#f-year")).to_be_focused()
    expect(page.locator("#f-year-told")).to_contain_text("not a whole number; write it in digits")
    expect(page.locator("#status")).to_have_text(
        "Year: not a whole number; write it in digits, such as 12"
    )
    page.evaluate("localStorage.clear()")


def test_a_link_without_reason_is_refused_at_the_reason(page: Page) -> None:
    page.goto(f"{TABLES}/chains")
    page.click("#accept-1")
    page.click("#do-accept-1")
    expect(page.locator("#reason-1")).to_be_focused()
    expect(page.locator("#reason-1-told")).to_have_text(
        "an asserted link needs a reason or evidence"
    )


def test_a_taken_name_is_marked_and_has_the_focus(page: Page) -> None:
    page.goto("/reviews/new")
    page.fill("#f-title", "Once more")
    page.fill("#f-slug", "trust-and-faith")
    page.get_by_role("button", name="Begin the review").click()
    expect(page.locator("#f-slug")).to_be_focused()
    expect(page.locator("#f-slug-told")).to_contain_text("choose another name in addresses")
    page.evaluate("localStorage.clear()")


def test_a_quote_is_named_as_it_is_cited(page: Page) -> None:
    page.goto(f"{REVIEW}/configurations/new")
    page.fill("#e3-wording", "trust grows")
    page.fill("#v1-quote", "q1")
    page.locator("#compose [type=submit]").click()
    expect(page.locator("#status")).to_contain_text("Coded as C")


def test_a_refused_field_keeps_its_hint_and_is_described_by_what_is_wrong(page: Page) -> None:
    page.goto(f"{REVIEW}/configurations/new")
    page.fill("#e3-wording", "trust grows")
    page.fill("#v1-quote", "999")
    page.locator("#compose [type=submit]").click()
    expect(page.locator("#v1-quote")).to_have_attribute("aria-describedby", "v1-quote-told")
    assert complaints(page) == []
    page.goto("/reviews/new")
    page.fill("#f-title", "Once more")
    page.fill("#f-slug", "trust-and-faith")
    for _ in range(2):
        page.get_by_role("button", name="Begin the review").click()
        expect(page.locator("#f-slug")).to_have_attribute(
            "aria-describedby", "f-slug-hint f-slug-told"
        )
    page.evaluate("localStorage.clear()")


def test_without_scripts_a_refused_form_is_as_it_was_when_one_goes_back(plain_page: Page) -> None:
    plain_page.goto(f"{REVIEW}/configurations/new")
    plain_page.fill("#e3-wording", "trust grows")
    plain_page.fill("#e3-concept", "Trust")
    plain_page.fill("#v1-quote", "999")
    plain_page.locator("#compose [type=submit]").click()
    expect(plain_page.locator("main")).to_contain_text("there is no Q999")
    plain_page.go_back()
    for place, words in (("wording", "trust grows"), ("concept", "Trust")):
        expect(plain_page.locator(f"#e3-{place}")).to_have_value(words)
    plain_page.goto(f"{REVIEW}/links/new")
    plain_page.fill("#from", "C1")
    plain_page.fill("#to", "C999")
    plain_page.get_by_role("button", name="Assert the link").click()
    expect(plain_page.locator("main")).to_contain_text("another look")
    plain_page.go_back()
    expect(plain_page.locator("#from")).to_have_value("C1")
    expect(plain_page.locator("#to")).to_have_value("C999")


def test_the_focus_goes_on_where_a_form_has_led(page: Page) -> None:
    page.goto(f"{TABLES}/chains")
    page.click("#accept-1")
    page.fill("#reason-1", "the same trust")
    page.focus("#do-accept-1")
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_contain_text("is asserted now")
    expect(page.locator("#accept-1")).to_be_focused()
    page.goto(f"{TABLES}/history")
    page.locator("main a[href*='/history/']").first.click()
    page.click("#take-back")
    page.focus("#do-take-back")
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_contain_text("Taken back by")
    expect(page.locator("#main")).to_be_focused()


def test_a_refusal_of_no_field_keeps_the_focus_at_its_form(page: Page) -> None:
    page.goto(f"{SEED}/members")
    page.fill("#f-email", "nobody@example.org")
    button = page.get_by_role("button", name="Let in")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#status.is-problem")).not_to_be_empty()
    assert page.evaluate("document.activeElement.closest('form[data-draft=member]') !== null")
    page.evaluate("localStorage.clear()")
