"""Tables as CSV, JSON and XLSX, written row by row; knows nothing of databases.

Rows are taken from an iterator one at a time and never kept, so memory does not grow with them.
Text is what a database can hold: the encoders refuse lone surrogates.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from math import isfinite
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import orjson

from app.errors import InvalidError

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

Cell = str | int | float | bool | datetime | date | None
_Write = Callable[[int, int, Any], object]

BATCH = 2
CHUNK = 64 * 1024
MAX_ROWS = 1_048_576  # in one sheet, its header included
MAX_COLUMNS = 16_384
MAX_TEXT = 32_767  # in one cell, counted in UTF-16 units as Excel does
MAX_LINKS = 65_530  # in one sheet
MAX_URL = 2_079  # characters of one link, after escaping
EXACT_WHOLE = 10**15  # Excel keeps fifteen digits and turns the rest into zeros
FIRST_YEAR, LAST_YEAR = 1900, 9999  # of Excel's calendar
CUT_MARK = "… [cut at 32,767 characters; the CSV holds it whole]"

_DANGEROUS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"  # the last four: full-width = + - @
_TO_GUARD = re.compile(f"'*[{re.escape(_DANGEROUS)}]")
_CSV_FIRST = frozenset(_DANGEROUS + "'")
_XLSX_FIRST = frozenset(_DANGEROUS + "<")
_CSV_NATIVE = frozenset({int, float, type(None)})
# A book's default, because a format named on every cell costs a fifth more time.
_WRAPPED = {"font_name": "Calibri", "font_size": 11, "text_wrap": True, "valign": "top"}
_LINK = re.compile("https?://[^\x00-\x20\x7f-\x9f\ufffe\uffff]+", re.IGNORECASE)
_LINK_SAFE = "!#$&'()*+,-./:;=?@\\_|~"  # what xlsxwriter does not escape in a link
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f\ufffe\uffff]+")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `name` heads it in CSV and JSON and never changes, `title` heads it in XLSX.

    `width` is in characters; cells of an `is_link` column hold absolute or relative URLs.
    """

    name: str
    title: str
    width: int = 20
    is_link: bool = False
    is_verbatim: bool = False
    """Words of a source, which readers are shown apart from ours."""


class SheetFullError(InvalidError, ValueError):
    """A table has more rows than a sheet can hold; CSV has no such end."""


def guard(text: str) -> str:
    """Put an apostrophe before text a spreadsheet could run as a formula (OWASP, CSV Injection).

    Text that already begins with apostrophes and then such a character gets one more, so that
    `guarded_back` restores every text exactly.
    """
    return "'" + text if _TO_GUARD.match(text) else text


def guarded_back(text: str) -> str:
    """Undo `guard`: the text a CSV cell of ours was written from."""
    return text[1:] if text[:1] == "'" and _TO_GUARD.match(text) else text


