"""Finding records that are one work: which pairs, how sure, and why, in words.

Nothing here knows the database. `docs/duplicates.md` says how pairs are judged, and how well that
works on records of which one knows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.library.matching_blocks import candidate_pairs
from app.library.matching_bounds import worth_judging
from app.library.matching_fields import Profile, Reference, profile
from app.library.matching_rules import judge

SUGGESTED_FROM = 0.5
"""Pairs of a lower score are not shown to anybody."""
TOLD_EVERY = 2_000
Tell = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Match:
    """Two records that may be one work, the lower number first."""

    lower_id: int
    higher_id: int
    score: float
    """0-1, to three places."""
    reasons: tuple[str, ...]
    is_certain: bool
    """So sure that they are merged without asking."""


def find_matches(records: Sequence[Reference], tell: Tell | None = None) -> list[Match]:
    """Return every pair that may be one work, the surest first, then by number."""
    told = tell or (lambda _stage, _done, _total: None)
    profiles = []
    for n, record in enumerate(records):
        if n % TOLD_EVERY == 0:
            told("reading", n, len(records))
        profiles.append(profile(record))
    told("pairing", 0, None)
    pairs, alike = worth_judging(profiles, candidate_pairs(profiles))
    found = []
    for n, ((left, right), likeness) in enumerate(zip(pairs.tolist(), alike, strict=True)):
        if n % TOLD_EVERY == 0:
            told("comparing", n, len(pairs))
        match = _match(profiles[left], profiles[right], likeness)
        if match.score >= SUGGESTED_FROM:
            found.append(match)
    return sorted(found, key=lambda m: (-m.score, m.lower_id, m.higher_id))


def compare_records(one: Reference, other: Reference) -> Match:
    """Compare two records, whatever comes of it."""
    return _match(profile(one), profile(other), None)


def _match(one: Profile, other: Profile, alike: float | None) -> Match:
    lower, higher = sorted((one, other), key=lambda side: side.id)
    found = judge(lower, higher, alike)
    return Match(
        lower.id,
        higher.id,
        found.score,
        tuple(found.reasons),
        found.is_certain and found.score >= SUGGESTED_FROM,
    )
