"""The evidence table: one row per configuration or per piece of evidence, led back to its words.

Rows are read in chunks by keyset and never held together, so memory stays flat. A configuration
without evidence keeps a row of its own: nothing falls out silently.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import Field
from sqlalchemy import Row, and_, select
from sqlalchemy.orm import Session

from app.access.models import Review
from app.coding.models import Concept, Quote
from app.coding.tree import concept_tree
from app.db import Line
from app.errors import FieldProblem, InvalidError
from app.export.writers import Cell, Column
from app.library.models import Source, Study
from app.theory.filters import ConfigurationFilter, conditions, evidence_conditions
from app.theory.models import (
    Configuration,
    Consolidation,
    Element,
    Evidence,
    EvidenceElement,
)
from app.theory.vocabulary import Role, Stance, State
from app.theory.wording import if_then_because

CHUNK = 500


class Unit(StrEnum):
    """What one row stands for."""

    CONFIGURATION = "configuration"
    QUOTE = "quote"


class EvidenceTableWish(ConfigurationFilter):
    """Which evidence table is wanted: rows, columns in order, and any filter."""

    per: Unit = Unit.QUOTE
    columns: list[Line] = Field(default_factory=list, max_length=100)
    """Names of columns, in the order wanted; by default a useful set."""


@dataclass(frozen=True, slots=True)
class Backdrop:
    """What every row may need, read once: names of concepts, sources, where links start."""

    concepts: Mapping[int, str]
    sources: Mapping[int, Row[Any]]
    start: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One configuration with its parts, as columns see it."""

    configuration: Row[Any]
    elements: Sequence[Row[Any]]
    evidence: Sequence[Row[Any]]
    scopes: Mapping[int, Sequence[int]]
    backdrop: Backdrop


ConfigurationCell = Callable[[Entry], Cell]
EvidenceCell = Callable[[Entry, Row[Any]], Cell]


def _wordings(role: Role) -> ConfigurationCell:
    return lambda entry: "; ".join(e.wording for e in entry.elements if e.role is role) or None


def _labels(role: Role) -> ConfigurationCell:
    def cell(entry: Entry) -> Cell:
        parts = []
        for element in entry.elements:
            if element.role is role and element.concept_id:
                label = entry.backdrop.concepts[element.concept_id]
                is_stated = element.state is not State.NOT_STATED
                parts.append(f"{label} ({element.state})" if is_stated else label)
        return "; ".join(parts) or None

    return cell


def _statement(entry: Entry) -> Cell:
    return entry.configuration.statement or if_then_because(entry.elements) or None


def _sources_by(stance: Stance) -> ConfigurationCell:
    return lambda entry: len({_origin(e) for e in entry.evidence if e.stance is stance})


def _origin(evidence: Row[Any]) -> int:
    number: int = evidence.cited_source_id or evidence.source_id
    return number


def _source(name: str) -> EvidenceCell:
    def cell(entry: Entry, evidence: Row[Any]) -> Cell:
        value: Cell = getattr(entry.backdrop.sources[evidence.source_id], name)
        return value

    return cell


def _about(entry: Entry, evidence: Row[Any]) -> Cell:
    if evidence.configuration_id != entry.configuration.id:
        return f"its member C{evidence.configuration_id}"
    named = entry.scopes.get(evidence.n, ())
    roles = [f"{e.role}: {e.wording}" for e in entry.elements if e.n in named]
    return "; ".join(roles) or "the whole configuration"


def _cited(entry: Entry, evidence: Row[Any]) -> Cell:
    if evidence.cited_source_id is None:
        return None
    cite_key: str = entry.backdrop.sources[evidence.cited_source_id].cite_key
    return cite_key


def _cite_keys(entry: Entry) -> Cell:
    keys = {entry.backdrop.sources[e.source_id].cite_key for e in entry.evidence}
    return "; ".join(sorted(keys)) or None


def _link(kind: str, name: str) -> EvidenceCell:
    def cell(entry: Entry, evidence: Row[Any]) -> Cell:
        number = getattr(evidence, name)
        return f"{entry.backdrop.start}/{kind}/{number}" if number else None

    return cell


