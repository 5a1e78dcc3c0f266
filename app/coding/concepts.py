"""The codebook: concepts, their definitions and aliases, moving and merging."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.coding.apart import drop_apart
from app.coding.merging import require_no_cycle, warn_across
from app.coding.models import Concept, ConceptAlias, ConceptDefinition, Quote
from app.coding.schemas import (
    ConceptAdded,
    ConceptCreate,
    ConceptFields,
    ConceptFilter,
    ConceptRead,
    ConceptUpdate,
    DefinitionCreate,
    DefinitionRead,
)
from app.coding.tree import Node, concept_tree
from app.db import holds, next_part, search_key, take_numbers
from app.errors import FieldProblem, NotFoundError, TakenError
from app.history.reading import batched
from app.history.recording import delete_many
from app.history.references import require_present, require_unused
from app.library.models import Source

FIELDS = set(ConceptFields.model_fields)
SAME = ("parent_id", "kind", "level", "is_retired")


def select_concepts(review_id: int, wish: ConceptFilter) -> Select[Concept]:
    """Select the concepts of a review that fit; the caller orders and pages them."""
    statement = select(Concept).where(Concept.review_id == review_id)
    for name in SAME:
        value = getattr(wish, name)
        if value is not None:
            statement = statement.where(getattr(Concept, name) == value)
    if wish.is_merged is not None:
        statement = statement.where(Concept.merged_into_id.is_not(None) == wish.is_merged)
    if wish.text is not None:
        alias = exists().where(
            ConceptAlias.review_id == Concept.review_id,
            ConceptAlias.concept_id == Concept.id,
            holds(ConceptAlias.label_key, wish.text),
        )
        statement = statement.where(or_(holds(Concept.text_key, wish.text), alias))
    return statement


def read_concepts(
    session: Session, review_id: int, concepts: Sequence[Concept]
) -> list[ConceptRead]:
    """Return concepts with their definitions and aliases, in two queries for all of them."""
    numbers = [concept.id for concept in concepts]
    definitions: dict[int, list[DefinitionRead]] = {number: [] for number in numbers}
    for row in session.scalars(
        select(ConceptDefinition)
        .where(ConceptDefinition.review_id == review_id, ConceptDefinition.concept_id.in_(numbers))
        .order_by(ConceptDefinition.concept_id, ConceptDefinition.n)
    ):
        definitions[row.concept_id].append(DefinitionRead.model_validate(row))
    aliases: dict[int, list[str]] = {number: [] for number in numbers}
    for alias in session.scalars(
        select(ConceptAlias)
        .where(ConceptAlias.review_id == review_id, ConceptAlias.concept_id.in_(numbers))
        .order_by(ConceptAlias.concept_id, ConceptAlias.label)
    ):
        aliases[alias.concept_id].append(alias.label)
    return [
        ConceptRead.model_validate(concept).model_copy(
            update={"definitions": definitions[concept.id], "aliases": aliases[concept.id]}
        )
        for concept in concepts
    ]


def read_added(session: Session, review_id: int, concepts: Sequence[Concept]) -> list[ConceptAdded]:
    """Return concepts just added, each warning of others of the same label and referent."""
    twins: dict[tuple[str, str], list[int]] = defaultdict(list)
    for keys in batched({concept.text_key for concept in concepts}):
        alike = select(Concept.id, Concept.label, Concept.referent).where(
            Concept.review_id == review_id,
            Concept.text_key.in_(keys),
            Concept.merged_into_id.is_(None),
        )
        for number, label, referent in session.execute(alike.order_by(Concept.id)):
            twins[_folded(label, referent)].append(number)
    return [
        ConceptAdded(
            **read.model_dump(),
            warnings=[
                f"K{number} has the same label and referent; use it, merge one into the other, "
                "or say by a referent how they differ."
                for number in twins[_folded(read.label, read.referent)]
                if number != read.id
            ],
        )
        for read in read_concepts(session, review_id, concepts)
    ]


def _folded(label: str, referent: str | None) -> tuple[str, str]:
    return search_key(label), search_key(referent or "")


def add_concepts(
    session: Session, member: Member, wishes: Sequence[ConceptCreate]
) -> list[Concept]:
    """Add concepts with their definitions and aliases, all or none, in their order."""
    _require_references(session, member.review_id, wishes)
    first = take_numbers(session, member.review_id, "K", len(wishes))
    concepts = [_concept(member, first + n, wish) for n, wish in enumerate(wishes)]
    session.add_all(concepts)
    session.flush()
    for concept, wish in zip(concepts, wishes, strict=True):
        session.add_all(_definition(concept, text) for text in wish.definitions)
        session.add_all(_alias(concept, label) for label in dict.fromkeys(wish.aliases))
    session.flush()
    return concepts


def add_concept(session: Session, member: Member, wish: ConceptCreate) -> Concept:
    """Add one concept with its definitions and aliases."""
    return add_concepts(session, member, [wish])[0]


def _concept(member: Member, number: int, wish: ConceptCreate) -> Concept:
    return Concept(
        **wish.model_dump(include=FIELDS),
        review_id=member.review_id,
        id=number,
        origin=wish.origin,
        origin_id=wish.origin_id,
        merged_into_id=None,
        text_key=concept_key(wish.label, wish.referent),
        last_definition=0,
        created_by=member.user.id,
    )


def concept_key(label: str, referent: str | None) -> str:
    """Fold label and referent for search."""
    return search_key(f"{label}\n{referent or ''}")


def _definition(concept: Concept, wish: DefinitionCreate) -> ConceptDefinition:
    return ConceptDefinition(
        **wish.model_dump(),
        review_id=concept.review_id,
        concept_id=concept.id,
        n=next_part(concept, "last_definition"),
    )


def _alias(concept: Concept, label: str) -> ConceptAlias:
    return ConceptAlias(
        review_id=concept.review_id,
        concept_id=concept.id,
        label=label,
        label_key=search_key(label),
    )


def _require_references(session: Session, review_id: int, wishes: Sequence[ConceptCreate]) -> None:
    concepts: list[tuple[str, int | None]] = []
    texts: list[tuple[str, DefinitionCreate]] = []
    for n, wish in enumerate(wishes):
        place = f"items.{n}." if len(wishes) > 1 else ""
        concepts += [(f"{place}parent_id", wish.parent_id), (f"{place}origin_id", wish.origin_id)]
        texts += [(f"{place}definitions.{m}.", text) for m, text in enumerate(wish.definitions)]
    require_present(session, Concept, review_id, concepts)
    _require_origins(session, review_id, texts)


def _require_origins(
    session: Session, review_id: int, texts: Sequence[tuple[str, DefinitionCreate]]
) -> None:
    sources = [(f"{place}source_id", text.source_id) for place, text in texts]
    quotes = [(f"{place}quote_id", text.quote_id) for place, text in texts]
    require_present(session, Source, review_id, sources)
    require_present(session, Quote, review_id, quotes)


def change_concept(session: Session, concept: Concept, wish: ConceptUpdate) -> Concept:
    """Change what the wish sets; moving is changing `parent_id`.

    Raises `CycleError`, and `MergeWarningError` when the concept is put below one of another
    referent or level unless the wish goes on despite warnings.
    """
    values: dict[str, Any] = wish.model_dump(exclude_unset=True, exclude={"despite_warnings"})
    is_moved = values.get("parent_id") not in {None, concept.parent_id}
    if values.get("parent_id") is not None:
        require_present(session, Concept, concept.review_id, [("parent_id", wish.parent_id)])
        require_no_cycle(session, concept, Node(concept.id, wish.parent_id, concept.merged_into_id))
    for name, value in values.items():
        setattr(concept, name, value)
    if is_moved and not wish.despite_warnings:
        broader = concept_tree(session, concept.review_id).survivor(values["parent_id"])
        parent = session.get_one(Concept, (concept.review_id, broader))
        warn_across(concept, parent, f"put K{concept.id} below K{broader}")
    concept.text_key = concept_key(concept.label, concept.referent)
    concept.version += 1
    session.flush()
    return concept


def delete_concept(session: Session, concept: Concept) -> None:
    """Delete a concept with its definitions and aliases; 409 names what uses it or is below it."""
    drop_apart(session, concept)
    require_unused(session, concept)
    for part in (ConceptDefinition, ConceptAlias):
        mine = (part.review_id == concept.review_id, part.concept_id == concept.id)
        delete_many(session, part, mine)
    session.delete(concept)
    session.flush()


def add_definition(session: Session, concept: Concept, wish: DefinitionCreate) -> ConceptDefinition:
    """Add a definition; earlier ones stay, and elements keep the one they were coded under."""
    _require_origins(session, concept.review_id, [("", wish)])
    definition = _definition(concept, wish)
    session.add(definition)
    concept.version += 1
    session.flush()
    return definition


def add_alias(session: Session, concept: Concept, label: str) -> None:
    """Give a concept another name; raises `TakenError` when it has that one."""
    if session.get(ConceptAlias, (concept.review_id, concept.id, label)):
        raise TakenError(
            f"label: K{concept.id} has this alias already.",
            fields=[FieldProblem("label", "an alias of this concept already")],
        )
    session.add(_alias(concept, label))
    concept.version += 1
    session.flush()


def remove_alias(session: Session, concept: Concept, label: str) -> None:
    """Take another name away from a concept; 404 when it has no such alias."""
    found = session.get(ConceptAlias, (concept.review_id, concept.id, label))
    if found is None:
        raise NotFoundError(f"K{concept.id} has no such alias.")
    session.delete(found)
    concept.version += 1
    session.flush()
