"""What a text has between its words that readers leave out when they quote.

A number set high behind a word (`trust12 grows`), a numbered reference (`trust [3, 4] grows`),
signs like †, the stars of emphasis and the spaces within French quotation marks are no part of the
wording.
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from app.coding.folding import Folded, fold

_NUMBERS = r"\d{1,3}(?:\s?[,;\u2013\u2014-]\s?\d{1,3})*"
_HIGH = "[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]"
_CLOSING = r"[.,;:!?)\]'\"\u2019\u201d]"
_WORD = r"[^\W\d_]{2}[^\W\d_A-Z]"
"""The end of a word; CO2, H1N1 and COVID19 keep their numbers."""
_ASIDE = re.compile(
    rf"\s?\[{_NUMBERS}\]"
    rf"|(?:(?<={_WORD})|(?<={_WORD}{_CLOSING}))(?:{_NUMBERS}|[*\u2020\u2021\u00a7\u00b6]+)(?![\w%])"
    rf"|(?:(?<=\w)|(?<={_CLOSING})){_HIGH}+(?:[,\u2013-]{_HIGH}+)*"
    r"|(?<![\w*])\*{1,3}(?=[^\W\d_])"  # emphasis in Markdown
    r"|(?<=\u00ab)\s{1,2}|\s{1,2}(?=\u00bb)"
)


@dataclass(frozen=True, slots=True)
class Bare:
    """A text without its asides, and the way back to the whole one."""

    text: str
    folded: Folded
    starts: list[int]
    """Where an aside was left out, in the bare text, ascending."""
    lengths: list[int]
    """Characters left out up to and with each of them."""

    def whole_span(self, start: int, end: int) -> tuple[int, int]:
        """Give a place of the bare text in the whole one; both end exclusive.

        Asides at either end stay outside.
        """
        before = bisect_right(self.starts, start)
        inside = bisect_left(self.starts, end)
        return start + self._left_out(before), end + self._left_out(inside)

    def _left_out(self, asides: int) -> int:
        return self.lengths[asides - 1] if asides else 0


def without_asides(text: str) -> str:
    """Leave out what is no part of the wording."""
    return _ASIDE.sub("", text)


@lru_cache(maxsize=8)
def bare(text: str) -> Bare | None:
    """Give a text without its asides; None when it has none."""
    asides = [match.span() for match in _ASIDE.finditer(text)]
    if not asides:
        return None
    lengths = list(accumulate(end - start for start, end in asides))
    starts = [start - out for (start, _), out in zip(asides, [0, *lengths], strict=False)]
    ends = [0, *(end for _, end in asides)]
    pieces = [text[at:start] for at, (start, _) in zip(ends, asides, strict=False)]
    short = "".join([*pieces, text[ends[-1] :]])
    return Bare(short, fold(short), starts, lengths)
