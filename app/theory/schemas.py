"""What goes in and out about configurations, their elements and evidence."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, model_validator

from app.coding.anchoring import Verification
from app.coding.models import Level
from app.coding.schemas import DefinitionCreate, QuoteCreate
from app.complaints import FieldValueError
from app.db import Id, Line, Passage, Prose, Schema, Title
from app.history.models import Inference
from app.library.field_schemas import FieldValues
from app.theory.vocabulary import (
    Activation,
    Basis,
    Certainty,
    ConfigurationKind,
    ConfigurationStatus,
    Modality,
    Role,
    Stance,
    State,
    Template,
    Tier,
    Valence,
)

PartNumber = Annotated[int, Field(ge=1, le=100_000)]


class ElementFields(Schema):
    """One slot; a role and a wording are enough to start."""

    role: Role
    wording: Passage
    concept_id: Id | None = None
    definition_n: PartNumber | None = None
    """The definition it is coded under; by default the concept's newest."""
    state: State = State.NOT_STATED
    qualifier: Line | None = None
    activation: Activation | None = None
    activation_by: Line | None = None
    valence: Valence | None = None
    valence_for: Line | None = None
    level: Level | None = None
    tier: Tier | None = None
    actor: Line | None = None
    is_intended: bool | None = None
    any_of: PartNumber | None = None
    mechanism_n: PartNumber | None = None
    position: Annotated[int, Field(ge=0, le=100_000)] = 0


class ElementCreate(ElementFields):
    """A new element."""

    concept: Line | None = None
    """Instead of `concept_id`: K17, a label or an alias; other words make a new concept."""

    @model_validator(mode="after")
    def _names_one_concept(self) -> Self:
        if self.concept is not None and self.concept_id is not None:
            raise FieldValueError("concept", "give one of concept and concept_id")
        return self


class ElementPlaced(ElementCreate):
    """An element of a whole configuration, under its number."""

    n: PartNumber | None = None
    """In a new configuration by default counted on from 1, in the order given; in a change the
    element of that number, or a new one that is to have it."""


class ElementUpdate(ElementFields):
    """What to change of an element (JSON merge patch)."""

    role: Role = Role.CONTEXT
    wording: Passage = ""


class ElementRead(ElementFields):
    """An element as it is stored."""

    wording: str
    n: int


class EvidenceFields(Schema):
    """What a piece of evidence says, whatever it is evidence of."""

    stance: Stance = Stance.SUPPORTS
    basis: Basis | None = None
    page: Line | None = None
    paraphrase: Prose | None = None
    cited_source_id: Id | None = None
    """Second-hand: the work the source takes it from."""
    is_inferred: bool = False
    inference: Inference | None = None
    rationale: Prose | None = None


class EvidenceBody(EvidenceFields):
    """New evidence: a stored quote, a new one, or a source with page or paraphrase."""

    quote_id: Id | None = None
    quote: QuoteCreate | None = None
    source_id: Id | None = None

    @model_validator(mode="after")
    def names_one_origin(self) -> Self:
        """Refuse evidence that leads nowhere, or to two places."""
        given = [self.quote_id, self.quote, self.source_id]
        if sum(value is not None for value in given) != 1:
            raise FieldValueError("quote_id", "give one of quote_id, quote or source_id")
        return self


class EvidenceCreate(EvidenceBody):
    """New evidence for a configuration; no elements: it is about the whole."""

    elements: list[PartNumber] = Field(default_factory=list, max_length=200)
    """Elements by `n`; in a new configuration they count from 1 in the order given."""


class EvidencePatch(EvidenceFields):
    """What to change of a piece of evidence (JSON merge patch)."""


class EvidencePlaced(EvidencePatch):
    """A piece of evidence among all of a configuration: with `n` one there is, else a new one."""

    n: PartNumber | None = None
    quote_id: Id | None = None
    quote: QuoteCreate | None = None
    source_id: Id | None = None
    elements: list[PartNumber] = Field(default_factory=list, max_length=200)

    @model_validator(mode="after")
    def _is_new_or_there(self) -> Self:
        given = [self.quote_id, self.quote, self.source_id]
        if sum(value is not None for value in given) != (self.n is None):
            raise ValueError(
                "new evidence names one of quote_id, quote, source_id; what has an n keeps its own"
            )
        return self


class EvidenceUpdate(EvidencePatch):
    """What to change of evidence for a configuration; `elements` replaces the whole set."""

    elements: list[PartNumber] = Field(default_factory=list, max_length=200)


class EvidenceRead(EvidenceFields):
    """A piece of evidence with the words it leads to."""

    n: int
    source_id: int
    cite_key: str
    quote_id: int | None
    exact: str | None
    quote_page: str | None
    verification: Verification | None
    elements: list[int] = Field(default_factory=list)
    created_by: int | None
    created_at: datetime


class ConfigurationFields(Schema):
    """What people say of a configuration as a whole."""

    title: Line | None = None
    template: Template | None = None
    """By default the review's."""
    kind: ConfigurationKind = ConfigurationKind.RAW
    status: ConfigurationStatus = ConfigurationStatus.DRAFT
    statement: Prose | None = None
    """By default the if-then-because sentence of its elements."""
    modality: Modality | None = None
    certainty: Certainty | None = None
    certainty_reason: Prose | None = None
    questions: list[Line] | None = Field(default=None, max_length=100)
    phase: Line | None = None
    roles_not_reported: list[Role] | None = Field(default=None, max_length=20)
    shared: Prose | None = None
    differences: Prose | None = None
    left_out: Prose | None = None
    fields: FieldValues | None = None
    """Values of the review's own fields by name; in a change, null empties one, others stay."""


