"""Full texts from the terminal: a folder, what waits, where quotes stand."""

from pathlib import Path

import pytest

from app.errors import NotFoundError
from tests.cli.test_commands import Terminal, seeded, table, terminal
from tests.library.paper import column, pdf

__all__ = ["seeded", "terminal"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    (folder / "more").mkdir(parents=True)
    (folder / "S2.pdf").write_bytes(pdf([column("Small early targets build trust.")]))
    (folder / "more" / "unknown.txt").write_text("Nobody knows this one.")
    (folder / "scan.pdf").write_bytes(pdf([[]]))
    (folder / "table.xlsx").write_bytes(b"PK")
    return folder


def test_a_folder_is_added_file_by_file_and_nothing_is_lost_silently(
    seeded: Terminal, folder: Path
) -> None:
    result = seeded.run("documents", "add", str(folder), "--format", "csv")
    assert result.exit_code == 1
    rows = {row["file"]: row for row in table(result.stdout)}
    assert (rows["S2.pdf"]["what"], rows["S2.pdf"]["source"]) == ("attached", "S2")
    assert rows["unknown.txt"]["what"] == "waits"
    assert rows["scan.pdf"]["what"] == "refused"
    assert "OCR" in rows["scan.pdf"]["why"]
    assert "table.xlsx: left alone" in result.stderr
    again = seeded.run("documents", "add", str(folder / "S2.pdf"), "--format", "csv")
    [row] = table(again.stdout)
    assert (row["what"], row["source"]) == ("there already", "S2")
    [waiting] = table(seeded("documents", "list", "--waiting", "--format", "csv"))
    assert (waiting["file"], waiting["source"]) == ("unknown.txt", "waits")
    number = waiting["document"].removeprefix("D")
    assert "is the text of S3; 0 waiting" in seeded("documents", "attach", number, "3")
    assert table(seeded("documents", "list", "--waiting", "--format", "csv")) == []


def test_a_quote_without_a_place_says_so(seeded: Terminal) -> None:
    result = seeded.run("documents", "place", "999")
    assert isinstance(result.exception, NotFoundError)
