"""The evidence table: one row per configuration or per piece of evidence, led back to its words.

Rows are read in chunks by keyset and never held together, so memory stays flat. A configuration
without evidence keeps a row of its own: nothing falls out silently.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from operator import itemgetter
from typing import Any

from pydantic import Field
from sqlalchemy import ColumnElement, Enum, Result, Row, String, and_, select, type_coerce
from sqlalchemy.orm import Session

from app.access.models import Review
from app.coding.models import Concept, Quote
from app.coding.tree import concept_tree
from app.db import Line, now
from app.errors import FieldProblem, InvalidError
from app.export.columns import (
    APPRAISED,
    CONFIGURATION_COLUMNS,
    DEFAULT_FOR_CONFIGURATIONS,
    DEFAULT_FOR_QUOTES,
    EVIDENCE_COLUMNS,
    Backdrop,
    Entry,
)
from app.export.own_columns import NO_OWN_COLUMNS, OF_SOURCE, OwnColumns, own_columns
from app.export.writers import Cell, Column
from app.library.appraisal.settled import levels_of_evidence, levels_of_sources
from app.library.models import Source, Study
from app.theory.filters import (
    ConfigurationFilter,
    check_filter,
    conditions,
    evidence_conditions,
    filter_query,
    memberships,
)
from app.theory.models import (
    Configuration,
    Consolidation,
    Element,
    Evidence,
    EvidenceElement,
)

CHUNK = 500

# Tables rather than classes, and words rather than enumerations: rows come as plain tuples.
_element = Element.__table__.c
_piece = Evidence.__table__.c
_quote = Quote.__table__.c
_scope = EvidenceElement.__table__.c


def words(column: ColumnElement[Any]) -> ColumnElement[str]:
    """Read an enumeration as the word stored, under the column's own name."""
    return type_coerce(column, String).label(column.key)


class Unit(StrEnum):
    """What one row stands for."""

    CONFIGURATION = "configuration"
    QUOTE = "quote"


class EvidenceTableWish(ConfigurationFilter):
    """Which evidence table is wanted: rows, columns in order, and any filter."""

    per: Unit = Unit.QUOTE
    columns: list[Line] = Field(default_factory=list, max_length=100)
    """Names of columns, in the order wanted; by default a useful set."""
    group: Line | None = None
    """Name of a column: rows of one value stand together, those without any last."""

    def names(self) -> list[str]:
        """Return the names of all columns; one that is only grouped by comes first."""
        default = DEFAULT_FOR_QUOTES if self.per is Unit.QUOTE else DEFAULT_FOR_CONFIGURATIONS
        names = list(self.columns or default)
        return [self.group, *names] if self.group and self.group not in names else names


def table_columns(session: Session, review_id: int, wish: EvidenceTableWish) -> list[Column]:
    """Return the columns wanted once all of the wish is sound, before anything is written.

    Raises `InvalidError` (422) naming a column, concept or field the review does not have.
    """
    check_filter(session, review_id, wish)
    conditions(review_id, wish, concept_tree(session, review_id))
    return chosen_columns(wish, own_columns_of(session, review_id, wish))


def own_columns_of(session: Session, review_id: int, wish: EvidenceTableWish) -> OwnColumns:
    """Return the columns of the review's own fields, where any but ours are wanted."""
    ours = CONFIGURATION_COLUMNS.keys() | EVIDENCE_COLUMNS.keys()
    return own_columns(session, review_id, [name for name in wish.names() if name not in ours])


def chosen_columns(wish: EvidenceTableWish, own: OwnColumns = NO_OWN_COLUMNS) -> list[Column]:
    """Return the columns wanted, in order; raises `InvalidError` naming the known ones."""
    known = known_columns(wish.per, own)
    problems = [
        FieldProblem(
            "group" if name == wish.group else f"columns.{wish.columns.index(name)}",
            f"no column {name}; choose of {', '.join(known)}",
        )
        for name in wish.names()
        if name not in known
    ]
    if problems:
        raise InvalidError(problems[0].message, fields=problems)
    return [known[name] for name in wish.names()]


