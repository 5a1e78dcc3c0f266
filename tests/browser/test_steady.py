"""Nothing moves under the reader's eyes while a page and its scripts arrive."""

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.browser.accessibility import LAPTOP, PHONE
from tests.browser.screens import SEED, TABLES, VIGNETTE

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]

MOVED = """() => new Promise((tell) => {
    let moved = 0;
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) moved += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
    setTimeout(() => tell(moved), 700);
})"""
ADDRESSES = (
    f"{VIGNETTE}/documents/1",
    f"{VIGNETTE}/configurations/1/edit",
    f"{SEED}/configurations/new",
    f"{SEED}/matrix",
    f"{TABLES}/chains?from=K9&to=K12",
)


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_stays_where_it_is_when_scripts_arrive(
    page: Page, size: ViewportSize, address: str
) -> None:
    page.set_viewport_size(size)
    answer = page.goto(address)
    assert answer
    assert answer.ok
    assert page.evaluate(MOVED) < 0.005


def test_what_only_scripts_make_useful_is_not_offered_without(plain_page: Page) -> None:
    plain_page.goto(f"{VIGNETTE}/documents/1")
    assert not plain_page.locator("#find").is_visible()
    assert not plain_page.locator("#narrowing").is_visible()
    assert plain_page.locator("#coded li").first.is_visible()
    plain_page.goto(f"{VIGNETTE}/configurations/1/edit")
    assert not plain_page.locator("[data-add]").first.is_visible()
    assert plain_page.locator("details.one-more").first.is_visible()
    plain_page.goto(f"{TABLES}/chains?from=K9&to=K12")
    assert not plain_page.locator("#fit").is_visible()
