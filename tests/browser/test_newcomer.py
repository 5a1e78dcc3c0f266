"""Somebody new, with the shipped reviews and the tour: from a passage to an evidence table."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]


def go_on(page: Page) -> None:
    page.click("#tour button:has-text('Next')")
    expect(page.locator("#tour")).to_be_visible()


def test_a_newcomer_gets_from_a_passage_to_an_evidence_table(page: Page, tmp_path: Path) -> None:
    page.goto("/")
    page.click("text=Help")
    page.click("text=Take the tour")
    page.click("text=Start the tour")
    expect(page.locator("#tour")).to_contain_text("Step 1 of 10")
    for _ in range(3):
        go_on(page)
    expect(page.locator("#tour")).to_contain_text("Coding")
    expect(page.locator(".rail-title")).to_contain_text("Training vignette")

    page.locator("#text").focus()
    for _ in range(14):
        page.keyboard.press("j")
    page.keyboard.press("n")
    page.fill("#dialog-configuration [name=context_wording]", "promises that were small")
    page.fill("#dialog-configuration [name=context_concept]", "Small promises of a newcomer")
    page.fill("#dialog-configuration [name=outcome_wording]", "they trusted each other")
    page.fill("#dialog-configuration [name=outcome_concept]", "Trust seen by a newcomer")
    page.click("#dialog-configuration [value=code]")
    expect(page.locator("#status")).to_contain_text("Coded as C")

    go_on(page)
    expect(page.locator("main")).to_contain_text("Small promises of a newcomer")
    expect(page.locator("main")).to_contain_text("Trust seen by a newcomer")
    go_on(page)
    go_on(page)
    expect(page.locator("h1")).to_contain_text(re.compile("chain", re.IGNORECASE))
    expect(page.locator(".joint.suggested").first).to_be_visible()
    step = page.locator(".way a[href*='/configurations/']").first
    step.click()
    expect(page.locator("h1")).to_be_visible()
    go_on(page)
    go_on(page)
    with page.expect_download() as file:
        page.click("a[href*='format=xlsx']")
    kept = tmp_path / file.value.suggested_filename
    file.value.save_as(kept)
    assert kept.read_bytes()[:2] == b"PK"
    go_on(page)
    expect(page.locator("#tour")).to_contain_text("Step 10 of 10")
    page.click("#tour button:has-text('End the tour')")
    expect(page.locator("#tour")).to_have_count(0)
