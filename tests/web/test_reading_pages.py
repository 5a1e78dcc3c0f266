"""The pages for reading and coding: sound, light, and with plain forms for what is coded."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.access.identity import COOKIE
from app.access.service import open_sign_in
from tests.conftest import Door, World
from tests.library.paper import column, pdf
from tests.web.test_composer_pages import SELF
from tests.web.test_pages import EVIL, Seen, queries
from tests.web.test_sign_in_pages import Browser

__all__ = ["queries"]

pytestmark = pytest.mark.sqlite_only

HOME = "/reviews/trust-and-faith"
TEXT = f"Trust grows. {EVIL} Faith stays.\n\nThey kept their promises."


@pytest.fixture
def browser(world: World, session: Session) -> Iterator[Browser]:
    """An editor, where two texts are coded in every way there is."""
    owner = world.door("owner")
    post(owner, world, "sources", {"title": EVIL})
    upload(owner, world, TEXT.encode(), "text/plain")
    upload(owner, world, pdf([column(TEXT)], rotated=90), "application/pdf")
    for document in (1, 2):
        for exact in ("Trust grows.", "Faith stays", "They kept their promises", "Never said"):
            quote = {"source_id": 1, "document_id": document, "exact": exact, "is_parked": True}
            post(owner, world, "quotes", quote)
    elements = [{"role": "context", "wording": EVIL}]
    evidence = [{"quote_id": n, "elements": [1], "is_inferred": True} for n in (1, 5)]
    configuration = {"title": EVIL, "elements": elements, "evidence": evidence}
    post(owner, world, "configurations", configuration)
    proposition = {"statement": EVIL, "evidence": [{"quote_id": 2, "stance": "refutes"}]}
    post(owner, world, "theories", {"title": "T", "propositions": [proposition]})
    secret = open_sign_in(session, world.users["editor"], lifetime=timedelta(hours=1))
    session.commit()
    with_cookies = Browser(world.app)
    with_cookies.cookies.set(COOKIE, secret)
    yield with_cookies
    with_cookies.close()


def post(door: Door, world: World, path: str, body: Any) -> None:
    made = door.post(f"{world.base}/{path}", json=body)
    assert made.status_code == 201, made.text


def upload(door: Door, world: World, content: bytes, kind: str) -> None:
    made = door.post(
        f"{world.base}/sources/1/documents",
        content=content,
        params={"file_name": EVIL},
        headers={"Content-Type": kind},
    )
    assert made.status_code == 201, made.text


@pytest.mark.parametrize(
    "path",
    [
        "documents/1",
        "documents/1?quote=3",
        "documents/2",
        "documents/2/pdf",
        "documents/1?change=1",
        "documents/2/pdf?change=6",
        "configurations/new",
        "configurations/1/edit",
    ],
)
def test_every_page_is_sound(path: str, browser: Browser, queries: list[str]) -> None:
    queries.clear()
    answer = browser.get(f"{HOME}/{path}")
    assert answer.status_code == 200, answer.text
    reads = [q for q in queries if not q.startswith(("SAVEPOINT", "RELEASE"))]
    assert len(reads) <= 20, reads
    seen = Seen(answer.text)
    assert (seen.inline, len(seen.headings), "<script>" in answer.text) == ([], 1, False)
    assert len(seen.ids) == len(set(seen.ids))
    assert seen.fields - seen.labelled == set()
    assert len(answer.content) < 150_000


def test_ties_of_every_kind_stand_beside_the_text(browser: Browser) -> None:
    text = browser.get(f"{HOME}/documents/1").text
    assert 'data-tie="C1"' in text
    assert 'data-tie="T1.1"' in text
    assert re.findall(r'data-quote="(\d)" data-kinds="([^"]*)"', text) == [
        ("1", "evidence"),
        ("2", "evidence"),
        ("3", "parked untied"),
        ("4", "parked unverified untied"),
    ]


def test_a_reader_reads_and_is_offered_nothing_else(world: World, browser: Browser) -> None:
    for path in ("documents/1", "documents/2/pdf"):
        text = world.door("reader").get(f"{HOME}/{path}", headers={"Accept": "text/html"}).text
        assert "data-quick" not in text
        assert "dialog-evidence" not in text
        assert "data-coding" not in text
    coder = world.door("coder").get(f"{HOME}/documents/1", headers={"Accept": "text/html"}).text
    assert "dialog-evidence" in coder
    assert "dialog-proposition" not in coder


def offered(browser: Browser, path: str) -> dict[str, tuple[str, dict[str, str]]]:
    """The forms beside a text by the words of their button: address and hidden fields."""
    page = browser.get(f"{HOME}/{path}").text
    found = {}
    for form in re.findall(r'<form class="quick".*?</form>', page, re.DOTALL):
        [action] = re.findall(r'action="([^"]+)"', form)
        [words] = re.findall(r">([^<]+)</button>", form)
        found[words] = action, dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    return found


def test_what_is_coded_is_changed_without_a_script(browser: Browser) -> None:
    assert offered(browser, "documents/1") == {}
    forms = offered(browser, "documents/1?change=1")
    assert list(forms) == ["Park it again", "Judge", "Untie from C1"]
    action, judging = forms["Judge"]
    answer = browser.post(action, data={**judging, "stance": "refutes"}, headers=SELF)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HOME}/documents/1")
    [piece, _] = browser.get(f"/api/v1{HOME}/configurations/1").json()["evidence"]
    assert (piece["stance"], piece["is_inferred"], piece["elements"]) == ("refutes", True, [1])
    forms = offered(browser, "documents/1?change=3")
    assert list(forms) == ["Take it up", "Delete Q3"]
    action, taking_up = forms["Take it up"]
    assert browser.post(action, data=taking_up, headers=SELF).status_code == 303
    assert browser.get(f"/api/v1{HOME}/quotes/3").json()["is_parked"] is False
    action, gone = offered(browser, "documents/1?change=3")["Delete Q3"]
    assert browser.post(action, data=gone, headers=SELF).status_code == 303
    assert browser.get(f"/api/v1{HOME}/quotes/3").status_code == 410


def test_only_a_pdf_has_printed_pages(browser: Browser) -> None:
    gone = browser.get(f"{HOME}/documents/1/pdf", headers={"Accept": "text/html"})
    assert (gone.status_code, f"{HOME}/documents/1" in gone.text) == (404, True)
    assert f'href="{HOME}/documents/2/pdf"' in browser.get(f"{HOME}/documents/2").text
    assert "/pdf" not in browser.get(f"{HOME}/documents/1").text


@pytest.mark.parametrize("view", ["", "/pdf"])
def test_a_waiting_document_is_read_and_not_coded(
    view: str, world: World, browser: Browser
) -> None:
    made = world.door("owner").post(
        f"{world.base}/documents",
        content=pdf([column("Nobody knows whose words these are.")]),
        params={"file_name": "unknown.pdf"},
        headers={"Content-Type": "application/pdf"},
    )
    number = made.json()["document"]["id"]
    answer = browser.get(f"{HOME}/documents/{number}{view}")
    assert answer.status_code == 200, answer.text
    seen = Seen(answer.text)
    assert (seen.inline, len(seen.headings)) == ([], 1)
    assert "waits for its source" in answer.text
    assert f'href="{HOME}/documents?document={number}"' in answer.text
    assert "data-coding" not in answer.text
    assert "dialog-evidence" not in answer.text
    assert view or "Nobody knows whose words these are." in answer.text


def test_the_file_is_never_shown_as_a_page(browser: Browser) -> None:
    answer = browser.get(f"/api/v1{HOME}/documents/2/file")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_an_address_names_a_position(world: World, browser: Browser) -> None:
    paragraphs = "\n\n".join(f"Paragraph {n}. " + "Words go on. " * 80 for n in range(120))
    upload(world.door("owner"), world, paragraphs.encode(), "text/plain")
    assert "Paragraph 100." not in browser.get(f"{HOME}/documents/3").text
    at = paragraphs.index("Paragraph 100.")
    assert "Paragraph 100." in browser.get(f"{HOME}/documents/3?at={at}").text


def test_a_page_is_called_by_the_number_printed_on_it(world: World, browser: Browser) -> None:
    pages = [[*column(f"Words {n} on it."), (300, 40, str(101 + n))] for n in range(3)]
    upload(world.door("owner"), world, pdf(pages), "application/pdf")
    page = browser.get(f"{HOME}/documents/3").text
    assert re.findall(r'class="page-mark" id="page-1">([^<]+)<', page) == ["page 101"]
