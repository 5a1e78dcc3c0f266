"""What telling an answer about chains takes, read once for all chains in it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import String, func, select, type_coerce
from sqlalchemy.orm import Session

from app.coding.models import Concept
from app.synthesis.bearing import Bearing, read_bearing
from app.synthesis.counting import (
    Catalogue,
    Tally,
    Witness,
    among,
    read_catalogue,
    read_witnesses,
)
from app.synthesis.edges import Edge
from app.synthesis.network import Network
from app.theory.link_models import LinkEvidence
from app.theory.vocabulary import ConfigurationKind

_said = LinkEvidence.__table__.c


@dataclass(frozen=True, slots=True)
class Material:
    """Everything read to tell an answer."""

    network: Network
    tallies: Mapping[int, Tally]
    catalogue: Catalogue
    bearing: Sequence[Bearing]
    said: Mapping[int, Tally]
    """The evidence of each link that has some."""
    labels: Mapping[int, str]
    """Of all concepts."""
    order: Mapping[Edge, int]
    """The edges of the answer, numbered from 1."""

    def joined(self, nodes: Iterable[int]) -> Tally:
        """Count over several configurations, each source once."""
        whole = Tally()
        for node in nodes:
            whole.join(self.tallies[node])
        return whole

    def said_of(self, edge: Edge) -> Tally:
        """Count the evidence of the links behind an edge."""
        whole = Tally()
        for link in edge.links:
            whole.join(self.said.get(link, Tally()))
        return whole

    def is_reason_only(self, edge: Edge) -> bool:
        """Say whether an asserted edge rests on a reason and no evidence."""
        return not edge.is_possible and self.said.keys().isdisjoint(edge.links)


def read_material(
    session: Session, review_id: int, network: Network, nodes: Sequence[int], edges: Iterable[Edge]
) -> Material:
    """Read what is known of the configurations and edges of an answer, in six flat queries."""
    order = {edge: n for n, edge in enumerate(edges, 1)}
    links = sorted({link for edge in order for link in edge.links})
    concepts = session.execute(
        select(Concept.id, Concept.label).where(Concept.review_id == review_id)
    )
    return Material(
        network=network,
        tallies=_tallies(session, review_id, network, nodes),
        catalogue=read_catalogue(session, review_id),
        bearing=read_bearing(session, review_id, network.standing, nodes, links),
        said=_read_said(session, review_id, links),
        labels={row[0]: row[1] for row in concepts.all()},
        order=order,
    )


def _tallies(
    session: Session, review_id: int, network: Network, nodes: Sequence[int]
) -> dict[int, Tally]:
    standing = network.standing
    real = [n for n in nodes if standing.kinds[n] != ConfigurationKind.CONSTRUCTED]
    witnesses = read_witnesses(session, review_id, standing.with_members(real))
    tallies = {node: Tally(configurations={node}) for node in nodes}
    for node in real:
        for number in (node, *standing.members.get(node, ())):
            tallies[node].add(witnesses.get(number, ()))
    return tallies


def _read_said(session: Session, review_id: int, links: Sequence[int]) -> dict[int, Tally]:
    rows = session.execute(
        select(
            _said.link_id,
            _said.n,
            func.coalesce(_said.cited_source_id, _said.source_id),
            _said.cited_source_id.is_not(None),
            type_coerce(_said.stance, String),
        ).where(_said.review_id == review_id, *among(_said.link_id, links))
    )
    found: dict[int, Tally] = defaultdict(Tally)
    for row in rows.all():
        found[row[0]].add((Witness._make(row),))
    return dict(found)
