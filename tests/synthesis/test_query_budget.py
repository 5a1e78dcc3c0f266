"""However much a review holds, a question asks the database few things."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from tests.conftest import Door, World

MOST = 20
PATHS = [
    "matrix",
    "matrix?rows=mechanism&through=K6*&stance=supports&text=outcome",
    "concepts/4/page",
    "mechanisms/outcomes",
    "mechanisms/outcomes?source_kind=review",
    "evidence-table",
    "evidence-table?per=configuration",
    "configurations?count=true",
    "check",
]
PAGES = ["matrix", "concepts/4", "evidence", "configurations", "check"]


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(*seen: Any) -> None:
        if not seen[2].startswith(("SAVEPOINT", "RELEASE")):  # the tests' own
            sent.append(seen[2])

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def grow(world: World, door: Door) -> None:
    """As many configurations again as fill a page, so that one query for each would show."""
    element = {"role": "context", "wording": "w", "concept_id": 2}
    outcome = {"role": "outcome", "wording": "w", "concept_id": 4}
    one = {"elements": [element, outcome], "evidence": [{"source_id": 1}]}
    made = door.post(f"{world.base}/configurations/bulk", json={"items": [one] * 60})
    assert made.status_code == 201, made.text


@pytest.mark.parametrize("path", PATHS)
def test_a_question_of_the_api(world: World, coded: Door, store: Engine, path: str) -> None:
    grow(world, coded)
    with statements(store) as sent:
        answer = coded.get(f"{world.base}/{path}")
    assert answer.status_code == 200, answer.text
    assert len(sent) <= MOST, sent


@pytest.mark.parametrize("path", PAGES)
def test_a_page(world: World, coded: Door, store: Engine, path: str) -> None:
    grow(world, coded)
    with statements(store) as sent:
        answer = coded.get(f"/reviews/{world.review.slug}/{path}", headers={"Accept": "text/html"})
    assert answer.status_code == 200, answer.text
    assert len(sent) <= MOST, sent
