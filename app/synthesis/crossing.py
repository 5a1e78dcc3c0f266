"""Two sides of a question against each other: which cells there are, and what counts in each."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from app.synthesis.columns import STATE_AT, Columns, Ints, Mask
from app.synthesis.counting import Figures
from app.synthesis.placing import STRIDE, Placed, Witnesses, spoken_to, spread
from app.synthesis.totals import CountedBy, Totals
from app.theory.states import DIRECTIONS

DIRECTION = np.array([DIRECTIONS[state] for state in STATE_AT])


@dataclass(frozen=True)
class Crossing:
    """Every configuration asked for in every cell it stands in; cells are counted from 0."""

    columns: Columns
    is_chosen: Mask
    witnesses: Witnesses
    sides: tuple[Placed, Placed]
    """Rows, columns."""
    allowed: Ints | None = None
    """Codes (see `code`) of the only placings there are, where not every pair is one."""

    @cached_property
    def placings(self) -> tuple[Ints, Ints]:
        """Return configuration and place of every placing; a place is row and column in one."""
        rows, across = self.sides
        chosen = np.flatnonzero(self.is_chosen)
        whose, at = spread(rows.first[chosen], rows.count()[chosen])
        of, row = chosen[whose], rows.pairs[at]
        each, at = spread(across.first[of], across.count()[of])
        of, place = of[each], self._place(row[each], across.pairs[at])
        if self.allowed is not None:
            is_free = np.isin(self.code(of, place), self.allowed)
            of, place = of[is_free], place[is_free]
        return of, place

    @cached_property
    def places(self) -> Ints:
        """Return the place of each cell, ascending."""
        return np.unique(self.placings[1])

    @property
    def width(self) -> int:
        """How many columns there may be."""
        return max(len(self.sides[1].headings), 1)

    def of_side(self, side: int) -> Ints:
        """Return the row (0) or the column (1) of each cell."""
        return np.divmod(self.places, self.width)[side]

    def code(self, configuration: Ints, place: Ints) -> Ints:
        """Return configuration and place as one number."""
        return configuration.astype(np.int64) * (self.width * len(self.sides[0].headings)) + place

    def _place(self, row: Ints, column: Ints) -> Ints:
        return row.astype(np.int64) * self.width + column

    @cached_property
    def _totals(self) -> Totals:
        rows, across = self.sides
        witness, row = spoken_to(self.columns, rows, self.witnesses)
        by, column = spoken_to(self.columns, across, self.witnesses)
        first = np.searchsorted(by, witness)
        each, at = spread(first, np.searchsorted(by, witness, "right") - first)
        witness, place = witness[each], self._place(row[each], column[at])
        if self.allowed is not None:
            is_free = np.isin(self.code(self.witnesses.whole[witness], place), self.allowed)
            witness, place = witness[is_free], place[is_free]
        cell = np.searchsorted(self.places, place)
        return Totals(self.columns, cell, self.witnesses.evidence[witness])

    def figures(self, into: Ints, by: CountedBy = CountedBy.SOURCE) -> list[Figures]:
        """Return the figures of groups of cells; `into` gives the group of each cell."""
        size = int(into.max(initial=-1)) + 1
        of, place = self.placings
        group = into[np.searchsorted(self.places, place)].astype(np.int64)
        of, group = np.divmod(np.unique(of * max(size, 1) + group), max(size, 1))
        is_joint = self.sides[0].is_joint | self.sides[1].is_joint
        configurations = np.bincount(group, minlength=size)
        joint = np.bincount(group[is_joint[of]], minlength=size)
        return self._totals.regrouped(into).figures(configurations, joint, by)

    def is_contradictory(self, outcomes: int) -> Mask:
        """Mark the cells of one side's concepts whose states oppose each other on the other side.

        `outcomes` is the side, rows (0) or columns (1), whose states are compared.
        """
        side = self.sides[outcomes]
        more, less = (self._leaning(side, direction) for direction in (1, -1))
        of, place = self.placings
        headings = np.divmod(place, self.width)
        code = side.code(of, headings[outcomes])
        pair = np.searchsorted(side.codes, code)
        concepts, concept = np.unique(side.headings // STRIDE, return_inverse=True)
        across = headings[1 - outcomes] * len(concepts) + concept[headings[outcomes]]
        opposed = np.intersect1d(across[more[pair]], across[less[pair]])
        is_leaning = more[pair] | less[pair]
        found = np.zeros(len(self.places), bool)
        found[np.searchsorted(self.places, place[is_leaning & np.isin(across, opposed)])] = True
        return found

    def _leaning(self, side: Placed, direction: int) -> Mask:
        """Mark the pairs of configuration and heading that have a state of one direction."""
        is_so = (side.heading_of >= 0) & (DIRECTION[self.columns.state] == direction)
        code = side.code(self.columns.element_of[is_so], side.heading_of[is_so])
        found = np.zeros(len(side.codes), bool)
        found[np.searchsorted(side.codes, code)] = True
        return found
