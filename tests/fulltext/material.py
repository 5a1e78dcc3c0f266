"""A review to search in: one thing of each kind, with texts that are awkward."""

from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from app.fulltext.checking import disagreements
from tests.conftest import Door, World

PAPER = (
    "Trust grows slowly.\n\n" + "Boards meet and talk of other things. " * 60 + "\f"
    "Where partners collabo-\nrate, trust in one another follows. <script>alert(1)</script></mark>"
)


def fill(door: Door, world: World) -> None:
    """Write things of every kind, all of which have to do with trust but K2."""
    source = {
        "title": "Building trust",
        "authors": [{"family": "Müller-Łącki", "given": "Zoë"}, {"literal": "King’s Fund"}],
        "year": 2013,
        "cite_key": "mueller2013",
        "container_title": "Health & Place",
        "doi": "10.1000/trust.3.5",
        "abstract": "On faith, and on trust between boards.",
    }
    post(door, world, "sources", source)
    post(door, world, "sources", {"title": "Faith", "year": 1999, "cite_key": "other1999"})
    upload(door, world, PAPER)
    concept = {"label": "trust", "referent": "between partners", "aliases": ["Vertrauen", "信任"]}
    definition = {"text": "Accepting vulnerability.", "source_id": 1}
    post(door, world, "concepts", {**concept, "definitions": [definition]})
    post(door, world, "concepts", {"label": "faith", "parent_id": 1})
    quote = {"source_id": 1, "exact": "we built trust, slowly", "concepts": [1]}
    post(door, world, "quotes", {**quote, "note": "a strong word"})
    post(door, world, "memos", {"kind": "theory", "text": "Is trust enough? Straße, σοφός."})
    elements = [
        {"role": "context", "wording": "long competition", "concept_id": 2},
        {"role": "mechanism", "wording": "low trust"},
    ]
    evidence = [{"quote": {"source_id": 2, "exact": "they had no faith"}}]
    body = {"title": "Competition", "elements": elements, "evidence": evidence}
    post(door, world, "configurations", body)


def post(door: Door, world: World, path: str, body: Any) -> Any:
    answer = door.post(f"{world.base}/{path}", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def upload(door: Door, world: World, text: str, source: int = 1, **more: Any) -> None:
    answer = door.post(
        f"{world.base}/sources/{source}/documents",
        content=text.encode(),
        params={"file_name": "paper.txt"} | more,
        headers={"Content-Type": "text/plain"},
    )
    assert answer.status_code == 201, answer.text


def search(door: Door, world: World, query: str, **more: Any) -> Any:
    answer = door.get(f"{world.base}/search", params={"q": query} | more)
    assert answer.status_code == 200, answer.text
    return answer.json()


def things(door: Door, world: World, query: str, **more: Any) -> list[str]:
    """What is found, best first."""
    return [hit["thing"] for hit in search(door, world, query, **more)["items"]]


def wrong(sessions: sessionmaker[Session]) -> list[str]:
    """What the index says otherwise than the tables."""
    with sessions() as session:
        return disagreements(session)
