"""What falls out of the synthesis: everything that is in the review and in no answer."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Any

from pydantic import Field
from sqlalchemy import and_, exists, func, inspect, literal, or_, select, union, union_all
from sqlalchemy.orm import Session

from app.access.models import Review
from app.coding.anchoring import Verification
from app.coding.models import PARTS, Coding, Concept, ConceptDefinition, Memo, Quote
from app.coding.tree import concept_tree
from app.db import Base, PageWish, Schema
from app.history.reading import models, root_of
from app.library.appraisal.comparing import disagreements
from app.library.appraisal.models import Appraisal
from app.library.appraisal.schemas import DisagreementWish
from app.library.models import Document, Source
from app.library.screening_models import Decision
from app.library.search_models import Search, SearchHit, SearchKind
from app.synthesis.incomplete import incomplete
from app.theory.link_models import LinkEvidence
from app.theory.models import Configuration, Element, Evidence
from app.theory.programme_models import Ground, PropositionEvidence, Theory
from app.theory.vocabulary import (
    ConfigurationStatus,
)


class Check(StrEnum):
    """Names of the checks; each is a list, none is a score."""

    SOURCE_UNUSED = "source_unused"
    DOCUMENT_WAITING = "document_waiting"
    QUOTE_UNTIED = "quote_untied"
    QUOTE_UNVERIFIED = "quote_unverified"
    QUOTE_TOO_LONG = "quote_too_long"
    CONFIGURATION_INCOMPLETE = "configuration_incomplete"
    CONFIGURATION_IN_NO_THEORY = "configuration_in_no_theory"
    CONCEPT_UNUSED = "concept_unused"
    CONCEPT_CYCLE = "concept_cycle"
    MEMO_SUBJECT_GONE = "memo_subject_gone"
    APPRAISAL_DISPUTED = "appraisal_disputed"
    APPRAISAL_SUBJECT_GONE = "appraisal_subject_gone"
    SOURCE_UNDECIDED = "source_undecided"
    QUOTE_WITHOUT_TEXT = "quote_without_text"


WAITING = frozenset({Check.SOURCE_UNDECIDED, Check.QUOTE_WITHOUT_TEXT})
"""Listed always, but nothing in them is to be mended: they wait for somebody's work."""


class Finding(Schema):
    """One thing that falls out: which check, of what (`C17`), and the detail."""

    check: Check
    thing: str
    detail: str


class CheckWish(PageWish):
    """Which findings are wanted."""

    check: list[Check] = Field(default_factory=list)
    """Only those of these checks; all when none is named."""


NOT_IN_DOUBT = (Verification.EXACT, Verification.NORMALISED, Verification.NO_DOCUMENT)
EVIDENCE_TABLES: tuple[Any, ...] = (Evidence, LinkEvidence, PropositionEvidence)


def fallen_out(session: Session, review: Review, only: Collection[Check] = ()) -> list[Finding]:
    """List everything that falls out of the synthesis, check by check, in order of numbers."""
    found = (finding for check in CHECKS for finding in check(session, review))
    return [finding for finding in found if not only or finding.check in only]


def _used(review_id: int, column: str) -> Any:
    return union(
        *(
            select(getattr(table, column)).where(
                table.review_id == review_id, getattr(table, column).is_not(None)
            )
            for table in EVIDENCE_TABLES
        )
    )


def _sources(session: Session, review: Review) -> Iterator[Finding]:
    """List sources of which nothing is used, themselves or a duplicate they stand for."""
    quoted = select(Quote.source_id).where(Quote.review_id == review.id)
    defined = select(ConceptDefinition.source_id).where(
        ConceptDefinition.review_id == review.id, ConceptDefinition.source_id.is_not(None)
    )
    parts = [_used(review.id, name).subquery() for name in ("cited_source_id", "source_id")]
    used = [*(select(part.c[0]) for part in parts), quoted, defined]
    standing = select(func.coalesce(Source.merged_into_id, Source.id)).where(
        Source.review_id == review.id, or_(*(Source.id.in_(some) for some in used))
    )
    rows = session.execute(
        select(Source.id, Source.cite_key)
        .where(
            Source.review_id == review.id,
            Source.merged_into_id.is_(None),
            Source.id.not_in(standing),
        )
        .order_by(Source.id)
    )
    for number, cite_key in rows:
        detail = f"{cite_key}: nothing is quoted or taken from it"
        yield Finding(check=Check.SOURCE_UNUSED, thing=f"S{number}", detail=detail)


