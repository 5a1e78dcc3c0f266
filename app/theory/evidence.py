"""Evidence of configurations, links and propositions: three tables, one way to write and read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.coding.models import Concept, Quote
from app.coding.quotes import add_quotes
from app.db import next_part
from app.errors import FieldProblem, NotFoundError
from app.history.reading import batched
from app.history.recording import delete_many, insert_many
from app.library.models import Document, Source
from app.theory.link_models import ConfigurationLink, LinkEvidence
from app.theory.models import Configuration, Element, Evidence, EvidenceElement
from app.theory.programme_models import Proposition, PropositionEvidence
from app.theory.references import References, assign, refuse
from app.theory.schemas import (
    EvidenceBody,
    EvidenceCreate,
    EvidenceFields,
    EvidencePatch,
    EvidenceRead,
    EvidenceUpdate,
)

Owner: TypeAlias = Configuration | ConfigurationLink | Proposition
EvidenceRow: TypeAlias = Evidence | LinkEvidence | PropositionEvidence

_ROW_FIELDS = (*EvidenceFields.model_fields, "n", "source_id", "quote_id")
_ROW_FIELDS += ("created_by", "created_at")


@dataclass(frozen=True, slots=True)
class Tie:
    """New evidence: what it is evidence of, where its body stands (`evidence.2.`), what it says."""

    owner: Owner
    place: str
    body: EvidenceBody


def table_of(owner: Owner) -> tuple[type[EvidenceRow], str, dict[str, int]]:
    """Return the evidence table of an owner, its counter, and the key its evidence starts with."""
    if isinstance(owner, Configuration):
        return Evidence, "last_evidence", {"configuration_id": owner.id}
    if isinstance(owner, ConfigurationLink):
        return LinkEvidence, "last_evidence", {"link_id": owner.id}
    key = {"theory_id": owner.theory_id, "proposition_n": owner.n}
    return PropositionEvidence, "last_part", key


def add_evidence(session: Session, member: Member, ties: Sequence[Tie]) -> list[int]:
    """Store evidence of owners of one kind, with new quotes, and return the n of each.

    Quotes that get tied are parked no longer. Raises `InvalidError` (422) naming each place that
    points to something not in the review. The caller raises the version of the root.
    """
    if not ties:
        return []
    _check_references(session, member.review_id, ties)
    origins = _origins(session, member, ties)
    rows = [
        _row(member, tie, source_id, quote_id)
        for tie, (source_id, quote_id) in zip(ties, origins, strict=True)
    ]
    refuse([p for tie, row in zip(ties, rows, strict=True) for p in _cited(tie.place, row)])
    session.flush()
    insert_many(session, table_of(ties[0].owner)[0], rows)
    _add_element_sets(session, member.review_id, ties, rows)
    return [row["n"] for row in rows]


def find_evidence(session: Session, owner: Owner, n: int) -> EvidenceRow:
    """Return one piece of evidence of an owner, or say that there is none of that number."""
    model, _, key = table_of(owner)
    found = session.get(model, (owner.review_id, *key.values(), n))
    if not isinstance(found, Evidence | LinkEvidence | PropositionEvidence):
        raise NotFoundError(f"There is no evidence {n} there.")
    return found


def change_evidence(session: Session, owner: Owner, n: int, wish: EvidencePatch) -> EvidenceRow:
    """Change what a piece of evidence says; of a configuration's, also which elements it is about.

    Its quote or source stays: other words are other evidence.
    """
    row = find_evidence(session, owner, n)
    values = wish.model_dump(exclude_unset=True, exclude={"elements"})
    references = References(session, owner.review_id)
    references.add(Source, values.get("cited_source_id"), "cited_source_id")
    references.check()
    refuse(_cited("", {"source_id": row.source_id, "cited_source_id": None} | values))
    assign(row, values)
    if isinstance(wish, EvidenceUpdate) and "elements" in wish.model_fields_set:
        _replace_element_set(session, row, wish.elements)
    session.flush()
    return row


def remove_evidence(session: Session, owner: Owner, n: int) -> None:
    """Remove a piece of evidence; its quote stays."""
    row = find_evidence(session, owner, n)
    if isinstance(row, Evidence):
        delete_many(session, EvidenceElement, _set_of(row))
    session.delete(row)
    session.flush()


def evidence_of(
    session: Session, model: type[EvidenceRow], review_id: int, roots: Sequence[int]
) -> dict[tuple[int, ...], list[EvidenceRead]]:
    """Read the evidence of many owners at once, by their key (`(17,)`, `(2, 3)` for T2.3).

    Each comes with source and words; the elements of a configuration's are left to the caller.
    """
    row = model.__table__.c
    source, quote = Source.__table__.c, Quote.__table__.c
    key = [row[c.key] for c in model.__table__.primary_key if c.key not in {"review_id", "n"}]
    joined = (
        model.__table__.join(
            Source.__table__,
            and_(source.review_id == row.review_id, source.id == row.source_id),
        )
    ).outerjoin(Quote.__table__, and_(quote.review_id == row.review_id, quote.id == row.quote_id))
    words = (source.cite_key, quote.exact, quote.page.label("quote_page"), quote.verification)
    statement = (
        select(*[row[name] for name in _ROW_FIELDS], *words, *key)
        .select_from(joined)
        .where(row.review_id == review_id, key[0].in_(roots))
        .order_by(*key, row.n)
    )
    found: dict[tuple[int, ...], list[EvidenceRead]] = {}
    for line in session.execute(statement).mappings():
        values = dict(line)
        owner = tuple(values.pop(column.key) for column in key)
        found.setdefault(owner, []).append(EvidenceRead.model_validate(values))
    return found


def read_evidence(session: Session, owner: Owner, n: int) -> EvidenceRead:
    """Read one piece of evidence with its source, words and elements."""
    row = find_evidence(session, owner, n)
    model, _, key = table_of(owner)
    of_root = evidence_of(session, model, owner.review_id, [next(iter(key.values()))])
    read = next(piece for piece in of_root[tuple(key.values())] if piece.n == row.n)
    if isinstance(row, Evidence):
        read.elements = sorted(_elements_in(session, row))
    return read


def _check_references(session: Session, review_id: int, ties: Sequence[Tie]) -> None:
    references = References(session, review_id)
    for tie in ties:
        body = tie.body
        references.add(Quote, body.quote_id, f"{tie.place}quote_id")
        references.add(Source, body.source_id, f"{tie.place}source_id")
        references.add(Source, body.cited_source_id, f"{tie.place}cited_source_id")
        if body.quote is not None:
            references.add(Source, body.quote.source_id, f"{tie.place}quote.source_id")
            references.add(Document, body.quote.document_id, f"{tie.place}quote.document_id")
            for i, concept in enumerate(body.quote.concepts):
                references.add(Concept, concept, f"{tie.place}quote.concepts.{i}")
    references.check()


def _origins(session: Session, member: Member, ties: Sequence[Tie]) -> list[tuple[int, int | None]]:
    """Return source and quote of each tie; new quotes are stored, parked ones taken up."""
    wishes = [
        tie.body.quote.model_copy(update={"is_parked": False}) for tie in ties if tie.body.quote
    ]
    added = iter(add_quotes(session, member, wishes) if wishes else [])
    named = {tie.body.quote_id for tie in ties if tie.body.quote_id is not None}
    sources: dict[int, int] = {}
    for chunk in batched(sorted(named)):
        for quote in session.scalars(
            select(Quote).where(Quote.review_id == member.review_id, Quote.id.in_(chunk))
        ):
            sources[quote.id] = quote.source_id
            if quote.is_parked:
                quote.is_parked = False
                quote.version += 1
    return [_origin(tie.body, added, sources) for tie in ties]


def _origin(body: EvidenceBody, added: Any, sources: dict[int, int]) -> tuple[int, int | None]:
    if body.quote is not None:
        quote: Quote = next(added)
        return quote.source_id, quote.id
    if body.quote_id is not None:
        return sources[body.quote_id], body.quote_id
    return body.source_id or 0, None


def _row(member: Member, tie: Tie, source_id: int, quote_id: int | None) -> dict[str, Any]:
    _, counter, key = table_of(tie.owner)
    said = {name: getattr(tie.body, name) for name in EvidenceFields.model_fields}
    return {
        "review_id": member.review_id,
        **key,
        "n": next_part(tie.owner, counter),
        **said,
        "source_id": source_id,
        "quote_id": quote_id,
        "created_by": member.user.id,
    }


def _cited(place: str, row: dict[str, Any]) -> list[FieldProblem]:
    if row["cited_source_id"] != row["source_id"]:
        return []
    message = "a source does not cite itself as another work; leave it out for first-hand evidence"
    return [FieldProblem(f"{place}cited_source_id", message)]


def _add_element_sets(
    session: Session, review_id: int, ties: Sequence[Tie], rows: Sequence[dict[str, Any]]
) -> None:
    wanted = [
        (tie.place, row, tie.body.elements)
        for tie, row in zip(ties, rows, strict=True)
        if isinstance(tie.body, EvidenceCreate) and tie.body.elements
    ]
    known = _known_elements(session, review_id, {row["configuration_id"] for _, row, _ in wanted})
    refuse(
        [
            problem
            for place, row, elements in wanted
            for problem in _unknown(place, elements, known.get(row["configuration_id"], set()))
        ]
    )
    sets = [
        {
            "review_id": review_id,
            "configuration_id": row["configuration_id"],
            "evidence_n": row["n"],
            "element_n": element,
        }
        for _, row, elements in wanted
        for element in dict.fromkeys(elements)
    ]
    insert_many(session, EvidenceElement, sets)


def _known_elements(
    session: Session, review_id: int, configurations: set[int]
) -> dict[int, set[int]]:
    known: dict[int, set[int]] = {}
    for chunk in batched(sorted(configurations)):
        statement = select(Element.configuration_id, Element.n).where(
            Element.review_id == review_id, Element.configuration_id.in_(chunk)
        )
        for configuration_id, n in session.execute(statement):
            known.setdefault(configuration_id, set()).add(n)
    return known


def _unknown(place: str, elements: Sequence[int], known: set[int]) -> list[FieldProblem]:
    return [
        FieldProblem(f"{place}elements.{i}", f"there is no element {n} in this configuration")
        for i, n in enumerate(elements)
        if n not in known
    ]


def _set_of(row: Evidence) -> list[Any]:
    return [
        EvidenceElement.review_id == row.review_id,
        EvidenceElement.configuration_id == row.configuration_id,
        EvidenceElement.evidence_n == row.n,
    ]


def _elements_in(session: Session, row: Evidence) -> set[int]:
    return set(session.scalars(select(EvidenceElement.element_n).where(*_set_of(row))))


def _replace_element_set(session: Session, row: EvidenceRow, elements: Sequence[int]) -> None:
    if not isinstance(row, Evidence):
        refuse([FieldProblem("elements", "only evidence of a configuration is about elements")])
        return
    known = _known_elements(session, row.review_id, {row.configuration_id})
    refuse(_unknown("", elements, known.get(row.configuration_id, set())))
    before, wanted = _elements_in(session, row), set(elements)
    gone = EvidenceElement.element_n.in_(sorted(before - wanted))
    delete_many(session, EvidenceElement, [*_set_of(row), gone])
    key = {"review_id": row.review_id, "configuration_id": row.configuration_id}
    sets = [{**key, "evidence_n": row.n, "element_n": n} for n in sorted(wanted - before)]
    insert_many(session, EvidenceElement, sets)
