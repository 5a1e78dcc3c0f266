"""Lists in another order than that of the numbers, put in order whole and cut into pages."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from app.db import NEXT_PAGE, PageWish, Slice, search_key
from app.library.models import Source

TITLE_BEGINNING = 200
"""Characters of a title that decide where it stands."""


class SourceOrder(StrEnum):
    """In which order sources are listed; equal ones by number, what has no value last."""

    NUMBER = "number"
    TITLE = "title"
    AUTHOR = "author"
    YEAR = "year"
    CITE_KEY = "cite_key"
    QUOTES = "quotes"
    CONFIGURATIONS = "configurations"


COUNTS: dict[SourceOrder, Callable[[Session, int], Mapping[int, int]]] = {}
"""How many of what rests on them the sources of a review have; each entry is its owner's."""
COLUMNS: dict[SourceOrder, ColumnElement[Any]] = {
    SourceOrder.TITLE: func.substr(Source.text_key, 1, TITLE_BEGINNING),
    SourceOrder.AUTHOR: Source.authors.expression,
    SourceOrder.YEAR: Source.year.expression,
    SourceOrder.CITE_KEY: func.lower(Source.cite_key),
}


def ordered_sources(
    session: Session,
    review_id: int,
    statement: Select[Source],
    order: SourceOrder,
    *,
    is_descending: bool,
) -> list[int]:
    """Return the numbers of some sources in an order; it takes one short row of each."""
    if order in COUNTS:
        counts = COUNTS[order](session, review_id)
        numbers = session.scalars(statement.with_only_columns(Source.id))
        counted = [(counts.get(number, 0), number) for number in numbers]
        return _in_order(counted, is_descending=is_descending)
    column = COLUMNS.get(order, Source.id.expression)
    rows = session.execute(statement.with_only_columns(Source.id, column))
    return _in_order([(_key(order, row[1]), row[0]) for row in rows], is_descending=is_descending)


def _in_order(ranked: Iterable[tuple[Any, int]], *, is_descending: bool) -> list[int]:
    """Put numbers in the order of what stands before each; what has nothing there comes last."""
    every = list(ranked)
    given = sorted((pair for pair in every if pair[0] is not None), reverse=is_descending)
    missing = sorted(number for key, number in every if key is None)
    return [*(number for _, number in given), *missing]


def _key(order: SourceOrder, value: Any) -> Any:
    if order is not SourceOrder.AUTHOR:
        return value
    first = value[0] if value else {}
    name = first.get("family") or first.get("literal") or first.get("given")
    return search_key(f"{name} {first.get('given') or ''}") if name else None


def beyond(numbers: Sequence[int], wish: PageWish) -> Sequence[int]:
    """Return the numbers of a page, and one more where there is one.

    A page goes on after the last number of the one before, wherever that stands now; should it
    fit no longer, the list starts anew.
    """
    start = numbers.index(wish.after) + 1 if wish.after in numbers else 0
    return numbers[start : start + wish.limit + 1]


def page_in_order(
    session: Session, review_id: int, numbers: Sequence[int], wish: PageWish
) -> Slice[Source]:
    """Return one page of some sources, in the order of the list of their numbers."""
    found = beyond(numbers, wish)
    some = found[: wish.limit]
    here = (Source.review_id == review_id, Source.id.in_(some))
    rows = {source.id: source for source in session.scalars(select(Source).where(*here))}
    following = some[-1] if len(found) > len(some) else None
    session.info[NEXT_PAGE] = following
    return Slice(
        items=[rows[number] for number in some],
        next=following,
        total=len(numbers) if wish.count else None,
    )
