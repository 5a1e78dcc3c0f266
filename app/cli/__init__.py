"""The command line: the same functions, from a terminal.

Exit codes: 0 done, 1 refused (the reason is on standard error), 2 not understood, 3 `check` found
something that falls out of the synthesis and does not only wait, 4 the disk or the database is
full, closed or away.
"""

import gc
import sys
from importlib import import_module
from importlib.metadata import version
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from typer.core import TyperCommand, TyperGroup

from app.errors import AppError, BusyError, InvalidError, invalid

COMMANDS = {
    "init-db": ("operation", "Make the tables in an empty database."),
    "upgrade": ("operation", "Bring the database up to this version, after a backup."),
    "backup": ("operation", "Save database and files in one file, while others go on working."),
    "restore": ("operation", "Put a backup into an empty installation, after checking it."),
    "serve": ("serving", "Serve the workbench and the API."),
    "demo": (
        "serving",
        "Load the shipped reviews into a folder of their own, show an answer, and serve.",
    ),
    "user": ("people", "People who can sign in."),
    "token": ("people", "Personal tokens for programs."),
    "review": ("people", "Reviews and their members."),
    "seed": (
        "work",
        "Load a shipped review, or one from a folder; without a name, list the shipped ones.",
    ),
    "configurations": ("work", "List configurations, by any mix of concept, role and state."),
    "evidence": (
        "work",
        "Write the evidence table; without --output as CSV to standard output.",
    ),
    "history": ("work", "What changed, who, when, why; and taking it back."),
    "archive": ("archives", "Whole reviews as plain files: out, and in again."),
    "import": (
        "references",
        "Import a file of references into a search; every record is accounted for.",
    ),
    "searches": (
        "references",
        "List the searches, with the records and distinct sources each brought.",
    ),
    "sources": (
        "references",
        "List sources, or write all that fit into a file of references or a reference list.",
    ),
    "duplicates": ("duplicates", "Sources that are one work: find, look through, merge."),
    "screening": ("screening", "Screening of sources by stages."),
    "documents": ("documents", "Full texts: a folder of files, what waits, new versions."),
    "pseudonyms": ("pseudonyms", "Names that must not leave, and what stands for them."),
    "appraisals": ("appraisals", "Relevance, richness and rigour: three judgements."),
    "search": ("finding", "Search everything a review holds in words, best first."),
    "matrix": ("questions", "Show which contexts produce which outcomes, through what."),
    "check": (
        "questions",
        "List what falls out of the synthesis; exit code 3 when anything does not only wait.",
    ),
    "verify": (
        "questions",
        "Look every quote up in its text anew; exit code 3 when one needs a person's eye.",
    ),
    "chains": (
        "chains",
        "Follow how the outcome of one configuration becomes the context of the next.",
    ),
    "possible": (
        "chains",
        "List links that are possible and that nobody asserted or refused yet.",
    ),
    "links": ("links", "Possible links: accept or refuse them."),
    "flow": (
        "flow",
        "Count the flow of records (PRISMA 2020) and print it, or write it as a figure or table.",
    ),
    "field": ("fields", "Fields of a review's own."),
    "view": ("views", "Questions kept under a name."),
}
"""Every command, the module that holds it, and its line of help: a module is imported when one
of its commands is called, so that asking for help waits for nothing."""


class Commands(TyperGroup):
    """Commands known by name and help until one is called."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.commands = {
            name: TyperCommand(name, help=line) for name, (_, line) in COMMANDS.items()
        }

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Return the command that is called, from its module."""
        name, found, rest = super().resolve_command(ctx, args)
        return name, load(name) if name else found, rest


def load(name: str) -> Any:
    """Return a command, or a group of them, from the module that holds it."""
    part = typer.Typer(pretty_exceptions_enable=False)
    gc.disable()  # what modules make stays: looking through it for waste takes a tenth of the start
    import_module(f"app.cli.{COMMANDS[name][0]}").register(part)
    gc.freeze()
    gc.enable()
    return typer.main.get_group(part).commands[name]


app = typer.Typer(
    name="retroduce",
    cls=Commands,
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


EXIT_CODES = {InvalidError.code: 2, BusyError.code: 4}


def main() -> None:
    """Run the command line; what we refuse becomes one line on standard error.

    The exit code is 2 where the wish itself does not make sense, 4 where disk or database refuse,
    else 1.
    """
    try:
        _run()
    except ValidationError as error:
        _complain(invalid(error.errors()))
        sys.exit(2)
    except AppError as error:
        _complain(error)
        sys.exit(EXIT_CODES.get(error.code, 1))
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)


def _run() -> None:
    """Run the command line; where disk or database refuse, say which and what to do."""
    try:
        app()
    except (AppError, ValidationError, BrokenPipeError):
        raise
    except Exception as error:
        from app.cli.failures import refusal
        from app.config import Settings

        refused = refusal(error, Settings())
        if refused is None:
            raise
        raise refused from error


def _complain(error: AppError) -> None:
    from app.cli.terminal import complain

    complain(error)
