"""How words given differ from words found: piece by piece, to be shown and to be chosen from.

What a normalised quote is forgiven is no difference: see `anchoring`.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby, pairwise
from typing import NamedTuple

from app.coding.anchoring import CHANGED_LETTER
from app.coding.asides import bare
from app.coding.folding import Dash, Needle, needle

_DASH = r"\-\u00ad\u2010-\u2015"
_WORD = re.compile(rf"(?:\S*[^\s{_DASH}][{_DASH}]\s+)*\S+")
"""One that a line divides is one word."""


class _Word(NamedTuple):
    """A word as it stands, with all up to the next, and what is compared of it."""

    whole: str
    forms: list[Needle]
    """As it is, then with its bracketed letter small and large, if it has one."""

    @property
    def key(self) -> str:
        """What it has in common with every word it may be the same as."""
        return self.forms[-1].core.lower()

    def is_same(self, other: "_Word") -> bool:
        """Say whether nothing but typesetting tells it from a word of its key."""
        return any(_is_same(form, other.forms[0]) for form in self.forms)


def _is_same(one: Needle, other: Needle) -> bool:
    kinds = [(one.inner.get(at), other.inner.get(at)) for at in one.inner | other.inner]
    is_divided_alike = all(a is b or Dash.SOFT in (a, b) for a, b in kinds)
    ends = (one.opens, one.closes) == (other.opens, other.closes)
    return one.core == other.core and ends and is_divided_alike


def _words_of(text: str) -> list[_Word]:
    """Divide a text into its words, which take the asides along that follow them."""
    short = bare(text)
    plain = short.text if short else text
    found = list(_WORD.finditer(plain))
    starts = [match.start() for match in found]
    if short:
        starts = [short.whole_span(at, at + 1)[0] for at in starts]
    wholes = [text[a:b] for a, b in pairwise([*starts, len(text)])]
    return [_Word(w, _forms(match[0])) for w, match in zip(wholes, found, strict=True)]


def _forms(word: str) -> list[Needle]:
    if not CHANGED_LETTER.search(word):
        return [needle(word)]
    small = CHANGED_LETTER.sub(lambda letter: letter[1].lower(), word)
    large = CHANGED_LETTER.sub(lambda letter: letter[1].upper(), word)
    return [needle(form) for form in (word, small, large)]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words as they were given and as they were found, with the space behind them."""

    given: str
    found: str
    is_same: bool


def pieces_of(given: str, found: str) -> list[Piece]:
    """Divide two wordings into pieces that are the same and pieces that differ, in their order."""
    ours, theirs = _words_of(given), _words_of(found)
    keys = [word.key for word in ours], [word.key for word in theirs]
    pieces: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces += _alike(ours[a:b], theirs[c:d])
        else:
            pieces.append(_piece(ours[a:b], theirs[c:d], is_same=False))
    return pieces


def _alike(ours: Sequence[_Word], theirs: Sequence[_Word]) -> Iterator[Piece]:
    """Divide words of the same keys, as many on either side."""
    pairs = zip(ours, theirs, strict=True)
    for is_same, some in groupby(pairs, lambda pair: pair[0].is_same(pair[1])):
        yield _piece(*zip(*some, strict=True), is_same=is_same)


def _piece(ours: Sequence[_Word], theirs: Sequence[_Word], *, is_same: bool) -> Piece:
    given, found = ("".join(word.whole for word in some) for some in (ours, theirs))
    return Piece(given, found, is_same)


def worded(pieces: Sequence[Piece], taken: Collection[int]) -> str:
    """Join the words given, but for the pieces (by place) that are taken as they were found.

    A page break inside them becomes a space: it is none of the words.
    """
    parts = [piece.found if n in taken else piece.given for n, piece in enumerate(pieces)]
    apart = [part if part[-1:].isspace() else f"{part} " for part in parts if part]
    return "".join(apart).replace("\f", " ").strip()


def difference(given: str, found: str) -> str:
    """Write how words given differ from words found, as GNU wdiff does: [-given-]{+found+}."""
    return " ".join(_marked(piece) for piece in pieces_of(given, found))


def _marked(piece: Piece) -> str:
    old, new = " ".join(piece.given.split()), " ".join(piece.found.split())
    if piece.is_same:
        return old
    return (f"[-{old}-]" if old else "") + (f"{{+{new}+}}" if new else "")
