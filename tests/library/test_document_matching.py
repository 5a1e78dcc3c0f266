"""A folder of full texts: each to the source it certainly belongs to, the rest to a person."""

from typing import Any

import pytest

from app.library.document_matching import bare_doi
from tests.conftest import Door, World
from tests.library.paper import column, pdf

TRUST = {
    "title": "Building trust and faith: how can we make inter-organisational collaborations work?",
    "authors": [{"family": "Aunger", "given": "Justin"}],
    "year": 2021,
    "doi": "https://doi.org/10.1186/S12913-021-06630-9",
    "cite_key": "aunger2021",
}
MERGERS = {
    "title": "Why do mergers of hospitals so rarely deliver what their planners promised?",
    "authors": [{"family": "Shaw", "given": "James"}],
    "year": 2018,
    "cite_key": "shaw2018",
}
EDITORIAL = {"title": "Editorial", "authors": [{"family": "Smith"}], "year": 2020}
PREPRINT = {**TRUST, "doi": "10.1101/2020.12.01.1", "cite_key": "aunger2020pre", "year": 2020}
TITLE = "Building trust and faith: how can we make inter-\norganisational collaborations work?"
BYLINE = "Justin Aunger, 2021"
DOI = "https://doi.org/10.1186/s12913-\n021-06630-9."


def receive(door: Door, world: World, content: bytes, name: str, kind: str = "text/plain") -> Any:
    return door.post(
        f"{world.base}/documents",
        content=content,
        params={"file_name": name},
        headers={"Content-Type": kind},
    )


@pytest.fixture
def sources(world: World, coder: Door) -> None:
    for wish in (TRUST, MERGERS, EDITORIAL):
        assert coder.post(f"{world.base}/sources", json=wish).status_code == 201


@pytest.mark.usefixtures("sources")
def test_a_paper_with_its_title_and_doi_is_attached_with_the_reasons(
    world: World, coder: Door
) -> None:
    coder.post(f"{world.base}/quotes", json={"source_id": 1, "exact": "they take risks"})
    paper = pdf([column(f"{TITLE}\n{BYLINE}\n{DOI}\nHere they take risks.")])
    made = receive(coder, world, paper, "1-s2.0-main.pdf", "application/pdf")
    assert made.status_code == 201, made.text
    body = made.json()
    assert (body["is_attached"], body["document"]["source_id"]) == (True, 1)
    assert body["matches"][0]["score"] > 0.97
    assert "the title stands at its beginning" in body["matches"][0]["reasons"]
    assert "its first pages have the DOI" in body["matches"][0]["reasons"]
    assert coder.get(f"{world.base}/quotes/1").json()["verification"] == "exact"
    again = receive(coder, world, paper, "copy.pdf", "application/pdf")
    assert (again.status_code, again.json()["document"], again.json()["source"]) == (409, 1, 1)


@pytest.mark.usefixtures("sources")
def test_grey_literature_needs_title_author_and_year(world: World, coder: Door) -> None:
    text = f"{MERGERS['title']}\nJames Shaw, London 2018\nMany words."
    assert receive(coder, world, text.encode(), "report.txt").json()["document"]["source_id"] == 2
    text = "A report on hospitals.\nJames Shaw, 2018"
    assert not receive(coder, world, text.encode(), "shaw 2018.txt").json()["is_attached"]


@pytest.mark.usefixtures("sources")
@pytest.mark.parametrize(
    ("text", "name", "doubt"),
    [
        (f"Correction to: {TITLE}\n{BYLINE}\n{DOI}", "c.txt", "calls itself: correction"),
        (f"{TITLE}\n{BYLINE}\ndoi:10.9999/other", "x.txt", "another DOI, 10.9999/other"),
        (f"Another title by the same.\n{BYLINE}\nSee {DOI}", "aunger2021.txt", ""),
        (f"Words.\fWords.\fReferences: {BYLINE} {TITLE} {DOI}", "y.txt", None),
        ("Editorial\nSmith 2020\nThe words of it.", "z.txt", ""),
    ],
)
def test_whatever_is_not_certain_waits_for_a_person(
    world: World, coder: Door, text: str, name: str, doubt: str | None
) -> None:
    body = receive(coder, world, text.encode(), name).json()
    assert (body["is_attached"], body["document"]["source_id"]) == (False, None)
    if doubt is None:
        assert body["matches"] == []
    else:
        assert doubt in "; ".join(body["matches"][0]["reasons"])
    assert not any(match["is_certain"] for match in body["matches"])


