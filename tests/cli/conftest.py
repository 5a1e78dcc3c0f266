"""What takes long to make, made once for all commands."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app


def settle(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let commands work in a folder, as wide as a terminal and with the cheapest argon2."""
    monkeypatch.setenv("RETRODUCE_DATA_DIR", str(folder))
    monkeypatch.setenv("RETRODUCE_DATABASE_URL", "")
    monkeypatch.setenv("RETRODUCE_PASSWORD_MEMORY_KIB", "32")
    monkeypatch.setenv("RETRODUCE_PASSWORD_ROUNDS", "1")
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture(scope="session")
def seeded_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a shipped review; every test gets a copy."""
    folder = tmp_path_factory.mktemp("seeded") / "data"
    with pytest.MonkeyPatch.context() as monkeypatch:
        settle(monkeypatch, folder)
        for words in (["init-db"], ["seed", "trust-and-faith"]):
            result = CliRunner().invoke(app, words)
            assert result.exit_code == 0, result.output
    return folder
