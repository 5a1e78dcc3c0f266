"""What was deleted is brought back from its own address, with keys."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import complaints, overflow
from tests.browser.conftest import REVIEW

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]

API = f"/api/v1{REVIEW}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_was_deleted_comes_back_from_where_it_was(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    made = page.request.post(f"{API}/quotes", data={"source_id": 1, "exact": "soon back"}).json()
    here = f"{REVIEW}/quotes/{made['id']}"
    page.request.delete(f"{API}/quotes/{made['id']}", headers={"If-Match": "*"})
    page.goto(here)
    expect(page.locator("h1")).to_have_text(f"Q{made['id']} was deleted")
    assert complaints(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert overflow(page) <= 0
    page.focus("#bring-back")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_contain_text("soon back")
    expect(page.locator("#status")).to_have_text(f"Q{made['id']} is back.")
    assert page.url.endswith(here)
