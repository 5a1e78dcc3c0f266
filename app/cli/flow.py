"""The flow of records from a terminal: told in words, or as a figure or a table in a file."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import orjson
import typer

from app.access.policy import Right
from app.cli.terminal import As, OneReview, find_member, only_review, open_store, out
from app.errors import InvalidError
from app.export.files import require_folder, whole_file
from app.export.flow_boxes import Box, Diagram, diagram
from app.export.flow_formats import FlowFormat, flow_file
from app.synthesis.flow import flow as count_flow
from app.synthesis.flow_parts import Flow


class Shape(StrEnum):
    """How the flow is printed or written."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    SVG = "svg"
    PNG = "png"
    PDF = "pdf"


BINARY = {Shape.PNG, Shape.PDF}


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(flow)


def flow(
    *,
    review: OneReview = None,
    form: Annotated[
        Shape | None, typer.Option("--format", "-f", help="text, json, csv, svg, png, pdf")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="file; its ending says what it is")
    ] = None,
    who: As = None,
) -> None:
    """Count the flow of records (PRISMA 2020) and print it, or write it as a figure or table."""
    shape = form or _shape_of(output)
    if shape in BINARY and output is None:
        raise InvalidError(f"--format {shape} needs a file: --output flow.{shape}.")
    require_folder(output)
    with open_store(who=who) as (session, user):
        member = find_member(session, user, review or only_review(session, user), Right.EXPORT)
        answer = count_flow(session, member.review)
    content = _content(answer, shape)
    if output is None:
        sys.stdout.write(content.decode())
    else:
        with whole_file(output) as draft:
            draft.write_bytes(content)
        out.print(f"Wrote {output}: {answer.caption}", soft_wrap=True)


def _shape_of(output: Path | None) -> Shape:
    """Return the kind of file that an ending names; 422 when it names none."""
    if output is None:
        return Shape.TEXT
    ending = output.suffix.lower().removeprefix(".")
    if ending not in set(Shape) - {Shape.TEXT}:
        names = ", ".join(f".{shape}" for shape in Shape if shape is not Shape.TEXT)
        raise InvalidError(f"{output} does not say what it is: end it in {names}.")
    return Shape(ending)


def _content(answer: Flow, shape: Shape) -> bytes:
    if shape is Shape.TEXT:
        return _told(answer).encode()
    if shape is Shape.JSON:
        return orjson.dumps(answer, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    return flow_file(answer, FlowFormat(shape.value))


def _told(answer: Flow) -> str:
    """Write the diagram as indented lines, what leaves the way set in under it."""
    made: Diagram = diagram(answer)
    lines = []
    for column in (made.databases, made.other):
        if column is None:
            continue
        lines.append(column.title)
        for row in column.rows:
            lines += _lines(row.main, 1) if row.main else []
            lines += [line for box in row.beside for line in _lines(box, 3)]
    for box in (made.previous, made.included, made.total):
        lines += _lines(box, 0) if box else []
    return "\n".join([*lines, answer.caption, *answer.notes, ""])


def _lines(box: Box, depth: int) -> list[str]:
    first, *more = box.lines
    is_list = first.endswith(":")
    inner = [f"{'  ' * (line.startswith(chr(9)) + is_list)}{line.strip()}" for line in more]
    return [f"{'  ' * depth}{line}" for line in (first, *inner)]
