"""Where every source stands in screening, derived from the decisions and never stored.

A duplicate stands and falls with the source it was merged into: their decisions are one source's.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.library.models import Document, Source
from app.library.screening_models import (
    Decision,
    ExclusionReason,
    Retrieval,
    RetrievalStatus,
    ScreeningVerdict,
    Stage,
    StageUnit,
)
from app.library.screening_stages import reasons_of, stages_of
from app.library.search_models import Search, SearchHit, SearchKind


class Outcome(StrEnum):
    """What a stage comes to for a source."""

    INCLUDED = "included"
    EXCLUDED = "excluded"
    UNSURE = "unsure"
    """All who had to decide are unsure: an adjudication settles it."""
    CONFLICT = "conflict"
    AWAITING = "awaiting"


UNSETTLED = (Outcome.CONFLICT, Outcome.UNSURE)


class RecordOrigin(StrEnum):
    """The column of the flow diagram a source comes down."""

    PREVIOUS = "previous"
    DATABASES = "databases"
    OTHER = "other"


class End(StrEnum):
    """How far a source has come."""

    EXCLUDED = "excluded"
    AWAITING = "awaiting"
    AWAITING_RETRIEVAL = "awaiting_retrieval"
    NOT_RETRIEVED = "not_retrieved"
    INCLUDED = "included"


@dataclass(frozen=True, slots=True)
class Cast:
    """One decision, as far as outcomes depend on it."""

    id: int
    stage_id: int
    screener_id: int
    verdict: ScreeningVerdict
    reason_id: int | None
    is_final: bool
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Result:
    """What a stage came to for a source, and the reason that counts if it was excluded."""

    outcome: Outcome
    reason_id: int | None = None
    is_implied: bool = False
    """Nobody decided here, but further on: it passed."""


@dataclass(slots=True)
class Journey:
    """A source on its way: the result of every stage it entered, and where it is now."""

    source_id: int
    steps: dict[int, Result] = field(default_factory=dict)
    is_sought: bool = False
    """It passed every stage that looks at records."""
    is_retrieved: bool = False
    end: End = End.INCLUDED
    at: int | None = None
    """The stage that excluded it, or that it waits at."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What the outcome of a stage depends on besides the decisions."""

    id: int
    unit: StageUnit
    screeners: int = 1
    needs_reason: bool = False
    reasons: tuple[int, ...] = ()
    """In the team's order: where two screeners differ, the first counts."""


@dataclass(slots=True)
class Material:
    """All of a review that screening depends on, by the source that stands for its duplicates."""

    rules: list[Rule] = field(default_factory=list)
    """Of the stages that are not skipped, in order."""
    names: dict[int, str] = field(default_factory=dict)
    """Of all stages."""
    labels: dict[int, str] = field(default_factory=dict)
    """Of all reasons to exclude, each stage's in the team's order."""
    roots: dict[int, int] = field(default_factory=dict)
    """For every source: the one that stands for it, mostly itself."""
    casts: dict[int, dict[int, list[Cast]]] = field(default_factory=dict)
    """By source and stage."""
    retrieval: dict[int, RetrievalStatus] = field(default_factory=dict)
    with_text: set[int] = field(default_factory=set)
    origins: dict[int, RecordOrigin] = field(default_factory=dict)


def outcome_of(rule: Rule, casts: Sequence[Cast]) -> Result:
    """Derive what a stage comes to for a source.

    An adjudication stands. Otherwise as many as the stage asks for must have decided, and agree;
    where a reason is asked for, on the reason too. The last decision of each person counts.
    """
    latest = sorted(casts, key=lambda cast: (cast.decided_at, cast.id))
    final = [cast for cast in latest if cast.is_final]
    own = {cast.screener_id: cast for cast in latest if not cast.is_final}
    if final:
        return _agreed(final[-1].verdict, final[-1].reason_id)
    if len(own) < rule.screeners:
        return Result(Outcome.AWAITING)
    verdicts = {cast.verdict for cast in own.values()}
    reasons = {cast.reason_id for cast in own.values()}
    is_excluded = verdicts == {ScreeningVerdict.EXCLUDE}
    if len(verdicts) > 1 or (is_excluded and rule.needs_reason and len(reasons) > 1):
        return Result(Outcome.CONFLICT)
    return _agreed(verdicts.pop(), _first(rule, reasons))


