"""Which of the pairs in one block are worth judging: those that could still reach the queue.

The same points as in judging, but for all pairs at once and taken as high as they may be where
looking costs more: authors and journals count as the same, and no word speaks against a title.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.fuzz import ratio

from app.library.matching_blocks import Ints
from app.library.matching_fields import Profile
from app.library.matching_judgement import (
    IDENTIFIERS,
    ISSUES,
    OTHER_PAGES,
    PAGES,
    SAME_AUTHORS,
    SAME_CONTAINER,
    SAME_TITLE,
    START,
    SUGGESTED_FROM,
    TITLE_STEPS,
    VOLUMES,
    YEARS,
)
from app.library.matching_titles import CUT_BY, CUT_FROM, CUT_LETTERS

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Texts = Sequence[str] | NDArray[np.object_]
ALL = 100
"""How alike two same titles are."""


def worth_judging(profiles: Sequence[Profile], pairs: Ints) -> tuple[Ints, list[float]]:
    """Keep the pairs that may be one work; return them, and how alike the titles of each are."""
    if not len(pairs):
        return pairs, []
    known = START + SAME_AUTHORS + SAME_CONTAINER + _known(profiles, pairs)
    is_worth = known + SAME_TITLE >= SUGGESTED_FROM
    pairs, known = pairs[is_worth], known[is_worth]
    texts = np.array([one.compact for one in profiles], object)
    alike = _alike(texts[pairs[:, 0]], texts[pairs[:, 1]])
    steps = [alike >= floor for floor, _ in TITLE_STEPS]
    titles = np.select(steps, [points for _, points in TITLE_STEPS])
    titles[_may_be_cut(profiles, texts, pairs, alike)] = SAME_TITLE
    is_worth = known + titles >= SUGGESTED_FROM
    return pairs[is_worth], alike[is_worth].tolist()


def _known(profiles: Sequence[Profile], pairs: Ints) -> Floats:
    """Return the points of what is the same or not at a glance; nothing tells against preprints."""
    fields = {**IDENTIFIERS, "page": (PAGES[0], OTHER_PAGES), "volume": VOLUMES, "issue": ISSUES}
    points = np.zeros(len(pairs))
    is_preprint = np.array([one.is_preprint for one in profiles])[pairs].any(axis=1)
    for name, (same, different) in fields.items():
        told = _told([getattr(one, name) for one in profiles], pairs, same, different)
        points += np.where(is_preprint, np.maximum(told, 0), told)
    years = _years(profiles, pairs)
    return points + np.where(is_preprint, np.maximum(years, 0), years)


def _told(values: Sequence[str], pairs: Ints, same: float, different: float) -> Floats:
    codes = np.unique(np.array(values, object), return_inverse=True)[1][pairs]
    is_given = np.array([bool(value) for value in values])[pairs].all(axis=1)
    told = np.where(codes[:, 0] == codes[:, 1], same, different)
    found: Floats = np.where(is_given, told, 0.0)
    return found


def _years(profiles: Sequence[Profile], pairs: Ints) -> Floats:
    years = np.array([one.year or 0 for one in profiles])[pairs]
    apart = np.minimum(np.abs(years[:, 0] - years[:, 1]), len(YEARS) - 1)
    found: Floats = np.where(years.all(axis=1), np.array(YEARS)[apart], 0.0)
    return found


def _alike(one: Texts, other: Texts) -> NDArray[np.float32]:
    found: NDArray[np.float32] = process.cpdist(one, other, scorer=ratio)
    return found


def _may_be_cut(
    profiles: Sequence[Profile], texts: NDArray[np.object_], pairs: Ints, alike: NDArray[np.float32]
) -> Mask:
    """Say of which pairs the one title may go on where the other ends."""
    found: Mask = alike >= ALL
    lengths = np.array([len(one.compact) for one in profiles])[pairs]
    shorter, longer = lengths.min(axis=1), lengths.max(axis=1)
    rest = np.flatnonzero((shorter >= CUT_LETTERS) & (longer >= shorter * CUT_BY))
    if len(rest):
        one, other = texts[pairs[rest, 0]], texts[pairs[rest, 1]]
        heads = [a[: len(b)] for a, b in zip(one, other, strict=True)]
        tails = [b[: len(a)] for a, b in zip(one, other, strict=True)]
        mains = np.array([one.main for one in profiles], object)[pairs[rest]]
        is_begun = _alike(heads, tails) >= CUT_FROM
        is_main = _alike(mains[:, 0], mains[:, 1]) >= CUT_FROM
        found[rest] |= is_begun | is_main
    return found
