"""Rows out of lines: defaults filled in, types, keys and references checked, staged by table.

Nothing here touches the database. What is staged is one file of rows per table, so that writing
them is one plain statement per table, in the order in which the tables refer to each other.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

import orjson
from sqlalchemy import Column, Table, UniqueConstraint

from app.coding.anchoring import Verification
from app.exchange.archive.derived import DERIVED
from app.exchange.archive.lines import Key, Line
from app.exchange.archive.parsing import Place, Read, reader
from app.exchange.archive.shape import Shape, is_person, roots
from app.library.documents import PLAIN

IMPORTER = "importer"
"""Stands for whoever imports an archive that names no people."""
LAST = "last_"
"""Begins the name of a counter of parts."""
PAIR = [int, int]
FILLED: dict[tuple[str, str], str] = {
    ("quote", "verification"): Verification.NO_DOCUMENT.value,
    ("document", "extractor"): PLAIN,
    ("document", "media_type"): "text/plain",
}
"""What a line may leave out although its column has no default."""


def staged_columns(table: Table) -> list[Column[Any]]:
    """Return the columns of a staged row, in order: all but the review."""
    return [column for column in table.columns if column.name != "review_id"]


class Stage:
    """The staged rows of all tables, a file each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._files: dict[str, BinaryIO] = {}
        self.counts: dict[str, int] = {}

    def add(self, table: str, row: Sequence[Any]) -> None:
        """Stage a row."""
        if table not in self._files:
            self._files[table] = (self.folder / f"{table}.rows").open("wb")
        self._files[table].write(orjson.dumps(row) + b"\n")
        self.counts[table] = self.counts.get(table, 0) + 1

    def close(self) -> None:
        """End writing."""
        for file in self._files.values():
            file.close()
        self._files.clear()

    def rows(self, table: str) -> Iterator[tuple[list[Any], int]]:
        """Yield the rows of a table, each with the bytes it takes."""
        path = self.folder / f"{table}.rows"
        if path.exists():
            with path.open("rb") as file:
                for raw in file:
                    yield orjson.loads(raw), len(raw)


@dataclass
class References:
    """Which keys there are, and which were asked for before they came."""

    there: dict[str, set[Any]] = field(default_factory=dict)
    unique: dict[str, set[Key]] = field(default_factory=dict)
    waiting: list[tuple[Place, str, str, Any]] = field(default_factory=list)

    def add(self, place: Place, table: Table, key: Key) -> None:
        """Note a key; raises `ArchiveError` when it came before."""
        keys = self.there.setdefault(table.name, set())
        packed = _packed(key)
        if packed in keys:
            raise place.refuse(f"{_said(table.name, key)} came before; numbers are given once")
        keys.add(packed)

    def want(self, place: Place, name: str, target: str, key: Key) -> None:
        """Ask for a key, now or by the end."""
        if _packed(key) not in self.there.get(target, ()):
            self.waiting.append((place, name, target, key))

    def settle(self) -> None:
        """Raise `ArchiveError` naming the first reference that leads nowhere."""
        for place, name, target, key in self.waiting:
            if _packed(key) not in self.there.get(target, ()):
                raise place.refuse(f"{name}: there is no {_said(target, key)} in this archive")
        self.waiting.clear()


def _packed(key: Key) -> Any:
    """Return a key small enough to keep hundreds of thousands of."""
    if len(key) == 1:
        return key[0]
    if [part.__class__ for part in key] == PAIR:
        return key[0] << 32 | key[1]
    return key


def _said(table: str, key: Key) -> str:
    return f"{table.replace('_', ' ')} {'.'.join(map(str, key))}"


@dataclass(frozen=True, slots=True)
class Found:
    """What checking a line needs besides it: who is known, when it is, what came before."""

    people: Mapping[str, str]
    moment: str
    references: References
    is_signed: bool


@dataclass(frozen=True, slots=True)
class Omitted:
    """Finds what a line leaves out from its place."""

    find: Callable[[Place, int], Any]

    def __call__(self, place: Place, nth: int) -> Any:
        """Return the value, or refuse."""
        return self.find(place, nth)


