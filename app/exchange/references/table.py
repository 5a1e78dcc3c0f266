"""Tables: CSV, TSV and XLSX with one record a row and a heading a column, whatever it is called.

The meaning of each column is guessed from its heading, reported, and can be named otherwise.
"""

import csv
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, time
from itertools import chain, islice, zip_longest
from typing import Any

from app.exchange.references.record import Draft, UnknownFormatError
from app.exchange.references.table_columns import OWN_HEADINGS, guess_columns, put_columns

DELIMITERS = ",\t;|"
LARGEST_SHEET = 1_000_000_000
"""Bytes a workbook may unpack to."""
MOST_COLUMNS = 1_000
FIRST_ROWS = 20
"""In which headings are looked for."""
_SEPARATOR = re.compile(r"\ufeff?sep=(.)\s*")
Row = tuple[int, str, Sequence[str]]
"""Line in the file, raw text, cells."""


def delimiter_of(lines: Sequence[str]) -> str:
    """Return what parts the cells: as `sep=;` says, or the sign found most often in headings.

    Headings are the first line that names a title, else the first line; quoted words say nothing.
    """
    said = _SEPARATOR.fullmatch(lines[0]) if lines else None
    if said:
        return said[1]
    bare = [re.sub(r'"[^"]*"', "", line) for line in lines]
    for line, words in zip(lines, bare, strict=True):
        sign = max(DELIMITERS, key=words.count)
        if is_heading([cell.strip(' "') for cell in line.split(sign)]):
            return sign
    return max(DELIMITERS, key=bare[0].count) if bare else ","


def text_rows(lines: Iterable[str], delimiter: str | None = None) -> Iterator[Row]:
    """Yield the rows of a CSV or TSV file; a row that cannot be read has no cells but its raw."""
    kept: list[str] = []
    given = iter(lines)
    head = list(islice(given, FIRST_ROWS))

    def keeping() -> Iterator[str]:
        for line in chain(head, given):
            kept.append(line)
            yield line + "\n"

    reader = csv.reader(keeping(), delimiter=delimiter or delimiter_of(head))
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            cells = [f"\x00{error}"]
        raw = "\n".join(kept)
        if any(cell.strip() for cell in cells):
            yield line, raw, cells
        line += len(kept)
        kept.clear()


def sheet_rows(content: bytes, wished: Iterable[str] = ()) -> Iterator[Row]:
    """Yield the rows of a sheet of a workbook, values as text; raw is the row as JSON.

    It is the first sheet with headings we know, or with those wished for; else the first.
    """
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        _refuse_bomb(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheets = book.worksheets
        sheet = next((s for s in sheets if _has_headings(s, wished)), sheets[0])
        yield from _rows_of(sheet)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError) as error:
        raise UnknownFormatError(f"The workbook cannot be read: {error}.") from error
    except (SyntaxError, OSError, EOFError, AttributeError, TypeError) as error:
        raise UnknownFormatError(f"The workbook is broken: {error}.") from error


def _rows_of(sheet: Any) -> Iterator[Row]:
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        cells = [_cell(value) for value in row[:MOST_COLUMNS]]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield number, json.dumps(cells, ensure_ascii=False), cells


def _has_headings(sheet: Any, wished: Iterable[str]) -> bool:
    rows = islice(_rows_of(sheet), FIRST_ROWS)
    return any(is_heading(cells, wished) for _, _, cells in rows)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime) and value.time() == time.min:
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _refuse_bomb(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = sum(part.file_size for part in archive.infolist())
    if size > LARGEST_SHEET:
        raise UnknownFormatError(f"The workbook would unpack to {size:,} bytes; send it as CSV.")


def is_heading(cells: Sequence[str], wished: Iterable[str] = ()) -> bool:
    """Say whether a row is one of headings: all that are wished for, else one for titles."""
    names, wanted = named(cells), set(wished)
    return wanted <= set(names) if wanted else "title" in guess_columns(names).values()


def named(cells: Sequence[str]) -> list[str]:
    """Return headings told from their like; one without words has the number of its column."""
    names: list[str] = []
    counted: Counter[str] = Counter()
    for number, cell in enumerate(cells, start=1):
        name = cell.removeprefix("\ufeff").strip() or f"column {number}"
        counted[name] += 1
        names.append(name if counted[name] == 1 else f"{name} ({counted[name]})")
    return names


def under_headings(
    rows: Iterator[Row], wished: Iterable[str] = ()
) -> tuple[list[str], Iterator[Row]]:
    """Part a table into its headings and the rows below.

    Headings are the first row that looks like some, since reports and merged cells may stand above;
    else the first row.
    """
    first = list(islice(rows, FIRST_ROWS))
    wishes = (wished, ()) if wished else ((),)
    found = (n for w in wishes for n, (_, _, cells) in enumerate(first) if is_heading(cells, w))
    at = next(found, 0)
    headings = named(first[at][2]) if first else []
    return headings, chain(first[at + 1 :], rows)


def read_table(
    rows: Iterator[Row], mapping: Mapping[str, str] | None = None, *, is_sheet: bool = False
) -> Iterator[Draft]:
    """Read rows under their headings; `mapping` names the field of a heading, "" for none.

    Cells without a heading are kept in a sheet; in a text file they betray a sign not quoted.
    """
    headings, below = under_headings(rows, mapping or ())
    chosen = guess_columns(headings) | dict(mapping or {})
    is_ours = headings == list(OWN_HEADINGS)
    for line, raw, cells in below:
        draft = Draft(line, raw)
        if len(cells) == 1 and cells[0].startswith("\x00"):
            draft.trouble = f"it is no row of this table: {cells[0][1:]}"
        elif not is_sheet and any(cells[len(headings) :]):
            draft.trouble = f"it has {len(cells)} cells under {len(headings)} headings"
        elif "title" not in chosen.values():
            draft.trouble = f"no column is taken for the title; name it, as in {headings[0]}=title"
        else:
            names = headings + [f"column {n + 1}" for n in range(len(headings), len(cells))]
            pairs = zip_longest(names, cells, fillvalue="")
            put_columns(draft, dict(pairs), chosen, is_ours=is_ours)
        yield draft
