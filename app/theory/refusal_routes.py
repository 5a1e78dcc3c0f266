"""The API of possible links that were refused for good."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, status

from app.access.identity import Changing, Coding, IdPath, Reading
from app.access.policy import require_change
from app.access.replay import Replayable, ReplayingRoute
from app.db import Page, SessionDep, Slice, cut
from app.theory.link_models import LinkRefusal
from app.theory.possible import Place
from app.theory.refusals import (
    RefusalCreate,
    RefusalFilter,
    RefusalRead,
    add_refusal,
    find_refusal,
    list_refusals,
    take_back,
)

router = APIRouter(
    prefix="/api/v1/reviews/{slug}/links/refusals",
    tags=["links"],
    dependencies=[Replayable],
    route_class=ReplayingRoute,
)


@router.get("", response_model=Page[RefusalRead])
def list_link_refusals(
    member: Reading, session: SessionDep, wish: Annotated[RefusalFilter, Query()]
) -> Slice[LinkRefusal]:
    """List the possible links that are offered no more."""
    return cut(session, list_refusals(session, member.review_id, wish), wish)


@router.post("", response_model=RefusalRead, status_code=status.HTTP_201_CREATED)
def create_link_refusal(body: RefusalCreate, member: Coding, session: SessionDep) -> LinkRefusal:
    """Refuse a possible link for good."""
    return add_refusal(session, member, body)


def get_place(from_id: IdPath, from_n: IdPath, to_id: IdPath, to_n: IdPath) -> Place:
    """Return the place that the address names: from which element to which."""
    return from_id, from_n, to_id, to_n


@router.delete("/{from_id}/{from_n}/{to_id}/{to_n}", status_code=status.HTTP_204_NO_CONTENT)
def delete_link_refusal(
    place: Annotated[Place, Depends(get_place)], member: Changing, session: SessionDep
) -> None:
    """Take a refusal back: the link is offered again."""
    refusal = find_refusal(session, member.review_id, place)
    require_change(member.role, member.user.id, refusal.created_by)
    take_back(session, refusal)
