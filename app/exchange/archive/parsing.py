"""Lines of an archive as values one can trust, or the file, line and key that is wrong."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from pathlib import Path
from typing import Any

import orjson
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import JSON, Boolean, Column, Date, Enum, Float, Integer

from app.db import MAX_NUMBER, UtcDateTime
from app.errors import ArchiveError
from app.exchange.archive.limits import limits, structure, why_unfit
from app.exchange.archive.lines import Line, moment
from app.exchange.archive.shape import is_person
from app.values import is_sound

LONGEST_LINE = 16 << 20
"""Bytes; the thing with the most parts stays far below."""
CANONICAL = len("2026-03-02T09:30:00.000000Z")
LARGEST = 2**53
"""Beyond it a number in a structure is not the same everywhere (RFC 8259, section 6)."""
Read = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file of an archive."""

    file: str
    line: int

    def refuse(self, why: str) -> ArchiveError:
        """Return the error that names this place."""
        where = f"{self.file} line {self.line}" if self.line else self.file
        return ArchiveError(f"{where}: {why}.", extra={"file": self.file, "line": self.line})


def read_lines(folder: Path, name: str) -> Iterator[tuple[Place, Line]]:
    """Yield the objects of a file with their places; a file that is not there has none."""
    path = folder / name
    if not path.exists():
        return
    with path.open("rb") as file:
        for number in count(1):
            place = Place(name, number)
            raw = file.readline(LONGEST_LINE + 1)
            if not raw:
                return
            if len(raw) > LONGEST_LINE:
                raise place.refuse(f"is longer than {LONGEST_LINE:,} bytes; is it one thing?")
            yield place, parse(raw, place)


def read_object(folder: Path, name: str) -> tuple[Place, Line]:
    """Return the one object of a file."""
    raw = (folder / name).read_bytes()
    return Place(name, 0), parse(raw, Place(name, 0))


def parse(raw: bytes, place: Place) -> Line:
    """Return the object that bytes hold."""
    try:
        value = orjson.loads(raw)
    except ValueError as error:
        raise place.refuse(_why_unreadable(raw, error)) from None
    if not isinstance(value, dict):
        raise place.refuse("is not a JSON object; write {…}")
    return value


def _why_unreadable(raw: bytes, error: ValueError) -> str:
    try:
        raw.decode()
    except UnicodeDecodeError as broken:
        return f"byte {broken.start + 1} is not UTF-8; save it as UTF-8"
    return f"is not JSON ({error}); each line is one whole object"


def reader(column: Column[Any]) -> Read:
    """Return what checks a value of a column and gives it as it will be staged."""
    if is_person(column):
        return _person
    kind = column.type
    if isinstance(kind, Enum):
        return _one_of(frozenset(kind.enums))
    within = limits(column)
    if isinstance(kind, JSON):
        return _structured(structure(column))
    if isinstance(kind, Integer):
        is_named = column.primary_key or column.foreign_keys
        return _number if is_named else _whole_within(within)
    for family, read in READERS:
        if isinstance(kind, family):
            return read
    longest = getattr(kind, "length", None) or within.get("maxLength")
    return _text(within.get("minLength", 0), longest)


def _person(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("is not the uuid of a person")
    return value


def _one_of(allowed: frozenset[str]) -> Read:
    def read(value: Any) -> str:
        if not isinstance(value, str) or value not in allowed:
            raise ValueError(f"is none of {', '.join(sorted(allowed))}")
        return value

    return read


def _text(shortest: int, longest: int | None) -> Read:
    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise TypeError("is not a text")
        if len(value) < shortest:
            raise ValueError("is empty; write something, or leave the key out")
        if longest is not None and len(value) > longest:
            raise ValueError(f"is longer than {longest} characters; shorten it")
        return is_sound(value)

    return read


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > MAX_NUMBER:
        raise ValueError("is not a whole number of at most 2,147,483,647")
    return value


def _whole_within(within: Mapping[str, int]) -> Read:
    if not within:
        return _whole
    least, most = within.get("minimum", -MAX_NUMBER), within.get("maximum", MAX_NUMBER)

    def read(value: Any) -> int:
        if not least <= _whole(value) <= most:
            raise ValueError(f"is not between {least:,} and {most:,}; correct it")
        return int(value)

    return read


def _number(value: Any) -> int:
    if _whole(value) < 1:
        raise ValueError("is not a number of a thing; they start at 1")
    return int(value)


def _yes_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("is neither true nor false")
    return value


def _float(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("is not a number")
    return value


def _moment(value: Any) -> str:
    try:
        found = datetime.fromisoformat(value)
        if len(value) == CANONICAL and value[-1] == "Z" and value[10] == "T":
            return str(value)
        if found.tzinfo is not None:
            return moment(found)
    except (TypeError, ValueError, OverflowError):
        pass
    raise ValueError("is not a moment with its zone, 2026-03-02T09:30:00.000000Z")


def _day(value: Any) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise ValueError("is not a day, 2026-03-02") from None


def _structure(value: Any) -> Any:
    if not isinstance(value, dict | list):
        raise TypeError("is neither an object nor a list")
    for leaf in _leaves(value):
        if isinstance(leaf, str):
            is_sound(leaf)
        elif isinstance(leaf, int | float) and abs(leaf) > LARGEST:
            raise ValueError("holds a number beyond ±2^53; write it as text")
    return value


def _structured(judge: TypeAdapter[Any] | None) -> Read:
    if judge is None:
        return _structure
    validate = judge.validate_python

    def read(value: Any) -> Any:
        try:
            validate(value)
        except ValidationError as error:
            raise ValueError(f"does not fit: {why_unfit(error)}") from None
        return _structure(value)

    return read


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from _leaves(inner)
    else:
        yield value


READERS: tuple[tuple[type[Any], Read], ...] = (
    (UtcDateTime, _moment),
    (Boolean, _yes_no),
    (Date, _day),
    (Float, _float),
)
