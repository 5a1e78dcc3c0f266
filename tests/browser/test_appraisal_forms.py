"""A form of appraisal made from a shipped one, its items moved by keys, and judged with."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import complaints, overflow
from tests.browser.test_library import ask

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]

SLUG = "forms-of-appraisal"


@pytest.fixture
def home(page: Page) -> str:
    """A review of the test's own, with a source."""
    ask(page, "", {"slug": SLUG, "title": SLUG, "template": "CMO"})
    ask(page, f"/{SLUG}/sources", {"title": "A work on trust"})
    return f"/{SLUG}"


def test_a_shipped_form_is_copied_changed_and_judged_with(page: Page, home: str) -> None:
    page.goto(f"/reviews{home}/appraisal/forms")
    page.get_by_role("link", name="Copy and change Richness").press("Enter")
    page.get_by_label("Title").fill("Our richness")
    second = page.get_by_role("group", name="Item").nth(1)
    asked = second.get_by_label("What is asked").input_value()
    up = second.get_by_role("button", name="Up")
    up.press("Enter")
    first = page.get_by_role("group", name="Item").first
    expect(first.get_by_label("What is asked")).to_have_value(asked)
    expect(first.get_by_role("button", name="Up")).to_be_focused()
    expect(page.locator("#status")).to_have_text("Place 1 of 6")
    page.get_by_role("group", name="Item").nth(1).get_by_role("button", name="Leave out").press(
        "Enter"
    )
    rows = page.locator("[data-rows=items] > [data-row]")
    last = rows.last
    last.get_by_label("Key", exact=True).fill("own")
    expect(rows).to_have_count(7)
    rows.nth(5).get_by_label("What is asked").fill("Does it say who spoke?")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        assert complaints(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert overflow(page) <= 0
    page.get_by_role("button", name="Make the form").press("Enter")
    expect(page.locator("h1")).to_have_text("Our richness")
    assert complaints(page) == []
    expect(page.locator(".items dd").last).to_contain_text("Does it say who spoke?")
    [form] = ask(page, f"{home}/appraisal-forms")["items"]
    assert [item["text"] for item in form["wordings"][0]["items"]][::2] == [
        asked,
        "Does it say who spoke?",
    ]
    page.goto(f"/reviews{home}/sources/1/appraisal")
    page.get_by_role("link", name="Our richness").click()
    expect(page.get_by_role("form", name="Judge its richness")).to_contain_text("who spoke?")
