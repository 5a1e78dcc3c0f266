"""Reading a reference file: its format and encoding guessed from its content, then its records."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice

from app.errors import FieldProblem, InvalidError
from app.exchange.references.bibtex import read_bibtex
from app.exchange.references.csl import read_csl
from app.exchange.references.endnote import read_endnote
from app.exchange.references.nbib import read_nbib
from app.exchange.references.record import Draft, Found, UnknownFormatError, finish
from app.exchange.references.ris import read_ris
from app.exchange.references.table import (
    FIRST_ROWS,
    delimiter_of,
    is_heading,
    read_table,
    sheet_rows,
    text_rows,
    under_headings,
)
from app.exchange.references.table_columns import FIELDS, guess_columns
from app.exchange.references.wos import read_wos
from app.library.encodings import guess_encoding, open_lines, open_text, require_encoding

FIRST_LINES = 400
"""Lines a format is looked for in; some tools put a report before the records."""


class ReferenceFormat(StrEnum):
    """A format of reference files."""

    RIS = "ris"
    BIBTEX = "bibtex"
    NBIB = "nbib"
    ENDNOTE = "endnote"
    CSL = "csl"
    WOS = "wos"
    CSV = "csv"
    TSV = "tsv"
    XLSX = "xlsx"


LINE_READERS: dict[ReferenceFormat, Callable[[Iterator[str]], Iterator[Draft]]] = {
    ReferenceFormat.RIS: read_ris,
    ReferenceFormat.NBIB: read_nbib,
    ReferenceFormat.WOS: read_wos,
}
TEXT_READERS: dict[ReferenceFormat, Callable[[str], Iterator[Draft]]] = {
    ReferenceFormat.BIBTEX: read_bibtex,
    ReferenceFormat.ENDNOTE: read_endnote,
    ReferenceFormat.CSL: read_csl,
}
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How files of Office before 2007 begin."""
TABLES = {ReferenceFormat.CSV: None, ReferenceFormat.TSV: "\t"}
ENDINGS = {
    "ris": ReferenceFormat.RIS,
    "bib": ReferenceFormat.BIBTEX,
    "bibtex": ReferenceFormat.BIBTEX,
    "nbib": ReferenceFormat.NBIB,
    "ciw": ReferenceFormat.WOS,
    "json": ReferenceFormat.CSL,
    "xml": ReferenceFormat.ENDNOTE,
    "csv": ReferenceFormat.CSV,
    "tsv": ReferenceFormat.TSV,
    "xlsx": ReferenceFormat.XLSX,
}
SIGNS = (
    (ReferenceFormat.RIS, re.compile(r"\ufeff?(TY {0,3}- {1,3}[A-Z]|ty  - [A-Za-z])")),
    (ReferenceFormat.NBIB, re.compile(r"\ufeff?(PMID|PMC|PMCR|OWN|FAU|STAT) {0,2}-")),
    (ReferenceFormat.WOS, re.compile(r"\ufeff?(FN (Clarivate|Thomson|ISI)|VR 1\.0|PT [JBSP]$)")),
    (ReferenceFormat.BIBTEX, re.compile(r"[ \t\ufeff]*@[ \t]*[A-Za-z]+[ \t]*[{(]")),
    (ReferenceFormat.RIS, re.compile(r"\ufeff?(T1|TI|A1|AU|PY|ER)  -( |$)")),
)


@dataclass(frozen=True, slots=True)
class Guess:
    """What a file is taken for; `mapping` names the field of each column of a table."""

    format: ReferenceFormat
    encoding: str
    mapping: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person says a file is; what they leave open is guessed."""

    file_name: str = ""
    format: ReferenceFormat | None = None
    encoding: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)


def guess(content: bytes, wish: Wish) -> Guess:
    """Guess what a person left open; raises `UnknownFormatError` when nothing fits."""
    if not content.strip():
        raise UnknownFormatError("The file is empty; nothing was read.")
    if content.startswith(OLD_OFFICE):
        raise UnknownFormatError("It is an old workbook (.xls); save it as .xlsx or CSV.")
    encoding = require_encoding(wish.encoding) if wish.encoding else guess_encoding(content)
    if wish.format is ReferenceFormat.XLSX or (not wish.format and content[:4] == b"PK\x03\x04"):
        headings, _ = under_headings(sheet_rows(content, wish.mapping), wish.mapping)
        return Guess(ReferenceFormat.XLSX, "", _mapping(headings, wish.mapping))
    kind = wish.format or _format(content, encoding, wish.file_name)
    if kind in TABLES:
        rows = text_rows(open_lines(content, encoding), TABLES[kind])
        headings, _ = under_headings(rows, wish.mapping)
        return Guess(kind, encoding, _mapping(headings, wish.mapping))
    if wish.mapping:
        raise InvalidError(f"mapping: only tables have columns, and this is {kind.value}.")
    return Guess(kind, encoding)


def _mapping(headings: list[str], wished: Mapping[str, str]) -> dict[str, str]:
    """Add to the guess what a person says; a column or field that is not there is refused."""
    for heading, name in wished.items():
        if heading not in headings:
            there = ", ".join(headings[:20])
            raise _mapping_error(heading, f"there is no such column; there are {there}")
        if name and name not in FIELDS:
            raise _mapping_error(heading, f"{name} is none of {', '.join(sorted(FIELDS))}")
    taken = set(wished.values())
    guessed = {h: "" if f in taken else f for h, f in guess_columns(headings).items()}
    return guessed | dict(wished)


def _mapping_error(heading: str, message: str) -> InvalidError:
    return InvalidError(
        f"mapping: {heading}: {message}.", fields=[FieldProblem(f"mapping.{heading}", message)]
    )


def _format(content: bytes, encoding: str, file_name: str) -> ReferenceFormat:
    head = list(islice(open_lines(content, encoding), FIRST_LINES))
    start = "\n".join(head).lstrip("\ufeff \t\n")
    if start.startswith("<") and "<record" in start.lower():
        return ReferenceFormat.ENDNOTE
    if re.match(r'\[\s*(\{|\])|\{\s*"', start):
        return ReferenceFormat.CSL
    for kind, sign in SIGNS:
        if any(sign.match(line) for line in head):
            return kind
    top = head[:FIRST_ROWS]
    if any(is_heading(cells) for _, _, cells in text_rows(iter(top))):
        return ReferenceFormat.TSV if delimiter_of(top) == "\t" else ReferenceFormat.CSV
    ending = file_name.rpartition(".")[2].lower()
    if ending in ENDINGS and ENDINGS[ending] is not ReferenceFormat.XLSX:
        return ENDINGS[ending]
    names = ", ".join(ReferenceFormat)
    raise UnknownFormatError(
        f"The file is in no format we know by its content; name one: {names}.",
        extra={"formats": list(ReferenceFormat)},
    )


def read_references(content: bytes, guessed: Guess) -> Iterator[Found]:
    """Read a file as what it was guessed to be; one found thing for every record, in order."""
    kind = guessed.format
    if kind in LINE_READERS:
        drafts = LINE_READERS[kind](open_lines(content, guessed.encoding))
    elif kind in TEXT_READERS:
        drafts = TEXT_READERS[kind](open_text(content, guessed.encoding))
    elif kind is ReferenceFormat.XLSX:
        rows = sheet_rows(content, guessed.mapping)
        drafts = read_table(rows, guessed.mapping, is_sheet=True)
    else:
        rows = text_rows(open_lines(content, guessed.encoding), TABLES[kind])
        drafts = read_table(rows, guessed.mapping)
    return finish(drafts, kind.value)
