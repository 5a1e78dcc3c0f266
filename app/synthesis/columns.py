"""A review as flat arrays: all that counting reads, in the order of its numbers.

Rows of every array are counted from 0; a reference to another array is a row in it, -1 is none.
Nothing here decides what counts: `placing` and `totals` do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Select, String, case, func, literal, select, type_coerce
from sqlalchemy.orm import Session

from app.coding.models import Concept
from app.coding.tree import Node, Tree
from app.synthesis.counting import Catalogue, read_catalogue
from app.synthesis.shelf import read_once
from app.theory.filters import is_counted, memberships
from app.theory.models import Configuration, Element, Evidence, EvidenceElement
from app.theory.vocabulary import Role, Stance, State

Ints = NDArray[np.integer[Any]]
Mask = NDArray[np.bool_]
DIRECT, SUPPORTS, REFUTES = 1, 2, 4
"""What a piece of evidence is, as bits: first-hand, and its stance where that is one of two."""
ROLES = {role.value: code for code, role in enumerate(Role)}
STATES = {state.value: code for code, state in enumerate(State)}
STATE_AT = tuple(State)
BATCH = 50_000

# Tables rather than classes: rows come as plain tuples, not through the loader of objects.
_element, _evidence = Element.__table__.c, Evidence.__table__.c
_scope = EvidenceElement.__table__.c


class Labelled(NamedTuple):
    """What an answer says of a concept, and where it stands among its siblings."""

    label: str
    referent: str | None
    position: int


@dataclass(frozen=True, slots=True)
class Columns:
    """One review at one moment; nothing in it is ever changed."""

    tree: Tree
    concepts: Mapping[int, Labelled]
    catalogue: Catalogue
    configuration: Ints
    """Numbers, ascending."""
    is_counted: Mask
    """By default: consolidated ones, and raw ones that belong to none."""
    element_of: Ints
    """Elements by configuration and n: which configuration."""
    element_n: Ints
    role: Ints
    concept: Ints
    """Its number, 0 where not coded."""
    state: Ints
    group: Ints
    """Alternatives of one role share it; negative where an element has none."""
    behind: Ints
    """Of an outcome: the element that is its mechanism."""
    evidence_of: Ints
    """Evidence by configuration and n: which configuration."""
    evidence_n: Ints
    origin: Ints
    """The number of the source it counts as: the one cited, where it is second-hand; of merged
    duplicates the one that stands for them."""
    flags: Ints
    about_evidence: Ints
    """Which evidence is about which element, by evidence."""
    about_element: Ints
    whole: Ints
    """Which consolidated configuration is witnessed by which member."""
    member: Ints

    @property
    def size(self) -> int:
        """Bytes of all arrays, and about what the codebook takes."""
        arrays = (getattr(self, field.name) for field in fields(self))
        return sum(a.nbytes for a in arrays if isinstance(a, np.ndarray)) + 500 * len(self.concepts)

    def rows_of(self, numbers: Ints) -> Ints:
        """Return the rows of configurations by their numbers, which must be there."""
        return np.searchsorted(self.configuration, numbers)

    def evidence_rows(self, keys: Ints) -> Ints:
        """Return the rows of evidence by (configuration number, n), which must be there."""
        own = _pair(self.evidence_of, self.evidence_n)
        return np.searchsorted(own, _pair(self.rows_of(keys[:, 0]), keys[:, 1]))


def columns_of(session: Session, review_id: int) -> Columns:
    """Return a review as columns, read now or kept from a question before."""
    return read_once(session, review_id, read_columns)


def read_columns(session: Session, review_id: int) -> Columns:
    """Read a whole review, in seven queries."""
    concepts = session.execute(_concepts(review_id)).all()
    configurations = _ints(session, _configurations(review_id))
    number = configurations[:, 0]
    elements, evidence = _ints(session, _elements(review_id)), _ints(session, _said(review_id))
    scopes, pairs = _ints(session, _scopes(review_id)), _ints(session, memberships(review_id))
    catalogue = read_catalogue(session, review_id)
    element_of = np.searchsorted(number, elements[:, 0])
    element_key = _pair(element_of, elements[:, 1])
    evidence_of = np.searchsorted(number, evidence[:, 0])
    scoped = np.searchsorted(number, scopes[:, 0])
    return Columns(
        tree=Tree(Node(*row[:3]) for row in concepts),
        concepts={row[0]: Labelled(*row[3:]) for row in concepts},
        catalogue=catalogue,
        configuration=number,
        is_counted=configurations[:, 1] == 1,
        element_of=element_of,
        element_n=elements[:, 1],
        role=elements[:, 2],
        concept=elements[:, 3],
        state=elements[:, 4],
        group=elements[:, 5],
        behind=_found(element_key, _pair(element_of, elements[:, 6]), elements[:, 6] >= 0),
        evidence_of=evidence_of,
        evidence_n=evidence[:, 1],
        origin=_standing(evidence[:, 2], catalogue.merged),
        flags=evidence[:, 3],
        about_evidence=np.searchsorted(
            _pair(evidence_of, evidence[:, 1]), _pair(scoped, scopes[:, 1])
        ),
        about_element=np.searchsorted(element_key, _pair(scoped, scopes[:, 2])),
        whole=np.searchsorted(number, pairs[:, 0]),
        member=np.searchsorted(number, pairs[:, 1]),
    )


def _concepts(review_id: int) -> Select[int, int | None, int | None, str, str | None, int]:
    return (
        select(
            Concept.id,
            Concept.parent_id,
            Concept.merged_into_id,
            Concept.label,
            Concept.referent,
            Concept.position,
        )
        .where(Concept.review_id == review_id)
        .order_by(Concept.id)
    )


def _configurations(review_id: int) -> Select[int, int]:
    return (
        select(Configuration.id, case((is_counted(review_id), 1), else_=0))
        .where(Configuration.review_id == review_id)
        .order_by(Configuration.id)
    )


def _elements(review_id: int) -> Select[Any]:
    return (
        select(
            _element.configuration_id,
            _element.n,
            _code(_element.role, ROLES),
            func.coalesce(_element.concept_id, 0),
            _code(_element.state, STATES),
            func.coalesce(_element.any_of, -_element.n),
            func.coalesce(_element.mechanism_n, -1),
        )
        .where(_element.review_id == review_id)
        .order_by(_element.configuration_id, _element.n)
    )


def _said(review_id: int) -> Select[Any]:
    stance = type_coerce(_evidence.stance, String)
    bits = {Stance.SUPPORTS.value: SUPPORTS, Stance.REFUTES.value: REFUTES}
    is_direct = case((_evidence.cited_source_id.is_(None), DIRECT), else_=0)
    return (
        select(
            _evidence.configuration_id,
            _evidence.n,
            func.coalesce(_evidence.cited_source_id, _evidence.source_id),
            is_direct + case(bits, value=stance, else_=0),
        )
        .where(_evidence.review_id == review_id)
        .order_by(_evidence.configuration_id, _evidence.n)
    )


def _scopes(review_id: int) -> Select[Any]:
    columns = (_scope.configuration_id, _scope.evidence_n, _scope.element_n)
    return select(*columns).where(_scope.review_id == review_id).order_by(*columns)


def _code(column: ColumnElement[Any], codes: Mapping[str, int]) -> ColumnElement[int]:
    """Return a word of a vocabulary as its number there."""
    return case(dict(codes), value=type_coerce(column, String), else_=literal(-1))


def _ints(session: Session, statement: Select[*tuple[Any, ...]]) -> Ints:
    """Read rows of whole numbers as one array, a column per column."""
    width = len(statement.selected_columns)
    result = session.execute(statement.execution_options(yield_per=BATCH))
    parts = [
        np.fromiter(chain.from_iterable(rows), np.int32, width * len(rows)).reshape(-1, width)
        for rows in result.partitions()
    ]
    read = np.concatenate(parts) if parts else np.empty((0, width), np.int32)
    columns = np.asfortranarray(read)  # each column lies together
    columns.setflags(write=False)
    return columns


def _standing(origin: Ints, merged: Mapping[int, int]) -> Ints:
    """Return the sources that stand for some, given what each duplicate was merged into."""
    if not merged or not len(origin):
        return origin
    stands = np.arange(max(int(origin.max()), *merged) + 1)
    stands[list(merged)] = list(merged.values())
    return stands[origin]


def _pair(row: Ints, n: Ints) -> Ints:
    """Return one number for a row and the n of its part, ascending as both are."""
    return (row.astype(np.int64) << 32) + n


def _found(keys: Ints, wanted: Ints, is_named: Mask) -> Ints:
    """Return where each wanted key stands among the ascending keys; -1 where none is named."""
    at = np.searchsorted(keys, wanted)
    return np.where(is_named, at, -1)
