"""Cycles among the edges a question considers, each once; knows nothing of databases.

Whether a loop feeds itself is told as in causal loop diagrams: by how many of its configurations
turn the direction around (Sterman, *Business Dynamics*, 2000, chapter 5).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from app.synthesis.edges import Edge
from app.synthesis.network import Network
from app.theory.slots import Slots
from app.theory.states import DIRECTIONS

MOST_LOOPS = 20
MOST_STEPS = 50_000


class Turn(StrEnum):
    """What a loop does to a change that runs through it once."""

    REINFORCES = "reinforces"
    BALANCES = "balances"
    OPEN = "open"


@dataclass(slots=True)
class Loops:
    """The cycles found, each from its smallest number, and whether there could be more."""

    rings: list[tuple[Edge, ...]] = field(default_factory=list)
    is_capped: bool = False


def find_loops(network: Network, touched: frozenset[int], longest: int) -> Loops:
    """Find cycles of up to `longest` links that touch some configurations, fewest links first."""
    found: set[tuple[Edge, ...]] = set()
    search = _Search(network, longest)
    for node in sorted(touched):
        for ring in search.rings(node):
            found.add(_from_smallest(ring))
            if len(found) > MOST_LOOPS:
                search.is_spent = True
                break
        search.done.add(node)
        if search.is_spent:
            break
    ordered = sorted(found, key=lambda ring: (len(ring), [edge[:5] for edge in ring]))
    return Loops(ordered[:MOST_LOOPS], search.is_spent)


@dataclass(slots=True)
class _Search:
    network: Network
    longest: int
    done: set[int] = field(default_factory=set)
    """Configurations all of whose loops are known, so that none comes twice."""
    steps: int = 0
    is_spent: bool = False

    def rings(self, node: int) -> Iterator[tuple[Edge, ...]]:
        """Yield the cycles through a configuration that touch none of those done."""
        back = self._back_to(node)
        waiting: list[tuple[Edge, ...]] = [(edge,) for edge in self.network.after(node)]
        while waiting:
            way = waiting.pop()
            last = way[-1].end
            self.steps += 1
            if self.steps > MOST_STEPS:
                self.is_spent = True
                return
            if last == node:
                if self.network.slots.passes(node, way[-1].in_n, way[0].out_n):
                    yield way
            elif len(way) + back.get(last, self.longest) <= self.longest and last not in self.done:
                waiting += self._longer(way, node)

    def _longer(self, way: tuple[Edge, ...], node: int) -> list[tuple[Edge, ...]]:
        last = way[-1].end
        seen = {edge.end for edge in way}
        return [
            (*way, edge)
            for edge in self.network.after(last)
            if (edge.end == node or edge.end not in seen)
            and self.network.slots.passes(last, way[-1].in_n, edge.out_n)
        ]

    def _back_to(self, node: int) -> dict[int, int]:
        """Return how many links each configuration is away from one, at least."""
        away = {node: 0}
        frontier = {node: 0}
        for links in range(1, self.longest):
            reached = self.network.reaching(frontier)
            frontier = {number: 0 for number in reached if number not in away}
            self.steps += len(reached)
            away |= dict.fromkeys(frontier, links)
        return away


def _from_smallest(ring: tuple[Edge, ...]) -> tuple[Edge, ...]:
    first = min(range(len(ring)), key=lambda i: ring[i].start)
    return ring[first:] + ring[:first]


def turn_of(ring: tuple[Edge, ...], slots: Slots) -> Turn:
    """Say whether a loop reinforces or balances; open where some state on it is not stated.

    Every configuration that leads from more to less, or from less to more, turns it around.
    """
    sign = 1
    for before, after in zip((ring[-1], *ring[:-1]), ring, strict=True):
        entered = slots.find(after.start, before.in_n)
        left = slots.find(after.start, after.out_n)
        if entered is None or left is None:
            return Turn.OPEN
        sign *= DIRECTIONS[entered.state] * DIRECTIONS[left.state]
    return {1: Turn.REINFORCES, -1: Turn.BALANCES, 0: Turn.OPEN}[sign]
