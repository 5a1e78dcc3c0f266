"""Screening from a terminal, as a person would, up to the flow."""

from pathlib import Path

from app.errors import AppError
from tests.cli.test_commands import Terminal, seeded, table, terminal

__all__ = ["seeded", "terminal"]

RAYYAN = 'key,title,year,notes\n1,Nowhere,2001,"RAYYAN-INCLUSION: {""Ana""=>""Included""}"\n'


def test_a_source_is_screened_checked_and_counted(seeded: Terminal, tmp_path: Path) -> None:
    stages = table(seeded("screening", "stages", "-f", "csv"))
    assert [s["name"] for s in stages] == [
        "Title and abstract",
        "Full text",
        "Relevance and rigour",
    ]
    assert "E1" in seeded("screening", "reason", "2", "Not about it")
    waiting = table(seeded("screening", "next", "1", "-f", "csv"))
    assert waiting[0]["source"] == "S1"
    seeded("screening", "decide", "1", "1", "include")
    seeded("screening", "decide", "1", "2", "exclude", "--note", "another question")
    seeded("screening", "decide", "2", "3", "exclude", "--reason", "not about it")
    wrong = seeded.run("screening", "decide", "2", "1", "exclude", "--reason", "no such")
    assert isinstance(wrong.exception, AppError)
    assert "1 Not about it" in wrong.exception.detail
    seeded("screening", "retrieval", "1", "not_retrieved", "--note", "asked")
    seeded("screening", "adjudicate", "1", "2", "include", "--note", "read again")
    assert table(seeded("screening", "conflicts", "1", "-f", "csv")) == []
    drawn = table(seeded("screening", "sample", "1", "--share", "0.5", "--seed", "3", "-f", "csv"))
    assert len(drawn) == 2
    own = seeded.run("screening", "check", "1", "--agrees")
    assert isinstance(own.exception, AppError)
    found = {row["stage"]: row for row in table(seeded("screening", "progress", "-f", "csv"))}
    assert (found["Full text"]["excluded"], found["Title and abstract"]["included"]) == ("1", "3")
    told = seeded("flow")
    assert "Reports not retrieved (n = 1)" in told
    assert "Not about it (n = 1)" in told
    for ending, start in (
        ("svg", b"<svg"),
        ("png", b"\x89PNG"),
        ("pdf", b"%PDF"),
        ("csv", b"data,"),
    ):
        path = tmp_path / f"flow.{ending}"
        assert "Wrote" in seeded("flow", "-o", str(path))
        assert path.read_bytes().startswith(start)
    assert '"not_retrieved": 1' in seeded("flow", "-f", "json")
    assert isinstance(seeded.run("flow", "-f", "png").exception, AppError)
    assert isinstance(seeded.run("flow", "-o", "flow.doc").exception, AppError)


def test_decisions_come_in_from_a_file(seeded: Terminal, tmp_path: Path) -> None:
    path, report = tmp_path / "articles.csv", tmp_path / "report.json"
    path.write_text(RAYYAN)
    told = seeded(
        "screening", "import", str(path), "--stage", "1", "--preview", "--report", str(report)
    )
    assert "0 decisions would be added" in told
    assert "no source has its DOI" in told
    assert '"is_preview": true' in report.read_text()
