"""The child that takes text out of files: bytes on standard input, JSON on standard output.

Run as a script, without the rest of the application: `extractors.py MEDIA_TYPE SECONDS MEGABYTES`.
The answer has `text`, `page_breaks` and `notes`, or a `problem` that ends the sentence "The file …"
and a one-word `reason`.
"""

import html.parser
import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Any, Final
from xml.etree.ElementTree import Element

import pypdfium2
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

MOST_TEXT: Final = 20_000_000
"""Code points of one text; a long book has two million."""
MOST_UNPACKED: Final = 300_000_000
"""Bytes of a Word file when unpacked."""
HYPHEN: Final = "\ufffe"
"""What PDFium gives for a hyphen that divides a word at the end of a line, break included."""
WORD: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BODY: Final = "word/document.xml"
NOTES: Final = ("word/footnotes.xml", "word/endnotes.xml")
LOCKED: Final = 4
"""PDFium's error for a password that is missing."""

Answer = dict[str, Any]


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
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == LOCKED:
            problem = "is encrypted; save it without a password and upload that"
            raise UnreadableError("encrypted", problem) from None
        problem = "is a damaged PDF; open it in a reader, save it anew and upload that"
        raise UnreadableError("damaged", problem) from None
    empty = [number for number, page in enumerate(pages, start=1) if not page.strip()]
    if len(empty) == len(pages):
        problem = (
            f"has no text layer on its {_many(len(pages), 'page')}, only pictures: it was scanned. "
            "Recognise the text first (OCR, e.g. with OCRmyPDF) and upload the result"
        )
        raise UnreadableError("no_text_layer", problem)
    which = f"{_many(len(empty), 'page')} without text, perhaps scanned: {_ranges(empty)}"
    return {
        "text": "\f".join(pages),
        "page_breaks": page_starts(pages),
        "notes": [which] if empty else [],
    }


def _page_of(book: pypdfium2.PdfDocument, number: int) -> str:
    page = book[number]
    text = page.get_textpage()
    found = page_text(text.get_text_range())
    text.close()
    page.close()
    return found


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


def read_word(content: bytes) -> Answer:
    """Take the text of a Word file (ECMA-376): body, then foot- and endnotes; no deleted words."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = list(_parts(package))
    except (zipfile.BadZipFile, KeyError, ParseError, DefusedXmlException, NotImplementedError):
        problem = "is not a Word document that can be read; save it as .docx anew"
        raise UnreadableError("damaged", problem) from None
    except RuntimeError:  # what zipfile raises for a password
        problem = "is encrypted; save it without a password and upload that"
        raise UnreadableError("encrypted", problem) from None
    text = "\n\n".join("".join(_words(part)).strip("\n") for part in parts)
    return {"text": text, "page_breaks": None, "notes": []}


def _parts(package: zipfile.ZipFile) -> Iterator[Element]:
    names = set(package.namelist())
    wanted = [BODY, *(name for name in NOTES if name in names)]
    if sum(package.getinfo(name).file_size for name in wanted) > MOST_UNPACKED:
        problem = f"unpacks to more than {MOST_UNPACKED:,} bytes of text; upload its text"
        raise UnreadableError("too_large", problem)
    for name in wanted:
        yield fromstring(package.read(name))


_BEFORE = {f"{WORD}tab": "\t", f"{WORD}br": "\n", f"{WORD}cr": "\n"}
_BEFORE |= {f"{WORD}noBreakHyphen": "\u2011", f"{WORD}softHyphen": "\u00ad"}
_AFTER = {f"{WORD}p": "\n", f"{WORD}tc": "\t", f"{WORD}tr": "\n"}
_SKIPPED = frozenset({f"{WORD}del", f"{WORD}moveFrom", f"{WORD}instrText", f"{WORD}rPr"}) | {
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
}


def _words(top: Element) -> Iterator[str]:
    """Yield the words under an element in reading order, without recursion: files may be deep."""
    waiting: list[Element | str] = [top]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            yield item
        elif item.tag not in _SKIPPED:
            yield _BEFORE.get(item.tag, "")
            if item.tag == f"{WORD}t":
                yield item.text or ""
            waiting.append(_AFTER.get(item.tag, ""))
            waiting.extend(reversed(item))


_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_SILENT = frozenset({"script", "style", "head", "template", "noscript", "svg", "iframe"})
_BLOCKS = re.compile(
    "address|article|aside|blockquote|body|br|caption|d[dlt]|details|div|fieldset|figcaption|figure"
    "|footer|form|h[1-6]|header|hr|legend|li|main|nav|ol|p|pre|section|summary|table|t(body|foot|head)"
    "|tr|ul"
)


class _Reader(html.parser.HTMLParser):
    """Collects what a reader of the page would see, one line a block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.silent: list[str] = []
        self.verbatim = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        if tag == "body":  # ends a head left open
            self.silent.clear()
        if tag in _SILENT:
            self.silent.append(tag)
        self._mark(tag, 1)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.silent:
            while self.silent.pop() != tag:
                pass
        self._mark(tag, -1)

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.found.append(data if self.verbatim > 0 else re.sub(r"[ \t\n\r\f]+", " ", data))

    def _mark(self, tag: str, step: int) -> None:
        if tag == "pre":
            self.verbatim += step
        if _BLOCKS.fullmatch(tag):
            self.found.append("\n")
        elif tag in {"td", "th"} and step < 0:
            self.found.append("\t")


def read_html(content: bytes) -> Answer:
    """Take the text a reader of the page would see: one line a block, tabs between table cells."""
    reader = _Reader()
    reader.feed(_decoded(content))
    reader.close()
    text = re.sub(r" ?\n[ \n]*\n ?| ?\n ?", "\n", "".join(reader.found))
    return {"text": text.strip(), "page_breaks": None, "notes": []}


def _decoded(content: bytes) -> str:
    """Decode as the page says, else as UTF-8, else as Windows-1252, which browsers assume."""
    named = _CHARSET.search(content[:4096])
    tries = ["utf-8-sig", named[1].decode() if named else "utf-8", "cp1252"]
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        tries.insert(0, "utf-16")
    for name in tries:
        try:
            return content.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("latin-1")


READERS: dict[str, Callable[[bytes], Answer]] = {
    "application/pdf": read_pdf,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": read_word,
    "text/html": read_html,
}


def answer(content: bytes, media_type: str) -> Answer:
    """Read a file, or say why not."""
    try:
        found = READERS[media_type](content)
        found["text"] = _sound(found["text"])
    except UnreadableError as error:
        return {"problem": str(error), "reason": error.reason}
    return found


def _sound(text: str) -> str:
    if not text.strip():
        raise UnreadableError("no_text", "has no text; upload one that has")
    if len(text) > MOST_TEXT:
        raise UnreadableError("too_large", f"has more than {MOST_TEXT:,} characters; split it")
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub("[\x00\ud800-\udfff]", "\ufffd", unified)


def limit(seconds: int, megabytes: int) -> None:
    """Let the system end this process when it takes more."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(arguments: Iterable[str]) -> None:
    """Answer one file."""
    media_type, seconds, megabytes = arguments
    limit(int(seconds), int(megabytes))
    found = answer(sys.stdin.buffer.read(), media_type)
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
