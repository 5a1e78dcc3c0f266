"""Who speaks where in a transcript: turns that begin with the name of a speaker.

A colon follows it, or, in the transcripts of meeting programs, a time that ends the line.
"""

import re
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

from app.library.models import Document

LEAST_TURNS = 2
"""Turns of a speaker; a label that stands once is a heading, or `Note:`."""
_TIME = r"[\[(]?\d{1,2}(?::\d{2}){1,2}(?:[.,]\d{1,3})?[\])]?"
_BOLD = r"(?:\*\*|__)?"  # as Markdown has it
_TURN = re.compile(
    rf"(?:^|(?<=\f))[ \t]*{_BOLD}(?:{_TIME}[ \t]*(?:-[ \t]*)?)?{_BOLD}"  # a time before, or after
    r"(?P<label>[^\W\d_][\w.'\u2019-]*(?:[ \t]+(?!\d+:\d)[\w.'\u2019&-]+){0,4})"
    rf"(?:[ \t]*(?:\([^()\n]{{1,40}}\))?[ \t]*(?:{_TIME})?{_BOLD}[ \t]*"  # who that is, when
    rf"(?::{_BOLD}(?=\s|$)|\uff1a)"
    rf"|[ \t]+{_TIME}[ \t]*$)",
    re.MULTILINE,
)


class Turn(NamedTuple):
    """What one person says at a time, label included; code points, end exclusive."""

    start: int
    end: int
    speaker: str


def find_speakers(text: str) -> list[str]:
    """Return the labels of a transcript's turns in the order in which people first speak."""
    labels = [match["label"] for match in _TURN.finditer(text)]
    counts = Counter(labels)
    return [label for label in dict.fromkeys(labels) if counts[label] >= LEAST_TURNS]


@lru_cache(maxsize=8)
def turns_of(text: str, speakers: tuple[str, ...]) -> list[Turn]:
    """Return the turns of these speakers in text order; what stands before the first is none's."""
    found = [m for m in _TURN.finditer(text) if m["label"] in speakers]
    starts = [*(match.start() for match in found), len(text)]
    return [Turn(m.start(), end, m["label"]) for m, end in zip(found, starts[1:], strict=True)]


def speaker_at(document: Document, start: int | None, end: int | None) -> str | None:
    """Return who says a passage; several in their order, as `Nurse 3 / Interviewer`."""
    if not document.speakers or start is None or end is None:
        return None
    turns = turns_of(document.text, tuple(document.speakers))
    said = [turn.speaker for turn in turns if turn.start < end and turn.end > start]
    return " / ".join(dict.fromkeys(said)) or None
