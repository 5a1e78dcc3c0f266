"""What counts, and for what: configurations, distinct sources and studies behind a question.

Default counts take consolidated configurations and raw ones that belong to none; a consolidated
one is witnessed by the evidence of its members beside its own. Evidence cited from another work
counts as that work, so that nothing is counted beside its origin.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.coding.tree import Tree
from app.db import Schema
from app.library.models import Source, SourceKind
from app.theory.filters import ConfigurationFilter, conditions, evidence_conditions
from app.theory.models import Configuration, Consolidation, Evidence, EvidenceElement
from app.theory.vocabulary import Stance


@dataclass(frozen=True, slots=True)
class Witness:
    """One piece of evidence as counting sees it."""

    configuration: int
    """The configuration it is tied to; a member, where a consolidated one is counted."""
    n: int
    source: int
    """The origin: the work cited, where the evidence is second-hand."""
    is_second_hand: bool
    stance: Stance


@dataclass(slots=True)
class Tally:
    """Distinct things behind one figure; a source is in `direct` unless only cited."""

    configurations: set[int] = field(default_factory=set)
    sources: set[int] = field(default_factory=set)
    direct: set[int] = field(default_factory=set)
    supporting: set[int] = field(default_factory=set)
    refuting: set[int] = field(default_factory=set)

    def add(self, witness: Witness) -> None:
        """Count one piece of evidence."""
        self.sources.add(witness.source)
        if not witness.is_second_hand:
            self.direct.add(witness.source)
        if witness.stance is Stance.SUPPORTS:
            self.supporting.add(witness.source)
        elif witness.stance is Stance.REFUTES:
            self.refuting.add(witness.source)

    def join(self, other: "Tally") -> None:
        """Take in everything another tally saw."""
        self.configurations |= other.configurations
        self.sources |= other.sources
        self.direct |= other.direct
        self.supporting |= other.supporting
        self.refuting |= other.refuting


class Figures(Schema):
    """Distinct counts; they describe the collection and are no measure of strength."""

    configurations: int
    sources: int
    """Distinct origins of the evidence, whatever its stance."""
    studies: int
    """Distinct studies among them; a source of no named study is its own; reviews are apart."""
    reviews: int
    """Distinct sources among them that are reviews."""
    supporting: int
    """Distinct sources that support."""
    refuting: int
    """Distinct sources that refute."""
    second_hand: int
    """Sources known here only because another cites them."""
    joint: int = 0
    """Configurations in which a role needs several elements together: no independent claims."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What counting must know of each source: its study, and whether it is a review."""

    study: Mapping[int, int]
    reviews: frozenset[int]

    def figures(self, tally: Tally, joint: int = 0) -> Figures:
        """Turn a tally into figures."""
        reviews = tally.sources & self.reviews
        primary = tally.sources - reviews
        return Figures(
            configurations=len(tally.configurations),
            sources=len(tally.sources),
            studies=len({self.study[source] for source in primary}),
            reviews=len(reviews),
            supporting=len(tally.supporting),
            refuting=len(tally.refuting),
            second_hand=len(tally.sources - tally.direct),
            joint=joint,
        )


def read_catalogue(session: Session, review_id: int) -> Catalogue:
    """Read the study and kind of every source; a source of no study stands for itself."""
    rows = session.execute(
        select(Source.id, Source.study_id, Source.kind).where(Source.review_id == review_id)
    ).all()
    return Catalogue(
        study={number: study or -number for number, study, _ in rows},
        reviews=frozenset(number for number, _, kind in rows if kind is SourceKind.REVIEW),
    )


@dataclass(frozen=True, slots=True)
class Counted:
    """The configurations a question counts, and the evidence that witnesses each."""

    ids: tuple[int, ...]
    members: Mapping[int, Sequence[int]]
    """Raw configurations that each consolidated one stands for."""
    witnesses: Mapping[int, Sequence[Witness]]
    """Evidence by the configuration it is tied to."""

    def witnesses_of(self, number: int) -> Iterable[Witness]:
        """Return the evidence of a configuration, and of those it stands for."""
        yield from self.witnesses.get(number, ())
        for member in self.members.get(number, ()):
            yield from self.witnesses.get(member, ())


def read_counted(
    session: Session, review_id: int, wish: ConfigurationFilter, tree: Tree
) -> Counted:
    """Read what a filter counts by default, with its evidence, in three queries."""
    chosen = wish.model_copy(update={"counted": True})
    where = conditions(review_id, chosen, tree)
    ids = tuple(session.scalars(select(Configuration.id).where(*where).order_by(Configuration.id)))
    counted = select(Configuration.id).where(*where)
    members: dict[int, list[int]] = defaultdict(list)
    for whole, part in session.execute(
        select(Consolidation.configuration_id, Consolidation.member_id).where(
            Consolidation.review_id == review_id, Consolidation.configuration_id.in_(counted)
        )
    ):
        members[whole].append(part)
    inherited = select(Consolidation.member_id).where(
        Consolidation.review_id == review_id, Consolidation.configuration_id.in_(counted)
    )
    rows = session.execute(
        select(
            Evidence.configuration_id,
            Evidence.n,
            func.coalesce(Evidence.cited_source_id, Evidence.source_id),
            Evidence.cited_source_id.is_not(None),
            Evidence.stance,
        ).where(
            Evidence.review_id == review_id,
            or_(Evidence.configuration_id.in_(counted), Evidence.configuration_id.in_(inherited)),
            *evidence_conditions(review_id, wish),
        )
    )
    witnesses: dict[int, list[Witness]] = defaultdict(list)
    for row in rows:
        witnesses[row[0]].append(Witness(row[0], row[1], row[2], bool(row[3]), row[4]))
    return Counted(ids, members, witnesses)


def read_scopes(session: Session, review_id: int) -> dict[tuple[int, int], list[int]]:
    """Return which elements each piece of evidence is about, by configuration and evidence n."""
    scopes: dict[tuple[int, int], list[int]] = defaultdict(list)
    for configuration, evidence, element in session.execute(
        select(
            EvidenceElement.configuration_id,
            EvidenceElement.evidence_n,
            EvidenceElement.element_n,
        ).where(EvidenceElement.review_id == review_id)
    ):
        scopes[configuration, evidence].append(element)
    return scopes
