"""Retrieving full texts: what was sought, what was had, and what could not be had."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.db import now
from app.errors import ConflictError, FieldProblem
from app.history.recording import update_many
from app.history.references import require_present
from app.library.models import Source
from app.library.screening import FEW
from app.library.screening_models import Retrieval, RetrievalStatus
from app.library.screening_schemas import RetrievalItem
from app.library.screening_standing import has_text, read_material


def say_retrieved(
    session: Session, member: Member, items: Sequence[RetrievalItem]
) -> list[Retrieval]:
    """Write down whether full texts could be had, all or none; the last word on a source counts."""
    places = [f"items.{n}." if len(items) > 1 else "" for n in range(len(items))]
    named = [(f"{place}source_id", i.source_id) for place, i in zip(places, items, strict=True)]
    require_present(session, Source, member.review_id, named)
    _refuse_what_was_read(session, member.review_id, dict(zip(places, items, strict=True)))
    numbers = [item.source_id for item in items]
    here = select(Retrieval).where(Retrieval.review_id == member.review_id)
    if len(numbers) <= FEW:
        here = here.where(Retrieval.source_id.in_(numbers))
    known = {row.source_id: row for row in session.scalars(here)}
    for item in items:
        row = known.get(item.source_id)
        if row is None:
            row = Retrieval(review_id=member.review_id, source_id=item.source_id)
            known[item.source_id] = row
            session.add(row)
        row.status, row.note = item.status, item.note
        row.said_by, row.said_at = member.user.id, now()
    session.flush()
    touched = (Source.review_id == member.review_id, Source.id.in_(numbers))
    update_many(session, Source, touched, version=Source.version + 1)
    return [known[number] for number in numbers]


def _refuse_what_was_read(
    session: Session, review_id: int, items: dict[str, RetrievalItem]
) -> None:
    missing = {
        place: item for place, item in items.items() if item.status is RetrievalStatus.NOT_RETRIEVED
    }
    if not missing:
        return
    numbers = {item.source_id for item in missing.values()}
    material = read_material(session, review_id, numbers if len(numbers) <= FEW else ())
    problems = [
        FieldProblem(
            f"{place}source_id",
            f"S{item.source_id} has a stored text or decisions about its full text; "
            "take these away first",
        )
        for place, item in missing.items()
        if has_text(material, material.roots[item.source_id])
    ]
    if problems:
        raise ConflictError(f"{problems[0].field}: {problems[0].message}", fields=problems)
