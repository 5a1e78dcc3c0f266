"""Rules of theory that no single row shows, checked after something was taken back."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app.errors import UndoConflictError
from app.theory.link_models import ConfigurationLink, LinkEvidence
from app.theory.links import FED
from app.theory.models import Configuration, Consolidation, Element
from app.theory.references import listed
from app.theory.vocabulary import MECHANISM_ROLES, ConfigurationKind, LinkKind, Role

MOST_NAMED = 20


def refuse_breaches(session: Session, review_id: int) -> None:
    """Raise `UndoConflictError` (409) naming what would break a rule of consolidation or links."""
    rules = (_members, _mechanisms, _fed, _groundless)
    breaches = [breach for rule in rules for breach in rule(session, review_id)]
    if breaches:
        raise UndoConflictError(
            f"Taking this back would break a rule: {listed(breaches)}. Change these first."
        )


def _members(session: Session, review_id: int) -> Iterator[str]:
    whole, part = aliased(Configuration), aliased(Configuration)
    is_unfit = or_(whole.kind != ConfigurationKind.CONSOLIDATED, part.kind != ConfigurationKind.RAW)
    pairs = session.execute(
        select(whole.id, part.id)
        .select_from(Consolidation)
        .join(whole, _is(whole, Consolidation.configuration_id))
        .join(part, _is(part, Consolidation.member_id))
        .where(Consolidation.review_id == review_id, is_unfit)
        .order_by(whole.id, part.id)
        .limit(MOST_NAMED)
    )
    for number, member in pairs:
        yield f"C{number} stands for C{member}, and only consolidated ones stand for raw ones"


def _is(
    configuration: type[Configuration], number: InstrumentedAttribute[int]
) -> ColumnElement[bool]:
    return and_(configuration.review_id == Consolidation.review_id, configuration.id == number)


def _mechanisms(session: Session, review_id: int) -> Iterator[str]:
    behind = aliased(Element)
    is_behind = and_(
        behind.review_id == Element.review_id,
        behind.configuration_id == Element.configuration_id,
        behind.n == Element.mechanism_n,
    )
    rows = session.execute(
        select(Element.configuration_id, Element.n)
        .join(behind, is_behind)
        .where(
            Element.review_id == review_id,
            Element.mechanism_n.is_not(None),
            or_(Element.role != Role.OUTCOME, behind.role.not_in(MECHANISM_ROLES)),
        )
        .order_by(Element.configuration_id, Element.n)
        .limit(MOST_NAMED)
    )
    for number, n in rows:
        yield f"element {n} of C{number} names a mechanism, and only outcomes name only those"


def _fed(session: Session, review_id: int) -> Iterator[str]:
    link = ConfigurationLink
    starts = (link.from_id, link.from_element_n, (Role.OUTCOME,))
    for number, n, roles in (starts, (link.to_id, link.to_element_n, FED)):
        is_end = and_(
            Element.review_id == link.review_id,
            Element.configuration_id == number,
            Element.n == n,
        )
        unfit = session.execute(
            select(link.id, number, n)
            .join(Element, is_end)
            .where(link.review_id == review_id, link.kind == LinkKind.FEEDS)
            .where(Element.role.not_in(roles))
            .order_by(link.id)
            .limit(MOST_NAMED)
        )
        for found, configuration, element in unfit:
            yield f"element {element} of C{configuration} does not fit L{found}, which feeds"


def _groundless(session: Session, review_id: int) -> Iterator[str]:
    link = ConfigurationLink
    has_evidence = exists().where(
        LinkEvidence.review_id == link.review_id, LinkEvidence.link_id == link.id
    )
    rows = session.scalars(
        select(link.id)
        .where(link.review_id == review_id, ~has_evidence)
        .where(or_(link.reason.is_(None), link.reason == ""))
        .order_by(link.id)
        .limit(MOST_NAMED)
    )
    for number in rows:
        yield f"L{number} would have neither a reason nor evidence"
