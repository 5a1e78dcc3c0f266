"""What the flow diagram shows: boxes in rows and columns, worded as PRISMA 2020 words them.

Rows go down from identification to inclusion. A column has boxes on its way down, each with a box
beside it for what leaves the way there. What is undecided stands in boxes of its own, outside the
published ones, so that the numbers of every box add up.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from app.library.screening_models import StageUnit
from app.library.screening_standing import RecordOrigin
from app.library.search_models import SearchKind
from app.synthesis.flow_parts import Brought, Flow, PathFlow, StageFlow

Query = dict[str, str | int | bool]
"""Which sources stand behind a box, as the API asks for them."""


class Look(StrEnum):
    """How a box is drawn."""

    WAY = "way"
    """On the way down, or beside it."""
    WAITING = "waiting"
    """Undecided: not of the published form."""
    HEAD = "head"


class Phase(StrEnum):
    """The bands of the diagram."""

    IDENTIFICATION = "Identification"
    SCREENING = "Screening"
    INCLUDED = "Included"


@dataclass(frozen=True, slots=True)
class Box:
    """A box: its lines, those after the first set in; what is drawn beside or below it."""

    lines: tuple[str, ...]
    look: Look = Look.WAY
    query: Query | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One step of a column: a box on the way, and what leaves the way there."""

    key: str
    phase: Phase
    main: Box | None
    beside: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """One way down, under its title."""

    title: str
    rows: tuple[Row, ...] = ()

    @property
    def has_side(self) -> bool:
        """Say whether anything leaves the way."""
        return any(row.beside for row in self.rows)


@dataclass(frozen=True, slots=True)
class Diagram:
    """The columns, and the boxes all of them lead to."""

    databases: Column
    other: Column | None
    previous: Box | None
    included: Box
    total: Box | None
    order: tuple[str, ...] = field(default=())
    """The keys of all rows, from the top."""


KINDS = {
    SearchKind.DATABASE: "Databases",
    SearchKind.REGISTER: "Registers",
    SearchKind.WEBSITE: "Websites",
    SearchKind.ORGANISATION: "Organisations",
    SearchKind.CITATION_CHASING: "Citation searching",
    SearchKind.SIBLING_PAPERS: "Sibling papers",
    SearchKind.HAND: "Hand searching",
    SearchKind.EXPERT: "Experts",
    SearchKind.PREVIOUS_REVIEW: "Previous review",
    SearchKind.OTHER: "Other",
}


def counted(words: str, n: int) -> str:
    """Write a label with its number: Records screened (n = 1,204)."""
    return f"{words} (n = {n:,})"


def diagram(flow: Flow) -> Diagram:
    """Turn a flow into boxes."""
    databases = Column(
        "Identification of new studies via databases and registers", tuple(_rows(flow.databases))
    )
    other = None
    if flow.other.identified:
        title = "Identification of new studies via other methods"
        other = Column(title, tuple(_rows(flow.other)))
    return Diagram(
        databases=databases,
        other=other,
        previous=_previous(flow),
        included=Box(
            (
                counted("New studies included in review", flow.new_studies)
                if flow.previous_reports
                else counted("Studies included in review", flow.new_studies),
                counted("Reports of new included studies", flow.new_reports)
                if flow.previous_reports
                else counted("Reports of included studies", flow.new_reports),
            ),
            query={"end": "included"},
        ),
        total=_total(flow),
        order=_order(databases, other),
    )


def _order(databases: Column, other: Column | None) -> tuple[str, ...]:
    """Return the keys of all rows; both columns go through the same ones in the same order."""
    whole = [row.key for row in databases.rows]
    return tuple(whole or [row.key for row in (other.rows if other else ())])


def _previous(flow: Flow) -> Box | None:
    if not flow.previous_reports:
        return None
    return Box(
        (
            counted("Studies included in previous version of review", flow.previous_studies),
            counted("Reports of studies included in previous version", flow.previous_reports),
        ),
        query={"origin": "previous"},
    )


