"""What a concept does across a review: every role it plays, in whose words, beside what."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Annotated

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.models import Review
from app.coding.models import Concept, ConceptAlias, ConceptDefinition
from app.coding.schemas import DefinitionRead
from app.coding.tree import Tree, concept_tree
from app.db import Schema
from app.history.reading import load
from app.synthesis.counting import Counted, Figures, Tally, read_catalogue, read_counted
from app.theory.filters import ConfigurationFilter
from app.theory.models import Element
from app.theory.vocabulary import MECHANISM_ROLES, Role, State


class Wording(Schema):
    """A wording used for the concept, with the configurations that use it."""

    wording: str
    role: Role
    state: State
    configurations: list[int]


class RolePlayed(Schema):
    """One role the concept plays, and the URL that lists where."""

    role: Role
    states: dict[State, int]
    """Distinct configurations by state."""
    figures: Figures
    url: str


class Neighbour(Schema):
    """A concept met in the same configurations, and which role each played."""

    concept_id: int
    label: str
    own_role: Role
    role: Role
    configurations: int


class ConceptPage(Schema):
    """Everything a review knows of one concept, with all that was merged into it."""

    id: int
    label: str
    referent: str | None
    merged: list[int]
    path: list[str]
    narrower: list[int]
    aliases: list[str]
    definitions: list[DefinitionRead]
    roles: list[RolePlayed]
    wordings: list[Wording]
    neighbours: list[Neighbour]


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


Elements = dict[int, list[tuple[int, Role, int | None, State, str, int | None]]]


class OutcomeWish(ConfigurationFilter):
    """Filters of the outcomes per mechanism, and how many outcomes of each to give."""

    most: Annotated[int, Field(ge=1, le=100)] = 5


def _elements(session: Session, review_id: int) -> Elements:
    found: Elements = defaultdict(list)
    for row in session.execute(
        select(
            Element.configuration_id,
            Element.n,
            Element.role,
            Element.concept_id,
            Element.state,
            Element.wording,
            Element.mechanism_n,
        )
        .where(Element.review_id == review_id)
        .order_by(Element.configuration_id, Element.position, Element.n)
    ):
        found[row[0]].append((row[1], row[2], row[3], row[4], row[5], row[6]))
    return found


def concept_page(session: Session, review: Review, number: int, base: str = "") -> ConceptPage:
    """Gather one concept's page; a merged concept answers with its survivor's."""
    load(session, Concept, review.id, number)
    tree = concept_tree(session, review.id)
    survivor = tree.survivor(number)
    concept = load(session, Concept, review.id, survivor)
    own = frozenset(tree.members(survivor))
    elements = _elements(session, review.id)
    labels = _labels(session, review.id)
    return ConceptPage(
        id=survivor,
        label=concept.label,
        referent=concept.referent,
        merged=sorted(own - {survivor}),
        path=[labels[step] for step in tree.path(survivor)],
        narrower=sorted(tree.subtree(survivor) - own),
        aliases=_aliases(session, review.id, own),
        definitions=_definitions(session, review.id, own),
        roles=_roles(session, review, own, elements, f"{base}/api/v1/reviews/{review.slug}"),
        wordings=_wordings(own, elements),
        neighbours=_neighbours(own, elements, tree, labels),
    )


def _labels(session: Session, review_id: int) -> dict[int, str]:
    rows = session.execute(select(Concept.id, Concept.label).where(Concept.review_id == review_id))
    return {row[0]: row[1] for row in rows}


def _aliases(session: Session, review_id: int, own: Iterable[int]) -> list[str]:
    return list(
        session.scalars(
            select(ConceptAlias.label)
            .where(ConceptAlias.review_id == review_id, ConceptAlias.concept_id.in_(sorted(own)))
            .order_by(ConceptAlias.label)
        )
    )


def _definitions(session: Session, review_id: int, own: Iterable[int]) -> list[DefinitionRead]:
    rows = session.scalars(
        select(ConceptDefinition)
        .where(
            ConceptDefinition.review_id == review_id,
            ConceptDefinition.concept_id.in_(sorted(own)),
        )
        .order_by(ConceptDefinition.concept_id, ConceptDefinition.n)
    )
    return [DefinitionRead.model_validate(row) for row in rows]


def _roles(
    session: Session, review: Review, own: frozenset[int], elements: Elements, start: str
) -> list[RolePlayed]:
    tree = concept_tree(session, review.id)
    counted = read_counted(session, review.id, ConfigurationFilter(), tree)
    catalogue = read_catalogue(session, review.id)
    survivor = tree.survivor(min(own))
    found = []
    for role in Role:
        states: dict[State, set[int]] = defaultdict(set)
        tally = Tally()
        for number in counted.ids:
            for _, its_role, concept, state, _, _ in elements.get(number, ()):
                if its_role is role and concept in own:
                    states[state].add(number)
                    tally.configurations.add(number)
        for number in tally.configurations:
            tally.add(counted.witnesses_of(number))
        if states:
            found.append(
                RolePlayed(
                    role=role,
                    states={state: len(numbers) for state, numbers in states.items()},
                    figures=catalogue.figures(tally),
                    url=f"{start}/configurations?counted=true&has={role}:K{survivor}",
                )
            )
    return found


def _wordings(own: frozenset[int], elements: Elements) -> list[Wording]:
    uses: dict[tuple[str, Role, State], list[int]] = defaultdict(list)
    for number, parts in elements.items():
        for _, role, concept, state, wording, _ in parts:
            if concept in own:
                uses[wording, role, state].append(number)
    ranked = sorted(uses.items(), key=lambda use: (-len(use[1]), use[0]))
    return [
        Wording(wording=wording, role=role, state=state, configurations=numbers)
        for (wording, role, state), numbers in ranked
    ]


def _neighbours(
    own: frozenset[int], elements: Elements, tree: Tree, labels: dict[int, str]
) -> list[Neighbour]:
    together: dict[tuple[int, Role, Role], set[int]] = defaultdict(set)
    for number, parts in elements.items():
        own_roles = {role for _, role, concept, _, _, _ in parts if concept in own}
        for _, role, concept, _, _, _ in parts:
            if concept and concept not in own:
                for own_role in own_roles:
                    together[tree.survivor(concept), own_role, role].add(number)
    ranked = sorted(together.items(), key=lambda item: (-len(item[1]), item[0]))
    return [
        Neighbour(
            concept_id=concept,
            label=labels[concept],
            own_role=own_role,
            role=role,
            configurations=len(numbers),
        )
        for (concept, own_role, role), numbers in ranked
    ]


def mechanism_outcomes(
    session: Session, review: Review, wish: OutcomeWish
) -> list[MechanismOutcomes]:
    """Rank the outcomes of every mechanism by distinct configurations, then sources.

    An outcome that names its mechanism counts for that one only (Aunger et al. 2021, BMC Health
    Services Research 21:602, table 2, prints such a ranking).
    """
    tree = concept_tree(session, review.id)
    counted = read_counted(session, review.id, wish, tree)
    catalogue = read_catalogue(session, review.id)
    labels = _labels(session, review.id)
    whole, tallies = _tally_outcomes(counted, _elements(session, review.id), tree)
    found = []
    for mechanism, numbers in sorted(whole.items(), key=lambda m: (-len(m[1]), labels[m[0]])):
        ranked = sorted(
            tallies[mechanism].items(),
            key=lambda item: (-len(item[1].configurations), -len(item[1].sources), item[0]),
        )
        outcomes = [
            OutcomeCount(
                concept_id=outcome,
                label=labels[outcome],
                state=state,
                figures=catalogue.figures(tally),
            )
            for (outcome, state), tally in ranked[: wish.most]
        ]
        found.append(
            MechanismOutcomes(
                concept_id=mechanism,
                label=labels[mechanism],
                configurations=len(numbers),
                outcomes=outcomes,
            )
        )
    return found


def _tally_outcomes(
    counted: Counted, elements: Elements, tree: Tree
) -> tuple[dict[int, set[int]], dict[int, dict[tuple[int, State], Tally]]]:
    """Return, by mechanism, the configurations that have it and the tally of each outcome."""
    whole: dict[int, set[int]] = defaultdict(set)
    tallies: dict[int, dict[tuple[int, State], Tally]] = defaultdict(lambda: defaultdict(Tally))
    for number in counted.ids:
        parts = elements.get(number, [])
        for n, role, concept, _, _, _ in parts:
            if role not in MECHANISM_ROLES or not concept:
                continue
            mechanism = tree.survivor(concept)
            whole[mechanism].add(number)
            for _, its_role, outcome, state, _, behind in parts:
                if its_role is Role.OUTCOME and outcome and behind in (None, n):
                    tally = tallies[mechanism][tree.survivor(outcome), state]
                    tally.configurations.add(number)
                    tally.add(counted.witnesses_of(number))
    return whole, tallies
