"""Reading configurations: many as summaries for lists, one with all its parts."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BindParameter,
    String,
    bindparam,
    case,
    func,
    or_,
    select,
    type_coerce,
    union,
    union_all,
)
from sqlalchemy.orm import Session

from app.coding.models import Memo
from app.history.reading import load
from app.library.ordering import COUNTS, SourceOrder
from app.theory import vocabulary
from app.theory.evidence import evidence_of
from app.theory.filters import memberships
from app.theory.gaps import gaps
from app.theory.models import Configuration, Consolidation, Element, Evidence, EvidenceElement
from app.theory.notation import NotationError, format_notation
from app.theory.origins import origin
from app.theory.schemas import (
    ConfigurationFields,
    ConfigurationRead,
    ElementRead,
    EvidenceRead,
    MemberWish,
    Word,
)
from app.theory.vocabulary import ConfigurationStatus, Role, Stance, Template
from app.theory.wording import Words, if_then_because

_FIELDS = ("id", *ConfigurationFields.model_fields, "created_by", "created_at", "version")
_ELEMENT_FIELDS = ("n", *(name for name in ElementRead.model_fields if name != "n"))
_ENUMS = {"template", "kind", "status", "modality", "certainty"}
_ELEMENT_ENUMS = {"role", "state", "activation", "valence", "level", "tier"}

# Enum columns are read as the words they hold: these rows go straight into JSON.
_configuration, _element = Configuration.__table__.c, Element.__table__.c
_evidence, _consolidation = Evidence.__table__.c, Consolidation.__table__.c
_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_REVIEW: BindParameter[int] = bindparam("review_id")
_CONFIGURATIONS = select(
    *[
        type_coerce(_configuration[name], String) if name in _ENUMS else _configuration[name]
        for name in _FIELDS
    ]
).where(_configuration.review_id == _REVIEW, _configuration.id.in_(_IDS))
_ELEMENTS = (
    select(
        *[
            type_coerce(_element[name], String) if name in _ELEMENT_ENUMS else _element[name]
            for name in _ELEMENT_FIELDS
        ],
        _element.configuration_id,
    )
    .where(_element.review_id == _REVIEW, _element.configuration_id.in_(_IDS))
    .order_by(_element.configuration_id, _element.position, _element.n)
)
_ORIGIN = origin(_evidence).label("origin")
_OWN = select(_evidence.configuration_id.label("whole"), _evidence.stance, _ORIGIN).where(
    _evidence.review_id == _REVIEW, _evidence.configuration_id.in_(_IDS)
)
# `in` lets SQLite start from the few memberships; a plain join reads the whole review.
_MEMBERSHIPS = (
    select(_consolidation.configuration_id.label("whole"), _consolidation.member_id)
    .where(_consolidation.review_id == _REVIEW, _consolidation.configuration_id.in_(_IDS))
    .cte("memberships")
    .c
)
_STANDING = select(_configuration.id).where(
    _configuration.review_id == _REVIEW,
    _configuration.id.in_(select(_MEMBERSHIPS.member_id)),
    _configuration.status != ConfigurationStatus.RETIRED,
)
_OF_MEMBERS = select(_MEMBERSHIPS.whole, _evidence.stance, _ORIGIN).where(
    _evidence.review_id == _REVIEW,
    _evidence.configuration_id == _MEMBERSHIPS.member_id,
    _evidence.configuration_id.in_(_STANDING),
)
_SAID = union_all(_OWN, _OF_MEMBERS).subquery().c
_COUNTS = select(
    _SAID.whole,
    func.count(case((_SAID.stance == Stance.SUPPORTS, _SAID.origin)).distinct()),
    func.count(case((_SAID.stance == Stance.REFUTES, _SAID.origin)).distinct()),
    func.count(),
    func.count(_SAID.origin.distinct()),
).group_by(_SAID.whole)
_NONE = (0, 0, 0, 0)
_ROLES = {role.value: role for role in Role}


def summaries(session: Session, review_id: int, ids: Sequence[int]) -> list[dict[str, Any]]:
    """Return `ConfigurationSummary` as plain dicts, ready for orjson, in the order of `ids`.

    Three queries however many there are; numbers that are not there are left out.
    """
    if not ids:
        return []
    keys = {"review_id": review_id, "ids": list(ids)}
    connection = session.connection()
    rows = connection.execute(_CONFIGURATIONS, keys).all()
    found = {row[0]: dict(zip(_FIELDS, row, strict=True)) for row in rows}
    elements: dict[int, list[dict[str, Any]]] = {}
    for row in connection.execute(_ELEMENTS, keys).all():
        # The number comes last: zip leaves it out.
        elements.setdefault(row[-1], []).append(dict(zip(_ELEMENT_FIELDS, row, strict=False)))
    counts = {row[0]: row[1:] for row in connection.execute(_COUNTS, keys).all()}
    return [
        _summary(found[number], elements.get(number, []), counts.get(number, _NONE))
        for number in ids
        if number in found
    ]


def count_sources(session: Session, review_id: int) -> dict[int, tuple[int, int]]:
    """Count the distinct sources of every configuration, and those that refute it."""
    evidence = Evidence.__table__.c
    own = select(
        evidence.configuration_id.label("whole"), evidence.stance, origin(evidence).label("origin")
    ).where(evidence.review_id == review_id)
    pairs = memberships(review_id).subquery().c
    inherited = select(pairs.configuration_id, evidence.stance, origin(evidence)).where(
        evidence.review_id == review_id, evidence.configuration_id == pairs.member_id
    )
    said = union_all(own, inherited).subquery().c
    rows = session.execute(
        select(
            said.whole,
            func.count(said.origin.distinct()),
            func.count(case((said.stance == Stance.REFUTES, said.origin)).distinct()),
        ).group_by(said.whole)
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def count_resting(session: Session, review_id: int) -> dict[int, int]:
    """Count the configurations that rest on every source, first or second hand."""
    parts = [
        select(column.label("source_id"), Evidence.configuration_id).where(
            Evidence.review_id == review_id, column.is_not(None)
        )
        for column in (Evidence.source_id, Evidence.cited_source_id)
    ]
    pairs = union(*parts).subquery().c
    counted = select(pairs.source_id, func.count()).group_by(pairs.source_id)
    return {row[0]: row[1] for row in session.execute(counted)}


COUNTS[SourceOrder.CONFIGURATIONS] = count_resting


def _summary(
    row: dict[str, Any], elements: list[dict[str, Any]], counts: Sequence[int]
) -> dict[str, Any]:
    row["is_statement_written"] = bool(row["statement"])
    if not row["statement"]:
        row["statement"] = if_then_because(
            [Words(_ROLES[e["role"]], e["wording"], e["any_of"]) for e in elements]
        )
    row["elements"] = elements
    row["supporting"], row["refuting"], row["evidence"], row["sources"] = counts
    return row


def read_configuration(session: Session, review_id: int, number: int) -> ConfigurationRead:
    """Read a configuration with its parts and gaps; 404 or 410 when it is not there."""
    load(session, Configuration, review_id, number)
    [row] = summaries(session, review_id, [number])
    elements = [ElementRead.model_validate(element) for element in row.pop("elements")]
    for name in ("supporting", "refuting", "evidence", "sources"):
        row.pop(name)
    evidence = _evidence_with_elements(session, review_id, number)
    members, consolidated_in = _consolidations(session, review_id, number)
    read = ConfigurationRead(
        **row,
        notation=_notation(elements, Template(row["template"])),
        gaps=[],
        elements=elements,
        evidence=evidence,
        members=members,
        consolidated_in=consolidated_in,
    )
    is_grounded = bool(members) or _has_memo(session, review_id, number)
    read.gaps = gaps(read, elements, evidence, read.template, is_grounded=is_grounded)
    return read


def vocabulary_words() -> list[Word]:
    """Return every list of values in the vocabulary, with what it is for."""
    enums = [
        word
        for word in vars(vocabulary).values()
        if isinstance(word, type) and issubclass(word, StrEnum) and word is not StrEnum
    ]
    return [
        Word(name=e.__name__, meaning=e.__doc__ or "", values=[v.value for v in e]) for e in enums
    ]


def _evidence_with_elements(session: Session, review_id: int, number: int) -> list[EvidenceRead]:
    evidence = evidence_of(session, Evidence, review_id, [number]).get((number,), [])
    pairs = session.execute(
        select(EvidenceElement.evidence_n, EvidenceElement.element_n)
        .where(EvidenceElement.review_id == review_id, EvidenceElement.configuration_id == number)
        .order_by(EvidenceElement.evidence_n, EvidenceElement.element_n)
    )
    by_n = {piece.n: piece for piece in evidence}
    for evidence_n, element_n in pairs:
        by_n[evidence_n].elements.append(element_n)
    return evidence


def _consolidations(
    session: Session, review_id: int, number: int
) -> tuple[list[MemberWish], list[int]]:
    """Return what a configuration stands for, and what stands for it."""
    pairs = session.execute(
        select(Consolidation.configuration_id, Consolidation.member_id, Consolidation.note)
        .where(
            Consolidation.review_id == review_id,
            or_(Consolidation.configuration_id == number, Consolidation.member_id == number),
        )
        .order_by(Consolidation.configuration_id, Consolidation.member_id)
    ).all()
    members = [
        MemberWish.model_construct(member_id=row[1], note=row[2])
        for row in pairs
        if row[0] == number
    ]
    return members, [row[0] for row in pairs if row[1] == number]


def _has_memo(session: Session, review_id: int, number: int) -> bool:
    memo = session.scalar(
        select(Memo.id)
        .where(Memo.review_id == review_id, Memo.subject_kind == "C", Memo.subject_id == number)
        .limit(1)
    )
    return memo is not None


def _notation(elements: Sequence[ElementRead], template: Template) -> str | None:
    try:
        return format_notation(((e.role, e.wording) for e in elements), template=template)
    except NotationError:
        return None
