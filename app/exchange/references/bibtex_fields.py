"""What the fields of a BibTeX or BibLaTeX entry mean as CSL-JSON."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from app.exchange.references.latex import from_latex, references_in
from app.exchange.references.record import Draft, put_rest
from app.exchange.references.values import bare_doi, dated, find_year, marked_doi, month_number
from app.exchange.references.vocabulary import BIBTEX_TYPES

REST = "retroduce"
"""Our own field: what of a source no other field could carry, as JSON."""
COLUMNS = {
    "title": "title",
    "abstract": "abstract",
    "language": "language",
    "langid": "language",
    "pmid": "pmid",
    "url": "url",
    "journal": "container_title",
    "journaltitle": "container_title",
    "booktitle": "container_title",
}
SIMPLE = {
    "volume": "volume",
    "number": "issue",
    "issue": "issue",
    "publisher": "publisher",
    "school": "publisher",
    "institution": "publisher",
    "organization": "publisher",
    "address": "publisher-place",
    "location": "publisher-place",
    "edition": "edition",
    "series": "collection-title",
    "issn": "ISSN",
    "isbn": "ISBN",
    "keywords": "keyword",
    "note": "note",
    "shorttitle": "title-short",
    "shortjournal": "container-title-short",
    "type": "genre",
    "chapter": "chapter-number",
    "version": "version",
    "eventtitle": "event-title",
    "eid": "number",
    "articleno": "number",
    "article-number": "number",
    "art_number": "number",
    "pmcid": "PMCID",
}
VERBATIM = {"url", "doi", "file", "eprint", "crossref", "pmid", "note-url", REST}
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_BREAK = re.compile(r"[ \t]*\n\s*")
_ESCAPED = re.compile(r"\\([&%#_{}$~])")
_MONTH_DAY = re.compile(r"(\w+)\.?(?:\W+(\d{1,2}))?")
_URL = re.compile(r"https?://[^\s{}\"]+")
MOST_PARTS = 3
"""Of one name between commas: von Family, Jr, Given."""


def draft_of(kind: str, key: str, values: list[tuple[str, str]], draft: Draft) -> Draft:
    """Fill the draft of an entry; of a field given twice the first counts, the second is kept."""
    fields: dict[str, str] = {}
    for name, value in values:
        lower = name.lower()
        if lower in fields:
            draft.remarks.append(f"{name} is given twice; the first counts")
            draft.rest.append([name, value])
        elif value.strip():
            fields[lower] = value
    draft.fields["type"] = BIBTEX_TYPES.get(kind, "document")
    if kind not in BIBTEX_TYPES:
        draft.rest.append(["ENTRYTYPE", kind])
        draft.remarks.append(f"@{kind} is no type we know; taken as a document")
    draft.put("cite_key", key)
    said = dict(fields)
    _put_names(draft, fields)
    _put_identifiers(draft, fields)
    _put_date(draft, fields)
    _put_texts(draft, fields)
    draft.remarks += _left_out((name, said[name]) for name in said if name not in fields)
    own = fields.pop(REST, None)
    draft.rest.extend([name, value] for name, value in fields.items())
    if own:
        put_rest(draft, own)
    return draft


def _left_out(values: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Name the references that reading these fields left out of them."""
    for name, value in values:
        if name not in VERBATIM and (found := references_in(value)):
            yield f"{name}: {', '.join(found)} left out, which LaTeX would set as a reference"


def plain(name: str, value: str) -> str:
    """Return what a value says: a line break is a space, LaTeX is decoded where it is text."""
    value = _BREAK.sub(" ", value).strip()
    if name in VERBATIM:
        return _ESCAPED.sub(r"\1", value).strip("{}") if name != REST else value
    return from_latex(value).strip()


def _put_texts(draft: Draft, fields: dict[str, str]) -> None:
    for name, column in COLUMNS.items():
        if name in fields and column not in draft.fields:
            draft.put(column, plain(name, fields.pop(name)))
    for name, other in SIMPLE.items():
        if name in fields and other not in draft.csl:
            draft.put_csl(other, plain(name, fields.pop(name)))
    if "pages" in fields:
        draft.put_csl("page", plain("pages", re.sub(r"-{2,3}", "-", fields.pop("pages"))))
    if "subtitle" in fields and "title" in draft.fields:
        draft.fields["title"] += f": {plain('title', fields.pop('subtitle'))}"


