"""What holds on every screen: nothing axe minds, light and dark, and none wider than a phone."""

import pytest
from playwright.sync_api import Page

from tests.browser.accessibility import check_screens
from tests.browser.screens import SCREENS

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]
SHARES = 2  # so that workers can take turns


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_every_screen(page: Page, scheme: str, share: int) -> None:
    check_screens(page, scheme, SCREENS[share::SHARES])
