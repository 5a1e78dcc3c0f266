"""Change-sets and the changes in them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Number, ReviewKey, within_review


class Channel(StrEnum):
    """Through which door a change came."""

    WEB = "web"
    API = "api"
    CLI = "cli"
    IMPORT = "import"


class Inference(StrEnum):
    """The reasoning behind a decision."""

    INDUCTION = "induction"
    DEDUCTION = "deduction"
    ABDUCTION = "abduction"
    RETRODUCTION = "retroduction"


class Operation(StrEnum):
    """What happened to a row."""

    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"


class ChangeSet(Base):
    """All that one request, command or import changed in a review: who, when, why."""

    __tablename__ = "change_set"
    review_id: Mapped[ReviewKey]
    id: Mapped[Number] = mapped_column(doc="number of the change-set, `H12`")
    actor_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id"), doc="who; null for the machine itself"
    )
    at: Mapped[datetime] = mapped_column(doc="when, application clock, UTC, microseconds")
    channel: Mapped[Channel] = mapped_column(doc="web, api, cli or import")
    reason: Mapped[str | None] = mapped_column(doc="why, in the actor's words")
    inference: Mapped[Inference | None] = mapped_column(doc="the reasoning behind the decision")
    undoes: Mapped[int | None] = mapped_column(doc="the change-set this one takes back")
    request_id: Mapped[str | None] = mapped_column(doc="finds the request in the logs")


class Change(Base):
    """One row touched by a change-set, with the values it had before."""

    __tablename__ = "change"
    __table_args__ = (
        within_review("change_set", "change_set_id"),
        Index(None, "review_id", "table_name", "row_key"),
        Index(None, "review_id", "aggregate_kind", "aggregate_id"),
    )
    review_id: Mapped[ReviewKey]
    change_set_id: Mapped[Number]
    n: Mapped[Number] = mapped_column(doc="order within the change-set")
    table_name: Mapped[str] = mapped_column(String(40))
    row_key: Mapped[str] = mapped_column(doc="the key without the review, as JSON: `[17,2]`")
    operation: Mapped[Operation]
    aggregate_kind: Mapped[str] = mapped_column(String(16), doc="C, Q, K …")
    aggregate_id: Mapped[int] = mapped_column(doc="the number people cite")
    before: Mapped[dict[str, Any] | None] = mapped_column(
        doc="values before; of an update only those that changed, of an insert none"
    )
