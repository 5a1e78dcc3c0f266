"""Tables: CSV, TSV and XLSX with one record a row and a heading a column, whatever it is called.

The meaning of each column is guessed from its heading, reported, and can be named otherwise.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest

from app.exchange.references.record import Draft, UnknownFormatError
from app.exchange.references.table_columns import OWN_HEADINGS, guess_columns, put_columns

DELIMITERS = ",\t;|"
LARGEST_SHEET = 1_000_000_000
"""Bytes a workbook may unpack to."""
MOST_COLUMNS = 1_000
Row = tuple[int, str, Sequence[str]]
"""Line in the file, raw text, cells."""


def delimiter_of(heading: str) -> str:
    """Return what parts the headings of a line: the sign found most often outside quotes."""
    bare = re.sub(r'"[^"]*"', "", heading)
    return max(DELIMITERS, key=bare.count)


def text_rows(lines: Iterable[str], delimiter: str | None = None) -> Iterator[Row]:
    """Yield the rows of a CSV or TSV file; a row that cannot be read has no cells but its raw."""
    kept: list[str] = []

    def keeping() -> Iterator[str]:
        for line in lines:
            kept.append(line)
            yield line + "\n"

    source = keeping()
    first = next(source, "")
    sign = delimiter or delimiter_of(first)
    reader = csv.reader(_chained(first, source), delimiter=sign)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            cells = [f"\x00{error}"]
        raw = "\n".join(kept)
        if any(cells):
            yield line, raw, cells
        line += len(kept)
        kept.clear()


def _chained(first: str, rest: Iterator[str]) -> Iterator[str]:
    if first:
        yield first
    yield from rest


def sheet_rows(content: bytes) -> Iterator[Row]:
    """Yield the rows of the first sheet of a workbook, values as text; raw is the row as JSON."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        _refuse_bomb(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            cells = [_cell(value) for value in row[:MOST_COLUMNS]]
            if any(cells):
                yield number, json.dumps(cells, ensure_ascii=False), cells
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError) as error:
        raise UnknownFormatError(f"The workbook cannot be read: {error}.") from error
    except (SyntaxError, OSError, EOFError, AttributeError, TypeError) as error:
        raise UnknownFormatError(f"The workbook is broken: {error}.") from error


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _refuse_bomb(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = sum(part.file_size for part in archive.infolist())
    if size > LARGEST_SHEET:
        raise UnknownFormatError(f"The workbook would unpack to {size:,} bytes; send it as CSV.")


def headings_of(rows: Iterator[Row]) -> list[str]:
    """Take the first row as headings, without the byte order mark."""
    _, _, cells = next(rows, (1, "", ()))
    return [cell.removeprefix("\ufeff").strip() for cell in cells]


def read_table(rows: Iterator[Row], mapping: Mapping[str, str] | None = None) -> Iterator[Draft]:
    """Read rows under their headings; `mapping` names the field of a heading, "" for none."""
    headings = headings_of(rows)
    chosen = guess_columns(headings) | dict(mapping or {})
    is_ours = headings == list(OWN_HEADINGS)
    for line, raw, cells in rows:
        draft = Draft(line, raw)
        if len(cells) == 1 and cells[0].startswith("\x00"):
            draft.trouble = f"it is no row of this table: {cells[0][1:]}"
        elif len(cells) > len(headings) and any(cells[len(headings) :]):
            draft.trouble = f"it has {len(cells)} cells under {len(headings)} headings"
        else:
            pairs = zip_longest(headings, cells[: len(headings)], fillvalue="")
            put_columns(draft, dict(pairs), chosen, is_ours=is_ours)
        yield draft
