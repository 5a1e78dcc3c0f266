"""How wide words are in the figure's typeface, and where a line of them ends.

Widths are those of Arial and of Liberation Sans, which has the same; rounded up a little.
"""

from collections.abc import Iterator
from unicodedata import east_asian_width

NARROW = frozenset("ijlI.,:;'|!/\\ft()[]{} -·")
WIDE = frozenset("mwMWOQGCDHNU&@%—…")
CAPITAL = frozenset("ABEFKLPRSTVXYZ")


def width_of(text: str, size: float) -> float:
    """Return how wide a line is in pixels at a size of letters."""
    return size * sum(_em(character) for character in text)


def _em(character: str) -> float:
    if character in NARROW:
        return 0.31
    if character in WIDE:
        return 0.83
    if character in CAPITAL:
        return 0.68
    return 1.0 if east_asian_width(character) in "WF" else 0.556


def wrapped(text: str, room: float, size: float) -> list[str]:
    """Wrap words into lines that fit the room; a word too long for a line is broken."""
    lines: list[str] = []
    line = ""
    for word in _pieces(text, room, size):
        longer = f"{line} {word}" if line else word
        if line and width_of(longer, size) > room:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line] if line or not lines else lines


def _pieces(text: str, room: float, size: float) -> Iterator[str]:
    """Yield words, `(n = 12)` kept together, cut where they would not fit a line."""
    for word in text.replace(" (n = ", " (n\xa0=\xa0").split(" "):
        piece = ""
        for character in word:
            if piece and width_of(piece + character, size) > room:
                yield piece
                piece = ""
            piece += character
        if piece:
            yield piece
