"""How the outcome of one configuration becomes the context of the next, step by step.

Asserted links are a person's. Possible ones join in only when asked, and stay told apart.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator
from sqlalchemy.orm import Session

from app.access.models import Review
from app.access.schemas import shaped
from app.coding.tree import Tree
from app.db import Line
from app.library.appraisal.settled import AppraisalConditions, asked_levels, check_levels
from app.synthesis.chain_parts import Chains
from app.synthesis.chain_telling import Asked, tell
from app.synthesis.loops import find_loops
from app.synthesis.network import Network, network_of
from app.synthesis.paths import Ends, Found, Search, best_paths
from app.theory.filters import CONCEPT, STATES, ConceptChoice, concepts_of
from app.theory.models import Element
from app.theory.slots import WORKING_ROLES, Slots
from app.theory.vocabulary import Role, State

POINT = rf"{CONCEPT.pattern}(:({STATES}))?"
Point = Annotated[
    Line,
    shaped(POINT, "name a concept, and its state if it matters: K5, K5*, K5:increased"),
    Field(json_schema_extra={"pattern": f"^{POINT}$"}),
]
"""`K5`, `K5*` with narrower concepts, `K5:increased` in one state only."""

_element = Element.__table__.c


class ChainWish(AppraisalConditions):
    """Which chains are wanted: from a concept, to one, or both."""

    model_config = ConfigDict(populate_by_name=True)

    start: Point | None = Field(None, alias="from")
    """What the first configuration names in any role but outcome: `K5`, `K5*`, `K5:low`."""
    end: Point | None = Field(None, alias="to")
    """An outcome of the last configuration: `K7`, `K7*`, `K7:increased`."""
    through: ConceptChoice | None = None
    """A mechanism (resource and response included) of some configuration on the way."""
    possible: bool = False
    """Go along possible links too, which the program suggests and nobody accepted."""
    depth: Annotated[int, Field(ge=1, le=10)] = 6
    """The most links a chain may have."""
    limit: Annotated[int, Field(ge=1, le=500)] = 20
    min_support: Annotated[int, Field(ge=0, le=1000)] = 0
    """Distinct supporting sources that every configuration must have."""

    @model_validator(mode="after")
    def names_an_end(self) -> Self:
        """Refuse a question without an end: every chain there is would be no answer."""
        if not (self.start or self.end):
            raise ValueError("say where chains start (from) or end (to), e.g. from=K5 or to=K7*")
        return self


@dataclass(frozen=True, slots=True)
class Aim:
    """One end of a question, understood."""

    concepts: frozenset[int]
    """Surviving ones."""
    state: State | None


def understand_point(point: str, tree: Tree) -> Aim:
    """Read one end of a question; 422 when the review has no such concept."""
    concept, _, state = point.partition(":")
    survivors = frozenset(tree.survivor(number) for number in concepts_of(concept, tree))
    return Aim(survivors, State(state) if state else None)


def chains(session: Session, review: Review, wish: ChainWish, base: str = "") -> Chains:
    """Answer a question of chains; `base` starts the links to configurations."""
    check_levels(session, review.id, wish)
    network = network_of(session, review.id, possible=wish.possible, judged=wish)
    tree = network.tree
    start = understand_point(wish.start, tree) if wish.start else None
    end = understand_point(wish.end, tree) if wish.end else None
    through = concepts_of(wish.through, tree) if wish.through else None
    begins = _ends(network, start, is_outcome=False)
    ends = _ends(network, end, is_outcome=True)
    search = Search(
        starts=begins if start else ends,
        goals=ends if start and end else None,
        depth=wish.depth,
        limit=wish.limit,
        min_support=wish.min_support,
        through=_working(network.slots, through) if through is not None else None,
        is_backward=start is None,
    )
    found = best_paths(network, search)
    paths = found.paths
    if search.is_backward:
        paths = [path._replace(nodes=path.nodes[::-1], edges=path.edges[::-1]) for path in paths]
    touched = frozenset(node for path in paths for node in path.nodes)
    loops = find_loops(network, touched, search.depth)
    address = f"{base}/api/v1/reviews/{review.slug}/configurations"
    asked = _asked(wish, (begins, ends), found, address)
    return tell(session, review.id, (network, paths, loops), asked)


def _asked(wish: ChainWish, ends: tuple[Ends, Ends], found: Found, address: str) -> Asked:
    return Asked(
        start=wish.start,
        end=wish.end,
        through=wish.through,
        possible=wish.possible,
        depth=wish.depth,
        limit=wish.limit,
        min_support=wish.min_support,
        judged=asked_levels(wish),
        begins=ends[0],
        ends=ends[1],
        is_limited=found.is_limited,
        is_capped=found.is_capped,
        address=address,
    )


def _ends(network: Network, aim: Aim | None, *, is_outcome: bool) -> Ends:
    """Return the elements that fit an end, by configuration, of what may stand on a chain."""
    if aim is None:
        return {}
    found: dict[int, list[int]] = defaultdict(list)
    for concept in aim.concepts:
        for slot in network.by_concept.get(concept, ()):
            if aim.state in {None, slot.state} and (slot.role == Role.OUTCOME) == is_outcome:
                found[slot.configuration].append(slot.n)
    return {number: sorted(found[number]) for number in sorted(found)}


def _working(slots: Slots, concepts: Iterable[int]) -> frozenset[int]:
    chosen = frozenset(concepts)
    return frozenset(
        number
        for number, elements in slots.of.items()
        if any(s.role in WORKING_ROLES and s.concept in chosen for s in elements.values())
    )
