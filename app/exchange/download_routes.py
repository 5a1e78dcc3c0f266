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
    csl_item,
    write_references,
)
from app.exchange.selection import read_selection
from app.export.citations import ENDINGS as LIST_ENDINGS
from app.export.citations import MEDIA_TYPES as LISTS
from app.export.citations import Form, Style, reference_list
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


class CitationDownload(SourceConditions):
    """Which sources are wanted as a reference list, in what style and as what."""

    style: Style = Style.APA
    format: Form = Form.TEXT


@router.get(
    "/sources/citations",
    response_class=StreamingResponse,
    responses={200: {"content": {kind.partition(";")[0]: {} for kind in LISTS.values()}}},
)
def download_citations(
    request: Request,
    member: Exporting,
    session: SessionDep,
    wish: Annotated[CitationDownload, Query()],
) -> StreamingResponse:
    """Download the sources that fit as a reference list in APA, Vancouver or Harvard style."""
    check_conditions(session, member.review_id, wish)
    references = _references(request.app.state.sessions, member.review_id, wish)
    items = (csl_item(reference) for reference in references)
    name = f"{member.review.slug}-references.{LIST_ENDINGS[wish.format]}"
    return StreamingResponse(
        reference_list(items, wish.style, wish.format, member.review.title),
        media_type=LISTS[wish.format],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _references(sessions: Sessions, review_id: int, wish: SourceConditions) -> Iterator[Reference]:
    with sessions() as session:
        begin_reading(session)
        yield from read_selection(session, review_id, wish)
