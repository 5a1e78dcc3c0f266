"""Passages that run over the end of a page, with whatever stands between: notes, heads, numbers."""

from collections.abc import Iterator
from itertools import islice

from app.coding.folding import Folded, find_all

LEAST_BEFORE, LEAST_AFTER = 8, 5
"""Folded characters of a passage that must stand on either page; fewer agree by chance."""
LONGEST_BETWEEN = 2_500
"""Characters that notes and running heads between the two parts may have."""
MOST_BEGINNINGS = 2_000
"""Places looked at where the beginning of a passage stands."""

Span = tuple[int, int]


def find_over_pages(text: str, document: Folded, core: str) -> Iterator[Span]:
    """Give every place where a folded passage stands in two parts, a page break between them.

    Nothing of the passage may be missing; the span runs from its first to its last character.
    """
    if "\f" not in text or len(core) < LEAST_BEFORE + LEAST_AFTER:
        return
    beginnings = find_all(document.plain, core[:LEAST_BEFORE])
    for at in islice(beginnings, MOST_BEGINNINGS):
        if found := _rest(text, document, core, at):
            yield document.source_span(at, at + 1)[0], found


def _rest(text: str, document: Folded, core: str, at: int) -> int | None:
    """Return where a passage that begins here ends on the next page, if it does."""
    agreeing = _agreeing(core, document.plain, at)
    if agreeing == len(core):
        return None
    for cut in sorted({agreeing, core.rfind(" ", 0, agreeing + 1)}, reverse=True):
        rest = core[cut:].lstrip() if cut >= LEAST_BEFORE else ""
        if len(rest) < LEAST_AFTER:
            continue
        is_divided = rest == core[cut:]
        broken = document.source_span(at, at + cut)[1]
        over = text.find("\f", broken, broken + LONGEST_BETWEEN)
        found = _after(text, document, rest, (at + cut, over)) if over >= 0 else None
        if found and (not is_divided or "-" in text[broken : broken + 2]):
            return found
    return None


def _after(text: str, document: Folded, rest: str, where: Span) -> int | None:
    """Find the rest of a passage as whole words behind a page break; return where it ends."""
    at, over = where
    part = document.plain[at : at + 2 * LONGEST_BETWEEN + len(rest)]
    for place in (at + inside for inside in find_all(part, rest)):
        start, end = document.source_span(place, place + len(rest))
        if start > over + LONGEST_BETWEEN:
            return None
        ends_inside = text[end - 1 : end + 1].isalnum() and end < len(text)
        if start > over and not text[start - 1].isalnum() and not ends_inside:
            return end
    return None


def _agreeing(core: str, plain: str, at: int) -> int:
    """Count the characters in which a passage agrees with the text from a place on."""
    here = plain[at : at + len(core)]
    pairs = enumerate(zip(core, here, strict=False))
    return next((n for n, (a, b) in pairs if a != b), len(here))
