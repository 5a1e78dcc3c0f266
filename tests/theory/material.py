"""What tests of theory stand on: sources, a concept with two definitions, a parked quote."""

from dataclasses import dataclass
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy.orm import Session

from app.coding.anchoring import Verification
from app.coding.models import Concept, ConceptDefinition, Memo, MemoKind, Quote
from app.db import take_numbers
from app.library.models import Source
from tests.conftest import Door, World


@dataclass(frozen=True)
class Material:
    """Numbers of stored things: two sources, a concept (definitions 1 and 2), a parked quote."""

    source: int
    other: int
    concept: int
    plain: int
    quote: int


def add_material(session: Session, review_id: int) -> Material:
    """Store sources, concepts and a quote in a review and commit."""
    first = take_numbers(session, review_id, "S", 2)
    for number in (first, first + 1):
        session.add(
            Source(
                review_id=review_id,
                id=number,
                cite_key=f"work{number}",
                type="report",
                title="Work",
                text_key="work",
                authors=[],
            )
        )
    concept = take_numbers(session, review_id, "K", 2)
    for number, label in ((concept, "trust"), (concept + 1, "faith")):
        session.add(
            Concept(review_id=review_id, id=number, label=label, text_key=label, last_definition=2)
        )
    session.flush()
    for n in (1, 2):
        session.add(
            ConceptDefinition(review_id=review_id, concept_id=concept, n=n, text=f"sense {n}")
        )
    quote = take_numbers(session, review_id, "Q")
    session.add(
        Quote(
            review_id=review_id,
            id=quote,
            source_id=first,
            exact="they kept to the letter",
            verification=Verification.NO_DOCUMENT,
            words=5,
            text_key="they kept to the letter",
            is_parked=True,
        )
    )
    session.commit()
    return Material(first, first + 1, concept, concept + 1, quote)


def add_memo(session: Session, review_id: int, configuration: int | None = None) -> int:
    """Store a memo, on a configuration if one is named, and commit."""
    number = take_numbers(session, review_id, "M")
    kind = "C" if configuration else None
    session.add(
        Memo(
            review_id=review_id,
            id=number,
            kind=MemoKind.THEORY,
            text="why",
            text_key="why",
            subject_kind=kind,
            subject_id=configuration,
        )
    )
    session.commit()
    return number


@pytest.fixture
def material(world: World, session: Session) -> Material:
    return add_material(session, world.review.id)


def example(material: Material, **more: Any) -> dict[str, Any]:
    """A whole configuration: three elements, a new quote about two of them, a stored one."""
    return {
        "elements": [
            {"role": "context", "wording": "contract prescribes most", "state": "high"},
            {"role": "mechanism", "wording": "cooperation is read as obligation"},
            {
                "role": "outcome",
                "wording": "trust is undermined",
                "concept_id": material.concept,
                "state": "reduced",
                "mechanism_n": 2,
            },
        ],
        "evidence": [
            {
                "quote": {"source_id": material.source, "exact": "obligation, not goodwill"},
                "elements": [2, 3],
            },
            {"quote_id": material.quote, "stance": "refutes"},
        ],
        **more,
    }


def make(door: Door, base: str, body: dict[str, Any]) -> dict[str, Any]:
    """Add a configuration and return it as read."""
    made = door.post(f"{base}/configurations", json=body)
    assert made.status_code == 201, made.text
    read: dict[str, Any] = made.json()
    return read


ANY = {"If-Match": "*"}


def problem(answer: Response) -> tuple[int, str, list[str]]:
    """Status, code and named fields of an error answer."""
    body = answer.json()
    return answer.status_code, body["code"], [e["field"] for e in body.get("errors", [])]
