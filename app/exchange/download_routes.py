"""The API of sources as files of references, streamed from a read session of its own."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from app.access.identity import Exporting
from app.db import SessionDep, Sessions, begin_reading
from app.exchange.references.writing import (
    ENDINGS,
    MEDIA_TYPES,
    Reference,
    WrittenFormat,
    write_references,
)
from app.exchange.selection import read_selection
from app.library.schemas import SourceConditions
from app.library.service import check_conditions

router = APIRouter(prefix="/api/v1/reviews/{slug}", tags=["downloads"])
KINDS: dict[str, dict[str, str]] = {kind.partition(";")[0]: {} for kind in MEDIA_TYPES.values()}


class SourceDownload(SourceConditions):
    """Which sources are wanted, and as what kind of file."""

    format: WrittenFormat = WrittenFormat.RIS


@router.get(
    "/sources/file",
    response_class=StreamingResponse,
    responses={200: {"content": KINDS}},
)
def download_sources(
    request: Request,
    member: Exporting,
    session: SessionDep,
    wish: Annotated[SourceDownload, Query()],
) -> StreamingResponse:
    """Download the sources that fit as RIS, BibTeX, CSL-JSON or CSV; importing gives them back."""
    check_conditions(session, member.review_id, wish)
    references = _references(request.app.state.sessions, member.review_id, wish)
    name = f"{member.review.slug}-sources.{ENDINGS[wish.format]}"
    return StreamingResponse(
        write_references(references, wish.format),
        media_type=MEDIA_TYPES[wish.format],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _references(sessions: Sessions, review_id: int, wish: SourceConditions) -> Iterator[Reference]:
    with sessions() as session:
        begin_reading(session)
        yield from read_selection(session, review_id, wish)
