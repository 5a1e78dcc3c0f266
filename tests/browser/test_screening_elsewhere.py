"""Decisions made in Rayyan, from the exported file to the overview, and back out again."""

from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import complaints, overflow
from tests.browser.test_library import ask

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]

NUMBERS = count(1)
FILE = (
    "key,title,year,authors,journal,doi,abstract,notes\n"
    'a,Work 1 on trust,2001,,,,,"RAYYAN-INCLUSION: {""Uma""=>""Included"", ""Bo""=>""Included""}"\n'
    'b,Work 2 on trust,2002,,,,,"RAYYAN-INCLUSION: {""Uma""=>""Included"", ""Bo""=>""Excluded""}"\n'
    'c,Somewhere else,2003,,,,,"RAYYAN-INCLUSION: {""Uma""=>""Included""}"\n'
)


@pytest.fixture
def home(page: Page) -> str:
    """A review of the test's own, with two sources."""
    slug = f"elsewhere-{next(NUMBERS)}"
    ask(page, "", {"slug": slug, "title": slug, "template": "CMO"})
    items = [{"title": f"Work {n} on trust", "year": 2000 + n} for n in (1, 2)]
    ask(page, f"/{slug}/sources/bulk", {"items": items})
    return f"/{slug}"


def test_decisions_are_looked_at_taken_in_and_taken_back(
    page: Page, home: str, tmp_path: Path
) -> None:
    exported = tmp_path / "articles.csv"
    exported.write_text(FILE)
    page.goto(f"/reviews{home}/screening")
    page.get_by_role("link", name="Decisions made elsewhere").click()
    page.set_input_files("[name=_file]", exported)
    page.get_by_label("Title and abstract").check()
    page.get_by_role("button", name="Look at it first").press("Enter")
    expect(page.locator("#preview-title")).to_contain_text("What would be decided")
    expect(page.locator("#under-way")).to_contain_text("no source has its DOI")
    page.get_by_label("Bo, 2 decisions").select_option(index=1)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        assert complaints(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert overflow(page) <= 0
    page.get_by_role("button", name="Take 4 decisions in").press("Enter")
    expect(page.locator("#result-title")).to_have_text("4 decisions came in at Title and abstract")
    page.get_by_role("button", name="Take back, with its 4 decisions").press("Enter")
    expect(page.locator("main")).to_contain_text("taken back by")
    assert ask(page, f"{home}/decisions")["items"] == []
