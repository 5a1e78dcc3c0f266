"""What holds on every screen: nothing axe minds, light and dark, and none wider than a phone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import check_screens
from tests.browser.screens import SCREENS, SEED, VIGNETTE

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]
SHARES = 2  # so that workers can take turns


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_every_screen(page: Page, scheme: str, share: int) -> None:
    check_screens(page, scheme, SCREENS[share::SHARES])


@pytest.mark.parametrize(
    "address",
    [f"{SEED}/configurations/new", f"{SEED}/concepts", f"{VIGNETTE}/documents/1", "/tour"],
)
def test_without_scripts_nothing_shows_that_needs_them(plain_page: Page, address: str) -> None:
    plain_page.goto(address)
    assert plain_page.locator("button:visible").count()
    expect(plain_page.locator("[hidden]:visible")).to_have_count(0)
    expect(plain_page.locator("[data-fold-all]:visible")).to_have_count(0)
