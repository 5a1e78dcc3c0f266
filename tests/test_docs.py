"""The documentation says what the program does: nothing missing, nothing stale, no dead link."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.cli import COMMANDS, load
from app.config import Settings
from app.dictionary import TARGET, data_dictionary
from app.errors import AppError
from app.exchange.archive.description import MARK, PAGE, described
from app.exchange.archive.shape import roots
from app.export.columns import (
    CONFIGURATION_COLUMNS,
    DEFAULT_FOR_CONFIGURATIONS,
    DEFAULT_FOR_QUOTES,
    EVIDENCE_COLUMNS,
)
from app.main import create_app
from app.migrations import metadata
from app.synthesis.check import Check
from tests.conftest import cheap_settings

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = [*sorted(DOCS.rglob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


RUN = re.compile(r"(?:(?:\$ |`|\$\()retroduce|run --rm app) ([^`\n|>)]+)")


def command_tree() -> dict[str, set[str]]:
    """Every command, `history undo`, with its options."""

    def walk(command: Any, words: tuple[str, ...]) -> Iterator[tuple[str, set[str]]]:
        inner = getattr(command, "commands", None)
        if inner is None:
            options = {option for p in command.params for option in (*p.opts, *p.secondary_opts)}
            yield " ".join(words), {option for option in options if option.startswith("-")}
            return
        for name, part in inner.items():
            yield from walk(part, (*words, name))

    return {words: options for name in COMMANDS for words, options in walk(load(name), (name,))}


def family(error: type[AppError] = AppError) -> Iterator[type[AppError]]:
    """Every error class."""
    yield error
    for heir in error.__subclasses__():
        yield from family(heir)


def slug(heading: str) -> str:
    """The anchor a heading gets, as common renderers make it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def text_of(page: Path) -> str:
    return FENCE.sub("", page.read_text())


def anchors(page: Path) -> set[str]:
    return {slug(heading) for heading in re.findall(r"^#+ (.+)$", text_of(page), re.MULTILINE)}


def test_every_setting_is_documented_with_its_default_and_none_is_stale() -> None:
    page = (DOCS / "settings.md").read_text()
    documented = dict(re.findall(r"^\| `(RETRODUCE_\w+)` \| (.+?) \|", page, re.MULTILINE))
    fields = Settings.model_fields
    assert set(documented) == {f"RETRODUCE_{name.upper()}" for name in fields}
    for name, field in fields.items():
        if isinstance(field.default, int | str) and field.default != "":
            assert f"`{field.default}`" in documented[f"RETRODUCE_{name.upper()}"], name


def test_every_error_code_is_documented_with_its_status_and_none_is_stale() -> None:
    page = (DOCS / "errors.md").read_text()
    documented = dict(re.findall(r"^## (\w+)\n\n(\d{3})\. ", page, re.MULTILINE))
    assert documented == {error.code: str(error.status) for error in family()}
    assert set(documented) == set(re.findall(r"^## (.+)$", page, re.MULTILINE))


def test_the_data_dictionary_is_what_the_models_say() -> None:
    assert TARGET.read_text() == data_dictionary(), "run `python -m app.dictionary`"


def test_the_data_dictionary_has_every_table_and_column() -> None:
    page = TARGET.read_text()
    for table in metadata().sorted_tables:
        section = page.split(f"\n## {table.name}\n")[1].split("\n## ")[0]
        assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == table.columns.keys()


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    dead = []
    for link in LINK.findall(text_of(page)):
        if re.match(r"[a-z]+:", link) or link.startswith("/"):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            dead.append(link)
    assert dead == []


