"""The API of the codebook."""

from typing import Annotated

from fastapi import APIRouter, Query, Response, status
from sqlalchemy.orm import Session

from app.access.identity import EditingCodebook, IdPath, IfMatch, Reading, require_version, tag
from app.access.replay import Replayable, ReplayingRoute
from app.coding.concepts import (
    add_alias,
    add_concept,
    add_concepts,
    add_definition,
    change_concept,
    delete_concept,
    read_added,
    read_concepts,
    remove_alias,
    select_concepts,
)
from app.coding.merging import merge_concept, unmerge_concept
from app.coding.models import Concept
from app.coding.schemas import (
    Alias,
    AliasCreate,
    ConceptAdded,
    ConceptBulk,
    ConceptCreate,
    ConceptFilter,
    ConceptRead,
    ConceptUpdate,
    DefinitionCreate,
    MergeWish,
)
from app.db import Page, SessionDep, paginate
from app.history.reading import load

router = APIRouter(
    prefix="/api/v1/reviews/{slug}/concepts",
    tags=["concepts"],
    dependencies=[Replayable],
    route_class=ReplayingRoute,
)


def _shown(session: Session, concept: Concept, response: Response) -> ConceptRead:
    tag(response, concept.version)
    return read_concepts(session, concept.review_id, [concept])[0]


@router.get("")
def list_concepts(
    member: Reading, session: SessionDep, wish: Annotated[ConceptFilter, Query()]
) -> Page[ConceptRead]:
    """List the concepts that fit, by number; merged ones too, unless filtered."""
    page = paginate(session, select_concepts(member.review_id, wish), Concept.id, wish)
    items = read_concepts(session, member.review_id, page.items)
    return Page(items=items, next=page.next, total=page.total)


@router.post("", status_code=status.HTTP_201_CREATED)
def create_concept(
    body: ConceptCreate, member: EditingCodebook, session: SessionDep, response: Response
) -> ConceptAdded:
    """Add a concept with its definitions and aliases; warns of one that looks the same."""
    concept = add_concept(session, member, body)
    tag(response, concept.version)
    return read_added(session, member.review_id, [concept])[0]


@router.post("/bulk", status_code=status.HTTP_201_CREATED)
def create_concepts(
    body: ConceptBulk, member: EditingCodebook, session: SessionDep
) -> list[ConceptAdded]:
    """Add many concepts in their order; all go in or none."""
    concepts = add_concepts(session, member, body.items)
    return read_added(session, member.review_id, concepts)


@router.get("/{number}")
def read_concept(
    number: IdPath, member: Reading, session: SessionDep, response: Response
) -> ConceptRead:
    """Read a concept with its definitions and aliases."""
    return _shown(session, load(session, Concept, member.review_id, number), response)


@router.patch("/{number}")
def update_concept(
    number: IdPath,
    body: ConceptUpdate,
    member: EditingCodebook,
    session: SessionDep,
    response: Response,
    if_match: IfMatch = None,
) -> ConceptRead:
    """Change a concept, or move it by its `parent_id`."""
    concept = load(session, Concept, member.review_id, number)
    require_version(if_match, concept.version)
    return _shown(session, change_concept(session, concept, body), response)


@router.delete("/{number}", status_code=status.HTTP_204_NO_CONTENT)
def remove_concept(
    number: IdPath, member: EditingCodebook, session: SessionDep, if_match: IfMatch = None
) -> None:
    """Delete a concept nothing uses and nothing stands below; 409 names what does."""
    concept = load(session, Concept, member.review_id, number)
    require_version(if_match, concept.version)
    delete_concept(session, concept)


@router.post("/{number}/definitions", status_code=status.HTTP_201_CREATED)
def create_definition(
    number: IdPath,
    body: DefinitionCreate,
    member: EditingCodebook,
    session: SessionDep,
    response: Response,
) -> ConceptRead:
    """Add a definition; the earlier ones stay."""
    concept = load(session, Concept, member.review_id, number)
    add_definition(session, concept, body)
    return _shown(session, concept, response)


@router.post("/{number}/aliases", status_code=status.HTTP_201_CREATED)
def create_alias(
    number: IdPath,
    body: AliasCreate,
    member: EditingCodebook,
    session: SessionDep,
    response: Response,
) -> ConceptRead:
    """Give a concept another name."""
    concept = load(session, Concept, member.review_id, number)
    add_alias(session, concept, body.label)
    return _shown(session, concept, response)


@router.delete("/{number}/aliases")
def delete_alias(
    number: IdPath,
    label: Annotated[Alias, Query(description="the alias, to the letter")],
    member: EditingCodebook,
    session: SessionDep,
    response: Response,
    if_match: IfMatch = None,
) -> ConceptRead:
    """Take another name away from a concept."""
    concept = load(session, Concept, member.review_id, number)
    require_version(if_match, concept.version)
    remove_alias(session, concept, label)
    return _shown(session, concept, response)


@router.post("/{number}/merge")
def merge_into(
    number: IdPath,
    body: MergeWish,
    member: EditingCodebook,
    session: SessionDep,
    response: Response,
) -> ConceptRead:
    """Count a concept under the survivor of another; nothing moves. Answers the merged concept."""
    concept = load(session, Concept, member.review_id, number)
    merge_concept(session, concept, body)
    return _shown(session, concept, response)


@router.post("/{number}/unmerge")
def take_merge_back(
    number: IdPath, member: EditingCodebook, session: SessionDep, response: Response
) -> ConceptRead:
    """Count a merged concept under itself again."""
    concept = load(session, Concept, member.review_id, number)
    return _shown(session, unmerge_concept(session, concept), response)
