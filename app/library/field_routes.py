"""The API of a review's own fields."""

from typing import Annotated

from fastapi import APIRouter, Query, Response, status

from app.access.identity import EditingFields, IdPath, IfMatch, Reading, require_version, tag
from app.access.replay import Replayable, ReplayingRoute
from app.db import Page, SessionDep, Slice, cut
from app.history.reading import load
from app.library.field_schemas import (
    FieldCreate,
    FieldDeletion,
    FieldFilter,
    FieldRead,
    FieldUpdate,
)
from app.library.fields import add_field, change_field, delete_field, select_fields
from app.library.models import CustomField

router = APIRouter(
    prefix="/api/v1/reviews/{slug}/fields",
    tags=["fields"],
    dependencies=[Replayable],
    route_class=ReplayingRoute,
)


@router.get("", response_model=Page[FieldRead])
def list_fields(
    member: Reading, session: SessionDep, wish: Annotated[FieldFilter, Query()]
) -> Slice[CustomField]:
    """List the review's own fields, those of sources first, each in the team's order."""
    return cut(session, session.scalars(select_fields(member.review_id, wish)).all(), wish)


@router.post("", response_model=FieldRead, status_code=status.HTTP_201_CREATED)
def create_field(
    body: FieldCreate, member: EditingFields, session: SessionDep, response: Response
) -> CustomField:
    """Add a field to all sources or configurations of the review."""
    field = add_field(session, member, body)
    tag(response, field.version)
    return field


@router.get("/{number}", response_model=FieldRead)
def read_field(
    number: IdPath, member: Reading, session: SessionDep, response: Response
) -> CustomField:
    """Read a field."""
    field = load(session, CustomField, member.review_id, number)
    tag(response, field.version)
    return field


@router.patch("/{number}", response_model=FieldRead)
def update_field(
    number: IdPath,
    body: FieldUpdate,
    member: EditingFields,
    session: SessionDep,
    response: Response,
    if_match: IfMatch = None,
) -> CustomField:
    """Change label, choices, help or position of a field; its name and type stay."""
    field = load(session, CustomField, member.review_id, number)
    require_version(if_match, field.version)
    change_field(session, field, body)
    tag(response, field.version)
    return field


@router.delete("/{number}", status_code=status.HTTP_204_NO_CONTENT)
def remove_field(
    number: IdPath,
    member: EditingFields,
    session: SessionDep,
    wish: Annotated[FieldDeletion, Query()],
    if_match: IfMatch = None,
) -> None:
    """Delete a field; 409 names where it is filled in, unless its values go with it."""
    field = load(session, CustomField, member.review_id, number)
    require_version(if_match, field.version)
    delete_field(session, field, drop_values=wish.drop_values)
