"""The API of taking decisions in that were made elsewhere: the exported file as the body."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response, status

from app.access.identity import Importing, SettingsDep
from app.access.replay import Replayable, ReplayingRoute
from app.access.schemas import JobRead
from app.db import SessionDep
from app.exchange.decision_jobs import IMPORT, ask_decision_import
from app.exchange.decision_schemas import DecisionImportAsked, DecisionImportRead
from app.exchange.decisions import import_decisions
from app.exchange.waiting_files import previewed
from app.jobs.waking import get_waker

BODY = {
    "required": True,
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}

router = APIRouter(
    prefix="/api/v1/reviews/{slug}",
    tags=["screening"],
    dependencies=[Replayable, Depends(get_waker)],
    route_class=ReplayingRoute,
)


async def get_body(request: Request) -> bytes:
    """Read the raw body, whatever it is said to be: its content decides."""
    return await request.body()


@router.post(
    "/decisions/imports",
    response_model=DecisionImportRead,
    responses={202: {"model": JobRead, "description": "Asked for as a job"}},
    openapi_extra={"requestBody": BODY},
)
def import_decision_file(
    member: Importing,
    session: SessionDep,
    settings: SettingsDep,
    wish: Annotated[DecisionImportAsked, Query()],
    content: Annotated[bytes, Depends(get_body)],
) -> DecisionImportRead | Response:
    """Take in decisions made in Rayyan or Covidence, from the references they export.

    They come in as those of the people who made them. `preview` changes nothing, and neither does
    the same file again; what could not be matched to a source is listed.
    """
    if wish.previewed:
        content = previewed(session, member, IMPORT, wish.previewed, settings)
    if wish.as_job:
        job = ask_decision_import(session, member, wish, content, settings)
        body = JobRead.model_validate(job).model_dump_json()
        return Response(body, status.HTTP_202_ACCEPTED, media_type="application/json")
    return import_decisions(session, member, wish, content)
