"""Concepts that may be nearly the same, each pair with what speaks for it; suggestions, no more.

A pair is suggested when a name of one, its label or an alias, reads like a name of the other, or
when the two stand beside the same concepts in the same roles and never in one configuration. It is
not when both name a referent and these differ, when one is broader than the other, or when a
person told the two apart.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.models import Review
from app.coding.apart import Pair, pair_of, read_apart
from app.coding.models import Concept, ConceptAlias
from app.db import NEXT_PAGE, Id, Page, PageWish, search_key
from app.synthesis.columns import Columns, columns_of
from app.synthesis.company import Slots, shared_company
from app.synthesis.shelf import read_once

LEAST_ALIKE = 84
"""Of names, by rapidfuzz's ratio of words sorted, 0 to 100."""
LEAST_SHARED, LEAST_SHARE = 3, 0.5
"""Neighbours two concepts have in common, and of all that either has."""
MOST_SHARING = 40
"""A neighbour that more concepts have says nothing."""
BYTES_EACH = 600


class AlikeWish(PageWish):
    """Which suggestions are wanted; `after` says how many of them to pass over."""

    concept_id: Id | None = None
    """Only what may be the same as this one."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Two concepts that may be the same, and what speaks for it."""

    lower_id: int
    lower_label: str
    lower_referent: str | None
    lower_configurations: int
    higher_id: int
    higher_label: str
    higher_referent: str | None
    higher_configurations: int
    score: int
    """0 to 100, to order by; no measure of truth."""
    why: list[str]


@dataclass(frozen=True, slots=True)
class Found:
    """Every pair that may be one concept, best first."""

    pairs: list[Alike]

    @property
    def size(self) -> int:
        """About how many bytes it takes."""
        return BYTES_EACH * (len(self.pairs) + 1)


def alike(session: Session, review: Review, wish: AlikeWish) -> Page[Alike]:
    """List pairs of concepts that may be nearly the same, best first."""
    found = read_once(session, review.id, read_alike).pairs
    fitting = [
        pair
        for pair in found
        if wish.concept_id is None or wish.concept_id in (pair.lower_id, pair.higher_id)
    ]
    end = wish.after + wish.limit
    following = end if len(fitting) > end else None
    session.info[NEXT_PAGE] = following
    total = len(fitting) if wish.count else None
    return Page(items=fitting[wish.after : end], next=following, total=total)


def read_alike(session: Session, review_id: int) -> Found:
    """Compare all standing concepts of a review with each other."""
    columns = columns_of(session, review_id)
    names = _names(session, review_id, columns)
    slots = _slots(columns)
    used = _used(slots)
    reasons: dict[Pair, list[tuple[int, str]]] = defaultdict(list)
    for pair, score, why in (*_by_name(names), *_by_company(slots, columns)):
        reasons[pair].append((score, why))
    refused = read_apart(session, review_id)
    pairs = [
        _told(columns, used, pair, told)
        for pair, told in reasons.items()
        if pair not in refused and _may_be_one(columns, pair)
    ]
    pairs.sort(key=lambda pair: (-pair.score, pair.lower_id, pair.higher_id))
    return Found(pairs)


def _names(session: Session, review_id: int, columns: Columns) -> list[tuple[str, int]]:
    """Return the folded labels and aliases of the concepts that stand, with their numbers."""
    rows = session.execute(
        select(Concept.id, Concept.label).where(
            Concept.review_id == review_id,
            Concept.merged_into_id.is_(None),
            Concept.is_retired.is_(False),
        )
    ).all()
    standing = {row[0] for row in rows}
    aliases = session.execute(
        select(ConceptAlias.concept_id, ConceptAlias.label_key).where(
            ConceptAlias.review_id == review_id
        )
    )
    named = {(search_key(label), number) for number, label in rows}
    named |= {
        (key, survivor)
        for number, key in aliases
        if (survivor := columns.tree.survivor(number)) in standing
    }
    return sorted(named, key=lambda name: (name[1], name[0]))


def _by_name(named: list[tuple[str, int]]) -> Iterable[tuple[Pair, int, str]]:
    names = [name for name, _ in named]
    scores = process.cdist(names, names, scorer=fuzz.token_sort_ratio, score_cutoff=LEAST_ALIKE)
    best: dict[Pair, tuple[int, str]] = {}
    for i, j in np.argwhere(np.triu(scores, 1)).tolist():
        if named[i][1] == named[j][1]:
            continue
        score = round(float(scores[i][j]))
        same = names[i] == names[j]
        why = f"both are called “{names[i]}”" if same else f"“{names[i]}” reads like “{names[j]}”"
        pair = pair_of(named[i][1], named[j][1])
        best[pair] = max(best.get(pair, (0, "")), (score, why))
    return [(pair, *told) for pair, told in best.items()]


def _slots(columns: Columns) -> Slots:
    is_coded = columns.concept > 0
    numbers, which = np.unique(columns.concept[is_coded], return_inverse=True)
    standing = np.array([columns.tree.survivor(number) for number in numbers.tolist()], np.int64)
    return Slots(columns.element_of[is_coded], columns.role[is_coded], standing[which])


def _used(slots: Slots) -> Mapping[int, int]:
    """Return in how many configurations each concept stands."""
    once = np.unique(np.stack([slots.of, slots.concept]), axis=1)
    numbers, counts = np.unique(once[1], return_counts=True)
    return dict(zip(numbers.tolist(), counts.tolist(), strict=True))


def _by_company(slots: Slots, columns: Columns) -> Iterable[tuple[Pair, int, str]]:
    for pair, common, share in shared_company(slots, LEAST_SHARED, MOST_SHARING):
        if share < LEAST_SHARE:
            continue
        labels = sorted(columns.concepts[concept].label for concept in common)
        told = ", ".join(labels[:LEAST_SHARED])
        more = len(labels) - LEAST_SHARED
        words = f"they stand in the same roles beside {told}{f' and {more} more' if more else ''}"
        yield pair, round(60 + 30 * share), words


def _may_be_one(columns: Columns, pair: Pair) -> bool:
    """Say whether nothing speaks against it: a broader one, or another referent."""
    one, other = pair
    if one in columns.tree.path(other) or other in columns.tree.path(one):
        return False
    referents = [columns.concepts[number].referent for number in pair]
    return not all(referents) or len({search_key(str(said)) for said in referents}) == 1


def _told(
    columns: Columns, used: Mapping[int, int], pair: Pair, reasons: list[tuple[int, str]]
) -> Alike:
    lower, higher = (columns.concepts[number] for number in pair)
    best = max(score for score, _ in reasons)
    return Alike(
        lower_id=pair[0],
        lower_label=lower.label,
        lower_referent=lower.referent,
        lower_configurations=used.get(pair[0], 0),
        higher_id=pair[1],
        higher_label=higher.label,
        higher_referent=higher.referent,
        higher_configurations=used.get(pair[1], 0),
        score=min(100, best + 5 * (len(reasons) - 1)),
        why=[why for _, why in sorted(reasons, reverse=True)],
    )
