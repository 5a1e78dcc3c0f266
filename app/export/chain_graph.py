"""What the layout of chains is given: parts that hang together, without what leads back."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

Pair = tuple[int, int]


def ahead(pairs: Iterable[Pair]) -> list[Pair]:
    """Return pairs without those that lead back: no cycle is left, and all still hang together.

    Depth first, from what nothing leads to, then in the order of numbers. Sugiyama et al. (1981)
    turn what leads back round; left out it gives the same layers, since the way it closes is there.
    """
    following: dict[int, list[int]] = defaultdict(list)
    for start, end in sorted(set(pairs)):
        following[start].append(end)
    fed = {end for ends in following.values() for end in ends}
    found: list[Pair] = []
    done: set[int] = set()
    for first in sorted(following, key=lambda number: (number in fed, number)):
        if first not in done:
            found += _walk(first, following, done)
    return found


def _walk(first: int, following: dict[int, list[int]], done: set[int]) -> Iterator[Pair]:
    """Yield the pairs met depth first that do not lead to what stands on the way to them."""
    way = {first: iter(following[first])}
    while way:
        here = next(reversed(way))
        then = next(way[here], None)
        if then is None:
            way.popitem()
            done.add(here)
        elif then not in way:
            yield here, then
            if then not in done:
                way[then] = iter(following.get(then, ()))


def parts(numbers: Iterable[int], pairs: Iterable[Pair]) -> Iterator[tuple[list[int], list[Pair]]]:
    """Yield the numbers that hang together, in order, with the pairs between them."""
    one = {number: number for number in numbers}
    held = list(pairs)
    for start, end in held:
        left, right = sorted((_root(one, start), _root(one, end)))
        one[right] = left
    groups: dict[int, tuple[list[int], list[Pair]]] = defaultdict(lambda: ([], []))
    for number in sorted(one):
        groups[_root(one, number)][0].append(number)
    for pair in held:
        groups[_root(one, pair[0])][1].append(pair)
    yield from groups.values()


def _root(one: dict[int, int], number: int) -> int:
    while one[number] != number:
        number = one[number]
    return number
