"""What feeds what, as stored and as walked: links lifted to what their ends are walked as."""

from collections.abc import Iterable, Iterator
from itertools import product
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.synthesis.standing import Standing
from app.theory.link_models import ConfigurationLink
from app.theory.links import refuted_links
from app.theory.slots import Slot, Slots
from app.theory.states import Fit, fit
from app.theory.vocabulary import LinkKind

_link = ConfigurationLink.__table__.c


class Edge(NamedTuple):
    """One step from a configuration to the next; edges compare by their ends."""

    start: int
    end: int
    is_possible: bool
    out_n: int
    """The outcome it leaves by; 0: any."""
    in_n: int
    """The context or mechanism it enters by; 0: any."""
    links: tuple[int, ...]
    """The asserted links behind it; none behind a possible one."""
    fit: Fit | None
    """Of the states at its two ends; None where two concepts meet, which no states compare."""
    concept: int | None
    """What the two configurations share; None where that is not one concept."""
    was_suggested: bool = False
    is_lifted: bool = False
    """Whether some link behind it is one of a configuration consolidated here."""
    is_refuted: bool = False
    """Whether people refuted every link behind it, by the last verdict on each."""


class Link(NamedTuple):
    """A link of kind feeds as it is stored."""

    id: int
    start: int
    end: int
    out_n: int | None
    in_n: int | None
    was_suggested: bool
    is_refuted: bool
    """By the last verdict on it."""


def read_links(session: Session, review_id: int) -> list[Link]:
    """Read what feeds what, as stored."""
    rows = session.execute(
        select(
            _link.id,
            _link.from_id,
            _link.to_id,
            _link.from_element_n,
            _link.to_element_n,
            _link.was_suggested,
            _link.id.in_(refuted_links(review_id)),
        ).where(_link.review_id == review_id, _link.kind == LinkKind.FEEDS)
    )
    return [Link._make(row) for row in rows.all()]


def lift(links: Iterable[Link], standing: Standing, slots: Slots) -> list[Edge]:
    """Turn links into edges between what their ends are walked as; links of the same ends are one.

    Links within one consolidated configuration fall away.
    """
    edges: dict[tuple[int, int, int, int], Edge] = {}
    for link in links:
        for edge in _edges(link, standing, slots):
            ends = (edge.start, edge.end, edge.out_n, edge.in_n)
            edges[ends] = _twisted(edges[ends], edge) if ends in edges else edge
    return sorted(edges.values())


def _edges(link: Link, standing: Standing, slots: Slots) -> Iterator[Edge]:
    left, entered = slots.find(link.start, link.out_n), slots.find(link.end, link.in_n)
    states, concept = _compare(left, entered)
    for start, end in product(standing.walked_as(link.start), standing.walked_as(link.end)):
        is_lifted = start != link.start or end != link.end
        out_n, in_n = link.out_n or 0, link.in_n or 0
        if is_lifted:
            out_n = _element_of(start, out_n, left, slots.outcomes(start))
            in_n = _element_of(end, in_n, entered, slots.fed(end))
        if start != end:
            yield Edge(
                start,
                end,
                is_possible=False,
                out_n=out_n,
                in_n=in_n,
                links=(link.id,),
                fit=states,
                concept=concept,
                was_suggested=link.was_suggested,
                is_lifted=is_lifted,
                is_refuted=link.is_refuted,
            )


def _compare(left: Slot | None, entered: Slot | None) -> tuple[Fit | None, int | None]:
    """Compare the two ends of a link; what is not named or coded leaves their states open."""
    if left is None or entered is None:
        named = left or entered
        return Fit.OPEN, named.concept if named else None
    if left.concept == entered.concept:
        return fit(left.state, entered.state), left.concept
    return None, None


def _element_of(walked: int, n: int, slot: Slot | None, among: list[Slot]) -> int:
    """Return the element of what is walked that a link names: by its concept, where lifted."""
    if slot is None or slot.configuration == walked:
        return n
    alike = [s for s in among if s.concept is not None and s.concept == slot.concept]
    alike.sort(key=lambda s: (s.role != slot.role, fit(s.state, slot.state) is Fit.OPPOSES))
    return alike[0].n if alike else 0


def _twisted(one: Edge, other: Edge) -> Edge:
    """Make one edge of two with the same ends; of their states the worse is told."""
    fits = {one.fit, other.fit}
    return one._replace(
        links=tuple(sorted((*one.links, *other.links))),
        fit=next((f for f in (Fit.OPPOSES, Fit.OPEN, Fit.FITS) if f in fits), None),
        concept=one.concept or other.concept,
        was_suggested=one.was_suggested or other.was_suggested,
        is_lifted=one.is_lifted or other.is_lifted,
        is_refuted=one.is_refuted and other.is_refuted,
    )
