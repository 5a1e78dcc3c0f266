"""Sources by the thousand: cite keys that clash with none, rows written at once."""

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from app.access.identity import Member
from app.db import take_numbers
from app.history.recording import insert_many
from app.library.models import Source
from app.library.schemas import Name, SourceCreate, SourceFields
from app.library.service import proposals, source_key, stem_of, studies_of

_PLAIN = tuple(SourceFields.model_fields)
"""Columns of the names of fields; all of them but authors hold what the field holds."""
_PARTS = tuple(Name.model_fields)


class CiteKeys:
    """Gives every source a cite key of its own; one that is taken gets a letter more."""

    def __init__(self, taken: set[str]) -> None:
        self._taken = taken
        self._trials: dict[str, Iterator[str]] = {}

    def give(self, wish: SourceCreate) -> str:
        """Return the key wished for, or the next free one after it."""
        stem = wish.cite_key or stem_of(wish)
        trials = self._trials.setdefault(stem, proposals(stem))
        key = next(key for key in trials if key not in self._taken)
        self._taken.add(key)
        return key


def _said(name: Name) -> dict[str, str]:
    """Return the parts of a name that are given."""
    return {part: word for part in _PARTS if (word := getattr(name, part)) is not None}


def insert_sources(
    session: Session, member: Member, wishes: Sequence[SourceCreate], keys: CiteKeys
) -> int:
    """Insert sources in their order, recorded; return the number of the first."""
    first = take_numbers(session, member.review_id, "S", len(wishes))
    studies = studies_of(session, member.review_id, [wish.study for wish in wishes])
    rows = []
    for number, wish in enumerate(wishes, start=first):
        row = {name: getattr(wish, name) for name in _PLAIN}
        row["authors"] = [_said(name) for name in wish.authors]
        row["text_key"] = source_key(row["title"], row["authors"], row["abstract"])
        row |= {"review_id": member.review_id, "id": number, "cite_key": keys.give(wish)}
        row |= {"study_id": studies[wish.study] if wish.study else None}
        rows.append(row | {"created_by": member.user.id})
    insert_many(session, Source, rows)
    return first
