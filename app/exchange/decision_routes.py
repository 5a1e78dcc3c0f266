"""The API of taking decisions in that were made elsewhere: the exported file as the body."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from app.access.identity import Importing
from app.access.replay import Replayable, ReplayingRoute
from app.db import SessionDep
from app.exchange.decision_schemas import DecisionImportRead, DecisionImportWish
from app.exchange.decisions import import_decisions

BODY = {
    "required": True,
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}

router = APIRouter(
    prefix="/api/v1/reviews/{slug}",
    tags=["screening"],
    dependencies=[Replayable],
    route_class=ReplayingRoute,
)


async def get_body(request: Request) -> bytes:
    """Read the raw body, whatever it is said to be: its content decides."""
    return await request.body()


@router.post("/decisions/imports", openapi_extra={"requestBody": BODY})
def import_decision_file(
    member: Importing,
    session: SessionDep,
    wish: Annotated[DecisionImportWish, Query()],
    content: Annotated[bytes, Depends(get_body)],
) -> DecisionImportRead:
    """Take in decisions made in Rayyan or Covidence, from the references they export.

    They come in as those of the people who made them. `preview` changes nothing, and neither does
    the same file again; what could not be matched to a source is listed.
    """
    return import_decisions(session, member, wish, content)
