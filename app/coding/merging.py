"""Merging concepts: one is counted under another, nothing moves, and it can be taken back."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.coding.models import Concept
from app.coding.schemas import MergeWish
from app.coding.tree import Node, Tree, concept_tree
from app.db import search_key
from app.errors import ConflictError, CycleError, MergeWarningError, UndoConflictError
from app.history.references import require_present
from app.history.undoing import AFTER_UNDO


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which two concepts disagree that are to be merged, or one put below the other."""

    field: str
    concept: str
    into: str


def merge_concept(session: Session, concept: Concept, wish: MergeWish) -> Concept:
    """Count a concept under the survivor of another from now on; return the survivor.

    Raises `CycleError`, `ConflictError` when it is merged already, and `MergeWarningError` across
    referents or levels unless the wish goes on despite warnings.
    """
    survivor = require_mergeable(session, concept, wish.into_id)
    if not wish.despite_warnings:
        warn_across(concept, survivor, "merge them")
    concept.merged_into_id = survivor.id
    concept.version += 1
    session.flush()
    return survivor


def require_mergeable(session: Session, concept: Concept, into_id: int) -> Concept:
    """Return the survivor a concept would be counted under; refuse what cannot be merged."""
    require_present(session, Concept, concept.review_id, [("into_id", into_id)])
    if concept.merged_into_id is not None:
        raise ConflictError(
            f"K{concept.id} is merged into K{concept.merged_into_id} already; unmerge it first."
        )
    tree = concept_tree(session, concept.review_id)
    number = tree.survivor(into_id)
    _require_apart(session, concept, into_id, tree)
    require_no_cycle(session, concept, Node(concept.id, concept.parent_id, number))
    return session.get_one(Concept, (concept.review_id, number))


def _require_apart(session: Session, concept: Concept, into_id: int, tree: Tree) -> None:
    """Raise `CycleError` where one concept is the other already, or stands below it."""
    path = tree.path(into_id)
    if concept.id not in path:
        return
    if into_id == concept.id:
        said = f"K{into_id} cannot be merged into itself."
    elif path[-1] == concept.id:
        said = f"K{into_id} is merged into K{concept.id} already; unmerge it first."
    else:
        below = path[path.index(concept.id) + 1]
        broader = session.get_one(Concept, (concept.review_id, below)).parent_id
        since = f", since K{broader} is merged into it" if broader != concept.id else ""
        way_out = f"unmerge K{broader}, or move" if since else "move"
        said = f"K{below} is below K{concept.id}{since}; {way_out} K{below} elsewhere first."
    raise CycleError(said, extra={"chain": path[path.index(concept.id) :]})


def unmerge_concept(session: Session, concept: Concept) -> Concept:
    """Count a concept under itself again, with everything that was merged into it."""
    if concept.merged_into_id is None:
        raise ConflictError(f"K{concept.id} is not merged into another concept.")
    require_no_cycle(session, concept, Node(concept.id, concept.parent_id, None))
    concept.merged_into_id = None
    concept.version += 1
    session.flush()
    return concept


def require_no_cycle(session: Session, concept: Concept, node: Node) -> None:
    """Raise `CycleError` (422) naming the chain if a concept put like `node` would close a ring."""
    before = concept_tree(session, concept.review_id)
    after = concept_tree(session, concept.review_id, {concept.id: node})
    rings = after.cycles - before.cycles
    if node.parent_id == concept.id:
        rings |= {(concept.id,)}
    if rings:
        ring = min(rings)
        chain = " → ".join(f"K{number}" for number in (*ring, ring[0]))
        raise CycleError(
            f"K{ring[0]} would be its own ancestor: {chain}. Move one of them elsewhere first.",
            extra={"chain": list(ring)},
        )


def _refuse_rings(session: Session, review_id: int) -> None:
    """Refuse to take back what would make concepts each other's ancestors."""
    rings = concept_tree(session, review_id).cycles
    if rings:
        names = ", ".join(f"K{number}" for number in min(rings))
        raise UndoConflictError(
            f"Taking this back would make {names} broader than themselves; move one of them first."
        )


AFTER_UNDO.append(_refuse_rings)


def differences_of(concept: Concept, survivor: Concept) -> list[Difference]:
    """Return the referents or levels in which two concepts disagree, where both say one."""
    found = []
    for field in ("referent", "level"):
        mine, theirs = getattr(concept, field), getattr(survivor, field)
        if mine and theirs and search_key(mine) != search_key(theirs):
            found.append(Difference(field, str(mine), str(theirs)))
    return found


def warn_across(concept: Concept, survivor: Concept, doing: str) -> None:
    """Raise `MergeWarningError` where two concepts disagree in referent or level."""
    differences = differences_of(concept, survivor)
    if differences:
        told = "; ".join(f"{d.field} {d.concept} and {d.into}" for d in differences)
        raise MergeWarningError(
            f"K{concept.id} and K{survivor.id} differ: {told}. "
            f"Send despite_warnings to {doing} nevertheless.",
            extra={
                "warnings": [
                    {"field": d.field, "concept": d.concept, "into": d.into} for d in differences
                ]
            },
        )
