"""How wide words are in the figure's typeface, and where a line of them ends.

Widths are those of Arial and of Liberation Sans, which has the same; rounded up a little.
"""

from collections.abc import Iterator
from unicodedata import east_asian_width

EMS = (
    ("ijl'|", 0.24),
    ("I.,:;!/\\ftr()[]{} -·\xa0", 0.34),
    ("cksvxyzJ", 0.5),
    ("ABEFKLPRSTVXYZ", 0.68),
    ("mwMWOQGCDHNU&@%—…", 0.83),
)
"""Characters by their width, in parts of the size; all others are as wide as a figure."""
WIDTHS = {character: em for characters, em in EMS for character in characters}


def width_of(text: str, size: float) -> float:
    """Return how wide a line is in pixels at a size of letters."""
    return size * sum(_em(character) for character in text)


def _em(character: str) -> float:
    if character in WIDTHS:
        return WIDTHS[character]
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