@pytest.mark.usefixtures("sources")
def test_a_preprint_and_its_article_are_told_apart_by_doi_alone(world: World, coder: Door) -> None:
    coder.post(f"{world.base}/sources", json=PREPRINT)
    body = receive(coder, world, f"{TITLE}\n{BYLINE}\n2020".encode(), "a.txt").json()
    assert not body["is_attached"]
    body = receive(coder, world, f"{TITLE}\n{BYLINE}\n{DOI}\n2020".encode(), "b.txt").json()
    assert body["document"]["source_id"] == 1


@pytest.mark.usefixtures("sources")
def test_a_second_text_of_a_source_waits_and_is_attached_once(
    world: World, coder: Door, reader: Door
) -> None:
    for n in (1, 2):
        made = receive(coder, world, f"{TITLE}\n{BYLINE}\n{DOI}\nv{n}".encode(), "a.txt").json()
        assert made["is_attached"] is (n == 1)
    assert "but S1 has a document already, D1" in made["matches"][0]["reasons"]
    waiting = reader.get(f"{world.base}/documents", params={"waiting": True}).json()["items"]
    assert [document["id"] for document in waiting] == [2]
    assert reader.get(f"{world.base}/documents/2/matches").json()["items"] == made["matches"]
    checks = reader.get(f"{world.base}/check").json()["items"]
    assert ("document_waiting", "D2") in {(c["check"], c["thing"]) for c in checks}
    url = f"{world.base}/documents/2/attach"
    assert reader.post(url, json={"source_id": 1}).status_code == 403
    assert coder.post(url, json={"source_id": 99}).status_code == 422
    assert coder.post(url, json={"source_id": 1}).json()["source_id"] == 1
    again = coder.post(url, json={"source_id": 2})
    assert (again.status_code, again.json()["code"]) == (409, "conflict")
    last = coder.get(f"{world.base}/history?limit=500").json()["items"][-1]["id"]
    assert coder.post(f"{world.base}/history/{last}/undo").status_code == 200
    assert coder.get(f"{world.base}/documents/2").json()["source_id"] is None


@pytest.mark.usefixtures("sources")
def test_a_file_named_by_the_number_of_its_source_is_believed_unless_another_fits(
    world: World, coder: Door
) -> None:
    named = receive(coder, world, b"An interview, word by word.", "S2.txt").json()
    assert named["document"]["source_id"] == 2
    foreign = receive(coder, world, f"{TITLE}\n{BYLINE}\n{DOI}".encode(), "S3.txt").json()
    assert not foreign["is_attached"]


@pytest.mark.usefixtures("sources")
def test_a_quote_cannot_stand_in_a_text_that_waits(world: World, coder: Door) -> None:
    receive(coder, world, b"Nobody knows whose words these are.", "x.txt")
    quote = {"source_id": 1, "exact": "whose words", "document_id": 1}
    refused = coder.post(f"{world.base}/quotes", json=quote)
    assert refused.status_code == 422
    assert "D1 waits for its source" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("written", "bare"),
    [
        ("https://doi.org/10.1000/ABC.1.", "10.1000/abc.1"),
        ("doi: 10.1016/S0140-6736(20)30183-5)", "10.1016/s0140-6736(20)30183-5"),
        ("DOI:10.1/x", "10.1/x"),
    ],
)
def test_dois_are_compared_bare(written: str, bare: str) -> None:
    assert bare_doi(written) == bare
