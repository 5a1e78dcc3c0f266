"""How words given differ from words found: piece by piece, to be shown and to be chosen from."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORD = re.compile(r"\S+\s*")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words as they were given and as they were found, with the space behind them."""

    given: str
    found: str
    is_same: bool


def pieces_of(given: str, found: str) -> list[Piece]:
    """Divide two wordings into pieces that are the same and pieces that differ, in their order."""
    ours, theirs = _WORD.findall(given), _WORD.findall(found)
    plain = ([word.rstrip() for word in ours], [word.rstrip() for word in theirs])
    codes = SequenceMatcher(None, *plain, autojunk=False).get_opcodes()
    return [
        Piece("".join(ours[a:b]), "".join(theirs[c:d]), kind == "equal")
        for kind, a, b, c, d in codes
    ]


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