def known_columns(per: Unit, own: OwnColumns = NO_OWN_COLUMNS) -> dict[str, Column]:
    """Return every column there is for a kind of row, by name."""
    known = {name: column for name, (column, _) in CONFIGURATION_COLUMNS.items()}
    known |= {name: column for name, (column, _) in own.configuration.items()}
    if per is Unit.QUOTE:
        known |= {name: column for name, (column, _) in EVIDENCE_COLUMNS.items()}
        known |= {name: column for name, (column, _) in own.source.items()}
    return known


def evidence_rows(
    session: Session, review: Review, wish: EvidenceTableWish, base: str
) -> Iterator[list[Cell]]:
    """Yield the rows in the order of configuration and evidence numbers, or group by group.

    Groups are held in memory until all rows are read; without them nothing is.
    """
    rows = ungrouped_rows(session, review, wish, base)
    return iter(grouped(rows, wish.names().index(wish.group))) if wish.group else rows


def grouped(rows: Iterable[list[Cell]], place: int) -> list[list[Cell]]:
    """Return rows with those of one value in a column together: numbers, then words, then none."""

    def key(row: list[Cell]) -> tuple[int, float, str]:
        value = row[place]
        if value is None:
            return 2, 0, ""
        return (0, value, "") if isinstance(value, int | float) else (1, 0, str(value).casefold())

    return sorted(rows, key=key)


def ungrouped_rows(
    session: Session, review: Review, wish: EvidenceTableWish, base: str
) -> Iterator[list[Cell]]:
    """Yield the rows of the table one by one, in the order of configurations and evidence."""
    fields = own_columns_of(session, review.id, wish)
    names = [column.name for column in chosen_columns(wish, fields)]
    of_configuration = {**CONFIGURATION_COLUMNS, **fields.configuration}
    of_evidence = {**EVIDENCE_COLUMNS, **fields.source}
    own = [(i, of_configuration[n][1]) for i, n in enumerate(names) if n in of_configuration]
    more = [(i, of_evidence[n][1]) for i, n in enumerate(names) if n in of_evidence]
    made = [(i, cell) for i, cell in more if not isinstance(cell, str)]
    plain = [(i, name) for i, name in more if isinstance(name, str)]
    places = [i for i, _ in plain]
    at = {name: i for i, name in enumerate(_evidence(review.id, ()).selected_columns.keys())}
    # By place, which is quicker than by name; two at least: always a tuple.
    read = itemgetter(0, 0, *(at[name] for _, name in plain))
    for entry in read_entries(session, review, wish, base):
        row: list[Cell] = [None] * len(names)
        for i, cell in own:
            row[i] = cell(entry)
        if wish.per is Unit.CONFIGURATION or not entry.evidence:
            yield row
            continue
        for evidence in entry.evidence:
            full = row.copy()
            for i, value in zip(places, read(evidence)[2:], strict=True):
                full[i] = value
            for i, make in made:
                full[i] = make(entry, evidence)
            yield full


def read_entries(
    session: Session, review: Review, wish: EvidenceTableWish, base: str
) -> Iterator[Entry]:
    """Yield the configurations that fit, with their parts, reading a chunk at a time."""
    check_filter(session, review.id, wish)
    has_fields = any(name.startswith(OF_SOURCE) for name in wish.names())
    backdrop = _backdrop(session, review, base, [Source.fields] if has_fields else [])
    if APPRAISED.intersection(wish.names()):
        backdrop = replace(
            backdrop,
            levels=levels_of_sources(session, review.id),
            own_rigour=levels_of_evidence(session, review.id),
        )
    where = conditions(review.id, wish, concept_tree(session, review.id))
    columns = [
        words(column) if isinstance(column.type, Enum) else column
        for column in Configuration.__table__.columns
        if column.key != "text_key"
    ]
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
        yield from _entries(session, review.id, page, wish, where, backdrop)


def _backdrop(session: Session, review: Review, base: str, more: Sequence[Any]) -> Backdrop:
    concepts = session.execute(
        select(Concept.id, Concept.label).where(Concept.review_id == review.id)
    )
    sources: Result[Any] = session.execute(
        select(
            Source.id,
            Source.cite_key,
            Source.title,
            Source.year,
            Source.kind,
            Source.merged_into_id,
            Study.label.label("study"),
            *more,
        )
        .outerjoin(Study, and_(Study.review_id == Source.review_id, Study.id == Source.study_id))
        .where(Source.review_id == review.id)
    )
    return Backdrop(
        concepts={row[0]: row[1] for row in concepts},
        sources=_counted(sources.all()),
        start=f"{base}/reviews/{review.slug}",
    )


