"""Searching a review: from what was typed to a page of hits, best first."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.models import Review
from app.coding.tree import concept_tree
from app.errors import QueryProblemError
from app.fulltext.candidates import matching
from app.fulltext.hits import read_hits
from app.fulltext.models import KINDS, TextKind
from app.fulltext.query import FILTERS, Narrowing, Query, read_query
from app.fulltext.ranking import RANK, Candidate, Judge, Standing
from app.fulltext.schemas import FindWish, KindCount, Named, SearchAnswer
from app.history.reading import root_of

_NAMED = re.compile(r"([A-Z])(\d{1,9})", re.IGNORECASE)
KNOWN = ("title", "author", *FILTERS)
FOLDERS = {
    "S": "sources",
    "D": "documents",
    "Q": "quotes",
    "K": "concepts",
    "M": "memos",
    "C": "configurations",
    "L": "links",
    "T": "theories",
    "W": "searches",
}
"""By kind, where the API has it."""


def find(session: Session, review: Review, wish: FindWish, base: str = "") -> SearchAnswer:
    """Search a review; `base` begins the addresses of what is found.

    Raises `QueryProblemError` naming the place in the query that cannot be read.
    """
    root = f"{base}/api/v1/reviews/{review.slug}"
    named = _named(session, review.id, wish.q, root)
    query = _narrowed(session, review.id, read_query(wish.q))
    rows, cut = matching(session, review.id, query)
    ranked = _one_each(Judge(query).judge_all(rows))
    after = _standing(wish.after) if wish.after else None
    left = [c for c in ranked if after is None or c.standing > after]
    page = left[: wish.limit]
    return SearchAnswer(
        items=read_hits(session, review.id, page, query.terms, root),
        next=str(page[-1].standing) if len(left) > len(page) else None,
        counts=_counts(ranked, cut),
        named=named,
        note=_note(query.unknown),
    )


def _note(unknown: Sequence[str]) -> str | None:
    if not unknown:
        return None
    none, known = (", ".join(f"{name}:" for name in names) for names in (unknown, KNOWN))
    is_one = len(unknown) == 1
    return (
        f"{none} {'is no filter here, and was' if is_one else 'are no filters here, and were'} "
        f"read as {'a word' if is_one else 'words'}. There are {known}."
    )


def _narrowed(session: Session, review_id: int, query: Query) -> Query:
    """Return a query whose concepts are marks: each with those merged with it, or below it."""
    if not query.concepts:
        return query
    tree = concept_tree(session, review_id)
    narrowings = list(query.narrowings)
    for wish in query.concepts:
        if wish.number not in tree:
            raise QueryProblemError(f"There is no concept K{wish.number} in this review.")
        members = tree.subtree(wish.number) if wish.with_narrower else tree.members(wish.number)
        marks = tuple(f"k:{number}" for number in sorted(members))
        narrowings.append(Narrowing(marks, wish.is_excluding))
    return replace(query, narrowings=narrowings)


def _one_each(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return of a long text in several entries only the best one; of documents all passages."""
    document = RANK[TextKind.DOCUMENT.value]
    seen: set[tuple[int, int]] = set()
    kept = []
    for candidate in candidates:
        _, rank, number, _ = candidate.standing
        if rank == document or (rank, number) not in seen:
            seen.add((rank, number))
            kept.append(candidate)
    return kept


def _standing(after: str) -> Standing:
    score, letter, number, part = after.split("-")
    return Standing(-int(score), RANK[letter], int(number), int(part))


def _counts(ranked: Sequence[Candidate], cut: set[TextKind]) -> list[KindCount]:
    many = Counter(candidate.standing.rank for candidate in ranked)
    return [
        KindCount(kind=kind, name=kind.name.lower(), count=many[rank], has_more=kind in cut)
        for rank, kind in enumerate(KINDS)
        if many[rank]
    ]


def _named(session: Session, review_id: int, typed: str, root: str) -> Named | None:
    """Return the thing whose number was typed, if there is one now."""
    found = _NAMED.fullmatch(typed.strip())
    if found is None:
        return None
    kind, number = found[1].upper(), int(found[2])
    model = root_of(kind)
    if model is None or kind not in FOLDERS:
        return None
    columns = model.__table__.columns
    there = select(columns["id"]).where(columns["review_id"] == review_id)
    if session.scalar(there.where(columns["id"] == number)) is None:
        return None
    url = f"{root}/{FOLDERS[kind]}/{number}"
    return Named(thing=f"{kind}{number}", kind=kind, number=number, url=url)
