"""What becomes of each record of a file: a new source, one that is here already, or a bad one."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.complaints import explain
from app.db import search_key
from app.exchange.references.record import BadRecord, Found, Record, presentable
from app.library.models import Source
from app.library.schemas import SourceCreate
from app.library.search_models import SearchHit

MOST_LEFT_OUT = 20
"""Times a record is tried with less of it."""
Identifier = tuple[str, str]
"""`doi` or `pmid`, and its value in small letters."""


@dataclass(frozen=True, slots=True)
class NewSource:
    """A record that becomes a source; `is_elsewhere` when another search has its identifier."""

    record: Record
    wish: SourceCreate
    sha256: str
    is_elsewhere: bool


@dataclass(frozen=True, slots=True)
class Repeated:
    """A record that stood in the file before, as the new source of that place, from 0."""

    record: Record
    place: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Known:
    """A record an earlier file of the search held; `sha256` and `wish` when its text is another."""

    record: Record
    source_id: int
    sha256: str | None = None
    wish: SourceCreate | None = None


Sorted = NewSource | Repeated | Known | BadRecord


@dataclass(slots=True)
class Held:
    """What the review has before an import: texts and identifiers of the search, and others'."""

    texts: dict[str, int] = field(default_factory=dict)
    identified: dict[Identifier, tuple[int, str, int | None]] = field(default_factory=dict)
    elsewhere: set[Identifier] = field(default_factory=set)


def identifiers(doi: str | None, pmid: str | None) -> Iterator[Identifier]:
    """Yield what identifies a publication wherever it was found."""
    if doi:
        yield "doi", doi.lower()
    if pmid:
        yield "pmid", pmid.lower()


def read_held(session: Session, review_id: int, search_id: int) -> Held:
    """Read what a search holds, and the identifiers of all other sources of the review."""
    held = Held()
    hits = select(SearchHit.raw_sha256, SearchHit.source_id).where(
        SearchHit.review_id == review_id, SearchHit.search_id == search_id
    )
    held.texts = dict(session.execute(hits).all())
    own = set(held.texts.values())
    columns = select(Source.id, Source.doi, Source.pmid, Source.title, Source.year)
    for number, doi, pmid, title, year in session.execute(
        columns.where(Source.review_id == review_id)
    ):
        for identifier in identifiers(doi, pmid):
            if number in own:
                held.identified[identifier] = (number, search_key(title), year)
            else:
                held.elsewhere.add(identifier)
    return held


def sort_records(found: Iterable[Found], held: Held) -> Iterator[Sorted]:
    """Say of each record what becomes of it, in the order of the file.

    A record is known when an earlier file held its very text, or its identifier with the same
    title and year. Within one file only the very text counts: two chapters may share a DOI.
    """
    places: dict[str, int] = {}
    for record in found:
        if isinstance(record, BadRecord):
            yield record
            continue
        sha256 = hashlib.sha256(record.raw.encode()).hexdigest()
        if sha256 in held.texts:
            yield Known(record, held.texts[sha256])
        elif sha256 in places:
            yield Repeated(record, places[sha256], sha256)
        else:
            result = _new_or_known(record, sha256, held)
            if isinstance(result, NewSource):
                places[sha256] = len(places)
            yield result


def _fitted(record: Record) -> tuple[Record, SourceCreate]:
    """Return a record as a source holds it; what no column can hold is left to the raw text.

    A source needs only its title: for that alone, or what nobody expects, a `ValidationError`.
    """
    fields = dict(record.fields)
    remarks = list(record.remarks)
    for _ in range(MOST_LEFT_OUT):
        try:
            wish = SourceCreate.model_validate(fields)
        except ValidationError as error:
            said = {str(problem["loc"][0]): explain(problem) for problem in error.errors()}
            if "title" in said or not set(said) <= set(fields):
                raise
            remarks += [_leave_out(fields, name, said[name]) for name in sorted(said)]
        else:
            return replace(record, remarks=tuple(remarks)), wish
    wish = SourceCreate.model_validate(fields)
    return replace(record, remarks=tuple(remarks)), wish


def _leave_out(fields: dict[str, Any], name: str, why: str) -> str:
    """Take away a field, or of CSL-JSON the largest; say which and why."""
    if name == "csl" and isinstance(fields["csl"], dict) and len(fields["csl"]) > 1:
        csl = dict(fields["csl"])
        inner = max(csl, key=lambda key: len(json.dumps(csl[key], default=str)))
        del csl[inner]
        fields["csl"], name = csl, f"csl.{inner}"
    else:
        del fields[name]
    return f"{name}: {why}; only the record's own text keeps it"


def _new_or_known(record: Record, sha256: str, held: Held) -> Sorted:
    try:
        record, wish = _fitted(record)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        return BadRecord(
            record.number, record.line, presentable(record.raw), f"{place}: {explain(first)}"
        )
    for identifier in identifiers(wish.doi, wish.pmid):
        number, title, year = held.identified.get(identifier, (0, "", None))
        if number and (title, year) == (search_key(wish.title), wish.year):
            return Known(record, number, sha256, wish)
    is_elsewhere = any(one in held.elsewhere for one in identifiers(wish.doi, wish.pmid))
    return NewSource(record, wish, sha256, is_elsewhere)
