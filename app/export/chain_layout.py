"""Where the boxes of a chain stand: layers from left to right after Sugiyama et al. (1981).

Ranks and order within them come from fast-sugiyama; how high each box is, it does not know, so
that boxes are spread here until none touches another.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.export.chain_graph import Pair, ahead, parts

LAYER = 232
"""From the left of one layer to that of the next."""
WIDTH = 150
GAP = 22
BETWEEN = 36
"""Between parts that nothing joins, and below each for what leads back."""
RANK = 100
LANE = 16
LOOP = 41
"""How far an arrow from a box to itself goes out to its right: half of what lies between layers."""

Point = tuple[float, float]


@dataclass(slots=True)
class Layout:
    """Boxes by their top left corner, what lies between them, and the size of it all."""

    places: dict[int, Point] = field(default_factory=dict)
    ways: dict[Pair, list[Point]] = field(default_factory=dict)
    """Where an arrow over several layers passes: points between the boxes of each."""
    lanes: dict[Pair, float] = field(default_factory=dict)
    """The height at which an arrow leads back to the left, below everything it passes."""
    width: float = 0
    height: float = 0


def lay_out(heights: Mapping[int, float], pairs: Iterable[Pair]) -> Layout:
    """Place boxes of given heights, joined by pairs of their numbers (from 1), part below part.

    What the library is handed is one part with no cycle and no pair twice: on a cycle it may never
    return, or end the process. So it needs no process of its own, which would cost more to start
    than the layout takes.
    """
    made = Layout()
    wanted = sorted(set(pairs))
    for numbers, joined in parts(heights, ahead(wanted)):
        spots, edges = _ranked(numbers, joined)
        tall = max(y for _, y in spots.values())
        ranks = {number: round((tall - y) / RANK) for number, (_, y) in spots.items()}
        _place(made, heights, {number: x for number, (x, _) in spots.items()}, ranks, edges)
        _lead_back(made, [pair for pair in wanted if pair[0] in ranks])
    return made


def way(made: Layout, heights: Mapping[int, float], pair: Pair) -> list[Point]:
    """Return the points an arrow passes: from the right of a box to the left of the next."""
    (x1, y1), (x2, y2) = made.places[pair[0]], made.places[pair[1]]
    tall1, tall2 = heights[pair[0]], heights[pair[1]]
    if pair[0] == pair[1]:
        right, over, under = x1 + WIDTH, y1 + tall1 - LOOP / 2, y1 + tall1 - LOOP / 8
        return [(right, over), (right + LOOP, over), (right + LOOP, under), (right, under)]
    if pair in made.lanes:
        under, over, lane = x1 + WIDTH / 2, x2 + WIDTH / 2, made.lanes[pair]
        return [(under, y1 + tall1), (under, lane), (over, lane), (over, y2 + tall2)]
    between = made.ways.get(pair, ())
    return [(x1 + WIDTH, y1 + tall1 / 2), *between, (x2, y2 + tall2 / 2)]


def _ranked(numbers: Sequence[int], pairs: Sequence[Pair]) -> tuple[dict[int, Point], list[Pair]]:
    """Return where the library puts one part, and its edges, from rank to rank.

    It counts boxes from 0 and its stand-ins on from there; ours keep their numbers, stand-ins are
    below 0.
    """
    from fast_sugiyama import from_edges

    if not pairs:
        return {numbers[0]: (0, 0)}, []
    own = {number: i for i, number in enumerate(numbers)}
    given = [(own[start], own[end]) for start, end in pairs]
    [part] = from_edges(given, minimum_length=1, vertex_spacing=RANK, check_layout=True)
    placed = {int(i): point for i, point in part[0]}
    name = {i: numbers[i] if i < len(numbers) else -i for i in placed}
    edges = [(name[int(start)], name[int(end)]) for start, end in part[3] or ()]
    return {name[i]: point for i, point in placed.items()}, edges


def _place(
    made: Layout,
    heights: Mapping[int, float],
    across: Mapping[int, float],
    ranks: Mapping[int, int],
    edges: Sequence[Pair],
) -> None:
    """Place one part below those placed before."""
    layers: dict[int, list[int]] = defaultdict(list)
    for number in sorted(across, key=lambda n: (across[n], n)):
        layers[ranks[number]].append(number)
    centres: dict[int, float] = {}
    for numbers in layers.values():
        centres |= _spread(numbers, heights, across)
    top = min(c - heights.get(n, 0) / 2 for n, c in centres.items()) - made.height
    points = {n: (ranks[n] * float(LAYER), c - top) for n, c in centres.items()}
    for number, (x, y) in points.items():
        if number in heights:
            made.places[number] = (x, y - heights[number] / 2)
    made.ways |= _ways(edges, points, heights)
    made.width = max(made.width, max(ranks.values()) * LAYER + WIDTH)
    made.height = max(y + heights.get(n, 0) / 2 for n, (_, y) in points.items()) + BETWEEN


def _spread(
    numbers: Sequence[int], heights: Mapping[int, float], across: Mapping[int, float]
) -> dict[int, float]:
    """Return the centres of the boxes of one layer, pushed apart where they would touch."""
    centres: dict[int, float] = {}
    below = float("-inf")
    for number in numbers:
        half = heights.get(number, 0) / 2
        centres[number] = max(across[number], below + half)
        below = centres[number] + half + GAP
    pushed = sum(centres[n] - across[n] for n in numbers) / len(numbers)
    return {number: centre - pushed for number, centre in centres.items()}


def _ways(
    edges: Sequence[Pair], points: Mapping[int, Point], heights: Mapping[int, float]
) -> dict[Pair, list[Point]]:
    """Return what arrows over several layers pass: the stand-ins the layout put in for them."""
    following: dict[int, list[int]] = defaultdict(list)
    for start, end in edges:
        following[start].append(end)
    found: dict[Pair, list[Point]] = {}
    for start, end in edges:
        passed, here = [], end
        while start in heights and here not in heights:
            passed.append(points[here])
            here = following[here][0]
        if passed:
            found[start, here] = [(x + WIDTH / 2, y) for x, y in passed]
    return found


def _lead_back(made: Layout, pairs: Sequence[Pair]) -> None:
    """Give every arrow to the left a lane of its own below the part, and loops their room."""
    for pair in pairs:
        left = made.places[pair[0]][0]
        if pair[0] == pair[1]:
            made.width = max(made.width, left + WIDTH + 2 * LOOP)
        elif left >= made.places[pair[1]][0]:
            made.lanes[pair] = made.height - BETWEEN / 2
            made.height += LANE
