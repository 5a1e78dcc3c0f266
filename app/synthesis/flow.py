"""The flow of records through a review (PRISMA 2020, Page et al. 2021), from the records alone."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy.orm import Session

from app.access.models import Review
from app.library.screening_models import StageUnit
from app.library.screening_standing import (
    End,
    Journey,
    Outcome,
    RecordOrigin,
    journeys,
    origin_of,
)
from app.library.search_models import SearchKind
from app.synthesis.flow_facts import Facts, read_facts
from app.synthesis.flow_parts import Brought, Flow, PathFlow, ReasonCount, StageFlow

NO_SEARCH = "No search recorded"
NO_REASON = "No reason given"


def flow(session: Session, review: Review) -> Flow:
    """Count the flow of a review as it stands now."""
    return flow_of(read_facts(session, review.id), review.title)


def flow_of(facts: Facts, title: str = "") -> Flow:
    """Count a flow from its facts."""
    walked = journeys(facts.material)
    databases, other = (
        _path(facts, walked, o) for o in (RecordOrigin.DATABASES, RecordOrigin.OTHER)
    )
    new = {number for number, journey in walked.items() if journey.end is End.INCLUDED}
    before = {n for n, origin in facts.material.origins.items() if origin is RecordOrigin.PREVIOUS}
    previous_studies = _studies(facts, before)
    new_studies = _studies(facts, new) - previous_studies
    awaiting = databases.awaiting + other.awaiting
    return Flow(
        review=title,
        caption=_caption(databases, other, len(new), len(new_studies), awaiting),
        databases=databases,
        other=other,
        previous_studies=len(previous_studies),
        previous_reports=len(before),
        new_studies=len(new_studies),
        new_reports=len(new),
        total_studies=len(previous_studies) + len(new_studies),
        total_reports=len(before) + len(new),
        merged_by_program=len(facts.merged & facts.by_program),
        merged_by_person=len(facts.merged - facts.by_program),
        awaiting=awaiting,
        notes=list(_notes(facts, databases, other, walked)),
    )


def _studies(facts: Facts, sources: set[int]) -> set[tuple[str, int]]:
    """Return the distinct studies that some sources report."""
    found = set()
    for source in sources:
        study = facts.studies.get(source)
        found.add(("source", source) if study is None else ("study", study))
    return found


def _path(facts: Facts, walked: Mapping[int, Journey], origin: RecordOrigin) -> PathFlow:
    """Count one column."""
    here = [j for n, j in walked.items() if facts.material.origins.get(n) is origin]
    found = _found(facts, origin)
    identified = sum(one.records for one in found)
    unreadable = sum(s.unreadable for s in facts.searches.values() if origin_of(s.kind) is origin)
    duplicates = identified - unreadable - len(here)
    ends = Counter(journey.end for journey in here)
    return PathFlow(
        origin=origin,
        found=found,
        identified=identified,
        duplicates=duplicates,
        duplicates_at_import=duplicates - min(duplicates, _merged_records(facts, origin)),
        unreadable=unreadable,
        entered=len(here),
        stages=[_stage(facts, rule.id, rule.unit, here) for rule in facts.material.rules],
        sought=sum(journey.is_sought for journey in here),
        not_retrieved=ends[End.NOT_RETRIEVED],
        awaiting_retrieval=ends[End.AWAITING_RETRIEVAL],
        retrieved=sum(journey.is_retrieved for journey in here),
        included=ends[End.INCLUDED],
    )


def _searchless(facts: Facts) -> list[int]:
    """Return the sources that no search is recorded for."""
    brought = {source for _, source in facts.hits}
    return [source for source in facts.material.roots if source not in brought]


def _merged_records(facts: Facts, origin: RecordOrigin) -> int:
    """Count the records of a column whose own source was merged into another."""
    roots = facts.material.roots
    records = sum(
        many
        for (search, source), many in facts.hits.items()
        if roots[source] != source and origin_of(facts.searches[search].kind) is origin
    )
    if origin is RecordOrigin.OTHER:
        records += sum(roots[source] != source for source in _searchless(facts))
    return records


def _found(facts: Facts, origin: RecordOrigin) -> list[Brought]:
    """Count records by where they were found, in the order searches were written down."""
    records: Counter[int] = Counter()
    for (search, _), many in facts.hits.items():
        records[search] += many
    totals: dict[tuple[SearchKind, str], list[int]] = {}
    reported: dict[tuple[SearchKind, str], int] = {}
    for number, arrival in facts.searches.items():
        if origin_of(arrival.kind) is origin:
            key = (arrival.kind, arrival.name)
            totals.setdefault(key, []).append(records[number] + arrival.unreadable)
            if arrival.reported is not None:
                reported[key] = reported.get(key, 0) + arrival.reported
    found = [Brought(*key, sum(many), reported.get(key)) for key, many in totals.items()]
    kinds = list(SearchKind)
    found.sort(key=lambda one: kinds.index(one.kind) if one.kind else len(kinds))
    searchless = len(_searchless(facts)) if origin is RecordOrigin.OTHER else 0
    return found + ([Brought(None, NO_SEARCH, searchless, None)] if searchless else [])


def _stage(facts: Facts, number: int, unit: StageUnit, here: Sequence[Journey]) -> StageFlow:
    results = [journey.steps[number] for journey in here if number in journey.steps]
    outcomes = Counter(result.outcome for result in results)
    reasons = Counter(r.reason_id for r in results if r.outcome is Outcome.EXCLUDED)
    order = {reason: n for n, reason in enumerate(facts.material.labels)}
    excluded, passed = outcomes[Outcome.EXCLUDED], outcomes[Outcome.INCLUDED]
    return StageFlow(
        stage_id=number,
        name=facts.material.names.get(number, ""),
        unit=unit,
        entered=len(results),
        excluded=excluded,
        reasons=[
            ReasonCount(reason, facts.material.labels.get(reason or 0, NO_REASON), many)
            for reason, many in sorted(
                reasons.items(), key=lambda pair: order.get(pair[0] or 0, len(order))
            )
        ],
        awaiting=len(results) - excluded - passed,
        passed=passed,
        implied=sum(result.is_implied for result in results),
    )


def _caption(
    databases: PathFlow, other: PathFlow, reports: int, studies: int, awaiting: int
) -> str:
    records = databases.identified + other.identified
    waiting = f"; {awaiting:,} still wait{'s' * (awaiting == 1)}" if awaiting else ""
    found = f"{reports:,} report{'s' * (reports != 1)} of {studies:,} stud"
    found += "y" if studies == 1 else "ies"
    return (
        f"Flow of records: {records:,} identified, {found} included{waiting}. "
        "Counts describe this collection, not the strength of a claim."
    )


def _notes(
    facts: Facts, databases: PathFlow, other: PathFlow, walked: Mapping[int, Journey]
) -> Iterator[str]:
    """Yield what a reader of the figures must know."""
    for one in (*databases.found, *other.found):
        if one.reported is not None and one.reported != one.records:
            yield f"{one.name} reported {one.reported:,} records; {one.records:,} were imported."
    if by_program := len(facts.merged & facts.by_program):
        by_person = len(facts.merged) - by_program
        yield (
            f"Duplicate sources merged: {by_program:,} by the program, since certain, "
            f"{by_person:,} by people."
        )
    for number, many in _implied(walked).items():
        yield (
            f"{many:,} without a decision at {facts.material.names.get(number, number)} were "
            "decided of later, or sought, and count as passed."
        )
    if any(one.kind is None for one in other.found):
        yield "Sources that no search is recorded for stand under other methods."


def _implied(walked: Mapping[int, Journey]) -> Counter[int]:
    """Count, by stage, who passed it without a decision there."""
    return Counter(
        number
        for journey in walked.values()
        for number, result in journey.steps.items()
        if result.is_implied
    )
