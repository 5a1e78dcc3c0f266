"""Links of kind feeds between generated configurations: an outcome becomes a context."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

MOST_LINKS = 12_500
"""In one review; large enough that nobody could draw it."""
Row = tuple[Any, ...]


@dataclass(slots=True)
class Ends:
    """Where links may start and end: the first outcome and the first context of each."""

    outcomes: dict[int, int] = field(default_factory=dict)
    contexts: dict[int, int] = field(default_factory=dict)

    def take(self, elements: Iterable[Row]) -> None:
        """Take in elements as they are written."""
        for _, number, n, role, *_ in elements:
            if role == "outcome":
                self.outcomes.setdefault(number, n)
            elif role == "context":
                self.contexts.setdefault(number, n)

    def links(self, rng: Random, review_id: int, count: int, user_id: int) -> Iterator[Row]:
        """Yield links, no two of them between the same configurations."""
        numbers = sorted(self.outcomes.keys() & self.contexts.keys())
        seen: set[tuple[int, int]] = set()
        for _ in range(count * 2 if len(numbers) > 1 else 0):
            start, end = rng.choice(numbers), rng.choice(numbers)
            if start != end and (start, end) not in seen and len(seen) < count:
                seen.add((start, end))
                yield (review_id, len(seen), "feeds", start, self.outcomes[start], end,
                       self.contexts[end], "made up", user_id)  # fmt: skip
