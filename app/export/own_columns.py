"""Columns of the evidence table that a review's own fields give it: `field_design`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.export.columns import ConfigurationCell, Entry
from app.export.writers import Cell, Column
from app.library.field_values import fields_of, is_day
from app.library.models import CustomField, FieldSubject, FieldType

OF_CONFIGURATION, OF_SOURCE = "field_", "source_field_"
WIDTHS = {FieldType.TEXT: 30, FieldType.CHOICES: 30, FieldType.CHOICE: 18}
NARROW = 12
EvidenceMade = Callable[[Entry, Row[Any]], Cell]


@dataclass(frozen=True, slots=True)
class OwnColumns:
    """The columns of a review's own fields, by name: of configurations, and of sources."""

    configuration: Mapping[str, tuple[Column, ConfigurationCell]]
    source: Mapping[str, tuple[Column, EvidenceMade]]


NO_OWN_COLUMNS = OwnColumns({}, {})


def own_columns(session: Session, review_id: int, names: Sequence[str]) -> OwnColumns:
    """Return the columns of a review's own fields; asks nothing where no name is beyond ours.

    `names` are those wanted that are not the same for all reviews.
    """
    if not names:
        return NO_OWN_COLUMNS
    own = fields_of(session, review_id, FieldSubject.CONFIGURATION)
    of_source = fields_of(session, review_id, FieldSubject.SOURCE)
    return OwnColumns(
        {
            OF_CONFIGURATION + name: (_column(OF_CONFIGURATION, f), _own(name))
            for name, f in own.items()
        },
        {
            OF_SOURCE + name: (_column(OF_SOURCE, f), _of_source(name))
            for name, f in of_source.items()
        },
    )


def _column(start: str, field: CustomField) -> Column:
    title = f"Source: {field.label}" if start == OF_SOURCE else field.label
    return Column(start + field.name, title, WIDTHS.get(field.type, NARROW))


def _own(name: str) -> ConfigurationCell:
    return lambda entry: _shown((entry.configuration.fields or {}).get(name))


def _of_source(name: str) -> EvidenceMade:
    def cell(entry: Entry, evidence: Row[Any]) -> Cell:
        values = entry.backdrop.sources[evidence.source_id].fields or {}
        return _shown(values.get(name))

    return cell


def _shown(value: Any) -> Cell:
    """Write a list as one cell, and a day as a day."""
    if isinstance(value, list):
        return "; ".join(value)
    shown: Cell = date.fromisoformat(value) if is_day(value) else value
    return shown
