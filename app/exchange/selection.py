"""Sources of a review as references: chosen by the filters of the list, streamed in their order."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.exchange.references.writing import Reference
from app.library.models import Source, Study
from app.library.schemas import SourceConditions, SourceCreate
from app.library.service import check_conditions, select_sources, standing_at

AT_ONCE = 500
_NAMES = [name for name in SourceCreate.model_fields if name != "study"]


def read_selection(session: Session, review_id: int, wish: SourceConditions) -> Iterator[Reference]:
    """Yield the sources that fit as references, by number, a few hundred in memory at a time."""
    check_conditions(session, review_id, wish)
    labels = dict(
        session.execute(select(Study.id, Study.label).where(Study.review_id == review_id)).all()
    )
    standing = standing_at(session, review_id, wish)
    after = 0
    while True:
        some = select_sources(review_id, wish).where(Source.id > after).order_by(Source.id)
        sources = session.scalars(some.limit(AT_ONCE)).all()
        for source in sources:
            if standing is None or source.id in standing:
                yield reference_of(source, labels)
        if len(sources) < AT_ONCE:
            return
        after = sources[-1].id
        session.expunge_all()


def reference_of(source: Source, labels: dict[int, str]) -> dict[str, Any]:
    """Return a source as a reference, without what is empty; studies by label."""
    values = {name: getattr(source, name) for name in _NAMES}
    values["study"] = labels.get(source.study_id) if source.study_id else None
    if values["kind"] is not None:
        values["kind"] = values["kind"].value
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}
