"""The documentation says what the program does: nothing missing, nothing stale, no dead link."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.config import Settings
from app.dictionary import TARGET, data_dictionary
from app.errors import AppError
from app.migrations import metadata

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = [*sorted(DOCS.rglob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


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
