"""Codebooks: a tree of concepts, some merged, that elements pick from by Zipf's law."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random

DEPTH = 4
PROBE = 1  # a concept used by the same number of configurations in every large review
ROOTS = 8


@dataclass(frozen=True, slots=True)
class Codebook:
    """Concepts by number; `parents` and `merged_into` are by position, number minus one."""

    parents: Sequence[int | None]
    merged_into: Sequence[int | None]

    @property
    def size(self) -> int:
        """How many concepts there are."""
        return len(self.parents)


def make_codebook(rng: Random, size: int) -> Codebook:
    """Make a tree of depth 4 below some roots; one leaf in twenty is merged into another."""
    parents: list[int | None] = [None] * (PROBE + ROOTS)
    depths = [1] * (PROBE + ROOTS)
    for _ in range(size - len(parents)):
        parent = rng.randrange(PROBE, len(parents))
        while depths[parent] >= DEPTH:
            parent = rng.randrange(PROBE, len(parents))
        parents.append(parent + 1)
        depths.append(depths[parent] + 1)
    with_children = {parent for parent in parents if parent}
    leaves = [k for k in range(PROBE + ROOTS + 1, size + 1) if k not in with_children]
    merged = set(rng.sample(leaves, k=size // 20))
    alive = [k for k in range(PROBE + 1, size + 1) if k not in merged]
    return Codebook(
        parents, [rng.choice(alive) if k in merged else None for k in range(1, size + 1)]
    )


class Zipf:
    """Picks among items, the k-th most popular with a weight of 1/k; popularity is shuffled."""

    def __init__(self, rng: Random, items: Sequence[int], flatness: float = 0.0) -> None:
        self.rng = rng
        self.items = rng.sample(items, k=len(items))
        self.weights = list(accumulate(1 / (rank + 1 + flatness) for rank in range(len(items))))

    def pick(self, count: int) -> list[int]:
        """Return `count` picks, repeats included."""
        return self.rng.choices(self.items, cum_weights=self.weights, k=count)
