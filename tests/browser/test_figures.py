"""Figures within a page: their colours by theme, and their size by the width there is."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.accessibility import complaints
from tests.browser.screens import SEED, TABLES

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]

LONG = f"{TABLES}/chains?from=K9&to=K12"
FIGURES = (LONG, f"{LONG}&possible=true&limit=40", f"{SEED}/chains?to=K1", f"{SEED}/flow")
PAINTS = """() => [...document.querySelectorAll(".figure svg text")].map((text) => {
    const luminance = (paint) => {
        const [r, g, b] = paint.match(/[\\d.]+/g).slice(0, 3).map((part) => {
            const share = part / 255;
            return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const shapes = [...document.querySelectorAll(".figure svg :is(rect, circle, path)")]
        .filter((shape) => getComputedStyle(shape).fill !== "none");
    const { left, top, width, height } = text.getBoundingClientRect();
    const [x, y] = [left + width / 2, top + height / 2];
    const behind = shapes.filter((shape) => {
        const box = shape.getBoundingClientRect();
        return box.left <= x && x <= box.right && box.top <= y && y <= box.bottom
            && shape.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING;
    }).at(-1);
    const [one, other] = [text, behind].map((part) => luminance(getComputedStyle(part).fill));
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    return [text.textContent, contrast];
}).filter(([, contrast]) => contrast < 4.5)"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", FIGURES)
def test_a_figure_has_the_colours_of_the_page(page: Page, scheme: Any, address: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(address)
    paper = page.locator(".figure svg > rect").first
    is_dark = paper.evaluate("it => Number(getComputedStyle(it).fill.match(/\\d+/)[0]) < 128")
    assert is_dark == (scheme == "dark")
    assert page.evaluate(PAINTS) == []
    assert complaints(page) == []


def test_a_figure_taken_along_stays_light(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(LONG)
    with page.expect_download() as file:
        page.click("#as-arranged")
    assert 'fill="#ffffff"' in file.value.path().read_text()
