"""Cutting texts into entries: documents into passages, anything else only when very long."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

SHORTEST, USUAL, LONGEST = 600, 1_200, 1_600
"""Characters of a passage: where a paragraph may end it, where a sentence may, where it must."""
MOST_WORDS = 2_000
MOST_REPEATED = 250
"""Times a word may stand in an entry: PostgreSQL keeps 256 places of each."""

_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")
_SENTENCE = re.compile(r"[.!?][\"')\]\u201d\u2019]*\s+|[\u3002\uff01\uff1f]")
_SPACE = re.compile(r"\s+")


def passages(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each passage, code points, one after the other without gaps.

    A passage ends with a paragraph, else a sentence, else a word; pages do not end it, since
    sentences run over them.
    """
    start = 0
    while start < len(text):
        end = _end(text, start)
        yield start, end
        start = end


def _end(text: str, start: int) -> int:
    if len(text) - start <= LONGEST:
        return len(text)
    window = text[start : start + LONGEST]
    for boundary, shortest in ((_PARAGRAPH, SHORTEST), (_SENTENCE, SHORTEST), (_SPACE, 1)):
        ends = [m.end() for m in boundary.finditer(window) if m.end() >= shortest]
        if ends:
            usual = [end for end in ends if end >= USUAL]
            return start + (usual[0] if usual else ends[-1])
    return start + LONGEST


def portions(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the words in portions that both stores index whole; one, even if there are none."""
    if len(words) <= MOST_REPEATED:
        yield words
        return
    first = 0
    seen: Counter[str] = Counter()
    for at, word in enumerate(words):
        seen[word] += 1
        if at - first == MOST_WORDS or seen[word] > MOST_REPEATED:
            yield words[first:at]
            first, seen = at, Counter([word])
    yield words[first:]
