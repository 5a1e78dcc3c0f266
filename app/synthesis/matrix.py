"""Which contexts produce which outcomes, through what: any role against any role.

The answer is counted in memory over a few flat reads, since joint elements, consolidation,
second-hand evidence and the elements each passage is about decide what counts in a cell.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.models import Review
from app.coding.models import Concept
from app.coding.tree import Tree, concept_tree
from app.synthesis.axes import Axis, Key, Place, read_axes, tally_cells
from app.synthesis.counting import (
    Catalogue,
    Counted,
    Figures,
    Tally,
    read_catalogue,
    read_counted,
    read_scopes,
)
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


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell that is not empty; `row` and `column` count from 0 into the headings."""

    row: int
    column: int
    figures: Figures
    url: str
    """Lists exactly the configurations counted here."""


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
    rows: list[Heading]
    columns: list[Heading]
    cells: list[Cell]
    total: Figures
    left_out: LeftOut
    caption: str


STATE_ORDER = {state.value: i for i, state in enumerate(State)}


@dataclass(frozen=True, slots=True)
class Answer:
    """What was counted, and what is needed to say it."""

    wish: MatrixWish
    tree: Tree
    counted: Counted
    axes: tuple[Axis, Axis]
    """Rows, columns."""
    cells: Mapping[Place, Tally]
    catalogue: Catalogue
    concepts: Mapping[int, Concept]
    joint: frozenset[int]
    """Configurations with several elements required together in a row or column role."""

    def figures(self, tally: Tally) -> Figures:
        """Turn a tally into figures."""
        return self.catalogue.figures(tally, len(tally.configurations & self.joint))

    def order(self, key: Key) -> tuple[list[tuple[int, str, int]], int]:
        """Return what to sort a heading by: along the codebook's tree, then by state."""
        path = [
            (self.concepts[c].position, self.concepts[c].label, c) for c in self.tree.path(key[0])
        ]
        return path, STATE_ORDER[key[1]] if key[1] else -1

    def headings(self, side: int) -> dict[Key, Heading]:
        """Return the headings of rows (0) or columns (1), in their order."""
        tallies: dict[Key, Tally] = defaultdict(Tally)
        for place, tally in self.cells.items():
            tallies[place[side]].join(tally)
        return {
            key: Heading(
                concept_id=key[0],
                label=self.concepts[key[0]].label,
                referent=self.concepts[key[0]].referent,
                state=State(key[1]) if key[1] else None,
                condition=self.condition(side, key),
                figures=self.figures(tallies[key]),
            )
            for key in sorted(tallies, key=self.order)
        }

    def condition(self, side: int, key: Key) -> str:
        """Write a heading as the `has` filter does; rolled-up concepts take narrower ones in."""
        axis = self.axes[side]
        is_rolled = axis.depth is not None and self.tree.depth(key[0]) == axis.depth - 1
        condition = f"{axis.role}:K{key[0]}{'*' if is_rolled else ''}"
        return f"{condition}:{key[1]}" if key[1] else condition

    def total(self) -> Figures:
        """Count everything that stands in some cell, once."""
        whole = Tally()
        for tally in self.cells.values():
            whole.join(tally)
        return self.figures(whole)

    def left_out(self) -> LeftOut:
        """Count what fits the filter and stands in no cell."""
        no_row, no_column = (
            {number for number in self.counted.ids if not axis.of(number)} for axis in self.axes
        )
        return LeftOut(
            configurations=len(no_row | no_column), no_row=len(no_row), no_column=len(no_column)
        )


def matrix(session: Session, review: Review, wish: MatrixWish, base: str = "") -> Matrix:
    """Answer a matrix question; `base` starts the links of the cells."""
    answer = count(session, review.id, wish)
    rows, columns = answer.headings(0), answer.headings(1)
    total = answer.total()
    return Matrix(
        rows_role=wish.rows,
        columns_role=wish.columns,
        rows=list(rows.values()),
        columns=list(columns.values()),
        cells=_cells(answer, f"{base}/api/v1/reviews/{review.slug}/configurations", rows, columns),
        total=total,
        left_out=answer.left_out(),
        caption=_caption(wish, total),
    )


def count(session: Session, review_id: int, wish: MatrixWish) -> Answer:
    """Read and tally everything a matrix says."""
    tree = concept_tree(session, review_id)
    counted = read_counted(session, review_id, wish, tree)
    rows = Axis(wish.rows, wish.depth_rows, wish.split_rows)
    columns = Axis(wish.columns, wish.depth_columns, wish.split_columns)
    through = concepts_of(wish.through, tree) if wish.through else None
    read_axes(session, review_id, counted.every, through, tree, (rows, columns))
    concepts = session.scalars(select(Concept).where(Concept.review_id == review_id))
    return Answer(
        wish=wish,
        tree=tree,
        counted=counted,
        axes=(rows, columns),
        cells=tally_cells(counted, rows, columns, read_scopes(session, review_id, counted.every)),
        catalogue=read_catalogue(session, review_id),
        concepts={concept.id: concept for concept in concepts},
        joint=frozenset(n for n in counted.ids if rows.is_joint(n) or columns.is_joint(n)),
    )


def _cells(
    answer: Answer, url: str, rows: Mapping[Key, Heading], columns: Mapping[Key, Heading]
) -> list[Cell]:
    row_at = {key: i for i, key in enumerate(rows)}
    column_at = {key: i for i, key in enumerate(columns)}
    kept = urlencode(filter_query(answer.wish), safe=":*")
    end = f"&{kept}" if kept else ""
    cells = [
        Cell(
            row=row_at[row],
            column=column_at[column],
            figures=answer.figures(tally),
            url=f"{url}?counted=true&has={rows[row].condition}&has={columns[column].condition}{end}",
        )
        for (row, column), tally in answer.cells.items()
    ]
    return sorted(cells, key=lambda cell: (cell.row, cell.column))


def _caption(wish: MatrixWish, total: Figures) -> str:
    through = f", through {wish.through}" if wish.through else ""
    return (
        f"{wish.rows.capitalize()} by {wish.columns}{through}: "
        f"{_many(total.configurations, 'configuration')} from {_many(total.sources, 'source')} "
        f"({_many(total.studies, 'study', 'studies')}, {_many(total.reviews, 'review')}). "
        f"Counts describe this collection, not the strength of a claim."
    )


def _many(number: int, one: str, several: str = "") -> str:
    return f"{number} {one if number == 1 else several or one + 's'}"
