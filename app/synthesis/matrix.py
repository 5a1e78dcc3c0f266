"""Which contexts produce which outcomes, through what: any role against any role.

The answer is counted in memory over a few flat reads, since joint elements, consolidation,
second-hand evidence and the elements each passage is about decide what counts in a cell.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Annotated
from urllib.parse import urlencode

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.models import Review
from app.coding.models import Concept
from app.coding.tree import Tree, concept_tree
from app.db import Schema
from app.synthesis.counting import (
    Counted,
    Figures,
    Tally,
    Witness,
    read_catalogue,
    read_counted,
    read_scopes,
)
from app.theory.filters import ConfigurationFilter, concepts_of, filter_query, roles_of
from app.theory.models import Element
from app.theory.vocabulary import MECHANISM_ROLES, Role, State

Depth = Annotated[int, Field(ge=1, le=20)]
Key = tuple[int, State | None]


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


class Heading(Schema):
    """A row or a column: a concept, with its state where states are split."""

    concept_id: int
    label: str
    referent: str | None
    state: State | None
    condition: str
    """As the `has` filter writes it."""
    figures: Figures
    """Distinct over the whole row or column; never the sum of its cells."""


class Cell(Schema):
    """One cell that is not empty; `row` and `column` count from 0 into the headings."""

    row: int
    column: int
    figures: Figures
    url: str
    """Lists exactly the configurations counted here."""


class LeftOut(Schema):
    """Configurations that fit the filter and stand in no cell, since a role is not coded."""

    configurations: int
    no_row: int
    no_column: int


class Matrix(Schema):
    """Distinct counts of configurations and sources; they describe the collection."""

    rows_role: Role
    columns_role: Role
    rows: list[Heading]
    columns: list[Heading]
    cells: list[Cell]
    total: Figures
    left_out: LeftOut
    caption: str


@dataclass(slots=True)
class Axis:
    """One side of the matrix: its role, and the key each coded element of a configuration has."""

    role: Role
    depth: int | None
    is_split: bool
    keys: dict[int, dict[int, Key]] = field(default_factory=lambda: defaultdict(dict))
    groups: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))

    def counted_as(self, tree: Tree, concept: int | None) -> int | None:
        """Return the concept one is counted under: its survivor, or the ancestor rolled up to."""
        if concept is None or self.depth is None:
            return tree.survivor(concept) if concept else None
        return tree.ancestor_at(concept, self.depth - 1)

    def take(self, row: tuple[int, int, int | None], concept: int | None, state: State) -> None:
        """Take in one element: (configuration, n, any_of), its concept rolled up, its state."""
        configuration, n, any_of = row
        self.groups[configuration].add(any_of if any_of is not None else -n)
        if concept is not None:
            self.keys[configuration][n] = (concept, state if self.is_split else None)

    def of(self, configuration: int) -> set[Key]:
        """Return the headings a configuration stands under."""
        return set(self.keys.get(configuration, {}).values())

    def is_joint(self, configuration: int) -> bool:
        """Say whether the role needs several elements together in a configuration."""
        return len(self.groups.get(configuration, ())) > 1

    def touched(self, witness: Witness, elements: Sequence[int], whole: set[Key]) -> set[Key]:
        """Return the headings a piece of evidence speaks to; all, when it names none of them."""
        own = self.keys.get(witness.configuration, {})
        named = {own[n] for n in elements if n in own} & whole
        return named or whole


def matrix(session: Session, review: Review, wish: MatrixWish, base: str = "") -> Matrix:
    """Answer a matrix question; `base` starts the links of the cells."""
    tree = concept_tree(session, review.id)
    counted = read_counted(session, review.id, wish, tree)
    rows, columns = read_axes(session, review.id, wish, tree)
    cells = tally_cells(counted, rows, columns, read_scopes(session, review.id))
    return _present(session, review, wish, base, Answer(tree, counted, rows, columns, cells))


def read_axes(session: Session, review_id: int, wish: MatrixWish, tree: Tree) -> tuple[Axis, Axis]:
    """Read the elements in both roles, each under the concept it is counted as."""
    rows = Axis(wish.rows, wish.depth_rows, wish.split_rows)
    columns = Axis(wish.columns, wish.depth_columns, wish.split_columns)
    wanted = [(axis, set(roles_of(axis.role))) for axis in (rows, columns)]
    through = concepts_of(wish.through, tree) if wish.through else None
    elements = session.execute(
        select(
            Element.configuration_id,
            Element.n,
            Element.any_of,
            Element.role,
            Element.concept_id,
            Element.state,
            Element.mechanism_n,
        ).where(
            Element.review_id == review_id,
            Element.role.in_(sorted({r for _, roles in wanted for r in roles} | _more(through))),
        )
    ).all()
    mechanisms = {(e[0], e[1]) for e in elements if through and e[4] in through}
    for configuration, n, any_of, role, concept, state, behind in elements:
        if through and behind is not None and (configuration, behind) not in mechanisms:
            continue
        for axis, roles in wanted:
            if role in roles:
                axis.take((configuration, n, any_of), axis.counted_as(tree, concept), state)
    return rows, columns


def _more(through: frozenset[int] | None) -> set[Role]:
    return set(MECHANISM_ROLES) if through else set()


def tally_cells(
    counted: Counted,
    rows: Axis,
    columns: Axis,
    scopes: Mapping[tuple[int, int], Sequence[int]],
) -> dict[tuple[Key, Key], Tally]:
    """Tally every cell that is not empty."""
    cells: dict[tuple[Key, Key], Tally] = defaultdict(Tally)
    for number in counted.ids:
        above, beside = columns.of(number), rows.of(number)
        for place in product(beside, above):
            cells[place].configurations.add(number)
        if not (above and beside):
            continue
        for witness in counted.witnesses_of(number):
            named = scopes.get((witness.configuration, witness.n), ())
            for place in product(
                rows.touched(witness, named, beside), columns.touched(witness, named, above)
            ):
                cells[place].add(witness)
    return cells


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything a presentation needs."""

    tree: Tree
    counted: Counted
    rows: Axis
    columns: Axis
    cells: Mapping[tuple[Key, Key], Tally]


