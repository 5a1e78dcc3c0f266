"""Nothing typed is lost: every form on these screens has it back after the page was left."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import UNFOLD
from tests.browser.screens import SEED, VIGNETTE

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]

OF_THE_SEED = """
    /sources/new /sources/1/edit /sources/1/appraisal /sources/1/screening /sources/1/records
    /screening/1 /screening/2 /screening/stages /screening/retrieval /imports /members /settings
    /appraisal/forms/new?shipped=mmat-2018 /concepts?edit=7 /concepts/1 /quotes/1 /memos /memos/1
    /configurations/new /configurations/1 /links/new /links/1 /theories /theories/1 /views
    /history/1 /chains?to=K1
"""
SCREENS = ("/account", "/account/users", *(f"{SEED}{path}" for path in OF_THE_SEED.split()))
TYPED = """() => [...document.querySelectorAll("form[data-sends]")].flatMap((form, f) =>
    [...form.elements].filter((field) => field.matches("textarea, input") && !field.matches(
        "[type=hidden], [type=password], [type=file], [type=checkbox], [type=radio], [data-place]"
    )).map((field) => [field, `${f} ${field.name}`]))"""
TYPE = f"""() => ({TYPED})().map(([field, name], n) => {{
    const words = {{number: String(n + 1), date: "2026-03-14", email: `a${{n}}@example.org`}};
    field.value = words[field.type] ?? `typed ${{n}}`;
    field.dispatchEvent(new Event("input", {{bubbles: true}}));
    return [name, field.value];
}})"""
READ = f"() => ({TYPED})().map(([field, name]) => [name, field.value])"


def lost(page: Page, address: str) -> list[Any]:
    """Type into every field of a screen, leave it, and return what is not there any more."""
    page.goto(address)
    page.evaluate(UNFOLD)
    typed = page.evaluate(TYPE)
    page.goto("about:blank")
    page.goto(address)
    back = page.evaluate(READ)
    return [one for one in typed if one not in back]


@pytest.mark.parametrize("share", range(2))
def test_what_is_typed_and_not_sent_is_there_again(page: Page, share: int) -> None:
    gone = {address: lost(page, address) for address in SCREENS[share::2]}
    assert {address: fields for address, fields in gone.items() if fields} == {}
    page.evaluate("localStorage.clear()")


def test_a_note_stays_with_the_source_it_was_typed_for(page: Page) -> None:
    page.goto(f"{SEED}/screening/1?source=1")
    page.fill("#note", "read the annex")
    page.goto(f"{SEED}/screening/1?source=2")
    expect(page.locator("#note")).to_have_value("")
    page.goto(f"{SEED}/screening/1?source=1")
    expect(page.locator("#note")).to_have_value("read the annex")
    page.evaluate("localStorage.clear()")


def test_names_of_people_are_kept_nowhere(page: Page) -> None:
    page.goto(f"{VIGNETTE}/documents/1/speakers")
    assert page.locator("form[action$='/pseudonyms'][data-draft]").count() == 0


def test_rows_that_were_added_are_there_again_with_what_is_in_them(page: Page) -> None:
    page.goto(f"{SEED}/appraisal/forms/new?shipped=mmat-2018")
    rows = page.locator("[data-rows=items] > [data-row]")
    for _ in range(2):
        rows.last.locator("textarea, input:not([data-place])").first.fill("one more")
        rows.last.locator("textarea, input:not([data-place])").first.press("Tab")
    many = rows.count()
    page.reload()
    expect(rows).to_have_count(many)
    page.evaluate("localStorage.clear()")
