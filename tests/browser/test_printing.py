"""Screens on paper: as Chromium prints them, looked at page by page."""

import pypdfium2
import pytest
from playwright.sync_api import Page

from tests.browser.screens import SEED, TABLES, VIGNETTE

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]


class Printed:
    """What a screen becomes on paper."""

    def __init__(self, page: Page, address: str) -> None:
        page.goto(address)
        with pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True)) as book:
            self.sizes = [sheet.get_size() for sheet in book]
            self.words = [sheet.get_textpage().get_text_bounded() for sheet in book]
            self.inks = [darkest_columns(sheet) for sheet in book]

    @property
    def text(self) -> str:
        """All words, from the first page to the last."""
        return " ".join(" ".join(self.words).split())

    @property
    def is_whole(self) -> bool:
        """Say whether every page ends in a margin, so that nothing is cut at its edge."""
        return not any(ink > 0.985 for ink in self.inks)


def darkest_columns(sheet: pypdfium2.PdfPage) -> float:
    """How far to the right of a page there is ink, as a share of its width."""
    picture = sheet.render(scale=1).to_pil().convert("L").point(lambda level: 255 * (level < 200))
    box = picture.getbbox()
    return box[2] / picture.width if box else 0.0


def test_the_evidence_table_prints_on_landscape_pages_with_all_its_columns(page: Page) -> None:
    printed = Printed(page, f"{SEED}/evidence")
    assert all(width > height for width, height in printed.sizes)
    first = " ".join(printed.words[0].split())
    assert "Evidence table" in first
    assert "how strong a claim is" in first
    titles = page.locator(".evidence thead th").all_inner_texts()
    bare = "".join("".join(printed.words[1]).split())
    assert [title for title in titles if "".join(title.split()) not in bare] == []
    assert "".join(printed.text.split()).count("Foundinthetext") >= len(printed.sizes)
    assert printed.is_whole


def test_chains_print_with_their_last_box(page: Page) -> None:
    printed = Printed(page, f"{TABLES}/chains?from=K9&to=K12")
    assert "C24" in printed.words[0]
    assert "Collaborative effectiveness" in " ".join(printed.words[0].split())
    assert printed.is_whole


def test_a_text_prints_without_what_is_pressed(page: Page) -> None:
    printed = Printed(page, f"{VIGNETTE}/documents/1")
    assert "Find in this document" not in printed.text
    assert "Next still open" not in printed.text
    assert printed.text.count("Coded here") == 1
    assert "I have been in four partnerships in nine years" in printed.text
    assert printed.is_whole


@pytest.mark.parametrize(
    ("path", "last", "needless"),
    [
        ("/matrix", "all, each once", "Select a cell"),
        ("/configurations/1", "What stands on it", "change or untie"),
        ("/theories/2", "Certainty", "Add a ground"),
        ("/flow", "Awaiting a decision", "Download"),
        ("/sources/1", "Configurations that rest on it", "Add its full text"),
        ("/memos", "juxtapose", "Write a memo"),
    ],
)
def test_screens_print_whole_and_without_what_is_pressed(
    page: Page, path: str, last: str, needless: str
) -> None:
    printed = Printed(page, SEED + path)
    assert last in printed.text
    assert needless not in printed.text
    assert printed.is_whole
