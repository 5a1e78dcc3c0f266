"""BibTeX and BibLaTeX files as they come: keys with commas or none, fields twice, broken braces.

An entry ends at the latest where a line begins the next one, so that one missing brace costs one
record and no more.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest

from app.exchange.references.bibtex_fields import draft_of
from app.exchange.references.record import Draft

_START = re.compile(r"^[ \t\ufeff]*@[ \t]*([A-Za-z]+)[ \t]*([{(])", re.MULTILINE)
_FIELD_NAME = re.compile(r"[^\W\d_][\w .:+/-]*$")
_BARE = re.compile(r"[^\s,#{}\"()=]+")
_SPACE = re.compile(r"\s*")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class BrokenEntryError(ValueError):
    """An entry that cannot be read; its words say why."""


@dataclass(slots=True)
class Entry:
    """One entry as it is written: values keep LaTeX and inner braces, the last comes last."""

    kind: str
    key: str = ""
    values: list[tuple[str, str]] = field(default_factory=list)


def read_bibtex(text: str) -> Iterator[Draft]:
    """Read a whole file; a draft for every entry in order, with its trouble when it is broken."""
    macros = {month: month for month in MONTHS}
    line, at = 1, 0
    starts = list(_START.finditer(text))
    for found, following in zip_longest(starts, starts[1:]):
        begin = text.index("@", found.start())
        line, at = line + text.count("\n", at, begin), begin
        part = text[begin : following.start() if following else len(text)]
        kind = found[1].lower()
        if kind in {"comment", "preamble"}:
            continue
        try:
            entry, end = _entry(part, found.end() - begin, found[2], kind, macros)
        except BrokenEntryError as error:
            if kind != "string":
                yield Draft(line, part.rstrip(), trouble=str(error))
            continue
        if kind == "string":
            macros.update({name.lower(): value for name, value in entry.values})
        else:
            yield draft_of(entry.kind, entry.key, entry.values, Draft(line, part[:end]))


def _entry(
    part: str, at: int, opening: str, kind: str, macros: dict[str, str]
) -> tuple[Entry, int]:
    """Read an entry from behind its opening bracket; return it and where it ends."""
    closing = "}" if opening == "{" else ")"
    entry = Entry(kind)
    is_first = kind != "string"
    while True:
        at = _after_space(part, at, ",")
        if at >= len(part):
            raise BrokenEntryError("its closing brace is missing")
        if part[at] == closing:
            return entry, at + 1
        stop = _next_of(part, at, "=" + closing)
        head = part[at:stop]
        if part[stop] == closing:
            if is_first and not entry.values:  # @misc{key}
                entry.key = head.strip().rstrip(",").strip()
                return entry, stop + 1
            raise BrokenEntryError(f"{head.strip()[:40]!r} has no value")
        name = _name(entry, head, is_first=is_first)
        is_first = False
        value, at = _value(part, stop + 1, macros)
        entry.values.append((name, value))


def _name(entry: Entry, head: str, *, is_first: bool) -> str:
    """Return the field name at the end of a head; before the first one stands the key."""
    key, comma, name = head.rpartition(",")
    if comma and not is_first and key.strip(" ,\r\n\t"):
        raise BrokenEntryError(f"{key.strip()[:40]!r} has no value")
    if is_first:
        entry.key = key.strip()
    name = name.strip()
    if not _FIELD_NAME.fullmatch(name):
        raise BrokenEntryError(f"{name[:40]!r} is no name of a field")
    return name


def _next_of(part: str, at: int, signs: str) -> int:
    found = [place for sign in signs if (place := part.find(sign, at)) >= 0]
    if not found:
        raise BrokenEntryError("its closing brace is missing")
    return min(found)


def _after_space(part: str, at: int, also: str = "") -> int:
    found = _SPACE.match(part, at)
    at = found.end() if found else at
    while also and at < len(part) and part[at] in also:
        at = _after_space(part, at + 1)
    return at


def _value(part: str, at: int, macros: dict[str, str]) -> tuple[str, int]:
    """Read pieces joined by #: {…}, "…", numbers and names of strings."""
    pieces = []
    while True:
        at = _after_space(part, at)
        piece, at = _piece(part, at, macros)
        pieces.append(piece)
        at = _after_space(part, at)
        if part[at : at + 1] != "#":
            return "".join(pieces), at
        at += 1


def _piece(part: str, at: int, macros: dict[str, str]) -> tuple[str, int]:
    sign = part[at : at + 1]
    if sign == "{":
        end = _balanced(part, at + 1, "}")
        return part[at + 1 : end], end + 1
    if sign == '"':
        end = _balanced(part, at + 1, '"')
        return part[at + 1 : end], end + 1
    found = _BARE.match(part, at)
    if found is None:
        raise BrokenEntryError(f"a value is missing before {part[at : at + 20].strip()!r}")
    return macros.get(found[0].lower(), found[0]), found.end()


_BRACES = {'"': re.compile(r'\\[\\{}"]|[{}"]'), "}": re.compile(r"\\[\\{}]|[{}]")}


def _balanced(part: str, at: int, closing: str) -> int:
    r"""Return where a value closes; `\{` and `\}` are text and do not count."""
    depth = 0
    for found in _BRACES[closing].finditer(part, at):
        sign = found[0]
        if sign == closing and depth == 0:
            return found.start()
        if sign == "{":
            depth += 1
        elif sign == "}":
            depth -= 1
            if depth < 0:
                break
    raise BrokenEntryError("its braces do not match")
