"""Configurations and what feeds what, as chains are walked: in memory, from a few flat reads.

Constructed configurations may lie on the way and have no witnesses.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from app.coding.tree import Tree, concept_tree
from app.library.appraisal.settled import AppraisalConditions
from app.synthesis.counting import read_supporters
from app.synthesis.edges import Edge, Link, lift, read_links
from app.synthesis.offers import Offers, read_offers
from app.synthesis.shelf import read_once
from app.synthesis.standing import Standing, read_standing
from app.theory.filters import appraised_evidence, evidenced
from app.theory.slots import Slot, Slots, read_slots
from app.theory.vocabulary import ConfigurationKind

SLOT_BYTES, EDGE_BYTES, STANDING_BYTES = 420, 520, 300
"""What one takes in memory, roughly, with its place in the mappings around it."""
NOTHING_ASKED = AppraisalConditions()


@dataclass(frozen=True, slots=True)
class Network:
    """What chains are walked on: one review at one moment."""

    tree: Tree
    standing: Standing
    slots: Slots
    links: Sequence[Link]
    """Asserted ones, as stored, between what stands."""
    support: Mapping[int, int]
    """Distinct supporting origins of a configuration that has some, each a bit."""
    origins: Sequence[int]
    """The source that each bit stands for, the lowest first."""
    asserted: Mapping[int, Sequence[Edge]]
    """By start."""
    asserted_to: Mapping[int, Sequence[Edge]]
    """By end."""
    by_concept: Mapping[int, Sequence[Slot]] = field(default_factory=dict)
    """Elements of what is walked, by concept."""
    judged: AppraisalConditions = field(default_factory=AppraisalConditions)
    """What is to be judged of evidence for it to count, where that is asked."""
    offers: Offers | None = None
    """Possible links, where they are asked for."""

    @property
    def size(self) -> int:
        """About how many bytes it takes, possible links aside."""
        slots = sum(len(elements) for elements in self.slots.of.values())
        witnesses = len(self.support) * (100 + len(self.origins) // 8)
        edges = len(self.links) * EDGE_BYTES
        return slots * SLOT_BYTES + edges + witnesses + len(self.standing.kinds) * STANDING_BYTES

    def after(self, number: int) -> Sequence[Edge]:
        """Return the edges out of a configuration, in their order."""
        own = self.asserted.get(number, ())
        return [*own, *self.offers.after(number)] if self.offers else own

    def before(self, number: int) -> Sequence[Edge]:
        """Return the edges into a configuration, in their order."""
        own = self.asserted_to.get(number, ())
        return [*own, *self.offers.before(number)] if self.offers else own

    def reaching(self, reached: Mapping[int, int]) -> dict[int, int]:
        """Return what may lead to some configurations, each with the greatest of their figures."""
        found = dict(self.offers.reaching(reached)) if self.offers else {}
        for number, figure in reached.items():
            for edge in self.asserted_to.get(number, ()):
                if figure > found.get(edge.start, -1):
                    found[edge.start] = figure
        return found

    def named(self, bits: int) -> list[int]:
        """Return the numbers of the sources that some bits stand for, in their order."""
        return sorted(source for i, source in enumerate(self.origins) if bits >> i & 1)

    def strength(self, number: int) -> int:
        """Return how many distinct sources support a configuration."""
        return self.support.get(number, 0).bit_count()


def network_of(
    session: Session,
    review_id: int,
    *,
    possible: bool,
    judged: AppraisalConditions = NOTHING_ASKED,
) -> Network:
    """Return what chains are walked on; `possible` adds the links that may be offered."""
    if appraised_evidence(review_id, judged):
        network = read_network(session, review_id, judged)
    else:
        network = read_once(session, review_id, read_network)
    if not possible:
        return network
    offers = read_offers(session, review_id, network.standing, network.slots, network.links)
    return replace(network, offers=offers)


def read_network(
    session: Session, review_id: int, judged: AppraisalConditions = NOTHING_ASKED
) -> Network:
    """Read everything that stands in a review, and its asserted links as edges.

    With `judged` only configurations with such evidence stand, and only it supports them.
    """
    said = appraised_evidence(review_id, judged)
    tree = concept_tree(session, review_id)
    standing = read_standing(session, review_id, [evidenced(review_id, said)] if said else [])
    slots = read_slots(session, review_id, tree)
    links = [
        link
        for link in read_links(session, review_id)
        if standing.walked_as(link.start) and standing.walked_as(link.end)
    ]
    edges = lift(links, standing, slots)
    support, origins = _read_support(session, review_id, standing, said)
    return Network(
        tree=tree,
        standing=standing,
        slots=slots,
        links=links,
        support=support,
        origins=origins,
        asserted=_by(edges, "start"),
        asserted_to=_by(edges, "end"),
        by_concept=_by_concept(slots, standing),
        judged=judged,
    )


def _by_concept(slots: Slots, standing: Standing) -> dict[int, list[Slot]]:
    found: dict[int, list[Slot]] = defaultdict(list)
    for number, elements in slots.of.items():
        if number in standing.walked_as(number):
            for slot in elements.values():
                if slot.concept is not None:
                    found[slot.concept].append(slot)
    return dict(found)


def _by(edges: Iterable[Edge], end: str) -> dict[int, list[Edge]]:
    found: dict[int, list[Edge]] = defaultdict(list)
    for edge in edges:
        found[getattr(edge, end)].append(edge)
    return dict(found)


def _read_support(
    session: Session, review_id: int, standing: Standing, said: Sequence[ColumnElement[bool]]
) -> tuple[dict[int, int], list[int]]:
    """Read the origins that support each configuration, its members' included, as bits."""
    bits: dict[int, int] = {}
    own: dict[int, int] = defaultdict(int)
    for number, origin in read_supporters(session, review_id, said):
        own[number] |= 1 << bits.setdefault(origin, len(bits))
    support: dict[int, int] = {}
    for number, kind in standing.kinds.items():
        if kind != ConfigurationKind.CONSTRUCTED:
            found = own.get(number, 0)
            for member in standing.members.get(number, ()):
                found |= own.get(member, 0)
            if found:
                support[number] = found
    return support, list(bits)
