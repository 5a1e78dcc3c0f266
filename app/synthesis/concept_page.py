"""What a concept does across a review: every role it plays, in whose words, beside what."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Annotated

from pydantic import Field
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.access.models import Review
from app.coding.models import Concept, ConceptAlias, ConceptDefinition
from app.coding.schemas import DefinitionRead
from app.coding.tree import Tree, concept_tree
from app.db import Schema
from app.history.reading import load
from app.synthesis.axes import Axis, Place, tally_cells
from app.synthesis.counting import (
    Counted,
    Figures,
    Tally,
    read_catalogue,
    read_counted,
    read_scopes,
)
from app.theory.filters import ConfigurationFilter, roles_of
from app.theory.models import Configuration, Element
from app.theory.vocabulary import ConfigurationStatus, Role, State


class Wording(Schema):
    """A wording used for the concept, with the configurations that use it."""

    wording: str
    role: Role
    state: State
    configurations: list[int]


class RolePlayed(Schema):
    """One role the concept plays, and the URL that lists where; mechanism includes its parts."""

    role: Role
    states: dict[State, int]
    """Distinct configurations by state."""
    figures: Figures
    url: str


class Neighbour(Schema):
    """A concept met in the same counted configurations, and which role each played."""

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
Scopes = Mapping[tuple[int, int], Sequence[int]]


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
        .join(
            Configuration,
            and_(
                Configuration.review_id == Element.review_id,
                Configuration.id == Element.configuration_id,
            ),
        )
        .where(
            Element.review_id == review_id,
            Configuration.status != ConfigurationStatus.RETIRED,
        )
        .order_by(Element.configuration_id, Element.position, Element.n)
    ):
        found[row[0]].append((row[1], row[2], row[3], row[4], row[5], row[6]))
    return found


def _axis(role: Role, elements: Elements, tree: Tree, *, is_split: bool = False) -> Axis:
    axis = Axis(role, None, is_split)
    roles = roles_of(role)
    for number, parts in elements.items():
        for n, its_role, concept, state, _, _ in parts:
            if its_role in roles:
                axis.take((number, n, its_role, None), axis.counted_as(tree, concept), state)
    return axis


def concept_page(session: Session, review: Review, number: int, base: str = "") -> ConceptPage:
    """Gather one concept's page; a merged concept answers with its survivor's."""
    load(session, Concept, review.id, number)
    tree = concept_tree(session, review.id)
    survivor = tree.survivor(number)
    concept = load(session, Concept, review.id, survivor)
    own = frozenset(tree.members(survivor))
    elements = _elements(session, review.id)
    counted = read_counted(session, review.id, ConfigurationFilter(), tree)
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
        roles=_roles(
            session, review, own, (counted, elements, tree), f"{base}/api/v1/reviews/{review.slug}"
        ),
        wordings=_wordings(own, elements),
        neighbours=_neighbours(own, {n: elements.get(n, []) for n in counted.ids}, tree, labels),
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


def _tally_role(
    numbers: set[int], survivor: int, counted: Counted, axis: Axis, scopes: Scopes
) -> Tally:
    """Tally the evidence that speaks to a concept in the configurations that have it."""
    tally = Tally(configurations=numbers)
    for number in numbers:
        whole = axis.of(number)
        tally.add(
            witness
            for witness in counted.witnesses_of(number)
            if (survivor, None)
            in axis.touched(witness.configuration, scopes.get(witness[:2], ()), whole)
        )
    return tally


def _roles(
    session: Session,
    review: Review,
    own: frozenset[int],
    use: tuple[Counted, Elements, Tree],
    start: str,
) -> list[RolePlayed]:
    """Count each role; that of mechanism takes in resource and response, as its URL does."""
    counted, elements, tree = use
    catalogue = read_catalogue(session, review.id)
    survivor = tree.survivor(min(own))
    scopes = read_scopes(session, review.id, counted.every)
    found = []
    for role in Role:
        states: dict[State, set[int]] = defaultdict(set)
        for number in counted.ids:
            for _, its_role, concept, state, _, _ in elements.get(number, ()):
                if its_role in roles_of(role) and concept in own:
                    states[state].add(number)
        if states:
            axis = _axis(role, elements, tree)
            numbers_used = {number for numbers in states.values() for number in numbers}
            tally = _tally_role(numbers_used, survivor, counted, axis, scopes)
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
    scopes = read_scopes(session, review.id, counted.every)
    whole, tallies = _tally_outcomes(counted, _elements(session, review.id), scopes, tree)
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
    counted: Counted, elements: Elements, scopes: Scopes, tree: Tree
) -> tuple[dict[int, set[int]], dict[int, dict[tuple[int, State], Tally]]]:
    """Return, by mechanism, the configurations that have it and the tally of each outcome."""
    mechanisms = _axis(Role.MECHANISM, elements, tree)
    outcomes = _axis(Role.OUTCOME, elements, tree, is_split=True)
    whole: dict[int, set[int]] = defaultdict(set)
    barred: dict[int, set[Place]] = {}
    for number in counted.ids:
        for mechanism, _ in mechanisms.of(number):
            whole[mechanism].add(number)
        if any(part[5] is not None for part in elements.get(number, ())):
            barred[number] = _barred(number, mechanisms, outcomes, elements)
    tallies: dict[int, dict[tuple[int, State], Tally]] = defaultdict(dict)
    cells = tally_cells(counted, mechanisms, outcomes, scopes, barred)
    for ((mechanism, _), (outcome, state)), tally in cells.items():
        tallies[mechanism][outcome, State(str(state))] = tally
    return whole, tallies


def _barred(number: int, mechanisms: Axis, outcomes: Axis, elements: Elements) -> set[Place]:
    """Return the pairs of which every outcome names another mechanism."""
    allowed = {
        (mechanism, outcomes.keys[number][n])
        for n, _, _, _, _, behind in elements[number]
        if n in outcomes.keys[number]
        for its_n, mechanism in mechanisms.keys[number].items()
        if behind in (None, its_n)
    }
    return set(product(mechanisms.of(number), outcomes.of(number))) - allowed
