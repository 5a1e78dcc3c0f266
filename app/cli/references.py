"""References in and out from a terminal: searches, imports, sources as files."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.access.policy import Right
from app.cli.archives import progress_bar
from app.cli.terminal import (
    As,
    Format,
    FormatOption,
    OneReview,
    Where,
    filters,
    find_member,
    only_review,
    open_store,
    out,
    show,
)
from app.config import Settings
from app.db import MAX_NUMBER
from app.errors import InvalidError
from app.exchange.import_schemas import ImportRead, ImportWish
from app.exchange.importing import (
    Reading,
    Tell,
    begin_import,
    import_references,
    preview_import,
    read_file,
    search_like,
    told,
)
from app.exchange.references.reading import ReferenceFormat
from app.exchange.references.writing import ENDINGS, Reference, csl_item, write_references
from app.exchange.selection import read_selection
from app.export.citations import ENDINGS as LIST_ENDINGS
from app.export.citations import Form, Style, reference_list
from app.export.files import require_folder, whole_file, write_report
from app.history.reading import load
from app.library.schemas import SourceConditions, SourceFilter
from app.library.search_models import Search, SearchKind
from app.library.search_schemas import SearchCreate, SearchFilter
from app.library.searches import add_search, described, select_searches
from app.library.service import source_page

SHOWN = 20
"""Problems and remarks a person sees at once; all are in --report and with the file."""

File = Annotated[Path, typer.Argument(help="of references", exists=True, dir_okay=False)]
SearchNumber = Annotated[int | None, typer.Option(help="number of the search it belongs to")]
NewSearch = Annotated[str | None, typer.Option(help="writes a new search down: where")]
AsFormat = Annotated[ReferenceFormat | None, typer.Option("--format", help="instead of the guess")]
Mapping = Annotated[
    list[str] | None, typer.Option(help="of a table, COLUMN=FIELD, e.g. Titel=title")
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("import")(import_file)
    app.command()(searches)
    app.command()(sources)


def import_file(
    file: File,
    *,
    review: OneReview = None,
    search: SearchNumber = None,
    database: NewSearch = None,
    kind: Annotated[SearchKind, typer.Option(help="of the new search")] = SearchKind.DATABASE,
    platform: Annotated[str | None, typer.Option(help="of the new search: Ovid …")] = None,
    date: Annotated[str | None, typer.Option(help="of the new search, 2026-02-11")] = None,
    query: Annotated[str | None, typer.Option(help="of the new search, as typed")] = None,
    hits: Annotated[int | None, typer.Option(help="how many the database reported")] = None,
    as_format: AsFormat = None,
    encoding: Annotated[str | None, typer.Option(help="instead of the guess")] = None,
    mapping: Mapping = None,
    preview: Annotated[bool, typer.Option("--preview", help="change nothing")] = False,
    report: Annotated[Path | None, typer.Option(help="file for the whole answer, as JSON")] = None,
    who: As = None,
) -> None:
    """Import a file of references into a search; every record is accounted for."""
    given = {"searched_on": date, "query": query, "hits_reported": hits, "platform": platform}
    where = {"kind": kind, "database": database, **given}
    said = SearchCreate.model_validate(where) if database else None
    stated: dict[str, Any] = {"format": as_format, "encoding": encoding, "mapping": mapping or []}
    require_folder(report)
    wish = ImportWish(file_name=file.name, preview=preview, **stated)
    with (
        open_store(writing=not preview, who=who) as (session, user),
        progress_bar() as tell,
    ):
        slug = review or only_review(session, user)
        member = find_member(session, user, slug, Right.IMPORT, writing=not preview)
        reading = _reading(wish, file, tell)
        begin_import(session, wish)
        if said and (again := search_like(session, member.review_id, said, reading.content)):
            search, said, preview = again, None, True
        found = _search(session, member, search, said, preview=preview)
        answer = _answer(session, member, found, wish, reading, preview=preview)
    write_report(report, answer)
    _tell(answer, file.name)


def _answer(
    session: Session,
    member: Member,
    search: Search,
    wish: ImportWish,
    reading: Reading,
    *,
    preview: bool,
) -> ImportRead:
    if preview:
        return preview_import(session, search, wish, reading)
    return import_references(session, member, search, wish, reading, Settings().files_dir)


def _reading(wish: ImportWish, file: Path, tell: Tell) -> Reading:
    """Begin to read a file, telling how far it is as it is read."""
    reading = read_file(wish, file.read_bytes())
    return replace(reading, found=told(reading, tell))


def _search(
    session: Session,
    member: Member,
    number: int | None,
    said: SearchCreate | None,
    *,
    preview: bool,
) -> Search:
    """Find the search named, or write a new one down; a preview only pretends to."""
    if (number is None) == (said is None):
        raise InvalidError("Say either --search NUMBER, or --database NAME for a new search.")
    if number is not None:
        return load(session, Search, member.review_id, number)
    if said is None or preview:
        return Search(review_id=member.review_id, id=MAX_NUMBER)
    return add_search(session, member, said)


def _tell(answer: ImportRead, name: str) -> None:
    read = f"{answer.format.value}{f', {answer.encoding}' if answer.encoding else ''}"
    would = "would be " if answer.is_preview else ""
    out.print(f"{name}: {answer.records} records, read as {read}", soft_wrap=True)
    if answer.mapping:
        pairs = (f"{column} → {field or '–'}" for column, field in answer.mapping.items())
        out.print(f"  columns: {' · '.join(pairs)}", soft_wrap=True)
    where = "" if answer.is_preview else f", to W{answer.search_id}"
    elsewhere = f" ({answer.elsewhere} of them known elsewhere)" if answer.elsewhere else ""
    out.print(f"  {answer.added} {would}added{where}{elsewhere}", soft_wrap=True)
    get = "would get" if answer.is_preview else "got"
    for count, words in (
        (answer.repeated, "repeat another record of the file, word by word"),
        (answer.known, "are held by this search already"),
        (answer.filled, f"known sources {get} from them what they did not have"),
        (answer.bad, "are bad and stay out:"),
    ):
        if count:
            out.print(f"  {count} {words}", soft_wrap=True)
    for problem in answer.problems[:SHOWN]:
        start = " ".join(problem.raw.split())[:60]
        out.print(f"    line {problem.line}: {problem.reason} | {start}", soft_wrap=True)
    _tell_same_file(answer)
    _tell_remarks(answer)


def _tell_same_file(answer: ImportRead) -> None:
    others = [f"W{number}" for number in answer.same_file_in if number != answer.search_id]
    if answer.search_id in answer.same_file_in:
        unchanged = "; nothing changed" if answer.is_preview else ""
        out.print(f"  this very file is in W{answer.search_id} already{unchanged}")
    elif others:
        out.print(f"  this very file is in {', '.join(others)} too")


def _tell_remarks(answer: ImportRead) -> None:
    left = max(len(answer.problems) - SHOWN, 0)
    if left:
        out.print(f"    … and {left} more; --report FILE writes all")
    for remark in answer.remarks[:SHOWN]:
        out.print(f"  line {remark.line}: {remark.remark}", soft_wrap=True)
    if len(answer.remarks) > SHOWN:
        out.print(f"  … and {len(answer.remarks) - SHOWN} more remarks")


def searches(
    *, review: OneReview = None, form: FormatOption = Format.TABLE, who: As = None
) -> None:
    """List the searches, with the records and distinct sources each brought."""
    with open_store(who=who) as (session, user):
        member = find_member(session, user, review or only_review(session, user), Right.READ)
        statement = select_searches(member.review_id, SearchFilter()).order_by(Search.id)
        found = described(session, session.scalars(statement).all())
    names = ["search", "kind", "where", "date", "reported", "records", "sources", "only here"]
    rows = [
        [
            f"W{s.id}",
            s.kind.value,
            f"{s.database} via {s.platform}" if s.platform else s.database,
            s.searched_on.isoformat() if s.searched_on else None,
            s.hits_reported,
            s.records,
            s.sources,
            s.only_here,
        ]
        for s in found
    ]
    show(names, rows, form)


def sources(
    *,
    review: OneReview = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="file ending in .ris, .bib, .json or .csv")
    ] = None,
    where: Where = None,
    text: Annotated[str | None, typer.Option(help="words in title, authors or abstract")] = None,
    style: Annotated[
        Style | None, typer.Option(help="a reference list of all that fit, in this style")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=500)] = 100,
    after: int = 0,
    form: FormatOption = Format.TABLE,
    who: As = None,
) -> None:
    """List sources, or write all that fit into a file of references or a reference list."""
    asked = {name: value for name, value in filters(None, where).items() if name != "has"}
    asked |= {"text": text} if text else {}
    with open_store(who=who) as (session, user):
        slug = review or only_review(session, user)
        if style:
            member = find_member(session, user, slug, Right.EXPORT)
            _cite(session, member, style, output, SourceConditions.model_validate(asked))
            return
        if output:
            member = find_member(session, user, slug, Right.EXPORT)
            _write(session, member, output, SourceConditions.model_validate(asked))
            return
        member = find_member(session, user, slug, Right.READ)
        wish = SourceFilter.model_validate(asked | {"limit": limit, "after": after})
        page = source_page(session, member.review_id, wish)
    rows = [[f"S{s.id}", s.cite_key, s.year, s.title, s.container_title, s.doi] for s in page.items]
    show(["source", "cite key", "year", "title", "in", "DOI"], rows, form)
    if page.next and form is Format.TABLE:
        out.print(f"More: --after {page.next}")


def _cite(
    session: Session, member: Member, style: Style, path: Path | None, wish: SourceConditions
) -> None:
    """Write a reference list to a file, its ending saying as what, or print it as text."""
    forms = {f".{ending}": form for form, ending in LIST_ENDINGS.items()}
    if path and path.suffix not in forms:
        raise InvalidError(f"{path.name}: the file name must end in {', '.join(forms)}.")
    items = (csl_item(one) for one in read_selection(session, member.review_id, wish))
    form = forms[path.suffix] if path else Form.TEXT
    lines = reference_list(items, style, form, member.review.title)
    if path is None:
        sys.stdout.write(b"".join(lines).decode())
        return
    with whole_file(path) as draft, draft.open("wb") as file:
        file.writelines(lines)
    out.print(f"Reference list, {style}: {path}", soft_wrap=True)


def _write(session: Session, member: Member, path: Path, wish: SourceConditions) -> None:
    kinds = {f".{ending}": kind for kind, ending in ENDINGS.items()}
    if path.suffix not in kinds:
        raise InvalidError(f"{path.name}: the file name must end in {', '.join(kinds)}.")
    require_folder(path)
    count = 0

    def counted() -> Iterator[Reference]:
        nonlocal count
        for reference in read_selection(session, member.review_id, wish):
            count += 1
            yield reference

    with whole_file(path) as draft, draft.open("wb") as file:
        file.writelines(write_references(counted(), kinds[path.suffix]))
    out.print(f"{count} sources: {path}", soft_wrap=True)
