"""Reading, printed pages and the composer for everybody: axe, both themes, phones."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import complaints, overflow
from tests.browser.conftest import REVIEW

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]

API = f"/api/v1{REVIEW}"
PDF = Path(__file__).parents[2] / "seeds/training-vignette/documents/training-vignette.pdf"


def printed(page: Page) -> str:
    """The address of the vignette as a PDF, with a passage parked in it."""
    source = page.request.post(f"{API}/sources", data={"title": "The vignette, printed"}).json()
    made = page.request.post(
        f"{API}/sources/{source['id']}/documents?file_name=vignette.pdf",
        data=PDF.read_bytes(),
        headers={"Content-Type": "application/pdf"},
    )
    number = made.json()["id"]
    exact = "Two winters ago the regional office told the three of them"
    quote = {"source_id": source["id"], "document_id": number, "exact": exact, "is_parked": True}
    assert page.request.post(f"{API}/quotes", data=quote).ok
    return f"{REVIEW}/documents/{number}/pdf"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_minds_nothing_while_coding(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for path in (f"{REVIEW}/documents/1", printed(page)):
        page.goto(path)
        if path.endswith("/pdf"):
            expect(page.locator("#page-1[data-drawn]")).to_be_visible(timeout=20_000)
        page.keyboard.press("j")
        expect(page.locator("#bar")).to_be_visible()
        page.locator("[data-change]").first.click()
        expect(page.locator(".quick").first).to_be_visible()
        assert complaints(page) == []
        for key in ("n", "e", "c", "t", "m", "?"):
            page.keyboard.press(key)
            expect(page.locator("dialog[open]")).to_be_visible()
            page.wait_for_timeout(200)
            assert complaints(page) == []
            page.keyboard.press("Escape")
            expect(page.locator("dialog[open]")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_minds_nothing_while_composing(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for path in ("configurations/new?template=ICAMO", "configurations/1/edit"):
        page.goto(f"{REVIEW}/{path}")
        page.locator("#paste summary").click()
        page.evaluate("document.querySelectorAll('.more').forEach((m) => (m.open = true))")
        assert complaints(page) == []


def test_nothing_is_wider_than_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    paths = [printed(page), f"{REVIEW}/documents/1", f"{REVIEW}/configurations/1/edit"]
    for path in paths:
        page.goto(path)
        assert overflow(page) <= 0, path


def test_on_a_phone_what_is_coded_is_a_sheet(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{REVIEW}/documents/1")
    entry = page.locator("#coded li").first
    expect(entry).to_be_hidden()
    page.click("#handle")
    expect(page.locator("#handle")).to_have_attribute("aria-expanded", "true")
    expect(entry).to_be_visible()
    entry.get_by_role("link", name="in the text").click()
    expect(entry).to_be_hidden()
    expect(page.locator("#bar")).to_be_visible()
