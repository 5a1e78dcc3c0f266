"""Writing references as RIS, BibTeX, CSL-JSON and CSV, so that reading them gives the same again.

Each record is read back as it is written. What the format could not carry goes as JSON into a tag
or field of our own, which other programs ignore, and from which our reader restores it.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any

from app.exchange.references.bibtex import read_bibtex
from app.exchange.references.bibtex_fields import REST as BIBTEX_REST
from app.exchange.references.csl import COLUMNS as CSL_NAMES
from app.exchange.references.csl import OURS, folded, read_csl, year_of
from app.exchange.references.latex import to_latex
from app.exchange.references.record import Draft
from app.exchange.references.ris import REST as RIS_REST
from app.exchange.references.ris import TAG, read_ris
from app.exchange.references.table_columns import (
    CSL_COLUMNS,
    OWN_HEADINGS,
    guess_columns,
    put_columns,
)
from app.exchange.references.values import written_name
from app.exchange.references.vocabulary import BIBTEX_TYPES, RIS_TYPES, written_types
from app.export.writers import Column, guard, write_csv

Reference = Mapping[str, Any]
"""A source as `SourceCreate` takes it, without fields that are empty."""
_RIS = written_types(RIS_TYPES)
_BIBTEX = written_types(BIBTEX_TYPES)
RIS_LINES = {
    "VL": "volume",
    "IS": "issue",
    "PB": "publisher",
    "CY": "publisher-place",
    "ET": "edition",
    "T3": "collection-title",
    "J2": "container-title-short",
    "ST": "title-short",
    "DB": "source",
    "CN": "call-number",
    "M3": "genre",
    "SE": "section",
    "N1": "note",
}
BIBTEX_LINES = {
    "volume": "volume",
    "number": "issue",
    "publisher": "publisher",
    "address": "publisher-place",
    "edition": "edition",
    "series": "collection-title",
    "issn": "ISSN",
    "isbn": "ISBN",
    "keywords": "keyword",
    "note": "note",
    "shorttitle": "title-short",
    "shortjournal": "container-title-short",
    "type": "genre",
}
_KEY = re.compile(r"[^\s,{}\"#%=()\\]+")


class WrittenFormat(StrEnum):
    """A format references are written in."""

    RIS = "ris"
    BIBTEX = "bibtex"
    CSL = "csl"
    CSV = "csv"


MEDIA_TYPES = {
    WrittenFormat.RIS: "application/x-research-info-systems",
    WrittenFormat.BIBTEX: "application/x-bibtex",
    WrittenFormat.CSL: "application/vnd.citationstyles.csl+json",
    WrittenFormat.CSV: "text/csv; charset=utf-8",
}
ENDINGS = {
    WrittenFormat.RIS: "ris",
    WrittenFormat.BIBTEX: "bib",
    WrittenFormat.CSL: "json",
    WrittenFormat.CSV: "csv",
}


def write_references(references: Iterable[Reference], kind: WrittenFormat) -> Iterator[bytes]:
    """Yield a file in UTF-8, record by record."""
    if kind is WrittenFormat.CSV:
        yield from write_csv([Column(name, name) for name in OWN_HEADINGS], map(_row, references))
    elif kind is WrittenFormat.CSL:
        before = "[\n"
        for reference in references:
            yield (before + _whole(reference, _csl_text, read_csl, kind)).encode()
            before = ",\n"
        yield b"\n]\n" if before == ",\n" else b"[]\n"
    else:
        write = _ris_text if kind is WrittenFormat.RIS else _bibtex_text
        read = _read_ris if kind is WrittenFormat.RIS else read_bibtex
        for reference in references:
            yield (_whole(reference, write, read, kind) + "\n").encode()


def _whole(
    reference: Reference,
    write: Callable[[Reference, str], str],
    read: Callable[[str], Iterator[Draft]],
    kind: WrittenFormat,
) -> str:
    """Write a record; where reading it gives another one, write it with what is missing."""
    text = write(reference, "")
    as_read = text.replace("\r\n", "\n").replace("\r", "\n")
    rest = difference(reference, list(read(as_read)), kind)
    return write(reference, rest) if rest else text


def difference(reference: Reference, drafts: list[Draft], kind: WrittenFormat) -> str:
    """Return as JSON what reading must be told to give the reference; empty when nothing."""
    draft = drafts[0] if len(drafts) == 1 and not drafts[0].trouble else Draft(1, "")
    csl = dict(draft.csl)
    if draft.rest:
        csl["custom"] = csl.get("custom", {}) | {kind.value: draft.rest}
    parts = {
        "fields": _changes({n: v for n, v in reference.items() if n != "csl"}, draft.fields),
        "csl": _changes(reference.get("csl") or {}, csl),
    }
    said = {name: part for name, part in parts.items() if part}
    return json.dumps(said, ensure_ascii=False, sort_keys=True) if said else ""


def _changes(wanted: Reference, found: Mapping[str, Any]) -> dict[str, Any]:
    names = {*wanted, *found}
    return {n: wanted.get(n) for n in names if wanted.get(n) != found.get(n)}


def _date(reference: Reference) -> list[int]:
    """Return year, month and day as far as known; the year is that of the column."""
    issued = (reference.get("csl") or {}).get("issued")
    year = reference.get("year")
    if year is None or not isinstance(issued, dict) or year_of(issued) != year:
        return [year] if year is not None else []
    try:
        return [int(part) for part in issued["date-parts"][0]]
    except (KeyError, TypeError, ValueError, IndexError):
        return [year]


def _csl_of(reference: Reference, name: str) -> str:
    value = (reference.get("csl") or {}).get(name)
    return value if isinstance(value, str) else ""


def _authors(reference: Reference) -> list[dict[str, str]]:
    return _people(reference.get("authors"))


def _editors(reference: Reference) -> list[dict[str, str]]:
    return _people((reference.get("csl") or {}).get("editor"))


def _people(names: object) -> list[dict[str, str]]:
    return [name for name in names if isinstance(name, dict)] if isinstance(names, list) else []


def _read_ris(text: str) -> Iterator[Draft]:
    return read_ris(text.split("\n"))


def _ris_text(reference: Reference, rest: str) -> str:
    pairs = [("TY", _RIS.get(reference["type"], "GEN")), ("ID", reference.get("cite_key", ""))]
    pairs += [("AU", written_name(name)) for name in _authors(reference)]
    pairs += [("ED", written_name(name)) for name in _editors(reference)]
    pairs += [("TI", reference["title"]), ("JF", reference.get("container_title", ""))]
    date = _date(reference)
    pairs.append(("PY", str(date[0]) if date else ""))
    if len(date) > 1:
        pairs.append(("DA", "/".join(f"{part:02}" for part in date)))
    first, _, last = _csl_of(reference, "page").partition("-")
    pairs += [("SP", first), ("EP", last), ("DO", reference.get("doi", ""))]
    pairs += [(tag, _csl_of(reference, name)) for tag, name in RIS_LINES.items()]
    pairs.append(("SN", _csl_of(reference, "ISSN") or _csl_of(reference, "ISBN")))
    pairs += [("KW", word) for word in _csl_of(reference, "keyword").split("; ")]
    pairs += [("LA", reference.get("language", "")), ("UR", reference.get("url", ""))]
    pairs.append(("AB", reference.get("abstract", "")))
    if reference.get("pmid"):
        pairs.append(("U1", f"{reference['pmid']}[pmid]"))
    pairs += _vendor_pairs(reference)
    lines = [f"{tag}  - {_one_value(value)}" for tag, value in [*pairs, (RIS_REST, rest)] if value]
    return "\n".join([*lines, "ER  - \n"])


def _vendor_pairs(reference: Reference) -> list[tuple[str, str]]:
    """Return what a file of the same format had besides, so that it goes out as it came."""
    custom = (reference.get("csl") or {}).get("custom")
    pairs = custom.get("ris") if isinstance(custom, dict) else None
    if not isinstance(pairs, list):
        return []
    return [
        (pair[0], pair[1])
        for pair in pairs
        if isinstance(pair, list) and len(pair) == len("kv") and _is_vendor(pair)
    ]


def _is_vendor(pair: list[Any]) -> bool:
    tag, value = pair
    return (
        isinstance(tag, str)
        and isinstance(value, str)
        and re.fullmatch(r"[A-Z][A-Z0-9]", tag) is not None
        and tag not in {"TY", "ER", RIS_REST}
    )


def _one_value(value: str) -> str:
    """Return a value whose lines are no tags of their own; else all of it in one line."""
    lines = value.replace("\r", "\n").split("\n")
    if any(TAG.match(line) or not line.strip() for line in lines[1:]):
        return " ".join(line.strip() for line in lines)
    return "\n".join(lines)


def _bibtex_text(reference: Reference, rest: str) -> str:
    date = _date(reference)
    container = "journal" if reference["type"].startswith("article") else "booktitle"
    fields = {
        "author": _bibtex_names(_authors(reference)),
        "editor": _bibtex_names(_editors(reference)),
        "title": to_latex(reference["title"]),
        container: to_latex(reference.get("container_title", "")),
        "year": str(date[0]) if date else "",
        "month": str(date[1]) if len(date) == len("ym") else "",
        "date": "-".join(f"{part:02}" for part in date) if len(date) > len("ym") else "",
        "pages": to_latex(_csl_of(reference, "page")).replace("-", "--"),
        "doi": _braced(reference.get("doi", "")),
        "url": _braced(reference.get("url", "")),
        "pmid": _braced(reference.get("pmid", "")),
        "abstract": to_latex(reference.get("abstract", "")),
        "language": to_latex(reference.get("language", "")),
    }
    fields |= {name: to_latex(_csl_of(reference, csl)) for name, csl in BIBTEX_LINES.items()}
    key = reference.get("cite_key", "")
    lines = [f"@{_BIBTEX.get(reference['type'], 'misc')}{{{key if _KEY.fullmatch(key) else ''}"]
    lines += [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    if rest:
        lines.append(f"  {BIBTEX_REST} = {{{_balanced_json(rest)}}}")
    return ",\n".join(lines) + "\n}\n"


def _bibtex_names(people: list[dict[str, str]]) -> str:
    written = []
    for person in people:
        name, comma, suffix = person.get("given", "").partition(", ")
        turned = person | {"given": f"{suffix}{comma}{name}"} if comma else person
        text = to_latex(written_name(turned))
        written.append(f"{{{text}}}" if "literal" in person else text)
    return " and ".join(written)


def _braced(value: str) -> str:
    """Return a value that is not text, a DOI or address; one with odd braces goes elsewhere."""
    return value if not re.search(r"[{}\\\n]", value) else ""


def _balanced_json(rest: str) -> str:
    """Spell braces inside strings out, so that BibTeX counts only those of the JSON itself."""
    return re.sub(
        r'"(?:[^"\\]|\\.)*"',
        lambda found: found[0].replace("{", "\\u007b").replace("}", "\\u007d"),
        rest,
    )


def csl_item(reference: Reference) -> dict[str, Any]:
    """Return a reference as a CSL-JSON item; what is ours alone is left out."""
    csl = dict(reference.get("csl") or {})
    item: dict[str, Any] = {"id": reference.get("cite_key", "")}
    item |= {name: reference[column] for name, column in CSL_NAMES.items() if column in reference}
    item |= {"DOI": reference["doi"]} if "doi" in reference else {}
    names = csl.pop("author", None)
    authors = reference.get("authors", [])
    same = (
        isinstance(names, list)
        and [folded(name) for name in names if isinstance(name, dict)] == authors
    )
    item |= {"author": names if same else authors} if authors else {}
    if year_of(csl.get("issued")) != reference.get("year"):
        csl["issued"] = {"date-parts": [[reference.get("year")]]} if "year" in reference else None
    item = csl | item
    return {name: value for name, value in item.items() if value is not None}


def _csl_text(reference: Reference, rest: str) -> str:
    item = csl_item(reference)
    if rest:
        item["custom"] = _with_ours(item.get("custom"), json.loads(rest))
    return json.dumps(item, ensure_ascii=False, indent=1)


def _with_ours(custom: object, rest: dict[str, Any]) -> dict[str, Any]:
    """Add what CSL-JSON has no name for to `custom`, also where that was no object."""
    if custom is not None and not isinstance(custom, dict):
        rest = rest | {"csl": rest.get("csl", {}) | {"custom": custom}}
    return (custom if isinstance(custom, dict) else {}) | {OURS: rest}


def _row(reference: Reference) -> list[str]:
    cells = {name: str(reference.get(name, "")) for name in OWN_HEADINGS}
    cells["authors"] = "; ".join(written_name(name) for name in _authors(reference))
    cells |= {
        name: _csl_of(reference, csl) for name, csl in CSL_COLUMNS.items() if name in OWN_HEADINGS
    }
    cells = {name: cell.replace("\r", "\n") for name, cell in cells.items()} | {"csl": ""}
    draft = Draft(1, "")
    guarded = {name: guard(cell) for name, cell in cells.items()}
    put_columns(draft, guarded, guess_columns(OWN_HEADINGS), is_ours=True)
    cells["csl"] = difference(reference, [draft], WrittenFormat.CSV)
    return list(cells.values())
