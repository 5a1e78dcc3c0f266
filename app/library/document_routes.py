"""The API of documents but for adding one: `coding` does, and looks for waiting quotes in it."""

from typing import Annotated

from fastapi import APIRouter, Query, status
from fastapi.responses import FileResponse

from app.access.identity import Changing, IdPath, Reading, SettingsDep
from app.access.policy import require_change
from app.access.replay import Replayable, ReplayingRoute
from app.db import Page, PageWish, SessionDep, Slice, cut, paginate
from app.history.reading import load
from app.library.arriving import matches_of
from app.library.document_matching import Match
from app.library.document_schemas import (
    Boundaries,
    DocumentFilter,
    MatchRead,
    PageFrame,
    PageWords,
    PassagePlace,
    PassageWish,
)
from app.library.documents import (
    delete_document,
    read_stretch,
    select_all_documents,
    select_documents,
)
from app.library.extraction import bounds_of
from app.library.files import find_file
from app.library.models import Document, Source
from app.library.passages import divide, page_frames, page_words, place_passage
from app.library.pseudonym_schemas import TurnRead
from app.library.schemas import DocumentRead, DocumentText, Stretch
from app.library.transcripts import Turn, turns_of

router = APIRouter(
    prefix="/api/v1/reviews/{slug}",
    tags=["documents"],
    dependencies=[Replayable],
    route_class=ReplayingRoute,
)


@router.get("/sources/{number}/documents", response_model=Page[DocumentRead])
def list_documents(
    number: IdPath, member: Reading, session: SessionDep, wish: Annotated[PageWish, Query()]
) -> Slice[Document]:
    """List the documents of a source, oldest first."""
    source = load(session, Source, member.review_id, number)
    return paginate(session, select_documents(member.review_id, source.id), Document.id, wish)


@router.get("/documents", response_model=Page[DocumentRead])
def list_all_documents(
    member: Reading, session: SessionDep, wish: Annotated[DocumentFilter, Query()]
) -> Slice[Document]:
    """List the documents of the review by number, or only those that wait for their source."""
    statement = select_all_documents(member.review_id, wish)
    return paginate(session, statement, Document.id, wish)


@router.get("/documents/{number}/matches", response_model=Page[MatchRead])
def list_matches(
    number: IdPath, member: Reading, session: SessionDep, wish: Annotated[PageWish, Query()]
) -> Slice[Match]:
    """List the sources a document may be the text of, best first, with the reasons."""
    found = matches_of(session, load(session, Document, member.review_id, number))
    return cut(session, found, wish)


@router.get("/documents/{number}", response_model=DocumentRead)
def read_document(number: IdPath, member: Reading, session: SessionDep) -> Document:
    """Read what is known of a document, without its text."""
    return load(session, Document, member.review_id, number)


@router.get("/documents/{number}/text")
def read_document_text(
    number: IdPath, member: Reading, session: SessionDep, wish: Annotated[Stretch, Query()]
) -> DocumentText:
    """Read the canonical text, or a stretch of it."""
    return read_stretch(session, load(session, Document, member.review_id, number), wish)


@router.get("/documents/{number}/passages")
def read_passage(
    number: IdPath,
    member: Reading,
    session: SessionDep,
    settings: SettingsDep,
    wish: Annotated[PassageWish, Query()],
) -> PassagePlace:
    """Show a passage on its pages: which, what they are called, and rectangles in points."""
    document = load(session, Document, member.review_id, number)
    return place_passage(document, wish, settings.files_dir, bounds_of(settings))


@router.get("/documents/{number}/pages", response_model=Page[PageFrame])
def list_pages(
    number: IdPath,
    member: Reading,
    session: SessionDep,
    settings: SettingsDep,
    wish: Annotated[PageWish, Query()],
) -> Slice[PageFrame]:
    """List the pages with the stretch of text on each, and of a PDF how they lie."""
    document = load(session, Document, member.review_id, number)
    return cut(session, page_frames(document, settings.files_dir, bounds_of(settings)), wish)


@router.get("/documents/{number}/pages/{page}")
def read_page(
    number: IdPath, page: IdPath, member: Reading, session: SessionDep, settings: SettingsDep
) -> PageWords:
    """Read the text of a page, and of a PDF where each of its words stands."""
    document = load(session, Document, member.review_id, number)
    return page_words(document, page, settings.files_dir, bounds_of(settings))


@router.get("/documents/{number}/boundaries")
def read_boundaries(
    number: IdPath, member: Reading, session: SessionDep, wish: Annotated[Stretch, Query()]
) -> Boundaries:
    """List the paragraphs that begin in a stretch of the text, and their sentences."""
    return divide(load(session, Document, member.review_id, number), wish)


@router.get("/documents/{number}/turns", response_model=Page[TurnRead])
def read_turns(
    number: IdPath, member: Reading, session: SessionDep, wish: Annotated[PageWish, Query()]
) -> Slice[Turn]:
    """List who says what in a transcript, in text order."""
    document = load(session, Document, member.review_id, number)
    return cut(session, turns_of(document.text, tuple(document.speakers or ())), wish)


@router.get("/documents/{number}/file", response_class=FileResponse)
def download_document(
    number: IdPath, member: Reading, session: SessionDep, settings: SettingsDep
) -> FileResponse:
    """Download the file as it came, byte for byte."""
    document = load(session, Document, member.review_id, number)
    return FileResponse(
        find_file(settings.files_dir, document),
        filename=document.file_name,
        headers={
            "Content-Type": document.media_type,  # as it came, in whatever encoding
            "X-Content-Type-Options": "nosniff",
        },
    )


@router.delete("/documents/{number}", status_code=status.HTTP_204_NO_CONTENT)
def remove_document(number: IdPath, member: Changing, session: SessionDep) -> None:
    """Delete a document no quote stands in; documents never change, so no version is asked for."""
    document = load(session, Document, member.review_id, number)
    require_change(member.role, member.user.id, document.created_by)
    delete_document(session, document)
