"""Possible links that nobody asserted or refused yet: what could join up, and why it could."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Annotated

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.models import Review
from app.coding.models import Concept
from app.coding.tree import Tree
from app.db import Id, Line, Schema
from app.errors import FieldProblem, InvalidError
from app.synthesis.edges import Edge
from app.synthesis.network import Network, network_of
from app.theory.filters import ConceptChoice, concepts_of
from app.theory.states import Fit

Place = tuple[int, int, int, int]


class SuggestionWish(Schema):
    """Which possible links are wanted; all conditions must hold."""

    configuration_id: Id | None = None
    """Either end."""
    concept: ConceptChoice | None = None
    """The concept shared: `K5`, `K5*` with narrower ones."""
    limit: Annotated[int, Field(ge=1, le=500)] = 50
    after: Annotated[Line, Field(pattern=r"^\d{1,9}(\.\d{1,9}){3}$")] | None = None
    """Where the page before ended: its `next`."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A link that is possible: no evidence, and no link until a person accepts it."""

    from_id: int
    from_element_n: int
    to_id: int
    to_element_n: int
    concept_id: int
    label: str
    from_state: str
    to_state: str
    is_state_open: bool
    """One of the states is mixed or not stated, so nobody knows whether they fit."""
    why: str
    witnesses: list[int]
    """Sources that support both configurations."""


@dataclass(frozen=True, slots=True)
class Suggestions:
    """One page of possible links; `next` is what to send as `after`."""

    items: list[Suggestion]
    next: str | None


def suggestions(session: Session, review: Review, wish: SuggestionWish) -> Suggestions:
    """List possible links in the order of their ends, a page at a time."""
    network = network_of(session, review.id, possible=True)
    concepts = _survivors(wish.concept, network.tree) if wish.concept else None
    after = _place(wish.after) if wish.after else (0, 0, 0, 0)
    fitting = (
        edge
        for edge in _edges(network, wish.configuration_id, after[0])
        if _ends(edge) > after and (concepts is None or edge.concept in concepts)
    )
    found = list(islice(fitting, wish.limit + 1))
    shown = found[: wish.limit]
    rows = session.execute(
        select(Concept.id, Concept.label).where(
            Concept.review_id == review.id, Concept.id.in_({edge.concept for edge in shown})
        )
    )
    labels = {row[0]: row[1] for row in rows}
    following = ".".join(map(str, _ends(shown[-1]))) if len(found) > wish.limit else None
    return Suggestions([_suggestion(edge, network, labels) for edge in shown], following)


def _survivors(choice: str, tree: Tree) -> frozenset[int]:
    return frozenset(tree.survivor(number) for number in concepts_of(choice, tree))


def _place(text: str) -> Place:
    start, out_n, end, in_n = (int(part) for part in text.split("."))
    return start, out_n, end, in_n


def _ends(edge: Edge) -> Place:
    return edge.start, edge.out_n, edge.end, edge.in_n


def _edges(network: Network, number: int | None, first: int) -> Iterator[Edge]:
    """Yield possible edges in the order of their ends, from a starting configuration on."""
    if network.offers is None:
        return
    if number is not None and number not in network.standing.kinds:
        message = f"there is no C{number} in this review, or it is retired"
        raise InvalidError(
            f"configuration_id: {message}", fields=[FieldProblem("configuration_id", message)]
        )
    if number is not None:
        edges = [*network.offers.after(number), *network.offers.before(number)]
        yield from sorted(edges, key=_ends)
        return
    for start in sorted(network.standing.counted):
        if start >= first:
            yield from sorted(network.offers.after(start), key=_ends)


def _suggestion(edge: Edge, network: Network, labels: dict[int, str]) -> Suggestion:
    concept = edge.concept or 0
    left = network.slots.of[edge.start][edge.out_n]
    entered = network.slots.of[edge.end][edge.in_n]
    both = network.support.get(edge.start, 0) & network.support.get(edge.end, 0)
    is_open = edge.fit is Fit.OPEN
    states = "a state is open" if is_open else f"{left.state} goes with {entered.state}"
    return Suggestion(
        from_id=edge.start,
        from_element_n=edge.out_n,
        to_id=edge.end,
        to_element_n=edge.in_n,
        concept_id=concept,
        label=labels[concept],
        from_state=left.state,
        to_state=entered.state,
        is_state_open=is_open,
        why=f"{labels[concept]}: outcome of C{edge.start}, {entered.role} of C{edge.end}; {states}",
        witnesses=network.named(both),
    )
