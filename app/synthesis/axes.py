"""The two sides of a matrix and what counts in each cell, from a few flat reads."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from sqlalchemy import String, select, type_coerce
from sqlalchemy.orm import Session

from app.coding.tree import Tree
from app.synthesis.counting import Counted, Tally, among
from app.theory.filters import roles_of
from app.theory.models import Element
from app.theory.vocabulary import MECHANISM_ROLES, Role

Key = tuple[int, str | None]
Place = tuple[Key, Key]

_element = Element.__table__.c


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
