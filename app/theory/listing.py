"""A page of the list of configurations, as plain values ready to be written."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.coding.tree import concept_tree
from app.db import NEXT_PAGE, PageWish
from app.library.ordering import beyond
from app.theory.filters import ConfigurationFilter, check_filter, conditions
from app.theory.models import Configuration
from app.theory.queries import count_sources, summaries
from app.theory.vocabulary import Certainty, ConfigurationStatus


class ConfigurationOrder(StrEnum):
    """In which order configurations are listed; equal ones by number."""

    NUMBER = "number"
    NEWEST = "newest"
    TITLE = "title"
    STATUS = "status"
    CERTAINTY = "certainty"
    SOURCES = "sources"
    REFUTING = "refuting"


class ConfigurationWish(ConfigurationFilter, PageWish):
    """Filters, order and page of the list of configurations."""

    sort: ConfigurationOrder = ConfigurationOrder.NUMBER
    """`newest`: by number, descending; `certainty`: the surest first; `sources`, `refuting`: most
    sources, or most refuting ones, first. `after` is the last number of the page before."""


def configuration_page(session: Session, review_id: int, wish: ConfigurationWish) -> dict[str, Any]:
    """Return one page as plain values: items, the next `after`, and the total when asked."""
    check_filter(session, review_id, wish)
    tree = concept_tree(session, review_id)
    where = conditions(review_id, wish, tree)
    is_by_number = wish.sort is ConfigurationOrder.NUMBER
    numbers = (
        _by_number(session, wish, where)
        if is_by_number
        else _in_order(session, review_id, wish, where)
    )
    shown = numbers[: wish.limit]
    following = shown[-1] if len(numbers) > wish.limit else None
    session.info[NEXT_PAGE] = following
    return {
        "items": summaries(session, review_id, shown),
        "next": following,
        "total": _total(session, where) if wish.count else None,
    }


def _by_number(
    session: Session, wish: ConfigurationWish, where: list[ColumnElement[bool]]
) -> list[int]:
    return list(
        session.scalars(
            select(Configuration.id)
            .where(*where, _beyond(wish))
            .order_by(Configuration.id)
            .limit(wish.limit + 1)
        )
    )


def _in_order(
    session: Session, review_id: int, wish: ConfigurationWish, where: list[ColumnElement[bool]]
) -> list[int]:
    """Put all that fit in order, which takes one short row of each, and cut the page out."""
    named = {
        ConfigurationOrder.TITLE: Configuration.text_key,
        ConfigurationOrder.STATUS: Configuration.status,
        ConfigurationOrder.CERTAINTY: Configuration.certainty,
    }
    key = named.get(wish.sort, Configuration.id)
    found = session.execute(select(Configuration.id, key).where(*where))
    counted = (
        count_sources(session, review_id)
        if wish.sort in {ConfigurationOrder.SOURCES, ConfigurationOrder.REFUTING}
        else {}
    )
    ranked = sorted((_rank(wish.sort, (row[0], row[1]), counted), row[0]) for row in found)
    return list(beyond([number for _, number in ranked], wish))


def _rank(
    sort: ConfigurationOrder, row: tuple[int, Any], counted: Mapping[int, tuple[int, int]]
) -> int | str:
    number, key = row
    if sort is ConfigurationOrder.NEWEST:
        return -number
    if sort is ConfigurationOrder.STATUS:
        return list(ConfigurationStatus).index(key)
    if sort is ConfigurationOrder.CERTAINTY:
        return list(Certainty).index(key) if key else len(Certainty)
    if sort in {ConfigurationOrder.SOURCES, ConfigurationOrder.REFUTING}:
        return -counted.get(number, (0, 0))[sort is ConfigurationOrder.REFUTING]
    return str(key)


def _beyond(wish: ConfigurationWish) -> ColumnElement[bool]:
    """Start after the last page; with a question of concepts, by a way no index serves.

    Otherwise SQLite walks the review in the order of numbers, looking each up in the answer,
    where the index of concepts leads to the few that fit at once.
    """
    is_narrow = bool(wish.has or wish.through)
    return Configuration.id + 0 > wish.after if is_narrow else Configuration.id > wish.after


def _total(session: Session, where: list[Any]) -> int:
    return session.execute(
        select(func.count()).select_from(Configuration).where(*where)
    ).scalar_one()
