"""Importing references into a search: the same reading for a preview and for the real thing.

Records go in by batches within one transaction and one change-set: memory grows little with the
file, and all of it can be undone as one step. The file itself is kept byte for byte.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.collecting import collecting_seldom
from app.db import next_part
from app.errors import FieldProblem, InvalidError
from app.exchange.completing import complete
from app.exchange.import_schemas import (
    MOST_SHOWN,
    SAMPLES,
    ImportRead,
    ImportWish,
    RemarkRead,
    SampleRead,
)
from app.exchange.references.reading import Guess, ReferenceFormat, Wish, guess, read_references
from app.exchange.references.record import BadRecord, Found, Record, UnknownFormatError
from app.exchange.sorting import Known, NewSource, Repeated, Sorted, read_held, sort_records
from app.history.models import Channel
from app.history.recording import insert_many, ledger
from app.library.bulk import CiteKeys, insert_sources
from app.library.files import keep_file
from app.library.schemas import SourceCreate
from app.library.search_models import Search, SearchFile, SearchHit
from app.library.search_schemas import ProblemRead, SearchCreate
from app.library.service import keys_in_use

BATCH = 2_000
TOLD_EVERY = 500
SAME_SEARCH = ("database", "platform", "searched_on", "query")
"""What makes two searches with one file the same search."""
Tell = Callable[[str, int, int | None], None]
"""Takes a stage, how much is done and of how much; null while nobody knows."""


@dataclass(slots=True)
class Tally:
    """What became of the records so far."""

    records: int = 0
    added: int = 0
    repeated: int = 0
    known: int = 0
    elsewhere: int = 0
    filled: set[int] = field(default_factory=set)
    """Known sources that got what they did not have."""
    same_files: dict[int, int] = field(default_factory=dict)
    """The number of the very file in each search that had it before."""
    problems: list[ProblemRead] = field(default_factory=list)
    remarks: list[RemarkRead] = field(default_factory=list)
    samples: list[SampleRead] = field(default_factory=list)

    def count(self, one: Sorted) -> None:
        """Count one record."""
        self.records += 1
        if isinstance(one, BadRecord):
            problem = ProblemRead(record=one.number, line=one.line, reason=one.reason, raw=one.raw)
            self.problems.append(problem)
            return
        if isinstance(one, NewSource):
            self.added += 1
            self.elsewhere += one.is_elsewhere
            if len(self.samples) < SAMPLES:
                self.samples.append(_sample(one.record.number, one.wish))
        elif isinstance(one, Repeated):
            self.repeated += 1
        else:
            self.known += 1
        if len(self.remarks) < MOST_SHOWN:
            place = {"record": one.record.number, "line": one.record.line}
            self.remarks += [RemarkRead(**place, remark=text) for text in one.record.remarks]


def _sample(number: int, wish: SourceCreate) -> SampleRead:
    shown = wish.model_dump(include=set(SampleRead.model_fields) - {"record"})
    return SampleRead(record=number, **shown)


def read_mapping(pairs: list[str]) -> Mapping[str, str]:
    """Read COLUMN=FIELD pairs; the last sign parts them, since headings may have one."""
    found = {}
    for n, pair in enumerate(pairs):
        heading, equals, name = pair.rpartition("=")
        if not equals:
            raise InvalidError(
                f"mapping: {pair}: write COLUMN=FIELD, e.g. Titel=title.",
                fields=[FieldProblem(f"mapping.{n}", "no = between column and field")],
            )
        found[heading] = name
    return found


def begin_import(session: Session, wish: ImportWish) -> None:
    """Say in the history by which door the change-set comes and, unless a person did, why."""
    book = ledger(session)
    book.channel = Channel.IMPORT
    book.reason = book.reason or f"import of {wish.file_name}"


@dataclass(frozen=True, slots=True)
class Reading:
    """A file whose reading was begun: what it was taken for, and what is found in it, once."""

    content: bytes
    guessed: Guess
    found: Iterable[Found]


def read_file(wish: ImportWish, content: bytes) -> Reading:
    """Begin to read a file; raises `UnknownFormatError` when it is nothing we read."""
    given = Wish(wish.file_name, wish.format, wish.encoding, read_mapping(wish.mapping))
    guessed = guess(content, given)
    return Reading(content, guessed, read_references(content, guessed))


def told(reading: Reading, tell: Tell) -> Iterator[Found]:
    """Pass on what is found, and tell at which line of how many reading is."""
    total = reading.content.count(b"\n") or None
    for n, one in enumerate(reading.found):
        if n % TOLD_EVERY == 0:
            tell("reading", min(one.line, total) if total else n, total)
        yield one


def preview_import(
    session: Session, search: Search, wish: ImportWish, content: bytes | Reading
) -> ImportRead:
    """Say what importing a file would do, and do nothing."""
    reading = content if isinstance(content, Reading) else read_file(wish, content)
    guessed, records = _sorted(session, search, reading)
    tally = Tally()
    while batch := list(islice(records, BATCH)):
        tally.filled |= complete(session, search.review_id, batch, is_preview=True)
        for one in batch:
            tally.count(one)
    _refuse_nothing(guessed, tally)
    tally.same_files = _same_files(session, search.review_id, reading.content)
    return _answer(search, guessed, tally, is_preview=True)


def import_references(
    session: Session,
    member: Member,
    search: Search,
    wish: ImportWish,
    content: bytes | Reading,
    folder: Path,
) -> ImportRead:
    """Import a file; bad records are kept with it, and a file that says nothing new is none."""
    begin_import(session, wish)
    reading = content if isinstance(content, Reading) else read_file(wish, content)
    guessed, records = _sorted(session, search, reading)
    same_files = _same_files(session, search.review_id, reading.content)
    file_row = _file(member, search, wish, guessed, reading.content)
    writer = _Writer(session, member, search, file_row)
    with collecting_seldom():
        while batch := list(islice(records, BATCH)):
            writer.write(batch)
    _refuse_nothing(guessed, writer.tally)
    writer.tally.same_files = same_files
    earlier = same_files.get(search.id)
    if earlier is not None and not writer.is_begun:
        return _answer(search, guessed, writer.tally, is_preview=False, file=earlier)
    keep_file(folder, file_row.sha256, reading.content)
    writer.finish()
    first, last = writer.first, writer.first + writer.tally.added - 1
    return _answer(
        search,
        guessed,
        writer.tally,
        is_preview=False,
        file=writer.file.n,
        sources=(first, last) if writer.tally.added else None,
    )


def _sorted(session: Session, search: Search, reading: Reading) -> tuple[Guess, Iterator[Sorted]]:
    held = read_held(session, search.review_id, search.id)
    return reading.guessed, sort_records(reading.found, held)


def _refuse_nothing(guessed: Guess, tally: Tally) -> None:
    if not tally.records:
        raise UnknownFormatError(
            f"No record was found; the file was read as {guessed.format.value}. Name its format.",
            extra={"formats": list(ReferenceFormat)},
        )


def _same_files(session: Session, review_id: int, content: bytes) -> dict[int, int]:
    """Return the number of this very file in each search that has it; the first where twice."""
    same = select(SearchFile.search_id, func.min(SearchFile.n)).where(
        SearchFile.review_id == review_id,
        SearchFile.sha256 == hashlib.sha256(content).hexdigest(),
    )
    rows = session.execute(same.group_by(SearchFile.search_id).order_by(SearchFile.search_id))
    return dict(rows.all())


def search_like(session: Session, review_id: int, wish: SearchCreate, content: bytes) -> int | None:
    """Return the search of the same database, platform, day and query that has this very file."""
    said = (getattr(Search, name) == getattr(wish, name) for name in SAME_SEARCH)
    having = Search.id.in_(_same_files(session, review_id, content))
    found = select(Search.id).where(Search.review_id == review_id, having, *said)
    return session.scalar(found.order_by(Search.id).limit(1))


def _file(
    member: Member, search: Search, wish: ImportWish, guessed: Guess, content: bytes
) -> SearchFile:
    return SearchFile(
        review_id=search.review_id,
        search_id=search.id,
        file_name=wish.file_name,
        sha256=hashlib.sha256(content).hexdigest(),
        byte_size=len(content),
        format=guessed.format.value,
        encoding=guessed.encoding,
        mapping=guessed.mapping or None,
        records=0,
        added=0,
        repeated=0,
        known=0,
        problems=None,
        created_by=member.user.id,
    )


class _Writer:
    """Writes batches of sorted records: sources, and a hit for each record."""

    def __init__(self, session: Session, member: Member, search: Search, file: SearchFile) -> None:
        self.session, self.member, self.search, self.file = session, member, search, file
        self.keys = CiteKeys(keys_in_use(session, search.review_id))
        self.tally = Tally()
        self.first = 0
        self.is_begun = False

    def write(self, batch: list[Sorted]) -> None:
        """Write one batch."""
        self.tally.filled |= complete(self.session, self.search.review_id, batch)
        for one in batch:
            self.tally.count(one)
        new = [one for one in batch if isinstance(one, NewSource)]
        number = 0
        if new:
            number = insert_sources(self.session, self.member, [n.wish for n in new], self.keys)
            self.first = self.first or number
        hits = []
        for one in batch:
            if isinstance(one, NewSource):
                hits.append(self._hit(one.record, number, one.sha256))
                number += 1
            elif isinstance(one, Repeated):
                hits.append(self._hit(one.record, self.first + one.place, one.sha256))
            elif isinstance(one, Known) and one.sha256:
                hits.append(self._hit(one.record, one.source_id, one.sha256))
        self._insert(hits)

    def _hit(self, record: Record, source_id: int, sha256: str) -> dict[str, Any]:
        return {
            "review_id": self.search.review_id,
            "search_id": self.search.id,
            "source_id": source_id,
            "record": record.number,
            "line": record.line,
            "raw": record.raw,
            "raw_sha256": sha256,
        }

    def _insert(self, hits: list[dict[str, Any]]) -> None:
        if not hits:
            return
        self._begin()
        for n, hit in enumerate(hits, start=self.search.last_hit + 1):
            hit |= {"n": n, "file_n": self.file.n}
        self.search.last_hit += len(hits)
        insert_many(self.session, SearchHit, hits)

    def _begin(self) -> None:
        """Write the row of the file before the first record that refers to it."""
        if self.is_begun:
            return
        self.is_begun = True
        self.file.n = next_part(self.search, "last_file")
        self.search.version += 1
        self.session.add(self.file)
        self.session.flush()

    def finish(self) -> None:
        """Write down what became of all records."""
        self._begin()
        file, tally = self.file, self.tally
        file.records, file.added, file.repeated = tally.records, tally.added, tally.repeated
        file.known = tally.known
        if tally.problems:
            file.problems = [problem.model_dump() for problem in tally.problems]
        self.session.flush()


def _answer(
    search: Search,
    guessed: Guess,
    tally: Tally,
    *,
    is_preview: bool,
    file: int | None = None,
    sources: tuple[int, int] | None = None,
) -> ImportRead:
    first, last = sources or (None, None)
    return ImportRead(
        is_preview=is_preview,
        search_id=search.id,
        file=file,
        format=guessed.format,
        encoding=guessed.encoding,
        mapping=guessed.mapping,
        records=tally.records,
        added=tally.added,
        repeated=tally.repeated,
        known=tally.known,
        bad=len(tally.problems),
        elsewhere=tally.elsewhere,
        filled=len(tally.filled),
        same_file_in=list(tally.same_files),
        first_source=first,
        last_source=last,
        problems=tally.problems[:MOST_SHOWN],
        remarks=tally.remarks[:MOST_SHOWN],
        samples=tally.samples,
    )
