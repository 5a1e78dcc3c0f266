"""The documents of an archive: the bytes as they came, and the text all positions refer to."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from app.errors import AppError
from app.exchange.archive.lines import Line
from app.exchange.archive.parsing import Place
from app.exchange.archive.shape import DOCUMENTS
from app.library.documents import read_text


class Texts:
    """Completes lines of documents from the files beside them."""

    ALSO: ClassVar[frozenset[str]] = frozenset({"file"})
    """What a line may say besides its columns: where the file is, if not under its sha256."""

    def __init__(self, folder: Path, sums: Mapping[str, str]) -> None:
        self.folder = folder
        self.sums = sums
        self.used: dict[str, Path] = {}

    def complete(self, line: Line, place: Place) -> Line:
        """Fill in sum and size of the file and return the column that is kept apart: the text."""
        name = line.pop("file", None) or f"{DOCUMENTS}{line.get('sha256')}"
        if name not in self.sums:
            raise place.refuse(f"there is no file {name} in the archive")
        path = self.folder / str(name)
        if line.setdefault("sha256", self.sums[name]) != self.sums[name]:
            raise place.refuse(f"sha256: {name} has another, {self.sums[name]}")
        if line.setdefault("byte_size", path.stat().st_size) != path.stat().st_size:
            raise place.refuse(f"byte_size: {name} has {path.stat().st_size:,} bytes")
        self.used[self.sums[name]] = path
        return {"text": self._text(path, self.folder / f"{DOCUMENTS}D{line.get('id')}.txt", place)}

    def _text(self, path: Path, canonical: Path, place: Place) -> str:
        try:
            if not canonical.exists():
                return read_text(path.read_bytes())
            text = canonical.read_bytes().decode()
        except AppError as error:
            raise place.refuse(f"{path.name}: {error.detail.rstrip('.')}") from None
        except UnicodeDecodeError as error:
            raise place.refuse(f"{canonical.name}: byte {error.start} is not UTF-8") from None
        if "\x00" in text or "\r" in text:
            raise place.refuse(f"{canonical.name}: a canonical text has LF only, and no NUL")
        return text
