"""What goes in and out about sources and their documents."""

import re
from datetime import datetime
from itertools import chain
from typing import Annotated, Any, Self

import orjson
from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from app.db import MAX_NUMBER, Id, Line, PageWish, Prose, Schema, Title
from app.library.appraisal.settled import AppraisalConditions
from app.library.field_filters import FieldCondition
from app.library.field_schemas import FieldValues
from app.library.models import SourceKind
from app.library.ordering import SourceOrder
from app.library.screening_standing import End
from app.values import is_number, is_sound

MOST_CSL = 100_000
DEEPEST_CSL = 20
LARGEST_CSL = 2**53

Year = Annotated[int, BeforeValidator(is_number), Field(ge=-3000, le=3000)]


_DOUBTFUL = re.compile(rb"\\u0000|null|\d{16}|\d[eE]")
"""Without any of these, JSON has neither NUL nor numbers beyond ±2^53 nor what is no number."""


def _opened(written: bytes) -> int:
    return written.count(b"{") + written.count(b"[")


def _is_sound_json(value: dict[str, Any]) -> dict[str, Any]:
    try:
        written = orjson.dumps(value)
    except TypeError:  # something no JSON of ours holds; looking closer says what
        written = b""
    if not written or _DOUBTFUL.search(written) or _opened(written) > DEEPEST_CSL:
        _check_json(value, depth=0)
    if len(written or orjson.dumps(value)) > MOST_CSL:
        raise ValueError(f"over {MOST_CSL:,} characters as JSON; keep what is needed")
    return value


def _check_json(value: object, depth: int) -> None:
    """Refuse what one of the stores, or JSON itself, could not give back as it came."""
    if depth > DEEPEST_CSL:
        raise ValueError(f"nested deeper than {DEEPEST_CSL} levels")
    if isinstance(value, str):
        if "\x00" in value or not value.isascii():
            is_sound(value)
            value.encode()  # a lone surrogate raises a ValueError that names its position
    elif isinstance(value, int | float) and not -LARGEST_CSL <= value <= LARGEST_CSL:
        raise ValueError("a number beyond ±2^53 or not a number; write it as text")
    elif isinstance(value, list | dict):
        for inner in value if isinstance(value, list) else chain(value, value.values()):
            _check_json(inner, depth + 1)


class Name(Schema):
    """A person (`family`, `given`) or body (`literal`), as in CSL-JSON."""

    family: Line | None = None
    given: Line | None = None
    literal: Line | None = None

    @model_validator(mode="after")
    def _names_somebody(self) -> Self:
        if not (self.family or self.given or self.literal):
            raise ValueError("a name needs family, given or literal")
        return self


class SourceFields(Schema):
    """The columns of a source that people fill in; CSL-JSON names where CSL has one."""

    type: Title = "article-journal"
    title: Title
    authors: list[Name] = Field(default_factory=list, max_length=5_000)
    year: Year | None = None
    container_title: Line | None = None
    doi: Line | None = None
    pmid: Line | None = None
    url: Line | None = None
    abstract: Prose | None = None
    language: Line | None = None
    country: Line | None = None
    kind: SourceKind | None = None
    setting: Line | None = None
    csl: Annotated[dict[str, Any], AfterValidator(_is_sound_json)] | None = None
    """Any other CSL-JSON field, kept untouched."""
    fields: FieldValues | None = None
    """Values of the review's own fields by name; in a change, null empties one, others stay."""


class SourceCreate(SourceFields):
    """A new source; without a cite key it gets one of its first author and year."""

    cite_key: Line | None = None
    study: Line | None = None
    """Label of the study it reports; the study is made when there is none of that label."""


class SourceUpdate(SourceFields):
    """What to change of a source (JSON merge patch)."""

    title: Title = ""
    cite_key: Title = ""
    study: Line | None = None


class SourceRead(SourceFields):
    """A source as it is stored."""

    type: str
    title: str
    id: Id
    cite_key: str
    study_id: int | None
    merged_into_id: int | None
    merged: list[Id] = Field(default_factory=list)
    """The duplicates it stands for, by number."""
    created_by: int | None
    created_at: datetime
    version: int


class SourceBulk(Schema):
    """Many new sources; all go in or none."""

    items: list[SourceCreate] = Field(min_length=1, max_length=5_000)


class SourceConditions(AppraisalConditions):
    """Which sources are wanted; all conditions must hold."""

    kind: SourceKind | None = None
    type: Line | None = None
    year_from: Year | None = None
    year_to: Year | None = None
    country: Line | None = None
    setting: Line | None = None
    language: Line | None = None
    cite_key: Line | None = None
    doi: Line | None = None
    study_id: Id | None = None
    search_id: Id | None = None
    """Found by this search."""
    has_text: bool | None = None
    """With a stored full text, or without one."""
    end: End | None = None
    """How far screening has come with it."""
    stage_id: Id | None = None
    """The stage of screening that excluded it, or that it waits at."""
    is_merged: bool = False
    """Only the duplicates merged into others; without it only those that stand for themselves."""
    text: Line | None = None
    """Words in title, authors or abstract, whatever their case."""
    field: list[FieldCondition] = Field(default_factory=list, max_length=20)
    """By the review's own fields, repeatable: `design:RCT`, `sites:>=3`, `design:none`."""


class SourceFilter(SourceConditions, PageWish):
    """Which sources are wanted, in which order, and which page of them."""

    sort: SourceOrder = SourceOrder.NUMBER
    """`author`: by the first one; `quotes`, `configurations`: how many rest on it. `after` is the
    last number of the page before."""
    is_descending: bool = False
    """The last first; what has no value stays last."""


class StudyRead(Schema):
    """A piece of research that one or more sources report."""

    id: Id
    label: str
    created_at: datetime


class DocumentWish(Schema):
    """What is said of an uploaded text besides the text itself."""

    file_name: Line
    page_breaks: Prose | None = None
    """Where pages 2, 3 … start: ascending code-point positions, comma-separated; without it
    form feeds mark the pages."""
    first_page: Annotated[int, Field(ge=0, le=100_000)] | None = None
    """The number printed on the first page, where the file does not say; others count on."""
    pseudonymise: bool | None = None
    """Put pseudonyms in the place of names before anything is kept."""


class Stretch(Schema):
    """Which part of a text is wanted, in code points, `end` exclusive; all of it by default."""

    start: Annotated[int, Field(ge=0, le=MAX_NUMBER)] = 0
    end: Annotated[int, Field(ge=0, le=MAX_NUMBER)] | None = None


class DocumentRead(Schema):
    """The full text of a source, without the text itself."""

    id: Id
    source_id: Id | None
    """Null while it waits for a person to say whose text it is."""
    file_name: str
    media_type: str
    sha256: str
    byte_size: int
    extractor: str
    page_breaks: list[int] | None
    page_labels: list[str] | None
    """What the pages are called in print; null: as they are counted."""
    notes: list[str] | None
    """What to know of the text: pages without any, for instance."""
    properties: dict[str, str] | None
    """What the file says of itself: title, author, doi."""
    speakers: list[str] | None
    """Of a transcript: whose turns begin with `Name:`."""
    created_by: int | None
    created_at: datetime


class DocumentText(Schema):
    """A stretch of canonical text; positions are code points, `end` exclusive."""

    document_id: Id
    start: int
    end: int
    length: int
    """Of the whole text."""
    text: str
