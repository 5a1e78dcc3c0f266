"""Where the boxes of chains stand, whatever leads to what."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.export.chain_graph import Pair, ahead
from app.export.chain_layout import WIDTH, Layout, lay_out, way

RING = [(1, 8), (2, 4), (3, 4), (3, 5), (3, 6), (4, 3), (4, 5), (5, 4), (6, 1), (6, 3), (8, 4)]
KNOT = [
    *((9, 10), (4, 13), (10, 8), (1, 5), (13, 7), (7, 10), (10, 1), (10, 7), (12, 3)),
    *((11, 12), (7, 9), (5, 10), (1, 13), (2, 12), (8, 5)),
]
TINY = 1e-6
APART = [(1, 2), (2, 3), (1, 3), (7, 9), (9, 10), (10, 11), (7, 11), (7, 10)]
"""Two parts, in which the library gives its stand-ins numbers that boxes of ours have."""


@st.composite
def graphs(draw: st.DrawFn) -> tuple[dict[int, float], list[Pair]]:
    """Boxes of any height and pairs between them: loops, doubles, cycles, parts apart."""
    heights = draw(st.lists(st.floats(36, 200), min_size=1, max_size=14))
    number = st.integers(1, len(heights))
    return dict(enumerate(heights, 1)), draw(st.lists(st.tuples(number, number), max_size=40))


def check(heights: dict[int, float], pairs: list[Pair]) -> None:
    made = lay_out(heights, pairs)
    assert set(made.places) == set(heights)
    assert [pair for pair in combinations(heights, 2) if touch(made, heights, pair)] == []
    for number, (x, y) in made.places.items():
        assert 0 <= x <= made.width - WIDTH
        assert -TINY <= y <= made.height - heights[number]
    for start, end in pairs:
        points = way(made, heights, (start, end))
        assert len(points) > 1
        assert is_on_the_edge(made, heights, start, points[0])
        assert is_on_the_edge(made, heights, end, points[-1])
        assert all(one != other for one, other in pairwise(points))


def touch(made: Layout, heights: dict[int, float], pair: Pair) -> bool:
    one, other = pair
    (x1, y1), (x2, y2) = made.places[one], made.places[other]
    return abs(x1 - x2) < WIDTH and y1 < y2 + heights[other] and y2 < y1 + heights[one]


def is_on_the_edge(
    made: Layout, heights: dict[int, float], number: int, point: tuple[float, float]
) -> bool:
    across, down = (a - b for a, b in zip(point, made.places[number], strict=True))
    is_beside = across in {0, WIDTH} and -TINY <= down <= heights[number] + TINY
    return is_beside or (down == pytest.approx(heights[number]) and 0 <= across <= WIDTH)


@pytest.mark.parametrize("pairs", [[(2, 2)], [(1, 2), (2, 1)], RING, KNOT, APART])
def test_what_leads_back_to_itself_has_a_place(pairs: list[Pair]) -> None:
    check({number: 30 for pair in pairs for number in pair}, pairs)


@given(graphs())
def test_every_box_has_its_own_place_and_every_arrow_its_way(
    given_graph: tuple[dict[int, float], list[Pair]],
) -> None:
    check(*given_graph)


def test_a_box_that_nothing_joins_has_a_place() -> None:
    check({1: 40, 2: 30, 3: 50}, [(1, 2)])


def test_what_leads_ahead_closes_no_ring_and_leaves_nothing_alone() -> None:
    assert ahead([(1, 2), (2, 3), (3, 1), (2, 2), (1, 2), (5, 6)]) == [(5, 6), (1, 2), (2, 3)]
    assert ahead([(2, 1), (1, 3), (3, 2), (4, 3)]) == [(4, 3), (3, 2), (2, 1)]