class Checker:
    """Checks rows of one shape, with their parts."""

    def __init__(self, shape: Shape, found: Found, also: frozenset[str] = frozenset()) -> None:
        self.shape = shape
        self.found = found
        self.reads = {column.name: self._read(column) for column in shape.columns}
        defaults = {column.name: self._default(column) for column in shape.columns}
        self.omitted = [(n, d) for n, d in defaults.items() if isinstance(d, Omitted)]
        self.constants = {n: None if isinstance(d, Omitted) else d for n, d in defaults.items()}
        self.counters = [c.name for c in shape.columns if c.name.startswith(LAST)]
        self.parts = [Checker(part, found) for part in shape.parts]
        parts = {part.name for part in shape.parts}
        self.allowed = parts | also
        self.derived = DERIVED.get(shape.table.name, {})
        self.key = (*shape.given, *shape.own)
        self.staged = [column.name for column in staged_columns(shape.table)]
        self.references = list(_references(shape))
        self.is_target = not shape.given or shape.table.name in _targets()
        self.unique = [
            tuple(column.name for column in constraint.columns if column.name != "review_id")
            for constraint in shape.table.constraints
            if isinstance(constraint, UniqueConstraint)
        ]

    def check(self, line: Any, place: Place, nth: int, given: Key = ()) -> Line:
        """Return a line whole: every column and part there, each of the right kind."""
        if self.shape.is_bare:
            line = {self.shape.columns[0].name: line}
        if not isinstance(line, dict):
            raise place.refuse(f"{self.shape.name} holds something that is no object")
        row = self._columns(line, place, nth, given)
        self._note(row, place)
        key = tuple([row[name] for name in self.key])
        for part in self.parts:
            listed = line.get(part.shape.name)
            row[part.shape.name] = part.check_all(listed, place, key) if listed else []
        self._count_parts(row, line)
        return row | {name: compute(row) for name, compute in self.derived.items()}

    def check_all(self, listed: Any, place: Place, given: Key) -> list[Line]:
        """Return the parts that a line holds."""
        if not isinstance(listed, list):
            raise place.refuse(f"{self.shape.name}: is not a list")
        rows = [self.check(part, place, nth, given) for nth, part in enumerate(listed, 1)]
        keys = [tuple(row[name] for name in self.shape.own) for row in rows]
        if len(set(keys)) < len(keys):
            raise place.refuse(f"{self.shape.name}: two have one number, or are the same")
        return rows

    def _columns(self, line: Line, place: Place, nth: int, given: Key) -> Line:
        """Return every column, read or filled in; refuse keys that are none."""
        row = {**self.constants, **dict(zip(self.shape.given, given, strict=True))}
        reads, name = self.reads, ""
        try:
            for name, value in line.items():
                read = reads.get(name)
                if read is None:
                    self._refuse_unknown(name, place)
                elif value is not None:
                    row[name] = read(value)
        except (TypeError, ValueError) as error:
            raise place.refuse(f"{name}: {error}") from None
        for name, find in self.omitted:
            if row[name] is None:
                row[name] = find(place, nth)
        return row

    def _refuse_unknown(self, name: str, place: Place) -> None:
        if name not in self.allowed:
            what = self.shape.table.name
            raise place.refuse(f"{name}: no {what} has that; check its spelling")

    def _read(self, column: Column[Any]) -> Read:
        people, read = self.found.people, reader(column)
        if not is_person(column):
            return read

        def read_person(value: Any) -> Any:
            if read(value) not in people:
                raise ValueError(f"there is no person {value} in people.jsonl")
            return value

        return read_person

    def _default(self, column: Column[Any]) -> Any:
        """Return what a column holds that a line leaves out, or how to find that."""
        if column.nullable:
            is_ours = column.name == "created_by" and not self.found.is_signed
            return IMPORTER if is_ours else None
        is_number = (column.name,) == self.shape.own[-1:] and column.name in {"id", "n"}
        default: Any = column.default
        if not is_number and default is not None and default.is_callable:
            is_now = column.name == "created_at"
            return self.found.moment if is_now else Omitted(lambda _, __: default.arg(None))
        if is_number:
            return Omitted(lambda _, nth: nth)
        if default is not None:
            return getattr(default.arg, "value", default.arg)
        key = (self.shape.table.name, column.name)
        return FILLED[key] if key in FILLED else Omitted(self._missing(column.name))

    def _missing(self, name: str) -> Callable[[Place, int], Any]:
        def refuse(place: Place, _: int) -> Any:
            raise place.refuse(f"{name}: is missing; every {self.shape.table.name} has one")

        return refuse

    def _note(self, row: Line, place: Place) -> None:
        references, table = self.found.references, self.shape.table
        if self.is_target:
            references.add(place, table, tuple([row[name] for name in self.key]))
        for names in self.unique:
            values = tuple(row[name] for name in names)
            seen = references.unique.setdefault(f"{table.name} {names}", set())
            if values in seen:
                said = ", ".join(names)
                raise place.refuse(f"{said}: {values[-1]!r} came before; it is given once")
            seen.add(values)
        for names, target in self.references:
            key = tuple(row[name] for name in names)
            if None not in key:
                references.want(place, names[-1], target, key)

    def _count_parts(self, row: Line, line: Line) -> None:
        """Fill counters of parts that the line leaves out with the most there is."""
        for name in self.counters:
            if line.get(name) is None:
                row[name] = max(
                    (
                        part["n"]
                        for inner in self.shape.parts
                        if name == "last_part" or inner.table.name.endswith(name.removeprefix(LAST))
                        for part in row[inner.name]
                        if "n" in part
                    ),
                    default=0,
                )

    def stage(self, row: Line, stage: Stage) -> None:
        """Stage a whole line, and its parts after it."""
        stage.add(self.shape.table.name, [row[name] for name in self.staged])
        for part in self.parts:
            for inner in row[part.shape.name]:
                part.stage(inner, stage)


@cache
def _targets() -> frozenset[str]:
    """Name the tables that rows of other things refer to: their keys must be remembered."""
    shapes = [shape for root in roots() for shape in root.all()]
    return frozenset(target for shape in shapes for _, target in _references(shape))


def _references(shape: Shape) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the columns of each reference within the review, but the one to the whole."""
    for key in shape.table.foreign_key_constraints:
        columns = tuple(element.parent.name for element in key.elements)
        if columns[0] == "review_id" and len(columns) > 1 and columns[1:] != shape.given:
            yield columns[1:], key.referred_table.name
