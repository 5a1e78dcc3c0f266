"""A page of the list of configurations, as plain values ready to be written."""

from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.coding.tree import concept_tree
from app.db import NEXT_PAGE, PageWish
from app.theory.filters import ConfigurationFilter, check_filter, conditions
from app.theory.models import Configuration
from app.theory.queries import summaries


class ConfigurationWish(ConfigurationFilter, PageWish):
    """Filters and page of the list of configurations."""


def configuration_page(session: Session, review_id: int, wish: ConfigurationWish) -> dict[str, Any]:
    """Return one page as plain values: items, the next `after`, and the total when asked."""
    check_filter(session, review_id, wish)
    tree = concept_tree(session, review_id)
    where = conditions(review_id, wish, tree)
    numbers = list(
        session.scalars(
            select(Configuration.id)
            .where(*where, _beyond(wish))
            .order_by(Configuration.id)
            .limit(wish.limit + 1)
        )
    )
    shown = numbers[: wish.limit]
    following = shown[-1] if len(numbers) > wish.limit else None
    session.info[NEXT_PAGE] = following
    return {
        "items": summaries(session, review_id, shown),
        "next": following,
        "total": _total(session, where) if wish.count else None,
    }


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