def _total(flow: Flow) -> Box | None:
    if not flow.previous_reports:
        return None
    return Box(
        (
            counted("Total studies included in review", flow.total_studies),
            counted("Reports of total included studies", flow.total_reports),
        )
    )


def _rows(path: PathFlow) -> Iterator[Row]:
    """Yield the rows of a column from the top."""
    origin: Query = {"origin": path.origin.value}
    yield Row(
        "identified", Phase.IDENTIFICATION, Box(tuple(_identified(path))), tuple(_removed(path))
    )
    records = path.of(StageUnit.RECORDS)
    for n, stage in enumerate(records):
        if path.origin is RecordOrigin.OTHER and stage.excluded == stage.awaiting == 0:
            continue  # as published: other methods lead straight to retrieval
        words = "Records screened" if n == 0 else f"Records screened: {_lower(stage.name)}"
        yield _stage_row(stage, words, "Records excluded", origin)
    beside = [
        Box(
            (counted("Reports not retrieved", path.not_retrieved),),
            query={**origin, "end": "not_retrieved"},
        )
    ]
    if path.awaiting_retrieval:
        query = {**origin, "end": "awaiting_retrieval"}
        words = counted("Awaiting retrieval", path.awaiting_retrieval)
        beside.append(Box((words,), Look.WAITING, query))
    sought = Box(
        (counted("Reports sought for retrieval", path.sought),), query={**origin, "is_sought": True}
    )
    yield Row("sought", Phase.SCREENING, sought, tuple(beside))
    for n, stage in enumerate(path.of(StageUnit.REPORTS)):
        words = "Reports assessed for eligibility"
        if n:
            words = f"Reports assessed for {_lower(stage.name)}"
        yield _stage_row(stage, words, "Reports excluded", origin)


def _lower(name: str) -> str:
    """Return a stage's name as it stands in a sentence; abbreviations stay."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def _identified(path: PathFlow) -> Iterator[str]:
    """Yield the lines of the first box: what was found, by kind, and by name where it matters."""
    yield "Records identified from:"
    by_kind: dict[SearchKind | None, list[Brought]] = {}
    for found in path.found:
        by_kind.setdefault(found.kind, []).append(found)
    for kind, some in by_kind.items():
        total = sum(found.records for found in some)
        yield counted(KINDS[kind] if kind else some[0].name, total)
        if kind in {SearchKind.DATABASE, SearchKind.REGISTER}:
            yield from (f"\t{counted(found.name, found.records)}" for found in some)
    if not path.found:
        yield counted("Databases", 0)


def _removed(path: PathFlow) -> Iterator[Box]:
    """Yield what was taken out before screening; databases show it even when it is nothing."""
    if not (path.origin is RecordOrigin.DATABASES or path.duplicates or path.unreadable):
        return
    lines = ["Records removed before screening:", counted("Duplicate records", path.duplicates)]
    if path.unreadable:
        lines.append(counted("Records that could not be read", path.unreadable))
    yield Box(tuple(lines))


def _stage_row(stage: StageFlow, words: str, out: str, origin: Query) -> Row:
    """Return the row of a stage: who was looked at, who was excluded, who still waits."""
    seen = Box(
        (counted(words, stage.entered - stage.awaiting),),
        query={**origin, "entered": stage.stage_id},
    )
    excluded = {**origin, "end": "excluded", "stage_id": stage.stage_id}
    is_report = stage.unit is StageUnit.REPORTS
    has_reasons = any(reason.reason_id is not None for reason in stage.reasons)
    lines = [counted(out, stage.excluded)]
    if has_reasons and is_report:
        lines[0] += ":"
        lines += [counted(reason.label, reason.sources) for reason in stage.reasons]
    beside = [Box(tuple(lines), query=excluded)]
    if stage.awaiting:
        query = {**origin, "end": "awaiting", "stage_id": stage.stage_id}
        beside.append(Box((counted("Awaiting a decision", stage.awaiting),), Look.WAITING, query))
    return Row(f"stage {stage.stage_id}", Phase.SCREENING, seen, tuple(beside))
