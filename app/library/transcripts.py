"""Who speaks where in a transcript: turns that begin with the name of a speaker.

A colon follows it, or, in the transcripts of meeting programs, a time that ends the line. Capitals
do not matter. What begins like a turn of somebody unknown ends that of the one before. The lists of
words know English.
"""

import re
from collections import Counter
from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple

from app.library.models import Document

LEAST_TURNS = 2
"""Turns by which a text is seen to be talk; before the first, a label that stands once is none."""
_TIME = r"[\[(]?\d{1,2}(?::\d{2}){1,2}(?:[.,]\d{1,3})?[\])]?"
_BOLD = r"(?:\*\*|__)?"  # as Markdown has it
_TURN = re.compile(
    rf"(?:^|(?<=\f))[ \t]*{_BOLD}(?:{_TIME}[ \t]*(?:-[ \t]*)?)?{_BOLD}"  # a time before, or after
    r"(?P<label>[^\W\d_][\w.'\u2019-]*(?:[ \t]+(?!\d+:\d)[\w.'\u2019&-]+){0,4})"
    rf"(?:[ \t]*(?:\([^()\n]{{1,40}}\))?[ \t]*(?:{_TIME})?{_BOLD}[ \t]*"  # who that is, when
    rf"(?P<colon>:{_BOLD}(?=\s|$)|\uff1a)"
    rf"|[ \t]+{_TIME}[ \t]*$)",
    re.MULTILINE,
)
_JOINING = re.compile("&|and|de|der|di|for|la|of|the|van|von")
"""Words that stay small in a name or an office."""
_TALK = re.compile(
    "a|am|an|are|asked|asks|at|but|by|do|he|her|his|if|in|is|it|like|me|my|on|our|said|say|saying"
    "|says|she|so|that|the|their|then|there|they|think|this|thought|to|told|was|we|were|you|your"
)
"""Words of sentences, which no office has."""
_NOBODY = re.compile(
    "also|and|annex|appendix|audio|background|because|but|comments?|conclusions?|date|discussion"
    "|duration|end|example|first|however|interview|introduction|location|methods|nb|no|notes?|or"
    "|place|present|recording|references?|results?|second|so|start|summary|then|third|time|title"
    "|topic|transcript|venue|well|yes"
)
"""What headings are about, and what begins a sentence before a colon: none names anybody."""
_REST = re.compile(r" of .*| [\d.]+$")


class Turn(NamedTuple):
    """What one person says at a time, label included; code points, end exclusive."""

    start: int
    end: int
    speaker: str


def find_speakers(text: str) -> list[str]:
    """Return the labels of a transcript's turns in the order in which people first speak.

    Once somebody has two turns, a single one is enough for all who are named in capitalised words,
    or counted like the others: P7 beside P1.
    """
    regular = _regulars(text)
    counted = {_counted(key) for key in regular}
    speakers: dict[str, str] = {}
    for label in dict.fromkeys(match["label"] for match in _beginnings(text, regular)):
        key = _key(label)
        is_named = _is_capitalised(label) and _may_name(label)
        if key in regular or is_named or _counted(key) in counted:
            speakers.setdefault(key, label)
    return list(speakers.values())


def is_talk(text: str) -> bool:
    """Say of any text whether people take turns in it: two at least, and each at least twice."""
    return len(_regulars(text)) > 1


@lru_cache(maxsize=8)
def turns_of(text: str, speakers: tuple[str, ...]) -> list[Turn]:
    """Return the turns of these speakers in text order; what others begin is none's."""
    names = {_key(label): label for label in reversed(speakers)} | {one: one for one in speakers}
    found = _beginnings(text, names)
    ends = [*(match.start() for match in found), len(text)][1:]
    said = [names.get(match["label"]) or names.get(_key(match["label"])) for match in found]
    return [
        Turn(match.start(), end, speaker)
        for match, end, speaker in zip(found, ends, said, strict=True)
        if speaker
    ]


def speaker_at(document: Document, start: int | None, end: int | None) -> str | None:
    """Return who says a passage; several in their order, as `Nurse 3 / Interviewer`.

    Nobody is said to, when part of it is somebody's who is not known.
    """
    if not document.speakers or start is None or end is None:
        return None
    turns = turns_of(document.text, tuple(document.speakers))
    said = [turn for turn in turns if turn.start < end and turn.end > start]
    heard = sum(min(turn.end, end) - max(turn.start, start) for turn in said)
    if not said or heard < end - max(start, turns[0].start):
        return None
    return " / ".join(dict.fromkeys(turn.speaker for turn in said))


def _regulars(text: str) -> set[str]:
    """Return the keys of all labels that begin at least two turns."""
    counts: Counter[str] = Counter()
    for label, count in Counter(match["label"] for match in _TURN.finditer(text)).items():
        counts[_key(label)] += count * _may_name(label)
    return {key for key, count in counts.items() if count >= LEAST_TURNS}


def _beginnings(text: str, known: Collection[str]) -> list[re.Match[str]]:
    """Return where turns begin: with a key that is known or, later on, what is written alike."""
    found = list(_TURN.finditer(text))
    labels = {match["label"] for match in found}
    own = {label for label in labels if _key(label) in known}
    first = next((n for n, match in enumerate(found) if match["label"] in own), len(found))
    have_colon = {bool(match["colon"]) for match in found if match["label"] in own}
    may_be_small = any(label[0].islower() for label in own)
    alike = {
        label
        for label in labels - own
        if (may_be_small or not label[0].islower()) and not _is_sentence(label)
    }
    return [
        match
        for match in found[first:]
        if match["label"] in own or (match["label"] in alike and bool(match["colon"]) in have_colon)
    ]


def _key(label: str) -> str:
    """Return by what labels are compared."""
    return " ".join(label.split()).casefold()


def _counted(key: str) -> str:
    return re.sub(r"\d+", "0", key)


def _may_name(label: str) -> bool:
    about = _REST.sub("", _key(label)).split()[-1]  # Field note 2, Date of interview
    return not _is_sentence(label) and not _NOBODY.fullmatch(about)


def _is_sentence(label: str) -> bool:
    has_words_of_talk = any(_TALK.fullmatch(word) for word in _key(label).split())
    return has_words_of_talk and not _is_capitalised(label)


def _is_capitalised(label: str) -> bool:
    return all(_JOINING.fullmatch(word) or not word[0].islower() for word in label.split())
