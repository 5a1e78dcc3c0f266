"""The codebook as a tree of surviving concepts, read once and walked in memory."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.coding.models import Concept


class Node(NamedTuple):
    """What the tree needs to know of a concept."""

    id: int
    parent_id: int | None
    merged_into_id: int | None


class Tree:
    """Concepts by survivor: a merged concept is its survivor, and its children are there too.

    Every number of the review's concepts may be asked for; others raise `KeyError`. Should the
    data hold a cycle, it is cut at its smallest number and listed in `cycles`.
    """

    def __init__(self, nodes: Iterable[Node]) -> None:
        rows = list(nodes)
        into = {node.id: node.merged_into_id for node in rows if node.merged_into_id}
        merges = cut_rings(into)
        self._survivor = {node.id: _last(into, node.id) for node in rows}
        self._members: dict[int, list[int]] = {}
        for node in rows:
            self._members.setdefault(self._survivor[node.id], []).append(node.id)
        self._parent = {
            node.id: self._survivor[node.parent_id]
            for node in rows
            if node.parent_id and node.id not in into
        }
        self.cycles = frozenset(merges + cut_rings(self._parent))
        self._children: dict[int, list[int]] = {}
        for child, parent in self._parent.items():
            self._children.setdefault(parent, []).append(child)

    def __contains__(self, concept_id: int) -> bool:
        return concept_id in self._survivor

    def survivor(self, concept_id: int) -> int:
        """Return the concept it is counted under: itself, unless it was merged."""
        return self._survivor[concept_id]

    def members(self, concept_id: int) -> set[int]:
        """Return its survivor and everything merged into that, however indirectly."""
        return set(self._members[self.survivor(concept_id)])

    def subtree(self, concept_id: int) -> set[int]:
        """Return the members of its survivor and of all concepts below."""
        found: set[int] = set()
        waiting = [self.survivor(concept_id)]
        while waiting:
            here = waiting.pop()
            found.update(self._members[here])
            waiting.extend(self._children.get(here, ()))
        return found

    def path(self, concept_id: int) -> list[int]:
        """Return the survivors from the root down to its own survivor."""
        upwards = [self.survivor(concept_id)]
        while (parent := self._parent.get(upwards[-1])) is not None:
            upwards.append(parent)
        return upwards[::-1]

    def depth(self, concept_id: int) -> int:
        """Return how many concepts stand above it: 0 at a root."""
        return len(self.path(concept_id)) - 1

    def ancestor_at(self, concept_id: int, depth: int) -> int:
        """Return the survivor at a depth above it (0: the root), or its own where it is higher."""
        path = self.path(concept_id)
        return path[min(depth, len(path) - 1)]

    def children(self, concept_id: int) -> list[int]:
        """Return the survivors right below its survivor, by number."""
        return sorted(self._children.get(self.survivor(concept_id), ()))


def concept_tree(
    session: Session, review_id: int, changed: Mapping[int, Node] | None = None
) -> Tree:
    """Read the tree of a review in one query, or as it would be with some concepts changed."""
    session.flush()
    rows = session.execute(
        select(Concept.id, Concept.parent_id, Concept.merged_into_id)
        .where(Concept.review_id == review_id)
        .order_by(Concept.id)
    )
    return Tree((changed or {}).get(row[0], Node(*row)) for row in rows)


def _last(pointers: Mapping[int, int | None], start: int) -> int:
    here = start
    while (following := pointers.get(here)) is not None:
        here = following
    return here


def cut_rings(pointers: dict[int, int] | dict[int, int | None]) -> list[tuple[int, ...]]:
    """Drop the pointer of the smallest number of each cycle; return the cycles, smallest first."""
    done: set[int] = set()
    cycles = []
    for start in sorted(pointers):
        walk: dict[int, int] = {}
        here: int | None = start
        while here is not None and here not in done and here not in walk:
            walk[here] = len(walk)
            here = pointers.get(here)
        if here is not None and here in walk:
            ring = list(walk)[walk[here] :]
            first = ring.index(min(ring))
            cycles.append(tuple(ring[first:] + ring[:first]))
            del pointers[min(ring)]
        done.update(walk)
    return cycles
