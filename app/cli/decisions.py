"""Decisions made in Rayyan or Covidence, from a terminal."""

from pathlib import Path
from typing import Annotated, Any

import typer

from app.access.policy import Right
from app.cli.terminal import As, OneReview, find_member, only_review, open_store, out
from app.exchange.decision_notes import Tool
from app.exchange.decision_schemas import DecisionImportRead, DecisionImportWish
from app.exchange.decisions import import_decisions
from app.exchange.references.reading import ReferenceFormat
from app.export.files import require_folder, write_report
from app.library.screening_models import ScreeningVerdict

SHOWN = 20
"""Records left out that a person sees at once; all are in --report."""


def import_file(
    file: Annotated[Path, typer.Argument(help="exported by the tool", exists=True, dir_okay=False)],
    *,
    stage: Annotated[int | None, typer.Option(help="number of the stage they are of")] = None,
    tool: Annotated[Tool | None, typer.Option(help="instead of the guess")] = None,
    verdict: Annotated[
        ScreeningVerdict | None, typer.Option(help="of all of a Covidence file")
    ] = None,
    screener: Annotated[str | None, typer.Option(help="who stands for Covidence's")] = None,
    person: Annotated[
        list[str] | None, typer.Option(help="NAME=EMAIL: a name of the file is this member")
    ] = None,
    default_reason: Annotated[
        str | None, typer.Option(help="for what was excluded without one")
    ] = None,
    as_format: Annotated[
        ReferenceFormat | None, typer.Option("--format", help="instead of the guess")
    ] = None,
    encoding: Annotated[str | None, typer.Option(help="instead of the guess")] = None,
    preview: Annotated[bool, typer.Option("--preview", help="change nothing")] = False,
    report: Annotated[Path | None, typer.Option(help="file for the whole answer, as JSON")] = None,
    review: OneReview = None,
    who: As = None,
) -> None:
    """Take in decisions made in Rayyan or Covidence; what could not be matched is listed."""
    said: dict[str, Any] = {"stage_id": stage, "tool": tool, "verdict": verdict}
    said |= {"screener": screener, "person": person or [], "default_reason": default_reason}
    said |= {"format": as_format, "encoding": encoding, "preview": preview}
    require_folder(report)
    wish = DecisionImportWish(file_name=file.name, **said)
    with open_store(writing=True, who=who) as (session, user):
        slug = review or only_review(session, user)
        member = find_member(session, user, slug, Right.IMPORT, writing=True)
        answer = import_decisions(session, member, wish, file.read_bytes())
    write_report(report, answer)
    _tell(answer, file.name)


def _tell(answer: DecisionImportRead, name: str) -> None:
    would = "would be " if answer.is_preview else ""
    out.print(f"{name}: {answer.records} records of {answer.tool}, at {answer.stage}")
    out.print(f"  {answer.added} decisions {would}added, {answer.changed} changed")
    for count, words in (
        (answer.same, "decisions are here already"),
        (answer.undecided, "records nobody decided of"),
    ):
        if count:
            out.print(f"  {count} {words}")
    for person in answer.people:
        new = "a new name without sign-in" if person.is_new else "known here"
        out.print(f"  {person.name}: {person.decisions} ({new})", soft_wrap=True)
    if answer.new_reasons:
        out.print(f"  new reasons: {'; '.join(answer.new_reasons)}", soft_wrap=True)
    if answer.left_out:
        out.print(f"  {len(answer.left_out)} records are left out:")
    for left in answer.left_out[:SHOWN]:
        out.print(f"    line {left.line}: {left.title[:60]}: {left.why}", soft_wrap=True)
    if len(answer.left_out) > SHOWN:
        out.print(f"    … and {len(answer.left_out) - SHOWN} more; --report FILE writes all")
