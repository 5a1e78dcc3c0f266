"""What the command line and the server load, and what they leave until it is asked for."""

import json
import pkgutil
import subprocess
import sys
from importlib import import_module

import typer
from typer.testing import CliRunner

import app.cli
from app.cli import COMMANDS, load

SELDOM = {
    "alembic": "migrations",
    "citeproc": "reference lists",
    "fast_sugiyama": "figures of chains",
    "openpyxl": "workbooks in",
    "psycopg": "PostgreSQL",
    "pypdfium2": "PDFs, in processes of their own",
    "vl_convert": "pictures and PDFs of figures",
    "xlsxwriter": "workbooks out",
}
SERVING = {"app.main", "uvicorn", "starlette.templating", "app.web.pages"}
SERVES = "app.cli.serving"
HEAVY = {"sqlalchemy", "fastapi", "numpy", "app.db", "app.cli.terminal"}


def loaded_by(code: str) -> set[str]:
    """Names of every module that a fresh interpreter holds after some code."""
    tell = "; import sys, json; sys.stderr.write(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code + tell], check=True, capture_output=True, text=True
    )
    found: list[str] = json.loads(done.stderr)
    return set(found)


def test_help_and_completion_load_no_command() -> None:
    asked = "from typer.testing import CliRunner; from app.cli import app; CliRunner().invoke"
    assert loaded_by(f"{asked}(app, ['--help'])") & (HEAVY | SERVING | SELDOM.keys()) == set()
    completing = {"_RETRODUCE_COMPLETE": "complete_bash", "COMP_WORDS": "retroduce se"}
    environment = f"env={completing | {'COMP_CWORD': '1'}}"
    code = f"{asked}(app, [], prog_name='retroduce', {environment})"
    assert loaded_by(code) & (HEAVY | SERVING | SELDOM.keys()) == set()


def test_a_command_loads_neither_the_server_nor_what_it_seldom_needs() -> None:
    modules = sorted({f"app.cli.{module}" for module, _ in COMMANDS.values()} - {SERVES})
    assert loaded_by(f"import {', '.join(modules)}") & (SELDOM.keys() | SERVING) == set()
    assert loaded_by(f"import {SERVES}") & SELDOM.keys() == set()


def test_the_server_starts_without_what_it_seldom_needs() -> None:
    assert loaded_by("from app.main import create_app; create_app()") & SELDOM.keys() == set()


def test_every_command_is_known_by_the_name_and_help_its_module_gives_it() -> None:
    for name, (_, line) in COMMANDS.items():
        assert load(name).get_short_help_str(limit=200) == line, name


def test_every_module_with_commands_is_known() -> None:
    registered: dict[str, str] = {}
    for part in pkgutil.iter_modules(app.cli.__path__):
        if part.name == "__main__":
            continue
        module = import_module(f"app.cli.{part.name}")
        if hasattr(module, "register"):
            group = typer.Typer()
            module.register(group)
            registered |= dict.fromkeys(typer.main.get_group(group).commands, part.name)
    assert registered == {name: module for name, (module, _) in COMMANDS.items()}


def test_help_names_every_command_and_a_typing_error_is_answered_by_the_nearest() -> None:
    told = CliRunner().invoke(app.cli.app, ["--help"], env={"COLUMNS": "200"}).stdout
    assert all(name in told and line in told for name, (_, line) in COMMANDS.items())
    wrong = CliRunner().invoke(app.cli.app, ["matrx"])
    assert wrong.exit_code == 2
    assert "matrix" in wrong.output
