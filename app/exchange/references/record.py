"""What a reader finds: records with their place and raw text, and those it could not read."""

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from app.errors import InvalidError

UNSOUND = re.compile("[\x00\ud800-\udfff]")
"""NUL, which no store keeps, and what stands for a byte that could not be decoded."""
LONGEST_RAW = 20_000
"""Characters of a bad record that are reported; the file itself is kept whole."""


class UnknownFormatError(InvalidError):
    """The file is in no format we read, or not in the one named; `formats` lists those we do."""

    code = "unknown_format"


@dataclass(frozen=True, slots=True)
class Record:
    """One record: `fields` as `SourceCreate` takes them, `number` and `line` counted from one.

    `raw` is its text with LF as line end, as it stood in the file; `remarks` say what was read
    with doubt.
    """

    number: int
    line: int
    raw: str
    fields: dict[str, Any]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BadRecord:
    """One record that cannot become a source: where it stands and why."""

    number: int
    line: int
    raw: str
    reason: str


Found = Record | BadRecord


@dataclass(slots=True)
class Draft:
    """A record on its way: columns, other CSL-JSON fields, what has no place in either, doubts."""

    line: int
    raw: str
    fields: dict[str, Any] = field(default_factory=dict)
    csl: dict[str, Any] = field(default_factory=dict)
    rest: list[list[str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    trouble: str = ""
    """Why it cannot be read; empty when it can."""

    def put(self, name: str, value: object) -> None:
        """Set a column unless there is nothing to set."""
        if value not in (None, "", []):
            self.fields[name] = value

    def put_csl(self, name: str, value: object) -> None:
        """Set another CSL-JSON field unless there is nothing to set."""
        if value not in (None, "", []):
            self.csl[name] = value


def put_rest(draft: Draft, text: str) -> bool:
    """Put in what a writer of ours kept as JSON, since the format could not carry it.

    `{"fields": {…}, "csl": {…}}`; null takes away what was read. Anything else is not of ours:
    the answer is false.
    """
    try:
        rest = json.loads(text)
    except (ValueError, RecursionError):
        return False
    for name, target in (("fields", draft.fields), ("csl", draft.csl)):
        values = rest.get(name) if isinstance(rest, dict) else None
        for key, value in values.items() if isinstance(values, dict) else ():
            if key == "custom":
                draft.rest.clear()
            target.pop(key, None)
            if value is not None:
                target[key] = value
    return isinstance(rest, dict)


def finish(drafts: Iterable[Draft], dialect: str) -> Iterator[Found]:
    """Give drafts their numbers; what CSL-JSON has no place for goes under `custom`, by dialect.

    A record without a title, with a NUL or with bytes of another encoding is a bad one.
    """
    for number, draft in enumerate(drafts, start=1):
        reason = draft.trouble or _unsound(draft) or _untitled(draft)
        if reason:
            yield BadRecord(number, draft.line, presentable(draft.raw), reason)
            continue
        if draft.rest:
            custom = draft.csl.get("custom")
            known = custom if isinstance(custom, dict) else {}
            draft.csl["custom"] = known | {dialect: draft.rest}
        if draft.csl:
            draft.fields["csl"] = draft.csl
        yield Record(number, draft.line, draft.raw, draft.fields, tuple(draft.remarks))


def _untitled(draft: Draft) -> str:
    return "" if draft.fields.get("title") else "it has no title"


def _unsound(draft: Draft) -> str:
    with suppress(UnicodeEncodeError):  # most texts are sound, and this is sooner said
        draft.raw.encode()
        if "\x00" not in draft.raw:
            return ""
    found = UNSOUND.search(draft.raw)
    if found is None:
        return ""
    line = draft.line + draft.raw.count("\n", 0, found.start())
    if found[0] == "\x00":
        return f"a NUL character in line {line}; remove it"
    return f"byte {_byte(found[0])} in line {line} is not of this encoding; name another"


def _byte(character: str) -> str:
    return f"0x{ord(character) & 0xFF:02X}"


def presentable(raw: str) -> str:
    """Return raw text any store and any screen can hold: odd bytes spelled out, cut when huge."""
    text = UNSOUND.sub(
        lambda found: "␀" if found[0] == "\x00" else f"\\x{_byte(found[0])[2:]}", raw
    )
    if len(text) <= LONGEST_RAW:
        return text
    return f"{text[:LONGEST_RAW]}… [{len(text):,} characters; the file holds it whole]"
