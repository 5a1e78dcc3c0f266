"""Which files an archive has and what a line of each holds, read from the tables themselves.

A line is one thing that people cite with all its parts. A table whose rows are parts of another's,
by their key, becomes a list inside the lines of that one; so a table added later travels along.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Column, Table

from app.access.models import Membership, Review
from app.db import FOLLOWS, Base
from app.exchange.archive.derived import DERIVED
from app.history.models import Change, ChangeSet
from app.history.reading import models
from app.library.models import Document, Pseudonym
from app.migrations import metadata

FORMAT = "retroduce-archive"
FORMAT_VERSION = 1
MANIFEST, REVIEW, PEOPLE, MEMBERS = "manifest.json", "review.json", "people.jsonl", "members.jsonl"
COUNTERS, CHANGE_SETS, CHANGES = "counters.jsonl", "change_sets.jsonl", "changes.jsonl"
DOCUMENTS = "documents/"
NAMES = {
    "configuration_link": "links",
    "search": "searches",
    "search_file": "files",
    "search_hit": "hits",
    "custom_field": "fields",
    "saved_view": "views",
    "form_wording": "wordings",
    "concept_definition": "definitions",
    "concept_alias": "aliases",
    "evidence": "evidence",
    "link_evidence": "evidence",
    "proposition_evidence": "evidence",
    "evidence_element": "elements",
    "consolidation": "members",
    "link_refusal": "refusals",
    "link_verdict": "verdicts",
    "concept_apart": "apart",
    "recommendation_ground": "configurations",
}
"""Names of files and lists where the plural of the table's name would not be the field's word."""
IN_FILES = {(Document.__tablename__, "text")}
"""Columns kept as a file of their own beside the lines."""
WITHHELD = {Pseudonym.__tablename__: "name"}
"""A column by table that leaves only when it is asked for."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How rows of one table stand in an archive.

    `given` are the key columns that the line they stand in gives, in the order of its key;
    `own` the rest of the key, `columns` what a line names. A part with a single column and
    nothing else is a bare value.
    """

    table: Table
    name: str
    given: tuple[str, ...]
    own: tuple[str, ...]
    columns: tuple[Column[Any], ...]
    parts: tuple["Shape", ...]

    @property
    def is_bare(self) -> bool:
        """Say whether a row is written as its one value."""
        return bool(self.given) and len(self.columns) == 1 and not self.parts

    @property
    def file(self) -> str:
        """The file of a root."""
        return f"{self.name}.jsonl"

    def all(self) -> Iterator["Shape"]:
        """Yield this and all parts, however deep."""
        yield self
        for part in self.parts:
            yield from part.all()


def plural(name: str) -> str:
    """Return the plural of a table's name: theory → theories."""
    return name[:-1] + "ies" if name.endswith("y") else name + "s"


def is_person(column: Column[Any]) -> bool:
    """Say whether a column holds a user, who travels by uuid."""
    return any(key.column.table.name == "user_account" for key in column.foreign_keys)


@cache
def roots() -> tuple[Shape, ...]:
    """Return the shape of each kind of thing people cite, in the order of their references."""
    tables = metadata().sorted_tables
    aggregates = {model.__tablename__: model.aggregate for model in models().values()}
    found = []
    for table in tables:
        aggregate = aggregates[table.name]
        if aggregate and aggregate[1] == "id" and "review_id" in table.primary_key.columns:
            found.append(_shape(table, ()))
    return tuple(found)


@cache
def flat() -> dict[str, Shape]:
    """Return the shapes of what is no aggregate, by file."""
    tables = metadata().tables
    review, members = tables[Review.__tablename__], tables[Membership.__tablename__]
    return {
        REVIEW: Shape(review, "review", (), (), _columns(review, {"id"}), ()),
        MEMBERS: Shape(members, "members", (), ("user_id",), _columns(members, set()), ()),
        CHANGE_SETS: _plain(tables[ChangeSet.__tablename__], "change_sets"),
        CHANGES: _plain(tables[Change.__tablename__], "changes"),
    }


def _plain(table: Table, name: str) -> Shape:
    return Shape(table, name, (), _key(table), _columns(table, set()), ())


def _key(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.primary_key if column.name != "review_id")


def _columns(table: Table, left_out: set[str]) -> tuple[Column[Any], ...]:
    derived = DERIVED.get(table.name, {})
    return tuple(
        column
        for column in table.columns
        if column.name not in {"review_id", *left_out, *derived}
        and (table.name, column.name) not in IN_FILES
    )


def _shape(table: Table, given: tuple[str, ...]) -> Shape:
    inner = [(part, keys) for part in metadata().sorted_tables if (keys := _place(part, table))]
    return Shape(
        table,
        NAMES.get(table.name) or plural(table.name),
        given,
        _key(table)[len(given) :],
        _columns(table, set(given)),
        tuple(_shape(part, keys) for part, keys in inner),
    )


def _place(part: Table, whole: Table) -> tuple[str, ...]:
    """Return the key columns by which a table's rows are parts of another's; nothing if not."""
    keys = {target.name: columns for target, columns in _wholes(part)}
    closest = max(keys.values(), key=len, default=())
    return closest if keys.get(whole.name) == closest else ()


def _wholes(part: Table) -> Iterator[tuple[Table, tuple[str, ...]]]:
    """Yield the tables whose whole key is the beginning of a part's key."""
    aggregates = {model.__tablename__: model.aggregate for model in models().values()}
    own = aggregates.get(part.name)
    for reference in part.foreign_key_constraints:
        target = reference.referred_table
        theirs = aggregates.get(target.name)
        if target is part or not (own and theirs) or own[0] != theirs[0] or own[1] == "id":
            continue
        columns = tuple(element.parent.name for element in reference.elements)
        referred = tuple(element.column.name for element in reference.elements)
        whole = ("review_id", *_key(target))
        if referred == whole and columns == ("review_id", *_key(part)[: len(columns) - 1]):
            yield target, columns[1:]


def covered() -> set[str]:
    """Name every table whose rows an archive holds."""
    tables = {shape.table.name for root in roots() for shape in root.all()}
    return tables | {shape.table.name for shape in flat().values()} | {"counter"}


def owned() -> set[str]:
    """Name every table whose rows a review owns and that follow from no other, and its own."""
    tables = [t for t in Base.metadata.tables.values() if not t.info.get(FOLLOWS)]
    return {t.name for t in tables if "review_id" in t.primary_key.columns} | {"review"}
