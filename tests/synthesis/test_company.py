"""Concepts in the same company, against counting them one by one."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations, permutations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.synthesis.company import Shared, Slots, shared_company

ELEMENT = st.tuples(st.integers(0, 11), st.integers(0, 2), st.integers(1, 7))


Element = tuple[int, int, int]
Beside = dict[int, set[Element]]


def neighbours(elements: list[Element]) -> Beside:
    beside: Beside = defaultdict(set)
    for (of, role, one), (elsewhere, how, other) in permutations(elements, 2):
        if of == elsewhere and one != other:
            beside[one * 10].add((role, how, other * 10))
    return beside


def one_by_one(beside: Beside, least: int, most: int) -> Iterator[Shared]:
    whose = Counter(neighbour for neighbours in beside.values() for neighbour in neighbours)
    for one, other in combinations(sorted(beside), 2):
        alike = {n[2] for n in beside[one] & beside[other] if whose[n] <= most}
        met = [{n[2] for n in beside[concept]} for concept in (one, other)]
        if len(alike) >= least and other not in met[0]:
            yield Shared((one, other), sorted(alike), len(alike) / len(met[0] | met[1]))


@given(st.lists(ELEMENT, max_size=60), st.integers(1, 3), st.integers(2, 5))
def test_company_is_shared_as_counted_one_by_one(
    elements: list[Element], least: int, most: int
) -> None:
    elements.sort()
    rows = np.array(elements, np.int64).reshape(-1, 3)
    slots = Slots(rows[:, 0], rows[:, 1], rows[:, 2] * 10)
    expected = one_by_one(neighbours(elements), least, most)
    assert list(shared_company(slots, least, most)) == list(expected)
