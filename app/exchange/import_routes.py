"""The API of importing: a file of references as the body, previewed or taken in."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from app.access.identity import IdPath, Importing, SettingsDep
from app.access.replay import Replayable, ReplayingRoute
from app.db import SessionDep
from app.exchange.import_schemas import ImportRead, ImportWish
from app.exchange.importing import import_references, preview_import
from app.history.reading import load
from app.library.search_models import Search

BODY = {
    "required": True,
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}

router = APIRouter(
    prefix="/api/v1/reviews/{slug}",
    tags=["searches"],
    dependencies=[Replayable],
    route_class=ReplayingRoute,
)


async def get_body(request: Request) -> bytes:
    """Read the raw body, whatever it is said to be: its content decides."""
    return await request.body()


@router.post("/searches/{number}/imports", openapi_extra={"requestBody": BODY})
def import_file(
    number: IdPath,
    member: Importing,
    session: SessionDep,
    settings: SettingsDep,
    wish: Annotated[ImportWish, Query()],
    content: Annotated[bytes, Depends(get_body)],
) -> ImportRead:
    """Import a file of references into a search; every record is accounted for.

    Format and encoding are guessed from its content, and said. `preview` changes nothing, and
    neither does the same file again.
    """
    search = load(session, Search, member.review_id, number)
    if wish.preview:
        return preview_import(session, search, wish, content)
    return import_references(session, member, search, wish, content, settings.files_dir)
