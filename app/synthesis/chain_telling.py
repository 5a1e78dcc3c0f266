"""Telling what was found: chains with their figures, each configuration and link once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy.orm import Session

from app.library.appraisal.models import Dimension
from app.synthesis.chain_material import Material, read_material
from app.synthesis.chain_parts import Chain, Chains, Joint, Loop, Part, Step, Weakest
from app.synthesis.counting import Figures, reported
from app.synthesis.edges import Edge
from app.synthesis.loops import MOST_LOOPS, Loops, turn_of
from app.synthesis.network import Network
from app.synthesis.paths import MOST_STEPS, Ends, Path
from app.theory.states import Fit
from app.theory.vocabulary import ConfigurationKind

COUNTS = "Counts describe this collection, not the strength of a claim."


@dataclass(frozen=True, slots=True)
class Asked:
    """The question as it was put, and how far the answer goes."""

    start: str | None
    end: str | None
    through: str | None
    possible: bool
    depth: int
    limit: int
    min_support: int
    judged: Mapping[Dimension, Iterable[str]]
    """Levels that the sources of its evidence are to have, by what was judged."""
    begins: Ends
    ends: Ends
    is_limited: bool
    is_capped: bool
    address: str


def tell(
    session: Session,
    review_id: int,
    found: tuple[Network, Sequence[Path], Loops],
    asked: Asked,
) -> Chains:
    """Put an answer into words and figures."""
    network, paths, loops = found
    ways = [*(path.edges for path in paths), *loops.rings]
    edges = dict.fromkeys(edge for way in ways for edge in way)
    nodes = {node for path in paths for node in path.nodes} | {edge.start for edge in edges}
    material = read_material(session, review_id, network, sorted(nodes), edges)
    whole = material.joined({node for path in paths for node in path.nodes})
    figures = material.catalogue.figures(whole)
    return Chains(
        chains=[_chain(path, material, asked) for path in paths],
        configurations=_steps(material, asked),
        links=[_joint(edge, material) for edge in material.order],
        loops=[_loop(ring, material) for ring in loops.rings],
        bearing=list(material.bearing),
        figures=figures,
        is_truncated=asked.is_limited or asked.is_capped or loops.is_capped,
        why=_why(asked, loops),
        caption=_caption(asked, material, len(paths), figures),
    )


def _chain(path: Path, material: Material, asked: Asked) -> Chain:
    network = material.network
    support = [network.support.get(node, 0) for node in path.nodes]
    strengths = [bits.bit_count() for bits in support]
    consecutive = 0
    for (one, other), edge in zip(pairwise(support), path.edges, strict=True):
        consecutive |= 0 if edge.is_refuted else one & other
    at = min(range(len(strengths)), key=lambda i: strengths[i])
    first, last = path.nodes[0], path.nodes[-1]
    numbers, nodes = {link for edge in path.edges for link in edge.links}, set(path.nodes)
    return Chain(
        configurations=list(path.nodes),
        links=[material.order[edge] for edge in path.edges],
        begins_with=list(asked.begins.get(first, ())),
        ends_with=list(asked.ends.get(last, ())),
        weakest=Weakest(path.nodes[at], strengths[at]),
        consecutive=network.named(consecutive),
        whole=network.named(path.witnesses),
        figures=material.catalogue.figures(material.joined(path.nodes)),
        reason_only=sum(material.is_reason_only(edge) for edge in path.edges),
        possible=path.possible,
        refuted=path.refuted,
        opposing=sum(edge.fit is Fit.OPPOSES for edge in path.edges),
        state_open=sum(edge.fit is Fit.OPEN for edge in path.edges),
        bearing=[
            bearing.id
            for bearing in material.bearing
            if nodes.intersection(bearing.configurations) or numbers.intersection(bearing.links)
        ],
    )


def _loop(ring: Sequence[Edge], material: Material) -> Loop:
    return Loop(
        configurations=[edge.start for edge in ring],
        links=[material.order[edge] for edge in ring],
        turn=turn_of(tuple(ring), material.network.slots),
        possible=sum(edge.is_possible for edge in ring),
        refuted=sum(edge.is_refuted for edge in ring),
    )


def _steps(material: Material, asked: Asked) -> list[Step]:
    return [
        Step(
            id=worded.id,
            title=worded.title,
            statement=worded.statement,
            kind=worded.kind,
            is_constructed=worded.kind == ConfigurationKind.CONSTRUCTED,
            elements=[
                Part(part.n, part.role, part.wording, concept, material.label(concept), part.state)
                for part, concept in worded.parts
            ],
            figures=material.catalogue.figures(material.tallies[worded.id]),
            url=f"{asked.address}/{worded.id}",
        )
        for worded in material.worded
    ]


def _joint(edge: Edge, material: Material) -> Joint:
    said, network = material.said_of(edge), material.network
    both = network.support.get(edge.start, 0) & network.support.get(edge.end, 0)
    both = 0 if edge.is_refuted else both
    return Joint(
        n=material.order[edge],
        from_id=edge.start,
        to_id=edge.end,
        from_element_n=edge.out_n or None,
        to_element_n=edge.in_n or None,
        concept_id=edge.concept,
        label=material.label(edge.concept),
        links=list(edge.links),
        is_possible=edge.is_possible,
        was_suggested=edge.was_suggested,
        is_lifted=edge.is_lifted,
        is_refuted=edge.is_refuted,
        is_reason_only=material.is_reason_only(edge),
        is_opposing=edge.fit is Fit.OPPOSES,
        is_state_open=edge.fit is Fit.OPEN,
        supporting=len(said.supporting),
        refuting=len(said.refuting),
        witnesses=network.named(both),
    )


def _why(asked: Asked, loops: Loops) -> str | None:
    """Say what was cut off; None when nothing was."""
    parts = []
    if asked.is_limited:
        parts.append(f"The {asked.limit} best-supported are shown and there are more: raise limit")
    if asked.is_capped:
        parts.append(
            f"The search stopped after {MOST_STEPS:,} beginnings of chains, so others, no better "
            "supported, may be missing: name both ends, or lower depth, or raise min_support"
        )
    if loops.is_capped:
        parts.append(
            f"Loops were looked for until {MOST_LOOPS} were found or the search grew too long; "
            "there may be others"
        )
    return ". ".join(parts) + "." if parts else None


def _caption(asked: Asked, material: Material, chains: int, figures: Figures) -> str:
    ends = [
        f"{word} {_pointed(point, material.labels)}"
        for word, point in (("from", asked.start), ("to", asked.end), ("through", asked.through))
        if point
    ]
    which = "asserted and suggested links" if asked.possible else "asserted links"
    least = f", every step with {many(asked.min_support, 'source')} or more"
    least = least if asked.min_support else ""
    judged = "".join(
        f", evidence of {name} {' or '.join(sorted(levels))} only"
        for name, levels in asked.judged.items()
    )
    cut = " Cut off: not all are shown." if asked.is_limited or asked.is_capped else ""
    return (
        f"{many(chains, 'chain')} {' '.join(ends)}, {which}, up to {many(asked.depth, 'link')}"
        f"{least}{judged}: "
        f"{many(figures.configurations, 'configuration')} from {many(figures.sources, 'source')} "
        f"({reported(figures)})."
        f"{cut} {COUNTS}"
    )


def _pointed(point: str, labels: Mapping[int, str]) -> str:
    """Write one end of a question with the label of its concept."""
    concept, _, state = point.partition(":")
    label = labels[int(concept.strip("K*"))]
    narrower = " with narrower" if concept.endswith("*") else ""
    return f"{concept.rstrip('*')} {label}{narrower}{f' ({state})' if state else ''}"


def many(number: int, one: str, several: str = "") -> str:
    """Write a count with its noun."""
    return f"{number:,} {one if number == 1 else several or one + 's'}"
