"""What the pages of sources show beside the rows themselves: counts, standing, proposals."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError
from sqlalchemy import func, literal, select, union, union_all
from sqlalchemy.orm import Session

from app.coding.models import Quote
from app.errors import InvalidError
from app.exchange.references.reading import Wish, guess, read_references
from app.exchange.references.record import BadRecord
from app.exchange.references.writing import csl_item
from app.exchange.selection import reference_of
from app.export.citations import Style, citation
from app.library.appraisal.models import Dimension
from app.library.appraisal.settled import settled_sources
from app.library.models import Document, Source, Study
from app.library.schemas import SourceCreate
from app.library.screening_stages import stages_of
from app.library.screening_standing import (
    End,
    Material,
    RecordOrigin,
    journey_of,
    read_material,
)
from app.library.search_models import Search
from app.theory.models import Evidence

QUOTES, CONFIGURATIONS = "quotes", "configurations"


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a source stands in screening, for people."""

    end: End | None
    """Null for one of a previous version of the review."""
    stage: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table of sources."""

    source: Source
    study: str | None
    documents: Sequence[int]
    quotes: int
    configurations: int
    stand: Stand


def rows_of(
    session: Session, review_id: int, sources: Sequence[Source], material: Material
) -> list[Row]:
    """Describe some sources for the table, in a few queries however many they are."""
    numbers = [source.id for source in sources]
    studies = _studies(session, review_id, {s.study_id for s in sources if s.study_id})
    documents = _documents(session, review_id, numbers)
    counts = _counts(session, review_id, numbers)
    return [
        Row(
            source,
            studies.get(source.study_id or 0),
            documents.get(source.id, ()),
            counts.get((QUOTES, source.id), 0),
            counts.get((CONFIGURATIONS, source.id), 0),
            stand_of(material, source.id),
        )
        for source in sources
    ]


def _studies(session: Session, review_id: int, numbers: Iterable[int]) -> dict[int, str]:
    wanted = (Study.review_id == review_id, Study.id.in_(sorted(numbers)))
    return dict(session.execute(select(Study.id, Study.label).where(*wanted)).all())


def _documents(session: Session, review_id: int, numbers: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    here = (Document.review_id == review_id, Document.source_id.in_(numbers))
    rows = select(Document.id, Document.source_id).where(*here).order_by(Document.id)
    for number, source_id in session.execute(rows):
        found.setdefault(source_id or 0, []).append(number)
    return found


def _counts(session: Session, review_id: int, numbers: Sequence[int]) -> dict[tuple[str, int], int]:
    """Count the quotes of sources, and the configurations that rest on them, at any hand."""
    ways = [
        select(column.label("source_id"), Evidence.configuration_id).where(
            Evidence.review_id == review_id, column.in_(numbers)
        )
        for column in (Evidence.source_id, Evidence.cited_source_id)
    ]
    pairs = union(*ways).subquery()
    quotes = (
        select(literal(QUOTES), Quote.source_id, func.count())
        .where(Quote.review_id == review_id, Quote.source_id.in_(numbers))
        .group_by(Quote.source_id)
    )
    resting = select(literal(CONFIGURATIONS), pairs.c.source_id, func.count())
    both = union_all(quotes, resting.group_by(pairs.c.source_id))
    return {(what, number): many for what, number, many in session.execute(both)}


def material_of(session: Session, review_id: int, sources: Sequence[Source]) -> Material:
    """Read what the standing of some sources depends on, which must be few."""
    if not sources:
        return Material(names={stage.id: stage.name for stage in stages_of(session, review_id)})
    return read_material(session, review_id, [source.id for source in sources])


def stand_of(material: Material, number: int) -> Stand:
    """Say where a source stands in screening."""
    root = material.roots[number]
    if material.origins[root] is RecordOrigin.PREVIOUS:
        return Stand(None)
    journey = journey_of(material, root)
    step = journey.steps.get(journey.at or 0)
    reason = material.labels.get(step.reason_id) if step and step.reason_id else None
    return Stand(journey.end, material.names.get(journey.at or 0), reason)


def settled_levels(session: Session, review_id: int, number: int) -> list[tuple[str, str]]:
    """Return dimension and level of what was judged of a source, relevance by theory area."""
    tables = [(dimension, settled_sources(review_id, dimension)) for dimension in Dimension]
    asked = union_all(
        *(
            select(literal(dimension.value), table.c.theory_area, table.c.level).where(
                table.c.source_id == number
            )
            for dimension, table in tables
        )
    )
    found = sorted(session.execute(asked), key=lambda row: (row[0], row[1] or ""))
    return [(f"{name} to {area}" if area else name, level) for name, area, level in found]


def citations_of(source: Source, study: Study | None) -> list[tuple[Style, str]]:
    """Return a source laid out in every style, as pieces of HTML."""
    item = csl_item(reference_of(source, {study.id: study.label} if study else {}))
    return [(style, citation(item, style)) for style in Style]


def searches_by_name(session: Session, review_id: int) -> list[tuple[int, str]]:
    """Return number and name of every search, for choosing one."""
    rows = session.execute(
        select(Search.id, Search.database, Search.searched_on)
        .where(Search.review_id == review_id)
        .order_by(Search.id)
    )
    return [(n, f"W{n} {name}{f', {on:%Y-%m-%d}' if on else ''}") for n, name, on in rows]


@dataclass(frozen=True, slots=True)
class Pasted:
    """What a pasted reference was read as; `more` counts the records behind the first."""

    fields: dict[str, Any] = field(default_factory=dict)
    format: str = ""
    more: int = 0
    problem: str = ""


def read_pasted(text: str) -> Pasted:
    """Read the first reference of a text in any format that is imported; a bare DOI is one too."""
    bare = text.strip()
    content = text.encode(errors="replace")
    if not bare:
        return Pasted()
    if bare.lower().removeprefix("https://").removeprefix("doi.org/").startswith("10."):
        return Pasted({"doi": bare}, "DOI")
    try:
        guessed = guess(content, Wish())
        found = list(read_references(content, guessed))
        first = found[0]
        if isinstance(first, BadRecord):
            return Pasted(format=guessed.format, problem=first.reason)
        return Pasted(
            SourceCreate.model_validate(first.fields).model_dump(mode="json"),
            guessed.format,
            len(found) - 1,
        )
    except (InvalidError, ValidationError, IndexError) as error:
        said = error.detail if isinstance(error, InvalidError) else "no reference was found"
        return Pasted(problem=said)
