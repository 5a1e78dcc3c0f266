"""How well an entry answers a query: counted here from its words, so alike on both stores.

For each term, how often it stands in title, names and text, weighed and saturated as BM25F does
(Robertson, Zaragoza & Taylor 2004), against a usual length; no word counts more for being rare.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.fulltext.expressions import FIELD
from app.fulltext.models import KINDS, TextKind
from app.fulltext.query import Query, Term

WEIGHT = {"title": 4.0, "names": 2.0, "body": 1.0}
SATURATION, BY_LENGTH, USUAL_LENGTH = 1.2, 0.75, 80
TOGETHER = 1.5
"""What a text gains in which the words stand side by side, in the order they were typed."""
RANK = {kind.value: rank for rank, kind in enumerate(KINDS)}


@dataclass(frozen=True, slots=True, order=True)
class Standing:
    """Where a hit stands among the hits: less is better; a page goes on after one of these."""

    minus_score: int
    kind: int
    number: int
    part: int

    def __str__(self) -> str:
        """Write it as `after` takes it: 1843-Q-340-0."""
        return f"{-self.minus_score}-{KINDS[self.kind].value}-{self.number}-{self.part}"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that answers a query, and how well."""

    standing: Standing
    kind: TextKind
    number: int
    start: int | None
    end: int | None


Needles = list[tuple[str, ...]]
"""For each term the strings to count, each begun by a space and, if whole, ended by one."""


class Judge:
    """Judges entries against one query."""

    def __init__(self, query: Query) -> None:
        self._needles: Needles = [_needles(term) for term in query.terms]
        self._fields = [FIELD[query.place]] if query.place else list(WEIGHT)
        single = [group[0].words for group in query.groups if len(group) == 1]
        run = [word for words in single for word in words]
        self._run = f" {' '.join(run)} " if len(single) > 1 else None

    def judge(self, row: Any) -> Candidate:
        """Score an entry, a row with its words by field."""
        texts = [(f" {row[name]} ", WEIGHT[name]) for name in self._fields if row[name]]
        length = row["body"].count(" ") + 1
        norm = SATURATION * (1 - BY_LENGTH + BY_LENGTH * length / USUAL_LENGTH)
        score = 0.0
        for needles in self._needles:
            weight = 0.0
            for text, worth in texts:
                for needle in needles:
                    weight += worth * text.count(needle)
            score += weight / (weight + norm)
        if self._run and any(self._run in text for text, _ in texts):
            score *= TOGETHER
        standing = Standing(-round(1000 * score), RANK[row["kind"]], row["number"], row["part"])
        kind = TextKind(row["kind"])
        return Candidate(standing, kind, row["number"], row["start_at"], row["end_at"])


def _needles(term: Term) -> tuple[str, ...]:
    end = "" if term.is_prefix else " "
    ways: Sequence[str] = [" ".join(term.words), *([term.joined] if term.joined else [])]
    return tuple(f" {way}{end}" for way in ways)
