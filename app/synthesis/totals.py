"""Figures of many groups at once: distinct sources, studies, reviews, stances.

A source counts once in a group, however much of it speaks there. Counted by study, reports of one
study support or refute once, and so do reports of one review, which is no study.
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
        work = self._works()
        is_study, is_review = (
            np.isin(self._numbers, np.fromiter(sources, np.int64))[self._source]
            for sources in (self._columns.catalogue.studies, self._columns.catalogue.reviews)
        )
        counts = (
            configurations,
            np.bincount(self._group, minlength=size),
            *(self._distinct(work, is_meant, size) for is_meant in (is_study, is_review)),
            *(self._stances(bit, work, size, by) for bit in (SUPPORTS, REFUTES)),
            np.bincount(self._group[self._flags & DIRECT == 0], minlength=size),
            joint,
        )
        return [Figures(*row) for row in zip(*(c.tolist() for c in counts), strict=True)]

    def _stances(self, bit: int, work: Ints, size: int, by: CountedBy) -> Ints:
        is_said = self._flags & bit > 0
        if by is CountedBy.STUDY:
            return self._distinct(work, is_said, size)
        return np.bincount(self._group[is_said], minlength=size)

    def _distinct(self, work: Ints, is_meant: Mask, size: int) -> Ints:
        """Count the distinct works of the pairs meant, by group."""
        code = self._group[is_meant] * (2 * self._width) + work[self._source[is_meant]]
        return np.bincount(np.unique(code) // (2 * self._width), minlength=size)

    def _works(self) -> Ints:
        """Return, by source, a number for the study or review it reports, or its own."""
        work = self._columns.catalogue.work
        named = np.array([work[number] for number in self._numbers.tolist()], np.int64)
        return np.unique(named, return_inverse=True)[1]

    def _merged(self, code: Ints, flags: Ints) -> tuple[Ints, Ints, Ints]:
        """Return group, source and all flags of every distinct pair."""
        ordered = np.sort((code << BITS) + flags)
        pair = ordered >> BITS
        starts = np.flatnonzero(np.diff(pair, prepend=-1))
        said = ordered & (2**BITS - 1)
        merged = np.bitwise_or.reduceat(said, starts) if len(starts) else said
        group, source = np.divmod(pair[starts], self._width)
        return group, source, merged
