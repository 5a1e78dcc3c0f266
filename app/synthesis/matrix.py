"""Which contexts produce which outcomes, through what: any role against any role.

The answer is counted in memory over a review read once, since joint elements, consolidation,
second-hand evidence and the elements each passage is about decide what counts in a cell.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated
from urllib.parse import urlencode

import numpy as np
from pydantic import Field
from sqlalchemy.orm import Session

from app.access.models import Review
from app.synthesis.choosing import choose, choose_evidence
from app.synthesis.columns import STATE_AT, Columns, Mask, columns_of
from app.synthesis.counting import Figures, reported
from app.synthesis.crossing import Crossing
from app.synthesis.placing import STRIDE, Side, place, witnesses_of
from app.synthesis.totals import CountedBy
from app.theory.filters import ConfigurationFilter, concepts_of, filter_query
from app.theory.vocabulary import Role, State

Depth = Annotated[int, Field(ge=1, le=20)]


class MatrixWish(ConfigurationFilter):
    """Which matrix is wanted: two roles, how far rolled up, and any filter of configurations."""

    rows: Role = Role.CONTEXT
    columns: Role = Role.OUTCOME
    split_rows: bool = False
    """Show each state of a row's concept apart."""
    split_columns: bool = True
    """Show each state of a column's concept apart."""
    depth_rows: Depth | None = None
    """Count narrower concepts under their ancestor at this depth, 1 being the top."""
    depth_columns: Depth | None = None
    by: CountedBy = CountedBy.SOURCE
    """Let supporting and refuting count distinct sources, or studies and reviews."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A row or a column: a concept, with its state where states are split."""

    concept_id: int
    label: str
    referent: str | None
    state: State | None
    condition: str
    """As the `has` filter writes it."""
    figures: Figures
    """Distinct over the whole row or column; never the sum of its cells."""
    contradictory: bool
    """Some cell in it is."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell that is not empty; `row` and `column` count from 0 into the headings."""

    row: int
    column: int
    figures: Figures
    url: str
    """Lists exactly the configurations counted here."""
    contradictory: bool
    """The same context has this outcome both more and less; a finding, never averaged away."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Configurations that fit the filter and stand in no cell, since a role is not coded."""

    configurations: int
    no_row: int
    no_column: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """Distinct counts of configurations and sources; they describe the collection."""

    rows_role: Role
    columns_role: Role
    by: CountedBy
    """What supporting and refuting count."""
    rows: list[Heading]
    columns: list[Heading]
    cells: list[Cell]
    total: Figures
    left_out: LeftOut
    caption: str


