"""Names behind pseudonyms, given and forgotten by keys alone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import complaints, overflow
from tests.browser.test_library import ask

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]

SLUG = "speakers-of-a-talk"
TEXT = "Mary Smith: We met weekly.\nBo: Yes.\nMary Smith: It helped.\nBo: It did.\n"


def test_a_speaker_gets_a_pseudonym_and_the_name_is_forgotten(page: Page) -> None:
    ask(page, "", {"slug": SLUG, "title": SLUG, "template": "CMO"})
    ask(page, f"/{SLUG}/sources", {"title": "A talk", "kind": "transcript"})
    address = f"/api/v1/reviews/{SLUG}/sources/1/documents?file_name=talk.txt"
    stored = page.request.post(address, data=TEXT, headers={"Content-Type": "text/plain"})
    assert stored.ok, stored.text()
    page.goto(f"/reviews/{SLUG}/documents/1")
    page.get_by_role("link", name="Speakers", exact=True).press("Enter")
    given = page.get_by_role("form", name="Pseudonym for Mary Smith")
    given.get_by_role("textbox").fill("Nurse 3")
    given.get_by_role("textbox").press("Enter")
    expect(page.locator("main")).to_contain_text("the text was kept with the name")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        assert complaints(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert overflow(page) <= 0
    page.goto(f"/reviews/{SLUG}/documents")
    talks = [
        {"name": f"talk-{n}.txt", "mimeType": "text/plain", "buffer": f"{n}\n{TEXT}".encode()}
        for n in (2, 3)
    ]
    page.set_input_files("[name=_file]", talks)  # type: ignore[arg-type]
    page.get_by_role("button", name="Upload").click()
    expect(page.locator("[data-upload-list]")).to_contain_text("names of the pseudonym list")
    page.get_by_label("Names that have pseudonyms").select_option("true")
    page.set_input_files("[name=_file]", talks)  # type: ignore[arg-type]
    page.get_by_role("button", name="Upload").click()
    expect(page.locator("h2#waiting")).to_contain_text("2 wait for their source")
    assert "Mary Smith" not in page.request.get(f"/api/v1/reviews/{SLUG}/documents/3").text()
    page.goto(f"/reviews/{SLUG}/documents/1/speakers")
    page.get_by_role("button", name="Forget for good").press("Enter")
    expect(page.get_by_role("button", name="Forget for good")).to_have_count(0)
    assert ask(page, f"/{SLUG}/pseudonyms")["items"] == []
