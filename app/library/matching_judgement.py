"""What was found on a pair of records: points, and reasons in words."""

import math
from dataclasses import dataclass, field
from enum import IntEnum

START = -5.0
"""Points before anything is compared: most pairs that come to be compared are two works."""
MOST = 30.0
"""Beyond this the score no longer changes."""


SUGGESTED_FROM = 0.0
"""Points from which on a person is shown a pair: as likely one work as not, score 0.5."""
TITLE_STEPS = ((97, 5.5), (93, 4.5), (88, 3.0), (80, 0.0), (70, -1.5), (50, -5.0), (0, -7.0))
"""From how many of 100 on titles are alike, and what that says."""
SAME_TITLE = 6.0
IDENTIFIERS = {"doi": (8.0, -4.0), "pmid": (8.0, -6.0)}
"""The same, different."""
YEARS = (1.0, -0.5, -2.5, -5.0)
"""By the years between: none, one, two, more."""
PREPRINT_YEARS = -1.0
"""Two years between a preprint and its paper."""
PAGES = (3.0, -3.5)
OTHER_PAGES = -1.5
"""Where one is the number of an article, or of a page in a supplement."""
VOLUMES, ISSUES = (1.0, -1.5), (0.5, -1.0)
SAME_AUTHORS, SAME_CONTAINER = 3.0, 1.5


class Level(IntEnum):
    """How far two values of a field agree."""

    CONFLICT = -2
    DIFFERENT = -1
    UNKNOWN = 0
    NEAR = 1
    MOSTLY = 2
    SAME = 3


@dataclass(slots=True)
class Judgement:
    """What speaks for and against one work; reasons in the order in which fields were compared."""

    points: float = START
    reasons: list[str] = field(default_factory=list)
    levels: dict[str, Level] = field(default_factory=dict)
    is_certain: bool = False

    @property
    def score(self) -> float:
        """Return the points as a probability, to three places."""
        return round(1 / (1 + math.exp(-max(min(self.points, MOST), -MOST))), 3)

    def note(self, name: str, level: Level, points: float, reason: str = "") -> None:
        """Take in what one field says."""
        self.levels[name] = level
        self.points += points
        if reason:
            self.reasons.append(reason)

    def level(self, name: str) -> Level:
        """Return how far a field agrees; unknown where one of the records has none."""
        return self.levels.get(name, Level.UNKNOWN)
