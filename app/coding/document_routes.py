"""Adding a document to a source: it stands here because waiting quotes are looked for in it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, status

from app.access.identity import Coding, IdPath, SettingsDep
from app.access.replay import Replayable, ReplayingRoute
from app.coding.quotes import verify_quotes
from app.db import Line, Prose, SessionDep
from app.errors import MediaTypeError
from app.history.reading import load
from app.library.documents import Upload, add_document
from app.library.models import Document, Source
from app.library.schemas import DocumentRead, DocumentWish

MEDIA_TYPES = ("text/plain", "text/markdown")
BODY = {
    "required": True,
    "content": {name: {"schema": {"type": "string"}} for name in MEDIA_TYPES},
}

router = APIRouter(
    prefix="/api/v1/reviews/{slug}",
    tags=["documents"],
    dependencies=[Replayable],
    route_class=ReplayingRoute,
)


async def get_upload(
    request: Request, content_type: Annotated[str, Header(include_in_schema=False)] = ""
) -> Upload:
    """Read the raw body; 415 unless it is said to be plain text or Markdown, in UTF-8."""
    name, *parameters = (part.strip().lower() for part in content_type.split(";"))
    charsets = [p.partition("=")[2].strip('"') for p in parameters if p.startswith("charset=")]
    if name not in MEDIA_TYPES or any(c not in {"utf-8", "utf8", "us-ascii"} for c in charsets):
        raise MediaTypeError(
            "Send the text itself with Content-Type: text/plain or text/markdown, in UTF-8."
        )
    return Upload(await request.body(), name)


def get_document_wish(
    file_name: Annotated[Line, Query(description="as the file is called")],
    page_breaks: Annotated[
        Prose | None,
        Query(description="where pages 2, 3 … start, code points: 1800,3655; else form feeds"),
    ] = None,
) -> DocumentWish:
    """Read what is said of an upload besides its bytes."""
    return DocumentWish(file_name=file_name, page_breaks=page_breaks)


@router.post(
    "/sources/{number}/documents",
    response_model=DocumentRead,
    status_code=status.HTTP_201_CREATED,
    openapi_extra={"requestBody": BODY},
)
def create_document(
    number: IdPath,
    member: Coding,
    session: SessionDep,
    settings: SettingsDep,
    wish: Annotated[DocumentWish, Depends(get_document_wish)],
    upload: Annotated[Upload, Depends(get_upload)],
) -> Document:
    """Add the full text of a source; quotes of it that were not found yet are looked for."""
    source = load(session, Source, member.review_id, number)
    document = add_document(session, member, source, wish, upload, settings.files_dir)
    verify_quotes(session, document)
    return document