def _present(
    session: Session, review: Review, wish: MatrixWish, base: str, answer: Answer
) -> Matrix:
    catalogue = read_catalogue(session, review.id)
    concepts = _concepts(session, review.id)
    order = Ordering(concepts, answer.tree)
    keys = [sorted({place[side] for place in answer.cells}, key=order) for side in (0, 1)]
    joint = {
        number
        for number in answer.counted.ids
        if answer.rows.is_joint(number) or answer.columns.is_joint(number)
    }

    def figures(tally: Tally) -> Figures:
        return catalogue.figures(tally, len(tally.configurations & joint))

    def headings(side: int, axis: Axis) -> list[Heading]:
        tallies = _joined((place[side], tally) for place, tally in answer.cells.items())
        return [
            Heading(
                concept_id=key[0],
                label=concepts[key[0]].label,
                referent=concepts[key[0]].referent,
                state=key[1],
                condition=_condition(axis, key, answer.tree),
                figures=figures(tallies[key]),
            )
            for key in keys[side]
        ]

    rows, columns = headings(0, answer.rows), headings(1, answer.columns)
    places = {key: i for i, key in enumerate(keys[0])}, {key: i for i, key in enumerate(keys[1])}
    start = f"{base}/api/v1/reviews/{review.slug}/configurations?"
    kept = filter_query(wish)
    cells = [
        Cell(
            row=places[0][row],
            column=places[1][column],
            figures=figures(tally),
            url=start + _cell_query(kept, rows[places[0][row]], columns[places[1][column]]),
        )
        for (row, column), tally in answer.cells.items()
    ]
    cells.sort(key=lambda cell: (cell.row, cell.column))
    total = Tally()
    for tally in answer.cells.values():
        total.join(tally)
    return Matrix(
        rows_role=wish.rows,
        columns_role=wish.columns,
        rows=rows,
        columns=columns,
        cells=cells,
        total=figures(total),
        left_out=_left_out(answer),
        caption=_caption(wish, figures(total)),
    )


def _left_out(answer: Answer) -> LeftOut:
    no_row = {number for number in answer.counted.ids if not answer.rows.of(number)}
    no_column = {number for number in answer.counted.ids if not answer.columns.of(number)}
    return LeftOut(
        configurations=len(no_row | no_column), no_row=len(no_row), no_column=len(no_column)
    )


def _joined(pairs: Iterable[tuple[Key, Tally]]) -> dict[Key, Tally]:
    found: dict[Key, Tally] = defaultdict(Tally)
    for key, tally in pairs:
        found[key].join(tally)
    return found


def _concepts(session: Session, review_id: int) -> dict[int, Concept]:
    rows = session.scalars(select(Concept).where(Concept.review_id == review_id))
    return {concept.id: concept for concept in rows}


STATE_ORDER = {state: i for i, state in enumerate(State)}


@dataclass(frozen=True, slots=True)
class Ordering:
    """Sorts headings as the codebook does: along the tree, then by state."""

    concepts: Mapping[int, Concept]
    tree: Tree

    def __call__(self, key: Key) -> tuple[list[tuple[int, str, int]], int]:
        """Return what to sort a heading by."""
        path = [
            (self.concepts[c].position, self.concepts[c].label, c) for c in self.tree.path(key[0])
        ]
        return path, STATE_ORDER[key[1]] if key[1] else -1


def _condition(axis: Axis, key: Key, tree: Tree) -> str:
    rolled = axis.depth is not None and tree.depth(key[0]) == axis.depth - 1
    condition = f"{axis.role}:K{key[0]}{'*' if rolled else ''}"
    return f"{condition}:{key[1]}" if key[1] else condition


def _cell_query(kept: list[tuple[str, str]], row: Heading, column: Heading) -> str:
    own = [("counted", "true"), ("has", row.condition), ("has", column.condition)]
    return urlencode([*own, *kept], safe=":*")


def _caption(wish: MatrixWish, total: Figures) -> str:
    through = f", through {wish.through}" if wish.through else ""
    return (
        f"{wish.rows.capitalize()} by {wish.columns}{through}: {total.configurations} "
        f"configurations from {total.sources} sources ({total.studies} studies, "
        f"{total.reviews} reviews). Counts describe this collection, not the strength of a claim."
    )
