"""Possible links among what counts by default, found configuration by configuration.

Never all at once: of a popular concept there are as many as outcomes times contexts.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product

from sqlalchemy.orm import Session

from app.synthesis.edges import Edge, Link
from app.synthesis.standing import Standing
from app.theory.possible import Place, objection
from app.theory.refusals import read_refused
from app.theory.slots import Slot, Slots
from app.theory.states import fit


@dataclass(slots=True)
class Offers:
    """Possible links, found configuration by configuration and kept while a question is asked."""

    standing: Standing
    slots: Slots
    taken: set[Place]
    """Refused, or linked already; 0 for an element is any."""
    outcomes: dict[int, list[Slot]] = field(default_factory=lambda: defaultdict(list))
    """By concept, as `fed`."""
    fed: dict[int, list[Slot]] = field(default_factory=lambda: defaultdict(list))
    found: dict[int, list[Edge]] = field(default_factory=dict)
    found_to: dict[int, list[Edge]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Sort the elements of what counts by concept."""
        for number in self.standing.counted:
            for role, by_concept in (("outcomes", self.outcomes), ("fed", self.fed)):
                for slot in getattr(self.slots, role)(number):
                    if slot.concept is not None:
                        by_concept[slot.concept].append(slot)

    def after(self, number: int) -> list[Edge]:
        """Return the possible links out of a configuration."""
        if number not in self.found:
            mine = self.slots.outcomes(number) if self.standing.is_counted(number) else []
            pairs = ((o, f) for o in mine if o.concept for f in self.fed.get(o.concept, ()))
            self.found[number] = self._edges(pairs)
        return self.found[number]

    def before(self, number: int) -> list[Edge]:
        """Return the possible links into a configuration."""
        if number not in self.found_to:
            mine = self.slots.fed(number) if self.standing.is_counted(number) else []
            pairs = ((o, f) for f in mine if f.concept for o in self.outcomes.get(f.concept, ()))
            self.found_to[number] = self._edges(pairs)
        return self.found_to[number]

    def reaching(self, reached: Mapping[int, int]) -> dict[int, int]:
        """Return what shares a concept with what it could feed, whatever speaks against it."""
        concepts: dict[int, int] = {}
        for number, figure in reached.items():
            for slot in self.slots.fed(number) if self.standing.is_counted(number) else ():
                if slot.concept and figure > concepts.get(slot.concept, -1):
                    concepts[slot.concept] = figure
        found: dict[int, int] = {}
        for concept, figure in concepts.items():
            for slot in self.outcomes.get(concept, ()):
                found[slot.configuration] = max(figure, found.get(slot.configuration, -1))
        return found

    def _edges(self, pairs: Iterable[tuple[Slot, Slot]]) -> list[Edge]:
        return sorted(self._edge(o, f) for o, f in pairs if self._is_offered(o, f))

    def _is_offered(self, outcome: Slot, fed: Slot) -> bool:
        start, end = outcome.configuration, fed.configuration
        if start == end or objection(outcome, fed, self.slots):
            return False
        places = product((start,), (outcome.n, 0), (end,), (fed.n, 0))
        return self.taken.isdisjoint(places)

    @staticmethod
    def _edge(outcome: Slot, fed: Slot) -> Edge:
        start, end = outcome.configuration, fed.configuration
        return Edge(
            start,
            end,
            is_possible=True,
            out_n=outcome.n,
            in_n=fed.n,
            links=(),
            fit=fit(outcome.state, fed.state),
            concept=outcome.concept,
        )


def read_offers(
    session: Session, review_id: int, standing: Standing, slots: Slots, links: Iterable[Link]
) -> Offers:
    """Return what may be offered: nothing that is linked already or was refused."""
    linked = {(link.start, link.out_n or 0, link.end, link.in_n or 0) for link in links}
    return Offers(standing, slots, read_refused(session, review_id) | linked)
