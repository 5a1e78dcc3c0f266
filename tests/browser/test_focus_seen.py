"""What has the focus is seen: bars that stay at the bottom of the window cover it nowhere."""

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.browser.accessibility import PHONE
from tests.browser.screens import SEED, VIGNETTE

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]

SMALL: ViewportSize = {"width": 1280, "height": 800}
BAR = ".compose-actions, .tick-bar, .bar-coding"
MOST = 300
COVERED = f"""() => {{
    const bar = document.querySelector("{BAR}");
    const it = document.activeElement;
    if (it === document.body || bar.contains(it)) return null;
    const [over, under] = [bar.getBoundingClientRect(), it.getBoundingClientRect()];
    const isBeside = under.right <= over.left || under.left >= over.right;
    const isUnder = under.top >= over.top && over.bottom <= innerHeight + 1 && !isBeside;
    return isUnder ? it.outerHTML.slice(0, 120) : null;
}}"""


def covered(page: Page) -> list[str]:
    """Tab through the page, and return what had the focus wholly under a bar."""
    found = []
    for _ in range(MOST):
        page.keyboard.press("Tab")
        if one := page.evaluate(COVERED):
            found.append(one)
    return found


@pytest.mark.parametrize("size", [SMALL, PHONE], ids=["laptop", "phone"])
@pytest.mark.parametrize("path", ["new", "1/edit", ""])
def test_no_bar_covers_what_has_the_focus(page: Page, path: str, size: ViewportSize) -> None:
    page.set_viewport_size(size)
    page.goto(f"{SEED}/configurations/{path}".rstrip("/"))
    assert covered(page) == []


@pytest.mark.parametrize("size", [SMALL, PHONE], ids=["laptop", "phone"])
def test_no_bar_covers_what_has_the_focus_while_a_passage_is_chosen(
    page: Page, size: ViewportSize
) -> None:
    page.set_viewport_size(size)
    page.goto(f"{VIGNETTE}/documents/1")
    page.locator("#text").press("j")
    assert page.locator(".bar-coding").is_visible()
    assert covered(page) == []
