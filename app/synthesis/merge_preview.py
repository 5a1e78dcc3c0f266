"""What merging a concept into another would change, in numbers, before anybody does it."""

from dataclasses import dataclass, replace

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.models import Review
from app.coding.merging import differences_of, require_mergeable
from app.coding.models import Coding, Concept, ConceptAlias, ConceptDefinition
from app.coding.tree import Node, Tree
from app.db import Id, Schema
from app.history.reading import load
from app.synthesis.columns import ROLES, Columns, columns_of
from app.synthesis.crossing import Crossing
from app.synthesis.placing import Side, place, witnesses_of
from app.theory.filters import roles_of
from app.theory.vocabulary import Role


class PreviewWish(Schema):
    """The concept it would be counted under."""

    into_id: Id


@dataclass(frozen=True, slots=True)
class Moved:
    """How many configurations a role of the survivor has now, and would have."""

    role: Role
    own: int
    """Of the concept to be merged."""
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Shape:
    """How large the matrix of contexts by outcomes is."""

    rows: int
    columns: int
    cells: int


@dataclass(frozen=True, slots=True)
class Warned:
    """A field in which the two disagree."""

    field: str
    concept: str
    into: str


@dataclass(frozen=True, slots=True)
class MergePreview:
    """What would change; merging moves nothing, and unmerging brings all of it back."""

    concept_id: int
    label: str
    into_id: int
    """The survivor, where the one named is merged itself."""
    into_label: str
    elements: int
    quotes: int
    definitions: int
    aliases: int
    narrower: int
    """Concepts right below it, which would stand below the survivor."""
    configurations: int
    both: list[int]
    """Configurations that hold both, and would hold the survivor twice."""
    roles: list[Moved]
    matrix_before: Shape
    matrix_after: Shape
    warnings: list[Warned]
    """Non-empty: send `despite_warnings` to merge nevertheless."""


def merge_preview(session: Session, review: Review, number: int, wish: PreviewWish) -> MergePreview:
    """Count what merging would change; what cannot be merged is refused as merging refuses it."""
    concept = load(session, Concept, review.id, number)
    survivor = require_mergeable(session, concept, wish.into_id)
    before = columns_of(session, review.id)
    after = replace(before, tree=_merged(session, review.id, number, survivor.id))
    own = before.tree.members(number)
    is_own = np.isin(before.concept, sorted(own))
    theirs = np.isin(before.concept, sorted(before.tree.members(survivor.id)))
    holding, theirs_hold = (np.unique(before.element_of[mask]) for mask in (is_own, theirs))
    quotes, definitions, aliases = _counts(session, review.id, own)
    return MergePreview(
        concept_id=number,
        label=concept.label,
        into_id=survivor.id,
        into_label=survivor.label,
        elements=int(is_own.sum()),
        quotes=quotes,
        definitions=definitions,
        aliases=aliases,
        narrower=len(before.tree.children(number)),
        configurations=len(holding),
        both=before.configuration[holding[np.isin(holding, theirs_hold)]].tolist(),
        roles=_roles(before, after, number, survivor.id),
        matrix_before=_shape(before),
        matrix_after=_shape(after),
        warnings=[Warned(d.field, d.concept, d.into) for d in differences_of(concept, survivor)],
    )


def _merged(session: Session, review_id: int, number: int, into: int) -> Tree:
    rows = session.execute(
        select(Concept.id, Concept.parent_id, Concept.merged_into_id)
        .where(Concept.review_id == review_id)
        .order_by(Concept.id)
    )
    return Tree(Node(row[0], row[1], into if row[0] == number else row[2]) for row in rows)


def _counts(session: Session, review_id: int, concepts: set[int]) -> tuple[int, int, int]:
    """Count the quotes tied to some concepts, their definitions and their aliases."""
    row = session.execute(
        select(
            *(
                select(func.count())
                .select_from(table)
                .where(table.review_id == review_id, table.concept_id.in_(sorted(concepts)))
                .scalar_subquery()
                for table in (Coding, ConceptDefinition, ConceptAlias)
            )
        )
    ).one()
    return row[0], row[1], row[2]


def _roles(before: Columns, after: Columns, number: int, into: int) -> list[Moved]:
    found = []
    for role in Role:
        own, has, will = (
            _playing(columns, role, concept)
            for columns, concept in ((before, number), (before, into), (after, into))
        )
        if own or has:
            found.append(Moved(role, own, has, will))
    return found


def _playing(columns: Columns, role: Role, concept: int) -> int:
    """Count the configurations, of those that count by default, with a concept in a role."""
    is_use = np.isin(columns.concept, sorted(columns.tree.members(concept)))
    is_use &= np.isin(columns.role, [ROLES[its] for its in roles_of(role)])
    is_use &= columns.is_counted[columns.element_of]
    return len(np.unique(columns.element_of[is_use]))


def _shape(columns: Columns) -> Shape:
    sides = (place(columns, Side(Role.CONTEXT)), place(columns, Side(Role.OUTCOME)))
    crossing = Crossing(
        columns, columns.is_counted, witnesses_of(columns, columns.is_counted, None), sides
    )
    rows, across = (len(np.unique(crossing.of_side(side))) for side in (0, 1))
    return Shape(rows, across, len(crossing.places))
