"""Files that commands write: where their folder is, and whole or not at all."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import BaseModel

from app.errors import NotFoundError


def require_folder(path: Path | None) -> None:
    """Refuse a file whose folder is not there, before anything is done for it."""
    if path and not path.parent.is_dir():
        raise NotFoundError(f"There is no folder {path.parent}; make it first.")


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give what a file is written to aside; it takes the file's place when all of it is there.

    What is no ordinary file, a pipe say, is written to as it is.
    """
    require_folder(path)
    target = path.resolve()
    if target.exists() and not target.is_file():
        yield target
        return
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".retroduce-") as aside:
        draft = Path(aside) / target.name
        yield draft
        if target.exists():
            shutil.copymode(target, draft)
        draft.replace(target)


def write_report(path: Path | None, answer: BaseModel) -> None:
    """Write a whole answer as JSON, where a file for it is named."""
    if path:
        with whole_file(path) as draft:
            draft.write_text(answer.model_dump_json(indent=2), "utf-8")
