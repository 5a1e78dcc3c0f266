"""Pairs of sources that may be one work, and what was decided of each."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, CreatedAt, Number, ReviewKey, within_review


class PairState(StrEnum):
    """What became of a pair; only what is suggested waits for somebody."""

    SUGGESTED = "suggested"
    MERGED = "merged"
    APART = "apart"


class DuplicatePair(Base):
    """Two sources that may be one work. What was decided stays, so that nobody is asked again."""

    __tablename__ = "duplicate_pair"
    __table_args__ = (
        within_review("source", "lower_id"),
        within_review("source", "higher_id"),
        within_review("source", "survivor_id"),
        Index(None, "review_id", "higher_id"),
        Index(None, "review_id", "state", "score"),
        {"sqlite_with_rowid": False},
    )
    aggregate: ClassVar[tuple[str, str] | None] = ("S", "lower_id")
    review_id: Mapped[ReviewKey]
    lower_id: Mapped[Number] = mapped_column(doc="the source with the lower number")
    higher_id: Mapped[Number] = mapped_column(doc="the one with the higher")
    score: Mapped[float] = mapped_column(doc="0-1: how sure it is that they are one work")
    reasons: Mapped[list[str]] = mapped_column(doc="what speaks for and against it, in words")
    state: Mapped[PairState] = mapped_column(default=PairState.SUGGESTED)
    by_program: Mapped[bool] = mapped_column(
        default=False, doc="merged because it was certain; false: a person decided, or nobody yet"
    )
    survivor_id: Mapped[int | None] = mapped_column(
        doc="of a merged pair, which of the two stands for both; null where others joined them"
    )
    filled: Mapped[list[str] | None] = mapped_column(
        doc="fields that the survivor got from the other: doi, csl.volume, fields.design …"
    )
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(doc="when it was merged or kept apart, UTC")
    created_at: Mapped[CreatedAt]
