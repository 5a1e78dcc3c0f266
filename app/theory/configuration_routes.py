"""The API of configurations, their elements and evidence, inline notation and vocabulary."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Query, Response, status
from sqlalchemy.orm import Session

from app.access.identity import (
    Changing,
    Coding,
    IdPath,
    IfMatch,
    Member,
    Reading,
    require_version,
    tag,
)
from app.access.policy import require_change
from app.access.replay import Replayable, ReplayingRoute
from app.db import Page, PageWish, SessionDep, Slice, cut
from app.history.reading import load
from app.theory.configurations import (
    add_configuration,
    add_configurations,
    delete_configuration,
    read_notation,
    retie_evidence,
    set_members,
    tie_evidence,
    untie_evidence,
)
from app.theory.elements import add_element, change_element, find_element, remove_element
from app.theory.evidence import read_evidence
from app.theory.models import Configuration, Element
from app.theory.queries import read_configuration, summaries, vocabulary_words
from app.theory.revising import revise_configuration
from app.theory.schemas import (
    ConfigurationBulk,
    ConfigurationCreate,
    ConfigurationRead,
    ConfigurationsAdded,
    ConfigurationUpdate,
    ElementCreate,
    ElementRead,
    ElementUpdate,
    EvidenceCreate,
    EvidenceRead,
    EvidenceUpdate,
    MembersWish,
    NotationRead,
    NotationWish,
    SlotRead,
    Word,
)
from app.theory.wording import Words, if_then_because

router = APIRouter(
    prefix="/api/v1/reviews/{slug}",
    tags=["configurations"],
    dependencies=[Replayable],
    route_class=ReplayingRoute,
)


def get_own(number: IdPath, member: Changing, session: SessionDep) -> Configuration:
    """Return the configuration of the address, which the member must be allowed to change."""
    configuration = load(session, Configuration, member.review_id, number)
    require_change(member.role, member.user.id, configuration.created_by)
    return configuration


Own = Annotated[Configuration, Depends(get_own)]


def get_current(configuration: Own, if_match: IfMatch = None) -> Configuration:
    """Return the configuration of the address, provided `If-Match` names its version."""
    require_version(if_match, configuration.version)
    return configuration


Current = Annotated[Configuration, Depends(get_current)]


@router.post("/configurations", status_code=status.HTTP_201_CREATED)
def create_configuration(
    body: ConfigurationCreate, member: Coding, session: SessionDep, response: Response
) -> ConfigurationRead:
    """Add a configuration with elements, quotes and evidence in one request."""
    configuration = add_configuration(session, member, body)
    return _answer(session, member, configuration, response)


@router.post(
    "/configurations/bulk",
    response_model=ConfigurationsAdded,
    status_code=status.HTTP_201_CREATED,
)
def create_configurations(body: ConfigurationBulk, member: Coding, session: SessionDep) -> Response:
    """Add many configurations; all go in or none."""
    added = add_configurations(session, member, body.items)
    items = summaries(session, member.review_id, [row.id for row in added])
    content = orjson.dumps({"items": items})
    return Response(content, status.HTTP_201_CREATED, media_type="application/json")


@router.get("/configurations/{number}")
def get_configuration(
    number: IdPath, member: Reading, session: SessionDep, response: Response
) -> ConfigurationRead:
    """Read a configuration with its parts, its evidence with the words, and its gaps."""
    read = read_configuration(session, member.review_id, number)
    tag(response, read.version)
    return read


@router.patch("/configurations/{number}")
def update_configuration(
    body: ConfigurationUpdate,
    configuration: Current,
    member: Changing,
    session: SessionDep,
    response: Response,
) -> ConfigurationRead:
    """Change what is said of a configuration as a whole, and with `elements` all its elements."""
    revise_configuration(session, member, configuration, body)
    return _answer(session, member, configuration, response)


@router.delete("/configurations/{number}", status_code=status.HTTP_204_NO_CONTENT)
def remove_configuration(configuration: Current, session: SessionDep) -> None:
    """Delete a configuration with its parts; restorable from the history."""
    delete_configuration(session, configuration)


@router.put("/configurations/{number}/members")
def put_members(
    body: MembersWish,
    configuration: Current,
    member: Changing,
    session: SessionDep,
    response: Response,
) -> ConfigurationRead:
    """Say which raw configurations a consolidated one stands for."""
    set_members(session, configuration, body.members)
    return _answer(session, member, configuration, response)


@router.post(
    "/configurations/{number}/elements",
    response_model=ElementRead,
    status_code=status.HTTP_201_CREATED,
)
def create_element(
    body: ElementCreate,
    configuration: Own,
    member: Changing,
    session: SessionDep,
    response: Response,
) -> Element:
    """Add an element."""
    element = add_element(session, member, configuration, body)
    tag(response, configuration.version)
    return element


@router.patch("/configurations/{number}/elements/{n}", response_model=ElementRead)
def update_element(
    n: IdPath,
    body: ElementUpdate,
    configuration: Current,
    session: SessionDep,
    response: Response,
) -> Element:
    """Change an element."""
    element = find_element(session, configuration, n)
    change_element(session, configuration, element, body)
    tag(response, configuration.version)
    return element


@router.delete("/configurations/{number}/elements/{n}", status_code=status.HTTP_204_NO_CONTENT)
def delete_element(
    n: IdPath, configuration: Current, session: SessionDep, response: Response
) -> None:
    """Remove an element."""
    remove_element(session, configuration, find_element(session, configuration, n))
    tag(response, configuration.version)


@router.post("/configurations/{number}/evidence", status_code=status.HTTP_201_CREATED)
def create_evidence(
    body: EvidenceCreate,
    configuration: Own,
    member: Changing,
    session: SessionDep,
    response: Response,
) -> EvidenceRead:
    """Tie a stored quote, a new one, or a page of a source to the whole or to elements."""
    n = tie_evidence(session, member, configuration, body)
    tag(response, configuration.version)
    return read_evidence(session, configuration, n)


@router.patch("/configurations/{number}/evidence/{n}")
def update_evidence(
    n: IdPath,
    body: EvidenceUpdate,
    configuration: Current,
    session: SessionDep,
    response: Response,
) -> EvidenceRead:
    """Change what a piece of evidence says; `elements` replaces the elements it is about."""
    retie_evidence(session, configuration, n, body)
    tag(response, configuration.version)
    return read_evidence(session, configuration, n)


@router.delete("/configurations/{number}/evidence/{n}", status_code=status.HTTP_204_NO_CONTENT)
def delete_evidence(
    n: IdPath, configuration: Current, session: SessionDep, response: Response
) -> None:
    """Remove a piece of evidence; its quote stays."""
    untie_evidence(session, configuration, n)
    tag(response, configuration.version)


@router.post("/notation")
def try_notation(body: NotationWish, member: Reading) -> NotationRead:
    """Read inline notation without storing anything; 422 says at which position it fails."""
    del member
    slots = read_notation(body.notation, body.template, "notation")
    elements = [SlotRead.model_validate(slot) for slot in slots]
    statement = if_then_because([Words(slot.role, slot.wording) for slot in slots])
    return NotationRead(elements=elements, statement=statement)


@router.get("/vocabulary", response_model=Page[Word])
def read_vocabulary(
    member: Reading, session: SessionDep, wish: Annotated[PageWish, Query()]
) -> Slice[Word]:
    """List the words of configurations, links and theories with their values."""
    del member
    return cut(session, vocabulary_words(), wish)


def _answer(
    session: Session, member: Member, configuration: Configuration, response: Response
) -> ConfigurationRead:
    tag(response, configuration.version)
    return read_configuration(session, member.review_id, configuration.id)
