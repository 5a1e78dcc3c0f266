"""What counts, said as plainly as the method says it: sets of numbers, one piece after the other.

The application answers from arrays; here is what its answers are held against.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from sqlalchemy import String, select, type_coerce
from sqlalchemy.orm import Session

from app.coding.tree import Tree, concept_tree
from app.synthesis.counting import (
    Figures,
    Tally,
    Witness,
    among,
    read_catalogue,
    read_witnesses,
)
from app.synthesis.matrix import MatrixWish
from app.theory.filters import (
    ConfigurationFilter,
    check_filter,
    concepts_of,
    conditions,
    evidence_conditions,
    memberships,
    roles_of,
)
from app.theory.models import Configuration, Consolidation, Element, EvidenceElement
from app.theory.vocabulary import MECHANISM_ROLES, Role, State

Key = tuple[int, str | None]
Place = tuple[Key, Key]

_element = Element.__table__.c
_scope = EvidenceElement.__table__.c
_consolidation = Consolidation.__table__.c


@dataclass(frozen=True, slots=True)
class Counted:
    """The configurations a question counts, and the evidence that witnesses each."""

    ids: tuple[int, ...]
    members: Mapping[int, Sequence[int]]
    """Raw configurations that each consolidated one stands for."""
    witnesses: Mapping[int, Sequence[Witness]]
    """Evidence by the configuration it is tied to."""

    @property
    def every(self) -> list[int]:
        """The configurations counted, and those they stand for."""
        return sorted({*self.ids, *(part for parts in self.members.values() for part in parts)})

    def witnesses_of(self, number: int) -> Sequence[Witness]:
        """Return the evidence of a configuration, and of those it stands for."""
        own = self.witnesses.get(number, [])
        if number not in self.members:
            return own
        return [*own, *(w for m in self.members[number] for w in self.witnesses.get(m, ()))]


def read_counted(
    session: Session, review_id: int, wish: ConfigurationFilter, tree: Tree
) -> Counted:
    """Read what a filter counts by default, with its evidence, in three queries."""
    check_filter(session, review_id, wish)
    chosen = wish.model_copy(update={"counted": True})
    where = conditions(review_id, chosen, tree)
    ids = tuple(session.scalars(select(Configuration.id).where(*where).order_by(Configuration.id)))
    members: dict[int, list[int]] = defaultdict(list)
    pairs = memberships(review_id).where(*among(_consolidation.configuration_id, ids))
    for whole, part in session.execute(pairs):
        members[whole].append(part)
    every = Counted(ids, members, {}).every
    where_evidence = evidence_conditions(review_id, wish)
    return Counted(ids, members, read_witnesses(session, review_id, every, where_evidence))


def read_scopes(
    session: Session, review_id: int, ids: Sequence[int]
) -> dict[tuple[int, int], list[int]]:
    """Return which elements each piece of evidence is about, by configuration and evidence n."""
    scopes: dict[tuple[int, int], list[int]] = defaultdict(list)
    rows = session.execute(
        select(_scope.configuration_id, _scope.evidence_n, _scope.element_n).where(
            _scope.review_id == review_id, *among(_scope.configuration_id, ids)
        )
    )
    for configuration, evidence, element in rows.all():
        scopes[configuration, evidence].append(element)
    return scopes


@dataclass(slots=True)
class Axis:
    """One side of the matrix: its role, and the key each coded element of a configuration has."""

    role: Role
    depth: int | None
    is_split: bool
    keys: dict[int, dict[int, Key]] = field(default_factory=lambda: defaultdict(dict))
    groups: dict[int, set[tuple[str, int]]] = field(default_factory=lambda: defaultdict(set))
    others: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    """Elements in the role that stand under no heading: not coded, or of another mechanism."""

    def counted_as(self, tree: Tree, concept: int | None) -> int | None:
        """Return the concept one is counted under: its survivor, or the ancestor rolled up to."""
        if concept is None or self.depth is None:
            return tree.survivor(concept) if concept else None
        return tree.ancestor_at(concept, self.depth - 1)

    def take(self, row: tuple[int, int, str, int | None], concept: int | None, state: str) -> None:
        """Take in one element: (configuration, n, role, any_of), its concept rolled up, its state.

        Alternatives are of one role and group; a group of another role is another requirement.
        """
        configuration, n, role, any_of = row
        self.groups[configuration].add((role, any_of if any_of is not None else -n))
        if concept is not None:
            self.keys[configuration][n] = (concept, state if self.is_split else None)
        else:
            self.others[configuration].add(n)

    def of(self, configuration: int) -> set[Key]:
        """Return the headings a configuration stands under."""
        return set(self.keys.get(configuration, {}).values())

    def is_joint(self, configuration: int) -> bool:
        """Say whether the role needs several elements together in a configuration."""
        return len(self.groups.get(configuration, ())) > 1

    def touched(self, configuration: int, elements: Sequence[int], whole: set[Key]) -> set[Key]:
        """Return the headings that evidence on some elements speaks to.

        All of them when it names no element of the role, none when it names only elements that
        stand under no heading.
        """
        own = self.keys.get(configuration, {})
        named = {own[n] for n in elements if n in own} & whole
        if named or self.others.get(configuration, frozenset()).isdisjoint(elements):
            return named or whole
        return set()


def read_axes(
    session: Session,
    review_id: int,
    ids: Sequence[int],
    through: frozenset[int] | None,
    tree: Tree,
    axes: tuple[Axis, Axis],
) -> None:
    """Read the elements in the roles of both axes, each under the concept it is counted as.

    An outcome that names its mechanism is left out where that is not the mechanism asked for.
    """
    wanted = [(axis, set(roles_of(axis.role))) for axis in axes]
    roles = {role for _, its in wanted for role in its} | set(MECHANISM_ROLES if through else ())
    elements = session.execute(
        select(
            _element.configuration_id,
            _element.n,
            _element.any_of,
            type_coerce(_element.role, String),
            _element.concept_id,
            type_coerce(_element.state, String),
            _element.mechanism_n,
        ).where(
            _element.review_id == review_id,
            _element.role.in_(sorted(roles)),
            *among(_element.configuration_id, ids),
        )
    ).all()
    mechanisms = {(e[0], e[1]) for e in elements if through and e[4] in through}
    for configuration, n, any_of, role, concept, state, behind in elements:
        is_elsewhere = through and behind is not None and (configuration, behind) not in mechanisms
        for axis, its_roles in wanted:
            if role in its_roles and is_elsewhere:
                axis.others[configuration].add(n)
            elif role in its_roles:
                axis.take((configuration, n, role, any_of), axis.counted_as(tree, concept), state)


def tally_cells(
    counted: Counted,
    rows: Axis,
    columns: Axis,
    scopes: Mapping[tuple[int, int], Sequence[int]],
    barred: Mapping[int, set[Place]] | None = None,
) -> dict[Place, Tally]:
    """Tally every cell that is not empty, save those a configuration is barred from."""
    cells: dict[Place, Tally] = defaultdict(Tally)
    for number in counted.ids:
        beside, above = rows.of(number), columns.of(number)
        never = barred.get(number, ()) if barred else ()
        places = [place for place in product(beside, above) if place not in never]
        for place in places:
            cells[place].configurations.add(number)
        is_plain = not rows.others and not columns.others
        if is_plain and len(beside) == len(above) == len(places) == 1:  # nothing to tell apart
            cells[places[0]].add(counted.witnesses_of(number))
        elif places:
            _tell_apart(number, counted, (rows, columns), scopes, {p: cells[p] for p in places})
    return cells


def _tell_apart(
    number: int,
    counted: Counted,
    axes: tuple[Axis, Axis],
    scopes: Mapping[tuple[int, int], Sequence[int]],
    cells: Mapping[Place, Tally],
) -> None:
    """Count the evidence of a configuration of several cells in those it speaks to."""
    rows, columns = axes
    beside, above = rows.of(number), columns.of(number)
    for witness in counted.witnesses_of(number):
        named = scopes.get(witness[:2], ())
        places = product(
            rows.touched(witness[0], named, beside) if named else beside,
            columns.touched(witness[0], named, above) if named else above,
        )
        for place in places:
            if place in cells:
                cells[place].add((witness,))


@dataclass(frozen=True, slots=True)
class Expected:
    """The figures of a matrix by (concept, state) of row and column."""

    cells: dict[Place, Figures]
    rows: dict[Key, Figures]
    columns: dict[Key, Figures]
    total: Figures
    left_out: tuple[int, int]
    """Configurations without a row, without a column."""


def expected_matrix(session: Session, review_id: int, wish: MatrixWish) -> Expected:
    tree = concept_tree(session, review_id)
    counted = read_counted(session, review_id, wish, tree)
    rows = Axis(wish.rows, wish.depth_rows, wish.split_rows)
    columns = Axis(wish.columns, wish.depth_columns, wish.split_columns)
    through = concepts_of(wish.through, tree) if wish.through else None
    read_axes(session, review_id, counted.every, through, tree, (rows, columns))
    scopes = read_scopes(session, review_id, counted.every)
    cells = tally_cells(counted, rows, columns, scopes)
    joint = {n for n in counted.ids if rows.is_joint(n) or columns.is_joint(n)}
    catalogue = read_catalogue(session, review_id)

    def figures(tally: Tally) -> Figures:
        return catalogue.figures(tally, len(tally.configurations & joint))

    def joined(side: int | None) -> dict[Any, Figures]:
        tallies: dict[Any, Tally] = defaultdict(Tally)
        for place, tally in cells.items():
            tallies[None if side is None else place[side]].join(tally)
        return {key: figures(tally) for key, tally in tallies.items()}

    return Expected(
        cells={place: figures(tally) for place, tally in cells.items()},
        rows=joined(0),
        columns=joined(1),
        total=joined(None).get(None, figures(Tally())),
        left_out=(
            sum(not rows.of(number) for number in counted.ids),
            sum(not columns.of(number) for number in counted.ids),
        ),
    )


Elements = dict[int, list[tuple[int, Role, int | None, State, int | None, int | None]]]


def expected_outcomes(
    session: Session, review_id: int, wish: ConfigurationFilter
) -> dict[tuple[int, int, State], Figures]:
    """Return the figures by mechanism, outcome and its state."""
    tree = concept_tree(session, review_id)
    counted = read_counted(session, review_id, wish, tree)
    elements: Elements = defaultdict(list)
    for row in session.execute(
        select(
            Element.configuration_id,
            Element.n,
            Element.role,
            Element.concept_id,
            Element.state,
            Element.mechanism_n,
            Element.any_of,
        ).where(Element.review_id == review_id)
    ):
        elements[row[0]].append((row[1], row[2], row[3], row[4], row[5], row[6]))
    mechanisms = Axis(Role.MECHANISM, None, is_split=False)
    outcomes = Axis(Role.OUTCOME, None, is_split=True)
    for axis in (mechanisms, outcomes):
        for number, parts in elements.items():
            for n, role, concept, state, _, any_of in parts:
                if role in roles_of(axis.role):
                    axis.take((number, n, role, any_of), axis.counted_as(tree, concept), state)
    barred = {n: _barred(n, mechanisms, outcomes, elements) for n in counted.ids}
    scopes = read_scopes(session, review_id, counted.every)
    cells = tally_cells(counted, mechanisms, outcomes, scopes, barred)
    joint = {n for n in counted.ids if mechanisms.is_joint(n) or outcomes.is_joint(n)}
    catalogue = read_catalogue(session, review_id)
    return {
        (mechanism, outcome, State(str(state))): catalogue.figures(
            tally, len(tally.configurations & joint)
        )
        for ((mechanism, _), (outcome, state)), tally in cells.items()
    }


def _barred(number: int, mechanisms: Axis, outcomes: Axis, elements: Elements) -> set[Place]:
    """Return the pairs of which every outcome names another mechanism."""
    allowed = {
        (mechanism, outcomes.keys[number][n])
        for n, _, _, _, behind, _ in elements[number]
        if n in outcomes.keys[number]
        for its_n, mechanism in mechanisms.keys[number].items()
        if behind in (None, its_n)
    }
    return set(product(mechanisms.of(number), outcomes.of(number))) - allowed
