"""When an outcome of one configuration could become a context or mechanism of another.

A possible link is an offer of the program. It rests on one shared concept in states that go
together and on nothing that speaks against it; it is no evidence until a person accepts it.
"""

from collections.abc import Iterable

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.coding.tree import concept_tree
from app.errors import ConflictError, FieldProblem
from app.theory.filters import is_counted
from app.theory.link_models import ConfigurationLink, LinkRefusal
from app.theory.models import Configuration
from app.theory.references import refuse
from app.theory.slots import FED_ROLES, Slot, Slots, read_slots
from app.theory.states import Fit, fit
from app.theory.vocabulary import LinkKind, Role

Place = tuple[int, int, int, int]
"""From which configuration and element to which."""


def objection(outcome: Slot, fed: Slot, slots: Slots) -> str | None:
    """Say what speaks against a link of two elements, or None where it is possible."""
    return _mismatch(outcome, fed) or _conflict(outcome, fed) or _clash(outcome, fed, slots)


def _mismatch(outcome: Slot, fed: Slot) -> str | None:
    if outcome.role != Role.OUTCOME or fed.role not in FED_ROLES:
        return "only an outcome becomes a context or mechanism"
    if outcome.concept is None or outcome.concept != fed.concept:
        return "the two elements are not of one concept"
    if fit(outcome.state, fed.state) is Fit.OPPOSES:
        return f"their states oppose: {outcome.state} and {fed.state}"
    return None


def _conflict(outcome: Slot, fed: Slot) -> str | None:
    for name in ("actor", "level"):
        one, other = getattr(outcome, name), getattr(fed, name)
        if one and other and one != other:
            return f"they differ in {name}: {one} and {other}"
    return None


def _clash(outcome: Slot, fed: Slot, slots: Slots) -> str | None:
    """Find a concept in whose state the two contexts oppose; what is fed is no such context.

    For what is fed is what the outcome made of it: where trust was low it grew, and now is high.
    """
    theirs = [s for s in slots.fed(fed.configuration) if s.n != fed.n]
    for one in _contexts(slots.fed(outcome.configuration)):
        for other in _contexts(theirs):
            if one.concept == other.concept and fit(one.state, other.state) is Fit.OPPOSES:
                return f"their contexts oppose in K{one.concept}: {one.state} and {other.state}"
    return None


def _contexts(slots: Iterable[Slot]) -> list[Slot]:
    return [s for s in slots if s.role == Role.CONTEXT and s.concept is not None]


def require_possible(session: Session, link: ConfigurationLink) -> None:
    """Refuse to accept a link that is not offered: 422 says why not, 409 what stands in the way."""
    named = {name: getattr(link, name) for name in ("to_id", "from_element_n", "to_element_n")}
    missing = "an accepted suggestion is a link of kind feeds between two elements; name both"
    absent = [name for name, number in named.items() if number is None]
    if link.kind is not LinkKind.FEEDS:
        absent = ["kind"]
    refuse([FieldProblem(name, missing) for name in absent])
    place = (link.from_id, named["from_element_n"], named["to_id"], named["to_element_n"])
    reason = _why_not(session, link.review_id, place)
    if reason:
        message = f"this link is not possible now: {reason}; assert it as your own instead"
        refuse([FieldProblem("was_suggested", message)])
    _refuse_settled(session, link.review_id, place)


def _why_not(session: Session, review_id: int, place: Place) -> str | None:
    start, from_n, end, to_n = place
    counted = set(
        session.scalars(
            select(Configuration.id).where(
                Configuration.review_id == review_id,
                Configuration.id.in_([start, end]),
                is_counted(review_id),
            )
        )
    )
    for number in (start, end):
        if number not in counted:
            return f"C{number} does not count: it is retired, constructed or consolidated"
    slots = read_slots(session, review_id, concept_tree(session, review_id), [start, end])
    return objection(slots.of[start][from_n], slots.of[end][to_n], slots)


def _refuse_settled(session: Session, review_id: int, place: Place) -> None:
    start, from_n, end, to_n = place
    if session.get(LinkRefusal, (review_id, *place)):
        raise ConflictError(
            f"The link from element {from_n} of C{start} to element {to_n} of C{end} was refused; "
            f"take the refusal back first."
        )
    there = session.scalar(
        select(ConfigurationLink.id)
        .where(
            ConfigurationLink.review_id == review_id,
            ConfigurationLink.kind == LinkKind.FEEDS,
            and_(ConfigurationLink.from_id == start, ConfigurationLink.to_id == end),
            or_(
                ConfigurationLink.from_element_n.is_(None),
                ConfigurationLink.from_element_n == from_n,
            ),
            or_(ConfigurationLink.to_element_n.is_(None), ConfigurationLink.to_element_n == to_n),
        )
        .order_by(ConfigurationLink.id)
        .limit(1)
    )
    if there:
        raise ConflictError(f"L{there} links these elements already; tie your evidence to it.")
