"""What an archive of a review that is here already would bring: new, changed, in conflict.

The common base is the longest run of change-sets, from the first on, that both have: same number,
moment and person. A thing changed on both sides since then is in conflict, and so are two things
under one number. Of an archive without history nobody knows the base, so all that differs and was
touched here is in conflict. What is here only stays.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import takewhile
from operator import itemgetter
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Counter
from app.exchange.archive.lines import Line, People, encode, moment, root_lines
from app.exchange.archive.parsing import read_lines
from app.exchange.archive.past import find_arrival
from app.exchange.archive.shape import CHANGE_SETS, CHANGES, Shape, roots
from app.exchange.archive.staging import Staged
from app.history.models import Change, ChangeSet, Channel
from app.history.reading import models

PROVENANCE = {"created_at", "created_by"}
"""Who made a thing and when is no difference in the thing."""
MOST_LISTED = 100
Thing = tuple[str, int]


class Verdict(StrEnum):
    """What becomes of a thing of the archive."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    CONFLICT = "conflict"
    KEPT = "kept"
    ONLY_HERE = "only_here"


@dataclass
class Comparison:
    """Every thing of an archive, judged; numbers by file and verdict."""

    base: int
    left_in_archive: int
    numbers: dict[str, dict[Verdict, list[int]]] = field(default_factory=dict)

    def note(self, shape: Shape, verdict: Verdict, number: int) -> None:
        """Note what becomes of a thing."""
        judged = self.numbers.setdefault(shape.name, {verdict: [] for verdict in Verdict})
        judged[verdict].append(number)

    def of(self, shape: Shape, verdict: Verdict) -> list[int]:
        """Return the numbers of one kind that were judged so."""
        return self.numbers.get(shape.name, {}).get(verdict, [])

    @property
    def conflicts(self) -> list[str]:
        """Name what is in conflict: C17."""
        found = [(letter(s), n) for s in roots() for n in self.of(s, Verdict.CONFLICT)]
        return [f"{kind}{number}" for kind, number in found]

    def counts(self) -> dict[str, dict[str, int]]:
        """Count the verdicts by file."""
        return {
            name: {verdict.value: len(found) for verdict, found in judged.items()}
            for name, judged in self.numbers.items()
        }


def letter(shape: Shape) -> str:
    """Return the letter under which people cite things of a kind."""
    aggregate = models()[shape.table.name].aggregate
    return aggregate[0] if aggregate else ""


def compare(session: Session, review_id: int, staged: Staged) -> Comparison:
    """Judge every thing of an archive against the review that is here."""
    here = list(_change_sets_here(session, review_id))
    there = [(line["id"], line["at"], line.get("actor_id")) for line in _lines(staged, CHANGE_SETS)]
    pairs = zip(here, there, strict=False)
    common = [one for one, _ in takewhile(lambda pair: pair[0] == pair[1], pairs)]
    base = common[-1][0] if common else 0
    comparison = Comparison(base, len(there) - len(common))
    touched = _touched_here(session, review_id, base), _touched_there(staged, base)
    counters = dict(
        session.execute(
            select(Counter.kind, Counter.value).where(Counter.review_id == review_id)
        ).all()
    )
    people = People(session)
    for shape in roots():
        sums = {
            line["id"]: _sum(shape, line)
            for lines in root_lines(session, review_id, shape, people)
            for line in lines
        }
        _judge_all(comparison, shape, staged, sums, _Sides(*touched, counters, there != []))
    return comparison


@dataclass(frozen=True, slots=True)
class _Sides:
    here: set[Thing]
    there: set[Thing]
    counters: Mapping[str, int]
    has_history: bool

    def judge(self, thing: Thing, *, is_here: bool, differs: bool) -> Verdict:
        """Judge a thing of the archive."""
        by_us = thing in self.here
        by_them = thing in self.there or not self.has_history
        if not is_here and (thing[1] > self.counters.get(thing[0], 0) or not by_us):
            return Verdict.NEW
        if not differs:
            return Verdict.SAME
        if by_us:
            return Verdict.CONFLICT if by_them else Verdict.KEPT
        return Verdict.CHANGED


def _judge_all(
    comparison: Comparison, shape: Shape, staged: Staged, sums: dict[int, bytes], sides: _Sides
) -> None:
    seen = set()
    for row in staged.lines(shape):
        number = row["id"]
        seen.add(number)
        is_here = number in sums
        differs = not is_here or sums[number] != _sum(shape, written(shape, row))
        thing = (letter(shape), number)
        comparison.note(shape, sides.judge(thing, is_here=is_here, differs=differs), number)
    for number in sorted(sums.keys() - seen):
        comparison.note(shape, Verdict.ONLY_HERE, number)


def written(shape: Shape, row: Mapping[str, Any]) -> Any:
    """Return a checked row as an archive would have it."""
    if shape.is_bare:
        return row[shape.columns[0].name]
    names = (column.name for column in shape.columns)
    line: Line = {name: row[name] for name in names if row[name] is not None}
    for part in shape.parts:
        inside = row[part.name]  # without a key of its own there is one at most
        rows = sorted(inside, key=itemgetter(*part.own)) if part.own else inside
        if rows:
            line[part.name] = [written(part, inner) for inner in rows]
    return line


def _sum(shape: Shape, line: Line) -> bytes:
    return hashlib.sha256(encode(_content(shape, line))).digest()


def _content(shape: Shape, line: Any) -> Any:
    """Return what of a line is content: no counters, nor who made it and when."""
    if shape.is_bare:
        return line
    left_out = PROVENANCE | {c.name for c in shape.columns if not c.info.get("history", True)}
    content = {name: value for name, value in line.items() if name not in left_out}
    for part in shape.parts:
        if part.name in content:
            content[part.name] = [_content(part, inner) for inner in content[part.name]]
    return content


def _lines(staged: Staged, name: str) -> Iterator[Line]:
    for _, line in read_lines(staged.folder, name):
        yield line


def _change_sets_here(session: Session, review_id: int) -> Iterator[tuple[int, str, str | None]]:
    arrival, people = find_arrival(session, review_id), People(session)
    rows = session.execute(
        select(ChangeSet.id, ChangeSet.at, ChangeSet.actor_id)
        .where(ChangeSet.review_id == review_id, ChangeSet.id != (arrival.number or 0))
        .order_by(ChangeSet.id)
    )
    for number, at, actor in rows:
        yield number, moment(at), people.uuid(actor) if actor else None


def _touched_here(session: Session, review_id: int, base: int) -> set[Thing]:
    """Return what people changed here since the base; what imports brought is not their work."""
    rows = session.execute(
        select(Change.aggregate_kind, Change.aggregate_id)
        .join(
            ChangeSet,
            (ChangeSet.review_id == Change.review_id) & (ChangeSet.id == Change.change_set_id),
        )
        .where(
            Change.review_id == review_id,
            Change.change_set_id > base,
            ChangeSet.channel != Channel.IMPORT,
        )
        .distinct()
    )
    return {(kind, number) for kind, number in rows}


def _touched_there(staged: Staged, base: int) -> set[Thing]:
    return {
        (line["aggregate_kind"], line["aggregate_id"])
        for line in _lines(staged, CHANGES)
        if line["change_set_id"] > base and "aggregate_id" in line
    }
