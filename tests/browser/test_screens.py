"""What holds on every screen: nothing axe minds, light and dark, and none wider than a phone."""

import pytest
from playwright.sync_api import Page

from tests.browser.accessibility import complaints, overflow
from tests.browser.screens import SCREENS

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    found = {}
    for screen in SCREENS:
        page.goto(screen)
        found[screen] = complaints(page)
    assert {screen: minded for screen, minded in found.items() if minded} == {}


def test_no_screen_is_wider_than_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    wider = {}
    for screen in SCREENS:
        page.goto(screen)
        wider[screen] = overflow(page)
    assert {screen: by for screen, by in wider.items() if by > 0} == {}
