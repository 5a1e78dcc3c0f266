"""Which configurations have gaps, told of a whole review in four queries."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import and_, func, select, union
from sqlalchemy.orm import Session

from app.coding.anchoring import Verification
from app.coding.models import Memo, Quote
from app.theory.gaps import gaps
from app.theory.models import Configuration, Consolidation, Element, Evidence
from app.theory.vocabulary import (
    Activation,
    ConfigurationKind,
    ConfigurationStatus,
    Role,
    Template,
    Valence,
)


class Weighed(NamedTuple):
    """A configuration as far as gaps need it."""

    id: int
    kind: ConfigurationKind
    template: Template
    roles_not_reported: list[str] | None


class Slot(NamedTuple):
    """An element as far as gaps need it."""

    role: Role
    concept_id: int | None
    activation: Activation | None
    valence: Valence | None


class Tie(NamedTuple):
    """A piece of evidence as far as gaps need it."""

    quote_id: int | None
    verification: Verification | None


def incomplete(session: Session, review_id: int) -> Iterator[tuple[int, list[str]]]:
    """Yield every configuration that has gaps, with their codes, in the order of numbers."""
    elements, evidence = _slots(session, review_id), _ties(session, review_id)
    grounded = set(
        session.scalars(
            union(
                select(Memo.subject_id).where(
                    Memo.review_id == review_id, Memo.subject_kind == "C"
                ),
                select(Consolidation.configuration_id).where(Consolidation.review_id == review_id),
            )
        )
    )
    configuration = Configuration.__table__.columns
    for one in session.execute(
        select(*(configuration[name] for name in Weighed._fields))
        .where(configuration["review_id"] == review_id)
        .where(configuration["status"] != ConfigurationStatus.RETIRED)
        .order_by(configuration["id"])
    ).all():
        weighed = Weighed._make(one)
        missing = gaps(
            weighed,
            elements[weighed.id],
            evidence[weighed.id],
            weighed.template,
            is_grounded=weighed.id in grounded,
        )
        if missing:
            yield weighed.id, missing


def _slots(session: Session, review_id: int) -> dict[int, list[Slot]]:
    """Return of each configuration which slots differ in what gaps ask, once each."""
    element = Element.__table__.c
    slots: dict[int, list[Slot]] = defaultdict(list)
    alike = (element.configuration_id, element.role, element.activation, element.valence)
    for number, role, activation, valence, concept in session.execute(
        select(*alike, func.min(element.concept_id))
        .where(element.review_id == review_id)
        .group_by(*alike, element.concept_id.is_not(None))
    ).all():
        slots[number].append(Slot(role, concept, activation, valence))
    return slots


def _ties(session: Session, review_id: int) -> dict[int, list[Tie]]:
    """Return of each configuration how its passages were found, each way once."""
    piece, quote = Evidence.__table__.c, Quote.__table__.c
    same = and_(quote.review_id == piece.review_id, quote.id == piece.quote_id)
    ties: dict[int, list[Tie]] = defaultdict(list)
    for number, quoted, verification in session.execute(
        select(piece.configuration_id, func.min(piece.quote_id), quote.verification)
        .outerjoin(Quote.__table__, same)
        .where(piece.review_id == review_id)
        .group_by(piece.configuration_id, quote.verification)
    ).all():
        ties[number].append(Tie(quoted, verification))
    return ties
