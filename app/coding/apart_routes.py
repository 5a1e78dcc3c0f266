"""The API of concepts that look alike and are not the same."""

from fastapi import APIRouter, status

from app.access.identity import EditingCodebook, IdPath, Reading
from app.access.replay import Replayable, ReplayingRoute
from app.coding.apart import find_apart, list_apart, pair_of, take_apart_back, tell_apart
from app.coding.models import ConceptApart
from app.coding.schemas import ApartCreate, ApartRead
from app.db import Page, SessionDep, Slice

router = APIRouter(
    prefix="/api/v1/reviews/{slug}/concepts/apart",
    tags=["concepts"],
    dependencies=[Replayable],
    route_class=ReplayingRoute,
)


@router.get("", response_model=Page[ApartRead])
def list_concepts_apart(member: Reading, session: SessionDep) -> Slice[ConceptApart]:
    """List the pairs that people told apart, all of them."""
    return Slice(list(list_apart(session, member.review_id)), next=None, total=None)


@router.post("", response_model=ApartRead, status_code=status.HTTP_201_CREATED)
def tell_concepts_apart(
    body: ApartCreate, member: EditingCodebook, session: SessionDep
) -> ConceptApart:
    """Say that two concepts are not the same, so that they are suggested no more."""
    return tell_apart(session, member, body)


@router.delete("/{number}/{other}", status_code=status.HTTP_204_NO_CONTENT)
def take_concepts_apart_back(
    number: IdPath, other: IdPath, member: EditingCodebook, session: SessionDep
) -> None:
    """Take it back: the two may be suggested again."""
    take_apart_back(session, find_apart(session, member.review_id, pair_of(number, other)))
