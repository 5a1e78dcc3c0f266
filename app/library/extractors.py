"""The child that takes text out of files: bytes on standard input, JSON on standard output.

Run apart from the rest of the application: `-m app.library.extractors TYPE SECONDS MEGABYTES`.
The answer has `text`, `page_breaks`, `notes`, `labels` and `properties`, or a `problem` that ends
the sentence "The file …" and a one-word `reason`. Of a PDF the places of words follow as bytes.
"""

import codecs
import html.parser
import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator
from typing import Final
from xml.etree.ElementTree import Element

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from app.library.pdf_reading import Answer, UnreadableError, plain, read_pdf

MOST_TEXT: Final = 20_000_000
"""Code points of one text; a long book has two million."""
MOST_UNPACKED: Final = 300_000_000
"""Bytes of a Word file when unpacked."""
WORD: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BODY: Final = "word/document.xml"
CORE: Final = "docProps/core.xml"
DUBLIN_CORE: Final = "{http://purl.org/dc/elements/1.1/}"
NOTES: Final = ("word/footnotes.xml", "word/endnotes.xml")


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
    text = "\n\n".join("".join(_words(part)).strip("\n") for part in parts[1:])
    told = {
        name: "".join(part.text or "" for part in parts[0].iter(f"{DUBLIN_CORE}{tag}"))
        for name, tag in (("title", "title"), ("author", "creator"))
    }
    return _answer(text, plain(told))


def _answer(text: str, properties: dict[str, str]) -> Answer:
    return {
        "text": text,
        "page_breaks": None,
        "notes": [],
        "labels": None,
        "properties": properties,
    }


def _parts(package: zipfile.ZipFile) -> Iterator[Element]:
    names = set(package.namelist())
    told = [CORE] if CORE in names else []
    wanted = [*told, BODY, *(name for name in NOTES if name in names)]
    if sum(package.getinfo(name).file_size for name in wanted) > MOST_UNPACKED:
        problem = f"unpacks to more than {MOST_UNPACKED:,} bytes of text; upload its text"
        raise UnreadableError("too_large", problem)
    if not told:
        yield Element("none")
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


_TOLD = {
    "citation_doi": "doi",
    "citation_title": "title",
    "citation_author": "author",
    "dc.title": "title",
    "dc.creator": "author",
}


class _Reader(html.parser.HTMLParser):
    """Collects what a reader of the page would see, one line a block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.silent: list[str] = []
        self.verbatim = 0
        self.told: dict[str, str] = {}
        self.is_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._read_told(tag, dict(attrs))
        if tag == "body":  # ends a head left open
            self.silent.clear()
        if tag in _SILENT:
            self.silent.append(tag)
        self._mark(tag, 1)

    def _read_told(self, tag: str, values: dict[str, str | None]) -> None:
        self.is_title = tag == "title" and "svg" not in self.silent
        name = _TOLD.get((values.get("name") or "").lower()) if tag == "meta" else None
        if name:
            self.told.setdefault(name, values.get("content") or "")

    def handle_endtag(self, tag: str) -> None:
        self.is_title = False
        if tag in self.silent:
            while self.silent.pop() != tag:
                pass
        self._mark(tag, -1)

    def handle_data(self, data: str) -> None:
        if self.is_title:
            self.told.setdefault("title", data)
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
    return _answer(text.strip(), plain(reader.told))


_AS_BROWSERS: Final = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "utf-16": "utf-8",
    "utf-16-le": "utf-8",
    "utf-16-be": "utf-8",
}
"""What a page is read as that names an encoding, where the WHATWG standards differ from Python."""
_WINDOWS_1252: Final = {
    byte: bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0xA0)
}
"""Its bytes that are none of Latin-1; the five that it leaves out are controls to browsers."""


def _decoded(content: bytes) -> str:
    """Decode as UTF-8, else as the page says and browsers read that, else as Windows-1252."""
    named = _CHARSET.search(content[:4096])
    tries = ["utf-8-sig", *(_codec(named[1].decode()) if named else ())]
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        tries.insert(0, "utf-16")
    for name in tries:
        try:
            return content.decode(name)
        except UnicodeError:
            continue
    return content.decode("latin-1").translate(_WINDOWS_1252)


def _codec(label: str) -> list[str]:
    """Return how browsers read an encoding that a page names; nothing when there is none such."""
    try:
        name = codecs.lookup(label).name
        "".encode(name)
    except LookupError:
        return []
    return [_AS_BROWSERS.get(name, name)]


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
    words: bytes = found.get("layout", {}).pop("words", b"")
    sys.stdout.buffer.write(json.dumps(found).encode() + b"\n" + words)


if __name__ == "__main__":
    main(sys.argv[1:])
