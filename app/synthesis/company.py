"""Which concepts stand beside the same others, in arrays: a review has a million of such pairs."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.theory.vocabulary import Role

Ints = NDArray[np.int64]
ROLES = len(Role)


class Shared(NamedTuple):
    """Two concepts, and the others that both stand beside in the same roles."""

    pair: tuple[int, int]
    common: list[int]
    share: float
    """Of all that either stands beside."""


class Slots(NamedTuple):
    """Coded elements by configuration: which it is of, its role, and the concept it counts as."""

    of: NDArray[np.integer[Any]]
    role: NDArray[np.integer[Any]]
    concept: NDArray[np.integer[Any]]


def shared_company(slots: Slots, least: int, most: int) -> Iterator[Shared]:
    """Find concepts that stand beside at least `least` others alike, never beside each other.

    To stand beside one alike is to have it in the same role, in the same role of one's own. What
    more than `most` concepts stand beside alike says nothing and is passed over.
    """
    numbers, dense = np.unique(slots.concept, return_inverse=True)
    size = len(numbers)
    one, how, other = _beside(slots, dense.astype(np.int64), size)
    triples = _alike(one, how * size + other, size, most)
    pairs, begin, counts = np.unique(triples // max(size, 1), return_index=True, return_counts=True)
    is_enough = counts >= least
    met = _met(one, other)
    for pair, start, count in zip(
        *(a[is_enough].tolist() for a in (pairs, begin, counts)), strict=True
    ):
        lower, higher = divmod(pair, size)
        if higher in met[lower]:
            continue
        common = (triples[start : start + count] % size).tolist()
        share = count / len(met[lower] | met[higher])
        yield Shared((int(numbers[lower]), int(numbers[higher])), numbers[common].tolist(), share)


def _beside(slots: Slots, concept: Ints, size: int) -> tuple[Ints, Ints, Ints]:
    """Return, each once: a concept, both roles as one number, and a concept beside it."""
    role = slots.role.astype(np.int64)
    found = [np.empty(0, np.int64)]
    for here, there in _together(slots.of):
        for a, b in ((here, there), (there, here)):
            roles = role[a] * ROLES + role[b]
            keys = (concept[a] * ROLES * ROLES + roles) * size + concept[b]
            found.append(np.unique(keys[concept[a] != concept[b]]))
    keys = np.unique(np.concatenate(found))
    one, rest = np.divmod(keys, ROLES * ROLES * max(size, 1))
    how, other = np.divmod(rest, max(size, 1))
    return one, how, other


def _alike(one: Ints, neighbour: Ints, size: int, most: int) -> Ints:
    """Return, each once and in order: two concepts and what both stand beside, as one number."""
    order = np.lexsort((one, neighbour))
    one, neighbour = one[order], neighbour[order]
    _, which, counts = np.unique(neighbour, return_inverse=True, return_counts=True)
    telling = (counts > 1) & (counts <= most)
    one, neighbour = one[telling[which]], neighbour[telling[which]]
    other = neighbour % max(size, 1)
    found = [np.empty(0, np.int64)]
    for here, there in _together(neighbour):
        found.append(np.unique((one[here] * size + one[there]) * size + other[here]))
    return np.unique(np.concatenate(found))


def _together(group: NDArray[np.integer[Any]]) -> Iterator[tuple[Ints, Ints]]:
    """Return the rows of every two of the same group, the groups standing together; in parts."""
    here = np.arange(len(group) - 1)
    apart = 1
    while len(here := here[here < len(group) - apart]):
        here = here[group[here] == group[here + apart]]
        yield here, here + apart
        apart += 1


def _met(one: Ints, other: Ints) -> Mapping[int, set[int]]:
    met: dict[int, set[int]] = defaultdict(set)
    edges = [*np.flatnonzero(np.diff(one, prepend=-1)).tolist(), len(one)]
    for start, end in pairwise(edges):
        met[int(one[start])] = set(other[start:end].tolist())
    return met
