"""What axe-core finds on a page, against WCAG 2.2 AA and its own best practices."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from playwright.sync_api import Page, ViewportSize

LAPTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
UNFOLD = "for (const part of document.querySelectorAll('main details')) part.open = true"
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RUN = """async () => (await axe.run(document, {
    resultTypes: ["violations"], rules: {"target-size": {enabled: true}}})).violations.map(
    (v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(" | ")}`)"""


@cache
def source() -> str:
    return AXE.read_text()


def complaints(page: Page) -> list[str]:
    """Rule and places of everything axe minds on the page as it is now."""
    page.evaluate(source())
    found: list[str] = page.evaluate(RUN)
    return found


def check_screens(page: Page, scheme: str, addresses: Iterable[str]) -> None:
    """Go through screens with all that unfolds open: light on a laptop, dark on a phone.

    Axe minds nothing on any, and on the phone none is wider than the window.
    """
    is_dark = scheme == "dark"
    page.emulate_media(color_scheme="dark" if is_dark else "light")
    page.set_viewport_size(PHONE if is_dark else LAPTOP)
    minded = []
    for address in addresses:
        page.goto(address)
        page.evaluate(UNFOLD)
        wider = overflow(page) if is_dark else 0
        minded += [f"{address}: {complaint}" for complaint in complaints(page)]
        minded += [f"{address}: wider by {wider}"] if wider > 0 else []
    assert not minded, minded


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    wider: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return wider
