"""Matrix, chains, evidence table, theories, history: their journeys with keys and mouse."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.screens import SEED, TABLES

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]


def focused(page: Page) -> Any:
    return page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()")


def test_a_cell_opens_beside_the_matrix_and_gives_focus_back(page: Page) -> None:
    page.goto(f"{SEED}/matrix")
    cell = page.locator(".matrix td a").first
    cell.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#drawer-title")).to_be_focused()
    expect(page.locator("#drawer .quoted").first).to_be_visible()
    assert "cell=" in page.url
    opened = page.url
    page.keyboard.press("Escape")
    expect(cell).to_be_focused()
    expect(page.locator("#drawer")).to_be_hidden()
    assert "cell=" not in page.url
    page.goto(opened)  # the open cell is in the address
    expect(page.locator("#drawer-title")).to_be_visible()


def test_no_heading_of_the_matrix_is_cut(page: Page) -> None:
    page.goto(f"{SEED}/matrix")
    cut = page.evaluate(
        """() => {
            const edge = document.getElementById("grid").getBoundingClientRect().right;
            return [...document.querySelectorAll(".matrix thead th")].filter((head) => {
                const { left, right } = head.getBoundingClientRect();
                return left < edge - 2 && right > edge + 2;
            }).length;
        }"""
    )
    assert cut == 0


def test_a_mechanism_is_found_by_its_name(page: Page) -> None:
    page.goto(f"{SEED}/matrix")
    offered = page.locator("#mechanisms option").first.get_attribute("value") or ""
    page.fill("#f-through", offered.partition(" ·")[0].removesuffix(", with narrower"))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"through=K\d+"))
    expect(page.locator("#f-through")).to_have_value(re.compile(r"· K\d+"))


def test_boxes_of_a_chain_are_moved_by_mouse_and_keys_and_stay(page: Page) -> None:
    page.goto(f"{TABLES}/chains?from=K9&to=K12&limit=2")
    box = page.locator("#figure [data-box='C13'], #figure [data-box^='C']").first
    page.click("#actual-size")
    place = box.bounding_box()
    assert place
    page.mouse.move(place["x"] + 60, place["y"] + 12)
    page.mouse.down()
    page.mouse.move(place["x"] + 100, place["y"] + 52, steps=4)
    page.mouse.up()
    expect(box).to_have_attribute("transform", "translate(40 40)")
    assert "/chains" in page.url
    page.click("#arrange")
    box.locator("a").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    expect(box).to_have_attribute("transform", "translate(52 38)")
    page.reload()
    expect(box).to_have_attribute("transform", "translate(52 38)")
    with page.expect_download() as file:
        page.click("#as-arranged")
    assert "translate(52 38)" in file.value.path().read_text()
    page.click("#put-back")
    assert box.get_attribute("transform") is None


def test_a_suggested_link_is_refused_and_comes_back(page: Page) -> None:
    page.goto(f"{TABLES}/chains")
    first = page.locator(".suggestion .head").first.inner_text()
    page.click("#refuse-1")
    page.click("#do-refuse-1")  # the browser asks for the reason
    page.fill("#why-not-1", "another trust")
    page.click("#do-refuse-1")
    expect(page.locator("#status")).to_have_text("Refused; it is offered no more.")
    assert page.locator(".suggestion .head").first.inner_text() != first
    page.click("text=Refused for good >> nth=-1")
    page.click("#take-back-1")
    expect(page.locator("#status")).to_have_text("It is offered again.")
    assert page.locator(".suggestion .head").first.inner_text() == first


def test_columns_of_the_table_are_put_in_order_by_keys(page: Page) -> None:
    page.goto(f"{SEED}/evidence?columns=configuration&columns=stance&columns=quote_text")
    page.focus("#left-quote_text")
    page.keyboard.press("Enter")
    expect(page.locator(".evidence thead th")).to_have_text(["CMOC", "Words quoted", "Stance"])
    assert focused(page) == "left-quote_text"
    page.select_option("#add", "cite_key")
    page.click("#show")
    expect(page.locator(".evidence thead th").last).to_have_text("Cite key")
    page.click(".keep summary")
    page.fill("#view-title", "Words and keys")
    page.click("#view-keep")
    expect(page.locator("#status")).to_have_text("Kept as Words and keys.")
    page.goto(f"{SEED}/views")
    page.click("text=Words and keys")
    expect(page.locator(".evidence thead th")).to_have_count(4)


def test_the_words_quoted_are_seen_without_scrolling(page: Page) -> None:
    page.goto(f"{SEED}/evidence")
    quote = page.locator(".evidence thead th", has_text="Words quoted").bounding_box()
    sheet = page.locator(".sheet .scroll").bounding_box()
    assert quote
    assert sheet
    assert quote["x"] + quote["width"] <= sheet["x"] + sheet["width"]


def test_a_theory_is_stated_and_judged_and_that_is_taken_back(page: Page) -> None:
    page.goto("/reviews/training-vignette/theories")
    if page.locator("#theory-title").is_hidden():
        page.click("#write")
    page.fill("#theory-title", "Visits first")
    page.fill("#theory-first", "If people meet, they trust.")
    page.click("#do-write")
    page.wait_for_url(re.compile(r"/theories/\d+$"))
    page.click("#judge-1")
    page.fill("#verdict-why-1", "they did meet")
    page.click("#do-judge-1")
    expect(page.locator("#status")).to_contain_text("stands.")
    expect(page.locator(".verdicts")).to_contain_text("they did meet")
    page.click("text=Its history")
    page.locator(".list .title").first.click()
    page.click("#take-back")
    page.fill("#undo-why", "too early")
    page.click("#do-take-back")
    expect(page.locator("#status")).to_contain_text("Taken back by H")
    expect(page.locator("main")).to_contain_text("too early")