class MemberWish(Schema):
    """A raw configuration that a consolidated one stands for."""

    member_id: Id
    note: Prose | None = None


class MembersWish(Schema):
    """All raw configurations that a consolidated one is to stand for."""

    members: list[MemberWish] = Field(max_length=2_000)


class ConfigurationCreate(ConfigurationFields):
    """A new configuration with elements, quotes and evidence, in one request."""

    notation: Prose | None = None
    """Inline notation, `… (C), … (M), … (O)`, read into elements before those of `elements`."""
    elements: list[ElementPlaced] = Field(default_factory=list, max_length=200)
    evidence: list[EvidenceCreate] = Field(default_factory=list, max_length=500)
    members: list[MemberWish] = Field(default_factory=list, max_length=2_000)


class ConfigurationUpdate(ConfigurationFields):
    """What to change of a configuration (JSON merge patch).

    `elements` and `evidence`, where they are given, are all there is to be: what has the `n` of a
    stored part changes it, what has none of these is new, and stored parts left out are removed.
    """

    template: Template = Template.CMO
    elements: list[ElementPlaced] = Field(default_factory=list, max_length=200)
    evidence: list[EvidencePlaced] = Field(default_factory=list, max_length=500)


class ConfigurationBulk(Schema):
    """Many new configurations; all go in or none."""

    items: list[ConfigurationCreate] = Field(min_length=1, max_length=1_000)


class ConfigurationChanges(Schema):
    """The same change of many configurations; what is left out stays as it is in each."""

    numbers: list[Id] = Field(min_length=1, max_length=1_000)
    status: ConfigurationStatus | None = None
    certainty: Certainty | None = None
    certainty_reason: Prose | None = None
    phase: Line | None = None
    question: Line | None = None
    """A research question, added to those each bears on."""

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if not self.model_fields_set - {"numbers"}:
            raise ValueError("nothing to change; give a status, certainty, phase or question")
        return self


class ConfigurationsChanged(Schema):
    """Which configurations were changed; those that were so already are left out."""

    changed: list[int]
    many: int
    """How many they are."""


class MirrorWish(Schema):
    """The mirror image of a configuration: what would happen were its states the opposite."""

    title: Line | None = None
    statement: Prose | None = None
    reason: Passage
    """Why the opposite is worth asking; kept on the link to the original."""
    elements: list[ElementPlaced] = Field(default_factory=list, max_length=200)
    """By default those of the original, each in its opposite state."""


Part = Annotated[str, Field(pattern=r"^C[1-9]\d{0,8}\.[1-9]\d{0,4}$")]
"""An element as `C17.3`: the third of C17."""


class SplitWish(Schema):
    """A concept split from another, and what it takes over."""

    label: Title
    referent: Line | None = None
    level: Level | None = None
    definition: DefinitionCreate | None = None
    elements: list[Part] = Field(default_factory=list, max_length=2_000)
    """Elements coded to the concept that are the new one's, as `C17.3`."""
    quotes: list[Id] = Field(default_factory=list, max_length=2_000)
    """Quotes tied to the concept that are the new one's."""


class ConfigurationSummary(ConfigurationFields):
    """A configuration in a list: its elements, and its evidence counted."""

    id: Id
    template: Template
    statement: str
    is_statement_written: bool
    elements: list[ElementRead]
    supporting: int
    """Distinct sources that support it."""
    refuting: int
    """Distinct sources that refute it."""
    evidence: int
    """Pieces of evidence; here and beside, members that are not retired count with the whole."""
    sources: int
    """Distinct origins of the evidence: the work cited, where it is second-hand."""
    created_by: int | None
    created_at: datetime
    version: int


class ConfigurationRead(ConfigurationFields):
    """A configuration with all its parts."""

    id: Id
    template: Template
    statement: str
    is_statement_written: bool
    notation: str | None
    """The elements in inline notation; null where a wording would not be read back the same."""
    gaps: list[str]
    """Stable codes of what is still missing: `no_outcome`, `not_coded`, …"""
    elements: list[ElementRead]
    evidence: list[EvidenceRead]
    members: list[MemberWish]
    consolidated_in: list[int]
    created_by: int | None
    created_at: datetime
    version: int


class NotationWish(Schema):
    """Inline notation to try before it is stored."""

    notation: Passage
    template: Template = Template.CMO


class SlotRead(Schema):
    """One element as printed; `text[start:end]` is its wording, in code points."""

    role: Role
    wording: str
    start: int
    end: int


class NotationRead(Schema):
    """What inline notation says: roles and wordings, and the sentence they make."""

    elements: list[SlotRead]
    statement: str


class ConfigurationsAdded(Schema):
    """The new configurations, in the order sent."""

    items: list[ConfigurationSummary]


class Word(Schema):
    """A word the API uses, what it is for, and the values it may take."""

    name: str
    meaning: str
    values: list[str]
