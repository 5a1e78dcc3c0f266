"""A small coded review whose every count was worked out by hand.

Concepts: K1 setting > K2 mandated, K3 history of competition · K4 trust · K5 faith · K6 risk ·
K7 trust between partners (merged into K4). Sources: S1 and S2 report one study, S3 is a review,
S4 is a primary study that S3 cites.

| | context | mechanism | outcome | evidence |
|---|---|---|---|---|
| C1 | K2 | K6 | K4 increased | S1 supports, S2 supports, S3 refutes |
| C2 | K3 | K6 | K7 increased (merged: K4) | S3 citing S4 supports; S4 supports |
| C3 | K2 and K3 together | K5 as resource | K4 reduced, K5 reduced | S1 on the outcome K5 only |
| C4 | K2 (raw member of C5) | K6 | K4 increased | S4 supports |
| C5 | K2 (consolidated) | K6 | K4 increased | none of its own |
| C6 | K2 (constructed) | K6 | K4 absent | S1 supports |
| C7 | not coded | – | K4 increased | S1 supports |
"""

from typing import Any

import pytest

from tests.conftest import Door, World
from tests.synthesis.causality import Web, empty_web, fill

CONCEPTS: list[dict[str, Any]] = [
    {"label": "setting"},
    {"label": "mandated", "parent_id": 1},
    {"label": "history of competition", "parent_id": 1},
    {"label": "trust"},
    {"label": "faith"},
    {"label": "risk"},
    {"label": "trust between partners"},
]
SOURCES: list[dict[str, Any]] = [
    {"title": "One", "kind": "primary_study", "study": "north", "year": 2019},
    {"title": "Two", "kind": "primary_study", "study": "north", "year": 2020},
    {"title": "Three", "kind": "review", "year": 2021},
    {"title": "Four", "kind": "primary_study", "year": 2015},
]


def element(role: str, concept: int | None, state: str = "not_stated") -> dict[str, Any]:
    return {"role": role, "wording": f"{role} {concept}", "concept_id": concept, "state": state}


def cmo(context: int, outcome: int, state: str) -> list[dict[str, Any]]:
    return [
        element("context", context),
        element("mechanism", 6),
        element("outcome", outcome, state),
    ]


CONFIGURATIONS: list[dict[str, Any]] = [
    {
        "elements": cmo(2, 4, "increased"),
        "evidence": [{"source_id": 1}, {"source_id": 2}, {"source_id": 3, "stance": "refutes"}],
    },
    {
        "elements": cmo(3, 7, "increased"),
        "evidence": [
            {"source_id": 3, "basis": "cited", "cited_source_id": 4},
            {"source_id": 4},
        ],
    },
    {
        "elements": [
            element("context", 2),
            element("context", 3),
            element("resource", 5),
            element("outcome", 4, "reduced"),
            element("outcome", 5, "reduced"),
        ],
        "evidence": [{"source_id": 1, "elements": [5]}],
    },
    {"elements": cmo(2, 4, "increased"), "evidence": [{"source_id": 4}]},
    {"kind": "consolidated", "elements": cmo(2, 4, "increased"), "members": [{"member_id": 4}]},
    {
        "kind": "constructed",
        "elements": cmo(2, 4, "absent"),
        "evidence": [{"source_id": 1}],
    },
    {
        "elements": [
            {"role": "context", "wording": "somewhere"},
            element("outcome", 4, "increased"),
        ],
        "evidence": [{"source_id": 1}],
    },
]


@pytest.fixture
def coded(world: World) -> Door:
    """The owner's door to a world that holds the review described above."""
    door = world.door("owner")
    for concept in CONCEPTS:
        assert door.post(f"{world.base}/concepts", json=concept).status_code == 201
    version = {"If-Match": "*"}
    merged = door.post(f"{world.base}/concepts/7/merge", json={"into_id": 4}, headers=version)
    assert merged.status_code == 200, merged.text
    added = door.post(f"{world.base}/sources/bulk", json={"items": SOURCES})
    assert added.status_code == 201, added.text
    for configuration in CONFIGURATIONS:
        made = door.post(f"{world.base}/configurations", json=configuration)
        assert made.status_code == 201, made.text
    return door


@pytest.fixture
def blank(world: World) -> Web:
    """A review with concepts and sources, to be filled by the test."""
    return empty_web(world.door("owner"), world.base)


@pytest.fixture
def web(blank: Web) -> Web:
    """The web of causality."""
    return fill(blank)
