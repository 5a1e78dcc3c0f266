"""References in and out from a terminal: searches, imports, sources as files."""

from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.access.policy import Right
from app.cli.terminal import (
    As,
    Format,
    FormatOption,
    OneReview,
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
from app.exchange.importing import import_references, preview_import
from app.exchange.references.reading import ReferenceFormat
from app.history.reading import load
from app.library.search_models import Search, SearchKind
from app.library.search_schemas import SearchCreate, SearchFilter
from app.library.searches import add_search, described, select_searches

SHOWN = 20
"""Problems and remarks a person sees at once; all are in --report and with the file."""


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("import")(import_file)
    app.command()(searches)


def import_file(
    file: Annotated[Path, typer.Argument(help="of references", exists=True, dir_okay=False)],
    *,
    review: OneReview = None,
    search: Annotated[int | None, typer.Option(help="number of the search it belongs to")] = None,
    database: Annotated[str | None, typer.Option(help="writes a new search down: where")] = None,
    kind: Annotated[SearchKind, typer.Option(help="of the new search")] = SearchKind.DATABASE,
    platform: Annotated[str | None, typer.Option(help="of the new search: Ovid …")] = None,
    date: Annotated[str | None, typer.Option(help="of the new search, 2026-02-11")] = None,
    query: Annotated[str | None, typer.Option(help="of the new search, as typed")] = None,
    hits: Annotated[int | None, typer.Option(help="how many the database reported")] = None,
    as_format: Annotated[
        ReferenceFormat | None, typer.Option("--format", help="instead of the guess")
    ] = None,
    encoding: Annotated[str | None, typer.Option(help="instead of the guess")] = None,
    mapping: Annotated[
        list[str] | None, typer.Option(help="of a table, COLUMN=FIELD, e.g. Titel=title")
    ] = None,
    preview: Annotated[bool, typer.Option("--preview", help="change nothing")] = False,
    report: Annotated[Path | None, typer.Option(help="file for the whole answer, as JSON")] = None,
    who: As = None,
) -> None:
    """Import a file of references into a search; every record is accounted for."""
    given = {"searched_on": date, "query": query, "hits_reported": hits, "platform": platform}
    where = {"kind": kind, "database": database, **given}
    said = SearchCreate.model_validate(where) if database else None
    wish = ImportWish(
        file_name=file.name,
        format=as_format,
        encoding=encoding,
        mapping=mapping or [],
        preview=preview,
    )
    with open_store(writing=not preview, who=who) as (session, user):
        slug = review or only_review(session, user)
        member = find_member(session, user, slug, Right.IMPORT, writing=not preview)
        found = _search(session, member, search, said, preview=preview)
        content = file.read_bytes()
        if preview:
            answer = preview_import(session, found, wish, content)
        else:
            folder = Settings().files_dir
            answer = import_references(session, member, found, wish, content, folder)
    if report:
        report.write_text(answer.model_dump_json(indent=2), "utf-8")
    _tell(answer, file.name)


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
    for count, words in (
        (answer.repeated, "repeat another record of the file, word by word"),
        (answer.known, "are held by this search already"),
        (answer.bad, "are bad and stay out:"),
    ):
        if count:
            out.print(f"  {count} {words}", soft_wrap=True)
    for problem in answer.problems[:SHOWN]:
        start = " ".join(problem.raw.split())[:60]
        out.print(f"    line {problem.line}: {problem.reason} | {start}", soft_wrap=True)
    _tell_remarks(answer)


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
    names = ["search", "kind", "database", "platform", "date", "reported", "records", "sources"]
    rows = [
        [
            f"W{s.id}",
            s.kind.value,
            s.database,
            s.platform,
            s.searched_on.isoformat() if s.searched_on else None,
            s.hits_reported,
            s.records,
            s.sources,
            s.only_here,
        ]
        for s in found
    ]
    show([*names, "only here"], rows, form)
