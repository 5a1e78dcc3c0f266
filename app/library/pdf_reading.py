"""The text of PDF files, page by page, with where its words stand on paper.

Part of the child that reads files: nothing here needs the rest of the application.
"""

import ctypes
import math
import re
from array import array
from collections import deque
from collections.abc import Iterable
from itertools import pairwise, repeat
from typing import Any, Final, NamedTuple

import pypdfium2
import pypdfium2.raw

HYPHEN: Final = "\ufffe"
"""What PDFium gives for a hyphen that divides a word at the end of a line, break included."""
LOCKED: Final = 4
"""PDFium's error for a password that is missing."""
MOST_UNKNOWN: Final = 0.2
"""Share of a page's characters that may be unknown before it is said to be in odd letters."""
ENOUGH: Final = 200
"""Characters looked at, about, to tell how the text of a page runs."""

Answer = dict[str, Any]
Layout = dict[str, Any]
"""`frames`: of each page left, bottom, right, top, turn in degrees and number of words; `words`."""


class UnreadableError(Exception):
    """Why a file gives no text: the sentence's end, and one word for programs."""

    def __init__(self, reason: str, problem: str) -> None:
        super().__init__(problem)
        self.reason = reason


def read_pdf(content: bytes) -> Answer:
    """Take the text of a PDF page by page, in the order in which PDFium gives it."""
    try:
        with pypdfium2.PdfDocument(content) as book:
            pages = [_page_of(book, number) for number in range(len(book))]
            labels = [book.get_page_label(number) for number in range(len(book))]
            properties = _properties(book.get_metadata_dict(skip_empty=True), content)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == LOCKED:
            problem = "is encrypted; save it without a password and upload that"
            raise UnreadableError("encrypted", problem) from None
        raise _web_page() if _is_web_page(content) else _damaged() from None
    notes = _notes([page and page.text for page in pages])
    texts = [page.text if page else "" for page in pages]
    return {
        "text": "\f".join(texts),
        "page_breaks": page_starts(texts),
        "notes": notes,
        "labels": labels if any(labels) else None,
        "properties": properties,
        "layout": _layout(pages),
    }


def _damaged() -> UnreadableError:
    problem = "is a damaged PDF; open it in a reader, save it anew and upload that"
    return UnreadableError("damaged", problem)


_HTML: Final = re.compile(rb"<(!doctype\s+)?html\b", re.IGNORECASE)


def _is_web_page(content: bytes) -> bool:
    start = content[:4096]
    return b"%PDF-" not in start and _HTML.search(start) is not None


def _web_page() -> UnreadableError:
    problem = (
        "is no PDF but an HTML page, probably a sign-in or error page of the publisher; "
        "download the PDF anew and upload that"
    )
    return UnreadableError("html", problem)


def _notes(texts: list[str | None]) -> list[str]:
    """Say which pages gave nothing or nonsense; raise when no page gave anything."""
    numbered = list(enumerate(texts, start=1))
    broken = [number for number, text in numbered if text is None]
    empty = [number for number, text in numbered if text is not None and not text.strip()]
    if len(broken) == len(texts):
        raise _damaged()
    if len(empty) + len(broken) == len(texts):
        problem = (
            f"has no text layer on its {_many(len(texts), 'page')}, only pictures: it was scanned. "
            "Recognise the text first (OCR, e.g. with OCRmyPDF) and upload the result"
        )
        raise UnreadableError("no_text_layer", problem)
    odd = [number for number, text in numbered if text and _is_odd(text)]
    found = (
        (empty, "without text, perhaps scanned"),
        (broken, "damaged and without text; save the file anew to have them"),
        (odd, "in letters that cannot be told; recognise their text (OCR) to quote from them"),
    )
    return [f"{_many(len(n), 'page')} {what}: {_ranges(n)}" for n, what in found if n]


def _is_odd(text: str) -> bool:
    """Say whether a font kept its meaning to itself: much is of no known character."""
    return len(_UNKNOWN.findall(text)) > MOST_UNKNOWN * len(text)


_UNKNOWN: Final = re.compile("[\x01-\x08\x0e-\x1b\x7f-\x9f\ue000-\uf8ff\ufffd]")
_MARKS: Final = (b"prism:doi", b"pdfx:doi", b"dc:identifier", b"/doi", b"/DOI")
"""By which publishers give the DOI in the XMP packet or the record of a PDF."""
_DOI: Final = re.compile(
    rb"[^>(]{0,80}[>(]\s*(?:doi:\s*)?(10\.\d{4,9}/[^\s<>()]{1,200})", re.IGNORECASE
)
_NOTHING: Final = frozenset({"untitled", "anonymous", "unspecified", "unknown"})


def _properties(told: dict[str, str], content: bytes) -> dict[str, str]:
    """Return title and author of a PDF's own record, and a DOI from there or its XMP packet."""
    found = {name.lower(): told.get(name, "") for name in ("Title", "Author")}
    marks = [content.find(mark) + len(mark) for mark in _MARKS if mark in content]
    named = next(filter(None, (_DOI.match(content, at) for at in marks)), None)
    in_record = re.search(r"\b10\.\d{4,9}/[^\s<>;]{1,200}", " ".join(told.values()))
    if named:
        found["doi"] = named[1].decode("latin-1")
    elif in_record:
        found["doi"] = in_record[0]
    return plain(found)


def plain(found: dict[str, str]) -> dict[str, str]:
    """Keep what says something, on one line each and none too long."""
    kept = {
        name: re.sub("[\x00\ud800-\udfff]", "", " ".join(v.split()))[:500]
        for name, v in found.items()
    }
    return {name: v for name, v in kept.items() if v and v.lower() not in _NOTHING}


