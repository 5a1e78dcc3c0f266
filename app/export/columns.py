"""The columns an evidence table can have; their names are stable and documented."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from sqlalchemy import Row

from app.export.writers import Cell, Column
from app.library.appraisal.models import Dimension
from app.library.appraisal.schemas import NONE
from app.theory.vocabulary import Role, Stance, State
from app.theory.wording import if_then_because


@dataclass(frozen=True, slots=True)
class Backdrop:
    """What every row may need, read once: names of concepts, sources, where links start."""

    concepts: Mapping[int, str]
    sources: Mapping[int, Row[Any]]
    start: str
    levels: Mapping[Dimension, Mapping[int, str]] = field(default_factory=dict)
    """What was judged of each source; read where a column shows it."""
    own_rigour: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """The rigour of pieces of evidence that were judged themselves."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One configuration with its parts, as columns see it."""

    configuration: Row[Any]
    elements: Sequence[Row[Any]]
    roles: Mapping[str, Sequence[Row[Any]]]
    """The elements by role."""
    evidence: Sequence[Row[Any]]
    scopes: Mapping[int, Sequence[int]]
    backdrop: Backdrop


ConfigurationCell = Callable[[Entry], Cell]
EvidenceCell = Callable[[Entry, Row[Any]], Cell] | str
"""How a cell is made of a piece of evidence; a word names what is read from it as it is."""


def _wordings(role: Role) -> ConfigurationCell:
    return lambda entry: "; ".join([e.wording for e in entry.roles.get(role, ())]) or None


def _labels(role: Role) -> ConfigurationCell:
    def cell(entry: Entry) -> Cell:
        parts = []
        for element in entry.roles.get(role, ()):
            if element.concept_id:
                label = entry.backdrop.concepts[element.concept_id]
                is_stated = element.state != State.NOT_STATED
                parts.append(f"{label} ({element.state})" if is_stated else label)
        return "; ".join(parts) or None

    return cell


def _statement(entry: Entry) -> Cell:
    return entry.configuration.statement or if_then_because(entry.elements) or None


def _sources_by(stance: Stance) -> ConfigurationCell:
    return lambda entry: len({_origin(entry, e).id for e in entry.evidence if e.stance == stance})


def _origin(entry: Entry, evidence: Row[Any]) -> Row[Any]:
    """Return the source that evidence counts as."""
    return entry.backdrop.sources[evidence.cited_source_id or evidence.source_id]


def _report(entry: Entry, evidence: Row[Any]) -> Row[Any]:
    """Return the source that evidence was found in; of duplicates the one that stands for them."""
    return entry.backdrop.sources[evidence.source_id]


def _source(name: str) -> EvidenceCell:
    read = attrgetter(name)

    def cell(entry: Entry, evidence: Row[Any]) -> Cell:
        value: Cell = read(_report(entry, evidence))
        return value

    return cell


def _about(entry: Entry, evidence: Row[Any]) -> Cell:
    if evidence.configuration_id != entry.configuration.id:
        return f"its member C{evidence.configuration_id}"
    named = entry.scopes.get(evidence.n)
    if not named:
        return "the whole configuration"
    return "; ".join([f"{e.role}: {e.wording}" for e in entry.elements if e.n in named])


def _cited(entry: Entry, evidence: Row[Any]) -> Cell:
    if evidence.cited_source_id is None:
        return None
    cite_key: str = entry.backdrop.sources[evidence.cited_source_id].cite_key
    return cite_key


def _cite_keys(entry: Entry) -> Cell:
    keys = {_origin(entry, e).cite_key for e in entry.evidence}
    return "; ".join(sorted(keys)) or None


def _judged(dimension: Dimension) -> EvidenceCell:
    """Show where the work counted stands; of rigour, where the piece itself does, if judged."""

    def cell(entry: Entry, evidence: Row[Any]) -> Cell:
        if dimension is Dimension.RIGOUR:
            own = entry.backdrop.own_rigour.get((evidence.configuration_id, evidence.n))
            if own is not None:
                return own
        return entry.backdrop.levels[dimension].get(_origin(entry, evidence).id)

    return cell


def _levels_of_sources(dimension: Dimension) -> ConfigurationCell:
    """Count distinct sources by where they stand; those not appraised as none, at the end."""

    def cell(entry: Entry) -> Cell:
        levels = entry.backdrop.levels[dimension]
        standing = Counter(
            levels.get(s, NONE) for s in {_origin(entry, e).id for e in entry.evidence}
        )
        ordered = sorted(standing.items(), key=lambda pair: (pair[0] == NONE, pair[0]))
        return "; ".join(f"{level}: {count}" for level, count in ordered) or None

    return cell


