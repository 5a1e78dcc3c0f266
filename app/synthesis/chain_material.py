"""What telling an answer about chains takes, read once for all chains in it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, String, and_, select, type_coerce
from sqlalchemy.orm import Session

from app.coding.models import Concept
from app.coding.tree import Tree
from app.library.appraisal.settled import AppraisalConditions, source_conditions
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
from app.theory.filters import appraised_evidence
from app.theory.link_models import LinkEvidence
from app.theory.models import Configuration, Element
from app.theory.origins import origin
from app.theory.vocabulary import ConfigurationKind, Role
from app.theory.wording import Words, if_then_because

_said = LinkEvidence.__table__.c
_element, _configuration = Element.__table__.c, Configuration.__table__.c
_PART = (
    _element.configuration_id,
    _element.n,
    type_coerce(_element.role, String).label("role"),
    _element.wording,
    _element.any_of,
    _element.concept_id,
    type_coerce(_element.state, String).label("state"),
)
_WHOLE = (
    _configuration.id,
    _configuration.title,
    _configuration.statement,
    type_coerce(_configuration.kind, String).label("kind"),
)


@dataclass(frozen=True, slots=True)
class Worded:
    """A configuration in words; of each element the surviving concept."""

    id: int
    title: str | None
    statement: str
    kind: str
    parts: Sequence[tuple[Row[Any], int | None]]


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
    worded: Sequence[Worded]
    """The configurations of the answer, by number."""

    def label(self, concept: int | None) -> str | None:
        """Return the label of a concept."""
        return self.labels[concept] if concept else None

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
    session: Session,
    review_id: int,
    network: Network,
    nodes: Sequence[int],
    edges: Iterable[Edge],
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
        said=_read_said(session, review_id, links, network.judged),
        labels={row[0]: row[1] for row in concepts.all()},
        order=order,
        worded=_read_worded(session, review_id, network.tree, nodes),
    )


def _tallies(
    session: Session, review_id: int, network: Network, nodes: Sequence[int]
) -> dict[int, Tally]:
    standing = network.standing
    real = [n for n in nodes if standing.kinds[n] != ConfigurationKind.CONSTRUCTED]
    said = appraised_evidence(review_id, network.judged)
    witnesses = read_witnesses(session, review_id, standing.with_members(real), said)
    tallies = {node: Tally(configurations={node}) for node in nodes}
    for node in real:
        for number in (node, *standing.members.get(node, ())):
            tallies[node].add(witnesses.get(number, ()))
    return tallies


def _read_said(
    session: Session, review_id: int, links: Sequence[int], judged: AppraisalConditions
) -> dict[int, Tally]:
    source = origin(_said)
    rows = session.execute(
        select(
            _said.link_id,
            _said.n,
            source,
            _said.cited_source_id.is_not(None),
            type_coerce(_said.stance, String),
        ).where(
            _said.review_id == review_id,
            *among(_said.link_id, links),
            *source_conditions(review_id, source, judged),
        )
    )
    found: dict[int, Tally] = defaultdict(Tally)
    for row in rows.all():
        found[row[0]].add((Witness._make(row),))
    return dict(found)


def _read_worded(
    session: Session, review_id: int, tree: Tree, nodes: Sequence[int]
) -> list[Worded]:
    rows = session.execute(
        select(*_WHOLE, *_PART)
        .select_from(
            Configuration.__table__.outerjoin(
                Element.__table__,
                and_(
                    _element.review_id == _configuration.review_id,
                    _element.configuration_id == _configuration.id,
                ),
            )
        )
        .where(_configuration.review_id == review_id, *among(_configuration.id, nodes))
        .order_by(_configuration.id, _element.position, _element.n)
    )
    parts: dict[int, list[Row[Any]]] = {}
    wholes: dict[int, Row[Any]] = {}
    for row in rows.all():
        wholes[row.id] = row
        parts.setdefault(row.id, []).extend([row] if row.n is not None else [])
    return [
        Worded(
            number,
            row.title,
            row.statement
            or if_then_because([Words(Role(p.role), p.wording, p.any_of) for p in parts[number]]),
            row.kind,
            [(part, part.concept_id and tree.survivor(part.concept_id)) for part in parts[number]],
        )
        for number, row in wholes.items()
    ]
