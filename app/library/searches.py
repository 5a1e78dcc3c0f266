"""Searches: writing them down, and which of them brought which source."""

from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, undefer

from app.access.identity import Member
from app.db import take_numbers
from app.errors import StillInUseError
from app.history.references import require_unused
from app.library.models import Source
from app.library.search_models import Search, SearchFile, SearchHit
from app.library.search_schemas import SearchCreate, SearchFilter, SearchRead, SearchUpdate

SAME = ("kind", "theory_area", "phase")


def select_searches(review_id: int, wish: SearchFilter) -> Select[Search]:
    """Select the searches of a review that fit; the caller orders and pages them."""
    statement = select(Search).where(Search.review_id == review_id)
    for name in SAME:
        value = getattr(wish, name)
        if value is not None:
            statement = statement.where(getattr(Search, name) == value)
    return statement


def select_files(review_id: int, search_id: int) -> Select[SearchFile]:
    """Select the files imported into a search; the caller orders and pages them."""
    here = (SearchFile.review_id == review_id, SearchFile.search_id == search_id)
    return select(SearchFile).where(*here)


def hits_of(session: Session, review_id: int, source_id: int) -> Sequence[SearchHit]:
    """Return the records that a source was, by search, each with its text."""
    here = (SearchHit.review_id == review_id, SearchHit.source_id == source_id)
    order = (SearchHit.search_id, SearchHit.n)
    with_raw = undefer(SearchHit.raw)
    return session.scalars(select(SearchHit).where(*here).order_by(*order).options(with_raw)).all()


def add_search(session: Session, member: Member, wish: SearchCreate) -> Search:
    """Write a search down."""
    search = Search(
        review_id=member.review_id,
        id=take_numbers(session, member.review_id, "W"),
        created_by=member.user.id,
        **wish.model_dump(),
    )
    session.add(search)
    session.flush()
    return search


def change_search(session: Session, search: Search, wish: SearchUpdate) -> Search:
    """Change what the wish sets of a search."""
    for name in wish.model_fields_set:
        setattr(search, name, getattr(wish, name))
    search.version += 1
    session.flush()
    return search


def delete_search(session: Session, search: Search) -> None:
    """Delete a search without files; `StillInUseError` says to undo its imports first."""
    file = session.scalar(select_files(search.review_id, search.id).limit(1))
    if file is not None:
        raise StillInUseError(
            f"W{search.id} brought {file.file_name}; undo its imports first.",
            extra={"used_by": [f"W{search.id}"]},
        )
    require_unused(session, search)
    session.delete(search)
    session.flush()


def described(session: Session, searches: Sequence[Search]) -> list[SearchRead]:
    """Describe searches of one review with what each brought, counted as distinct sources."""
    if not searches:
        return []
    review_id = searches[0].review_id
    numbers = [search.id for search in searches]
    counts, alone = _counts(session, review_id, numbers), _alone(session, review_id)
    return [
        SearchRead.model_validate(
            {name: getattr(search, name) for name in _PLAIN}
            | {"records": counts.get(search.id, (0, 0))[0]}
            | {"sources": counts.get(search.id, (0, 0))[1], "only_here": alone.get(search.id, 0)}
        )
        for search in searches
    ]


_STANDING = func.coalesce(Source.merged_into_id, Source.id)
_IS_HIT = (Source.review_id == SearchHit.review_id) & (Source.id == SearchHit.source_id)
_PLAIN = set(SearchRead.model_fields) - {"records", "sources", "only_here"}


def _counts(session: Session, review_id: int, numbers: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Count records and distinct sources by search; duplicates as what stands for them."""
    counted = (
        select(SearchHit.search_id, func.count(), func.count(_STANDING.distinct()))
        .join(Source, _IS_HIT)
        .where(SearchHit.review_id == review_id, SearchHit.search_id.in_(numbers))
        .group_by(SearchHit.search_id)
    )
    return {number: (records, sources) for number, records, sources in session.execute(counted)}


def _alone(session: Session, review_id: int) -> dict[int, int]:
    """Count, by search, the sources that no other search brought, as that or as a duplicate."""
    single = (
        select(func.min(SearchHit.search_id).label("search_id"))
        .join(Source, _IS_HIT)
        .where(SearchHit.review_id == review_id)
        .group_by(_STANDING)
        .having(func.count(SearchHit.search_id.distinct()) == 1)
        .subquery()
    )
    counted = select(single.c.search_id, func.count()).group_by(single.c.search_id)
    return dict(session.execute(counted).all())
