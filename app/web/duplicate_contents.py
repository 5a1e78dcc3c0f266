"""A pair of sources side by side: field by field, with what differs between two wordings."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.library.duplicate_models import DuplicatePair, PairState
from app.library.duplicate_schemas import PairRead
from app.library.schemas import SourceRead
from app.web.rendering import people, words
from app.web.terms import Run

PLAIN = (
    *("title", "authors", "year", "container_title", "type", "doi", "pmid", "url"),
    *("language", "country", "kind", "setting", "abstract"),
)
CSL = ("volume", "issue", "page", "publisher")
LONGEST_COMPARED = 20_000


@dataclass(frozen=True, slots=True)
class Line:
    """One field of both sources; `is_term` of a run says that it stands on this side alone."""

    label: str
    lower: list[Run]
    higher: list[Run]
    is_different: bool


def lines_of(pair: PairRead) -> list[Line]:
    """Return the fields of a pair that either has, the differing ones marked."""
    return list(_lines(pair))


def _lines(pair: PairRead) -> Iterator[Line]:
    for name in (*PLAIN, *(f"csl.{name}" for name in CSL)):
        one, other = _value(pair.lower, name), _value(pair.higher, name)
        if not (one or other):
            continue
        is_different = name in pair.differs
        lower, higher = _compared(one, other) if is_different else (_whole(one), _whole(other))
        yield Line(words(name.removeprefix("csl.")), lower, higher, is_different)


def _value(source: SourceRead, name: str) -> str:
    if name == "authors":
        return people([author.model_dump(exclude_none=True) for author in source.authors])
    if name.startswith("csl."):
        return str((source.csl or {}).get(name.removeprefix("csl."), ""))
    value: Any = getattr(source, name)
    return "" if value is None else words(value) if name in {"kind", "type"} else str(value)


def _whole(text: str) -> list[Run]:
    return [Run(text, is_term=False)] if text else []


def _compared(one: str, other: str) -> tuple[list[Run], list[Run]]:
    """Mark what stands on one side alone, word by word."""
    if not (one and other) or len(one) + len(other) > LONGEST_COMPARED:
        return _whole(one), _whole(other)
    ours, theirs = one.split(" "), other.split(" ")
    left: list[Run] = []
    right: list[Run] = []
    for kind, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        for runs, some in ((left, ours[a:b]), (right, theirs[c:d])):
            if some:
                runs.append(Run(" ".join(some), kind != "equal"))
    return left, right


def counts_of_pairs(session: Session, review_id: int) -> dict[str, int]:
    """Count the pairs of a review by what became of them."""
    counted = (
        select(DuplicatePair.state, func.count())
        .where(DuplicatePair.review_id == review_id)
        .group_by(DuplicatePair.state)
    )
    found = dict(session.execute(counted).all())
    return {state.value: found.get(state, 0) for state in PairState}
