"""Adding a document to a source: it stands here because waiting quotes are looked for in it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, status

from app.access.identity import Changing, ChangingAny, Coding, IdPath, SettingsDep, checked_first
from app.access.policy import Right, require_change
from app.access.replay import Replayable, ReplayingRoute
from app.coding.quotes import hear_quotes, verify_quotes
from app.coding.schemas import TakenOver, TakeOver
from app.coding.verifying import take_over
from app.db import Line, Prose, SessionDep
from app.errors import MediaTypeError
from app.history.reading import load
from app.library.arriving import receive_document
from app.library.document_schemas import ArrivalRead, Attachment, MatchRead
from app.library.documents import (
    Upload,
    add_document,
    attach_document,
    is_transcript,
    name_speakers,
    read_upload,
)
from app.library.extraction import EXTRACTORS, bounds_of
from app.library.models import Document, Source
from app.library.pseudonym_schemas import Speakers
from app.library.pseudonyms import without_names
from app.library.schemas import DocumentRead, DocumentWish

TEXT_TYPES = ("text/plain", "text/markdown")
MEDIA_TYPES = (*TEXT_TYPES, *EXTRACTORS)
BODY = {
    "required": True,
    "content": {
        name: {"schema": {"type": "string"} | ({} if name in TEXT_TYPES else {"format": "binary"})}
        for name in MEDIA_TYPES
    },
}


async def get_file(
    request: Request,
    _: Annotated[None, Depends(checked_first(Right.CODE))],
    content_type: Annotated[str, Header(include_in_schema=False)] = "",
) -> tuple[bytes, str]:
    """Read the raw body and its kind; 415 unless it is one we read."""
    name, *parameters = (part.strip().lower() for part in content_type.split(";"))
    charsets = [p.partition("=")[2].strip('"') for p in parameters if p.startswith("charset=")]
    if name not in MEDIA_TYPES or (
        name in TEXT_TYPES and any(c not in {"utf-8", "utf8", "us-ascii"} for c in charsets)
    ):
        raise MediaTypeError(
            f"Send the file itself, with its Content-Type: {', '.join(MEDIA_TYPES)}; of text name "
            "no charset but UTF-8."
        )
    return await request.body(), name


def get_upload(
    file: Annotated[tuple[bytes, str], Depends(get_file)], limits: SettingsDep
) -> Upload:
    """Take the text out of the body, in a thread and before any transaction is open."""
    return read_upload(*file, bounds_of(limits))


router = APIRouter(
    prefix="/api/v1/reviews/{slug}",
    tags=["documents"],
    route_class=ReplayingRoute,
)


def get_document_wish(
    file_name: Annotated[Line, Query(description="as the file is called")],
    page_breaks: Annotated[
        Prose | None,
        Query(description="where pages 2, 3 … start, code points: 1800,3655; else form feeds"),
    ] = None,
    first_page: Annotated[
        int | None,
        Query(ge=0, le=100_000, description="number printed on the first page; others count on"),
    ] = None,
    pseudonymise: Annotated[
        bool | None,
        Query(description="put pseudonyms in the place of names before anything is kept"),
    ] = None,
) -> DocumentWish:
    """Read what is said of an upload besides its bytes."""
    return DocumentWish(
        file_name=file_name,
        page_breaks=page_breaks,
        first_page=first_page,
        pseudonymise=pseudonymise,
    )


@router.post(
    "/sources/{number}/documents",
    response_model=DocumentRead,
    status_code=status.HTTP_201_CREATED,
    dependencies=[Depends(get_upload), Replayable],  # in this order: no transaction waits
    openapi_extra={"requestBody": BODY},
)
def create_document(
    number: IdPath,
    upload: Annotated[Upload, Depends(get_upload)],
    member: Coding,
    session: SessionDep,
    settings: SettingsDep,
    wish: Annotated[DocumentWish, Depends(get_document_wish)],
) -> Document:
    """Add the full text of a source; quotes of it that were not found yet are looked for."""
    source = load(session, Source, member.review_id, number)
    wish, upload = without_names(
        session, member.review_id, wish, upload, is_transcript=is_transcript(source)
    )
    document = add_document(session, member, source, wish, upload, settings.files_dir)
    verify_quotes(session, document)
    return document


@router.post(
    "/documents",
    status_code=status.HTTP_201_CREATED,
    dependencies=[Depends(get_upload), Replayable],
    openapi_extra={"requestBody": BODY},
)
def receive_file(
    upload: Annotated[Upload, Depends(get_upload)],
    member: Coding,
    session: SessionDep,
    settings: SettingsDep,
    wish: Annotated[DocumentWish, Depends(get_document_wish)],
) -> ArrivalRead:
    """Add a full text without saying whose: attached where that is certain, else it waits."""
    document, matches = receive_document(session, member, wish, upload, settings.files_dir)
    verify_quotes(session, document)
    return ArrivalRead(
        document=DocumentRead.model_validate(document),
        is_attached=document.source_id is not None,
        matches=[MatchRead.model_validate(match) for match in matches],
    )


@router.post("/documents/{number}/attach", response_model=DocumentRead, dependencies=[Replayable])
def attach(number: IdPath, body: Attachment, member: Changing, session: SessionDep) -> Document:
    """Say whose text a waiting document is; quotes of that source are looked for in it."""
    document = load(session, Document, member.review_id, number)
    require_change(member.role, member.user.id, document.created_by)
    attach_document(session, document, body.source_id)
    verify_quotes(session, document)
    return document


@router.put("/documents/{number}/speakers", response_model=DocumentRead)
def set_speakers(number: IdPath, body: Speakers, member: Changing, session: SessionDep) -> Document:
    """Say whose turns a transcript has, where it was not seen; its quotes get their speakers."""
    document = load(session, Document, member.review_id, number)
    require_change(member.role, member.user.id, document.created_by)
    name_speakers(session, document, body.speakers)
    hear_quotes(session, document)
    return document


@router.post("/documents/{number}/take-over", dependencies=[Replayable])
def take_quotes_over(
    number: IdPath, body: TakeOver, member: ChangingAny, session: SessionDep
) -> TakenOver:
    """Move the quotes of an earlier version of a text to this one, as far as it holds them."""
    document = load(session, Document, member.review_id, number)
    earlier = load(session, Document, member.review_id, body.from_document)
    return take_over(session, document, earlier)
