"""Formatted citations: reference lists in a style, as plain text, Markdown or HTML.

A processor of the Citation Style Language lays each reference out after a style of ours; what it
is given was made sound before, so that no odd field of a reference can stop a list.
"""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cache, partial
from io import BytesIO
from types import SimpleNamespace
from typing import Any

from app.config import PACKAGE
from app.db import search_key

CslItem = Mapping[str, Any]
"""A reference as CSL-JSON has it."""
STYLES = PACKAGE / "export" / "styles"
VARIABLES = (
    *("title", "container-title", "volume", "issue", "page", "publisher", "publisher-place"),
    *("DOI", "URL"),
)
"""What the styles show, besides people and the year."""
NAME_PARTS = ("family", "given", "suffix", "dropping-particle", "non-dropping-particle")
TAGS = ("i", "b", "sup", "sub")
"""Markup that titles may carry (CSL-JSON 1.0.2, appendix); any other sign is text."""
_MARK = 0xE000
_OPEN = {tag: chr(_MARK + 2 * n) for n, tag in enumerate(TAGS)}
_CLOSE = {tag: chr(_MARK + 2 * n + 1) for n, tag in enumerate(TAGS)}
_PRIVATE = re.compile(f"[{chr(_MARK)}-{chr(_MARK + 2 * len(TAGS) - 1)}]")
_PAIR = re.compile(r"<(i|b|sup|sub)>(.*?)</\1>", re.DOTALL)
_SPACE = re.compile(r"\s+")
_CLOSES = "".join(_CLOSE.values())
_FULL_STOP = re.compile(rf"(?<=[^\s.?!…])\.([{_CLOSES}]*)$")
_ABBREVIATED = re.compile(rf"(?:\.[^\W\d_]{{1,2}}|\b(?:al|etc|Inc|Ltd|Jr|Sr))\.[{_CLOSES}]*$")
"""U.S., Ph.D., et al.: the full stop at the end belongs to the word."""
_SPECIAL = re.compile(r"([\\`*_\[\]<>|~$])")
_ESCAPED = r"\\\1"
_IN_HTML = {ord(_OPEN[t]): f"<{t}>" for t in TAGS} | {ord(_CLOSE[t]): f"</{t}>" for t in TAGS}
_IN_MARKDOWN = _IN_HTML | {
    ord(sign): mark for tag, mark in (("i", "*"), ("b", "**")) for sign in (_OPEN[tag], _CLOSE[tag])
}


class Style(StrEnum):
    """How a reference list is laid out."""

    APA = "apa"
    VANCOUVER = "vancouver"
    HARVARD = "harvard"