def _put_identifiers(draft: Draft, fields: dict[str, str]) -> None:
    if "url" not in fields and (found := _URL.search(fields.get("howpublished", ""))):
        draft.put("url", plain("url", found[0]))
    given = plain("doi", fields.get("doi", ""))
    others = [plain("url", fields[n]) for n in ("crossref", "url", "note", "eprint") if n in fields]
    doi = bare_doi(given) or marked_doi(others)
    draft.put("doi", doi)
    if bare_doi(given):
        del fields["doi"]


def _put_date(draft: Draft, fields: dict[str, str]) -> None:
    year, month = plain("year", fields.get("year", "")), plain("month", fields.get("month", ""))
    texts = [plain("date", fields.get("date", "")), year]
    found, issued = dated(text for text in texts if text)
    said = _MONTH_DAY.match(month)
    if found and said and not (issued and "date-parts" in issued):
        _, issued = dated([f"{found} {said[1]} {said[2] or ''}"])
    draft.put("year", found)
    draft.put_csl("issued", issued)
    if found is None and (year or texts[0]):
        draft.remarks.append(f"no year in {(year or texts[0])[:40]!r}")
        return
    _drop_said(fields, year, month, issued)


def _drop_said(
    fields: dict[str, str], year: str, month: str, issued: dict[str, Any] | None
) -> None:
    """Take away date fields whose every word is in the year and the date already."""
    if find_year(year) and year in {str(find_year(year)), (issued or {}).get("raw")}:
        fields.pop("year", None)
    if month.isalnum() and issued and month_number(month):
        fields.pop("month", None)
    date = fields.get("date", "")
    if issued and dated([date])[1] == issued and re.fullmatch(r"[\d-]+", date):
        del fields["date"]


def _put_names(draft: Draft, fields: dict[str, str]) -> None:
    for role in ("author", "editor"):
        if role not in fields:
            continue
        names = [name for text in _people(draft, fields.pop(role)) if (name := _name(text))]
        if role == "author":
            draft.put("authors", names)
        else:
            draft.put_csl("editor", names)


def _people(draft: Draft, value: str) -> list[str]:
    """Split at `and` outside braces; pairs between commas, which are wrong, are read too."""
    texts = [text for text in _outside_braces(_BREAK.sub(" ", value).strip(), _AND) if text]
    if texts and texts[-1].lower() == "others":
        draft.remarks.append("the list of names ends in `others`, who are not named")
        draft.rest.append(["and", texts.pop()])
    if len(texts) == 1:
        parts = [part.strip() for part in texts[0].split(",")]
        if len(parts) > MOST_PARTS and len(parts) % 2 == 0:
            draft.remarks.append("names between commas, not `and`; read in pairs")
            return [f"{family}, {given}" for family, given in zip(*[iter(parts)] * 2, strict=True)]
    return texts


def _outside_braces(text: str, pattern: re.Pattern[str]) -> list[str]:
    parts, begin = [], 0
    for found in pattern.finditer(text):
        before = text[: found.start()]
        if before.count("{") - before.count("\\{") == before.count("}") - before.count("\\}"):
            parts.append(text[begin : found.start()].strip())
            begin = found.end()
    return [*parts, text[begin:].strip()]


def _name(text: str) -> dict[str, str] | None:
    """Read a name as BibTeX does: `First von Last`, `von Last, First`, `von Last, Jr, First`."""
    if text.startswith("{") and text.endswith("}") and text.count("{") == 1:
        literal = plain("author", text)
        return {"literal": literal} if literal else None
    parts = [plain("author", part) for part in _outside_braces(text, re.compile(","))]
    if len(parts) > 1:
        given = ", ".join(part for part in (*parts[2:], *parts[1:2]) if part)
        name = {"family": parts[0], "given": given}
    else:
        given, family = _first_and_last(text)
        name = {"family": plain("author", family), "given": plain("author", given)}
    return {part: word for part, word in name.items() if word} or None


def _first_and_last(text: str) -> tuple[str, str]:
    """Part `First von Last`: the last word and the lower-case words before it are the family."""
    words = _outside_braces(text, re.compile(r"[\s~]+"))
    start = len(words) - 1
    for at, word in enumerate(words[:-1]):
        if at and word[:1].islower():
            start = at
            break
    return " ".join(words[:start]), " ".join(words[start:])
