"""The words of the method, explained where they are met."""

import re
from html import unescape

import pytest
from sqlalchemy.orm import Session

from app.web.glossary import TERMS
from tests.conftest import World
from tests.web.browsing import signed_in
from tests.web.test_pages import HOME, browser
from tests.web.test_sign_in_pages import Browser, link

__all__ = ["browser", "link"]

pytestmark = pytest.mark.sqlite_only

EXPLAINED = {
    "/configurations": {"configuration", "element", "stance"},
    "/configurations?kind=raw": {"configuration", "element", "stance", "raw"},
    "/configurations/1": {"raw", "element", "evidence"},
    "/configurations/new": {"context", "mechanism", "outcome"},
    "/configurations/1/evidence": {"stance", "basis", "inference"},
    "/matrix": {"context", "mechanism", "outcome"},
    "/chains": {"chain", "asserted"},
    "/theories": {"theory", "proposition"},
    "/theories/1": {"proposition", "verdict", "certainty"},
    "/evidence?columns=stance&columns=basis&columns=inference": {
        "evidence",
        "stance",
        "basis",
        "inference",
    },
    "/screening": {"screening"},
    "/appraisal": {"appraisal", "relevance", "richness", "rigour"},
    "/documents/1": {"quote", "parked", "context", "mechanism", "outcome"},
    "/concepts": {"concept", "referent"},
}


def explained(page: str) -> set[str]:
    """The words a page explains, each with its meaning and a link to the word list."""
    meanings = {term.key: term.meaning for term in TERMS}
    found = re.findall(r'<a class="term" href="/help#([^"]+)"[^>]* data-says="([^"]+)"', page)
    assert all(unescape(says) == meanings[key] for key, says in found)
    return {key for key, _ in found}


@pytest.mark.usefixtures("browser")
def test_every_screen_explains_its_words_where_they_are_met(world: World, session: Session) -> None:
    owner, base = world.door("owner"), world.base
    added = owner.post(
        f"{base}/sources/1/documents?file_name=a.txt",
        content=b"Words of a text.",
        headers={"content-type": "text/plain"},
    )
    assert added.status_code == 201, added.text
    parked = [{"source_id": 1, "exact": words, "is_parked": True} for words in ("Words", "a text")]
    for quote in parked:
        assert owner.post(f"{base}/quotes", json=quote).status_code == 201
    with signed_in(world, session, "owner") as browsing:
        shown = {path: explained(browsing.get(HOME + path).text) for path in EXPLAINED}
    assert shown == EXPLAINED


def test_the_word_list_has_each_word_once(browser: Browser) -> None:
    page = browser.get("/help").text
    assert all(page.count(f'id="{term.key}"') == 1 for term in TERMS)
