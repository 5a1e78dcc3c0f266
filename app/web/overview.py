"""Where a review stands, in numbers: what its home shows, read in few queries."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.coding.anchoring import Verification
from app.coding.models import Coding, Concept, ConceptDefinition, Quote
from app.library.duplicate_models import DuplicatePair, PairState
from app.library.models import Document, Source
from app.library.screening_models import Stage
from app.library.screening_queue import awaits, screeners
from app.library.screening_standing import UNSETTLED, End, journeys, read_material
from app.theory.link_models import LinkEvidence
from app.theory.models import Configuration, Evidence
from app.theory.programme_models import Ground, PropositionEvidence, Theory
from app.theory.vocabulary import ConfigurationKind, ConfigurationStatus

EVIDENCE: tuple[Any, ...] = (Evidence, LinkEvidence, PropositionEvidence)
NOT_SEEN = (
    *(Verification.NOT_FOUND, Verification.AMBIGUOUS, Verification.APPROXIMATE),
    Verification.NO_DOCUMENT,
)
"""Quotes that a program did not find in their text to the letter, by why."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What is counted by the database."""

    sources: int
    """Those that stand for themselves; so do the next two."""
    with_text: int
    coded: int
    concepts: int
    quotes: int
    not_found: int
    ambiguous: int
    approximate: int
    no_document: int
    """Quotes whose source has no text to look in."""
    parked: int
    untied: int
    """Quotes tied to nothing, though nobody parked them."""
    draft: int
    coded_configurations: int
    checked: int
    retired: int
    raw: int
    consolidated: int
    constructed: int
    in_no_theory: int
    theories: int
    documents_waiting: int
    duplicates_waiting: int
    stages: int
    unread: int | None
    """The first text nothing is quoted from."""

    @property
    def held(self) -> dict[str, int]:
        """What the rail counts."""
        return {
            "sources": self.sources,
            "quotes": self.quotes,
            "concepts": self.concepts,
            "configurations": self.configurations,
        }

    @property
    def found(self) -> int:
        """Quotes that stand in their text, once and to the letter."""
        doubtful = self.not_found + self.ambiguous + self.approximate
        return self.quotes - doubtful - self.no_document

    @property
    def configurations(self) -> int:
        """All of them, whatever became of them."""
        return self.draft + self.coded_configurations + self.checked + self.retired

    @property
    def unused(self) -> int:
        """Sources nothing is taken from."""
        return self.sources - self.coded


@dataclass(frozen=True, slots=True)
class Screened:
    """How far screening has come; a source that still waits for a decision is not screened."""

    is_begun: bool
    """Whether anybody has decided on a source yet."""
    entered: int
    screened: int
    undecided: int
    """Sources that wait for decisions; conflicts are not among them."""
    conflicts: int
    for_me: int
    """Sources that wait for a decision and have none of mine."""
    included: int
    excluded: int


def figures(session: Session, review_id: int) -> Figures:
    """Count where a review stands, in one query that passes over the quotes once."""
    wanted, quotes = _selects(review_id), _quotes(review_id)
    row = session.execute(select(*(each.scalar_subquery() for each in wanted.values()), *quotes.c))
    names = [*wanted, *quotes.c.keys()]
    return Figures(**dict(zip(names, row.one(), strict=True)))


def _here(review_id: int, table: Any, column: Any) -> Any:
    """Select what a column of a review refers to."""
    return select(column).where(table.review_id == review_id, column.is_not(None))


def _selects(review_id: int) -> dict[str, Any]:
    def many(table: Any, *where: ColumnElement[bool]) -> Select[int]:
        return select(func.count()).select_from(table).where(table.review_id == review_id, *where)

    stands = Source.merged_into_id.is_(None)
    parts = [_here(review_id, table, getattr(table, n)) for table in EVIDENCE for n in _SOURCES]
    parts += [_here(review_id, table, table.source_id) for table in (Quote, ConceptDefinition)]
    texts = [_here(review_id, Document, Document.source_id)]
    quoted = exists().where(Quote.review_id == review_id, Quote.document_id == Document.id)
    status, kind = Configuration.status, Configuration.kind
    alive = status != ConfigurationStatus.RETIRED
    grounds = _here(review_id, Ground, Ground.configuration_id)
    theory = exists().where(Theory.review_id == review_id)
    return {
        "sources": many(Source, stands),
        "with_text": many(Source, stands, _has_any(review_id, texts)),
        "coded": many(Source, stands, _has_any(review_id, parts)),
        "concepts": many(Concept),
        "draft": many(Configuration, status == ConfigurationStatus.DRAFT),
        "coded_configurations": many(Configuration, status == ConfigurationStatus.CODED),
        "checked": many(Configuration, status == ConfigurationStatus.CHECKED),
        "retired": many(Configuration, status == ConfigurationStatus.RETIRED),
        **{one.value: many(Configuration, alive, kind == one) for one in ConfigurationKind},
        "in_no_theory": many(Configuration, alive, theory, Configuration.id.not_in(grounds)),
        "theories": many(Theory),
        "documents_waiting": many(Document, Document.source_id.is_(None)),
        "duplicates_waiting": many(DuplicatePair, DuplicatePair.state == PairState.SUGGESTED),
        "stages": many(Stage, Stage.is_skipped.is_(False)),
        "unread": select(func.min(Document.id)).where(
            Document.review_id == review_id, Document.source_id.is_not(None), ~quoted
        ),
    }


def _quotes(review_id: int) -> Any:
    """Select all that is counted of quotes, as one row."""

    def sums(name: str, condition: ColumnElement[bool]) -> Any:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0).label(name)

    tables = (*EVIDENCE, Coding, ConceptDefinition)
    tied = [_here(review_id, table, table.quote_id) for table in tables]
    not_tied = [Quote.is_parked.is_(False), *(Quote.id.not_in(some) for some in tied)]
    return (
        select(
            func.count().label("quotes"),
            *(sums(one.value, Quote.verification == one) for one in NOT_SEEN),
            sums("parked", Quote.is_parked.is_(True)),
            sums("untied", and_(*not_tied)),
        )
        .where(Quote.review_id == review_id)
        .subquery()
    )


_SOURCES = ("source_id", "cited_source_id")


def _has_any(review_id: int, some: list[Any]) -> ColumnElement[bool]:
    """Return the condition that a source, or a duplicate it stands for, is among some sources."""
    among = or_(*(Source.id.in_(each) for each in some))
    standing = select(func.coalesce(Source.merged_into_id, Source.id))
    return Source.id.in_(standing.where(Source.review_id == review_id, among))


def screened(session: Session, member: Member) -> Screened:
    """Count how far screening has come, over all stages, and what of it waits for oneself."""
    material = read_material(session, member.review_id)
    walked = journeys(material)
    ends = [journey.end for journey in walked.values()]
    open_at = [
        (journey, rule.id)
        for journey in walked.values()
        for rule in material.rules
        if awaits(material, journey, rule.id)
    ]
    awaiting = ends.count(End.AWAITING)
    conflicts = sum(
        journey.at is not None and journey.steps[journey.at].outcome in UNSETTLED
        for journey in walked.values()
        if journey.end is End.AWAITING
    )
    return Screened(
        is_begun=bool(material.casts),
        entered=len(walked),
        screened=len(ends) - awaiting,
        undecided=awaiting - conflicts,
        conflicts=conflicts,
        for_me=sum(
            member.user.id not in screeners(material.casts.get(j.source_id, {}).get(stage, ()))
            for j, stage in open_at
        ),
        included=ends.count(End.INCLUDED),
        excluded=ends.count(End.EXCLUDED),
    )
