"""What the things of an archive must fulfil beyond types and references, each named by its line.

The rules are those of the API, judged by its own schemas and functions where it has them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from app.coding.tree import Node, Tree, cut_rings
from app.db import Schema
from app.errors import ArchiveError, InvalidError
from app.exchange.archive.limits import why_unfit
from app.exchange.archive.lines import Line
from app.exchange.archive.parsing import Place
from app.export.questions import QUESTIONS
from app.library.field_schemas import FieldCreate
from app.library.field_values import check_type
from app.library.models import CustomField, FieldSubject, FieldType
from app.theory.link_schemas import LinkCreate
from app.theory.programme_schemas import GroundCreate
from app.theory.view_models import ViewKind
from app.theory.views import settle_query
from app.theory.vocabulary import ConfigurationKind

Ways = dict[int, tuple[int, Place]]
"""Where each thing leads, and the line that says so."""


@dataclass
class Known:
    """What lines told by which later ones, or all together, are judged."""

    fields: dict[str, dict[str, CustomField]] = field(default_factory=dict)
    lengths: dict[int, int] = field(default_factory=dict)
    origins: dict[int, int] = field(default_factory=dict)
    concepts: dict[int, tuple[Node, Place]] = field(default_factory=dict)
    merged: Ways = field(default_factory=dict)
    ways: dict[str, Ways] = field(default_factory=dict)
    unraw: set[int] = field(default_factory=set)
    members: list[tuple[int, Place]] = field(default_factory=list)

    def lead(self, row: Line, place: Place, name: str) -> None:
        """Note where a thing leads by a column that may run in no circle."""
        if row[name] is not None:
            self.ways.setdefault(name, {})[row["id"]] = (row[name], place)

    def judge(self, table: str, row: Line, place: Place) -> None:
        """Raise `ArchiveError` where a whole line breaks a rule by itself or with earlier ones."""
        judged = JUDGES.get(table)
        if judged is None:
            return
        try:
            judged(self, row, place)
        except ValidationError as error:
            raise place.refuse(why_unfit(error)) from None
        except InvalidError as error:
            raise place.refuse(error.detail) from None
        except ValueError as error:
            raise place.refuse(str(error)) from None

    def settle(self) -> None:
        """Raise `ArchiveError` where all lines together break a rule; references must be sound."""
        for number, place in self.members:
            if number in self.unraw:
                raise place.refuse(f"members: C{number} is not raw; take it out")
        for number, place in self.merged.values():
            if number in self.merged:
                raise place.refuse(
                    f"merged_into_id: S{number} is merged itself; name the source that stands "
                    "for both"
                )
        nodes = [node for node, _ in self.concepts.values()]
        for ring in Tree(nodes).cycles:
            raise _circle("parent_id or merged_into_id", ring, self.concepts[ring[0]][1])
        for name, ways in self.ways.items():
            for ring in cut_rings({number: to for number, (to, _) in ways.items()}):
                raise _circle(name, ring, ways[ring[0]][1])


def _circle(name: str, ring: tuple[int, ...], place: Place) -> ArchiveError:
    told = " → ".join(map(str, (*ring, ring[0])))
    return place.refuse(f"{name}: leads in a circle, {told}; lead one of them elsewhere")


def _fits(schema: type[Schema], row: Line) -> None:
    """Raise `ValidationError` where a row is not what the API takes."""
    schema.model_validate({n: row[n] for n in schema.model_fields if n in row})


def _judge_field(known: Known, row: Line, place: Place) -> None:
    del place
    _fits(FieldCreate, row)
    made = CustomField(type=FieldType(row["type"]), choices=row["choices"])
    known.fields.setdefault(row["subject"], {})[row["name"]] = made


def _judge_values(known: Known, subject: FieldSubject, values: Mapping[str, Any] | None) -> None:
    fields = known.fields.get(subject, {})
    for name, value in (values or {}).items():
        if name not in fields:
            there = f"choose of {', '.join(fields)}" if fields else "fields.jsonl has none there"
            raise ValueError(f"fields.{name}: no such field; {there}")
        try:
            check_type(fields[name], value)
        except ValueError as error:
            raise ValueError(f"fields.{name}: {error}") from None


def _judge_source(known: Known, row: Line, place: Place) -> None:
    _judge_values(known, FieldSubject.SOURCE, row["fields"])
    if row["merged_into_id"] is not None:
        known.merged[row["id"]] = row["merged_into_id"], place


def _judge_document(known: Known, row: Line, place: Place) -> None:
    del place
    known.lengths[row["id"]] = len(row["text"])


def _judge_quote(known: Known, row: Line, place: Place) -> None:
    del place
    known.origins[row["id"]] = row["source_id"]
    start, end = row["start_at"], row["end_at"]
    if start is None and end is None:
        return
    if start is None or end is None or not 0 <= start < end:
        raise ValueError("start_at, end_at: give both, from 0 on and in order, or neither")
    length = known.lengths.get(row["document_id"], end)
    if end > length:
        where = f"D{row['document_id']} has {length:,} characters"
        raise ValueError(f"end_at: {where}; correct the positions, or leave them out")


def _judge_concept(known: Known, row: Line, place: Place) -> None:
    if row["parent_id"] == row["id"]:
        raise ValueError("parent_id: a concept is not broader than itself; leave it out")
    if any(part["higher_id"] <= row["id"] for part in row["apart"]):
        raise ValueError("apart: a pair stands once, in the line of its lower number")
    node = Node(row["id"], row["parent_id"], row["merged_into_id"])
    known.concepts[row["id"]] = node, place
    known.lead(row, place, "origin_id")


def _judge_configuration(known: Known, row: Line, place: Place) -> None:
    _judge_values(known, FieldSubject.CONFIGURATION, row["fields"])
    if row["kind"] != ConfigurationKind.RAW:
        known.unraw.add(row["id"])
    if row["members"] and row["kind"] != ConfigurationKind.CONSOLIDATED:
        raise ValueError("members: only a consolidated configuration has members; take them out")
    known.members += [(part["member_id"], place) for part in row["members"]]
    for part in row["elements"]:
        if not part["wording"]:
            raise ValueError("wording: is empty; write something, or leave the element out")
        if part["definition_n"] is not None and part["concept_id"] is None:
            what = f"definition_n: element {part['n']} has no concept"
            raise ValueError(f"{what}; name it, or leave the definition out")
    _judge_evidence(known, row["evidence"])


def _judge_evidence(known: Known, pieces: Iterable[Line]) -> None:
    for piece in pieces:
        origin = known.origins.get(piece["quote_id"])
        if origin is not None and origin != piece["source_id"]:
            told = f"Q{piece['quote_id']} is a passage of S{origin}"
            raise ValueError(f"source_id: {told}, not of S{piece['source_id']}; name that one")


def _judge_link(known: Known, row: Line, place: Place) -> None:
    grounds = [{"source_id": piece["source_id"]} for piece in row["evidence"][:1]]
    _fits(LinkCreate, row | {"evidence": grounds})
    _judge_evidence(known, row["evidence"])
    known.lead(row, place, "to_link_id")


def _judge_theory(known: Known, row: Line, place: Place) -> None:
    for proposition in row["propositions"]:
        _judge_evidence(known, proposition["evidence"])
        for ground in proposition["grounds"]:
            _fits(GroundCreate, ground)
    known.lead(row, place, "refines_id")


def _judge_view(known: Known, row: Line, place: Place) -> None:
    del known, place
    settle_query(QUESTIONS, ViewKind(row["kind"]), row["query"])


JUDGES: Mapping[str, Callable[[Known, Line, Place], None]] = {
    "concept": _judge_concept,
    "configuration": _judge_configuration,
    "configuration_link": _judge_link,
    "custom_field": _judge_field,
    "document": _judge_document,
    "quote": _judge_quote,
    "saved_view": _judge_view,
    "source": _judge_source,
    "theory": _judge_theory,
}
"""What judges a whole line, by the table of its thing."""
