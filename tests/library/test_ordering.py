"""The list of sources in other orders than that of their numbers, page by page."""

from typing import Any

import pytest

from tests.conftest import World

BOOKS: tuple[dict[str, Any], ...] = (
    {"title": "Öffnung", "authors": [{"family": "Zhou"}], "year": 2001, "cite_key": "b"},
    {"title": "alliances", "authors": [{"literal": "Audit Board"}], "year": 1999, "cite_key": "C"},
    {"title": "Mergers", "authors": [], "cite_key": "a"},
    {"title": "Networks", "authors": [{"family": "adams"}], "year": 2001, "cite_key": "d"},
)


@pytest.fixture(autouse=True)
def shelf(world: World) -> None:
    """Four sources; the second is quoted twice, the fourth once and cited in a configuration."""
    editor = world.door("editor")
    assert editor.post(f"{world.base}/sources/bulk", json={"items": BOOKS}).status_code == 201
    for source in (2, 2, 4):
        quote = {"source_id": source, "exact": "words"}
        assert editor.post(f"{world.base}/quotes", json=quote).status_code == 201
    evidence = [{"source_id": 1, "page": "3", "cited_source_id": 4}, {"quote_id": 1}]
    body: dict[str, Any] = {
        "elements": [{"role": "context", "wording": "a merger"}],
        "evidence": evidence,
    }
    for _ in range(2):
        assert editor.post(f"{world.base}/configurations", json=body).status_code == 201
    body["evidence"] = evidence[1:]
    assert editor.post(f"{world.base}/configurations", json=body).status_code == 201


def listed(world: World, **wish: Any) -> list[int]:
    """The numbers of all sources that fit, read two at a time."""
    numbers: list[int] = []
    after = 0
    while True:
        params = wish | {"limit": 2, "after": after, "count": True}
        answer = world.door("reader").get(f"{world.base}/sources", params=params)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        numbers += [source["id"] for source in page["items"]]
        if page["next"] is None:
            assert page["total"] == len(numbers)
            return numbers
        after = page["next"]


@pytest.mark.parametrize(
    ("sort", "upwards", "downwards"),
    [
        ("number", [1, 2, 3, 4], [4, 3, 2, 1]),
        ("title", [2, 3, 4, 1], [1, 4, 3, 2]),
        ("author", [4, 2, 1, 3], [1, 2, 4, 3]),
        ("year", [2, 1, 4, 3], [4, 1, 2, 3]),
        ("cite_key", [3, 1, 2, 4], [4, 2, 1, 3]),
        ("quotes", [1, 3, 4, 2], [2, 4, 3, 1]),
        ("configurations", [3, 1, 4, 2], [2, 4, 1, 3]),
    ],
)
def test_sources_are_listed_in_an_order_and_the_other_way_round(
    world: World, sort: str, upwards: list[int], downwards: list[int]
) -> None:
    assert listed(world, sort=sort) == upwards
    assert listed(world, sort=sort, is_descending=True) == downwards


def test_an_order_keeps_to_the_filters(world: World) -> None:
    assert listed(world, sort="title", year_from=2000) == [4, 1]
    assert listed(world, sort="title", end="awaiting") == [2, 3, 4, 1]


def test_an_order_there_is_none_of_is_refused_with_those_there_are(world: World) -> None:
    answer = world.door("reader").get(f"{world.base}/sources", params={"sort": "colour"})
    assert answer.status_code == 422
    assert "cite_key" in answer.text
