"""Own fields and saved views from a terminal."""

from pathlib import Path

from app.errors import AppError
from tests.cli.test_commands import Terminal, seeded, table, terminal

__all__ = ["seeded", "terminal"]


def test_fields_are_added_listed_asked_by_and_removed(seeded: Terminal) -> None:
    chosen = ("--choice", "pilot", "--choice", "roll-out", "--label", "Stage")
    assert "F1" in seeded("field", "add", "configuration", "stage", "choice", *chosen)
    seeded("field", "add", "source", "sites", "number", "--explain", "how many")
    listed = table(seeded("field", "list", "-f", "csv"))
    assert [(f["on"], f["name"], f["choices"]) for f in listed] == [
        ("source", "sites", ""),
        ("configuration", "stage", "pilot; roll-out"),
    ]
    every = table(seeded("configurations", "-f", "csv"))
    both = ("--where", "field=stage:none", "--where", "field=stage:none")
    of_sources = ("--where", "source_field=sites:none")
    assert every
    assert table(seeded("configurations", *both, "-f", "csv")) == every
    assert table(seeded("configurations", *both, *of_sources, "-f", "csv"))
    assert table(seeded("configurations", "--where", "field=stage:pilot", "-f", "csv")) == []
    columns = ("--columns", "configuration,field_stage,source_field_sites")
    assert "field_stage" in seeded("evidence", *columns).splitlines()[0]
    assert "no field stage" in seeded("field", "remove", "configuration", "stage")
    gone = seeded.run("field", "remove", "configuration", "stage")
    assert isinstance(gone.exception, AppError)
    wrong = seeded.run("matrix", "--where", "field=stage:pilot")
    assert isinstance(wrong.exception, AppError)
    assert "no field stage" in wrong.exception.detail


def test_views_are_kept_shown_asked_and_removed(seeded: Terminal, tmp_path: Path) -> None:
    narrow = ("--has", "outcome:K1:reduced")
    seeded("view", "save", "reduced", "configurations", *narrow, "--title", "Less trust")
    seeded("view", "save", "grid", "matrix", "--where", "rows=mechanism")
    seeded("view", "save", "table", "evidence", *narrow, "--where", "columns=stance")
    seeded("view", "save", "works", "sources", "--where", "text=trust")
    listed = table(seeded("view", "list", "-f", "csv"))
    assert [v["view"] for v in listed] == ["reduced", "grid", "table", "works"]
    assert "/matrix?rows=mechanism" in seeded("view", "show", "grid", "-f", "csv")
    plain = seeded("configurations", *narrow, "-f", "csv")
    assert seeded("view", "run", "reduced", "-f", "csv") == plain
    assert seeded("view", "run", "grid", "-f", "json") == seeded(
        "matrix", "--rows", "mechanism", "-f", "json"
    )
    assert seeded("view", "run", "table").splitlines()[0] == "stance"
    assert "S1" in seeded("view", "run", "works", "-f", "csv")
    path = tmp_path / "table.csv"
    assert "rows" in seeded("view", "run", "table", "-o", str(path))
    assert path.read_text("utf-8-sig").startswith("stance")
    assert seeded.run("view", "run", "grid", "-o", str(path)).exit_code == 2
    wrong = seeded.run("view", "save", "x1", "matrix", "--where", "colour=red")
    assert isinstance(wrong.exception, AppError)
    assert "query.colour" in wrong.exception.detail
    assert "restore V 2" in seeded("view", "remove", "grid")
    assert seeded.run("view", "run", "grid").exception is not None
