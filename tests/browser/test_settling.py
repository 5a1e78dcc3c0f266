"""Settling quotes one after another with keys alone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import complaints, overflow
from tests.browser.conftest import REVIEW

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]

API = f"/api/v1{REVIEW}"
TEXT = (
    "In spring they met them twice. A winter passed, and in autumn they met them twice again.\n\n"
    "Trust between the partners took its time to grow."
)


@pytest.fixture
def quotes(page: Page) -> list[int]:
    """Two ambiguous quotes, an approximate and a lost one, of a source of their own."""
    source = page.request.post(f"{API}/sources", data={"title": "To be settled"}).json()["id"]
    page.request.post(
        f"{API}/sources/{source}/documents?file_name=spring.txt",
        data=TEXT.encode(),
        headers={"Content-Type": "text/plain"},
    )
    made = []
    for exact in (
        "they met them twice",
        "met them twice",
        "Trust between these partners takes its time to grow.",
        "Trust of all these partners there took very much time for growing.",
    ):
        answer = page.request.post(f"{API}/quotes", data={"source_id": source, "exact": exact})
        made.append(answer.json()["id"])
    return made


def read(page: Page, number: int) -> dict[str, object]:
    found: dict[str, object] = page.request.get(f"{API}/quotes/{number}").json()
    return found


def test_places_are_chosen_down_a_list_with_keys(page: Page, quotes: list[int]) -> None:
    page.goto(f"{REVIEW}/quotes?verification=ambiguous")
    first, second = (page.locator(f"#settle-Q{n}") for n in quotes[:2])
    first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"#place-{quotes[0]}-2")).to_be_visible()
    assert complaints(page) == []
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.locator(f"#place-{quotes[0]}-1").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_have_text(f"Q{quotes[0]} has its place now.")
    assert read(page, quotes[0])["start_at"] == TEXT.rindex("they met")
    expect(first).to_have_count(0)
    expect(second).to_be_focused()


def test_words_are_taken_from_the_text_as_chosen(page: Page, quotes: list[int]) -> None:
    number = quotes[2]
    page.goto(f"{REVIEW}/quotes?verification=approximate")
    page.locator(f"#settle-Q{number}").click()
    page.locator(f"#take-{number}-1").uncheck()
    page.locator(f"#read-{number}").click()
    reads = page.locator(f"#reads-{number}")
    expect(reads).to_have_text("Trust between these partners took its time to grow.")
    page.locator(f"#correct-{number}").click()
    expect(page.locator("#status")).to_contain_text("are corrected")
    assert read(page, number)["exact"] == "Trust between these partners took its time to grow."


def test_the_text_opens_where_a_lost_quote_may_stand(page: Page, quotes: list[int]) -> None:
    page.goto(f"{REVIEW}/quotes/{quotes[3]}")
    page.get_by_role("link", name="Open the text there").click()
    expect(page.locator("#bar")).to_be_visible()
    expect(page.locator(f"#coded-{quotes[3]}")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_settling_is_accessible_and_fits_a_phone(
    page: Page, quotes: list[int], scheme: str
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    paths = [f"quotes/{number}" for number in quotes]
    for path in [*paths, "documents/verification", "check?only=quote_unverified"]:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(f"{REVIEW}/{path}")
        if "/" not in path or path.startswith("documents"):
            page.locator(".settle-here summary").first.click()
            expect(page.locator("#settle")).to_be_visible()
        assert complaints(page) == [], path
        page.set_viewport_size({"width": 390, "height": 844})
        assert overflow(page) <= 0, path