class Form(StrEnum):
    """What a reference list is written as."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"


MEDIA_TYPES = {
    Form.TEXT: "text/plain; charset=utf-8",
    Form.MARKDOWN: "text/markdown; charset=utf-8",
    Form.HTML: "text/html; charset=utf-8",
}
POLICY = "default-src 'none'"
ENDINGS = {Form.TEXT: "txt", Form.MARKDOWN: "md", Form.HTML: "html"}


def _wrapped(tag: str, text: object) -> str:
    return f"{_OPEN[tag]}{text}{_CLOSE[tag]}"


_FORMATTER = SimpleNamespace(preformat=str, Italic=partial(_wrapped, "i"))
"""What the processor sets in italics is marked by signs of ours, written out at the end."""


@cache
def _style(style: Style) -> bytes:
    return (STYLES / f"{style}.csl").read_bytes()


def reference_list(
    items: Iterable[CslItem], style: Style, form: Form, title: str = ""
) -> Iterator[bytes]:
    """Yield a reference list, UTF-8; by author and year, but in Vancouver numbered as they come.

    Titles keep the capitals of the source. Two works of one author and year get no letters.
    """
    lines = cited(items, style)
    if style is not Style.VANCOUVER:
        lines = iter(line for _, line in sorted((_place(line), line) for line in lines))
    numbered = style is Style.VANCOUVER
    head, tail = _frame(form, title, is_ordered=numbered)
    yield head.encode()
    for n, line in enumerate(lines, 1):
        yield _entry(line, form, n if numbered else None).encode()
    yield tail.encode()


def cited(items: Iterable[CslItem], style: Style) -> Iterator[str]:
    """Yield each reference laid out, with our signs for markup, in the order given."""
    from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle
    from citeproc.source.json import CiteProcJSON

    processor = CitationStylesStyle(BytesIO(_style(style)), validate=False)
    for item in items:
        source = CiteProcJSON([sound(item)])
        made = CitationStylesBibliography(processor, source, _FORMATTER)
        made.register(Citation([CitationItem("r")]))
        [line] = made.bibliography()
        yield _tidy(str(line))


def citation(item: CslItem, style: Style) -> str:
    """Return one reference laid out, as a piece of HTML."""
    [line] = cited([item], style)
    return html.escape(line, quote=False).translate(_IN_HTML)


def sound(item: CslItem) -> dict[str, Any]:
    """Return what styles show of an item, each value of the kind the processor takes."""
    found: dict[str, Any] = {"id": "r", "type": str(item.get("type") or "document")}
    for name in VARIABLES:
        value = item.get(name)
        if isinstance(value, str | int | float) and str(value).strip():
            found[name] = _text(str(value))
    found["title"] = _unstopped(found.get("title", "[No title]"))
    for name in ("author", "editor"):
        people = item.get(name)
        names = [_name(one) for one in people if isinstance(one, dict)] if people else []
        if any(names):
            found[name] = [one for one in names if one]
    year = _year(item.get("issued"))
    if year is not None:
        found["issued"] = {"date-parts": [[year]]}
    return found


def _text(value: str) -> str:
    """Keep text on one line, and the markup titles may carry as signs of ours."""
    text = _SPACE.sub(" ", _PRIVATE.sub("", value)).strip()
    while (marked := _PAIR.sub(lambda m: _wrapped(m[1], m[2]), text)) != text:
        text = marked
    return text


def _unstopped(title: str) -> str:
    """Take off the full stop that PubMed puts behind titles; styles have marks of their own."""
    return title if _ABBREVIATED.search(title) else _FULL_STOP.sub(r"\1", title)


def _name(name: Mapping[str, Any]) -> dict[str, str]:
    """Return a person by parts, or a body whole: its name is never turned round or shortened."""
    parts = {part: _text(str(name[part])) for part in NAME_PARTS if name.get(part)}
    if "family" in parts:
        return parts if _has_initials(parts.get("given", "")) else {"literal": _whole(parts)}
    whole = name.get("literal") or name.get("given")
    return {"literal": _text(str(whole))} if whole else {}


def _has_initials(given: str) -> bool:
    """Say whether a given name can be shortened: scripts without capitals know no initials."""
    first = given[:1]
    return not first or first.lower() != first.upper() or not first.isalpha()


def _whole(parts: Mapping[str, str]) -> str:
    return f"{parts['family']} {parts['given']}"


def _year(issued: Any) -> int | None:
    try:
        return int(issued["date-parts"][0][0])
    except (KeyError, IndexError, TypeError, ValueError):
        return None


def _tidy(line: str) -> str:
    """Mend what joining fixed words and fields leaves: two full stops, a stop after a question."""
    line = re.sub(rf"([.?!…])([{_CLOSES}’]*)\.(?=[ {_CLOSES}]|$)", r"\1\2", line)
    return _SPACE.sub(" ", line).strip()


def _place(line: str) -> str:
    """Return what a line is sorted by: its letters and digits, folded."""
    return search_key(_PRIVATE.sub("", line))


def _entry(line: str, form: Form, n: int | None) -> str:
    number = f"{n}. " if n else ""
    if form is Form.HTML:
        return f"<li>{html.escape(line, quote=False).translate(_IN_HTML)}</li>\n"
    if form is Form.MARKDOWN:
        return f"{number or '- '}{_SPECIAL.sub(_ESCAPED, line).translate(_IN_MARKDOWN)}\n"
    return f"{number}{_PRIVATE.sub('', line)}\n"


def _frame(form: Form, title: str, *, is_ordered: bool) -> tuple[str, str]:
    """Return what stands before and after the entries: a whole page of HTML, a heading, nothing."""
    if form is Form.MARKDOWN:
        return f"# {_SPECIAL.sub(_ESCAPED, title)}\n\n", ""
    if form is Form.TEXT:
        return "", ""
    name, tag = html.escape(title), "ol" if is_ordered else "ul"
    head = (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        f"<title>{name}</title>\n</head>\n<body>\n<h1>{name}</h1>\n<{tag}>\n"
    )
    return head, f"</{tag}>\n</body>\n</html>\n"
