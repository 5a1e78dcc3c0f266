"""The API of importing: a file of references as the body, previewed or taken in."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response, status

from app.access.identity import IdPath, Importing, SettingsDep
from app.access.replay import Replayable, ReplayingRoute
from app.access.schemas import JobRead
from app.db import Id, Prose, SessionDep
from app.exchange.import_jobs import IMPORT, ask_import
from app.exchange.import_schemas import ImportRead, ImportWish
from app.exchange.importing import import_references, preview_import
from app.exchange.waiting_files import previewed
from app.history.models import Inference
from app.history.reading import load
from app.jobs.waking import get_waker
from app.library.search_models import Search

BODY = {
    "required": True,
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}

router = APIRouter(
    prefix="/api/v1/reviews/{slug}",
    tags=["searches"],
    dependencies=[Replayable, Depends(get_waker)],
    route_class=ReplayingRoute,
)


async def get_body(request: Request) -> bytes:
    """Read the raw body, whatever it is said to be: its content decides."""
    return await request.body()


class ImportAsked(ImportWish):
    """What is said of a file, and whether to wait for the answer."""

    as_job: bool = False
    """Answer 202 with a job at once; its result is this operation's answer. For large files."""
    previewed: Id | None = None
    """A job of one's own that previewed the file: it is kept for a day, so send no body again."""
    reason: Prose | None = None
    inference: Inference | None = None


@router.post(
    "/searches/{number}/imports",
    response_model=ImportRead,
    responses={202: {"model": JobRead, "description": "Asked for as a job"}},
    openapi_extra={"requestBody": BODY},
)
def import_file(
    number: IdPath,
    member: Importing,
    session: SessionDep,
    settings: SettingsDep,
    wish: Annotated[ImportAsked, Query()],
    content: Annotated[bytes, Depends(get_body)],
) -> ImportRead | Response:
    """Import a file of references into a search; every record is accounted for.

    Format and encoding are guessed from its content, and said. `preview` changes nothing, and
    neither does the same file again.
    """
    search = load(session, Search, member.review_id, number)
    if wish.previewed:
        content = previewed(session, member, IMPORT, wish.previewed, settings)
    if wish.as_job:
        job = ask_import(session, member, search, wish, content, settings)
        body = JobRead.model_validate(job).model_dump_json()
        return Response(body, status.HTTP_202_ACCEPTED, media_type="application/json")
    if wish.preview:
        return preview_import(session, search, wish, content)
    return import_references(session, member, search, wish, content, settings.files_dir)
