"""The words behind configurations, read for many at once."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.coding.tree import Tree
from app.theory.evidence import evidence_of
from app.theory.filters import conditions, memberships
from app.theory.listing import ConfigurationWish
from app.theory.models import Configuration, Consolidation, Evidence
from app.theory.queries import summaries
from app.theory.schemas import EvidenceRead


def first_that_fit(
    session: Session, review_id: int, wish: ConfigurationWish, tree: Tree
) -> list[dict[str, Any]]:
    """Return the first configurations that fit, as the list has them; four queries."""
    numbers = session.scalars(
        select(Configuration.id)
        .where(*conditions(review_id, wish, tree))
        .order_by(Configuration.id)
        .limit(wish.limit)
    )
    return summaries(session, review_id, numbers.all())


def words_behind(
    session: Session, review_id: int, numbers: Iterable[int]
) -> dict[int, list[EvidenceRead]]:
    """Return the evidence of configurations, that of their members too; two queries.

    A quote stands once for each stance, however many elements it is tied to one by one.
    """
    wanted = sorted(set(numbers))
    pairs = session.execute(
        memberships(review_id).where(Consolidation.configuration_id.in_(wanted))
    ).all()
    every = sorted({*wanted, *(pair[1] for pair in pairs)})
    known = evidence_of(session, Evidence, review_id, every)
    found = {number: list(known.get((number,), [])) for number in wanted}
    for whole, member in pairs:
        found[whole] += known.get((member,), [])
    return {number: _once(pieces) for number, pieces in found.items()}


def _once(pieces: Iterable[EvidenceRead]) -> list[EvidenceRead]:
    seen: dict[tuple[object, ...], EvidenceRead] = {}
    for n, piece in enumerate(pieces):
        key = (piece.quote_id, piece.stance) if piece.quote_id else ("", n)
        seen.setdefault(key, piece)
    return list(seen.values())