def _documents(session: Session, review: Review) -> Iterator[Finding]:
    waiting = select(Document.id, Document.file_name).where(
        Document.review_id == review.id, Document.source_id.is_(None)
    )
    for number, name in session.execute(waiting.order_by(Document.id)):
        detail = f"{name}: waits for its source"
        yield Finding(check=Check.DOCUMENT_WAITING, thing=f"D{number}", detail=detail)


def _quotes(session: Session, review: Review) -> Iterator[Finding]:
    used = _used(review.id, "quote_id").subquery()
    coded = select(Coding.quote_id).where(Coding.review_id == review.id)
    defining = select(ConceptDefinition.quote_id).where(
        ConceptDefinition.review_id == review.id, ConceptDefinition.quote_id.is_not(None)
    )
    untied = and_(
        Quote.id.not_in(select(used.c[0])),
        Quote.id.not_in(coded),
        Quote.id.not_in(defining),
    )
    limit = review.quote_word_limit
    statement = (
        select(Quote, untied)
        .where(Quote.review_id == review.id)
        .where(or_(untied, Quote.verification.not_in(NOT_IN_DOUBT), Quote.words > limit))
        .order_by(Quote.id)
    )
    rows = session.execute(statement).all()
    for quote, is_untied in rows:
        if is_untied:
            detail = "parked" if quote.is_parked else "tied to nothing"
            yield Finding(check=Check.QUOTE_UNTIED, thing=f"Q{quote.id}", detail=detail)
    for quote, _ in rows:
        if quote.verification not in NOT_IN_DOUBT:
            score = f", score {quote.score:g}" if quote.score is not None else ""
            detail = f"{quote.verification.value}{score}"
            yield Finding(check=Check.QUOTE_UNVERIFIED, thing=f"Q{quote.id}", detail=detail)
    for quote, _ in rows:
        if quote.words > limit:
            detail = f"{quote.words} words, the limit is {limit}"
            yield Finding(check=Check.QUOTE_TOO_LONG, thing=f"Q{quote.id}", detail=detail)


def _configurations(session: Session, review: Review) -> Iterator[Finding]:
    for number, missing in incomplete(session, review.id):
        thing, detail = f"C{number}", ", ".join(missing)
        yield Finding(check=Check.CONFIGURATION_INCOMPLETE, thing=thing, detail=detail)
    grounds = select(Ground.configuration_id).where(
        Ground.review_id == review.id, Ground.configuration_id.is_not(None)
    )
    rows = session.scalars(
        select(Configuration.id)
        .where(
            Configuration.review_id == review.id,
            Configuration.status != ConfigurationStatus.RETIRED,
            Configuration.id.not_in(grounds),
            exists(select(Theory.id).where(Theory.review_id == review.id)),
        )
        .order_by(Configuration.id)
    )
    for number in rows:
        thing, detail = f"C{number}", "no proposition stands on it"
        yield Finding(check=Check.CONFIGURATION_IN_NO_THEORY, thing=thing, detail=detail)


def _concepts(session: Session, review: Review) -> Iterator[Finding]:
    tree = concept_tree(session, review.id)
    uses = union(*(select(t.concept_id).where(t.review_id == review.id) for t in (Element, Coding)))
    stands = and_(Concept.merged_into_id.is_(None), Concept.is_retired.is_(False))
    rows = session.execute(
        select(Concept.id, Concept.label, Concept.id.in_(uses), stands)
        .where(Concept.review_id == review.id)
        .order_by(Concept.id)
    ).all()
    used = {row[0] for row in rows if row[2]}
    for number, label, _, is_standing in rows:
        is_bare = used.isdisjoint(tree.members(number)) and not tree.children(number)
        if is_standing and is_bare:
            detail = f"{label}: in no configuration, on no quote"
            yield Finding(check=Check.CONCEPT_UNUSED, thing=f"K{number}", detail=detail)
    for ring in sorted(tree.cycles):
        way = " > ".join(f"K{number}" for number in (*ring, ring[0]))
        detail = f"{way}: below or merged in a ring, counted as if it ended at K{ring[0]}"
        yield Finding(check=Check.CONCEPT_CYCLE, thing=f"K{ring[0]}", detail=detail)


