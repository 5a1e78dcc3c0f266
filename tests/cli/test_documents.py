"""Full texts from the terminal: a folder, what waits, where quotes stand."""

import json
from pathlib import Path

import pytest

from app.config import shipped
from app.errors import NotFoundError
from tests.cli.test_commands import SEED, Terminal, seeded, table, terminal
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


def test_an_interview_goes_in_without_names_and_the_list_stays(
    seeded: Terminal, tmp_path: Path
) -> None:
    names, talk = tmp_path / "names.csv", tmp_path / "talk.txt"
    names.write_text("name,pseudonym\nMary Smith,Nurse 3\n")
    talk.write_text("A1: Well.\nMary Smith: Trust.\nA1: And?\nMary Smith: Faith.\n")
    assert "1 names have pseudonyms" in seeded("pseudonyms", "add", str(names))
    refused = seeded.run("documents", "add", str(talk), "--source", "1", "--format", "csv")
    assert (refused.exit_code, table(refused.stdout)[0]["what"]) == (1, "refused")
    add = ("documents", "add", str(talk), "--source", "1", "--pseudonymise", "--format", "csv")
    number = table(seeded(*add))[0]["document"].removeprefix("D")
    speakers = ("documents", "speakers", number, "A1", "Nurse 3", "--format", "csv")
    assert table(seeded(*speakers)) == [
        {"speaker": "A1", "turns": "2"},
        {"speaker": "Nurse 3", "turns": "2"},
    ]
    assert table(seeded("pseudonyms", "check", "--format", "csv")) == []
    assert table(seeded("pseudonyms", "list", "--format", "csv"))[0]["name"] == "Mary Smith"
    for option, is_there in (("--history", False), ("--with-pseudonym-map", True)):
        folder = tmp_path / option
        seeded("archive", "export", "-o", str(folder), option)
        assert ("Mary" in (folder / "pseudonyms.jsonl").read_text()) is is_there
    seeded("pseudonyms", "remove", "1")
    assert table(seeded("pseudonyms", "list", "--format", "csv")) == []


def test_a_new_version_takes_quotes_over_and_names_those_that_stay(
    seeded: Terminal, tmp_path: Path
) -> None:
    lines = (shipped("seeds") / SEED / "quotes.jsonl").read_text().splitlines()
    first, second, *_ = [q["exact"] for q in map(json.loads, lines) if q["source_id"] == 1]
    for name, text in (("v1.txt", f"{first} And {second}"), ("v2.txt", f"New words. {first}")):
        (tmp_path / name).write_text(text)
        seeded("documents", "add", str(tmp_path / name), "--source", "1", "--format", "csv")
    told = seeded("documents", "take-over", "2", "1")
    assert "1 quotes moved to D2." in told
    assert "stay in D1, found less surely: Q" in told
