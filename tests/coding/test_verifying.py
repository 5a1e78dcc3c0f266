"""Every quote looked up anew, new versions of a text, and what a person should look at."""

from typing import Any

import pytest

from app.coding.differing import difference
from tests.conftest import Door, World
from tests.library.paper import column, pdf

OLD = "Trust takes time.\fFaith in the venture grows with early wins.\fPower is uneven."


def add_text(door: Door, world: World, content: bytes, media: str = "text/plain") -> int:
    made = door.post(
        f"{world.base}/sources/1/documents",
        content=content,
        params={"file_name": "paper"},
        headers={"Content-Type": media},
    )
    assert made.status_code == 201, made.text
    number: int = made.json()["id"]
    return number


def quote(door: Door, world: World, exact: str, **more: Any) -> Any:
    made = door.post(f"{world.base}/quotes", json={"source_id": 1, "exact": exact} | more)
    assert made.status_code == 201, made.text
    return made.json()


@pytest.fixture
def paper(world: World, coder: Door) -> int:
    coder.post(f"{world.base}/sources", json={"title": "On trust"})
    return add_text(coder, world, OLD.encode())


def check(door: Door, world: World) -> Any:
    return door.get(f"{world.base}/quotes/check").json()


def test_lists_only_what_needs_an_eye_and_changes_nothing(
    world: World, coder: Door, paper: int
) -> None:
    quote(coder, world, "Trust takes time.")
    quote(coder, world, "faith  in the\nventure grows with many early wins")
    quote(coder, world, "Nobody wrote this here at all, ever.")
    before = coder.get(f"{world.base}/history").json()
    found = check(coder, world)
    assert found["counts"] == {"exact": 1, "approximate": 1, "not_found": 1}
    similar, missing = found["items"]
    assert similar[
        "difference"
    ] == "[-faith-]{+Faith+} in the venture grows with {+early+} wins" or (
        "{+" in similar["difference"] or "[-" in similar["difference"]
    )
    assert similar["found"].startswith("Faith in the venture grows")
    assert (missing["id"], missing["verification"]) == (3, "not_found")
    assert coder.get(f"{world.base}/history").json() == before


def test_finds_a_page_that_cannot_be_right(world: World, coder: Door, paper: int) -> None:
    quote(coder, world, "Trust takes time.", page="1")
    quote(coder, world, "Power is uneven.", page="2")
    quote(coder, world, "Faith in the venture", page="iv")
    found = check(coder, world)
    assert found["wrong_pages"] == 1
    [wrong] = found["items"]
    assert (wrong["id"], wrong["page"], wrong["page_found"]) == (2, "2", "3")


def test_pages_numbered_as_the_journal_does_are_right(
    world: World, coder: Door, paper: int
) -> None:
    quote(coder, world, "Trust takes time.", page="811")
    quote(coder, world, "Faith in the venture", page="812")
    quote(coder, world, "Power is uneven.", page="815")
    [wrong] = check(coder, world)["items"]
    assert wrong["id"] == 3


def test_a_new_version_takes_over_what_it_holds_and_names_the_rest(
    world: World, coder: Door, editor: Door, paper: int
) -> None:
    kept = quote(coder, world, "Faith in the venture grows")
    quote(coder, world, "Power is uneven.")
    new = add_text(
        coder, world, b"A preface.\fTrust takes time. Faith in the venture grows slowly."
    )
    url = f"{world.base}/documents/{new}/take-over"
    assert coder.post(url, json={"from_document": paper}).status_code == 403
    over = editor.post(url, json={"from_document": paper})
    assert over.json() == {"document_id": new, "moved": [1], "stayed": [2]}
    moved = coder.get(f"{world.base}/quotes/1").json()
    assert (moved["document_id"], moved["verification"], moved["page"]) == (new, "exact", "2")
    assert moved["exact"] == kept["exact"]
    assert coder.get(f"{world.base}/quotes/2").json()["document_id"] == paper
    number = coder.get(f"{world.base}/history?limit=500").json()["items"][-1]["id"]
    assert editor.post(f"{world.base}/history/{number}/undo").status_code == 200
    back = coder.get(f"{world.base}/quotes/1").json()
    assert (back["document_id"], back["start_at"]) == (paper, kept["start_at"])


def test_a_quote_taken_over_has_the_context_of_the_new_text(
    world: World, coder: Door, editor: Door, paper: int
) -> None:
    quote(coder, world, "Faith in the venture grows")
    new = add_text(coder, world, b"All agree. Faith in the venture grows slowly.")
    url = f"{world.base}/documents/{new}/take-over"
    editor.post(url, json={"from_document": paper})
    moved = coder.get(f"{world.base}/quotes/1").json()
    assert (moved["prefix"], moved["suffix"]) == ("All agree. ", " slowly.")


def test_a_document_of_another_source_is_no_earlier_version(
    world: World, coder: Door, editor: Door, paper: int
) -> None:
    url = f"{world.base}/documents/{paper}/take-over"
    refused = editor.post(url, json={"from_document": paper})
    assert refused.status_code == 422
    assert "S1" in refused.json()["detail"]


def test_finds_passages_in_a_pdf_whatever_typesetting_did(world: World, coder: Door) -> None:
    coder.post(f"{world.base}/sources", json={"title": "On trust"})
    lines = "A \u201cdelicate balance\u201d is re-\nquired, as enshrining\ntoo much can undermine."
    add_text(coder, world, pdf([column(lines), column("Overleaf it goes on.")]), "application/pdf")
    for wording in (
        "delicate balance\u201d is required, as enshrining too much",
        "can undermine. Overleaf it goes on",
        "delicate balance [...] can undermine",
    ):
        assert quote(coder, world, wording)["verification"] == "normalised", wording
    assert check(coder, world)["items"] == []


def test_differences_read_like_wdiff() -> None:
    assert difference("trust takes time", "trust needs time") == "trust [-takes-]{+needs+} time"
    assert difference("a b", "a b c") == "a b {+c+}"
    assert difference("a b c", "a c") == "a [-b-] c"


@pytest.mark.parametrize(
    ("given", "found", "told"),
    [
        ("middle-income towns", "middle-\nincome cities", "middle-income [-towns-]{+cities+}"),
        ("it began late", "it be-\ngan soon", "it began [-late-]{+soon+}"),
        ("a “real” a", "a \u2018real\u2019 b", "a “real” [-a-]{+b+}"),
        ("bene\ufb01ts – yes", "benefits — no", "bene\ufb01ts – [-yes-]{+no+}"),
        ("trust grows fast", "trust12 [3, 4] grows slowly", "trust grows [-fast-]{+slowly+}"),
        ("[T]rust grew", "trust grows", "[T]rust [-grew-]{+grows+}"),
        ("we recreate trust", "we re-create Trust", "we [-recreate trust-]{+re-create Trust+}"),
        ("pre- and post-war", "pre- and post- war", "pre- and post-war"),
        ("– trust", "trust", "[-–-] trust"),
    ],
)
def test_what_typesetting_does_is_no_difference(given: str, found: str, told: str) -> None:
    assert difference(given, found) == told
