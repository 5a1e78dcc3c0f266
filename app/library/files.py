"""The folder of uploaded files: each under the sum of its bytes, whole or not at all."""

import os
import tempfile
from pathlib import Path

from app.errors import NotFoundError
from app.library.models import Document


def file_path(folder: Path, sha256: str) -> Path:
    """Return where the bytes of that sum are kept: two levels of folders, then the sum."""
    return folder / sha256[:2] / sha256[2:4] / sha256


def find_file(folder: Path, document: Document) -> Path:
    """Return where the bytes of a document are, or say that they are missing."""
    path = file_path(folder, document.sha256)
    if not path.is_file():
        raise NotFoundError(
            f"The file of D{document.id} is not in the files folder; restore it from a backup."
        )
    return path


def keep_file(folder: Path, sha256: str, content: bytes) -> None:
    """Write bytes under their sum, whole or not at all, and on disk before this returns."""
    path = file_path(folder, sha256)
    if not (path.is_file() and path.stat().st_size == len(content)):
        write_whole(folder, path, content)


def write_whole(folder: Path, path: Path, content: bytes) -> None:
    """Write a file aside and then put it in its place, on disk before this returns."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=folder) as aside:
        draft = Path(aside) / path.name
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    entry = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(entry)
    finally:
        os.close(entry)
