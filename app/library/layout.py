"""Where the words of a PDF stand on its pages, kept compactly beside the file.

The file is derived: it may be lost or deleted, and is made again from the PDF when it is asked for.
"""

import hashlib
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from app.errors import ConflictError
from app.library.extraction import EXTRACTORS, Bounds, Extract, extract
from app.library.files import file_path, find_file, write_whole
from app.library.models import Document

PDF = next(iter(EXTRACTORS))
READER = EXTRACTORS[PDF].rstrip("0123456789")
"""Begins the name of whatever version took a text out of a PDF."""
TENTHS = 10
"""Places are kept in tenths of a point."""
FURTHEST = 1_000_000
"""Tenths of a point beyond which a place is nonsense; the largest page has 144,000."""
COLUMNS = 6
Numbers = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Layout:
    """The words of a document: code points of their page, and boxes in tenths of a point.

    `words` has a row each for start, end (exclusive), left, right, bottom, top; `firsts` says where
    those of pages 1, 2 … begin, and where the last ends. `frames` has left, bottom, right, top of
    each page in points, and how far it is turned clockwise for reading, in degrees.
    """

    frames: list[list[float]]
    firsts: list[int]
    words: Numbers


def pack_layout(found: Extract) -> bytes:
    """Return the layout of a text as one compressed file."""
    frames: list[list[float]] = found.layout["frames"]
    count = sum(int(frame[5]) for frame in frames)
    raw: bytes = found.layout["words"]
    firsts, lasts, shifts = np.frombuffer(raw, "=i4", 3 * count).reshape(3, count)
    starts, ends = firsts + shifts, lasts + shifts + 1
    boxes = np.frombuffer(raw, "=f4", offset=12 * count).reshape(2, count, 4)
    tenths = np.nan_to_num(boxes * TENTHS).clip(-FURTHEST, FURTHEST).round().astype(np.int32)
    left, right = tenths[:, :, [0, 2]].min((0, 2)), tenths[:, :, [0, 2]].max((0, 2))
    bottom, top = tenths[:, :, [1, 3]].min((0, 2)), tenths[:, :, [1, 3]].max((0, 2))
    steps = [np.diff(column, prepend=0) for column in (starts, left, bottom)]
    packed = np.array([*steps, ends - starts, right - left, top - bottom], "<i4")
    head = {"frames": [[*map(_rounded, f[:4]), *f[4:]] for f in frames], "text": _sum(found.text)}
    return orjson.dumps(head) + b"\n" + zlib.compress(packed.tobytes(), 1)


def _rounded(points: float) -> float:
    return round(points, 2)


def _sum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _unpack(content: bytes) -> tuple[Layout, str]:
    head, _, packed = content.partition(b"\n")
    told: dict[str, Any] = orjson.loads(head)
    flat = np.frombuffer(zlib.decompress(packed), "<i4")
    start, left, bottom, length, width, height = flat.reshape(COLUMNS, flat.size // COLUMNS)
    starts, lefts, bottoms = (np.cumsum(column, dtype=np.int32) for column in (start, left, bottom))
    boxes = (lefts, lefts + width, bottoms, bottoms + height)
    words = np.array([starts, starts + length, *boxes], np.int32)
    firsts = [0, *np.cumsum([int(frame[5]) for frame in told["frames"]]).tolist()]
    return Layout([frame[:5] for frame in told["frames"]], firsts, words), told["text"]


def layout_path(folder: Path, sha256: str) -> Path:
    """Return where the layout of the file of that sum is kept: beside it."""
    return file_path(folder, sha256).with_suffix(".layout")


def keep_layout(folder: Path, sha256: str, packed: bytes) -> None:
    """Write a layout beside its file."""
    write_whole(folder, layout_path(folder, sha256), packed)


def find_layout(folder: Path, document: Document, bounds: Bounds) -> Layout | None:
    """Return the layout of a document, made again if it is lost; nothing for what has no pages.

    Raises `ConflictError` when the file gives another text than the one that is kept.
    """
    if not document.extractor.startswith(READER):
        return None
    path, wanted = layout_path(folder, document.sha256), _sum(document.text)
    if path.is_file():
        layout, text = _unpack(path.read_bytes())
        if text == wanted:
            return layout
    content = find_file(folder, document).read_bytes()
    packed = pack_layout(extract(content, PDF, bounds))
    layout, text = _unpack(packed)
    if text != wanted:
        raise ConflictError(
            f"The text of D{document.id} was taken by another version of the PDF reader, so its "
            "places on the page are not known; upload the file to another review to see them."
        )
    keep_layout(folder, document.sha256, packed)
    return layout
