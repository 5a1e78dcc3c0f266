"""The API of names and pseudonyms, which readers and coders do not see."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, status
from sqlalchemy import select

from app.access.identity import IdPath, SeeingNames
from app.access.replay import ReplayingRoute
from app.db import Page, PageWish, SessionDep, Slice, cut, paginate
from app.history.reading import load
from app.library.models import Pseudonym
from app.library.pseudonym_schemas import NameFound, PseudonymBulk, PseudonymRead
from app.library.pseudonyms import add_pseudonyms, delete_pseudonym, find_names

# Never replayed, for a replay would have to store names; the class links pages.
router = APIRouter(
    prefix="/api/v1/reviews/{slug}/pseudonyms",
    tags=["pseudonyms"],
    route_class=ReplayingRoute,
)


@router.get("", response_model=Page[PseudonymRead])
def list_pseudonyms(
    member: SeeingNames, session: SessionDep, wish: Annotated[PageWish, Query()]
) -> Slice[Pseudonym]:
    """List names and their pseudonyms."""
    statement = select(Pseudonym).where(Pseudonym.review_id == member.review_id)
    return paginate(session, statement, Pseudonym.id, wish)


@router.post("", response_model=list[PseudonymRead], status_code=status.HTTP_201_CREATED)
def create_pseudonyms(
    body: PseudonymBulk, member: SeeingNames, session: SessionDep
) -> Sequence[Pseudonym]:
    """Add names with their pseudonyms; all go in or none."""
    return add_pseudonyms(session, member, body.items)


@router.get("/found", response_model=Page[NameFound])
def list_names_found(
    member: SeeingNames, session: SessionDep, wish: Annotated[PageWish, Query()]
) -> Slice[NameFound]:
    """List where names of the list still stand in the review and its history."""
    return cut(session, find_names(session, member.review_id), wish)


@router.delete("/{number}", status_code=status.HTTP_204_NO_CONTENT)
def remove_pseudonym(number: IdPath, member: SeeingNames, session: SessionDep) -> None:
    """Forget a name for good; the history keeps its pseudonym only."""
    delete_pseudonym(session, load(session, Pseudonym, member.review_id, number))
