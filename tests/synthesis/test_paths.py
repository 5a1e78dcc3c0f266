"""Best-first search against walking everything, on small random networks."""

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from app.coding.tree import Tree
from app.synthesis.edges import Edge
from app.synthesis.loops import find_loops
from app.synthesis.network import Network
from app.synthesis.paths import Path, Search, best_paths
from app.synthesis.standing import Standing
from app.theory.slots import Slots
from app.theory.states import Fit

NODES = range(1, 8)
networks = st.builds(
    lambda pairs, support: network(pairs, dict(zip(NODES, support, strict=True))),
    st.sets(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES), st.booleans()), max_size=18),
    st.lists(st.integers(0, 15), min_size=7, max_size=7),
)


def network(
    pairs: set[tuple[int, int, bool]], support: dict[int, int], nodes: range = NODES
) -> Network:
    edges = [
        Edge(
            *(a, b, is_possible, 0, 0, () if is_possible else (1,), Fit.FITS, 1),
            is_refuted=not is_possible and (a + b) % 3 == 0,
        )
        for a, b, is_possible in sorted(pairs)
        if a != b
    ]
    by_start = {n: [e for e in edges if e.start == n] for n in nodes}
    by_end = {n: [e for e in edges if e.end == n] for n in nodes}
    standing = Standing(dict.fromkeys(nodes, "raw"), {}, {})
    return Network(Tree(()), standing, Slots(), (), support, (), by_start, by_end)


def every_path(net: Network, start: int, depth: int) -> Iterator[Path]:
    """Walk all simple paths from a configuration, in no order."""
    waiting: list[tuple[tuple[int, ...], tuple[Edge, ...]]] = [((start,), ())]
    while waiting:
        nodes, edges = waiting.pop()
        witnesses = net.support[nodes[0]]
        for node in nodes:
            witnesses &= net.support[node]
        refuted = sum(edge.is_refuted for edge in edges)
        weakest = min(net.strength(node) for node in nodes)
        possible = sum(edge.is_possible for edge in edges)
        yield Path(weakest, 0 if refuted else witnesses, possible, nodes, edges, refuted)
        if len(edges) < depth:
            waiting += [
                ((*nodes, e.end), (*edges, e)) for e in net.after(nodes[-1]) if e.end not in nodes
            ]


def worth(path: Path) -> tuple[object, ...]:
    ends = tuple(edge[2:5] for edge in path.edges)
    whole = path.witnesses.bit_count()
    judged = (path.refuted, -path.weakest, -whole, path.possible)
    return *judged, len(path.edges), path.nodes, ends


def is_maximal(net: Network, path: Path, depth: int, least: int) -> bool:
    return len(path.edges) == depth or all(
        e.end in path.nodes or net.strength(e.end) < least for e in net.after(path.nodes[-1])
    )


@settings(max_examples=300)
@given(networks, st.integers(1, 5), st.integers(0, 2), st.booleans())
def test_paths_between_two_ends_come_in_the_order_of_their_worth(
    net: Network,
    depth: int,
    least: int,
    narrowed: bool,  # noqa: FBT001
) -> None:
    through = frozenset({3, 4}) if narrowed else None
    goals = {6: [0], 7: [0]}
    search = Search({1: [0], 2: [0]}, goals, depth, 1000, least, through)
    expected = [
        path
        for start in (1, 2)
        for path in every_path(net, start, depth)
        if path.nodes[-1] in goals
        and path.weakest >= least
        and (through is None or through & set(path.nodes))
    ]
    found = best_paths(net, search)
    assert found.paths == sorted(expected, key=worth)
    assert not found.is_limited
    few = best_paths(net, Search({1: [0], 2: [0]}, goals, depth, 3, least, through))
    assert few.paths == found.paths[:3]
    assert few.is_limited == (len(expected) > 3)


@settings(max_examples=300)
@given(networks, st.integers(1, 5), st.integers(0, 2))
def test_paths_from_one_end_are_the_longest_in_the_order_of_their_worth(
    net: Network, depth: int, least: int
) -> None:
    found = best_paths(net, Search({1: [0]}, None, depth, 1000, least))
    expected = [
        path
        for path in every_path(net, 1, depth)
        if path.edges and path.weakest >= least and is_maximal(net, path, depth, least)
    ]
    assert found.paths == sorted(expected, key=worth)


@given(networks, st.integers(1, 5))
def test_walking_backward_finds_the_same_as_walking_the_network_turned_around(
    net: Network, depth: int
) -> None:
    pairs = {(e.end, e.start, e.is_possible) for n in NODES for e in net.after(n)}
    turned = best_paths(network(pairs, dict(net.support)), Search({1: [0]}, None, depth, 1000))
    search = Search({1: [0]}, None, depth, 1000, is_backward=True)
    assert [p.nodes for p in best_paths(net, search).paths] == [p.nodes for p in turned.paths]


@settings(max_examples=200)
@given(networks, st.integers(2, 5))
def test_loops_are_told_once_each_as_walking_everything_finds_them(
    net: Network, longest: int
) -> None:
    expected = {
        (*path.edges, edge)
        for start in NODES
        for path in every_path(net, start, longest - 1)
        for edge in net.after(path.nodes[-1])
        if edge.end == start == min(path.nodes) and {2, 3} & set(path.nodes)
    }
    found = find_loops(net, frozenset({2, 3}), longest)
    assert len(found.rings) == len(set(found.rings))
    if not found.is_capped:
        assert set(found.rings) == expected
    assert set(found.rings) <= expected


def test_a_search_that_would_never_end_gives_up_and_says_so() -> None:
    everybody = range(1, 15)
    pairs = {(a, b, False) for a in everybody for b in everybody}
    net = network(pairs, dict.fromkeys(everybody, 1), everybody)
    found = best_paths(net, Search({1: [0]}, None, 6, 500))
    assert (found.is_capped, found.is_limited) == (True, False)
