"""Jobs: what was asked for, how far it has come, and how it ended."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, CreatedAt


class JobStatus(StrEnum):
    """How far a job has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


class Job(Base):
    """Long work, taken up by one process; only a heart that stopped beating means interrupted."""

    __tablename__ = "job"
    __table_args__ = (Index(None, "status"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), doc="what is done, e.g. archive_import")
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), doc="who asked for it")
    review_id: Mapped[int | None] = mapped_column(
        ForeignKey("review.id", ondelete="CASCADE"), doc="the review it is about, once there is one"
    )
    status: Mapped[JobStatus] = mapped_column(default=JobStatus.WAITING)
    wish: Mapped[dict[str, Any]] = mapped_column(doc="what was asked for")
    done: Mapped[int] = mapped_column(default=0, doc="of `total`, in the job's own unit")
    total: Mapped[int | None] = mapped_column(doc="null while nobody knows")
    stage: Mapped[str | None] = mapped_column(doc="what is being done now, for people")
    result: Mapped[dict[str, Any] | None] = mapped_column(doc="when done")
    problem: Mapped[dict[str, Any] | None] = mapped_column(doc="problem details, when failed")
    owner: Mapped[str | None] = mapped_column(String(80), doc="the process that has it")
    created_at: Mapped[CreatedAt]
    started_at: Mapped[datetime | None]
    heartbeat_at: Mapped[datetime | None] = mapped_column(doc="when its process last said so")
    finished_at: Mapped[datetime | None]
