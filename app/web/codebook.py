"""The codebook as its page shows it: the tree, and what each concept is used for."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.coding.models import Coding, Concept, ConceptAlias
from app.coding.tree import Tree
from app.db import Id, Line, Schema, search_key
from app.synthesis.columns import ROLES, Columns, columns_of
from app.theory.filters import roles_of
from app.theory.vocabulary import Role


class Only(StrEnum):
    """Which concepts of the codebook are shown."""

    UNUSED = "unused"
    ONCE = "once"
    RETIRED = "retired"
    MERGED = "merged"


class CodebookWish(Schema):
    """What of the codebook is shown; `edit` opens one entry to be changed in its place."""

    text: Line | None = None
    only: Only | None = None
    edit: Id | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the codebook; uses are distinct configurations of those that count by default."""

    concept: Concept
    depth: int
    parent: int | None
    has_children: bool
    is_asked_for: bool
    """False where it stands only to show below what others are."""
    uses: dict[Role, int]
    in_all: int
    quotes: int
    merged: list[int]


@dataclass(frozen=True, slots=True)
class Codebook:
    """The entries in the order of the tree, and how many fit each filter."""

    entries: list[Entry]
    roles: list[Role]
    """Roles in which some concept is used."""
    counts: dict[str, int]


def codebook(session: Session, review_id: int, wish: CodebookWish) -> Codebook:
    """Return the codebook along its tree, with uses by role; a handful of queries at any size."""
    columns = columns_of(session, review_id)
    rows = session.scalars(select(Concept).where(Concept.review_id == review_id)).all()
    known = {row.id: row for row in rows}
    uses, in_all = _uses(columns)
    quotes = _quotes(session, review_id, columns.tree)
    kinds = {number: _kinds(row, columns.tree, in_all, quotes) for number, row in known.items()}
    counts = Counter(kind for some in kinds.values() for kind in some)
    shown = _asked_for(session, review_id, wish, known, kinds)
    context = {
        above
        for number in shown
        if known[number].merged_into_id is None
        for above in columns.tree.path(number)
    }

    def place(number: int) -> list[tuple[int, str, int]]:
        path = [*columns.tree.path(number)]
        own = [] if path[-1] == number else [number]
        return [(known[n].position, known[n].label, n) for n in path + own]

    entries = [
        Entry(
            concept=known[number],
            depth=columns.tree.depth(number),
            parent=next(iter(columns.tree.path(number)[-2:-1]), None),
            has_children=any(child in context for child in columns.tree.children(number)),
            is_asked_for=number in shown,
            uses=uses[number],
            in_all=in_all[number],
            quotes=quotes[number],
            merged=sorted(columns.tree.members(number) - {number}),
        )
        for number in sorted(context | shown, key=place)
    ]
    roles = [role for role in Role if any(role in entry.uses for entry in entries)]
    return Codebook(entries, roles, dict(counts))


def _uses(columns: Columns) -> tuple[Mapping[int, dict[Role, int]], Counter[int]]:
    """Count configurations by surviving concept and role, mechanism with its parts, and in all."""
    is_use = (columns.concept > 0) & columns.is_counted[columns.element_of]
    arrays = (columns.element_of, columns.role, columns.concept)
    of, role, concept = (array[is_use] for array in arrays)
    found: dict[int, dict[Role, int]] = defaultdict(dict)
    for one in Role:
        is_role = np.isin(role, [ROLES[its] for its in roles_of(one)])
        for number, many in _distinct(columns.tree, of[is_role], concept[is_role]).items():
            found[number][one] = many
    return found, _distinct(columns.tree, of, concept)


def _distinct(tree: Tree, of: Iterable[int], concepts: Iterable[int]) -> Counter[int]:
    pairs = {(int(o), tree.survivor(int(c))) for o, c in zip(of, concepts, strict=True)}
    return Counter(concept for _, concept in pairs)


def _quotes(session: Session, review_id: int, tree: Tree) -> Counter[int]:
    rows = session.execute(
        select(Coding.concept_id, func.count())
        .where(Coding.review_id == review_id)
        .group_by(Coding.concept_id)
    )
    found: Counter[int] = Counter()
    for number, many in rows:
        found[tree.survivor(number)] += many
    return found


def _kinds(row: Concept, tree: Tree, in_all: Counter[int], quotes: Counter[int]) -> set[str]:
    if row.merged_into_id is not None:
        return {Only.MERGED}
    found = {"all"}
    if row.is_retired:
        found.add(Only.RETIRED)
    elif not in_all[row.id] and not quotes[row.id] and not tree.children(row.id):
        found.add(Only.UNUSED)
    elif in_all[row.id] == 1:
        found.add(Only.ONCE)
    return found


def _asked_for(
    session: Session,
    review_id: int,
    wish: CodebookWish,
    known: Mapping[int, Concept],
    kinds: Mapping[int, set[str]],
) -> set[int]:
    """Return the concepts that fit the words and the filter, merged ones only when asked for."""
    found = {number for number, some in kinds.items() if (wish.only or "all") in some}
    if wish.text is None:
        return found
    key = search_key(wish.text)
    aliases = set(
        session.scalars(
            select(ConceptAlias.concept_id).where(
                ConceptAlias.review_id == review_id,
                ConceptAlias.label_key.contains(key, autoescape=True),
            )
        )
    )
    return {n for n in found if key in known[n].text_key or n in aliases}
