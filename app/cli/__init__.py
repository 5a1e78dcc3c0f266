"""The command line: the same functions, from a terminal.

Exit codes: 0 done, 1 refused (the reason is on standard error), 2 not understood, 3 `check` found
something that falls out of the synthesis.
"""

import sys
from importlib.metadata import version
from typing import Annotated

import typer
from pydantic import ValidationError

from app.cli import (
    appraisals,
    archives,
    chains,
    decisions,
    documents,
    duplicates,
    fields,
    finding,
    flow,
    operation,
    people,
    pseudonyms,
    questions,
    references,
    screening,
    views,
    work,
)
from app.cli.terminal import complain
from app.errors import AppError
from app.web.problems import invalid

app = typer.Typer(
    name="retroduce",
    help="An open database for realist evidence synthesis.",
    no_args_is_help=True,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
)


def _print_version(*, is_wanted: bool) -> None:
    if is_wanted:
        typer.echo(f"retroduce {version('retroduce')}")
        raise typer.Exit


@app.callback()
def _start(
    *,
    show_version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, help="print the version and stop"),
    ] = False,
) -> None:
    """Hold, ask and export Context-Mechanism-Outcome configurations, led back to the words."""
    _print_version(is_wanted=show_version)


PARTS = (
    *(operation, people, work, archives),
    *(references, duplicates, screening, decisions, documents, pseudonyms, appraisals),
    *(finding, questions, chains, flow, fields, views),
)
for part in PARTS:
    part.register(app)


def main() -> None:
    """Run the command line; what we refuse becomes one line on standard error and exit code 1."""
    try:
        app()
    except ValidationError as error:
        complain(invalid(error.errors()))
        sys.exit(2)
    except AppError as error:
        complain(error)
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
