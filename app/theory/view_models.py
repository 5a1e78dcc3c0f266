"""Saved views: a question with a name, a place and an address."""

from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, CreatedAt, Number, ReviewKey, Version


class ViewKind(StrEnum):
    """Which question a saved view asks."""

    SOURCES = "sources"
    CONFIGURATIONS = "configurations"
    MATRIX = "matrix"
    CHAINS = "chains"
    EVIDENCE = "evidence"


class SavedView(Base):
    """A filter or table that the team asks again and again; it holds no answer."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("review_id", "slug"),)
    aggregate: ClassVar[tuple[str, str] | None] = ("V", "id")
    review_id: Mapped[ReviewKey]
    id: Mapped[Number] = mapped_column(doc="`V3`")
    slug: Mapped[str] = mapped_column(String(80), doc="its name in addresses")
    title: Mapped[str]
    description: Mapped[str | None]
    kind: Mapped[ViewKind]
    query: Mapped[dict[str, Any]] = mapped_column(doc="the parameters of the question, by name")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[CreatedAt]
    version: Mapped[Version]
