"""Questions from a terminal: the matrix, and what falls out of the synthesis."""

import sys
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.box import SIMPLE_HEAD
from rich.measure import Measurement
from rich.table import Table
from sqlalchemy.orm import Session

from app.access.models import UserAccount
from app.access.policy import Right
from app.cli.terminal import (
    As,
    Format,
    FormatOption,
    Has,
    OneReview,
    Where,
    filters,
    find_member,
    only_review,
    open_store,
    out,
    show,
)
from app.coding.schemas import QuoteCheck
from app.coding.verifying import check_quotes
from app.config import Settings
from app.errors import InvalidError
from app.export.files import require_folder, whole_file
from app.export.matrix_formats import MatrixFormat, matrix_file
from app.synthesis.check import WAITING, fallen_out
from app.synthesis.matrix import Cell, Heading, Matrix, MatrixWish
from app.synthesis.matrix import matrix as ask_matrix
from app.synthesis.totals import CountedBy
from app.theory.vocabulary import Role
from app.web.marks import STATE_MARKS

FOUND = 3
WIDEST = 1_000_000
LEGEND = "Cells: sources·configurations, ✕ sources that refute; ▲ more ▼ less ● there ○ not"
OPPOSED = "; ⇅ both more and less of this outcome in the same context"


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(matrix)
    app.command()(check)
    app.command()(verify)


def matrix(
    *,
    review: OneReview = None,
    rows: Role = Role.CONTEXT,
    columns: Role = Role.OUTCOME,
    through: Annotated[str | None, typer.Option(help="mechanism, K3 or K3* with narrower")] = None,
    depth: Annotated[int | None, typer.Option(help="roll rows up to this depth")] = None,
    has: Has = None,
    where: Where = None,
    split: Annotated[bool, typer.Option(help="columns by state")] = True,
    by: Annotated[
        CountedBy, typer.Option(help="what supporting and refuting count")
    ] = CountedBy.SOURCE,
    form: FormatOption = Format.TABLE,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="file; its ending says what it is")
    ] = None,
    who: As = None,
) -> None:
    """Show which contexts produce which outcomes, through what."""
    asked = filters(has, where) | ({"through": through} if through else {})
    wish = MatrixWish(
        rows=rows, columns=columns, depth_rows=depth, split_columns=split, by=by, **asked
    )
    with open_store(who=who) as (session, user):
        slug = review or only_review(session, user)
        if output is None:
            print_matrix(session, user, slug, form, wish)
        else:
            _write_matrix(session, user, slug, output, wish)


