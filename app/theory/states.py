"""How the states of one concept in two elements go together.

Enhancing states (high, increased) fit present, and so does maintained; reducing ones (low, reduced)
fit absent. Mixed and not stated fit everything, which is worth saying. The two sides oppose.
"""

from enum import StrEnum

from app.theory.vocabulary import State


class Fit(StrEnum):
    """What two states of one concept say of each other."""

    FITS = "fits"
    OPEN = "open"
    OPPOSES = "opposes"


DIRECTIONS: dict[str, int] = {
    State.HIGH: 1,
    State.INCREASED: 1,
    State.PRESENT: 1,
    State.MAINTAINED: 1,
    State.LOW: -1,
    State.REDUCED: -1,
    State.ABSENT: -1,
    State.MIXED: 0,
    State.NOT_STATED: 0,
}
"""1 for more of it or its presence, -1 for less of it or its absence, 0 where that is open."""


def fit(one: str, other: str) -> Fit:
    """Compare two states of the same concept; the order does not matter."""
    product = DIRECTIONS[one] * DIRECTIONS[other]
    if product == 0:
        return Fit.OPEN
    return Fit.FITS if product > 0 else Fit.OPPOSES
