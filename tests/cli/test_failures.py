"""What a full disk, a folder that may not be written, or a lost database is told as."""

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli import main
from app.cli.failures import refusal
from app.config import Settings
from app.errors import AppError
from app.exchange.backup import restore_backup
from tests.cli.conftest import settle
from tests.conftest import cheap_settings

STARVED = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
sys.argv = ["retroduce", *sys.argv[2:]]
from app.cli import main
main()
"""
ROOM = 36 * 1024
"""Enough for what SQLite keeps beside a database that is read, and for no file written here."""


@pytest.fixture
def data(seeded_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(seeded_folder, tmp_path / "data")
    settle(monkeypatch, tmp_path / "data")
    return tmp_path / "data"


def starved(*words: str, room: int = ROOM) -> str:
    """Run a command that may write no file larger than the room there is; return what it said."""
    asked = [sys.executable, "-c", STARVED, str(room), *words]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert done.returncode == 4, (done.stdout, done.stderr)
    assert done.stderr.strip().count("\n") == 0
    return done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("backup", "-o", "all.tar"),
        ("archive", "export", "-o", "review.zip"),
        ("archive", "export", "-o", "review"),
        ("evidence", "-o", "table.csv"),
        ("evidence", "-o", "table.xlsx"),
        ("chains", "--from", "K8", "-o", "chains.png"),
    ],
    ids=" ".join,
)
def test_a_full_disk_is_told_by_the_file_and_leaves_nothing_of_it(
    data: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    *asked, name = words
    target = tmp_path / name
    said = starved(*asked, str(target))
    assert f"The disk that holds {target}" in said
    assert "make room on it" in said
    assert list(tmp_path.iterdir()) == [data]


def test_a_full_disk_under_the_database_is_told_by_its_file(data: Path) -> None:
    for words in (("review", "create", "other", "Other"), ("seed", "training-vignette")):
        said = starved(*words)
        assert f"The disk that holds {data / 'retroduce.db'}" in said
        assert "make room on it" in said


def test_a_restore_onto_a_full_disk_keeps_its_word_about_the_backup(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["retroduce", "backup", "-o", str(tmp_path / "all.tar")])
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    settle(monkeypatch, tmp_path / "other")
    said = starved("restore", str(tmp_path / "all.tar"), room=100 * 1024)
    assert f"The disk that holds {tmp_path / 'other'} is full: make room on it" in said
    assert "copy it again" not in said
    assert {path.name for path in (tmp_path / "other").iterdir()} <= {"retroduce.db"}
    restore_backup(tmp_path / "all.tar", cheap_settings(tmp_path / "other"))


def test_a_database_that_cannot_be_opened_or_is_away_is_told_with_the_remedy(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for file in data.glob("retroduce.db*"):
        file.unlink()
    (data / "retroduce.db").mkdir()
    away = "postgresql://ana:secret@127.0.0.1:9/none"
    for url, told in (
        ("", f"{data / 'retroduce.db'} cannot be opened: is its folder there"),
        (away, "start it, or say in RETRODUCE_DATABASE_URL where it is"),
    ):
        monkeypatch.setenv("RETRODUCE_DATABASE_URL", url)
        monkeypatch.setattr("sys.argv", ["retroduce", "sources"])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr().err
        assert (ended.value.code, said.count("\n")) == (4, 1)
        assert told in said
        assert "secret" not in said


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.EACCES, "This user may not use /there/table.csv: give them the right to it"),
        (errno.EROFS, "/there/table.csv can only be read: make its disk or folder writable"),
        (errno.EIO, "did not do what was asked"),
    ],
)
def test_what_may_not_be_written_is_told_with_the_remedy(number: int, told: str) -> None:
    found = refusal(OSError(number, os.strerror(number), "/there/table.csv"), Settings())
    assert isinstance(found, AppError)
    assert told in found.detail


def test_a_fault_of_ours_stays_a_fault() -> None:
    for error in (ValueError("no"), OSError("no"), OSError(errno.EBADF, "no")):
        assert refusal(error, Settings()) is None