def _agreed(verdict: ScreeningVerdict, reason: int | None) -> Result:
    if verdict is ScreeningVerdict.EXCLUDE:
        return Result(Outcome.EXCLUDED, reason)
    return Result(Outcome.INCLUDED if verdict is ScreeningVerdict.INCLUDE else Outcome.UNSURE)


def _first(rule: Rule, reasons: Iterable[int | None]) -> int | None:
    """Return the reason that stands first in the stage's list."""
    given = [reason for reason in reasons if reason is not None]
    order = {reason: n for n, reason in enumerate(rule.reasons)}
    return min(given, key=lambda reason: (order.get(reason, len(order)), reason), default=None)


def journey_of(material: Material, source_id: int) -> Journey:
    """Follow one source through the stages; it stops where it is excluded or waits.

    Who was decided of later passed the stages before that have no decision, and whose full text
    was looked for passed those of records.
    """
    journey = Journey(source_id)
    casts = material.casts.get(source_id, {})
    for n, rule in enumerate(material.rules):
        if rule.unit is StageUnit.REPORTS and not _is_had(material, journey):
            return journey
        later = any(casts.get(other.id) for other in material.rules[n + 1 :])
        later |= rule.unit is StageUnit.RECORDS and source_id in material.retrieval
        here = casts.get(rule.id, [])
        is_implied = later and not here
        result = Result(Outcome.INCLUDED, None, True) if is_implied else outcome_of(rule, here)
        journey.steps[rule.id] = result
        if result.outcome is not Outcome.INCLUDED:
            is_out = result.outcome is Outcome.EXCLUDED
            journey.end, journey.at = End.EXCLUDED if is_out else End.AWAITING, rule.id
            return journey
    _is_had(material, journey)
    return journey


def _is_had(material: Material, journey: Journey) -> bool:
    """Say whether the full text of a source that passed is there; if not the journey ends.

    A stored text and a decision about the report say that it is, whatever was noted before.
    """
    journey.is_sought = True
    status = material.retrieval.get(journey.source_id)
    if has_text(material, journey.source_id) or status is RetrievalStatus.RETRIEVED:
        journey.is_retrieved = True
    elif status is RetrievalStatus.NOT_RETRIEVED:
        journey.end = End.NOT_RETRIEVED
    else:
        journey.end = End.AWAITING_RETRIEVAL
    return journey.is_retrieved


def has_text(material: Material, source_id: int) -> bool:
    """Say whether a source has a stored text, or a decision that somebody read it for."""
    casts = material.casts.get(source_id, {})
    return source_id in material.with_text or any(
        rule.id in casts for rule in material.rules if rule.unit is StageUnit.REPORTS
    )


def journeys(material: Material) -> dict[int, Journey]:
    """Follow every source but duplicates and those of a previous version, by number."""
    return {
        number: journey_of(material, number)
        for number, root in sorted(material.roots.items())
        if number == root and material.origins.get(number) is not RecordOrigin.PREVIOUS
    }


def read_material(session: Session, review_id: int, only: Collection[int] = ()) -> Material:
    """Read what screening depends on, in a few queries however large the review.

    With `only` no more than those sources and their duplicates are read; they must be few.
    """
    stages, reasons = stages_of(session, review_id), reasons_of(session, review_id)
    material = Material(
        rules=rules_of(stages, reasons),
        names={stage.id: stage.name for stage in stages},
        labels={reason.id: reason.label for some in reasons.values() for reason in some},
    )
    material.roots = roots_of(_merged(session, review_id, only))
    few = material.roots if only else None
    for source_id, *columns in session.execute(_some(_casts(review_id), Decision.source_id, few)):
        root = material.roots[source_id]
        cast = Cast(*columns)
        material.casts.setdefault(root, {}).setdefault(cast.stage_id, []).append(cast)
    said = select(Retrieval.source_id, Retrieval.status).where(Retrieval.review_id == review_id)
    for source_id, status in session.execute(_some(said, Retrieval.source_id, few)):
        root = material.roots[source_id]
        if material.retrieval.get(root) is not RetrievalStatus.RETRIEVED:
            material.retrieval[root] = status
    texts = (
        select(Document.source_id)
        .where(Document.review_id == review_id, Document.source_id.is_not(None))
        .distinct()
    )
    with_text = session.scalars(_some(texts, Document.source_id, few))
    material.with_text = {material.roots[source_id] for source_id in with_text}
    material.origins = _origins(session, review_id, material.roots, few)
    return material


