"""What counts, and for what: configurations, distinct sources and studies behind a question.

Default counts take consolidated configurations and raw ones that belong to none; a consolidated
one is witnessed by the evidence of its members, save retired ones, beside its own. Evidence cited
from another work counts as that work, so that nothing is counted beside its origin, and what comes
from a merged duplicate counts as the source that stands for it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import ColumnElement, Row, String, select, type_coerce
from sqlalchemy.orm import Session

from app.library.models import Source, SourceKind
from app.theory.models import Evidence
from app.theory.origins import origin
from app.theory.vocabulary import Stance


class Witness(NamedTuple):
    """One piece of evidence as counting sees it."""

    configuration: int
    """The configuration it is tied to; a member, where a consolidated one is counted."""
    n: int
    source: int
    """The origin: the work cited, where the evidence is second-hand; what stands for duplicates."""
    is_second_hand: bool
    stance: str


SUPPORTS, REFUTES = Stance.SUPPORTS.value, Stance.REFUTES.value
MOST_NAMED = 10_000

# Tables rather than classes: rows come as plain tuples, not through the loader of objects.
_evidence = Evidence.__table__.c


@dataclass(slots=True)
class Tally:
    """Distinct things behind one figure; a source is in `direct` unless only cited."""

    configurations: set[int] = field(default_factory=set)
    sources: set[int] = field(default_factory=set)
    direct: set[int] = field(default_factory=set)
    supporting: set[int] = field(default_factory=set)
    refuting: set[int] = field(default_factory=set)

    def add(self, witnesses: Iterable[Witness]) -> None:
        """Count pieces of evidence."""
        for _, _, source, is_second_hand, stance in witnesses:
            self.sources.add(source)
            if not is_second_hand:
                self.direct.add(source)
            if stance == SUPPORTS:
                self.supporting.add(source)
            elif stance == REFUTES:
                self.refuting.add(source)

    def join(self, other: "Tally") -> None:
        """Take in everything another tally saw."""
        self.configurations |= other.configurations
        self.sources |= other.sources
        self.direct |= other.direct
        self.supporting |= other.supporting
        self.refuting |= other.refuting


@dataclass(frozen=True, slots=True)
class Figures:
    """Distinct counts; they describe the collection and are no measure of strength."""

    configurations: int
    sources: int
    """Distinct origins of the evidence, whatever its stance."""
    studies: int
    """Distinct studies they report; a study or transcript of no named study is its own."""
    reviews: int
    """Distinct reviews they report; theory, commentary and policy alone are neither."""
    supporting: int
    """Distinct sources that support."""
    refuting: int
    """Distinct sources that refute."""
    second_hand: int
    """Sources known here only because another cites them."""
    joint: int = 0
    """Configurations in which a role needs several elements together: no independent claims."""


def reported(figures: Figures) -> str:
    """Say in words what the sources report: `2 studies, 1 review`."""
    counted = (
        (figures.studies, "study" if figures.studies == 1 else "studies"),
        (figures.reviews, "review" if figures.reviews == 1 else "reviews"),
    )
    return ", ".join(f"{n} {word}" for n, word in counted if n) or "no study or review"


PRIMARY = frozenset({SourceKind.PRIMARY_STUDY, SourceKind.TRANSCRIPT})


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What counting must know of each source: what it reports, a study, a review or neither."""

    work: Mapping[int, int]
    """A number for the study or review it reports, or its own: reports of one share it."""
    studies: frozenset[int]
    """Sources that report studies."""
    reviews: frozenset[int]
    """Sources that report reviews."""
    merged: Mapping[int, int]
    """Of duplicates, the source that stands for each."""

    def figures(self, tally: Tally, joint: int = 0) -> Figures:
        """Turn a tally into figures."""
        return Figures(
            configurations=len(tally.configurations),
            sources=len(tally.sources),
            studies=len({self.work[source] for source in tally.sources & self.studies}),
            reviews=len({self.work[source] for source in tally.sources & self.reviews}),
            supporting=len(tally.supporting),
            refuting=len(tally.refuting),
            second_hand=len(tally.sources - tally.direct),
            joint=joint,
        )


def read_catalogue(session: Session, review_id: int) -> Catalogue:
    """Read what every source reports; a source of no named study stands for itself.

    A commentary, theory, policy text or source of no kind goes with the study it is said to report:
    as a study if any report is one, else as a review if any is. Of no named study, only what has no
    kind is taken as a study.
    """
    rows = session.execute(
        select(Source.id, Source.study_id, Source.kind, Source.merged_into_id).where(
            Source.review_id == review_id
        )
    ).all()
    kinds: dict[int | None, set[SourceKind | None]] = defaultdict(set)
    for _, study, kind, _ in rows:
        kinds[study].add(kind)
    reviews = {
        number
        for number, study, kind, _ in rows
        if kind is SourceKind.REVIEW
        or (
            study
            and kind not in PRIMARY
            and SourceKind.REVIEW in kinds[study]
            and not kinds[study] & PRIMARY
        )
    }
    return Catalogue(
        work={
            number: -number if not study else 2 * study + (number in reviews)
            for number, study, _, _ in rows
        },
        studies=frozenset(
            number
            for number, study, kind, _ in rows
            if number not in reviews and (study or kind is None or kind in PRIMARY)
        ),
        reviews=frozenset(reviews),
        merged={number: into for number, _, _, into in rows if into is not None},
    )


def read_witnesses(
    session: Session,
    review_id: int,
    ids: Sequence[int],
    where: Iterable[ColumnElement[bool]] = (),
) -> dict[int, list[Witness]]:
    """Read the evidence tied to some configurations, by configuration."""
    rows = session.execute(
        select(
            _evidence.configuration_id,
            _evidence.n,
            origin(_evidence),
            _evidence.cited_source_id.is_not(None),
            type_coerce(_evidence.stance, String),
        ).where(
            _evidence.review_id == review_id,
            *among(_evidence.configuration_id, ids),
            *where,
        )
    )
    witnesses: dict[int, list[Witness]] = defaultdict(list)
    for row in rows.all():
        witnesses[row[0]].append(Witness._make(row))
    return witnesses


def read_supporters(
    session: Session, review_id: int, where: Iterable[ColumnElement[bool]] = ()
) -> Sequence[Row[int, int]]:
    """Read (configuration, origin of supporting evidence) and nothing more; pairs may repeat."""
    return session.execute(
        select(
            _evidence.configuration_id,
            origin(_evidence),
        ).where(
            _evidence.review_id == review_id,
            _evidence.stance == Stance.SUPPORTS,
            *where,
        )
    ).all()


def among(column: ColumnElement[int], ids: Sequence[int]) -> list[ColumnElement[bool]]:
    """Keep the rows of some configurations; of very many, reading all is quicker than naming."""
    return [column.in_(ids)] if len(ids) <= MOST_NAMED else []
