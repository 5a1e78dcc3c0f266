"""The columns of a table that can be put in order by: links in its head."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.library.ordering import SourceOrder
from app.library.schemas import SourceFilter
from app.theory.listing import ConfigurationOrder
from app.web.wishes import Query, address

ASCENDING, DESCENDING = "ascending", "descending"
MOST_FIRST = (SourceOrder.YEAR, SourceOrder.QUOTES, SourceOrder.CONFIGURATIONS)
"""What one wants to see the other way round at first."""
DIRECTIONS: Mapping[ConfigurationOrder, str] = {
    ConfigurationOrder.NUMBER: ASCENDING,
    ConfigurationOrder.NEWEST: DESCENDING,
    ConfigurationOrder.TITLE: ASCENDING,
    ConfigurationOrder.STATUS: ASCENDING,
    ConfigurationOrder.CERTAINTY: DESCENDING,
    ConfigurationOrder.SOURCES: DESCENDING,
    ConfigurationOrder.REFUTING: DESCENDING,
}


@dataclass(frozen=True, slots=True)
class Heading:
    """A column to be put in order by."""

    name: str
    address: str
    direction: str | None
    """As `aria-sort` has it, where the table is in its order now."""


def source_headings(query: Query, wish: SourceFilter) -> dict[str, Heading]:
    """Return the orders of sources: a first press gives the usual direction, another turns it."""
    return {order.value: _of_source(query, wish, order) for order in SourceOrder}


def _of_source(query: Query, wish: SourceFilter, order: SourceOrder) -> Heading:
    is_now = wish.sort is order
    turns_down = not wish.is_descending if is_now else order in MOST_FIRST
    changes = {"sort": order.value, "is_descending": "true" if turns_down else None}
    direction = DESCENDING if wish.is_descending else ASCENDING
    return Heading(
        order.value, address(query, **changes, after=None), direction if is_now else None
    )


def configuration_headings(query: Query, sort: ConfigurationOrder) -> dict[str, Heading]:
    """Return the orders of configurations; the number goes either way, the others theirs."""
    turned = ConfigurationOrder.NEWEST if sort is ConfigurationOrder.NUMBER else None
    found = {order.value: _of_configuration(query, sort, order) for order in DIRECTIONS}
    by_number = (ConfigurationOrder.NUMBER, ConfigurationOrder.NEWEST)
    found["number"] = Heading(
        "number",
        address(query, sort=turned, after=None),
        DIRECTIONS[sort] if sort in by_number else None,
    )
    return found


def _of_configuration(query: Query, sort: ConfigurationOrder, order: ConfigurationOrder) -> Heading:
    direction = DIRECTIONS[order] if sort is order else None
    return Heading(order.value, address(query, sort=order, after=None), direction)
