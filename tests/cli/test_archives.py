"""Archives and backups from the terminal."""

import json
from pathlib import Path

import pytest

from app.errors import AppError
from tests.cli.test_commands import SEED, Terminal, seeded, terminal

__all__ = ["seeded", "terminal"]


def code_of(terminal: Terminal, *words: str) -> str:
    error = terminal.run(*words).exception
    assert isinstance(error, AppError), error
    return error.code


def test_a_review_goes_out_and_comes_in_as_a_copy(seeded: Terminal, tmp_path: Path) -> None:
    packed, folder = tmp_path / "trust.zip", tmp_path / "trust"
    assert f"Wrote {SEED}" in seeded("archive", "export", "--output", str(packed))
    seeded("archive", "export", "--output", str(folder), "--no-history")
    assert json.loads((folder / "manifest.json").read_bytes())["history"] is False
    assert code_of(seeded, "archive", "export", "--output", str(packed)) == "conflict"
    assert code_of(seeded, "archive", "import", str(packed), "--copy") == "already_taken"
    made = seeded("archive", "import", str(packed), "--copy", "--slug", "second")
    assert "second is a new review" in made
    assert "second" in seeded("review", "list")
    listed = seeded("configurations", "--review", "second", "--format", "json")
    assert len(json.loads(listed)) == len(
        json.loads(seeded("configurations", "--review", SEED, "--format", "json"))
    )


def test_a_preview_changes_nothing(seeded: Terminal, tmp_path: Path) -> None:
    folder = tmp_path / "trust"
    seeded("archive", "export", "--output", str(folder))
    shown = seeded("archive", "import", str(folder), "--preview")
    assert f"{SEED} would be brought up to date" in shown
    assert "H2" not in seeded("history", "list")


def test_what_is_no_archive_is_said(seeded: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "notes.zip"
    path.write_text("no zip")
    assert code_of(seeded, "archive", "import", str(path)) == "bad_archive"
    assert code_of(seeded, "archive", "import", str(tmp_path / "none.zip")) == "not_found"


def test_a_backup_is_restored_into_an_empty_place(
    seeded: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = tmp_path / "saved.tar"
    assert "Saved and checked" in seeded("backup", "--output", str(saved))
    assert code_of(seeded, "restore", str(saved)) == "conflict"
    monkeypatch.setenv("RETRODUCE_DATA_DIR", str(tmp_path / "elsewhere"))
    assert "Restored" in seeded("restore", str(saved))
    assert SEED in seeded("review", "list")
