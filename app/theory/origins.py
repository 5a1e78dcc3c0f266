"""What a piece of evidence counts as: the work cited, or the one that stands for duplicates."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import aliased

from app.library.models import Source

_work = Source.__table__.alias("work")
_counted = func.coalesce(_work.c.merged_into_id, _work.c.id)


def origin(piece: Any) -> ColumnElement[int]:
    """Return the number of the source that a piece of evidence counts as, within its own query."""
    named = func.coalesce(piece.cited_source_id, piece.source_id)
    here = (_work.c.review_id == piece.review_id, _work.c.id == named)
    return select(_counted).where(*here).scalar_subquery()


def counted_as(review_id: int, number: int) -> Select[int]:
    """Select the sources that count as the one that a number counts as: it and its duplicates."""
    asked = (_work.c.review_id == review_id, _work.c.id == number)
    survivor = select(_counted).where(*asked).scalar_subquery()
    own = func.coalesce(Source.merged_into_id, Source.id)
    return select(Source.id).where(Source.review_id == review_id, own == survivor)


def counted_where(review_id: int, on_source: list[ColumnElement[bool]]) -> Select[int]:
    """Select the sources whose survivor, or they themselves, fulfil conditions on `Source`."""
    report = aliased(Source)
    stands = and_(
        Source.review_id == report.review_id,
        Source.id == func.coalesce(report.merged_into_id, report.id),
    )
    statement = select(report.id).join(Source, stands)
    return statement.where(report.review_id == review_id, *on_source)
