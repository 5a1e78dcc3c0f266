"""How far independent appraisers agree: raw, Cohen's kappa, Krippendorff's ordinal alpha."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, permutations

Units = Sequence[Mapping[int, int]]
"""Of each subject: the level's place on the scale, by appraiser."""


def raw_agreement(units: Units) -> float | None:
    """Return the share of equal pairs of judgements of a subject, averaged over subjects."""
    shares = []
    for unit in units:
        pairs = [one == other for one, other in combinations(unit.values(), 2)]
        if pairs:
            shares.append(sum(pairs) / len(pairs))
    return sum(shares) / len(shares) if shares else None


def cohens_kappa(pairs: Sequence[tuple[int, int]]) -> float | None:
    """Return kappa of two appraisers (Cohen 1960): agreement beyond what their margins give.

    None where there is nothing to compare, or where chance alone makes them always agree.
    """
    if not pairs:
        return None
    size = len(pairs)
    observed = sum(one == other for one, other in pairs) / size
    left, right = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    expected = sum(left[level] * right[level] for level in left) / size**2
    return None if expected == 1 else (observed - expected) / (1 - expected)


def ordinal_alpha(units: Units) -> float | None:
    """Return Krippendorff's alpha for ordinal levels (Krippendorff 2011), gaps allowed.

    Two levels differ by the square of how many judgements lie from one to the other, of the two
    themselves half. None where fewer than two levels occur, for then nothing could differ.
    """
    together: dict[tuple[int, int], float] = defaultdict(float)
    for unit in units:
        for one, other in permutations(unit.values(), 2):
            together[one, other] += 1 / (len(unit) - 1)
    counts: dict[int, float] = defaultdict(float)
    for (one, _), weight in together.items():
        counts[one] += weight
    levels, total = sorted(counts), sum(counts.values())
    distance = {
        (one, other): _between(counts, one, other) for one, other in permutations(levels, 2)
    }
    observed = sum(weight * distance.get(pair, 0) for pair, weight in together.items())
    expected = sum(counts[one] * counts[other] * d for (one, other), d in distance.items())
    return 1 - (total - 1) * observed / expected if distance else None


def _between(counts: Mapping[int, float], one: int, other: int) -> float:
    low, high = min(one, other), max(one, other)
    inside = sum(count for level, count in counts.items() if low <= level <= high)
    return (inside - (counts[low] + counts[high]) / 2) ** 2


def by_pair(units: Units) -> dict[tuple[int, int], list[tuple[int, int]]]:
    """Return the judgements of each two appraisers on what both judged, in order of subjects."""
    found: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for unit in units:
        for one, other in combinations(sorted(unit), 2):
            found[one, other].append((unit[one], unit[other]))
    return dict(sorted(found.items()))


def compared(units: Iterable[Mapping[int, int]]) -> list[Mapping[int, int]]:
    """Keep the subjects that two or more judged."""
    return [unit for unit in units if len(unit) > 1]
