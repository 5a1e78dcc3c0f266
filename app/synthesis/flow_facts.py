"""What a flow is counted from: sources, the searches that brought them, decisions, merges."""

from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.library.duplicate_models import DuplicatePair, PairState
from app.library.models import Source
from app.library.screening_standing import Material, read_material
from app.library.search_models import Search, SearchFile, SearchHit, SearchKind


@dataclass(frozen=True, slots=True)
class Arrival:
    """One search: where was looked, what was reported, what of its files could not be read."""

    kind: SearchKind
    name: str
    reported: int | None = None
    unreadable: int = 0


@dataclass(slots=True)
class Facts:
    """All a flow is counted from."""

    material: Material
    searches: dict[int, Arrival] = field(default_factory=dict)
    hits: dict[tuple[int, int], int] = field(default_factory=dict)
    """Records by search and source."""
    studies: dict[int, int | None] = field(default_factory=dict)
    """By source; a source without a study is one of its own."""
    by_program: set[int] = field(default_factory=set)
    """Sources that looking for duplicates merged without asking, since they were certain."""

    @property
    def merged(self) -> set[int]:
        """Return the sources that another stands for."""
        return {number for number, root in self.material.roots.items() if number != root}


def read_facts(session: Session, review_id: int) -> Facts:
    """Read what a flow is counted from."""
    studies = select(Source.id, Source.study_id).where(Source.review_id == review_id)
    hits = (
        select(SearchHit.search_id, SearchHit.source_id, func.count())
        .where(SearchHit.review_id == review_id)
        .group_by(SearchHit.search_id, SearchHit.source_id)
    )
    return Facts(
        material=read_material(session, review_id),
        searches=_searches(session, review_id),
        hits={(search, source): many for search, source, many in session.execute(hits)},
        studies=dict(session.execute(studies).all()),
        by_program=_merged_by_program(session, review_id),
    )


def _merged_by_program(session: Session, review_id: int) -> set[int]:
    """Return the duplicates of the pairs whose merging nobody was asked about."""
    pairs = select(
        DuplicatePair.lower_id, DuplicatePair.higher_id, DuplicatePair.survivor_id
    ).where(
        DuplicatePair.review_id == review_id,
        DuplicatePair.state == PairState.MERGED,
        DuplicatePair.by_program,
        DuplicatePair.survivor_id.is_not(None),
    )
    rows = session.execute(pairs)
    return {higher if survivor == lower else lower for lower, higher, survivor in rows}


def _searches(session: Session, review_id: int) -> dict[int, Arrival]:
    read = SearchFile.added + SearchFile.repeated + SearchFile.known
    bad = (
        select(SearchFile.search_id, func.sum(SearchFile.records - read))
        .where(SearchFile.review_id == review_id)
        .group_by(SearchFile.search_id)
    )
    unreadable = dict(session.execute(bad).all())
    rows = session.scalars(
        select(Search).where(Search.review_id == review_id).order_by(Search.id)
    ).all()
    return {
        row.id: Arrival(row.kind, row.database, row.hits_reported, int(unreadable.get(row.id) or 0))
        for row in rows
    }
