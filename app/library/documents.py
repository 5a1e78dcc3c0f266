"""Full texts of sources: bytes kept as they came, and the text that positions refer to."""

import hashlib
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.db import take_numbers
from app.errors import BadEncodingError, ConflictError, FieldProblem, InvalidError, TakenError
from app.history.references import require_present, require_unused
from app.library.document_schemas import DocumentFilter
from app.library.encodings import guess_encoding
from app.library.extraction import EXTRACTORS, Bounds, extract, sniffed
from app.library.files import keep_file
from app.library.layout import PDF, keep_layout, pack_layout
from app.library.models import Document, Source, SourceKind
from app.library.page_numbers import page_labels
from app.library.schemas import DocumentText, DocumentWish, Stretch
from app.library.transcripts import find_speakers, turns_of

PLAIN = "plain text 1"
"""Changes whenever `read_text` would give another text for the same bytes."""
ENCODINGS = {"utf-8-sig": "UTF-8", "cp1252": "Windows-1252"}
"""What people call the Python codecs that are not called so anyway."""
MOST_DIGITS = 10
"""Of a position in a text."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came: its bytes, its media type without parameters, and the text taken out.

    `labels` and `properties` are what the file says; `layout` is packed, of a PDF only.
    """

    content: bytes
    media_type: str
    extractor: str
    text: str
    page_breaks: list[int] | None = None
    notes: list[str] = field(default_factory=list)
    labels: list[str] | None = None
    properties: dict[str, str] = field(default_factory=dict)
    layout: bytes | None = None

    @property
    def sha256(self) -> str:
        """The sum of the bytes, under which they are kept."""
        return hashlib.sha256(self.content).hexdigest()


def read_upload(content: bytes, media_type: str, bounds: Bounds) -> Upload:
    """Take the text out of a file; raises `BadEncodingError`, `InvalidError` or its kin.

    No database is needed, so that a slow file keeps no transaction open.
    """
    actual = sniffed(content, media_type)
    if actual in EXTRACTORS:
        found = extract(content, actual, bounds)
        return Upload(
            content,
            actual,
            EXTRACTORS[actual],
            found.text,
            found.page_breaks,
            found.notes,
            found.labels,
            found.properties,
            pack_layout(found) if actual == PDF else None,
        )
    encoding = guess_encoding(content)
    text = read_text(content, encoding)
    breaks = [at + 1 for at, character in enumerate(text[:-1]) if character == "\f"]
    return Upload(content, actual, PLAIN, text, breaks or None, _encoding_notes(encoding))


def is_transcript(source: Source | None) -> bool:
    """Say whether the text of a source is what people said."""
    return source is not None and source.kind is SourceKind.TRANSCRIPT


def select_documents(review_id: int, source_id: int) -> Select[Document]:
    """Select the documents of a source; the caller orders and pages them."""
    return select(Document).where(Document.review_id == review_id, Document.source_id == source_id)


def select_all_documents(review_id: int, wish: DocumentFilter) -> Select[Document]:
    """Select the documents of a review that fit; the caller orders and pages them."""
    statement = select(Document).where(Document.review_id == review_id)
    if wish.waiting is not None:
        statement = statement.where(Document.source_id.is_(None) == wish.waiting)
    return statement


def newest_documents(session: Session, review_id: int, source_ids: set[int]) -> dict[int, Document]:
    """Return the newest document of each source that has one, by source."""
    newest = (
        select(func.max(Document.id))
        .where(Document.review_id == review_id, Document.source_id.in_(source_ids))
        .group_by(Document.source_id)
    )
    found = session.scalars(
        select(Document).where(Document.review_id == review_id, Document.id.in_(newest))
    )
    return {d.source_id: d for d in found if d.source_id is not None}


def add_document(
    session: Session,
    member: Member,
    source: Source | None,
    wish: DocumentWish,
    upload: Upload,
    folder: Path,
) -> Document:
    """Keep a file in `folder` and its text as a new document of a source, or as one that waits.

    Raises `TakenError` when the source has this file, or when it waits already.
    """
    _refuse_known_file(session, member.review_id, source, upload.sha256)
    breaks = _page_breaks(upload, wish.page_breaks)
    keep_file(folder, upload.sha256, upload.content)
    if upload.layout:
        keep_layout(folder, upload.sha256, upload.layout)
    document = Document(
        review_id=member.review_id,
        id=take_numbers(session, member.review_id, "D"),
        source_id=source.id if source else None,
        file_name=wish.file_name,
        media_type=upload.media_type,
        sha256=upload.sha256,
        byte_size=len(upload.content),
        extractor=upload.extractor,
        text=upload.text,
        page_breaks=breaks,
        page_labels=page_labels(upload.text, breaks, _told_labels(upload, wish, breaks)),
        notes=upload.notes or None,
        properties=upload.properties or None,
        speakers=find_speakers(upload.text) or None if is_transcript(source) else None,
        created_by=member.user.id,
    )
    session.add(document)
    session.flush()
    return document


def delete_document(session: Session, document: Document) -> None:
    """Delete a document no quote stands in; its file stays, so that this can be taken back."""
    require_unused(session, document)
    session.delete(document)
    session.flush()


