"""What goes in and out about concepts, quotes and memos."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from app.access.schemas import shaped
from app.coding.anchoring import Verification
from app.coding.models import PARTS, ConceptOrigin, Level, MemoKind, SubjectPart
from app.complaints import FieldValueError
from app.db import MAX_NUMBER, Id, Line, PageWish, Passage, Prose, Schema, Title

COLOUR = "#[0-9a-f]{6}"
Colour = Annotated[
    str,
    shaped(COLOUR, "write a colour as # and six digits 0-9a-f: #2a6f97"),
    Field(json_schema_extra={"pattern": f"^{COLOUR}$"}),
]
Position = Annotated[int, Field(ge=0, le=MAX_NUMBER)]


def _is_kind(letter: str) -> str:
    if not (letter.isascii() and letter.isupper()):
        raise ValueError("write the letter that its number begins with: C of C17, S of S12")
    return letter


Kind = Annotated[str, Field(min_length=1, max_length=1), AfterValidator(_is_kind)]


Alias = Annotated[Line, Field(max_length=200)]


class DefinitionCreate(Schema):
    """A definition and where it comes from."""

    text: Passage
    source_id: Id | None = None
    page: Line | None = None
    quote_id: Id | None = None
    given_on: date | None = None


class DefinitionRead(DefinitionCreate):
    """A definition as it is stored; `n` is what elements refer to."""

    text: str
    n: int
    created_at: datetime


class ConceptFields(Schema):
    """What people say of a concept."""

    label: Title
    referent: Line | None = None
    kind: Line | None = None
    level: Level | None = None
    parent_id: Id | None = None
    position: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    colour: Colour | None = None
    is_retired: bool = False


class ConceptCreate(ConceptFields):
    """A new entry of the codebook."""

    origin: ConceptOrigin = ConceptOrigin.NEW
    origin_id: Id | None = None
    definitions: list[DefinitionCreate] = Field(default_factory=list, max_length=100)
    aliases: list[Alias] = Field(default_factory=list, max_length=200)


class ConceptUpdate(ConceptFields):
    """What to change of a concept (JSON merge patch); moving is changing `parent_id`."""

    label: Title = ""
    despite_warnings: bool = False
    """Move it below a concept of another referent or level nevertheless."""


class ConceptRead(ConceptFields):
    """A concept as it is stored."""

    label: str
    id: Id
    origin: ConceptOrigin
    origin_id: int | None
    merged_into_id: int | None
    created_by: int | None
    created_at: datetime
    version: int
    definitions: list[DefinitionRead] = Field(default_factory=list)
    aliases: list[str] = Field(default_factory=list)


class ConceptAdded(ConceptRead):
    """A concept that was just added; `warnings` name others of the same label and referent."""

    warnings: list[str]


class ConceptBulk(Schema):
    """Many new concepts; all go in or none."""

    items: list[ConceptCreate] = Field(min_length=1, max_length=2_000)


class AliasCreate(Schema):
    """Another name of a concept."""

    label: Annotated[Title, Field(max_length=200)]


class MergeWish(Schema):
    """The concept to merge into; `despite_warnings` goes on across referents or levels."""

    into_id: Id
    despite_warnings: bool = False


class ApartCreate(Schema):
    """Two concepts that look alike and are not the same; they are suggested no more."""

    concept_id: Id
    other_id: Id
    reason: Line | None = None

    @model_validator(mode="after")
    def _are_two(self) -> Self:
        if self.concept_id == self.other_id:
            raise ValueError("a concept is not told apart from itself; name another")
        return self


class ApartRead(Schema):
    """A pair told apart as it is stored, under its lower number."""

    lower_id: int
    higher_id: int
    reason: str | None
    created_by: int | None
    created_at: datetime


class ConceptFilter(PageWish):
    """Which concepts are wanted; all conditions must hold."""

    text: Line | None = None
    """Words in label, referent or aliases, whatever their case."""
    parent_id: Id | None = None
    kind: Line | None = None
    level: Level | None = None
    is_retired: bool | None = None
    is_merged: bool | None = None


class QuoteCreate(Schema):
    """A new quote; where the source has a document the passage is looked for in it."""

    source_id: Id
    exact: Passage
    prefix: Prose | None = None
    suffix: Prose | None = None
    start_at: Position | None = None
    end_at: Position | None = None
    page: Line | None = None
    document_id: Id | None = None
    """Which document, when the source has several; the newest by default."""
    speaker: Line | None = None
    """Who says it; of a transcript this comes from the turn it stands in."""
    note: Prose | None = None
    is_parked: bool = False
    concepts: list[Id] = Field(default_factory=list, max_length=100)
    """Concepts to tie it to directly."""

    @model_validator(mode="after")
    def _positions_ascend(self) -> Self:
        if self.end_at is not None and self.start_at is None:
            raise FieldValueError("end_at", "end_at needs start_at; give both or neither")
        if self.start_at is not None and self.end_at is not None and self.end_at <= self.start_at:
            raise FieldValueError(
                "end_at", "end_at must lie after start_at; positions are code points"
            )
        return self


class QuoteUpdate(Schema):
    """What to change of a quote (JSON merge patch); new words or hints anchor it anew."""

    exact: Passage = ""
    prefix: Prose | None = None
    suffix: Prose | None = None
    start_at: Position | None = None
    document_id: Id | None = None
    """The document of its source to look for it in anew; null: the one it was looked for in."""
    page: Line | None = None
    speaker: Line | None = None
    note: Prose | None = None
    is_parked: bool = False


class QuoteRead(Schema):
    """A quote as it is stored, and how it was found."""

    id: Id
    source_id: Id
    document_id: int | None
    exact: str
    prefix: str | None
    suffix: str | None
    start_at: int | None
    end_at: int | None
    page: str | None
    speaker: str | None = None
    """Of a transcript: who says it, by pseudonym."""
    verification: Verification
    score: float | None
    words: int
    is_too_long: bool = False
    """Over the word limit of the review."""
    note: str | None
    is_parked: bool
    concepts: list[int] = Field(default_factory=list)
    created_by: int | None
    created_at: datetime
    version: int


class Candidate(Schema):
    """A place where an ambiguous passage stands; send its `start_at` to choose it."""

    start_at: int
    end_at: int
    prefix: str
    suffix: str
    page: str | None
    """What the page is called on which it begins."""


class QuoteCreated(QuoteRead):
    """A new quote, with the candidates when the passage stands in several places."""

    candidates: list[Candidate] = Field(default_factory=list)
    """The first twenty, in text order."""


class QuoteBulk(Schema):
    """Many new quotes; all go in or none."""

    items: list[QuoteCreate] = Field(min_length=1, max_length=2_000)


class QuoteFilter(PageWish):
    """Which quotes are wanted; all conditions must hold."""

    source_id: Id | None = None
    document_id: Id | None = None
    concept_id: Id | None = None
    verification: Verification | None = None
    is_parked: bool | None = None
    is_too_long: bool | None = None
    created_by: Id | None = None
    speaker: Line | None = None
    text: Line | None = None


class QuoteCheck(Schema):
    """What became of a quote when it was looked up anew."""

    id: Id
    source_id: Id
    document_id: int | None
    was: Verification
    """As stored."""
    verification: Verification
    """As found now."""
    score: float | None = None
    page: str | None
    """As given with the quote."""
    page_found: str | None = None
    """What the page is called on which it begins."""
    count_found: int | None = None
    """That page counted from 1; null where it was not found or pages are unknown."""
    is_wrong_page: bool = False
    """The page given is not the page found, in the way this document numbers its pages."""
    found: str | None = None
    """The words that stand there, of an approximate match."""
    difference: str | None = None
    """As wdiff writes it: `trust [-takes-]{+needs+} time`."""


class QuoteChecks(Schema):
    """Every quote of a review looked up anew; nothing was changed."""

    counts: dict[Verification, int]
    wrong_pages: int
    items: list[QuoteCheck]
    """Those not found to the letter or as normalised, found otherwise than stored, or misplaced."""


class TakeOver(Schema):
    """Which earlier version of a text the quotes come from."""

    from_document: Id


class TakenOver(Schema):
    """The quotes that stand in the new version now, and those it does not hold as surely."""

    document_id: Id
    moved: list[int]
    stayed: list[int]


class MemoFields(Schema):
    """What a memo says, and what it is about."""

    kind: MemoKind
    text: Passage
    subject_kind: Kind | None = None
    subject_id: Id | None = None
    subject_part: SubjectPart | None = None
    """Which sort of part `subject_n` counts; of a theory that is always its propositions."""
    subject_n: Id | None = None
    """The number of the part within its thing: 2 of T1.2."""


class MemoCreate(MemoFields):
    """A note on something (`subject_kind` C, `subject_id` 17), a part of it, or the review."""

    @model_validator(mode="after")
    def _names_a_subject_or_none(self) -> Self:
        if (self.subject_kind is None) != (self.subject_id is None):
            raise FieldValueError("subject_id", "subject_kind and subject_id go together: C and 17")
        if self.subject_kind == "T" and self.subject_n is not None and self.subject_part is None:
            self.subject_part = SubjectPart.PROPOSITION
        if (self.subject_part is None) != (self.subject_n is None):
            raise ValueError("subject_part and subject_n go together: element and 2")
        if self.subject_part and (self.subject_kind, self.subject_part) not in PARTS:
            raise ValueError(
                "subject_part: a memo can be on a proposition of a theory (T), an element of a "
                "configuration (C), or a piece of evidence of a configuration (C) or link (L)"
            )
        return self


class MemoUpdate(Schema):
    """What to change of a memo (JSON merge patch)."""

    kind: MemoKind = MemoKind.THEORY
    text: Passage = ""


class MemoRead(MemoFields):
    """A memo as it is stored."""

    text: str
    id: Id
    created_by: int | None
    created_at: datetime
    version: int


class MemoFilter(PageWish):
    """Which memos are wanted; all conditions must hold."""

    kind: MemoKind | None = None
    is_move: bool | None = None
    """Only the five synthesis moves, or all but them."""
    subject_kind: Kind | None = None
    subject_id: Id | None = None
    subject_part: SubjectPart | None = None
    subject_n: Id | None = None
    created_by: Id | None = None
    text: Line | None = None