def print_matrix(
    session: Session, user: UserAccount, slug: str, form: Format, wish: MatrixWish | None = None
) -> None:
    """Print a matrix: as a grid for people, one line per cell for pipes."""
    wish = wish or MatrixWish()
    member = find_member(session, user, slug, Right.READ)
    answer = ask_matrix(session, member.review, wish, Settings().link_base)
    if form is Format.JSON:
        text = orjson.dumps(answer, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        sys.stdout.write(text.decode())
    elif form is Format.CSV:
        show(*_cells(answer), form)
    else:
        _print_grid(answer)


def _write_matrix(
    session: Session, user: UserAccount, slug: str, output: Path, wish: MatrixWish
) -> None:
    """Write a matrix to a file of the kind its ending names; 422 when it names none."""
    ending = output.suffix.lower().removeprefix(".")
    if ending not in set(MatrixFormat):
        names = ", ".join(f".{kind}" for kind in MatrixFormat)
        raise InvalidError(f"{output} does not say what it is: end it in {names}.")
    require_folder(output)
    member = find_member(session, user, slug, Right.EXPORT)
    answer = ask_matrix(session, member.review, wish, Settings().link_base)
    content = matrix_file(answer, wish, MatrixFormat(ending), member.review.title)
    with whole_file(output) as draft:
        draft.write_bytes(content)
    out.print(f"Wrote {output}: {answer.caption}", soft_wrap=True)


def _cells(answer: Matrix) -> tuple[list[str], list[list[object]]]:
    names = ["row", "column", "state", "configurations", "sources", "studies", "supporting"]
    rows: list[list[object]] = [
        [
            answer.rows[cell.row].label,
            answer.columns[cell.column].label,
            answer.columns[cell.column].state,
            cell.figures.configurations,
            cell.figures.sources,
            cell.figures.studies,
            cell.figures.supporting,
            cell.figures.refuting,
            cell.url,
            cell.contradictory,
        ]
        for cell in answer.cells
    ]
    return [*names, "refuting", "url", "contradictory"], rows


def _heading(heading: Heading) -> str:
    mark = STATE_MARKS[heading.state] if heading.state else ""
    return f"{heading.label} {mark}".strip()


def _longest_word(*texts: str) -> int:
    return max((len(word) for text in texts for word in text.split()), default=0)


def _print_grid(answer: Matrix) -> None:
    title = f"{answer.rows_role.capitalize()} × {answer.columns_role}"
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD)
    table.pad_edge, table.collapse_padding = False, True
    names = [_heading(heading) for heading in answer.rows]
    table.add_column(answer.rows_role, min_width=_longest_word(*names))
    for heading in answer.columns:
        name = _heading(heading)
        table.add_column(name, justify="center", min_width=_longest_word(name))
    cells = {(cell.row, cell.column): _counts(cell) for cell in answer.cells}
    for i, heading in enumerate(answer.rows):
        shown = (cells.get((i, j), "") for j in range(len(answer.columns)))
        table.add_row(_heading(heading), *shown)
    # Measured at no width: at the terminal's, the least width would never be more than that.
    if Measurement.get(out, out.options.update(max_width=WIDEST), table).minimum <= out.width:
        out.print(table)
    else:
        _print_list(answer, title)
    is_contradictory = any(cell.contradictory for cell in answer.cells)
    out.print(LEGEND + (OPPOSED if is_contradictory else ""), soft_wrap=True)
    out.print(answer.caption, soft_wrap=True)
    if answer.left_out.configurations:
        out.print(
            f"{answer.left_out.configurations} more stand in no cell: "
            f"{answer.left_out.no_row} have no coded {answer.rows_role}, "
            f"{answer.left_out.no_column} no coded {answer.columns_role}.",
            soft_wrap=True,
        )


def _print_list(answer: Matrix, title: str) -> None:
    """Print the cells row by row, where a grid would not fit the terminal."""
    out.print(title, style="bold")
    row = -1
    for cell in answer.cells:
        if cell.row != row:
            row = cell.row
            out.print(f"\n{_heading(answer.rows[row])}")
        out.print(f"  → {_heading(answer.columns[cell.column])}  {_counts(cell)}")


def _counts(cell: Cell) -> str:
    figures = cell.figures
    against = f" ✕{figures.refuting}" if figures.refuting else ""
    return f"{figures.sources}·{figures.configurations}{against}{' ⇅' * cell.contradictory}"


def check(*, review: OneReview = None, form: FormatOption = Format.TABLE, who: As = None) -> None:
    """List what falls out of the synthesis; exit code 3 when anything does not only wait."""
    with open_store(who=who) as (session, user):
        member = find_member(session, user, review or only_review(session, user), Right.READ)
        findings = fallen_out(session, member.review)
    rows = [[f.check, f.thing, f.detail] for f in findings]
    show(["check", "of", "what"], rows, form)
    if any(finding.check not in WAITING for finding in findings):
        raise typer.Exit(FOUND)


def verify(*, review: OneReview = None, form: FormatOption = Format.TABLE, who: As = None) -> None:
    """Look every quote up in its text anew; exit code 3 when one needs a person's eye."""
    with open_store(who=who) as (session, user):
        member = find_member(session, user, review or only_review(session, user), Right.READ)
        checks = check_quotes(session, member.review_id)
    rows = [
        [f"Q{c.id}", c.verification, c.score, c.page, c.page_found, c.difference or _trouble(c)]
        for c in checks.items
    ]
    show(["quote", "verification", "score", "page", "page found", "what"], rows, form)
    if form is Format.TABLE:
        counts = ", ".join(f"{number} {state}" for state, number in checks.counts.items())
        out.print(f"{counts or 'No quotes'}; {checks.wrong_pages} on another page than given.")
    if checks.items:
        raise typer.Exit(FOUND)


def _trouble(check: QuoteCheck) -> str:
    if check.is_wrong_page:
        return "stands on another page than given"
    return "" if check.verification is check.was else f"stored as {check.was}"
