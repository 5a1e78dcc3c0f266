"""Searches, imports and files of sources from the terminal."""

import json
from pathlib import Path

import pytest

from app.errors import InvalidError, NotFoundError
from tests.cli.test_commands import SEED, Terminal, seeded, table, terminal

__all__ = ["seeded", "terminal"]
RIS = "TY  - JOUR\nAU  - Ortiz, Ana\nTI  - Small wins\nPY  - 2019\nER  - \n"
BAD = "TY  - JOUR\nAU  - Nobody, N.\nER  - \n"


@pytest.fixture
def export(tmp_path: Path) -> str:
    path = tmp_path / "medline.ris"
    path.write_text(RIS + BAD)
    return str(path)


def test_a_preview_names_bad_records_and_writes_nothing(seeded: Terminal, export: str) -> None:
    told = seeded("import", export, "--database", "MEDLINE", "--preview")
    assert "2 records, read as ris, utf-8" in told
    assert "1 would be added" in told
    assert "line 6: it has no title | TY - JOUR AU - Nobody, N." in told
    assert table(seeded("searches", "--format", "csv")) == []


def test_an_import_writes_its_search_down_and_happens_once(
    seeded: Terminal, export: str, tmp_path: Path
) -> None:
    report = tmp_path / "report.json"
    said = ("--database", "MEDLINE", "--platform", "Ovid", "--date", "2026-02-11", "--hits", "2")
    assert "1 added, to W1" in seeded("import", export, *said, "--report", str(report))
    assert json.loads(report.read_text())["problems"][0]["raw"].startswith("TY  - JOUR")
    [search] = table(seeded("searches", "--format", "csv"))
    assert (search["where"], search["date"], search["sources"]) == (
        "MEDLINE via Ovid",
        "2026-02-11",
        "1",
    )
    assert "1 are held by this search already" in seeded("import", export, "--search", "1")
    history = table(seeded("history", "list", "--format", "csv"))
    assert (history[-1]["channel"], history[-1]["reason"]) == ("import", "import of medline.ris")


def test_the_same_command_again_makes_no_second_search(seeded: Terminal, export: str) -> None:
    said = ("import", export, "--database", "Scopus", "--date", "2026-01-12")
    seeded(*said)
    before = table(seeded("history", "list", "--format", "csv"))
    for words in ((), ("--preview",)):
        told = seeded(*said, *words)
        assert "this very file is in W1 already; nothing changed" in told
    assert len(table(seeded("searches", "--format", "csv"))) == 1
    assert table(seeded("history", "list", "--format", "csv")) == before
    assert "1 added, to W2" in seeded(*said[:-1], "2026-03-01")
    other = seeded(*said[:-1], "2026-04-01", "--preview")
    assert "1 would be added" in other
    assert "this very file is in W1, W2 too" in other


def test_an_import_says_what_known_sources_got(
    seeded: Terminal, export: str, tmp_path: Path
) -> None:
    seeded("import", export, "--database", "Scopus")
    more = tmp_path / "more.ris"
    more.write_text(RIS.replace("ER", "DO  - 10.1234/a\nER"))
    assert "1 added" in seeded("import", str(more), "--search", "1")
    more.write_text(RIS.replace("ER", "AB  - All of it.\nDO  - 10.1234/a\nER"))
    would = seeded("import", str(more), "--search", "1", "--preview")
    assert "1 known sources would get from them what they did not have" in would
    told = seeded("import", str(more), "--search", "1")
    assert "1 known sources got from them what they did not have" in told


def test_an_import_asks_for_its_search(seeded: Terminal, export: str) -> None:
    for words in ((), ("--search", "1", "--database", "x")):
        result = seeded.run("import", export, *words)
        assert isinstance(result.exception, InvalidError)
        assert "--search NUMBER" in result.exception.detail


@pytest.mark.parametrize("ending", ["ris", "bib", "json", "csv"])
def test_sources_are_listed_and_written(seeded: Terminal, tmp_path: Path, ending: str) -> None:
    listed = table(seeded("sources", "--where", "cite_key=AungerMillar2021", "--format", "csv"))
    assert len(listed) == 1
    file = tmp_path / f"chosen.{ending}"
    told = seeded("sources", "--where", "year_from=2018", "-o", str(file))
    count = int(told.split()[0])
    seeded("review", "create", "other", "Other")
    wished = ("--review", "other", "--database", SEED)
    assert f"{count} added, to W1" in seeded("import", str(file), *wished)


def test_a_file_of_sources_needs_a_known_ending_and_a_folder(
    seeded: Terminal, tmp_path: Path
) -> None:
    for name, kind in (("chosen.doc", InvalidError), ("nowhere/chosen.ris", NotFoundError)):
        result = seeded.run("sources", "-o", str(tmp_path / name))
        assert isinstance(result.exception, kind)


def test_a_reference_list_is_printed_or_written(seeded: Terminal, tmp_path: Path) -> None:
    printed = seeded("sources", "--style", "apa", "--where", "year_to=1998")
    assert "(1998)." in printed
    path = tmp_path / "list.md"
    assert "vancouver" in seeded("sources", "--style", "vancouver", "-o", str(path))
    assert "1. " in path.read_text()
    wrong = seeded.run("sources", "--style", "apa", "-o", str(tmp_path / "list.ris"))
    assert isinstance(wrong.exception, InvalidError)
