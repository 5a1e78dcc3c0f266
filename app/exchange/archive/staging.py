"""Checking a whole archive outside the database, so that writing it is short and whole.

The archive is unpacked, every line is checked, and its rows are staged by table.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeGuard
from uuid import UUID

from pydantic import Field, ValidationError

from app.access.models import Review
from app.access.schemas import ReviewCreate
from app.collecting import collecting_seldom
from app.config import Settings
from app.db import Schema, now
from app.errors import ArchiveError, NewerArchiveError
from app.exchange.archive.checking import Checker, Found, References, Stage
from app.exchange.archive.export import Progress, no_progress
from app.exchange.archive.files import Texts
from app.exchange.archive.limits import why_unfit
from app.exchange.archive.lines import Line, moment
from app.exchange.archive.parsing import Place, read_lines, read_object
from app.exchange.archive.past import SEAT, person_columns
from app.exchange.archive.rules import Known
from app.exchange.archive.shape import (
    CHANGE_SETS,
    CHANGES,
    COUNTERS,
    FORMAT,
    FORMAT_VERSION,
    MANIFEST,
    MEMBERS,
    PEOPLE,
    REVIEW,
    Shape,
    flat,
    roots,
)
from app.exchange.archive.unpacking import unpack
from app.history.reading import models
from app.history.recording import is_tracked
from app.library.models import Document
from app.migrations import head_revision, knows_revision

FIRST = ("custom_field", "source", "document", "quote")
"""Tables by whose rows those of others are judged."""
EVERY = 1_000
"""Lines after which progress is told."""


class FileEntry(Schema):
    """What a manifest says of one file."""

    name: str
    bytes: int
    sha256: str
    lines: int | None = None


class ReviewEntry(Schema):
    """Which review an archive holds."""

    uuid: str
    slug: str


class Manifest(Schema):
    """What an archive says of itself; written by hand it may name the format alone."""

    format: str
    format_version: int
    revision: str | None = Field(default=None, alias="schema")
    program: str | None = None
    exported_at: str | None = None
    history: bool = False
    review: ReviewEntry | None = None
    files: list[FileEntry] | None = None


@dataclass
class Staged:
    """An archive that was found sound, ready to be written."""

    name: str
    folder: Path
    manifest: Manifest
    review: Line
    stage: Stage
    people: dict[str, str] = field(default_factory=dict)
    members: dict[str, str] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)
    sums: Mapping[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    last_change_set: int = 0

    @property
    def has_history(self) -> bool:
        """Say whether the archive tells how its things came about."""
        return bool(self.last_change_set)

    def lines(self, shape: Shape) -> Iterator[Line]:
        """Yield the things of one kind again, whole and checked, in the order of the file."""
        is_signed = (self.folder / PEOPLE).exists()
        found = Found(self.people, moment(now()), References(), is_signed)
        for _, row, _ in checked_lines(self.folder, shape, found, Texts(self.folder, self.sums)):
            yield row


def checked_lines(
    folder: Path, shape: Shape, found: Found, texts: Texts
) -> Iterator[tuple[Checker, Line, Place]]:
    """Yield the things of one kind, each with what checked it and can stage it, and its place."""
    is_document = shape.table.name == Document.__tablename__
    checker = Checker(shape, found, Texts.ALSO if is_document else frozenset())
    for place, line in read_lines(folder, shape.file):
        more = texts.complete(line, place) if is_document else {}
        yield checker, checker.check(line, place, place.line) | more, place


def stage_archive(
    archive: Path, folder: Path, settings: Settings, progress: Progress = no_progress
) -> Staged:
    """Unpack, check and stage an archive in an empty folder.

    Raises `ArchiveError` naming file, line and remedy, or `NewerArchiveError`.
    """
    unpacked, rows = folder / "files", folder / "rows"
    rows.mkdir(parents=True)
    sums = unpack(archive, unpacked, settings, progress)
    manifest = _read_manifest(unpacked, sums)
    stage = Stage(rows)
    try:
        with collecting_seldom():
            return _Staging(archive.name, unpacked, manifest, stage, sums, progress).run()
    finally:
        stage.close()


def _read_manifest(folder: Path, sums: Mapping[str, str]) -> Manifest:
    place, line = read_object(folder, MANIFEST)
    if line.get("format") != FORMAT:
        raise place.refuse(f"format: is not {FORMAT}; this is another kind of archive")
    _refuse_later(line)
    try:
        manifest = Manifest.model_validate(line)
    except ValidationError as error:
        raise place.refuse(why_unfit(error)) from None
    if manifest.files is not None:
        _compare(manifest.files, sums)
    return manifest


def _refuse_later(manifest: Line) -> None:
    """Refuse an archive whose format or schema came after this version, naming both."""
    version, schema = manifest.get("format_version"), manifest.get("schema")
    if isinstance(version, int) and version > FORMAT_VERSION:
        later, known = f"format_version: is {version}", str(FORMAT_VERSION)
    elif isinstance(schema, str) and not knows_revision(schema):
        later, known = f"schema: is {schema}", head_revision()
    else:
        return
    program = manifest.get("program")
    by = f"Retroduce {program}" if program else "a later version"
    raise NewerArchiveError(
        f"{MANIFEST}: {later}, and this version reads up to {known}. The archive was written by "
        f"{by}. Update Retroduce and import it again.",
        extra={"file": MANIFEST},
    )


def _compare(entries: list[FileEntry], sums: Mapping[str, str]) -> None:
    told = {entry.name: entry.sha256 for entry in entries}
    for name in sorted(told.keys() | sums.keys() - {MANIFEST}):
        if name not in sums:
            raise ArchiveError(f"{name} is in the manifest and not in the archive; copy it again.")
        if name not in told:
            raise ArchiveError(f"{name} is not in the manifest; take it out.")
        if told[name] != sums[name]:
            raise ArchiveError(
                f"{name} is not what was written: its sha256 is {sums[name]}, the manifest says "
                f"{told[name]}. Copy the archive again; if the file was changed by hand, take "
                "`files` out of the manifest.",
                extra={"file": name},
            )


class _Staging:
    """One run over the files of an archive, in the order of their references."""

    def __init__(
        self,
        name: str,
        folder: Path,
        manifest: Manifest,
        stage: Stage,
        sums: Mapping[str, str],
        progress: Progress,
    ) -> None:
        self.staged = Staged(name, folder, manifest, {}, stage, sums=sums)
        self.progress = progress
        self.texts = Texts(folder, sums)
        self.references = References()
        self.known = Known()
        self.total = sum(entry.lines or 0 for entry in manifest.files or ())
        self.done = 0

    def run(self) -> Staged:
        """Check and stage everything."""
        staged = self.staged
        staged.people = self._people()
        self.found = Found(
            staged.people, moment(now()), self.references, (staged.folder / PEOPLE).exists()
        )
        staged.review = self._review()
        staged.counts = dict.fromkeys((shape.name for shape in roots()), 0)
        for shape in sorted(roots(), key=lambda shape: shape.table.name not in FIRST):
            staged.counts[shape.name] = self._stage_root(shape)
        self.references.settle()
        self.known.settle()
        staged.files = self.texts.used | self._named_by_sum()
        staged.members = {row["user_id"]: row["role"] for row in self._flat(MEMBERS)}
        self._history()
        for place, line in self._lines(COUNTERS):
            kind, value = line.get("kind"), line.get("value")
            if line.keys() != {"kind", "value"} or not isinstance(kind, str):
                raise place.refuse("a counter has a kind and a value, nothing else")
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                raise place.refuse("value: is not a number of a thing; they start at 1")
            staged.counters[kind] = max(value, staged.counters.get(kind, 0))
        return staged

    def _named_by_sum(self) -> dict[str, Path]:
        """Return files under their sha256: those of references have no line of a document."""
        sums = self.staged.sums
        return {s: self.staged.folder / name for name, s in sums.items() if name.endswith(f"/{s}")}

    def _lines(self, name: str) -> Iterator[tuple[Place, Line]]:
        for place, line in read_lines(self.staged.folder, name):
            self._count()
            yield place, line

    def _count(self) -> None:
        self.done += 1
        if self.done % EVERY == 0:
            self.progress("checking", self.done, max(self.total, self.done) or None)

    def _people(self) -> dict[str, str]:
        people = {}
        for place, line in self._lines(PEOPLE):
            uuid, name = line.get("uuid"), line.get("name")
            if line.keys() != {"uuid", "name"} or not _is_uuid(uuid):
                raise place.refuse("a person has a uuid and a name, nothing else")
            if not isinstance(name, str) or "\x00" in name + uuid or uuid in people:
                raise place.refuse("name: is not a text, or the person came before")
            people[uuid] = name
        return people

    def _review(self) -> Line:
        place, line = read_object(self.staged.folder, REVIEW)
        row = Checker(flat()[REVIEW], self.found).check(line, place, 1)
        try:
            ReviewCreate.model_validate({n: row[n] for n in ReviewCreate.model_fields})
        except ValidationError as error:
            raise place.refuse(why_unfit(error)) from None
        return row

    def _stage_root(self, shape: Shape) -> int:
        kind, highest, count = models()[shape.table.name].aggregate, 0, 0
        lines = checked_lines(self.staged.folder, shape, self.found, self.texts)
        for checker, row, place in lines:
            self._count()
            self.known.judge(shape.table.name, row, place)
            checker.stage(row, self.staged.stage)
            highest, count = max(highest, row["id"]), count + 1
        if kind and count:
            self.staged.counters[kind[0]] = highest
        return count

    def _flat(self, name: str) -> Iterator[Line]:
        checker = Checker(flat()[name], self.found)
        for place, line in self._lines(name):
            yield checker.check(line, place, place.line)

    def _history(self) -> None:
        table = flat()[CHANGE_SETS].table
        columns = [column.name for column in table.columns if column.name != "review_id"]
        for row in self._flat(CHANGE_SETS):
            self.staged.stage.add(table.name, [row[name] for name in columns])
            self.staged.last_change_set = max(self.staged.last_change_set, row["id"])
        shape = flat()[CHANGES]
        checker = Checker(_without_key(shape), self.found, frozenset({"row_key", "aggregate_id"}))
        checker.is_target = False  # they ascend instead
        persons, last = person_columns(), (0, 0)
        for place, line in self._lines(CHANGES):
            row = checker.check(line, place, place.line)
            if (row["change_set_id"], row["n"]) <= last:
                raise place.refuse("n: changes stand in the order of change_set_id and n")
            last = (row["change_set_id"], row["n"])
            self._stage_change(line, row, place, persons)
        self.references.settle()

    def _stage_change(
        self, line: Line, row: Line, place: Place, persons: Mapping[str, Any]
    ) -> None:
        key, number, kind = line.get("row_key"), line.get("aggregate_id"), row["aggregate_kind"]
        _check_row(row["table_name"], key, place)
        if not isinstance(row["before"], dict | None):
            raise place.refuse("before: is not an object of values by column")
        if (number is None) != (kind == "review") or not isinstance(number, int | None):
            raise place.refuse("aggregate_id: is not the number of the thing")
        named = [*(key or ())] if row["table_name"] == SEAT else []
        before = row["before"] or {}
        named += [before[n] for n in persons[row["table_name"]] if before.get(n) is not None]
        unknown = [person for person in named if person not in self.staged.people]
        if unknown:
            raise place.refuse(f"there is no person {unknown[0]} in people.jsonl")
        values = row | {"row_key": key, "aggregate_id": number}
        names = [column.name for column in flat()[CHANGES].columns]
        self.staged.stage.add("change", [values[name] for name in names])


def _check_row(name: str, key: Any, place: Place) -> None:
    """Refuse a row that no history of a review tells of, or a key that is none of its table."""
    model = models().get(name)
    if model is None or not is_tracked(model):
        raise place.refuse(f"table_name: there is no table {name}")
    columns = [column.name for column in model.__table__.primary_key if column.name != "review_id"]
    parts = 0 if name == Review.__tablename__ else len(columns)
    is_key = isinstance(key, list) and all(type(part) in {int, str} for part in key)
    if not is_key or len(key) != parts:
        told = ", ".join(columns[:parts]) or "nothing"
        raise place.refuse(f"row_key: is not the list of what tells the row: {told}")


def _is_uuid(value: object) -> TypeGuard[str]:
    try:
        return isinstance(value, str) and str(UUID(value)) == value
    except ValueError:
        return False


def _without_key(shape: Shape) -> Shape:
    columns = tuple(c for c in shape.columns if c.name not in {"row_key", "aggregate_id"})
    return Shape(shape.table, shape.name, shape.given, shape.own, columns, ())
