"""Own fields and saved views from a terminal."""

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
