"""Text reduced to what a reader would call the same wording, with the way back to the original.

Folding follows Unicode NFKC (UAX #15) and goes further where typesetting does: kinds of space,
quotation mark and dash, and words divided at the end of a line. Case is kept.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache

SOFT_HYPHEN = "\u00ad"
ZERO_WIDTH = "\u200b"
LINE_BREAKS = frozenset("\n\r\v\f\x85\u2028\u2029")
INVISIBLE = frozenset(
    chr(code)
    for first, last in (
        (0x034F, 0x034F),
        (0x061C, 0x061C),
        (0x180E, 0x180E),
        (0x200B, 0x200F),
        (0x202A, 0x202E),
        (0x2060, 0x2069),
        (0xFE00, 0xFE0F),
        (0xFEFF, 0xFEFF),
        (0xE0100, 0xE01EF),
    )
    for code in range(first, last + 1)
)
DASHES = frozenset("\u2212\u2043\u02d7")
"""What is not dash punctuation (Pd) to Unicode, yet looks like it: minus, bullet, modifier."""
QUOTATION_MARK = "'"
QUOTATION_MARKS = frozenset(
    "\u2018\u2019\u201a\u201b\u2032\u2035\u2039\u203a\u00b4`\u02bc"
    '"\u201c\u201d\u201e\u201f\u2033\u2036\u00ab\u00bb\u301d\u301e'
)
"""Single and double alike, since quotes within quotes change theirs; apostrophes fold along."""

MOST_OVERLAPPING = 4_000_000
"""Characters compared of occurrences that may overlap; after that only those standing apart."""

_GAP = f"[- \n{ZERO_WIDTH}{SOFT_HYPHEN}]"
_IRREGULAR_GAP = f"[-{ZERO_WIDTH}{SOFT_HYPHEN}]{_GAP}*|[ \n]{_GAP}+"
"""Any gap but a lone space or line break, which fold one to one and need no entry in the map."""


class Dash(Enum):
    """How a dash stands in its line."""

    HARD = auto()
    """Between two characters: co-operation."""
    SOFT = auto()
    """Before a space or line break: may belong to the word, or only to its division."""
    SPACED = auto()
    """After a space: a pause in the sentence."""


@dataclass(frozen=True, slots=True)
class PlacedDash:
    """A dash, and where it stands in the source, end exclusive."""

    kind: Dash
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch whose folded length, or end, differs from its source; both spans end exclusive."""

    plain_start: int
    plain_end: int
    source_start: int
    source_end: int


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text without its dashes, which stand apart, keyed by position in `plain`, ascending.

    A spaced dash is keyed by the space it leaves; any other by the character which follows it.
    """

    plain: str
    dashes: dict[int, PlacedDash]
    dash_positions: list[int]
    edits: list[Edit]
    edit_positions: list[int]

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Give the place in the source of a non-empty stretch of `plain`, both end exclusive."""
        return self._source_of(start)[0], self._source_of(end - 1)[1]

    def _source_of(self, position: int) -> tuple[int, int]:
        found = bisect_right(self.edit_positions, position) - 1
        if found < 0:
            return position, position + 1
        edit = self.edits[found]
        if position < edit.plain_end:
            return edit.source_start, edit.source_end
        source = edit.source_end + position - edit.plain_end
        return source, source + 1

    def dashes_within(self, start: int, end: int) -> dict[int, Dash]:
        """Give the dashes strictly inside a stretch of `plain`, keyed from its start."""
        positions = self.dash_positions
        inside = positions[bisect_right(positions, start) : bisect_left(positions, end)]
        return {position - start: self.dashes[position].kind for position in inside}


def fold(text: str) -> Folded:
    """Fold any text; takes about 0.1 µs a character, so fold a whole document once."""
    characters = {character: fold_character(character) for character in set(text)}
    work = text.translate(
        {ord(old): new if len(new) == 1 else old for old, new in characters.items()}
    )
    pieces: list[str] = []
    dashes: dict[int, PlacedDash] = {}
    edits: list[Edit] = []
    done = length = 0
    for match in _irregular(characters).finditer(work):
        run = match.group()
        dash = _dash_of(run, match.start())
        new = _fold_run(run, dash)
        if new == run:
            continue
        length += match.start() - done
        if dash:
            dashes[length] = dash
        pieces += work[done : match.start()], new
        edits.append(Edit(length, length + len(new), match.start(), match.end()))
        length += len(new)
        done = match.end()
    pieces.append(work[done:])
    plain = "".join(pieces).replace("\n", " ")
    return Folded(plain, dashes, list(dashes), edits, [edit.plain_start for edit in edits])


fold_document = lru_cache(maxsize=8)(fold)
"""`fold` for whole documents: quotes of one document tend to be looked up one after another."""


