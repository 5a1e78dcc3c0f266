"""The entries of the text index: what can be looked for, folded into words.

The table is derived: history does not record it, archives leave it out, and it can be written anew.
"""

from enum import StrEnum
from typing import ClassVar

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import FOLLOWS, Base, Number, ReviewKey


class TextKind(StrEnum):
    """What can be found, by the letter people cite it with."""

    CONCEPT = "K"
    CONFIGURATION = "C"
    QUOTE = "Q"
    MEMO = "M"
    SOURCE = "S"
    DOCUMENT = "D"


KINDS = tuple(TextKind)
"""In this order things of equal worth are shown, and lie in the index."""


class TextEntry(Base):
    """A thing one can look for, or a passage of a document, as the words it is found by."""

    __tablename__ = "text_entry"
    __table_args__ = (
        Index(None, "review_id", "kind", "number"),
        {"info": {FOLLOWS: True}},
    )
    aggregate: ClassVar[tuple[str, str] | None] = None
    review_id: Mapped[ReviewKey]
    kind: Mapped[str] = mapped_column(String(1), primary_key=True, doc="K, C, Q, M, S or D")
    entry: Mapped[Number] = mapped_column(doc="its place in the index, within review and kind")
    number: Mapped[int] = mapped_column(doc="of the thing, as people cite it")
    part: Mapped[int] = mapped_column(doc="which part of a long text, from 0")
    start_at: Mapped[int | None] = mapped_column(doc="of a passage: first code point")
    end_at: Mapped[int | None] = mapped_column(doc="of a passage: code point after the last")
    title: Mapped[str] = mapped_column(doc="words of title or label, folded, spaces between")
    names: Mapped[str] = mapped_column(doc="words of authors, container, key, DOI or aliases")
    body: Mapped[str] = mapped_column(doc="words of the text itself")
    marks: Mapped[str] = mapped_column(doc="what filters ask for: `s:12 k:5 y:2013`")
