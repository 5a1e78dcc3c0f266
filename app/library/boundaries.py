"""Where paragraphs and sentences begin and end in a canonical text, by rules a reader can check.

Sentences are ended by `.`, `!`, `?` or `…`, with the quotation marks, brackets and note numbers
that follow, before a space and what can begin a sentence. Abbreviations, initials, decimals and
citations end none. The rules know English, and what German and French write alike.
"""

import re
from collections.abc import Iterator
from enum import StrEnum

Span = tuple[int, int]

ORDINAL = 2
"""Digits of a number that a full stop may make a third or a twelfth."""
SHORT_LINE = 0.75
"""Share of the usual length of a line below which a finished sentence ends a paragraph."""
ABBREVIATIONS = re.compile(
    "abb|al|approx|art|bzw|ca|cap|cf|ch|chap|col|dept|diff|dr|ed|eds|eg|engl|esp|est|etc|fig"
    "|figs|ff|hrsg|ie|incl|jr|lit|max|med|min|mr|mrs|ms|mt|nb|no|nos|nr|op|p|para|pp|prof"
    "|publ|ref|refs|resp|rev|s|sec|sect|sen|sq|sr|st|suppl|tab|trans|usw|vgl|viz|vol|vols"
    "|vs|zit"
)
"""Words that a full stop shortens, and in which sentences rarely end."""
MAY_END = frozenset({"al", "etc", "usw", "ff", "no", "s", "max", "min"})
"""Of these, the ones that do end a sentence when a capital begins the next and no name follows."""

_END = re.compile(
    r"(?P<stop>[.!?\u2026]+|[\u3002\uff01\uff1f])"
    r"(?P<after>(?:[\u00a0\u202f]\u00bb)?[\"'\u2019\u201d\u201c\u00bb)\]]*(?:\[[\d,\u2013\s-]{1,20}\]|[\u00b9\u00b2\u00b3\u2070-\u2079]+)*)"
    r"(?=\s|$)|(?<=[\u3002\uff01\uff1f])"
)
_FINISHED = re.compile(r"[.!?:\u2026][\W\d]*$")
_OPENING = "\"'\u2018\u201c\u201e\u00ab([\u00bf\u00a1"
_WORD_BEFORE = re.compile(r"[\w\u00c0-\u024f.]+$")


class Setting(StrEnum):
    """How paragraphs stand in a text."""

    LINES = "lines"
    """A line each: taken out of Word and HTML files."""
    APART = "apart"
    """Blank lines between them: plain text and Markdown."""
    TYPESET = "typeset"
    """As printed: nothing but a short line tells the end of one."""


def setting_of(extractor: str) -> Setting:
    """Return how paragraphs stand in what an extractor gives."""
    known = {"pdfium": Setting.TYPESET, "word": Setting.LINES, "html": Setting.LINES}
    return known.get(extractor.split(maxsplit=1)[0], Setting.APART)


def paragraph_spans(text: str, setting: Setting) -> Iterator[Span]:
    """Yield the paragraphs of a text, without the space around them."""
    lines = [match.span() for match in re.finditer(r"[^\n\f]*[\n\f]|[^\n\f]+$", text)]
    words = [text[start:end].strip() for start, end in lines]
    usual = _usual_length(words)
    begun = 0
    for n, (_, end) in enumerate(lines):
        following = words[n + 1] if n + 1 < len(words) else ""
        ends = setting is Setting.LINES or not words[n]
        if ends or (setting is Setting.TYPESET and _ends_paragraph(words[n], following, usual)):
            yield from _trimmed(text, begun, end)
            begun = end
    yield from _trimmed(text, begun, len(text))


def _usual_length(lines: list[str]) -> int:
    """Return a length that a quarter of the lines reach."""
    lengths = sorted(len(line) for line in lines if line)
    return lengths[len(lengths) * 3 // 4] if lengths else 0


def _ends_paragraph(line: str, following: str, usual: int) -> bool:
    """Say so of a short line that ends a sentence, or a very short one such as a heading."""
    if len(line) >= SHORT_LINE * usual or following[:1].islower():
        return False
    return bool(_FINISHED.search(line)) or len(line) < SHORT_LINE**2 * usual


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    inner = text[start:end]
    words = inner.strip()
    if words:
        first = start + len(inner) - len(inner.lstrip())
        yield first, first + len(words)


def sentence_spans(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the sentences of a stretch that is one paragraph, without the space around them."""
    begun = start
    for found in _END.finditer(text, start, end):
        if found.end() < end and not _ends_sentence(text, begun, found):
            continue
        yield from _trimmed(text, begun, found.end())
        begun = found.end()
    yield from _trimmed(text, begun, end)


def _ends_sentence(text: str, begun: int, found: re.Match[str]) -> bool:
    following = text[found.end() : found.end() + 60].lstrip()
    first = following.lstrip(_OPENING)[:1]
    if not first or first.islower() or first in ",;:)]":
        return False
    if found["stop"] != ".":
        return True
    before = _WORD_BEFORE.search(text, max(begun, found.start() - 40), found.start())
    word = before.group() if before else ""
    if found["after"].strip("'\"\u2019\u201d"):  # a bracket or a note closed after it
        return True
    return not _is_shortened(word, first, following)


def _is_shortened(word: str, first: str, following: str) -> bool:
    """Say whether a full stop belongs to the word before it."""
    plain = word.rstrip(".").lower()
    if len(plain) == 1 and plain.isalpha():  # initials, and the parts of z. B.
        return True
    if re.fullmatch(r"(?:\w\.)+\w", plain):  # e.g, i.e, d.h, U.S
        return True
    if plain.isdigit():  # 3. of a list, or an ordinal: but a year or figure ends a sentence
        return len(plain) <= ORDINAL and not first.isupper()
    if not ABBREVIATIONS.fullmatch(plain):
        return False
    is_citation = bool(re.match(r"[(\[]?\d", following))
    return not (plain in MAY_END and first.isupper() and not is_citation)