@lru_cache(maxsize=4096)
def fold_character(character: str) -> str:
    """Fold one character on its own; the answer is longer than one for ligatures and the like."""
    if character == SOFT_HYPHEN or character in INVISIBLE:
        return SOFT_HYPHEN if character == SOFT_HYPHEN else ZERO_WIDTH
    if character.isspace():
        return "\n" if character in LINE_BREAKS else " "
    if character in QUOTATION_MARKS:
        return QUOTATION_MARK
    if character in DASHES or unicodedata.category(character) == "Pd":
        return "-"
    compatible = unicodedata.normalize("NFKC", character).replace(" ", "")
    if compatible in ("", character):
        return character
    return "".join(map(fold_character, compatible))


def _irregular(characters: dict[str, str]) -> re.Pattern[str]:
    """Match, in time linear in the text, every stretch that does not fold one to one."""
    alternatives = [_IRREGULAR_GAP]
    marks = "".join(sorted(new for new in characters.values() if _is_joining(new)))
    if marks:
        marks = re.escape(marks)
        alternatives.append(f"[^- \n{ZERO_WIDTH}{SOFT_HYPHEN}{marks}][{marks}]+")
    longer = "".join(sorted(old for old, new in characters.items() if len(new) > 1))
    if longer:
        alternatives.append(f"[{re.escape(longer)}]")
    return re.compile("|".join(alternatives))


def _is_joining(character: str) -> bool:
    """Tell whether a character may compose with the one before it (accents, Hangul jamo)."""
    if len(character) != 1:
        return False
    return unicodedata.category(character)[0] == "M" or "\u1160" <= character <= "\u11ff"


def _dash_of(run: str, start: int) -> PlacedDash | None:
    if run[0] not in f"- \n{ZERO_WIDTH}{SOFT_HYPHEN}":
        return None
    visible = run.replace(ZERO_WIDTH, "")
    spaced_after = visible[-1:] in {" ", "\n"}
    divided = spaced_after and visible.startswith(SOFT_HYPHEN)
    if "-" not in visible and not divided:
        return None
    dash = "-" if "-" in visible else SOFT_HYPHEN
    if visible.startswith((" ", "\n")):
        kind = Dash.SPACED
    else:
        kind = Dash.SOFT if spaced_after else Dash.HARD
    return PlacedDash(kind, start + run.index(dash), start + run.rindex(dash) + 1)


def _fold_run(run: str, dash: PlacedDash | None) -> str:
    if dash:
        return " " if dash.kind is Dash.SPACED else ""
    if run[0] in f" \n{ZERO_WIDTH}{SOFT_HYPHEN}":
        return " " if " " in run or "\n" in run else ""
    if len(run) == 1:
        return fold_character(run)
    return unicodedata.normalize("NFKC", run).replace(" ", "")


@dataclass(frozen=True, slots=True)
class Needle:
    """A folded passage: its core, the dashes inside it, and whether dashes open or close it."""

    core: str
    inner: dict[int, Dash]
    opens: bool
    closes: bool


def needle(passage: str) -> Needle:
    """Fold a passage for searching; the core is empty when nothing but gaps and dashes is there."""
    folded = fold(passage.strip())
    core = folded.plain.strip(" ")
    first = len(folded.plain) - len(folded.plain.lstrip(" "))
    last = first + len(core)
    return Needle(
        core=core,
        inner=folded.dashes_within(first, last),
        opens=any(position <= first for position in folded.dash_positions),
        closes=any(position >= last for position in folded.dash_positions),
    )


def find_folded(document: Folded, wanted: Needle) -> Iterator[tuple[int, int]]:
    """Give every place in the source, overlapping ones too, where the folded passage stands."""
    last = None
    for at in find_all(document.plain, wanted.core) if wanted.core else ():
        span = _verified(document, wanted, at)
        if span and span != last:
            yield span
            last = span


def find_all(text: str, part: str) -> Iterator[int]:
    """Give the start of every occurrence in text order.

    Those overlapping the one before are given too, until they would take too long to look for.
    """
    patience = MOST_OVERLAPPING // len(part)
    at = text.find(part)
    while at >= 0:
        yield at
        patience -= 1
        at = text.find(part, at + (1 if patience > 0 else len(part)))


def _verified(document: Folded, wanted: Needle, at: int) -> tuple[int, int] | None:
    """Check the dashes at a place where the rest agrees; give the source span if they do too."""
    end = at + len(wanted.core)
    opening = closing = None
    if wanted.opens:
        before = document.dashes.get(at - 1)
        opening = document.dashes.get(at, before if before and before.kind is Dash.SPACED else None)
    if wanted.closes:
        closing = document.dashes.get(end)
    if (wanted.opens and not opening) or (wanted.closes and not closing):
        return None
    inner = document.dashes_within(at, end)
    for position in inner.keys() | wanted.inner.keys():
        kinds = inner.get(position), wanted.inner.get(position)
        if kinds[0] is not kinds[1] and Dash.SOFT not in kinds:
            return None
    start, end = document.source_span(at, end)
    return opening.start if opening else start, closing.end if closing else end