def _link(kind: str, name: str) -> EvidenceCell:
    read = attrgetter(name)

    def cell(entry: Entry, evidence: Row[Any]) -> Cell:
        number = read(evidence)
        return f"{entry.backdrop.start}/{kind}/{number}" if number else None

    return cell


CONFIGURATION_COLUMNS: dict[str, tuple[Column, ConfigurationCell]] = {
    column.name: (column, cell)
    for column, cell in (
        (Column("configuration", "CMOC", 8), lambda e: f"C{e.configuration.id}"),
        (Column("title", "Title", 24), lambda e: e.configuration.title),
        (Column("statement", "Statement", 50), _statement),
        (Column("kind", "Kind", 12), lambda e: e.configuration.kind),
        (Column("status", "Status", 10), lambda e: e.configuration.status),
        (Column("modality", "Modality", 12), lambda e: e.configuration.modality),
        (Column("certainty", "Certainty", 12), lambda e: e.configuration.certainty),
        (
            Column("certainty_reason", "Why this certainty", 30),
            lambda e: e.configuration.certainty_reason,
        ),
        *(
            (Column(role.value, role.value.capitalize(), 30, is_verbatim=True), _wordings(role))
            for role in Role
        ),
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
        *(
            (
                Column(f"{dimension}_of_sources", f"{dimension.capitalize()} of its sources", 24),
                _levels_of_sources(dimension),
            )
            for dimension in Dimension
        ),
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

_JUDGED: tuple[tuple[Column, EvidenceCell], ...] = tuple(
    (Column(dimension.value, dimension.capitalize(), 14), _judged(dimension))
    for dimension in Dimension
)
EVIDENCE_COLUMNS: dict[str, tuple[Column, EvidenceCell]] = {
    column.name: (column, cell)
    for column, cell in (
        (Column("evidence", "Evidence", 8), "n"),
        (Column("stance", "Stance", 12), "stance"),
        (Column("basis", "Basis", 18), "basis"),
        (Column("inferred", "Inferred", 8), "is_inferred"),
        (Column("inference", "Inference", 14), "inference"),
        (Column("rationale", "Rationale", 30), "rationale"),
        (Column("about", "Evidence for", 30), _about),
        (Column("quote", "Quote", 8), lambda _, v: f"Q{v.quote_id}" if v.quote_id else None),
        (Column("quote_text", "Words quoted", 60, is_verbatim=True), "exact"),
        (Column("paraphrase", "Paraphrase", 40), "paraphrase"),
        (Column("page", "Page", 8), lambda _, v: v.quote_page or v.page),
        (Column("speaker", "Speaker", 14), "speaker"),
        (Column("verification", "Found in the text", 14), "verification"),
        (Column("source", "Source", 8), lambda e, v: f"S{_report(e, v).id}"),
        (Column("cite_key", "Cite key", 18), _source("cite_key")),
        (Column("source_title", "Title of the source", 40, is_verbatim=True), _source("title")),
        (Column("year", "Year", 8), _source("year")),
        (Column("source_kind", "Kind of source", 14), _source("kind")),
        (Column("study", "Study", 18), _source("study")),
        (Column("cited_work", "Cited from", 18), _cited),
        (Column("quote_url", "Link to the quote", 30, is_link=True), _link("quotes", "quote_id")),
        (
            Column("source_url", "Link to the source", 30, is_link=True),
            lambda e, v: f"{e.backdrop.start}/sources/{_report(e, v).id}",
        ),
    )
} | {column.name: (column, cell) for column, cell in _JUDGED}

APPRAISED = {name for d in Dimension for name in (d.value, f"{d}_of_sources")}
"""Columns that show what was judged, for which more is read."""

DEFAULT_FOR_CONFIGURATIONS = (
    "configuration",
    "statement",
    *("context", "intervention", "mechanism", "resource", "response", "outcome"),
    *("modality", "certainty"),
    *("supporting_sources", "refuting_sources", "sources", "quotes"),
    "configuration_url",
)

DEFAULT_FOR_QUOTES = (
    "configuration",
    *("context", "intervention", "mechanism", "resource", "response", "outcome"),
    *("quote_text", "page", "cite_key"),
    *("stance", "basis", "inferred", "about"),
    *("year", "verification"),
    *("quote_url", "configuration_url"),
)
