"""Which headings the configurations and their evidence stand under, on one side of a question.

Arrays, since a large review has hundreds of thousands of pairs. The rules are those of the method:
a heading is a concept as its survivor or ancestor, with its state where states are split; evidence
about some elements speaks to their headings, to none when it names only elements that stand under
none, and to all of its configuration when it names no element of the side.
"""

from dataclasses import dataclass

import numpy as np

from app.errors import InvalidError
from app.synthesis.columns import ROLES, STATES, Columns, Ints, Mask
from app.theory.filters import roles_of
from app.theory.vocabulary import Role

MOST_PAIRS = 20_000_000
"""Pairs of a configuration, or a piece of evidence, with a cell that one question may look at."""
ELSEWHERE, UNDER_NONE = -2, -1
STRIDE = len(STATES) + 1
"""A heading is one number: the concept times this, plus the state counted from 1, or 0."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a question: its role, how far concepts roll up, and whether states are split."""

    role: Role
    depth: int | None = None
    is_split: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """Where everything stands on one side; headings are counted from 0, in ascending order."""

    headings: Ints
    """Concept and state of each: see `STRIDE`."""
    heading_of: Ints
    """By element: its heading, `UNDER_NONE` in the role, or `ELSEWHERE` in another role."""
    first: Ints
    """By configuration: where its headings start in `pairs`; one more at the end."""
    pairs: Ints
    """The distinct headings of each configuration, by configuration."""
    codes: Ints
    """Configuration and heading of each pair as one number, ascending."""
    is_joint: Mask
    """By configuration: the role needs several elements together."""

    def code(self, configuration: Ints, heading: Ints) -> Ints:
        """Return configuration and heading as one number."""
        return configuration.astype(np.int64) * max(len(self.headings), 1) + heading

    def count(self) -> Ints:
        """Return how many headings each configuration has."""
        return np.diff(self.first)


def place(columns: Columns, side: Side, through: frozenset[int] | None = None) -> Placed:
    """Place all elements of a role, but outcomes that name another mechanism than one asked for."""
    is_in_role = np.isin(columns.role, [ROLES[role] for role in roles_of(side.role)])
    is_meant = is_in_role & ~_of_another(columns, through)
    concept = _counted_as(columns, side.depth)[columns.concept]
    is_keyed = is_meant & (concept > 0)
    keys = concept[is_keyed] * STRIDE
    if side.is_split:
        keys = keys + columns.state[is_keyed] + 1
    headings, own = np.unique(keys, return_inverse=True)
    heading_of = np.where(is_in_role, UNDER_NONE, ELSEWHERE)
    heading_of[is_keyed] = own
    codes = np.unique(columns.element_of[is_keyed].astype(np.int64) * max(len(headings), 1) + own)
    of, pairs = np.divmod(codes, max(len(headings), 1))
    everywhere = np.arange(len(columns.configuration) + 1)
    return Placed(
        headings=headings,
        heading_of=heading_of,
        first=np.searchsorted(of, everywhere),
        pairs=pairs,
        codes=codes,
        is_joint=_needs_several(columns, is_meant),
    )


def _of_another(columns: Columns, through: frozenset[int] | None) -> Mask:
    if not through:
        return np.zeros(len(columns.role), bool)
    is_asked_for = np.isin(columns.concept, sorted(through))
    return (columns.behind >= 0) & ~is_asked_for[columns.behind]


def _counted_as(columns: Columns, depth: int | None) -> Ints:
    """Return, by number, the concept one is counted under: its survivor, or the ancestor there."""
    tree = columns.tree
    found = np.zeros(max(columns.concepts, default=0) + 1, np.int64)
    for number in columns.concepts:
        is_rolled = depth is not None
        found[number] = (
            tree.ancestor_at(number, (depth or 1) - 1) if is_rolled else tree.survivor(number)
        )
    return found


def _needs_several(columns: Columns, is_meant: Mask) -> Mask:
    """Alternatives are of one role and group; a group of another role is another requirement."""
    of = columns.element_of[is_meant].astype(np.int64)
    requirement = ((of * len(ROLES) + columns.role[is_meant]) << 33) + columns.group[is_meant]
    each = np.unique(requirement) + (1 << 32) >> 33
    counts = np.bincount(each // len(ROLES), minlength=len(columns.configuration))
    return counts > 1


def spread(first: Ints, count: Ints) -> tuple[Ints, Ints]:
    """Return for runs `first … first + count` every position in them, and whose it is.

    Raises `InvalidError` (422) when the question is so wide that they would not fit.
    """
    total = int(count.sum())
    if total > MOST_PAIRS:
        raise InvalidError(
            f"This would compare {total:,} pairs, more than {MOST_PAIRS:,}; roll concepts up "
            "(depth), go through a mechanism, or filter, so that fewer meet."
        )
    whose = np.repeat(np.arange(len(count)), count)
    before = np.cumsum(count) - count
    return whose, np.arange(total) + (first - before)[whose]


@dataclass(frozen=True, slots=True)
class Witnesses:
    """Evidence with each configuration it witnesses: its own, or one that stands for that."""

    whole: Ints
    evidence: Ints


def witnesses_of(columns: Columns, is_chosen: Mask, is_said: Mask | None) -> Witnesses:
    """Return what witnesses the chosen configurations, of the evidence asked for or of all."""
    everywhere = np.arange(len(columns.configuration) + 1)
    first = np.searchsorted(columns.evidence_of, everywhere)
    is_asked = is_chosen[columns.whole]
    whole = np.concatenate([np.flatnonzero(is_chosen), columns.whole[is_asked]])
    part = np.concatenate([np.flatnonzero(is_chosen), columns.member[is_asked]])
    whose, evidence = spread(first[part], first[part + 1] - first[part])
    whole = whole[whose]
    if is_said is not None:
        whole, evidence = whole[is_said[evidence]], evidence[is_said[evidence]]
    return Witnesses(whole, evidence)


def spoken_to(columns: Columns, placed: Placed, witnesses: Witnesses) -> tuple[Ints, Ints]:
    """Return each witness, ascending, with every heading of its whole that it speaks to."""
    size = len(witnesses.evidence)
    first = np.searchsorted(columns.about_evidence, witnesses.evidence)
    last = np.searchsorted(columns.about_evidence, witnesses.evidence, "right")
    witness, scope = spread(first, last - first)
    heading = placed.heading_of[columns.about_element[scope]]
    is_silent = np.zeros(size, bool)
    is_silent[witness[heading == UNDER_NONE]] = True
    code = placed.code(witnesses.whole[witness], heading)
    is_named = (heading >= 0) & _is_among(code, placed.codes)
    named = np.unique(placed.code(witness[is_named], heading[is_named]))
    by, named = np.divmod(named, max(len(placed.headings), 1))
    is_silent[by] = True
    rest = np.flatnonzero(~is_silent)
    whole = witnesses.whole[rest]
    whose, at = spread(placed.first[whole], placed.first[whole + 1] - placed.first[whole])
    witness = np.concatenate([by, rest[whose]])
    order = np.argsort(witness, kind="stable")
    return witness[order], np.concatenate([named, placed.pairs[at]])[order]


def _is_among(wanted: Ints, ascending: Ints) -> Mask:
    if not len(ascending):
        return np.zeros(len(wanted), bool)
    at = np.minimum(np.searchsorted(ascending, wanted), len(ascending) - 1)
    found: Mask = ascending[at] == wanted
    return found
