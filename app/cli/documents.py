"""Full texts from a terminal: a folder of files matched to sources, what waits, new versions."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.access.policy import Right, require_change
from app.cli.archives import progress_bar
from app.cli.terminal import (
    As,
    Format,
    FormatOption,
    OneReview,
    err,
    find_member,
    only_review,
    open_store,
    out,
    show,
)
from app.coding.models import Quote
from app.coding.placing import place_quote
from app.coding.quotes import hear_quotes, verify_quotes
from app.coding.verifying import take_over
from app.config import Settings
from app.db import PageWish, paginate
from app.errors import AppError, NotFoundError, TakenError
from app.history.reading import load
from app.library.arriving import matches_of, receive_document
from app.library.document_matching import Match
from app.library.document_schemas import DocumentFilter
from app.library.documents import (
    Upload,
    add_document,
    attach_document,
    is_transcript,
    name_speakers,
    read_upload,
    select_all_documents,
)
from app.library.extraction import EXTRACTORS, bounds_of
from app.library.models import Document, Source
from app.library.pseudonyms import without_names
from app.library.schemas import DocumentWish
from app.library.transcripts import turns_of

PDF, WORD, HTML = EXTRACTORS
KINDS = {
    ".pdf": PDF,
    ".docx": WORD,
    ".html": HTML,
    ".htm": HTML,
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".txt": "text/plain",
}
"""By ending of the file; others are left alone, and said to be."""
SOME_REFUSED = 1

documents_app = typer.Typer(help="Full texts: a folder of files, what waits, new versions.")
Number = Annotated[int, typer.Argument(help="of the document, e.g. 3 for D3")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(documents_app, name="documents")


@documents_app.command("add")
def documents_add(
    paths: Annotated[list[Path], typer.Argument(help="files, or folders of them", exists=True)],
    *,
    source: Annotated[int | None, typer.Option(help="number of the source they belong to")] = None,
    first_page: Annotated[
        int | None, typer.Option(help="number printed on the first page; others count on")
    ] = None,
    pseudonymise: Annotated[
        bool | None,
        typer.Option(help="put pseudonyms in the place of names before anything is kept"),
    ] = None,
    review: OneReview = None,
    form: FormatOption = Format.TABLE,
    who: As = None,
) -> None:
    """Add full texts: each to the source it certainly belongs to, the others wait."""
    settings, rows = Settings(), []
    with progress_bar() as tell:
        files = list(_files(paths))
        for done, file in enumerate(files):
            tell("reading", done, len(files))
            wish = DocumentWish(
                file_name=file.name, first_page=first_page, pseudonymise=pseudonymise
            )
            rows.append([file.name, *_add(file, wish, source, (settings, review, who))])
    show(["file", "what", "document", "source", "score", "why"], rows, form)
    if any(row[1] == "refused" for row in rows):
        raise typer.Exit(SOME_REFUSED)


def _files(paths: list[Path]) -> Iterator[Path]:
    """Yield the files named, and those in folders by name; say which are of no kind we read."""
    for path in paths:
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in inside:
            if not file.is_file() or file.name.startswith("."):
                continue
            if file.suffix.lower() in KINDS:
                yield file
            else:
                known = ", ".join(KINDS)
                err.print(f"{file}: left alone, its name ends in none of {known}.", soft_wrap=True)


def _add(
    file: Path,
    wish: DocumentWish,
    number: int | None,
    where: tuple[Settings, str | None, str | None],
) -> list[Any]:
    """Add one file in a transaction of its own, so that what is done stays done."""
    settings, review, who = where
    matches: list[Match] = []
    try:
        upload = read_upload(file.read_bytes(), KINDS[file.suffix.lower()], bounds_of(settings))
        with open_store(settings, writing=True, who=who) as (session, user):
            slug = review or only_review(session, user)
            member = find_member(session, user, slug, Right.CODE, writing=True)
            if number is None:
                made, matches = receive_document(session, member, wish, upload, settings.files_dir)
            else:
                made = _add_to(session, member, number, (wish, upload, settings.files_dir))
            verify_quotes(session, made)
            found = (made.id, made.source_id, made.notes)
    except TakenError as known:
        owner = known.extra.get("source")
        told = ("there already", f"D{known.extra['document']}", f"S{owner}" if owner else None)
        return [*told, None, None]
    except AppError as error:
        return ["refused", None, None, None, error.detail]
    return _told(*found, matches)


def _add_to(
    session: Session, member: Member, number: int, what: tuple[DocumentWish, Upload, Path]
) -> Document:
    source = load(session, Source, member.review_id, number)
    wish, upload, folder = what
    wish, upload = without_names(
        session, member.review_id, wish, upload, is_transcript=is_transcript(source)
    )
    return add_document(session, member, source, wish, upload, folder)


def _told(
    number: int, source_id: int | None, notes: list[str] | None, matches: list[Match]
) -> list[Any]:
    best = matches[0] if matches else None
    why = "; ".join([*(best.reasons if best else ()), *(notes or ())])
    score = best.score if best else None
    if source_id is not None:
        return ["attached", f"D{number}", f"S{source_id}", score, why]
    guess = f"S{best.source_id}?" if best else None
    return ["waits", f"D{number}", guess, score, why or "resembles no source of the review"]


@documents_app.command("list")
def documents_list(
    *,
    waiting: Annotated[
        bool, typer.Option("--waiting", help="only those whose source nobody named")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=500)] = 100,
    after: int = 0,
    review: OneReview = None,
    form: FormatOption = Format.TABLE,
    who: As = None,
) -> None:
    """List the full texts; those that wait with the sources they may belong to."""
    with open_store(who=who) as (session, user):
        member = find_member(session, user, review or only_review(session, user), Right.READ)
        wish = DocumentFilter(waiting=waiting or None)
        statement = select_all_documents(member.review_id, wish)
        page = paginate(session, statement, Document.id, PageWish(limit=limit, after=after))
        rows = [_row(session, document) for document in page.items]
    show(["document", "source", "file", "pages", "notes"], rows, form)
    if page.next and form is Format.TABLE:
        out.print(f"More: --after {page.next}")


def _row(session: Session, document: Document) -> list[Any]:
    pages = len(document.page_breaks) + 1 if document.page_breaks else None
    notes = "; ".join(document.notes or ())
    return [f"D{document.id}", _owner(session, document), document.file_name, pages, notes]


def _owner(session: Session, document: Document) -> str:
    if document.source_id is not None:
        return f"S{document.source_id}"
    guesses = [f"S{match.source_id} {match.score}" for match in matches_of(session, document)]
    return f"waits: {', '.join(guesses)}?" if guesses else "waits"


@documents_app.command("attach")
def documents_attach(
    number: Number,
    source: Annotated[int, typer.Argument(help="of the source, e.g. 12 for S12")],
    *,
    review: OneReview = None,
    who: As = None,
) -> None:
    """Say whose text a waiting document is."""
    with open_store(writing=True, who=who) as (session, user):
        slug = review or only_review(session, user)
        member = find_member(session, user, slug, Right.CHANGE_OWN, writing=True)
        document = load(session, Document, member.review_id, number)
        require_change(member.role, user.id, document.created_by)
        attach_document(session, document, source)
        found = verify_quotes(session, document)
    out.print(f"D{number} is the text of S{source}; {found} waiting quotes were found in it.")


@documents_app.command("speakers")
def documents_speakers(
    number: Number,
    labels: Annotated[
        list[str] | None, typer.Argument(help="by which turns begin, without the colon")
    ] = None,
    *,
    review: OneReview = None,
    form: FormatOption = Format.TABLE,
    who: As = None,
) -> None:
    """Show who speaks in a transcript and how much, or say by which labels turns begin."""
    right = Right.CHANGE_OWN if labels else Right.READ
    with open_store(writing=bool(labels), who=who) as (session, user):
        slug = review or only_review(session, user)
        member = find_member(session, user, slug, right, writing=bool(labels))
        document = load(session, Document, member.review_id, number)
        if labels:
            require_change(member.role, user.id, document.created_by)
            name_speakers(session, document, labels)
            hear_quotes(session, document)
        turns = turns_of(document.text, tuple(document.speakers or ()))
    counts = Counter(turn.speaker for turn in turns)
    show(["speaker", "turns"], [[label, count] for label, count in counts.items()], form)


@documents_app.command("take-over")
def documents_take_over(
    number: Number,
    earlier: Annotated[int, typer.Argument(help="the earlier version, e.g. 1 for D1")],
    *,
    review: OneReview = None,
    who: As = None,
) -> None:
    """Move the quotes of an earlier version to this one; list those that do not fit."""
    with open_store(writing=True, who=who) as (session, user):
        slug = review or only_review(session, user)
        member = find_member(session, user, slug, Right.CHANGE_ANY, writing=True)
        document, other = (load(session, Document, member.review_id, n) for n in (number, earlier))
        over = take_over(session, document, other)
    out.print(f"{len(over.moved)} quotes moved to D{number}.")
    if over.stayed:
        names = ", ".join(f"Q{quote}" for quote in over.stayed)
        out.print(f"{len(over.stayed)} stay in D{earlier}, found less surely: {names}")


@documents_app.command("place")
def documents_place(
    quote: Annotated[int, typer.Argument(help="number of the quote")],
    *,
    review: OneReview = None,
    form: FormatOption = Format.TABLE,
    who: As = None,
) -> None:
    """Show where a quote stands: pages and, in a PDF, its lines in points from below."""
    settings = Settings()
    with open_store(settings, who=who) as (session, user):
        member = find_member(session, user, review or only_review(session, user), Right.READ)
        found = load(session, Quote, member.review_id, quote)
        place = place_quote(session, found, settings.files_dir, bounds_of(settings))
    if place.document_id is None:
        raise NotFoundError(f"Q{quote} stands in no document: {found.verification.value}.")
    nothing: list[Any] = [(None,) * 4]
    rows = [
        [f"D{place.document_id}", page.page, page.label, *rectangle]
        for page in place.pages
        for rectangle in page.rectangles or nothing
    ]
    show(["document", "page", "called", "left", "bottom", "right", "top"], rows, form)