CONFIGURATION_COLUMNS: dict[str, tuple[Column, ConfigurationCell]] = {
    column.name: (column, cell)
    for column, cell in (
        (Column("configuration", "CMOC", 8), lambda e: f"C{e.configuration.id}"),
        (Column("title", "Title", 24), lambda e: e.configuration.title),
        (Column("statement", "Statement", 50), _statement),
        (Column("kind", "Kind", 12), lambda e: e.configuration.kind.value),
        (Column("status", "Status", 10), lambda e: e.configuration.status.value),
        (Column("modality", "Modality", 12), lambda e: e.configuration.modality),
        (Column("certainty", "Certainty", 12), lambda e: e.configuration.certainty),
        (
            Column("certainty_reason", "Why this certainty", 30),
            lambda e: e.configuration.certainty_reason,
        ),
        *((Column(role.value, role.value.capitalize(), 30), _wordings(role)) for role in Role),
        *(
            (Column(f"{role}_concepts", f"{role.capitalize()}: concepts", 30), _labels(role))
            for role in Role
        ),
        (
            Column("supporting_sources", "Sources that support", 10),
            _sources_by(Stance.SUPPORTS),
        ),
        (Column("refuting_sources", "Sources that refute", 10), _sources_by(Stance.REFUTES)),
        (Column("sources", "Sources", 30), _cite_keys),
        (
            Column("quotes", "Quotes", 20),
            lambda e: "; ".join(f"Q{v.quote_id}" for v in e.evidence if v.quote_id) or None,
        ),
        (
            Column("configuration_url", "Link to the CMOC", 30, is_link=True),
            lambda e: f"{e.backdrop.start}/configurations/{e.configuration.id}",
        ),
    )
}

EVIDENCE_COLUMNS: dict[str, tuple[Column, EvidenceCell]] = {
    column.name: (column, cell)
    for column, cell in (
        (Column("evidence", "Evidence", 8), lambda _, v: v.n),
        (Column("stance", "Stance", 12), lambda _, v: v.stance.value),
        (Column("basis", "Basis", 18), lambda _, v: v.basis),
        (Column("inferred", "Inferred", 8), lambda _, v: v.is_inferred),
        (Column("inference", "Inference", 14), lambda _, v: v.inference),
        (Column("rationale", "Rationale", 30), lambda _, v: v.rationale),
        (Column("about", "Evidence for", 30), _about),
        (Column("quote", "Quote", 8), lambda _, v: f"Q{v.quote_id}" if v.quote_id else None),
        (Column("quote_text", "Words quoted", 60), lambda _, v: v.exact),
        (Column("paraphrase", "Paraphrase", 40), lambda _, v: v.paraphrase),
        (Column("page", "Page", 8), lambda _, v: v.quote_page or v.page),
        (Column("verification", "Found in the text", 14), lambda _, v: v.verification),
        (Column("source", "Source", 8), lambda _, v: f"S{v.source_id}"),
        (Column("cite_key", "Cite key", 18), _source("cite_key")),
        (Column("source_title", "Title of the source", 40), _source("title")),
        (Column("year", "Year", 8), _source("year")),
        (Column("source_kind", "Kind of source", 14), _source("kind")),
        (Column("study", "Study", 18), _source("study")),
        (Column("cited_work", "Cited from", 18), _cited),
        (Column("quote_url", "Link to the quote", 30, is_link=True), _link("quotes", "quote_id")),
        (
            Column("source_url", "Link to the source", 30, is_link=True),
            _link("sources", "source_id"),
        ),
    )
}

DEFAULT_COLUMNS = {
    Unit.CONFIGURATION: [
        "configuration",
        "statement",
        "context",
        "intervention",
        "mechanism",
        "resource",
        "response",
        "outcome",
        "modality",
        "certainty",
        "supporting_sources",
        "refuting_sources",
        "sources",
        "quotes",
        "configuration_url",
    ],
    Unit.QUOTE: [
        "configuration",
        "context",
        "intervention",
        "mechanism",
        "resource",
        "response",
        "outcome",
        "stance",
        "basis",
        "inferred",
        "about",
        "quote_text",
        "page",
        "cite_key",
        "year",
        "verification",
        "quote_url",
        "configuration_url",
    ],
}


def chosen_columns(wish: EvidenceTableWish) -> list[Column]:
    """Return the columns wanted, in order; raises `InvalidError` naming the known ones."""
    known = CONFIGURATION_COLUMNS | (EVIDENCE_COLUMNS if wish.per is Unit.QUOTE else {})
    names = wish.columns or DEFAULT_COLUMNS[wish.per]
    problems = [
        FieldProblem(f"columns.{i}", f"no column {name}; choose of {', '.join(known)}")
        for i, name in enumerate(names)
        if name not in known
    ]
    if problems:
        raise InvalidError(problems[0].message, fields=problems)
    return [known[name][0] for name in names]


def evidence_rows(
    session: Session, review: Review, wish: EvidenceTableWish, base: str
) -> Iterator[list[Cell]]:
    """Yield the rows of the table, in the order of configuration and evidence numbers."""
    names = [column.name for column in chosen_columns(wish)]
    own = [
        (i, CONFIGURATION_COLUMNS[n][1]) for i, n in enumerate(names) if n in CONFIGURATION_COLUMNS
    ]
    more = [(i, EVIDENCE_COLUMNS[n][1]) for i, n in enumerate(names) if n in EVIDENCE_COLUMNS]
    for entry in read_entries(session, review, wish, base):
        row: list[Cell] = [None] * len(names)
        for i, cell in own:
            row[i] = cell(entry)
        if wish.per is Unit.CONFIGURATION or not entry.evidence:
            yield row
            continue
        for evidence in entry.evidence:
            full = row.copy()
            for i, evidence_cell in more:
                full[i] = evidence_cell(entry, evidence)
            yield full


