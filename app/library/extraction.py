"""The text of a PDF, Word or HTML file, taken out by a child process that may die without harm."""

import subprocess
import sys
from dataclasses import dataclass
from typing import Any

import orjson

from app.config import Settings
from app.errors import UnreadableDocumentError

CHILD = "app.library.extractors"
EXTRACTORS = {
    "application/pdf": "pdfium 2",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "word 1",
    "text/html": "html 2",
}
"""By media type; a name changes whenever the same bytes would give another text."""
SIGNATURES = ((b"%PDF-", "application/pdf"), (b"PK\x03\x04", list(EXTRACTORS)[1]))


@dataclass(frozen=True, slots=True)
class Bounds:
    """What reading one file may cost: seconds of processor time, megabytes of memory."""

    seconds: int
    megabytes: int


def bounds_of(settings: Settings) -> Bounds:
    """Return what an installation lets the reading of one file cost."""
    return Bounds(settings.document_seconds, settings.document_megabytes)


@dataclass(frozen=True, slots=True)
class Extract:
    """The text of a file; `page_breaks` are where pages 2, 3 … start, null where none are known.

    `notes` say what a person should know of the text, e.g. that pages 3 and 4 have none; `labels`
    what the file calls its pages, `properties` what it says of itself. `layout` of a PDF is as
    `pdf_reading` gives it, of other files empty.
    """

    text: str
    page_breaks: list[int] | None
    notes: list[str]
    labels: list[str] | None
    properties: dict[str, str]
    layout: dict[str, Any]


def extract(content: bytes, media_type: str, bounds: Bounds) -> Extract:
    """Take the text out of a file; raises `UnreadableDocumentError` saying why and what helps."""
    answer = _ask_child(content, media_type, bounds)
    if "problem" in answer:
        raise UnreadableDocumentError(
            f"The file {answer['problem']}.", extra={"reason": answer["reason"]}
        )
    return Extract(**{"layout": {}} | answer)


def _ask_child(content: bytes, media_type: str, bounds: Bounds) -> dict[str, Any]:
    limits = [str(bounds.seconds), str(bounds.megabytes)]
    try:
        child = subprocess.run(
            # -I: nothing of the surroundings; the module needs nothing of ours but itself.
            [sys.executable, "-I", "-m", CHILD, media_type, *limits],
            input=content,
            capture_output=True,
            timeout=2 * bounds.seconds + 5,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return _costly(bounds)
    if child.returncode == 0:
        head, _, words = child.stdout.partition(b"\n")
        answer: dict[str, Any] = orjson.loads(head)
        answer.get("layout", {})["words"] = words
        return answer
    if child.returncode < 0 or b"MemoryError" in child.stderr:
        return _costly(bounds)
    return {"problem": "cannot be read; open it, save it anew and try again", "reason": "damaged"}


def _costly(bounds: Bounds) -> dict[str, Any]:
    return {
        "problem": f"takes over {bounds.seconds} seconds or {bounds.megabytes} MB to read; "
        "save it anew or split it, or upload its text",
        "reason": "too_much_work",
    }


def sniffed(content: bytes, media_type: str) -> str:
    """Return what a file is by its first bytes, where these say so, else as what it was sent."""
    for signature, found in SIGNATURES:
        if content[:1024].lstrip(b"\xef\xbb\xbf \r\n\t").startswith(signature):
            return found
    return media_type