def _memos(session: Session, review: Review) -> Iterator[Finding]:
    memos = session.scalars(
        select(Memo)
        .where(Memo.review_id == review.id, Memo.subject_kind.is_not(None))
        .order_by(Memo.id)
    ).all()
    there: dict[str, set[int]] = {}
    parts: dict[str, set[tuple[int, int]]] = {}
    for memo in memos:
        kind = memo.subject_kind or ""
        if kind not in there:
            there[kind] = set(_numbers(session, review.id, root_of(kind)))
        about = f"{kind}{memo.subject_id}"
        is_there = memo.subject_id in there[kind]
        if is_there and memo.subject_part:
            about = f"{memo.subject_part} {memo.subject_n} of {about}"
            table = PARTS.get((kind, memo.subject_part), "")
            if table not in parts:
                parts[table] = _part_numbers(session, review.id, models().get(table))
            is_there = (memo.subject_id, memo.subject_n) in parts[table]
        if not is_there:
            thing, detail = f"M{memo.id}", f"is about {about}, which is gone"
            yield Finding(check=Check.MEMO_SUBJECT_GONE, thing=thing, detail=detail)


def _part_numbers(
    session: Session, review_id: int, model: type[Base] | None
) -> set[tuple[int, int]]:
    """Return the number of its thing and its own n of every part in a table."""
    if model is None:
        return set()
    owner, thing, n = inspect(model).primary_key
    rows = session.execute(select(thing, n).where(owner == review_id))
    return {(row[0], row[1]) for row in rows}


def _appraisals(session: Session, review: Review) -> Iterator[Finding]:
    for one in disagreements(session, review.id, DisagreementWish(settled=False)):
        levels = " against ".join(dict.fromkeys(opinion.level for opinion in one.opinions))
        of = f", evidence {one.evidence_n} of C{one.configuration_id}" if one.evidence_n else ""
        to = f" to {one.theory_area}" if one.theory_area else ""
        detail = f"{one.dimension}{to}{of}: {levels}"
        yield Finding(check=Check.APPRAISAL_DISPUTED, thing=f"S{one.source_id}", detail=detail)
    pieces = and_(
        Evidence.review_id == Appraisal.review_id,
        Evidence.configuration_id == Appraisal.configuration_id,
        Evidence.n == Appraisal.evidence_n,
    )
    gone = (
        select(Appraisal.id, Appraisal.configuration_id, Appraisal.evidence_n)
        .outerjoin(Evidence, pieces)
        .where(Appraisal.review_id == review.id, Appraisal.configuration_id.is_not(None))
        .where(Evidence.n.is_(None))
        .order_by(Appraisal.id)
    )
    for number, configuration, n in session.execute(gone):
        detail = f"evidence {n} of C{configuration} was deleted"
        yield Finding(check=Check.APPRAISAL_SUBJECT_GONE, thing=f"A{number}", detail=detail)


def _waiting(session: Session, review: Review) -> Iterator[Finding]:
    """List sources nobody has decided on, and quotes that no text was there to look up in."""
    unread = select(literal("Q"), Quote.id).where(
        Quote.review_id == review.id, Quote.verification == Verification.NO_DOCUMENT
    )
    found = session.execute(union_all(_undecided(review.id), unread)).all()
    numbers = {kind: sorted(number for of, number in found if of == kind) for kind in "SQ"}
    for number in numbers["S"]:
        detail = "nobody has decided on it"
        yield Finding(check=Check.SOURCE_UNDECIDED, thing=f"S{number}", detail=detail)
    for number in numbers["Q"]:
        detail = "the source has no text here"
        yield Finding(check=Check.QUOTE_WITHOUT_TEXT, thing=f"Q{number}", detail=detail)


def _undecided(review_id: int) -> Any:
    """Select the sources without a decision; not duplicates, nor those of a previous version."""
    decided = select(func.coalesce(Source.merged_into_id, Source.id)).where(
        Source.review_id == review_id,
        Source.id.in_(select(Decision.source_id).where(Decision.review_id == review_id)),
    )
    before = select(SearchHit.source_id).where(
        SearchHit.review_id == review_id,
        Search.review_id == SearchHit.review_id,
        Search.id == SearchHit.search_id,
        Search.kind == SearchKind.PREVIOUS_REVIEW,
    )
    return (
        select(literal("S"), Source.id)
        .where(Source.review_id == review_id, Source.merged_into_id.is_(None))
        .where(Source.id.not_in(decided), Source.id.not_in(before))
    )


def _numbers(session: Session, review_id: int, model: type[Base] | None) -> Iterable[int]:
    if model is None:
        return ()
    columns = model.__table__.columns
    found: Sequence[int] = session.scalars(
        select(columns["id"]).where(columns["review_id"] == review_id)
    ).all()
    return found


CHECKS = (
    *(_sources, _documents, _quotes, _configurations, _concepts, _memos, _appraisals),
    _waiting,
)