def read_stretch(session: Session, document: Document, wish: Stretch) -> DocumentText:
    """Read part of a text in the database, without loading the rest; beyond its end is nothing."""
    here = (Document.review_id == document.review_id, Document.id == document.id)
    length = session.execute(select(func.length(Document.text)).where(*here)).scalar_one()
    end = length if wish.end is None else min(wish.end, length)
    if wish.end is not None and wish.end < wish.start:
        raise InvalidError(
            f"end: {wish.end} lies before start, {wish.start}; positions are code points.",
            fields=[FieldProblem("end", "lies before start")],
        )
    start = min(wish.start, end)
    text = session.execute(
        select(func.substr(Document.text, start + 1, end - start)).where(*here)
    ).scalar_one()
    return DocumentText(document_id=document.id, start=start, end=end, length=length, text=text)


def canonical_text(raw: str) -> str:
    r"""Turn CRLF and bare CR into LF and change nothing else, so positions hold for good."""
    return raw.replace("\r\n", "\n").replace("\r", "\n")


def _named(encoding: str) -> str:
    """Return what people call a Python codec."""
    return ENCODINGS.get(encoding, encoding.upper())


def _encoding_notes(encoding: str) -> list[str]:
    """Say which encoding was taken for a text, if it is none that a file says or has to be."""
    if _named(encoding) == "UTF-8":
        return []
    return [f"read as {_named(encoding)}; if letters are wrong, save the file as UTF-8"]


def read_text(content: bytes, encoding: str = "utf-8") -> str:
    """Return the canonical text of a file, without a byte order mark; refuse NUL and blank."""
    try:
        raw = content.decode(encoding.removesuffix("-sig"))
    except UnicodeError as error:
        placed = error if isinstance(error, UnicodeDecodeError) else None
        byte, reason = (placed.start, placed.reason) if placed else (0, error)
        raise BadEncodingError(
            f"Byte {byte} is not {_named(encoding)} ({reason}); save the file as UTF-8.",
            extra={"byte": byte},
        ) from None
    text = canonical_text(raw.removeprefix("\ufeff"))
    if "\x00" in text:
        position = text.index("\x00")
        raise InvalidError(
            f"The text has a NUL character at position {position}; remove it.",
            extra={"position": position},
        )
    if not text.strip():
        raise InvalidError("The file is empty; send the text of the source.")
    return text


def _told_labels(upload: Upload, wish: DocumentWish, breaks: list[int] | None) -> list[str] | None:
    """Return what the pages are called, by whoever sent the file or else by the file itself."""
    if wish.first_page is None:
        return upload.labels
    return [str(wish.first_page + n) for n in range(len(breaks or ()) + 1)]


def _page_breaks(upload: Upload, given: str | None) -> list[int] | None:
    text = upload.text
    if given is None:
        return upload.page_breaks
    positions = [_position(part) for part in given.split(",")]
    known = [0, *positions, len(text)]
    if any(later <= earlier for earlier, later in pairwise(known)):
        raise InvalidError(
            f"page_breaks: positions must ascend and lie inside the text, 1 to {len(text) - 1}.",
            fields=[FieldProblem("page_breaks", "not ascending, or outside the text")],
        )
    return positions


def _position(part: str) -> int:
    digits = part.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS):
        raise InvalidError(
            "page_breaks: write whole numbers with commas between: 1800,3655.",
            fields=[FieldProblem("page_breaks", "not whole numbers")],
        )
    return int(digits)


def _refuse_known_file(
    session: Session, review_id: int, source: Source | None, sha256: str
) -> None:
    """Refuse a file that waits or is there; the text of two sources may be one file, if said so."""
    same = select(Document).where(Document.review_id == review_id, Document.sha256 == sha256)
    for known in session.scalars(same.order_by(Document.id)):
        if source is None or known.source_id in {None, source.id}:
            raise known_file(known)


def known_file(document: Document) -> TakenError:
    """Return the refusal of a file that is there already, with what it is."""
    number, owner = document.id, document.source_id
    return TakenError(
        f"S{owner} has this very file already, as D{number}."
        if owner
        else f"This very file waits already, as D{number}; attach that to its source.",
        extra={"document": number, "source": owner},
    )


def attach_document(session: Session, document: Document, source_id: int) -> None:
    """Say whose text a waiting document is; raises `ConflictError` when that is known."""
    if document.source_id is not None:
        raise ConflictError(
            f"D{document.id} is the text of S{document.source_id}; to move it, take that back from "
            "the history first."
        )
    require_present(session, Source, document.review_id, [("source_id", source_id)])
    document.source_id = source_id
    source = session.get_one(Source, (document.review_id, source_id))
    if is_transcript(source):
        document.speakers = find_speakers(document.text) or None
    session.flush()


def name_speakers(session: Session, document: Document, speakers: list[str]) -> None:
    """Say which labels begin turns of a text; raises `InvalidError` for one that begins none."""
    found = {turn.speaker for turn in turns_of(document.text, tuple(speakers))}
    missing = [label for label in speakers if label not in found]
    if missing:
        raise InvalidError(
            f"speakers: no line of D{document.id} begins with `{missing[0]}:`.",
            fields=[FieldProblem("speakers", "begins no line")],
        )
    document.speakers = speakers or None
    session.flush()
