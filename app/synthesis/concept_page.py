"""What a concept does across a review: every role it plays, in whose words, beside what."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.access.models import Review
from app.coding.models import Concept, ConceptAlias, ConceptDefinition
from app.coding.schemas import DefinitionRead
from app.db import Schema
from app.history.reading import load
from app.synthesis.columns import ROLES, STATE_AT, Columns, Ints, Mask, columns_of
from app.synthesis.counting import Figures
from app.synthesis.placing import STRIDE, Side, place, spoken_to, witnesses_of
from app.synthesis.totals import Totals
from app.theory.filters import roles_of
from app.theory.models import Configuration, Element
from app.theory.vocabulary import ConfigurationStatus, Role, State

ROLE_AT = tuple(Role)


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


@dataclass(frozen=True, slots=True)
class Uses:
    """The elements tied to a concept, or to what was merged into it, in what counts by default."""

    columns: Columns
    survivor: int
    own: frozenset[int]
    is_use: Mask
    """By element."""

    def configurations(self, is_meant: Mask) -> Ints:
        """Return the distinct configurations of the uses meant, as rows."""
        return np.unique(self.columns.element_of[self.is_use & is_meant])


def concept_page(session: Session, review: Review, number: int, base: str = "") -> ConceptPage:
    """Gather one concept's page; a merged concept answers with its survivor's."""
    load(session, Concept, review.id, number)
    columns = columns_of(session, review.id)
    survivor = columns.tree.survivor(number)
    own = frozenset(columns.tree.members(survivor))
    told = columns.concepts[survivor]
    is_use = np.isin(columns.concept, sorted(own)) & columns.is_counted[columns.element_of]
    uses = Uses(columns, survivor, own, is_use)
    return ConceptPage(
        id=survivor,
        label=told.label,
        referent=told.referent,
        merged=sorted(own - {survivor}),
        path=[columns.concepts[step].label for step in columns.tree.path(survivor)],
        narrower=sorted(columns.tree.subtree(survivor) - own),
        aliases=_aliases(session, review.id, own),
        definitions=_definitions(session, review.id, own),
        roles=_roles(uses, f"{base}/api/v1/reviews/{review.slug}"),
        wordings=_wordings(session, review.id, own),
        neighbours=_neighbours(uses),
    )


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


def _roles(uses: Uses, start: str) -> list[RolePlayed]:
    """Count each role; that of mechanism takes in resource and response, as its URL does."""
    found = []
    for role in Role:
        is_role = np.isin(uses.columns.role, [ROLES[its] for its in roles_of(role)])
        states = {
            state: len(uses.configurations(is_role & (uses.columns.state == code)))
            for code, state in enumerate(STATE_AT)
        }
        if any(states.values()):
            url = f"{start}/configurations?counted=true&has={role}:K{uses.survivor}"
            found.append(
                RolePlayed(
                    role=role,
                    states={state: many for state, many in states.items() if many},
                    figures=_figures(uses, role, uses.configurations(is_role)),
                    url=url,
                )
            )
    return found


def _figures(uses: Uses, role: Role, configurations: Ints) -> Figures:
    """Count the evidence that speaks to a concept in the configurations that have it."""
    columns = uses.columns
    is_chosen = np.zeros(len(columns.configuration), bool)
    is_chosen[configurations] = True
    placed = place(columns, Side(role))
    witnesses = witnesses_of(columns, is_chosen, None)
    witness, heading = spoken_to(columns, placed, witnesses)
    is_own = placed.headings[heading] == uses.survivor * STRIDE
    evidence = witnesses.evidence[witness[is_own]]
    totals = Totals(columns, np.zeros(len(evidence), np.int64), evidence)
    [figures] = totals.figures(np.array([len(configurations)]), np.array([0]))
    return figures


def _wordings(session: Session, review_id: int, own: frozenset[int]) -> list[Wording]:
    uses: dict[tuple[str, Role, State], list[int]] = defaultdict(list)
    is_there = and_(
        Configuration.review_id == Element.review_id,
        Configuration.id == Element.configuration_id,
        Configuration.status != ConfigurationStatus.RETIRED,
    )
    rows = session.execute(
        select(Element.wording, Element.role, Element.state, Element.configuration_id)
        .join(Configuration, is_there)
        .where(Element.review_id == review_id, Element.concept_id.in_(sorted(own)))
        .order_by(Element.configuration_id, Element.position, Element.n)
    )
    for wording, role, state, number in rows:
        uses[wording, role, state].append(number)
    ranked = sorted(uses.items(), key=lambda use: (-len(use[1]), use[0]))
    return [
        Wording(wording=wording, role=role, state=state, configurations=numbers)
        for (wording, role, state), numbers in ranked
    ]


def _neighbours(uses: Uses) -> list[Neighbour]:
    columns, own_roles = uses.columns, defaultdict(set)
    for of, role in _told(columns, uses.is_use, columns.role):
        own_roles[of].add(role)
    has_use = np.zeros(len(columns.configuration), bool)
    has_use[columns.element_of[uses.is_use]] = True
    is_other = has_use[columns.element_of] & (columns.concept > 0) & ~uses.is_use
    together: dict[tuple[int, str, str], set[int]] = defaultdict(set)
    for of, role, concept in _told(columns, is_other, columns.role, columns.concept):
        for own_role in own_roles[of]:
            neighbour = columns.tree.survivor(concept)
            together[neighbour, ROLE_AT[own_role], ROLE_AT[role]].add(of)
    ranked = sorted(together.items(), key=lambda item: (-len(item[1]), item[0]))
    return [
        Neighbour(
            concept_id=concept,
            label=columns.concepts[concept].label,
            own_role=Role(own_role),
            role=Role(role),
            configurations=len(configurations),
        )
        for (concept, own_role, role), configurations in ranked
    ]


def _told(columns: Columns, is_meant: Mask, *what: Ints) -> Iterable[tuple[int, ...]]:
    """Return for each element meant its configuration and what is asked of it."""
    arrays = (columns.element_of, *what)
    return zip(*(array[is_meant].tolist() for array in arrays), strict=True)
