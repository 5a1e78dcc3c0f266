"""Files that come without a source: matched, attached when that is certain, else kept waiting."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.library.document_matching import Match, clues_of, find_matches
from app.library.documents import Upload, add_document, is_transcript, known_file
from app.library.models import Document, Source
from app.library.pseudonyms import without_names
from app.library.schemas import DocumentWish


def receive_document(
    session: Session, member: Member, wish: DocumentWish, upload: Upload, folder: Path
) -> tuple[Document, list[Match]]:
    """Keep a file as a document of the source it certainly belongs to, or as one that waits.

    Raises `TakenError` when the review has this very file.
    """
    _refuse_known(session, member.review_id, upload)
    clues = clues_of(wish.file_name, upload.text, upload.page_breaks, upload.properties)
    matches = find_matches(session, member.review_id, clues)
    source = None
    if matches and matches[0].is_certain:
        source = session.get_one(Source, (member.review_id, matches[0].source_id))
    wish, upload = without_names(
        session, member.review_id, wish, upload, is_transcript=is_transcript(source)
    )
    _refuse_known(session, member.review_id, upload)
    return add_document(session, member, source, wish, upload, folder), matches


def _refuse_known(session: Session, review_id: int, upload: Upload) -> None:
    same = (Document.review_id == review_id, Document.sha256 == upload.sha256)
    known = session.scalar(select(Document).where(*same).order_by(Document.id).limit(1))
    if known is not None:
        raise known_file(known)


def matches_of(session: Session, document: Document) -> list[Match]:
    """Return the sources a document may belong to, as of now: sources may have come since."""
    clues = clues_of(
        document.file_name, document.text, document.page_breaks, document.properties or {}
    )
    return find_matches(session, document.review_id, clues)
