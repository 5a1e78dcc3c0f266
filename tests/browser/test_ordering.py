"""Tables put in order by the links of their head, and what people refuted on a chain."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import complaints
from tests.browser.screens import SEED

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]


def first_of(page: Page) -> str:
    return page.locator("tbody tr").first.locator("th").inner_text()


def test_sources_are_put_in_order_with_keys(page: Page) -> None:
    page.goto(f"{SEED}/sources")
    year = page.locator("#sort-year")
    year.focus()
    page.keyboard.press("Enter")
    expect(page.locator("th:has(#sort-year)")).to_have_attribute("aria-sort", "descending")
    expect(year).to_be_focused()
    newest = first_of(page)
    page.keyboard.press("Enter")
    expect(page.locator("th:has(#sort-year)")).to_have_attribute("aria-sort", "ascending")
    assert first_of(page) != newest
    page.locator("#sort-title").click()
    expect(page.locator("th:has(#sort-title)")).to_have_attribute("aria-sort", "ascending")
    expect(page.locator("th[aria-sort]")).to_have_count(1)


def test_a_refuted_link_is_crossed_out_on_its_chain(page: Page) -> None:
    api = f"/api/v1{SEED}"
    asked = f"{SEED}/chains?to=K1"
    answer = page.request.get(f"/api/v1{asked}").json()
    link = answer["links"][0]["links"][0]
    before = page.request.get(f"{api}/links/{link}").headers["etag"]
    verdict = {"verdict": "refuted", "decided_on": "2026-05-02", "reason": "read again"}
    given = page.request.post(
        f"{api}/links/{link}/verdicts", data=verdict, headers={"If-Match": before}
    )
    assert given.ok, given.text()
    page.goto(asked)
    expect(page.locator(".joint.refuted").first).to_contain_text("refuted")
    expect(page.locator("#figure .fitted > svg:last-child")).to_contain_text("✕ refuted")
    assert complaints(page) == []
    change = page.request.get(f"{api}/history?kind=L&number={link}").json()["items"][-1]["id"]
    assert page.request.post(f"{api}/history/{change}/undo").ok
