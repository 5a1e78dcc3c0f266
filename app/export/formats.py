"""The kinds of file a table can be, but for XLSX: how each is written, and its media type."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from app.export.markup import write_html, write_markdown
from app.export.writers import Cell, Column, write_csv, write_json

Write = Callable[[Sequence[Column], Iterable[Sequence[Cell]]], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Streamed:
    """A kind of file that is written row by row."""

    media_type: str
    write: Write


def streamed(title: str, notes: Sequence[str]) -> dict[str, Streamed]:
    """Return the kinds of file by the ending of their names; some show title and notes."""
    markdown = partial(write_markdown, title=title, notes=notes)
    page = partial(write_html, title=title, notes=notes)
    return {
        "csv": Streamed("text/csv; charset=utf-8", write_csv),
        "json": Streamed("application/json", write_json),
        "md": Streamed("text/markdown; charset=utf-8", markdown),
        "html": Streamed("text/html; charset=utf-8", page),
    }