def write_csv(columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Yield RFC 4180 in chunks of about 64 kB: UTF-8 with byte order mark, CRLF, guarded text.

    Times are ISO 8601, truth is `true` or `false`; None and empty text are both empty cells.
    ValueError for a row of the wrong length.
    """
    buffer = io.StringIO(newline="")
    buffer.write("\ufeff")
    write = csv.writer(buffer).writerows
    write([[guard(column.name) for column in columns]])
    first, native, slow = _CSV_FIRST, _CSV_NATIVE, _csv_cell
    sound = checked(columns, rows)
    while batch := list(islice(sound, BATCH)):
        # One expression, no call: most cells are plain text, and this loop is all the cost.
        write(
            [
                [
                    cell
                    if (isinstance(cell, str) and cell[:1] not in first) or type(cell) in native
                    else slow(cell)
                    for cell in row
                ]
                for row in batch
            ]
        )
        if buffer.tell() >= CHUNK:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def write_json(columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Yield a JSON array of objects keyed by column name, one a line, in chunks of about 64 kB.

    Text stands verbatim; None is null, and so are NaN and the infinities, which JSON lacks.
    ValueError for a row of the wrong length.
    """
    names = [column.name for column in columns]
    buffer, before = bytearray(b"["), b"\n"
    for row in checked(columns, rows):
        buffer += before
        buffer += orjson.dumps(dict(zip(names, row, strict=True)))
        before = b",\n"
        if len(buffer) >= CHUNK:
            yield bytes(buffer)
            buffer.clear()
    yield bytes(buffer) + b"\n]\n"


def write_xlsx(
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    path: Path,
    *,
    title: str,
    notes: Sequence[str],
) -> int:
    """Write the rows on one sheet and the notes on a second, "About"; return how many cells it cut.

    `path` appears only when whole. Text is stored as text, verbatim, never as a formula; times
    are UTC. A link Excel cannot hold, or a relative one, stays as plain text and "About" counts
    it. ValueError for a row of the wrong length and for more rows or columns than a sheet has.
    """
    if len(columns) > MAX_COLUMNS:
        raise ValueError(f"An XLSX sheet ends at {MAX_COLUMNS:,} columns; use CSV instead.")
    from xlsxwriter import Workbook

    with TemporaryDirectory(dir=path.parent) as spare, _disk_errors():
        draft = Path(spare) / "draft.xlsx"
        style = {"default_format_properties": dict(_WRAPPED)}
        with Workbook(draft, {"constant_memory": True, "tmpdir": spare, **style}) as book:
            book.use_zip64()
            sheet = _Sheet(book, _sheet_name(title))
            sheet.write_header(columns)
            sheet.write_rows(columns, rows)
            _Sheet(book, "About").write_notes([title, *notes, *sheet.losses()])
        draft.replace(path)
    return sheet.cut


@contextmanager
def _disk_errors() -> Iterator[None]:
    """Raise what the disk said as it was, not as the library wraps it."""
    from xlsxwriter.exceptions import FileCreateError

    try:
        yield
    except FileCreateError as error:
        raise error.args[0] from error


class _Sheet:
    """A sheet while it is written, top down, with counts of what Excel could not hold."""

    def __init__(self, book: "Workbook", name: str) -> None:
        self.sheet = book.add_worksheet(name)
        self.plain = book.add_format()
        self.bold = book.add_format({"bold": True})
        # Without this prefix, editing such a cell in Excel would turn its text into a formula.
        self.inert = book.add_format({"quote_prefix": True})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.second = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self.cut = self.links = self.unlinked = 0

    def write_header(self, columns: Sequence[Column]) -> None:
        """Write the titles and freeze them."""
        for place, column in enumerate(columns):
            self.sheet.set_column(place, place, column.width)
            self._text(0, place, column.title, self.bold)
        self.sheet.freeze_panes(1, 0)

    def write_rows(self, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> None:
        """Write the rows below the header and put the filter over all of them."""
        writers = [self._writers(column) for column in columns]
        last = 0
        for last, row in enumerate(checked(columns, rows), 1):
            if last >= MAX_ROWS:
                raise SheetFullError(f"An XLSX sheet ends at {MAX_ROWS:,} rows; use CSV instead.")
            for place, cell in enumerate(row):
                if cell is not None:
                    writers[place][cell.__class__](last, place, cell)
        if columns:
            self.sheet.autofilter(0, 0, last, len(columns) - 1)
            # Codes and years given as text are meant as text: no green corner on each.
            self.sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{MAX_ROWS}"})

    def write_notes(self, notes: Sequence[str]) -> None:
        """Write one note a row, the first in bold."""
        self.sheet.set_column(0, 0, 100)
        for line, note in enumerate(notes):
            self._text(line, 0, note, None if line else self.bold)

    def losses(self) -> list[str]:
        """Sentences on what this sheet could not hold, none when it holds everything."""
        cut = f"{self.cut:,} cells were cut at {MAX_TEXT:,} characters; the CSV holds them whole."
        plain = f"{self.unlinked:,} links are plain text, because Excel cannot follow them here."
        return [cut] * bool(self.cut) + [plain] * bool(self.unlinked)

    def _writers(self, column: Column) -> "_ByKind":
        return _ByKind(
            {
                str: self._link if column.is_link else self._text,
                bool: self.sheet.write_boolean,
                int: self._whole,
                float: self._real,
                datetime: self._time,
                date: self._day,
            }
        )

    def _text(self, row: int, place: int, text: str, style: "Format | None" = None) -> None:
        if len(text) > MAX_TEXT // 2:
            text = self._fitted(text)
        if text[:1] not in _XLSX_FIRST:
            self.sheet.write_string(row, place, text, style)
        elif text.startswith("<r>") and text.endswith("</r>"):
            # In constant memory xlsxwriter takes such text for markup and writes it unescaped;
            # as two runs it is escaped and reads the same.
            runs = ("<", self.plain, text[1:])
            self.sheet.write_rich_string(row, place, *runs, style or self.plain)
        else:
            self.sheet.write_string(row, place, text, style if text[0] == "<" else self.inert)

    def _link(self, row: int, place: int, url: str) -> None:
        is_known = _LINK.fullmatch(url) and len(quote(url, safe=_LINK_SAFE)) <= MAX_URL
        if is_known and self.links < MAX_LINKS:
            self.links += 1
            self.sheet.write_url(row, place, url)
        else:
            self.unlinked += url != ""
            self._text(row, place, url)

    def _whole(self, row: int, place: int, number: int) -> None:
        if abs(number) < EXACT_WHOLE:
            self.sheet.write_number(row, place, number)
        else:
            self._text(row, place, str(number))

    def _real(self, row: int, place: int, number: float) -> None:
        if isfinite(number):
            self.sheet.write_number(row, place, number)
        else:
            self._text(row, place, str(number))

    def _day(self, row: int, place: int, day: date) -> None:
        if day.year >= FIRST_YEAR:
            self.sheet.write_datetime(row, place, day, self.day)
        else:
            self._text(row, place, day.isoformat())

    def _time(self, row: int, place: int, time: datetime) -> None:
        if FIRST_YEAR < time.year < LAST_YEAR:  # the shift to UTC may cross a year
            naive = time.astimezone(UTC).replace(tzinfo=None) if time.tzinfo else time
            self.sheet.write_datetime(row, place, naive, self.second)
        else:
            self._text(row, place, time.isoformat())

    def _fitted(self, text: str) -> str:
        """Cut text that Excel would call damaged, between characters, and mark and count it."""
        units = text.encode("utf-16-le")
        if len(units) <= 2 * MAX_TEXT:
            return text
        self.cut += 1
        return units[: 2 * (MAX_TEXT - len(CUT_MARK))].decode("utf-16-le", "ignore") + CUT_MARK


class _ByKind(dict[type, _Write]):
    """How to write each kind of cell; learns subclasses as they come, refuses other things."""

    def __missing__(self, kind: type) -> _Write:
        for base in kind.__mro__:
            if base in self:
                return self.setdefault(kind, self[base])
        raise TypeError(f"A cell cannot hold a {kind.__name__}.")


def checked(columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> Iterator[Sequence[Cell]]:
    """Pass the rows on, one by one, refusing one whose cells would stand under wrong headings."""
    width = len(columns)
    for number, row in enumerate(rows, 1):
        if len(row) != width:
            raise ValueError(f"Row {number} has {len(row)} cells for {width} columns.")
        yield row


def _csv_cell(cell: Cell) -> Cell:
    """Spell a cell the csv module would spell otherwise or a spreadsheet could run."""
    if isinstance(cell, str):
        return guard(cell)
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, date):
        return cell.isoformat()
    return cell


def _sheet_name(title: str) -> str:
    """Make a title what Excel takes as a sheet's name: 31 UTF-16 units, no brackets or slashes."""
    units = _NOT_IN_SHEET_NAMES.sub(" ", title).strip(" '").encode("utf-16-le")[:62]
    name = units.decode("utf-16-le", "ignore").strip(" '")
    return name if name and name.lower() not in {"about", "history"} else "Rows"