def _some(statement: Any, column: Any, few: Collection[int] | None) -> Any:
    return statement if few is None else statement.where(column.in_(few))


def _merged(session: Session, review_id: int, only: Collection[int]) -> dict[int, int | None]:
    """Return what every source was merged into; of `only`, with all that lead to or from them."""
    statement = select(Source.id, Source.merged_into_id).where(Source.review_id == review_id)
    if not only:
        return dict(session.execute(statement).all())
    found: dict[int, int | None] = {}
    asked: set[int] = set()
    wanted = set(only)
    while wanted:
        asked |= wanted
        near = or_(Source.id.in_(wanted), Source.merged_into_id.in_(wanted))
        new = dict(session.execute(statement.where(near)).all())
        found |= new
        wanted = {*new, *(into for into in new.values() if into)} - asked
    return found


def _casts(review_id: int) -> Any:
    return select(
        Decision.source_id,
        Decision.id,
        Decision.stage_id,
        Decision.screener_id,
        Decision.verdict,
        Decision.reason_id,
        Decision.is_final,
        Decision.decided_at,
    ).where(Decision.review_id == review_id)


def rules_of(
    stages: Iterable[Stage], reasons: Mapping[int, Sequence[ExclusionReason]]
) -> list[Rule]:
    """Return what counts of the stages that are not skipped, in order."""
    return [
        Rule(
            stage.id,
            stage.unit,
            stage.screeners,
            stage.needs_reason,
            tuple(reason.id for reason in reasons.get(stage.id, ())),
        )
        for stage in stages
        if not stage.is_skipped
    ]


def roots_of(merged: Mapping[int, int | None]) -> dict[int, int]:
    """Return, for every source, the one at the end of its merges."""
    found = {}
    for number in merged:
        root, seen = number, {number}
        while (further := merged.get(root)) is not None and further not in seen:
            seen.add(further)
            root = further
        found[number] = root
    return found


def origin_of(kind: SearchKind) -> RecordOrigin:
    """Return the column of the flow diagram for a kind of search."""
    if kind is SearchKind.PREVIOUS_REVIEW:
        return RecordOrigin.PREVIOUS
    is_database = kind in {SearchKind.DATABASE, SearchKind.REGISTER}
    return RecordOrigin.DATABASES if is_database else RecordOrigin.OTHER


def _origins(
    session: Session, review_id: int, roots: Mapping[int, int], few: Collection[int] | None
) -> dict[int, RecordOrigin]:
    found_by = (
        select(SearchHit.source_id, Search.kind)
        .join(
            Search, (Search.review_id == SearchHit.review_id) & (Search.id == SearchHit.search_id)
        )
        .where(SearchHit.review_id == review_id)
        .distinct()
    )
    pairs = session.execute(_some(found_by, SearchHit.source_id, few)).all()
    return origins_of(pairs, roots)


def origins_of(
    pairs: Iterable[tuple[int, SearchKind]], roots: Mapping[int, int]
) -> dict[int, RecordOrigin]:
    """Give sources their column from the kinds of search that found them or their duplicates.

    A previous version comes before databases and registers, these before other methods.
    """
    all_of: dict[int, set[RecordOrigin]] = defaultdict(set)
    for source_id, kind in pairs:
        all_of[roots[source_id]].add(origin_of(kind))
    return {
        root: next(
            (origin for origin in RecordOrigin if origin in all_of[root]), RecordOrigin.OTHER
        )
        for root in set(roots.values())
    }
