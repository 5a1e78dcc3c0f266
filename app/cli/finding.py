"""Search from a terminal, and the care of its index."""

import sys
from collections.abc import Iterator
from typing import Annotated

import orjson
import typer
from rich.text import Text

from app.access.policy import Right
from app.cli.questions import FOUND
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
from app.errors import InvalidError
from app.fulltext.checking import disagreements
from app.fulltext.finding import find
from app.fulltext.keeping import rebuild as rebuild_index
from app.fulltext.models import TextKind
from app.fulltext.schemas import FindWish, Hit, SearchAnswer


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(search)


def search(
    *,
    review: Annotated[
        str | None, typer.Argument(help="slug of the review; your only one may be left out")
    ] = None,
    query: Annotated[
        str | None, typer.Argument(help='words, "phrases", prefix*, OR, -not, kind:quote …')
    ] = None,
    named: OneReview = None,
    limit: Annotated[int, typer.Option(help="hits at most")] = 20,
    after: Annotated[str | None, typer.Option(help="goes on after this hit")] = None,
    form: FormatOption = Format.TABLE,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="write the index anew")] = False,
    verify: Annotated[
        bool, typer.Option("--verify", help="compare the index with what it is made from")
    ] = False,
    who: As = None,
) -> None:
    """Search everything a review holds in words, best first."""
    if rebuild or verify:
        _care(is_rebuilt=rebuild, is_verified=verify)
        return
    if query is None:
        review, query = None, review
    if query is None:
        raise InvalidError('Say what to look for: retroduce search REVIEW "build trust".')
    if review and named:
        raise InvalidError("The review is named twice; put more words than one into quotes.")
    with open_store(who=who) as (session, user):
        slug = review or named or only_review(session, user)
        member = find_member(session, user, slug, Right.READ)
        wish = FindWish(q=query, limit=limit, after=after)
        _print(find(session, member.review, wish, Settings().link_base), form)


def _care(*, is_rebuilt: bool, is_verified: bool) -> None:
    if is_rebuilt:
        with open_store(writing=True) as (session, _):
            out.print(f"Wrote the index anew: {rebuild_index(session):,} entries.")
    if is_verified:
        with open_store(writing=True) as (session, _):  # FTS5 checks itself as if it wrote
            found = disagreements(session)
        for line in found:
            out.print(line, soft_wrap=True)
        if found:
            out.print("Run `retroduce search --rebuild`.")
            raise typer.Exit(FOUND)
        out.print("The index says what the tables say.")


def _print(found: SearchAnswer, form: Format) -> None:
    if form is Format.JSON:
        option = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        sys.stdout.write(orjson.dumps(found.model_dump(mode="json"), option=option).decode())
        return
    if form is Format.CSV:
        headings = ["thing", "label", "source", "page", "field", "text", "url"]
        show(headings, [_row(hit) for hit in found.items], form)
        return
    if found.note:
        out.print(found.note, soft_wrap=True)
    if found.named:
        out.print(f"{found.named.thing} is {found.named.url}", soft_wrap=True)
    for hit in found.items:
        out.print(Text(hit.thing, style="bold"), hit.label, *_whereabouts(hit))
        out.print(_marked(hit), "\n", sep="")
    out.print(_counted(found), soft_wrap=True)


def _whereabouts(hit: Hit) -> Iterator[str]:
    if hit.page:
        yield f"p. {hit.page}"
    if hit.kind is TextKind.DOCUMENT and hit.source_id is None:
        yield "(waits for its source)"


def _row(hit: Hit) -> list[object]:
    source = f"S{hit.source_id}" if hit.source_id else None
    snippet = hit.snippet
    return [hit.thing, hit.label, source, hit.page, snippet.field, snippet.text, hit.url]


def _marked(hit: Hit) -> Text:
    """Write a snippet on one line with what matched in bold."""
    text = Text("  " + hit.snippet.text.replace("\n", " "))
    for start, end in hit.snippet.ranges:
        text.stylize("bold underline", start + 2, end + 2)
    return text


def _counted(found: SearchAnswer) -> str:
    if not found.counts:
        return "Nothing holds all of these words."
    parts = [
        f"{count.count:,}{'+' if count.has_more else ''} {count.name}" for count in found.counts
    ]
    more = f"; go on with --after {found.next}" if found.next else ""
    return f"Found: {', '.join(parts)}{more}."
