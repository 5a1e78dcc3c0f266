"""Figures of many groups at once: distinct sources, studies, reviews, stances.

A source counts once in a group, however much of it speaks there. Counted by study, reports of one
study support or refute once; a review, which is no study, counts as itself.
"""

from enum import StrEnum

import numpy as np

from app.synthesis.columns import DIRECT, REFUTES, SUPPORTS, Columns, Ints, Mask
from app.synthesis.counting import Figures

BITS = 3


class CountedBy(StrEnum):
    """What supporting and refuting count: distinct sources, or distinct studies."""

    SOURCE = "source"
    STUDY = "study"


class Totals:
    """Distinct (group, source) pairs with what the source says there, ready to be counted."""

    def __init__(self, columns: Columns, group: Ints, evidence: Ints) -> None:
        self._columns = columns
        self._numbers, place = np.unique(columns.origin, return_inverse=True)
        self._width = max(len(self._numbers), 1)
        code = group.astype(np.int64) * self._width + place[evidence]
        self._group, self._source, self._flags = self._merged(code, columns.flags[evidence])

    def regrouped(self, into: Ints) -> "Totals":
        """Return the totals of wider groups; `into` gives the wider group of each."""
        wider = object.__new__(Totals)
        wider._columns, wider._numbers, wider._width = self._columns, self._numbers, self._width
        code = into[self._group].astype(np.int64) * self._width + self._source
        wider._group, wider._source, wider._flags = self._merged(code, self._flags)
        return wider

    def figures(
        self, configurations: Ints, joint: Ints, by: CountedBy = CountedBy.SOURCE
    ) -> list[Figures]:
        """Return the figures of every group, given its distinct configurations and joint ones."""
        size = len(configurations)
        study, is_review = self._studies()
        is_primary = ~is_review[self._source]
        counts = (
            configurations,
            np.bincount(self._group, minlength=size),
            self._distinct(study, is_primary, size),
            np.bincount(self._group[~is_primary], minlength=size),
            *(self._stances(bit, study, size, by) for bit in (SUPPORTS, REFUTES)),
            np.bincount(self._group[self._flags & DIRECT == 0], minlength=size),
            joint,
        )
        return [Figures(*row) for row in zip(*(c.tolist() for c in counts), strict=True)]

    def _stances(self, bit: int, study: Ints, size: int, by: CountedBy) -> Ints:
        is_said = self._flags & bit > 0
        if by is CountedBy.STUDY:
            return self._distinct(study, is_said, size)
        return np.bincount(self._group[is_said], minlength=size)

    def _distinct(self, study: Ints, is_meant: Mask, size: int) -> Ints:
        """Count the distinct studies of the pairs meant, by group."""
        code = self._group[is_meant] * (2 * self._width) + study[self._source[is_meant]]
        return np.bincount(np.unique(code) // (2 * self._width), minlength=size)

    def _studies(self) -> tuple[Ints, Mask]:
        """Return, by source, a number for its study, or its own, and whether it is a review."""
        catalogue = self._columns.catalogue
        numbers = self._numbers.tolist()
        is_review = np.array([number in catalogue.reviews for number in numbers], bool)
        named = [-n if n in catalogue.reviews else catalogue.study[n] for n in numbers]
        return np.unique(np.array(named, np.int64), return_inverse=True)[1], is_review

    def _merged(self, code: Ints, flags: Ints) -> tuple[Ints, Ints, Ints]:
        """Return group, source and all flags of every distinct pair."""
        ordered = np.sort((code << BITS) + flags)
        pair = ordered >> BITS
        starts = np.flatnonzero(np.diff(pair, prepend=-1))
        said = ordered & (2**BITS - 1)
        merged = np.bitwise_or.reduceat(said, starts) if len(starts) else said
        group, source = np.divmod(pair[starts], self._width)
        return group, source, merged
