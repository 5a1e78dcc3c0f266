"""Which encoding a file is in: by its byte order mark, then by what its bytes can be."""

import codecs
import io
import re
from collections.abc import Iterator

from app.errors import InvalidError

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"<\?xml[^>]*encoding=[\"']([\w.-]{2,40})[\"']")
_HIGH = re.compile(rb"[\x80-\xff]+")
_LEAD = re.compile(rb"[\xc2-\xf4][\x80-\xbf]+")
MOSTLY = 0.8
HEAD = 1_000


def guess_encoding(content: bytes) -> str:
    """Return a Python codec: of the mark, as declared, UTF-8, GB18030, else Windows-1252.

    A file that is UTF-8 but for a few bytes is UTF-8: whoever reads it names those bytes.
    """
    for mark, name in MARKS:
        if content.startswith(mark):
            return name
    declared = _DECLARED.search(content[:HEAD])
    named = known_encoding(declared[1].decode("ascii")) if declared else None
    if named:
        return named
    if wide := _unmarked_utf_16(content[:HEAD]):
        return wide
    if _is(content, "utf-8"):
        return "utf-8"
    high = b"".join(_HIGH.findall(content))
    if len(b"".join(_LEAD.findall(high))) > MOSTLY * len(high):
        return "utf-8"
    return "gb18030" if _looks_chinese(content) else "cp1252"


def _unmarked_utf_16(head: bytes) -> str | None:
    """Return the UTF-16 in which most characters are ASCII: every other byte is NUL."""
    half = len(head) // 2
    for name, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        if half > 1 and zeros.count(0) > MOSTLY * half and head.count(0) <= half:
            return name
    return None


def _is(content: bytes, encoding: str) -> bool:
    try:
        for _ in codecs.iterdecode(_chunks(content), encoding):
            pass
    except UnicodeDecodeError:
        return False
    return True


def _chunks(content: bytes, size: int = 1 << 20) -> Iterator[bytes]:
    for at in range(0, len(content), size):
        yield content[at : at + size]


def _looks_chinese(content: bytes) -> bool:
    """Say whether bytes over 0x7F come in pairs, as in GBK, and not one by one, as in Latin-1."""
    runs = _HIGH.findall(content)
    paired = sum(len(run) for run in runs if len(run) > 1 and len(run) % 2 == 0)
    return paired > MOSTLY * sum(map(len, runs)) and _is(content, "gb18030")


def known_encoding(name: str) -> str | None:
    """Return the codec of a name, if it is one of text that Python knows."""
    try:
        found = codecs.lookup(name)
        "".encode(found.name)
    except (LookupError, ValueError):
        return None
    return found.name if "".encode(found.name) in (b"", *(mark for mark, _ in MARKS)) else None


def require_encoding(name: str) -> str:
    """Return the codec of a name a person gave; raises `InvalidError` when there is none."""
    found = known_encoding(name)
    if found is None:
        raise InvalidError(f"encoding: {name} is none we know; try utf-8, cp1252, gb18030, utf-16.")
    return found


def open_lines(content: bytes, encoding: str) -> Iterator[str]:
    """Yield lines without their ends, whichever of LF, CRLF and CR end them.

    Bytes that cannot be decoded become lone surrogates, which `finish` looks for. Decoding goes
    in pieces, so that a large file is never held as text as well.
    """
    file = io.TextIOWrapper(io.BytesIO(content), encoding, "surrogateescape", newline=None)
    try:
        for line in file:
            yield line.removesuffix("\n")
    except UnicodeDecodeError as error:
        raise InvalidError(
            f"The file is not {encoding}: {error.reason}; name its encoding."
        ) from error


def open_text(content: bytes, encoding: str) -> str:
    """Return the whole text, LF as its only line end, without a byte order mark."""
    return "\n".join(open_lines(content, encoding)).removeprefix("\ufeff")