def test_the_link_guard_sees_a_dead_one(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# A title\n\nsee [here](#a-title) and [there](#no-title) and [x](gone.md)\n")
    assert anchors(page) == {"a-title"}
    with pytest.raises(AssertionError, match=r"no-title.*gone\.md"):
        test_every_relative_link_leads_somewhere(page)


def test_the_index_lists_every_page_and_decision() -> None:
    listed = {link.partition("#")[0] for link in LINK.findall((DOCS / "index.md").read_text())}
    pages = {str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md")} - {"index.md"}
    assert pages - listed == set()


def test_decisions_are_numbered_without_gaps_and_say_what_follows() -> None:
    decisions = sorted((DOCS / "adr").glob("*.md"))
    numbers = [int(page.name[:4]) for page in decisions]
    assert numbers == list(range(1, len(numbers) + 1))
    for page in decisions:
        text = page.read_text()
        assert text.startswith(f"# {page.name[:4]} ")
        for part in ("**Context.**", "**Decision.**", "**Consequences.**"):
            assert part in text, page.name


def test_a_new_migration_brings_the_dictionary_up_to_date() -> None:
    recipe = (ROOT / "Makefile").read_text().split("\nmigration:")[1].split("\n\n")[0]
    assert "-m app.migrations revision" in recipe
    assert "-m app.dictionary" in recipe


def test_every_column_of_the_evidence_table_is_documented_and_none_is_stale() -> None:
    page = (DOCS / "evidence-table.md").read_text()
    own, _, more = page.partition("### Of the evidence")
    row = re.compile(r"^\| `(\w+)`( ◆)?( ◇)? \| (.+?) \| .+ \|$", re.MULTILINE)
    for columns, section in ((CONFIGURATION_COLUMNS, own), (EVIDENCE_COLUMNS, more)):
        written = [(found[1], found[4]) for found in row.finditer(section)]
        assert written == [(name, column.title) for name, (column, _) in columns.items()]
    marked = [{f[1] for f in row.finditer(page) if f[group]} for group in (2, 3)]
    assert marked == [set(DEFAULT_FOR_QUOTES), set(DEFAULT_FOR_CONFIGURATIONS)]


def test_every_command_and_option_is_documented_and_none_is_stale() -> None:
    page = (DOCS / "command-line.md").read_text()
    rows = re.findall(r"^\| `retroduce ([a-z -]+?)(?: [A-Z ]+)?` \| (.*?) \|", page, re.MULTILINE)
    written = {name: set(re.findall(r"`(--[\w-]+)`", options)) for name, options in rows}
    real = command_tree()
    for options in real.values():
        options -= {"-r", "-f", "-o", "--help"}
    assert written == real


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_shown_anywhere_exists_with_its_options(page: Path) -> None:
    tree = command_tree()
    groups = {name.split()[0] for name in tree if " " in name}
    for shown in RUN.findall(page.read_text()):
        first, *more = shown.split()
        if first == "--install-completion":
            continue
        name = f"{first} {more[0]}" if first in groups and more else first
        assert name in tree or name in groups, shown
        given = {word for word in more if re.match("--?[a-z]", word)}
        assert given <= tree.get(name, set()), shown


def test_the_command_guard_sees_one_that_is_not_there(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    for wrong in ("`retroduce matrix --depht 1`", "$ docker compose run --rm app sed x"):
        page.write_text(f"see\n{wrong}\n")
        with pytest.raises(AssertionError):
            test_every_command_shown_anywhere_exists_with_its_options(page)


def test_every_check_and_gap_is_explained_to_reviewers() -> None:
    page = (DOCS / "quick-start.md").read_text()
    section = page.split("## Gaps and checks")[1].split("\n## ")[0]
    named = set(re.findall(r"^\| `([\w:]+)`", section, re.MULTILINE))
    assert {check.value for check in Check} <= named
    gaps = (ROOT / "app" / "theory" / "gaps.py").read_text()
    assert set(re.findall(r'^        "(\w+)": ', gaps, re.MULTILINE)) <= named


def test_every_address_shown_in_the_guide_exists(tmp_path: Path) -> None:
    paths = create_app(cheap_settings(tmp_path)).openapi()["paths"]
    known = [re.compile(re.sub(r"\{\w+\}", r"[^/]+", path)) for path in paths]
    page = (DOCS / "api-guide.md").read_text()
    shown = re.findall(r'\$BASE(/[^"? ]+)', page) + [
        "/api/v1" + path.replace("{HOME}", "/reviews/x")
        for path in re.findall(r'api\("[A-Z]+", f?"([^"]+)"', page)
    ]
    assert len(shown) > 30
    assert [path for path in shown if not any(k.fullmatch(path) for k in known)] == []


def test_the_archive_format_lists_every_file_and_key() -> None:
    text = PAGE.read_text()
    assert text[text.index(MARK) + len(MARK) :].strip() == described().strip(), (
        "run `python -m app.exchange.archive.description`"
    )
    assert all(f"### {shape.file}\n" in text for shape in roots())
