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
_START_ANYWHERE = re.compile(r"@[ \t]*([A-Za-z]+)[ \t]*([{(])")
_FIELD_NAME = re.compile(r"[^\W\d_][\w .:+/-]*$")
_BARE = re.compile(r"[^\s,#{}\"()=]+")
_SPACE = re.compile(r"\s*")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

INHERITED = (
    "booktitle",
    "editor",
    "year",
    "date",
    "month",
    "publisher",
    "organization",
    "address",
    "location",
    "series",
    "isbn",
    "issn",
)
"""What a part has from its whole by `crossref`: never its title, authors, identifiers or pages."""


class BrokenEntryError(ValueError):
    """An entry that cannot be read; its words say why."""


@dataclass(slots=True)
class Entry:
    """One entry as it is written: values keep LaTeX and inner braces, the last comes last."""

    kind: str
    key: str = ""
    values: list[tuple[str, str]] = field(default_factory=list)


def read_bibtex(text: str) -> Iterator[Draft]:
    """Read a whole file; a draft for every entry in order, with its trouble when it is broken.

    What an entry lacks and the one its `crossref` names has is taken from there, wherever in the
    file that stands.
    """
    found = list(_File(text).entries())
    by_key = {entry.key.lower(): entry for _, entry in found if entry is not None and entry.key}
    for draft, entry in found:
        if entry is not None:
            values = entry.values + _inherited(draft, entry, by_key)
            draft_of(entry.kind, entry.key, values, draft)
        yield draft


def _inherited(draft: Draft, entry: Entry, by_key: dict[str, Entry]) -> list[tuple[str, str]]:
    """Return what an entry has from the one its crossref names, and say so."""
    own = {name.lower(): value for name, value in entry.values}
    parent = by_key.get(own.get("crossref", "").strip().lower())
    if parent is None or parent is entry:
        return []
    given = {name.lower(): value for name, value in reversed(parent.values)}
    given.setdefault("booktitle", given.get("title", ""))
    found = [(name, given[name]) for name in INHERITED if name not in own and given.get(name)]
    if found:
        names = ", ".join(name for name, _ in found)
        draft.remarks.append(f"{names}: of @{parent.kind}{{{parent.key}}}, its crossref")
    return found


class _File:
    """A file on its way: the strings it declared, and up to where a comment reaches."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.macros = {month: month for month in MONTHS}
        self.commented = 0
        self.line, self.counted = 1, 0

    def entries(self) -> Iterator[tuple[Draft, Entry | None]]:
        """Yield each entry with the draft it will fill, or a draft that says what is wrong."""
        starts = list(_START.finditer(self.text))
        for found, following in zip_longest(starts, starts[1:]):
            stop = following.start() if following else len(self.text)
            start: re.Match[str] | None = found
            while start is not None:  # another may stand behind it in the same line
                draft, entry, end = self._read(start, stop)
                if draft is not None:
                    yield draft, entry
                start = _START_ANYWHERE.search(self.text, end, stop) if end else None

    def _read(self, start: re.Match[str], stop: int) -> tuple[Draft | None, Entry | None, int]:
        """Read what begins here; return it, if it is an entry, and where it ends, if it does."""
        at = self.text.index("@", start.start())
        self.line, self.counted = self.line + self.text.count("\n", self.counted, at), at
        kind, part = start[1].lower(), self.text[at:stop]
        if kind in {"comment", "preamble"}:
            if kind == "comment":
                self.commented = max(self.commented, _end_of_comment(self.text, start))
            return None, None, 0
        if at < self.commented:
            trouble = "it stands within an @comment; take it out of there to import it"
            return Draft(self.line, part.rstrip(), trouble=trouble), None, 0
        try:
            entry, end = _entry(part, start.end() - at, start[2], kind, self.macros)
        except BrokenEntryError as error:
            if kind == "string":
                return None, None, 0
            return Draft(self.line, part.rstrip(), trouble=str(error)), None, 0
        if kind == "string":
            self.macros.update({name.lower(): value for name, value in entry.values})
            return None, None, at + end
        return Draft(self.line, part[:end]), entry, at + end


def _end_of_comment(text: str, start: re.Match[str]) -> int:
    """Return where a comment in braces ends; one that never does comments nothing out."""
    try:
        return _balanced(text, start.end(), "}") if start[2] == "{" else 0
    except BrokenEntryError:
        return 0


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
