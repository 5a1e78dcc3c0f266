"""The best-supported simple paths, found best first on a heap; knows nothing of databases.

A path is worth less the longer it grows: its weakest step, and the sources that witness all of it,
can only fall. So whatever comes off the heap first is the best there is. How much may still fall is
bounded from the other end, as in A* (Hart, Nilsson & Raphael 1968), which keeps the search from
walking where no good path leads.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import NamedTuple

from app.synthesis.edges import Edge
from app.synthesis.network import Network

MOST_STEPS = 20_000
"""Paths begun before a search gives up: a review of 10,000 links holds more than it could list."""
Ends = Mapping[int, Sequence[int]]
"""Where a path may begin or end: the elements of each configuration that fit."""


class Path(NamedTuple):
    """Configurations in the order they are walked, and the edges between them."""

    weakest: int
    """Distinct supporting sources of the weakest configuration."""
    witnesses: int
    """The sources that support every configuration, as bits; none over a refuted link."""
    possible: int
    nodes: tuple[int, ...]
    edges: tuple[Edge, ...]
    refuted: int = 0
    """Links on it that people refuted."""


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for: paths between two ends, or the longest from one end."""

    starts: Ends
    goals: Ends | None
    """None: any end beyond which no path goes on."""
    depth: int
    limit: int
    min_support: int = 0
    through: frozenset[int] | None = None
    """Some configuration on the path is among these."""
    is_backward: bool = False
    """Walk from outcomes towards what they come from; `starts` is then where chains end."""


@dataclass(slots=True)
class Found:
    """Paths in the order of their worth, and whether there are, or could be, more."""

    paths: list[Path] = field(default_factory=list)
    is_limited: bool = False
    """There are more paths than were asked for."""
    is_capped: bool = False
    """The search gave up; there may be more paths, all worth less than those found."""


Rank = tuple[int, int, int, int, int, tuple[int, ...], tuple[tuple[object, ...], ...]]


@dataclass(slots=True)
class Walk:
    """One search under way."""

    network: Network
    search: Search
    bounds: list[dict[int, int]] | None = None
    """By links left: the best weakest step with which a goal can still be reached."""
    leading: list[dict[int, int]] | None = None
    """By links left: from where a configuration of `through` can still be reached."""
    heap: list[tuple[Rank, Path]] = field(default_factory=list)
    steps: int = 0

    def run(self) -> Found:
        """Walk until there are enough paths, no more, or too many to look at."""
        found = Found()
        for node in sorted(self.search.starts):
            self._push(Path(self.network.strength(node), self._support(node), 0, (node,), ()))
        while self.heap and not found.is_limited:
            if self.steps > MOST_STEPS:
                found.is_capped = True
                break
            path = heappop(self.heap)[1]
            following = list(self._following(path))
            if self._is_answer(path, is_end=not following):
                found.is_limited = len(found.paths) == self.search.limit
                if not found.is_limited:
                    found.paths.append(path)
            for longer in following:
                self._push(longer)
        return found

    def _support(self, node: int) -> int:
        return self.network.support.get(node, 0)

    def _push(self, path: Path) -> None:
        self.steps += 1
        if path.weakest < self.search.min_support:
            return
        left, last = self.search.depth - len(path.edges), path.nodes[-1]
        weakest = path.weakest
        if self.bounds is not None:
            if last not in self.bounds[left]:
                return
            weakest = min(weakest, self.bounds[left][last])
        if self.leading is not None and last not in self.leading[left] and not self._went(path):
            return
        ends = tuple(edge[2:5] for edge in path.edges)
        whole = path.witnesses.bit_count()
        worth = (path.refuted, -weakest, -whole, path.possible)
        rank = (*worth, len(path.edges), path.nodes, ends)
        heappush(self.heap, (rank, path))

    def _following(self, path: Path) -> Iterator[Path]:
        """Yield the paths that are longer by one link."""
        if len(path.edges) == self.search.depth:
            return
        last, backward = path.nodes[-1], self.search.is_backward
        edges = self.network.before(last) if backward else self.network.after(last)
        for edge in edges:
            following = edge.start if backward else edge.end
            strength = self.network.strength(following)
            if strength < self.search.min_support or following in path.nodes:
                continue
            if self._goes_on(path, edge):
                yield Path(
                    min(path.weakest, strength),
                    0 if edge.is_refuted else path.witnesses & self._support(following),
                    path.possible + edge.is_possible,
                    (*path.nodes, following),
                    (*path.edges, edge),
                    path.refuted + edge.is_refuted,
                )

    def _goes_on(self, path: Path, edge: Edge) -> bool:
        """Say whether the elements of the last configuration let this edge follow."""
        last = path.nodes[-1]
        if self.search.is_backward:
            ways = [path.edges[-1].out_n] if path.edges else self.search.starts[last]
            return any(self.network.slots.passes(last, edge.in_n, way) for way in ways)
        return any(self.network.slots.passes(last, way, edge.out_n) for way in self._entered(path))

    def _entered(self, path: Path) -> Sequence[int]:
        return [path.edges[-1].in_n] if path.edges else self.search.starts[path.nodes[-1]]

    def _went(self, path: Path) -> bool:
        through = self.search.through
        return through is None or not through.isdisjoint(path.nodes)

    def _is_answer(self, path: Path, *, is_end: bool) -> bool:
        if not self._went(path):
            return False
        if self.search.goals is None:
            return is_end and bool(path.edges)
        last = path.nodes[-1]
        return any(
            self.network.slots.passes(last, way, out)
            for way in self._entered(path)
            for out in self.search.goals.get(last, ())
        )


def best_paths(network: Network, search: Search) -> Found:
    """Return the best-supported paths, best first.

    Fewer refuted links count first, then the weakest step, the sources that witness all of it,
    fewer possible links, fewer links, and the numbers from where the walk begins.
    """
    walk = Walk(network, search)
    if not search.is_backward and search.goals is not None:
        walk.bounds = _bounds(network, search, search.goals)
    if not search.is_backward and search.through is not None:
        walk.leading = _bounds(network, search, search.through)
    return walk.run()


def _bounds(network: Network, search: Search, goals: Iterable[int]) -> list[dict[int, int]]:
    """Return, by links left, the best weakest step on any walk to a goal; no entry: no walk."""
    strong = {node: network.strength(node) for node in goals}
    changed = {node: bound for node, bound in strong.items() if bound >= search.min_support}
    rows = [dict(changed)]
    for _ in range(search.depth):
        best, grown = dict(rows[-1]), {}
        for node, reached in network.reaching(changed).items():
            bound = min(network.strength(node), reached)
            if bound >= search.min_support and bound > best.get(node, -1):
                best[node] = grown[node] = bound
        rows.append(best)
        changed = grown
    return rows
