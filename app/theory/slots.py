"""Elements as links between configurations see them: flat, under the surviving concept."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import ColumnElement, String, select, type_coerce
from sqlalchemy.orm import Session

from app.coding.tree import Tree
from app.db import search_key
from app.theory.models import Element
from app.theory.vocabulary import MECHANISM_ROLES, Role

MOST_NAMED = 1_000
"""Configurations named one by one; of more, reading all is quicker."""
FED_ROLES = frozenset(role.value for role in (Role.CONTEXT, *MECHANISM_ROLES))
"""What an outcome can become in the next configuration of a ripple."""
WORKING_ROLES = frozenset(role.value for role in MECHANISM_ROLES)

# A table rather than a class: rows come as plain tuples, not through the loader of objects.
_element = Element.__table__.c
_COLUMNS = (
    _element.configuration_id,
    _element.n,
    type_coerce(_element.role, String),
    _element.concept_id,
    type_coerce(_element.state, String),
    type_coerce(_element.level, String),
    _element.actor,
    _element.mechanism_n,
)


class Slot(NamedTuple):
    """One element; its concept is the surviving one, its actor is folded for comparison."""

    configuration: int
    n: int
    role: str
    concept: int | None
    state: str
    level: str | None
    actor: str | None
    mechanism_n: int | None


@dataclass(slots=True)
class Slots:
    """The elements of some configurations."""

    of: Mapping[int, Mapping[int, Slot]] = field(default_factory=dict)
    """By configuration and n."""

    def outcomes(self, configuration: int) -> list[Slot]:
        """Return the outcomes of a configuration."""
        return [s for s in self.of.get(configuration, {}).values() if s.role == Role.OUTCOME]

    def fed(self, configuration: int) -> list[Slot]:
        """Return what an outcome before it can become in a configuration."""
        return [s for s in self.of.get(configuration, {}).values() if s.role in FED_ROLES]

    def find(self, configuration: int, n: int | None) -> Slot | None:
        """Return an element, or None where none is named or there."""
        return self.of.get(configuration, {}).get(n or 0)

    def passes(self, configuration: int, into: int, out: int) -> bool:
        """Say whether what enters by one element may leave by another; 0 is any.

        What enters by a mechanism leaves by an outcome that names no other mechanism.
        """
        entered = self.find(configuration, into)
        if entered is None or entered.role not in WORKING_ROLES:
            return True
        left = self.find(configuration, out)
        ways = [left] if left else self.outcomes(configuration)
        return not ways or any(way.mechanism_n in (None, into) for way in ways)


def read_slots(
    session: Session,
    review_id: int,
    tree: Tree,
    ids: Sequence[int] | None = None,
    roles: Iterable[Role] = (),
) -> Slots:
    """Read the elements of some configurations, or of all, in one query."""
    where: list[ColumnElement[bool]] = [_element.review_id == review_id]
    if ids is not None and len(ids) <= MOST_NAMED:
        where.append(_element.configuration_id.in_(ids))
    if roles:
        where.append(_element.role.in_(list(roles)))
    found: dict[int, dict[int, Slot]] = defaultdict(dict)
    order = (_element.configuration_id, _element.n)
    survivor = tree.survivor
    for row in session.execute(select(*_COLUMNS).where(*where).order_by(*order)).all():
        configuration, n, role, concept, state, level, actor, mechanism = row
        found[configuration][n] = Slot(
            configuration,
            n,
            role,
            concept and survivor(concept),
            state,
            level,
            search_key(actor) if actor else None,
            mechanism,
        )
    return Slots(found)
