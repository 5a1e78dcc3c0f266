"""What a further record of a known source tells that the source did not say before."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.exchange.sorting import Known, Sorted
from app.library.filling import fill, lacking
from app.library.models import Source
from app.library.schemas import SourceCreate
from app.library.service import columns_of

TOLD = set(SourceCreate.model_fields) - {"cite_key", "study"}
"""Fields of a record; which study a source reports is left to people."""


def complete(
    session: Session, review_id: int, batch: Iterable[Sorted], *, is_preview: bool = False
) -> set[int]:
    """Fill the empty fields of known sources as merging would; return which sources gain.

    A record whose very text was there before tells nothing new.
    """
    told = [(one.source_id, one.wish) for one in batch if isinstance(one, Known) and one.wish]
    there = _sources(session, review_id, {number for number, _ in told})
    gaining = set()
    for number, wish in told:
        record = Source(**columns_of(wish, TOLD))
        if lacking(there[number], record):
            gaining.add(number)
            if not is_preview:
                fill(there[number], record)
    session.flush()
    return gaining


def _sources(session: Session, review_id: int, numbers: set[int]) -> dict[int, Source]:
    if not numbers:
        return {}
    rows = select(Source).where(Source.review_id == review_id, Source.id.in_(numbers))
    return {source.id: source for source in session.scalars(rows)}
