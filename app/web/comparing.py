"""Configurations side by side: what they share, and what one standing for all would hold."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.coding.tree import Tree
from app.db import search_key
from app.theory.vocabulary import Role, State

Key = tuple[str, int | str]
"""Role, and concept as its survivor, or folded wording where none is coded."""
Summary = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Compared:
    """One element of one configuration, and in how many of those compared the same stands."""

    element: Summary
    shared_by: int
    elsewhere: list[int]
    """Configurations in which its concept stands in another role."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """An element that a configuration standing for all could have; a person chooses."""

    role: Role
    concept_id: int | None
    wordings: list[str]
    """Those of the members, the most frequent first."""
    state: State
    """What all members say, else not stated."""
    states: list[str]
    shared_by: int
    is_likely: bool


def _key(element: Summary, tree: Tree) -> Key:
    concept = element["concept_id"]
    return element["role"], tree.survivor(concept) if concept else search_key(element["wording"])


def side_by_side(items: Sequence[Summary], tree: Tree) -> dict[Role, list[list[Compared]]]:
    """Return by role, in the order of roles, the elements of each configuration."""
    having: dict[Key, set[int]] = defaultdict(set)
    roles_of: dict[int, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for item in items:
        for element in item["elements"]:
            key = _key(element, tree)
            having[key].add(item["id"])
            if isinstance(key[1], int):
                roles_of[key[1]][item["id"]].add(key[0])

    def compared(element: Summary) -> Compared:
        role, what = _key(element, tree)
        others = roles_of[what] if isinstance(what, int) else {}
        elsewhere = [number for number, roles in others.items() if roles - {role}]
        return Compared(element, len(having[role, what]), sorted(elsewhere))

    return {
        role: [[compared(e) for e in item["elements"] if e["role"] == role] for item in items]
        for role in Role
        if any(e["role"] == role for item in items for e in item["elements"])
    }


def proposals(items: Sequence[Summary], tree: Tree) -> list[Proposal]:
    """Return what one configuration standing for all could hold, likely elements first by role."""
    elements: dict[Key, list[Summary]] = defaultdict(list)
    having: dict[Key, set[int]] = defaultdict(set)
    for item in items:
        for element in item["elements"]:
            elements[_key(element, tree)].append(element)
            having[_key(element, tree)].add(item["id"])
    made = [_proposal(key, some, len(having[key]), len(items)) for key, some in elements.items()]
    order = list(Role)
    return sorted(made, key=lambda made: (order.index(made.role), -made.shared_by))


def _proposal(key: Key, elements: Sequence[Summary], shared_by: int, of: int) -> Proposal:
    role, what = key
    states = list(dict.fromkeys(str(element["state"]) for element in elements))
    wordings = Counter(str(element["wording"]) for element in elements)
    return Proposal(
        role=Role(role),
        concept_id=what if isinstance(what, int) else None,
        wordings=[wording for wording, _ in wordings.most_common()],
        state=State(states[0]) if len(states) == 1 else State.NOT_STATED,
        states=states,
        shared_by=shared_by,
        is_likely=shared_by * 2 > of,
    )
