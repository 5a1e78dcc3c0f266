"""How well an entry answers a query: counted here from its words, so alike on both stores.

For each term, how often it stands in title, names and text, weighed and saturated as BM25F does
(Robertson, Zaragoza & Taylor 2004), against a usual length; no word counts more for being rare.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from app.fulltext.expressions import FIELD
from app.fulltext.models import KINDS, TextKind
from app.fulltext.query import Query, Term
from app.fulltext.texts import Place

WEIGHT = {"title": 4.0, "names": 2.0, "body": 1.0}
SATURATION, BY_LENGTH, USUAL_LENGTH = 1.2, 0.75, 80
TOGETHER = 1.5
"""What a text gains in which the words stand side by side, in the order they were typed."""
RANK = {kind.value: rank for rank, kind in enumerate(KINDS)}


class Standing(NamedTuple):
    """Where a hit stands among the hits: less is better; a page goes on after one of these."""

    minus_score: int
    rank: int
    number: int
    part: int

    def __str__(self) -> str:
        """Write it as `after` takes it: 1843-Q-340-0."""
        return f"{-self.minus_score}-{KINDS[self.rank].value}-{self.number}-{self.part}"


class Candidate(NamedTuple):
    """An entry that answers a query, how well, and where its text stands in a document."""

    standing: Standing
    start: int | None
    end: int | None

    @property
    def kind(self) -> TextKind:
        """The kind of the thing."""
        return KINDS[self.standing.rank]


class Judge:
    """Judges entries against one query."""

    def __init__(self, query: Query) -> None:
        self._needles = [(_needles(t), _weights(query.place_of(t))) for t in query.terms]
        self._weights = _weights(query.place)
        single = [group[0].words for group in query.groups if len(group) == 1]
        run = " ".join(word for words in single for word in words)
        self._run = f" {run} " if len(single) > 1 else None

    def judge_all(self, rows: Iterable[Sequence[Any]]) -> list[Candidate]:
        """Return candidates, best first, from rows as `candidates.SHOWN` names them."""
        found = []
        for kind, number, part, start, end, *texts in rows:
            standing = Standing(-self._score(texts), RANK[kind], number, part)
            found.append(Candidate(standing, start, end))
        found.sort()  # standings differ, so that places are never compared
        return found

    def _score(self, texts: Sequence[str]) -> int:
        length = texts[-1].count(" ") + 1
        norm = SATURATION * (1 - BY_LENGTH + BY_LENGTH * length / USUAL_LENGTH)
        spaced = [f" {text} " for text in texts]
        score = 0.0
        for needles, weights in self._needles:
            found = 0.0
            for text, weight in zip(spaced, weights, strict=True):
                if weight:
                    for needle in needles:
                        found += weight * text.count(needle)
            score += found / (found + norm)
        run, weighed = self._run, zip(spaced, self._weights, strict=True)
        if run and any(weight and run in text for text, weight in weighed):
            score *= TOGETHER
        return round(1000 * score)


def _weights(place: Place | None) -> list[float]:
    """Return what title, names and text count where only one place may."""
    only = FIELD[place] if place else None
    return [weight * (only in {None, name}) for name, weight in WEIGHT.items()]


def _needles(term: Term) -> tuple[str, ...]:
    """Return what to count: a space before, and after a whole word another."""
    end = "" if term.is_prefix else " "
    ways = [" ".join(term.words), *([term.joined] if term.joined else [])]
    return tuple(f" {way}{end}" for way in ways)
