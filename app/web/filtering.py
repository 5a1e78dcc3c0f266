"""The filters of configurations as fields and chips, for every page whose question takes them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from app.library.models import SourceKind
from app.theory.vocabulary import Basis, Certainty, ConfigurationKind, ConfigurationStatus, Stance
from app.web.wishes import PAGING, Query, without

FIELDS = ("text", "stance", "basis", "source_kind", "year_from", "year_to", "status", "certainty")
"""Filters that have a field of their own; all others stand in the address and as chips."""
NAMES = {
    "has": "has",
    "text": "words in it",
    "source_kind": "kind of source",
    "source_id": "source",
    "year_from": "from the year",
    "year_to": "to the year",
    "counted": "only what counts",
    "inferred": "inferred",
    "created_by": "coded by",
    "stage_id": "stage",
    "search_id": "search",
    "document_id": "document",
    "concept_id": "concept",
    "configuration_id": "configuration",
    "has_text": "full text",
    "is_merged": "duplicates",
    "is_parked": "parked",
    "is_too_long": "over the limit of words",
    "verification": "in the text",
    "was_suggested": "suggested first",
    "is_move": "synthesis moves",
    "field": "own field",
}


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter in force, in words, and the address that drops it."""

    name: str
    value: str
    rest: str


def chips(query: Query, others: Collection[str] = ()) -> list[Chip]:
    """Return the filters in force; `others` are parameters that are none."""
    return [
        Chip(NAMES.get(name, name.replace("_", " ")), value.replace("_", " "), without(query, i))
        for i, (name, value) in enumerate(query)
        if name not in PAGING and name not in others
    ]


def own_fields_of_form(query: Query, others: Collection[str] = ()) -> Query:
    """Return the parameters a form must carry along, having no field for them."""
    return [pair for pair in query if pair[0] not in {*FIELDS, *others, "after"}]


def filter_choices() -> dict[str, list[Any]]:
    """Return what the fields with a fixed vocabulary offer."""
    return {
        "stance": list(Stance),
        "basis": list(Basis),
        "source_kind": list(SourceKind),
        "status": list(ConfigurationStatus),
        "certainty": list(Certainty),
        "kind": list(ConfigurationKind),
    }
