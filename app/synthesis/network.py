"""Configurations and what feeds what, as chains are walked: in memory, from a few flat reads.

Constructed configurations may lie on the way and have no witnesses.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from app.coding.tree import Tree
from app.library.appraisal.settled import AppraisalConditions
from app.synthesis.counting import read_supporters
from app.synthesis.edges import Edge, lift, read_links
from app.synthesis.offers import Offers, read_offers
from app.synthesis.standing import Standing, read_standing
from app.theory.filters import appraised_evidence, evidenced
from app.theory.slots import Slots, read_slots
from app.theory.vocabulary import ConfigurationKind

NOTHING_ASKED = AppraisalConditions()


@dataclass(slots=True)
class Network:
    """What chains are walked on."""

    standing: Standing
    slots: Slots
    support: Mapping[int, int] = field(default_factory=dict)
    """Distinct supporting origins, each a bit."""
    origins: Sequence[int] = ()
    """The source that each bit stands for, the lowest first."""
    asserted: Mapping[int, Sequence[Edge]] = field(default_factory=dict)
    """By start."""
    asserted_to: Mapping[int, Sequence[Edge]] = field(default_factory=dict)
    """By end."""
    judged: AppraisalConditions = field(default_factory=AppraisalConditions)
    """What is to be judged of evidence for it to count, where that is asked."""
    offers: Offers | None = None
    """Possible links, where they are asked for."""

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


def read_network(
    session: Session,
    review_id: int,
    tree: Tree,
    *,
    possible: bool,
    beside: Sequence[int] = (),
    judged: AppraisalConditions = NOTHING_ASKED,
) -> Network:
    """Read asserted links, and what possible ones are found in; `beside` adds configurations.

    With `judged` only configurations with such evidence stand, and only it supports them.
    """
    said = appraised_evidence(review_id, judged)
    standing = read_standing(session, review_id, [evidenced(review_id, said)] if said else [])
    links = [
        link
        for link in read_links(session, review_id)
        if standing.walked_as(link.start) and standing.walked_as(link.end)
    ]
    ends = {end for link in links for end in (link.start, link.end)}
    walked = {w for end in ends | set(beside) for w in standing.walked_as(end)}
    ids = None if possible else sorted(ends | walked)
    slots = read_slots(session, review_id, tree, ids)
    network = Network(standing, slots, judged=judged)
    edges = lift(links, standing, slots)
    network.asserted = _by(edges, "start")
    network.asserted_to = _by(edges, "end")
    if possible:
        network.offers = read_offers(session, review_id, standing, slots, links)
        walked.update(standing.counted)
    _add_support(session, review_id, network, walked, said)
    return network


def _by(edges: Iterable[Edge], end: str) -> dict[int, list[Edge]]:
    found: dict[int, list[Edge]] = defaultdict(list)
    for edge in edges:
        found[getattr(edge, end)].append(edge)
    return found


def _add_support(
    session: Session,
    review_id: int,
    network: Network,
    walked: Iterable[int],
    said: Sequence[ColumnElement[bool]],
) -> None:
    """Read the origins that support each configuration, its members' included."""
    standing = network.standing
    numbers = [n for n in walked if standing.kinds[n] != ConfigurationKind.CONSTRUCTED]
    bits: dict[int, int] = {}
    support: dict[int, int] = defaultdict(int)
    supporters = read_supporters(session, review_id, standing.with_members(numbers), said)
    for number, origin in supporters:
        if origin not in bits:
            bits[origin] = 1 << len(bits)
        support[number] |= bits[origin]
    for number in numbers:
        for member in standing.members.get(number, ()):
            support[number] |= support.get(member, 0)
    network.support = {number: support[number] for number in numbers if number in support}
    network.origins = list(bits)
