"""Possible links that a person refused for good: refusing, listing, taking back."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.db import Id, Line, PageWish, Schema
from app.errors import ConflictError, FieldProblem, NotFoundError
from app.history.recording import delete_many
from app.theory.link_models import LinkRefusal
from app.theory.models import Configuration, Element
from app.theory.possible import Place
from app.theory.references import References, refuse
from app.theory.schemas import PartNumber
from app.theory.slots import FED_ROLES
from app.theory.vocabulary import Role

PLACE = (
    LinkRefusal.from_id,
    LinkRefusal.from_element_n,
    LinkRefusal.to_id,
    LinkRefusal.to_element_n,
)


class RefusalCreate(Schema):
    """A possible link to be offered no more: this outcome does not become that element."""

    from_id: Id
    from_element_n: PartNumber
    to_id: Id
    to_element_n: PartNumber
    reason: Line


class RefusalRead(RefusalCreate):
    """A refusal as it is stored."""

    created_by: int | None
    created_at: datetime


class RefusalFilter(PageWish):
    """Which refusals are wanted."""

    configuration_id: Id | None = None
    """Either end."""


def list_refusals(session: Session, review_id: int, wish: RefusalFilter) -> Sequence[LinkRefusal]:
    """Return refusals in the order of their ends."""
    statement = select(LinkRefusal).where(LinkRefusal.review_id == review_id)
    if wish.configuration_id:
        number = wish.configuration_id
        statement = statement.where(or_(LinkRefusal.from_id == number, LinkRefusal.to_id == number))
    return session.scalars(statement.order_by(*PLACE)).all()


def read_refused(session: Session, review_id: int) -> set[Place]:
    """Return every place that was refused."""
    rows = session.execute(select(*PLACE).where(LinkRefusal.review_id == review_id))
    return {(row[0], row[1], row[2], row[3]) for row in rows}


def add_refusal(session: Session, member: Member, wish: RefusalCreate) -> LinkRefusal:
    """Refuse a possible link for good; 422 names an end that is not there or does not fit."""
    review_id = member.review_id
    references = References(session, review_id)
    references.add(Configuration, wish.from_id, "from_id")
    references.add(Configuration, wish.to_id, "to_id")
    references.check()
    refuse(_problems(session, review_id, wish))
    place = (wish.from_id, wish.from_element_n, wish.to_id, wish.to_element_n)
    if session.get(LinkRefusal, (review_id, *place)):
        raise ConflictError("This link was refused before; the reason given then stands.")
    refusal = LinkRefusal(review_id=review_id, created_by=member.user.id, **wish.model_dump())
    session.add(refusal)
    session.flush()
    return refusal


def find_refusal(session: Session, review_id: int, place: Place) -> LinkRefusal:
    """Return a refusal, or say that there is none."""
    found = session.get(LinkRefusal, (review_id, *place))
    if found is None:
        start, from_n, end, to_n = place
        raise NotFoundError(
            f"No link from element {from_n} of C{start} to element {to_n} of C{end} was refused."
        )
    return found


def take_back(session: Session, refusal: LinkRefusal) -> None:
    """Take a refusal back, so that the link is offered again."""
    session.delete(refusal)
    session.flush()


def drop_refusals(session: Session, review_id: int, number: int, n: int | None = None) -> None:
    """Remove the refusals at either end of a configuration, or of one of its elements."""
    starts, ends = LinkRefusal.from_id == number, LinkRefusal.to_id == number
    if n is not None:
        starts = and_(starts, LinkRefusal.from_element_n == n)
        ends = and_(ends, LinkRefusal.to_element_n == n)
    delete_many(session, LinkRefusal, (LinkRefusal.review_id == review_id, or_(starts, ends)))


def _problems(session: Session, review_id: int, wish: RefusalCreate) -> list[FieldProblem]:
    problems = []
    if wish.from_id == wish.to_id:
        message = "a configuration is never offered a link to itself"
        problems.append(FieldProblem("to_id", message))
    for name, number, n, roles in (
        ("from_element_n", wish.from_id, wish.from_element_n, {Role.OUTCOME.value}),
        ("to_element_n", wish.to_id, wish.to_element_n, FED_ROLES),
    ):
        element = session.get(Element, (review_id, number, n))
        if element is None:
            problems.append(FieldProblem(name, f"there is no element {n} in C{number}"))
        elif element.role.value not in roles:
            message = (
                f"element {n} of C{number} is {element.role.value}; only an outcome becomes a "
                "context or mechanism"
            )
            problems.append(FieldProblem(name, message))
    return problems