def read_entries(
    session: Session, review: Review, wish: EvidenceTableWish, base: str
) -> Iterator[Entry]:
    """Yield the configurations that fit, with their parts, reading a chunk at a time."""
    backdrop = _backdrop(session, review, base)
    where = conditions(review.id, wish, concept_tree(session, review.id))
    columns = Configuration.__table__.columns
    after = 0
    while True:
        page = session.execute(
            select(*columns)
            .where(*where, Configuration.id > after)
            .order_by(Configuration.id)
            .limit(CHUNK)
        ).all()
        if not page:
            return
        after = page[-1].id
        yield from _entries(session, review.id, page, wish, backdrop)


def _backdrop(session: Session, review: Review, base: str) -> Backdrop:
    concepts = session.execute(
        select(Concept.id, Concept.label).where(Concept.review_id == review.id)
    )
    sources = session.execute(
        select(
            Source.id,
            Source.cite_key,
            Source.title,
            Source.year,
            Source.kind,
            Study.label.label("study"),
        )
        .outerjoin(Study, and_(Study.review_id == Source.review_id, Study.id == Source.study_id))
        .where(Source.review_id == review.id)
    )
    return Backdrop(
        concepts={row[0]: row[1] for row in concepts},
        sources={row.id: row for row in sources},
        start=f"{base}/reviews/{review.slug}",
    )


def _entries(
    session: Session,
    review_id: int,
    page: Sequence[Row[Any]],
    wish: EvidenceTableWish,
    backdrop: Backdrop,
) -> Iterator[Entry]:
    ids = [row.id for row in page]
    members = _members(session, review_id, ids) if wish.counted else {}
    every = sorted({*ids, *(m for found in members.values() for m in found)})
    elements = _grouped(session.execute(_elements(review_id, ids)))
    evidence = _grouped(
        session.execute(_evidence(review_id, every).where(*evidence_conditions(review_id, wish)))
    )
    scopes = _scopes(session, review_id, ids)
    for row in page:
        known = [*evidence.get(row.id, ())]
        for member in members.get(row.id, ()):
            known += evidence.get(member, ())
        yield Entry(row, elements.get(row.id, ()), known, scopes.get(row.id, {}), backdrop)


def _members(session: Session, review_id: int, ids: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for whole, member in session.execute(
        select(Consolidation.configuration_id, Consolidation.member_id)
        .where(Consolidation.review_id == review_id, Consolidation.configuration_id.in_(ids))
        .order_by(Consolidation.configuration_id, Consolidation.member_id)
    ):
        found[whole].append(member)
    return found


def _scopes(
    session: Session, review_id: int, ids: Sequence[int]
) -> dict[int, dict[int, list[int]]]:
    found: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for number, evidence_n, element_n in session.execute(
        select(
            EvidenceElement.configuration_id,
            EvidenceElement.evidence_n,
            EvidenceElement.element_n,
        ).where(EvidenceElement.review_id == review_id, EvidenceElement.configuration_id.in_(ids))
    ):
        found[number][evidence_n].append(element_n)
    return found


def _elements(review_id: int, ids: Sequence[int]) -> Any:
    return (
        select(
            Element.configuration_id,
            Element.n,
            Element.role,
            Element.wording,
            Element.concept_id,
            Element.state,
            Element.any_of,
        )
        .where(Element.review_id == review_id, Element.configuration_id.in_(ids))
        .order_by(Element.configuration_id, Element.position, Element.n)
    )


def _evidence(review_id: int, ids: Sequence[int]) -> Any:
    return (
        select(
            Evidence.configuration_id,
            Evidence.n,
            Evidence.source_id,
            Evidence.cited_source_id,
            Evidence.quote_id,
            Evidence.stance,
            Evidence.basis,
            Evidence.is_inferred,
            Evidence.inference,
            Evidence.rationale,
            Evidence.page,
            Evidence.paraphrase,
            Quote.exact,
            Quote.page.label("quote_page"),
            Quote.verification,
        )
        .outerjoin(
            Quote, and_(Quote.review_id == Evidence.review_id, Quote.id == Evidence.quote_id)
        )
        .where(Evidence.review_id == review_id, Evidence.configuration_id.in_(ids))
        .order_by(Evidence.configuration_id, Evidence.n)
    )


def _grouped(rows: Any) -> dict[int, list[Row[Any]]]:
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(row)
    return found
