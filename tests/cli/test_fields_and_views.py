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


def test_fields_are_filled_in_and_emptied_by_their_types(seeded: Terminal) -> None:
    chosen = ("--choice", "RCT", "--choice", "cohort")
    seeded("field", "add", "source", "design", "choices", *chosen)
    for name, kind in (("sites", "number"), ("checked", "yes_no"), ("note", "text")):
        seeded("field", "add", "source", name, kind)
    seeded("field", "add", "configuration", "note", "text")
    values = ("design=RCT", "design=cohort", "sites=3", "checked=no", "note=a=b")
    said = seeded("field", "fill", "S1", *values)
    assert said == "S1: design: RCT, cohort; sites: 3; checked: no; note: a=b\n"
    assert "note" not in seeded("field", "fill", "S1", "note=")
    asked = [f"field={one}" for one in ("design:cohort", "sites:>=3", "checked:no", "note:none")]
    where = [word for one in asked for word in ("--where", one)]
    assert [row["source"] for row in table(seeded("sources", *where, "-f", "csv"))] == ["S1"]
    assert seeded("field", "fill", "C7", "note=early") == "C7: note: early\n"
    for wrong, told in (
        (("S1", "sites=many"), "write a number"),
        (("S1", "colour=red"), "no such field"),
        (("S1", "design"), "write NAME=VALUE"),
        (("K1", "design=RCT"), "S12 or C7"),
        (("S999", "design=RCT"), "There is no S999"),
    ):
        refused = seeded.run("field", "fill", *wrong).exception
        assert isinstance(refused, AppError)
        assert told in refused.detail


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
