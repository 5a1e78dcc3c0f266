"""What goes in and out about sources and their documents."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from app.db import Id, Line, PageWish, Prose, Schema, is_sound
from app.library.models import SourceKind

Year = Annotated[int, Field(ge=-3000, le=3000)]


def _is_sound_json(value: dict[str, Any]) -> dict[str, Any]:
    for key, inner in value.items():
        is_sound(key)
        for text in inner if isinstance(inner, list) else [inner]:
            if isinstance(text, str):
                is_sound(text)
            elif isinstance(text, dict):
                _is_sound_json(text)
    return value


class Name(Schema):
    """A person (`family`, `given`) or body (`literal`), as in CSL-JSON."""

    family: Line | None = None
    given: Line | None = None
    literal: Line | None = None


class SourceFields(Schema):
    """The columns of a source that people fill in; CSL-JSON names where CSL has one."""

    type: Line = "article-journal"
    title: Line
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


class SourceCreate(SourceFields):
    """A new source; without a cite key it gets one of its first author and year."""

    cite_key: Line | None = None
    study: Line | None = None
    """Label of the study it reports; the study is made when there is none of that label."""


class SourceUpdate(SourceFields):
    """What to change of a source (JSON merge patch)."""

    title: Line = ""
    cite_key: Line = ""
    study: Line | None = None


class SourceRead(SourceFields):
    """A source as it is stored."""

    id: Id
    cite_key: str
    study_id: int | None
    created_by: int | None
    created_at: datetime
    version: int


class SourceBulk(Schema):
    """Many new sources; all go in or none."""

    items: list[SourceCreate] = Field(min_length=1, max_length=5_000)


class SourceFilter(PageWish):
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
    text: Line | None = None
    """Words in title, authors or abstract, whatever their case."""


class DocumentRead(Schema):
    """The full text of a source, without the text itself."""

    id: Id
    source_id: Id
    file_name: str
    media_type: str
    sha256: str
    byte_size: int
    extractor: str
    page_breaks: list[int] | None
    created_at: datetime


class DocumentText(Schema):
    """A stretch of canonical text; positions are code points, `end` exclusive."""

    document_id: Id
    start: int
    end: int
    length: int
    """Of the whole text."""
    text: str
