"""Sources, the studies they report, and their full texts."""

from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import UNTRACKED, Base, CreatedAt, Number, ReviewKey, Version, within_review


class SourceKind(StrEnum):
    """What a source is as evidence; reviews are shown apart from primary studies."""

    PRIMARY_STUDY = "primary_study"
    REVIEW = "review"
    COMMENTARY = "commentary"
    THEORY = "theory"
    POLICY = "policy"
    TRANSCRIPT = "transcript"


class FieldSubject(StrEnum):
    """What a review's own fields are on."""

    SOURCE = "source"
    CONFIGURATION = "configuration"


class FieldType(StrEnum):
    """What a review's own field holds."""

    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes_no"
    DATE = "date"
    CHOICE = "choice"
    CHOICES = "choices"


class CustomField(Base):
    """A field of the review's own on its sources or configurations, filled in under `fields`."""

    __tablename__ = "custom_field"
    __table_args__ = (UniqueConstraint("review_id", "subject", "name"),)
    aggregate: ClassVar[tuple[str, str] | None] = ("F", "id")
    review_id: Mapped[ReviewKey]
    id: Mapped[Number] = mapped_column(doc="`F2`")
    subject: Mapped[FieldSubject]
    name: Mapped[str] = mapped_column(String(40), doc="its key in `fields`; never changes")
    label: Mapped[str] = mapped_column(doc="as screens and tables head it")
    type: Mapped[FieldType]
    choices: Mapped[list[str] | None] = mapped_column(doc="the allowed values, in order")
    help: Mapped[str | None] = mapped_column(doc="what to fill in, for the team")
    position: Mapped[int] = mapped_column(default=0, doc="order among the fields, then by number")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[CreatedAt]
    version: Mapped[Version]


class Study(Base):
    """A piece of research that one or more sources report; counted once."""

    __tablename__ = "study"
    __table_args__ = (UniqueConstraint("review_id", "label"),)
    aggregate: ClassVar[tuple[str, str] | None] = ("Y", "id")
    review_id: Mapped[ReviewKey]
    id: Mapped[Number]
    label: Mapped[str] = mapped_column(doc="how the team calls it")
    created_at: Mapped[CreatedAt]


class Source(Base):
    """One report that evidence comes from; columns are the CSL-JSON fields people filter by."""

    __tablename__ = "source"
    __table_args__ = (
        UniqueConstraint("review_id", "cite_key"),
        within_review("study", "study_id"),
        within_review("source", "merged_into_id"),
        Index(None, "review_id", "study_id"),
        Index(None, "review_id", "merged_into_id"),
    )
    aggregate: ClassVar[tuple[str, str] | None] = ("S", "id")
    review_id: Mapped[ReviewKey]
    id: Mapped[Number] = mapped_column(doc="`S12`")
    cite_key: Mapped[str] = mapped_column(doc="the team's short name, unique in the review")
    type: Mapped[str] = mapped_column(doc="CSL-JSON type: article-journal, report, book …")
    title: Mapped[str] = mapped_column(doc="as it stands in the source")
    authors: Mapped[list[Any]] = mapped_column(doc="CSL-JSON names, in order")
    year: Mapped[int | None] = mapped_column(doc="of publication")
    container_title: Mapped[str | None] = mapped_column(doc="journal, book or site")
    doi: Mapped[str | None]
    pmid: Mapped[str | None]
    url: Mapped[str | None]
    abstract: Mapped[str | None]
    language: Mapped[str | None] = mapped_column(doc="as the record has it: en, eng, English")
    country: Mapped[str | None] = mapped_column(doc="where the evidence comes from")
    kind: Mapped[SourceKind | None] = mapped_column(doc="null: not judged yet")
    setting: Mapped[str | None] = mapped_column(doc="e.g. type of collaboration studied")
    study_id: Mapped[int | None] = mapped_column(doc="the study it reports; null: one of its own")
    merged_into_id: Mapped[int | None] = mapped_column(
        doc="the source that stands for this duplicate of it; counted and listed there"
    )
    csl: Mapped[dict[str, Any] | None] = mapped_column(doc="every other CSL-JSON field, untouched")
    fields: Mapped[dict[str, Any] | None] = mapped_column(doc="the review's own fields, by name")
    text_key: Mapped[str] = mapped_column(doc="title, authors and abstract, folded for search")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[CreatedAt]
    version: Mapped[Version]


class Document(Base):
    """The full text of a source: the file as it came, and the text all positions refer to.

    One whose source nobody has named yet waits for a person to say.
    """

    __tablename__ = "document"
    __table_args__ = (
        within_review("source", "source_id"),
        Index(None, "review_id", "source_id"),
    )
    aggregate: ClassVar[tuple[str, str] | None] = ("D", "id")
    review_id: Mapped[ReviewKey]
    id: Mapped[Number] = mapped_column(doc="`D3`")
    source_id: Mapped[int | None] = mapped_column(doc="null: waits until a person names it")
    file_name: Mapped[str]
    media_type: Mapped[str] = mapped_column(doc="text/plain, text/markdown, application/pdf …")
    sha256: Mapped[str] = mapped_column(doc="of the bytes; their name in the files folder")
    byte_size: Mapped[int] = mapped_column(doc="bytes of the file")
    extractor: Mapped[str] = mapped_column(doc="what made the text, with its version")
    text: Mapped[str] = mapped_column(deferred=True, doc="canonical: LF only; code points count")
    page_breaks: Mapped[list[int] | None] = mapped_column(
        doc="code-point position where page 2, 3 … starts; null: pages unknown"
    )
    page_labels: Mapped[list[str] | None] = mapped_column(
        doc="what pages are called in print: iv, 213; null: as they are counted"
    )
    notes: Mapped[list[str] | None] = mapped_column(doc="what to know of the text, for people")
    properties: Mapped[dict[str, Any] | None] = mapped_column(
        doc="what the file says of itself: title, author, doi"
    )
    speakers: Mapped[list[str] | None] = mapped_column(
        doc="of a transcript: whose turns begin with `Name:`; null: no transcript"
    )
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[CreatedAt]


class Pseudonym(Base):
    """What a person is called instead of their name, which only editors see and no file takes."""

    __tablename__ = "pseudonym"
    __table_args__ = (UniqueConstraint("review_id", "name"),)
    aggregate: ClassVar[tuple[str, str] | None] = ("P", "id")
    review_id: Mapped[ReviewKey]
    id: Mapped[Number]
    pseudonym: Mapped[str] = mapped_column(doc="what stands in texts; several names may share it")
    name: Mapped[str | None] = mapped_column(
        info=UNTRACKED, doc="the real one, in no history and no archive; null: forgotten"
    )
    note: Mapped[str | None] = mapped_column(doc="who that is, as far as may be said")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[CreatedAt]
