"""Which outcomes each mechanism has most often."""

from collections import defaultdict
from typing import Annotated

import numpy as np
from pydantic import Field
from sqlalchemy.orm import Session

from app.access.models import Review
from app.db import PageWish, Schema
from app.synthesis.choosing import choose, choose_evidence
from app.synthesis.columns import STATE_AT, Columns, Ints, columns_of
from app.synthesis.counting import Figures
from app.synthesis.crossing import Crossing
from app.synthesis.placing import STRIDE, Placed, Side, place, spread, witnesses_of
from app.synthesis.totals import CountedBy
from app.theory.filters import ConfigurationFilter
from app.theory.vocabulary import Role, State


class OutcomeCount(Schema):
    """An outcome in a state, and how many configurations and sources have it."""

    concept_id: int
    label: str
    state: State
    figures: Figures


class MechanismOutcomes(Schema):
    """A mechanism and its outcomes, most frequent first."""

    concept_id: int
    label: str
    configurations: int
    outcomes: list[OutcomeCount]


class OutcomeWish(ConfigurationFilter, PageWish):
    """Filters of the outcomes per mechanism, and how many outcomes of each to give."""

    most: Annotated[int, Field(ge=1, le=100)] = 5
    by: CountedBy = CountedBy.SOURCE
    """Let supporting and refuting count distinct sources, or studies and reviews."""


def mechanism_outcomes(
    session: Session, review: Review, wish: OutcomeWish
) -> list[MechanismOutcomes]:
    """Rank the outcomes of every mechanism by distinct configurations, then sources.

    An outcome that names its mechanism counts for that one only (Aunger et al. 2021, BMC Health
    Services Research 21:602, table 2, prints such a ranking).
    """
    columns = columns_of(session, review.id)
    is_chosen = choose(session, review.id, wish, columns)
    is_said = choose_evidence(session, review.id, wish, columns)
    sides = place(columns, Side(Role.MECHANISM)), place(columns, Side(Role.OUTCOME, is_split=True))
    allowed = _going_together(columns, *sides)
    crossing = Crossing(
        columns, is_chosen, witnesses_of(columns, is_chosen, is_said), sides, allowed
    )
    outcomes = _ranked(crossing, wish.by)
    found = [
        MechanismOutcomes(
            concept_id=mechanism,
            label=columns.concepts[mechanism].label,
            configurations=configurations,
            outcomes=outcomes[mechanism][: wish.most],
        )
        for mechanism, configurations in _mechanisms(crossing)
    ]
    return sorted(found, key=lambda mechanism: (-mechanism.configurations, mechanism.label))


def _mechanisms(crossing: Crossing) -> list[tuple[int, int]]:
    """Return each mechanism with how many of the chosen configurations have it."""
    placed = crossing.sides[0]
    is_counted = np.repeat(crossing.is_chosen, placed.count())
    counts = np.bincount(placed.pairs[is_counted], minlength=len(placed.headings))
    concepts = (placed.headings // STRIDE).tolist()
    return [(c, many) for c, many in zip(concepts, counts.tolist(), strict=True) if many]


def _ranked(crossing: Crossing, by: CountedBy) -> dict[int, list[OutcomeCount]]:
    """Return the outcomes of each mechanism, most frequent first."""
    mechanisms, outcomes = (
        side.headings[crossing.of_side(i)].tolist() for i, side in enumerate(crossing.sides)
    )
    figures = crossing.figures(np.arange(len(crossing.places)), by)
    by_mechanism: dict[int, list[OutcomeCount]] = defaultdict(list)
    for mechanism, outcome, counted in zip(mechanisms, outcomes, figures, strict=True):
        concept, state = divmod(outcome, STRIDE)
        by_mechanism[mechanism // STRIDE].append(
            OutcomeCount(
                concept_id=concept,
                label=crossing.columns.concepts[concept].label,
                state=STATE_AT[state - 1],
                figures=counted,
            )
        )
    for counts in by_mechanism.values():
        counts.sort(key=_rank)
    return by_mechanism


def _rank(outcome: OutcomeCount) -> tuple[int, int, int, str]:
    figures = outcome.figures
    return -figures.configurations, -figures.sources, outcome.concept_id, outcome.state


def _going_together(columns: Columns, mechanisms: Placed, outcomes: Placed) -> Ints:
    """Return as codes of a crossing which outcomes go with which mechanism, where one is named."""
    placed = np.flatnonzero(outcomes.heading_of >= 0)
    behind = columns.behind[placed]
    free, tied = placed[behind < 0], placed[behind >= 0]
    of = columns.element_of[free]
    whose, at = spread(mechanisms.first[of], mechanisms.count()[of])
    own = mechanisms.heading_of[columns.behind[tied]]
    tied, own = tied[own >= 0], own[own >= 0]
    element = np.concatenate([free[whose], tied])
    mechanism = np.concatenate([mechanisms.pairs[at], own])
    width = max(len(outcomes.headings), 1)
    at_place = mechanism * width + outcomes.heading_of[element]
    size = width * len(mechanisms.headings)
    return np.unique(columns.element_of[element].astype(np.int64) * size + at_place)
