"""What a flow of records says: the numbers of PRISMA 2020 and what is still undecided.

Every column balances: what flows into a box is what leaves it, plus what waits there.
"""

from dataclasses import dataclass, field

from app.library.screening_models import StageUnit
from app.library.screening_standing import RecordOrigin
from app.library.search_models import SearchKind


@dataclass(frozen=True, slots=True)
class Brought:
    """What one database, site or way of looking brought, over all its searches."""

    kind: SearchKind | None
    """Null for sources that no search is recorded for."""
    name: str
    records: int
    reported: int | None
    """What the database said it found, where that was written down."""


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """How many sources one reason excluded; without a number: excluded without a reason."""

    reason_id: int | None
    label: str
    sources: int


@dataclass(frozen=True, slots=True)
class StageFlow:
    """One stage: `entered` is the sum of excluded, awaiting and passed."""

    stage_id: int
    name: str
    unit: StageUnit
    entered: int
    excluded: int
    reasons: list[ReasonCount]
    """Of those excluded, in the team's order; their sum is `excluded`."""
    awaiting: int
    """Undecided, unsure or in conflict."""
    passed: int
    implied: int
    """Of those passed: nobody decided here, but further on."""


@dataclass(frozen=True, slots=True)
class PathFlow:
    """One column of the diagram, from records identified to reports included.

    `identified` is the sum of duplicates, unreadable and entered; `entered` that of what record
    stages excluded or keep waiting and of sought; `sought` that of not retrieved, awaiting
    retrieval and retrieved; `retrieved` that of what report stages excluded or keep waiting and of
    included.
    """

    origin: RecordOrigin
    found: list[Brought]
    identified: int
    duplicates: int
    duplicates_at_import: int
    """Of the duplicates: recognised as known when they were imported."""
    unreadable: int
    """Records of files that could not become a source."""
    entered: int
    stages: list[StageFlow]
    sought: int
    not_retrieved: int
    awaiting_retrieval: int
    retrieved: int
    included: int

    def of(self, unit: StageUnit) -> list[StageFlow]:
        """Return the stages that look at records, or those that look at reports."""
        return [stage for stage in self.stages if stage.unit is unit]

    @property
    def awaiting(self) -> int:
        """Return how many wait anywhere in the column."""
        return self.awaiting_retrieval + sum(stage.awaiting for stage in self.stages)


@dataclass(frozen=True, slots=True)
class Flow:
    """The flow of a review; studies are counted once however many reports they have."""

    review: str
    caption: str
    databases: PathFlow
    other: PathFlow
    previous_studies: int
    previous_reports: int
    new_studies: int
    """Of the included reports; studies of a previous version are not new."""
    new_reports: int
    total_studies: int
    total_reports: int
    merged_by_program: int
    """Sources merged into another as duplicates, in all columns, without asking since certain."""
    merged_by_person: int
    """Those that a person merged, or said were one."""
    awaiting: int
    """Sources that still need a decision or their full text."""
    notes: list[str] = field(default_factory=list)
    """What a reader of the figures must know."""