def _counted(rows: Sequence[Row[Any]]) -> dict[int, Row[Any]]:
    """Return every source by number; duplicates as the one that stands for them."""
    found = {row.id: row for row in rows}
    return {row.id: found[row.merged_into_id or row.id] for row in rows}


def _entries(
    session: Session,
    review_id: int,
    page: Sequence[Row[Any]],
    wish: EvidenceTableWish,
    where: Sequence[ColumnElement[bool]],
    backdrop: Backdrop,
) -> Iterator[Entry]:
    ids = [row.id for row in page]
    members = _members(session, review_id, ids, () if wish.per is Unit.CONFIGURATION else where)
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
        parts = elements.get(row.id, ())
        roles: dict[str, list[Row[Any]]] = {}
        for element in parts:
            roles.setdefault(element.role, []).append(element)
        yield Entry(row, parts, roles, known, scopes.get(row.id, {}), backdrop)


def _members(
    session: Session, review_id: int, ids: Sequence[int], where: Sequence[ColumnElement[bool]]
) -> dict[int, list[int]]:
    """Return the members whose evidence each shows: those that have no rows of their own."""
    in_answer = select(Configuration.id).where(*where)
    found: dict[int, list[int]] = defaultdict(list)
    for whole, member in session.execute(
        memberships(review_id)
        .where(
            Consolidation.configuration_id.in_(ids),
            *([Consolidation.member_id.not_in(in_answer)] if where else []),
        )
        .order_by(Consolidation.configuration_id, Consolidation.member_id)
    ):
        found[whole].append(member)
    return found


def _scopes(
    session: Session, review_id: int, ids: Sequence[int]
) -> dict[int, dict[int, list[int]]]:
    found: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    rows = session.execute(
        select(_scope.configuration_id, _scope.evidence_n, _scope.element_n).where(
            _scope.review_id == review_id, _scope.configuration_id.in_(ids)
        )
    )
    for number, evidence_n, element_n in rows.all():
        found[number][evidence_n].append(element_n)
    return found


def _elements(review_id: int, ids: Sequence[int]) -> Any:
    return (
        select(
            _element.configuration_id,
            _element.n,
            words(_element.role),
            _element.wording,
            _element.concept_id,
            words(_element.state),
            _element.any_of,
        )
        .where(_element.review_id == review_id, _element.configuration_id.in_(ids))
        .order_by(_element.configuration_id, _element.position, _element.n)
    )


def _evidence(review_id: int, ids: Sequence[int]) -> Any:
    return (
        select(
            _piece.configuration_id,
            _piece.n,
            _piece.source_id,
            _piece.cited_source_id,
            _piece.quote_id,
            words(_piece.stance),
            words(_piece.basis),
            _piece.is_inferred,
            words(_piece.inference),
            _piece.rationale,
            _piece.page,
            _piece.paraphrase,
            _quote.exact,
            _quote.page.label("quote_page"),
            _quote.speaker,
            words(_quote.verification),
        )
        .outerjoin(
            Quote.__table__,
            and_(_quote.review_id == _piece.review_id, _quote.id == _piece.quote_id),
        )
        .where(_piece.review_id == review_id, _piece.configuration_id.in_(ids))
        .order_by(_piece.configuration_id, _piece.n)
    )


def _grouped(rows: Any) -> dict[int, list[Row[Any]]]:
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in rows.all():  # fetched at once: row by row takes half as long again
        found[row[0]].append(row)
    return found


def notes(review: Review, wish: EvidenceTableWish) -> list[str]:
    """Say on the sheet itself what the table holds and what it cannot say."""
    chosen = ", ".join(f"{name}={value}" for name, value in filter_query(wish)) or "none"
    return [
        f"Evidence table of the review “{review.title}” ({review.slug}).",
        f"One row per {wish.per}{f', by {wish.group}' if wish.group else ''}. Filters: {chosen}.",
        f"Made {now():%Y-%m-%d %H:%M} UTC by Retroduce.",
        "Rows describe the collection; how many there are does not say how strong a claim is.",
    ]
