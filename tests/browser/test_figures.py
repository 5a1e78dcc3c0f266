"""Figures within a page: their colours by theme, and their size by the width there is."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import complaints
from tests.browser.screens import SEED, TABLES

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]

LONG = f"{TABLES}/chains?from=K9&to=K12"
DRAWN = "#figure .fitted > svg:last-child"
FIGURES = (LONG, f"{LONG}&possible=true&limit=40", f"{SEED}/chains?to=K1", f"{SEED}/flow")
SAID = ".figure svg :not([data-notes]) > text"
PAINTS = """(said) => [...document.querySelectorAll(said)].map((text) => {
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
    assert page.evaluate(PAINTS, SAID) == []
    assert complaints(page) == []


def test_a_figure_taken_along_stays_light(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(LONG)
    with page.expect_download() as file:
        page.click("#as-arranged")
    assert 'fill="#ffffff"' in file.value.path().read_text()


def wide(page: Page, what: str) -> float:
    """How many pixels wide something is on the page."""
    box = page.locator(what).bounding_box()
    assert box
    return box["width"]


def test_a_short_chain_is_seen_with_its_outcome(page: Page) -> None:
    page.goto(f"{SEED}/chains?to=K1")
    own = float(page.locator(DRAWN).get_attribute("width") or 0)
    assert wide(page, DRAWN) <= wide(page, "#figure") < own
    page.click("#actual-size")
    assert wide(page, DRAWN) == pytest.approx(own, abs=1)
    page.click("#fit")
    assert wide(page, DRAWN) < own


def test_letters_of_a_long_chain_stay_legible_and_are_never_enlarged(page: Page) -> None:
    page.goto(LONG)
    scale = wide(page, DRAWN) / float(page.locator(DRAWN).get_attribute("width") or 0)
    assert 12.5 * scale == pytest.approx(10, abs=0.1)
    page.set_viewport_size({"width": 2600, "height": 900})
    page.evaluate("document.querySelector('.page').style.maxWidth = 'none'")
    own = float(page.locator(DRAWN).get_attribute("width") or 0)
    assert wide(page, DRAWN) == pytest.approx(own, abs=1)


def test_what_stands_below_a_figure_is_read_without_scrolling(page: Page) -> None:
    page.goto(LONG)
    notes = page.locator(".notes")
    expect(notes).to_contain_text("Width of arrows")
    assert wide(page, ".notes") <= wide(page, "main")
    with page.expect_download() as file:
        page.click("#as-arranged")
    taken = file.value.path().read_text()
    assert "Width of arrows" in taken
    assert "display=" not in taken


def test_a_box_of_a_fitted_figure_follows_the_pointer(page: Page) -> None:
    page.goto(LONG)
    box = page.locator("#figure [data-box='C13'] rect").first
    before = box.bounding_box()
    assert before
    page.mouse.move(before["x"] + 60, before["y"] + 12)
    page.mouse.down()
    page.mouse.move(before["x"] + 100, before["y"] + 62, steps=4)
    page.mouse.up()
    after = box.bounding_box()
    assert after
    assert after["x"] - before["x"] == pytest.approx(40, abs=1)
    assert after["y"] - before["y"] == pytest.approx(50, abs=1)
