"""Duplicates from a terminal, and references of twelve tools brought down to distinct works."""

import os
from pathlib import Path

import pytest

from app.errors import AppError
from tests.cli.test_commands import Terminal, seeded, table, terminal

__all__ = ["seeded", "terminal"]
ROOT = Path(__file__).parents[2]
CORPUS = Path(os.environ.get("RETRODUCE_CORPUS", ROOT.parent / "shared" / "corpus")) / "refs"
RIS = "TY  - JOUR\nAU  - Aunger, Justin\nTI  - {title}\nPY  - {year}\nDO  - {doi}\nER  - \n"
TITLE = "Building trust between partners in integrated care"


@pytest.fixture
def found(seeded: Terminal, tmp_path: Path) -> Terminal:
    """The seed review with three records more: two surely one work, the third likely too."""
    same = RIS.format(title=TITLE, year=2021, doi="10.1000/one")
    later = RIS.format(title=f"{TITLE}: a review", year=2020, doi="")
    for name, text in (("medline", same), ("embase", f"{same.upper()}{later}")):
        path = tmp_path / f"{name}.ris"
        path.write_text(text)
        seeded("import", str(path), "--database", name)
    return seeded


def numbers(terminal: Terminal) -> list[str]:
    """Return the numbers of the sources that stand for themselves, those of this test last."""
    listed = table(terminal("sources", "--limit", "500", "-f", "csv"))
    return [row["source"].removeprefix("S") for row in listed]


def test_finding_merges_what_is_certain_and_lists_what_waits(found: Terminal) -> None:
    first, second, third = numbers(found)[-3:]
    told = found("duplicates", "find")
    assert "sources compared" in told
    assert "1 merged" in told
    assert "1 pairs wait for you (1 new)" in told
    [pair] = table(found("duplicates", "list", "-f", "csv"))
    assert (pair["source"], pair["other"]) == (f"S{first}", f"S{third}")
    assert pair["years"] == "2021 / 2020"
    assert "one lacks the subtitle; same authors; year differs by 1" in pair["why"]
    assert second not in numbers(found)
    assert f"S{third} counts as S{first}" in found("duplicates", "merge", third, first)
    assert table(found("duplicates", "list", "-f", "csv")) == []
    assert len(table(found("duplicates", "list", "--state", "merged", "-f", "csv"))) == 2
    assert "stands for itself again" in found("duplicates", "unmerge", third)
    [again] = table(found("duplicates", "find", "-f", "csv"))
    assert (again["merged"], again["suggested"], again["waiting"]) == ("0", "0", "0")


def test_sources_kept_apart_are_not_asked_about_again(found: Terminal) -> None:
    first, second, _ = all_three = numbers(found)[-3:]
    assert "0 merged" in found("duplicates", "find", "--no-merge")
    assert "stay apart" in found("duplicates", "apart", second, first)
    assert "0 merged" in found("duplicates", "find")
    assert numbers(found)[-3:] == all_three
    wrong = found.run("duplicates", "unmerge", second)
    assert isinstance(wrong.exception, AppError)


@pytest.mark.corpus
def test_the_same_references_from_twelve_tools_come_down_to_the_distinct_works(
    seeded: Terminal,
) -> None:
    files = sorted((CORPUS / "asreview").glob("*.ris"))
    if not files:
        pytest.skip(f"the corpus is not here: no {CORPUS}")
    before = len(numbers(seeded))
    for path in files:
        seeded("import", str(path), "--database", path.stem)
    assert len(numbers(seeded)) == before + 333
    [told] = table(seeded("duplicates", "find", "-f", "csv"))
    assert (told["merged"], told["waiting"]) == (str(333 - 192), "0")
    assert len(numbers(seeded)) == before + 192