class Words(NamedTuple):
    """Where the words of a page stand, in what PDFium gives of it and on paper.

    `firsts` and `lasts` are code points of PDFium's text, of which `shifts` makes positions in the
    canonical one. The boxes of those characters are left, top, right, bottom in points from below.
    """

    firsts: "array[int]"
    lasts: "array[int]"
    shifts: "array[int]"
    first_boxes: bytes
    last_boxes: bytes


class PdfPage(NamedTuple):
    """A page: its canonical text, its box and turn, and where its words stand."""

    text: str
    frame: tuple[float, ...]
    words: Words


def _page_of(book: pypdfium2.PdfDocument, number: int) -> PdfPage | None:
    """Read a page; nothing when the file is broken just there."""
    try:
        page = book[number]
        frame = (*page.get_cropbox(), page.get_rotation())
        text = _text_of(page)
    except pypdfium2.PdfiumError:
        return None
    raw = text.get_text_range()
    found = PdfPage(page_text(raw), frame, _words_of(text, raw))
    text.close()
    page.close()
    return found


def _text_of(page: pypdfium2.PdfPage) -> pypdfium2.PdfTextPage:
    """Load the text of a page, lines in the order in which people read them.

    PDFium gives lines that run down the page as shown from last to first; so such a page is read
    a quarter turn back. Boxes are in the page's own coordinates, whatever its turn.
    """
    text, turn = page.get_textpage(), page.get_rotation()
    if _runs_down(text, turn):
        text.close()
        page.set_rotation((turn - 90) % 360)
        text = page.get_textpage()
    return text


def _runs_down(text: pypdfium2.PdfTextPage, turn: int) -> bool:
    """Say whether most characters run down a page that is shown turned clockwise by degrees."""
    count = text.count_chars()
    some = range(0, count, max(1, count // ENOUGH))
    angles = [math.degrees(pypdfium2.raw.FPDFText_GetCharAngle(text, at)) for at in some]
    down = sum(round((angle + turn) / 90) % 4 == 1 for angle in angles)
    return 2 * down > len(angles)


_LINES: Final = re.compile(f"\r\n|(?<={HYPHEN})")
"""Either becomes one line break in the canonical text."""
_WORD: Final = re.compile(r"\S+")
# Called some hundred thousand times a book: without the checks and locks of the usual way.
_LOOSE_BOX: Final = ctypes.PYFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)(
    ctypes.cast(pypdfium2.raw.FPDFText_GetLooseCharBox, ctypes.c_void_p).value or 0
)


def _words_of(text: pypdfium2.PdfTextPage, raw: str) -> Words:
    """Find the words of a page; a divided one is two, the first with its hyphen."""
    firsts, lasts, shifts = array("i"), array("i"), array("i")
    at = shift = 0
    for line in _LINES.split(raw):
        spans = [match.span() for match in _WORD.finditer(line)]
        firsts.extend([at + start for start, _ in spans])
        lasts.extend([at + end - 1 for _, end in spans])
        shifts.extend([shift] * len(spans))
        is_divided = line.endswith(HYPHEN)  # nothing between the lines, and a break to come
        at += len(line) + (0 if is_divided else 2)
        shift += 1 if is_divided else -1
    return Words(firsts, lasts, shifts, _boxes(text, raw, firsts), _boxes(text, raw, lasts))


def _boxes(text: pypdfium2.PdfTextPage, raw: str, positions: "array[int]") -> bytes:
    indices: Iterable[int] = positions
    if text.count_chars() != len(raw):  # PDFium left some characters out of the text
        to_index = pypdfium2.raw.FPDFText_GetCharIndexFromTextIndex
        indices = [max(to_index(text, at), 0) for at in positions]
    boxes = (ctypes.c_float * (4 * len(positions)))()
    first, page = ctypes.addressof(boxes), ctypes.cast(text.raw, ctypes.c_void_p).value
    places = range(first, first + 16 * len(positions), 16)
    deque(map(_LOOSE_BOX, repeat(page), indices, places), maxlen=0)
    return bytes(boxes)


def _layout(pages: list[PdfPage | None]) -> Layout:
    """Put what is known of all pages one after the other."""
    none = Words(array("i"), array("i"), array("i"), b"", b"")
    nothing = PdfPage("", (0.0, 0.0, 0.0, 0.0, 0), none)
    known = [page or nothing for page in pages]
    columns = zip(*(page.words for page in known), strict=True)
    return {
        "frames": [[*page.frame, len(page.words.firsts)] for page in known],
        "words": b"".join(bytes(part) for column in columns for part in column),
    }


def page_text(raw: str) -> str:
    r"""Make what PDFium gives of a page canonical: LF, and a divided word as `-` and a line break.

    Nothing is joined, since comparing passages does that. What no store keeps becomes U+FFFD.
    """
    text = raw.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    return re.sub("[\x00\ud800-\udfff]", "\ufffd", text.replace(HYPHEN, "-\n"))


def page_starts(pages: list[str]) -> list[int] | None:
    """Return where pages 2, 3 … start once they are joined by one character each."""
    starts, at = [], 0
    for page in pages[:-1]:
        at += len(page) + 1
        starts.append(at)
    return starts or None


def _many(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _ranges(numbers: list[int]) -> str:
    """Write ascending numbers shortly: 1-3, 7."""
    starts = [n for before, n in pairwise([-1, *numbers]) if n != before + 1]
    ends = [n for n, after in pairwise([*numbers, -1]) if after != n + 1]
    pairs = zip(starts, ends, strict=True)
    return ", ".join(f"{a}" if a == b else f"{a}-{b}" for a, b in pairs)