@dataclass(frozen=True)
class Answer:
    """What was counted, and what is needed to say it."""

    wish: MatrixWish
    columns: Columns
    crossing: Crossing
    sides: tuple[Side, Side]
    """Rows, columns."""

    @cached_property
    def contradictory(self) -> Mask:
        """Mark the cells whose outcomes oppose each other."""
        roles = [side.role for side in self.sides]
        if Role.OUTCOME not in roles:
            return np.zeros(len(self.crossing.places), bool)
        return self.crossing.is_contradictory(1 if roles[1] is Role.OUTCOME else 0)

    def order(self, heading: int) -> tuple[list[tuple[int, str, int]], int]:
        """Return what to sort a heading by: along the codebook's tree, then by state."""
        concept, state = divmod(heading, STRIDE)
        known = self.columns.concepts
        path = [(known[c].position, known[c].label, c) for c in self.columns.tree.path(concept)]
        return path, state

    def headings(self, side: int) -> dict[int, Heading]:
        """Return by its place the headings of rows (0) or columns (1), in their order."""
        places, of = np.unique(self.crossing.of_side(side), return_inverse=True)
        codes = self.crossing.sides[side].headings[places].tolist()
        is_opposed = np.zeros(len(places), bool)
        is_opposed[of[self.contradictory]] = True
        figures = self.crossing.figures(of, self.wish.by)
        made = zip(codes, figures, is_opposed.tolist(), strict=True)
        by_place = dict(zip(places.tolist(), made, strict=True))
        ordered = sorted(by_place, key=lambda place: self.order(by_place[place][0]))
        return {place: self._heading(side, by_place[place]) for place in ordered}

    def _heading(self, side: int, made: tuple[int, Figures, bool]) -> Heading:
        code, figures, is_opposed = made
        concept, state = divmod(code, STRIDE)
        told = self.columns.concepts[concept]
        return Heading(
            concept_id=concept,
            label=told.label,
            referent=told.referent,
            state=STATE_AT[state - 1] if state else None,
            condition=self.condition(side, concept, state),
            figures=figures,
            contradictory=is_opposed,
        )

    def condition(self, side: int, concept: int, state: int) -> str:
        """Write a heading as the `has` filter does; rolled-up concepts take narrower ones in."""
        asked = self.sides[side]
        is_rolled = asked.depth is not None and self.columns.tree.depth(concept) == asked.depth - 1
        condition = f"{asked.role}:K{concept}{'*' if is_rolled else ''}"
        return f"{condition}:{STATE_AT[state - 1]}" if state else condition

    def cells(
        self, url: str, rows: Mapping[int, Heading], across: Mapping[int, Heading]
    ) -> list[Cell]:
        """Return every cell that is not empty, by row and column."""
        at = [{place: i for i, place in enumerate(headings)} for headings in (rows, across)]
        kept = urlencode(filter_query(self.wish), safe=":*")
        start = f"{url}?counted=true&has="
        starts = {place: f"{start}{heading.condition}&has=" for place, heading in rows.items()}
        ends = {
            place: f"{heading.condition}&{kept}" if kept else heading.condition
            for place, heading in across.items()
        }
        made = zip(
            self.crossing.of_side(0).tolist(),
            self.crossing.of_side(1).tolist(),
            self.crossing.figures(np.arange(len(self.crossing.places)), self.wish.by),
            self.contradictory.tolist(),
            strict=True,
        )
        cells = [
            Cell(at[0][row], at[1][column], figures, starts[row] + ends[column], is_opposed)
            for row, column, figures, is_opposed in made
        ]
        return sorted(cells, key=lambda cell: (cell.row, cell.column))

    def total(self) -> Figures:
        """Count everything that stands in some cell, once."""
        nothing = Figures(0, 0, 0, 0, 0, 0, 0)
        everything = np.zeros(len(self.crossing.places), np.int64)
        return next(iter(self.crossing.figures(everything, self.wish.by)), nothing)

    def left_out(self) -> LeftOut:
        """Count what fits the filter and stands in no cell."""
        chosen = self.crossing.is_chosen
        no_row, no_column = (chosen & (side.count() == 0) for side in self.crossing.sides)
        counts = [int(mask.sum()) for mask in (no_row | no_column, no_row, no_column)]
        return LeftOut(configurations=counts[0], no_row=counts[1], no_column=counts[2])


def matrix(session: Session, review: Review, wish: MatrixWish, base: str = "") -> Matrix:
    """Answer a matrix question; `base` starts the links of the cells."""
    answer = count(session, review.id, wish)
    rows, columns = answer.headings(0), answer.headings(1)
    total = answer.total()
    return Matrix(
        rows_role=wish.rows,
        columns_role=wish.columns,
        by=wish.by,
        rows=list(rows.values()),
        columns=list(columns.values()),
        cells=answer.cells(f"{base}/api/v1/reviews/{review.slug}/configurations", rows, columns),
        total=total,
        left_out=answer.left_out(),
        caption=_caption(wish, total),
    )


def count(session: Session, review_id: int, wish: MatrixWish) -> Answer:
    """Place everything a matrix asks for on its two sides."""
    columns = columns_of(session, review_id)
    is_chosen = choose(session, review_id, wish, columns)
    is_said = choose_evidence(session, review_id, wish, columns)
    through = concepts_of(wish.through, columns.tree) if wish.through else None
    sides = (
        Side(wish.rows, wish.depth_rows, wish.split_rows),
        Side(wish.columns, wish.depth_columns, wish.split_columns),
    )
    crossing = Crossing(
        columns,
        is_chosen,
        witnesses_of(columns, is_chosen, is_said),
        (place(columns, sides[0], through), place(columns, sides[1], through)),
    )
    return Answer(wish, columns, crossing, sides)


_BY_STUDY = "Supporting and refuting count studies, and reviews, once each. "


def _caption(wish: MatrixWish, total: Figures) -> str:
    through = f", through {wish.through}" if wish.through else ""
    return (
        f"{wish.rows.capitalize()} by {wish.columns}{through}: "
        f"{_many(total.configurations, 'configuration')} from {_many(total.sources, 'source')} "
        f"({reported(total)}). "
        f"{_BY_STUDY if wish.by is CountedBy.STUDY else ''}"
        f"Counts describe this collection, not the strength of a claim."
    )


def _many(number: int, one: str, several: str = "") -> str:
    return f"{number} {one if number == 1 else several or one + 's'}"
