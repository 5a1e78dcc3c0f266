"""CSL-JSON 1.0.2: an array of items, or one item, or an object that holds them under `items`."""

import json
import re
from collections.abc import Iterator
from typing import Any

from app.exchange.references.record import Draft, put_rest
from app.exchange.references.values import bare_doi, find_year
from app.exchange.references.vocabulary import CROSSREF_TYPES

COLUMNS = {
    "container-title": "container_title",
    "PMID": "pmid",
    "URL": "url",
    "abstract": "abstract",
    "language": "language",
    "title": "title",
    "type": "type",
}
OURS = "retroduce"
"""Under `custom`: what a source of ours says beyond CSL-JSON."""
_DECODER = json.JSONDecoder()
_BETWEEN = re.compile(r"[\s,\ufeff]*")
_ITEMS = re.compile(r'\s*\ufeff?\{\s*"(?:items|references)"\s*:\s*\[')
_NEXT = re.compile(r"\}\s*,\s*(?=\{)")


def read_csl(text: str) -> Iterator[Draft]:
    """Read a whole file; an item that is no JSON is a bad one, and reading goes on behind it."""
    wrapped = _ITEMS.match(text)
    at = wrapped.end() if wrapped else _skip(text, 0)
    is_list = bool(wrapped) or text[at : at + 1] == "["
    at += 1 if is_list and not wrapped else 0
    line, counted = 1, 0
    while (at := _skip(text, at)) < len(text) and text[at] != "]":
        line, counted = line + text.count("\n", counted, at), at
        draft, at = _item(text, at, line)
        yield draft
        if not is_list:
            return


def _skip(text: str, at: int) -> int:
    found = _BETWEEN.match(text, at)
    return found.end() if found else at


def _item(text: str, at: int, line: int) -> tuple[Draft, int]:
    try:
        item, end = _DECODER.raw_decode(text, at)
    except (ValueError, RecursionError) as error:
        found = _NEXT.search(text, at)
        end = found.end() if found else len(text)
        raw = text[at:end].rstrip(" \r\n\t,")
        reason = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        return Draft(line, raw, trouble=f"it is no JSON: {reason}"), max(end, at + 1)
    draft = Draft(line, text[at:end])
    if not isinstance(item, dict):
        draft.trouble = "it is no CSL-JSON item, which is an object"
    else:
        _fill(draft, item)
    return draft, end


def _fill(draft: Draft, item: dict[str, Any]) -> None:
    _put_columns(draft, item)
    doi = item.get("DOI")
    if isinstance(doi, str) and bare_doi(doi):
        draft.put("doi", bare_doi(item.pop("DOI")))
    key = item.pop("citation-key", None) or item.get("id")
    if key is not None and "://" not in str(key):  # Zotero's is an address; it stays the id
        draft.put("cite_key", str(key))
        item.pop("id", None)
    _put_authors(draft, item)
    _put_year(draft, item)
    ours = item.get("custom")
    draft.csl.update(item)
    if isinstance(ours, dict) and OURS in ours:
        draft.csl["custom"] = {name: value for name, value in ours.items() if name != OURS}
        if not draft.csl["custom"]:
            del draft.csl["custom"]
        put_rest(draft, json.dumps(ours[OURS]))


def _put_columns(draft: Draft, item: dict[str, Any]) -> None:
    draft.fields["type"] = "document"
    for name, column in COLUMNS.items():
        value = item.pop(name, None)
        if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
            value = value[0]  # as Crossref's own interface writes it
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if value is None or isinstance(value, str):
            draft.put(column, value)
        else:
            draft.csl[name] = value
    kind = draft.fields["type"]
    draft.fields["type"] = CROSSREF_TYPES.get(kind, kind)


def _put_authors(draft: Draft, item: dict[str, Any]) -> None:
    """Put authors as family, given and literal; particles and suffixes are kept in `author` too."""
    names = item.get("author")
    if not isinstance(names, list):
        return
    plain = [folded(name) for name in names if isinstance(name, dict)]
    draft.put("authors", [name for name in plain if name])
    if draft.fields.get("authors", []) == names:
        del item["author"]


def folded(name: dict[str, Any]) -> dict[str, str]:
    """Fold particles and suffix of a CSL name into family and given."""
    words = {part: word for part, word in name.items() if isinstance(word, str) and word}
    if "literal" in words and "family" not in words:
        return {"literal": words["literal"]}
    family = [words.get("non-dropping-particle"), words.get("family")]
    given = " ".join(filter(None, [words.get("given"), words.get("dropping-particle")]))
    found = {
        "family": " ".join(filter(None, family)),
        "given": ", ".join(filter(None, [given, words.get("suffix")])),
    }
    return {part: word for part, word in found.items() if word}


def _put_year(draft: Draft, item: dict[str, Any]) -> None:
    issued = item.get("issued")
    year = year_of(issued)
    draft.put("year", year)
    if issued == {"date-parts": [[year]]}:
        del item["issued"]


def year_of(issued: object) -> int | None:
    """Return the year of a CSL date: of its parts, or of `raw` or `literal`."""
    if not isinstance(issued, dict):
        return None
    try:
        return int(issued["date-parts"][0][0])
    except (KeyError, IndexError, TypeError, ValueError, OverflowError):
        return find_year(str(issued.get("raw") or issued.get("literal") or ""))
