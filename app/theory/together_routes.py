"""The API of what is done to several things at once: bulk changes, mirror images, splits."""

from fastapi import APIRouter, Response, status

from app.access.identity import Changing, Coding, EditingCodebook, IdPath, Reading, tag
from app.access.policy import require_change
from app.access.replay import Replayable, ReplayingRoute
from app.coding.concepts import read_concepts
from app.coding.models import Concept
from app.coding.schemas import ConceptRead
from app.db import Page, SessionDep
from app.history.reading import load
from app.theory.changing_many import change_configurations
from app.theory.mirroring import add_mirror, mirrored
from app.theory.models import Configuration
from app.theory.queries import read_configuration
from app.theory.schemas import (
    ConfigurationChanges,
    ConfigurationRead,
    ConfigurationsChanged,
    ElementPlaced,
    MirrorWish,
    SplitWish,
)
from app.theory.splitting import split_concept

router = APIRouter(
    prefix="/api/v1/reviews/{slug}",
    dependencies=[Replayable],
    route_class=ReplayingRoute,
)


@router.post("/configurations/changes", tags=["configurations"])
def change_many_configurations(
    body: ConfigurationChanges, member: Changing, session: SessionDep
) -> ConfigurationsChanged:
    """Change the same of many configurations, all or none, whatever their versions."""
    rows = [load(session, Configuration, member.review_id, n) for n in dict.fromkeys(body.numbers)]
    for row in rows:
        require_change(member.role, member.user.id, row.created_by)
    changed = [row.id for row in change_configurations(session, rows, body)]
    return ConfigurationsChanged(changed=changed, many=len(changed))


@router.get("/configurations/{number}/mirror", tags=["configurations"])
def propose_mirror(number: IdPath, member: Reading, session: SessionDep) -> Page[ElementPlaced]:
    """Propose the elements of the mirror image: the same concepts in their opposite states."""
    original = load(session, Configuration, member.review_id, number)
    return Page(items=mirrored(session, original))


@router.post(
    "/configurations/{number}/mirror",
    tags=["configurations"],
    status_code=status.HTTP_201_CREATED,
)
def create_mirror(
    number: IdPath, body: MirrorWish, member: Coding, session: SessionDep, response: Response
) -> ConfigurationRead:
    """Construct the mirror image of a configuration, linked to it; it counts for nothing."""
    original = load(session, Configuration, member.review_id, number)
    made = add_mirror(session, member, original, body)
    tag(response, made.version)
    return read_configuration(session, member.review_id, made.id)


@router.post("/concepts/{number}/split", tags=["concepts"], status_code=status.HTTP_201_CREATED)
def create_split(
    number: IdPath,
    body: SplitWish,
    member: EditingCodebook,
    session: SessionDep,
    response: Response,
) -> ConceptRead:
    """Split a concept from another, and give it the elements and quotes named."""
    concept = load(session, Concept, member.review_id, number)
    new = split_concept(session, member, concept, body)
    tag(response, new.version)
    return read_concepts(session, member.review_id, [new])[0]
