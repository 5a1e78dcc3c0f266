"""EndNote XML, record by record: each is parsed alone, so that a broken one costs itself only.

No document type is ever read: an entity that a file declares is unknown here and makes its record a
bad one, whatever it would have opened or multiplied.
"""

import re
from collections.abc import Iterator
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from app.exchange.references.record import UNSOUND, Draft
from app.exchange.references.values import bare_doi, dated, is_isbn, marked_doi, names_of
from app.exchange.references.vocabulary import ENDNOTE_TYPES

Element = Any
"""Of the standard library, which is never parsed with: only through defusedxml."""

_START = re.compile(r"<record(?:\s[^>]*)?>", re.IGNORECASE)
_END = re.compile(r"</record\s*>", re.IGNORECASE)
_INDENT = re.compile(r"[ \t]*\n[ \t]*")
SIMPLE = {
    "volume": "volume",
    "number": "issue",
    "pages": "page",
    "publisher": "publisher",
    "pub-location": "publisher-place",
    "edition": "edition",
    "section": "section",
    "work-type": "genre",
    "call-num": "call-number",
    "remote-database-name": "source",
}
CONTAINERS = ("titles/secondary-title", "periodical/full-title")
ABBREVIATIONS = ("periodical/abbr-1", "titles/alt-title", "alt-periodical/full-title")
USED = {
    "ref-type",
    "contributors",
    "titles",
    "periodical",
    "dates",
    "keywords",
    "urls",
    *SIMPLE,
}


def read_endnote(text: str) -> Iterator[Draft]:
    """Read a whole file; a draft for every `record` element, in order."""
    line, at = 1, 0
    for start in _START.finditer(text):
        if start.start() < at:
            continue  # inside the record before
        line += text.count("\n", at, start.start())
        at = start.start()
        end = _END.search(text, start.end())
        following = _START.search(text, start.end())
        stop = end.end() if end else len(text)
        if following and following.start() < stop:
            stop, end = following.start(), None
        raw = text[start.start() : stop]
        yield _draft(Draft(line, raw.rstrip()), is_whole=end is not None)
        line, at = line + raw.count("\n"), stop


def _draft(draft: Draft, *, is_whole: bool) -> Draft:
    if UNSOUND.search(draft.raw):
        return draft
    if not is_whole:
        draft.trouble = "its closing </record> is missing"
        return draft
    try:
        record: Element = fromstring(draft.raw)
    except (ParseError, DefusedXmlException, ValueError, RecursionError) as error:
        draft.trouble = f"it is no well-formed XML: {error}"
        return draft
    _put_type(draft, record)
    draft.put("title", _text(record, "titles/title"))
    draft.put("authors", names_of(_texts(record, "contributors/authors/author")))
    draft.put_csl("editor", names_of(_texts(record, "contributors/secondary-authors/author")))
    _put_containers(draft, record)
    _put_date(draft, record)
    _put_identifiers(draft, record)
    draft.put("abstract", _text(record, "abstract"))
    draft.put("language", _text(record, "language"))
    draft.put_csl("keyword", "; ".join(_texts(record, "keywords/keyword")))
    draft.put_csl("note", "\n".join([*_texts(record, "notes"), *_texts(record, "research-notes")]))
    for path, name in SIMPLE.items():
        draft.put_csl(name, _text(record, path))
    _put_rest(draft, record)
    return draft


def _words(element: Element) -> str:
    """Return the text of an element and all styles in it; indented lines are one."""
    whole = "".join(element.itertext()).replace("\r", "\n")
    return _INDENT.sub("\n" if element.tag in {"abstract", "notes"} else " ", whole).strip()


def _texts(record: Element, path: str) -> list[str]:
    return [words for element in record.findall(path) if (words := _words(element))]


def _text(record: Element, *paths: str) -> str:
    return next((words for path in paths for words in _texts(record, path)), "")


def _put_type(draft: Draft, record: Element) -> None:
    element = record.find("ref-type")
    name = element.get("name", "") if element is not None else ""
    draft.fields["type"] = ENDNOTE_TYPES.get(name, "document")
    if name not in ENDNOTE_TYPES:
        draft.rest.append(["ref-type", name])


def _put_containers(draft: Draft, record: Element) -> None:
    title = _text(record, *CONTAINERS)
    if draft.fields["type"] == "book":
        draft.put_csl("collection-title", title)
    else:
        draft.put("container_title", title)
        draft.put_csl("collection-title", _text(record, "titles/tertiary-title"))
    short = _text(record, *ABBREVIATIONS)
    if short != title:
        draft.put_csl("container-title-short", short)
    draft.put_csl("title-short", _text(record, "titles/short-title"))


def _put_date(draft: Draft, record: Element) -> None:
    years, days = _texts(record, "dates/year"), _texts(record, "dates/pub-dates/date")
    whole = [f"{years[0]} {day}" for day in days] if years else days
    year, issued = dated([*whole, *years])
    draft.put("year", year)
    draft.put_csl("issued", issued)


def _put_identifiers(draft: Draft, record: Element) -> None:
    urls = _texts(record, "urls/related-urls/url") + _texts(record, "urls/web-urls/url")
    number = _text(record, "electronic-resource-num")
    draft.put("doi", bare_doi(number) or marked_doi(urls))
    if number and not bare_doi(number):
        draft.rest.append(["electronic-resource-num", number])
    draft.put("url", urls[0] if urls else None)
    draft.rest.extend(["url", url] for url in [*urls[1:], *_texts(record, "urls/pdf-urls/url")])
    accession = _text(record, "accession-num")
    is_pubmed = (
        any("pubmed" in url for url in urls)
        or "pubmed" in _text(record, "remote-database-provider", "remote-database-name").lower()
    )
    if accession.isdigit() and is_pubmed:
        draft.put("pmid", accession)
    serial = _text(record, "isbn")
    draft.put_csl("ISBN" if is_isbn(serial) else "ISSN", serial)


_DONE = {"abstract", "language", "notes", "research-notes", "isbn", "electronic-resource-num"}


def _put_rest(draft: Draft, record: Element) -> None:
    """Keep every other element by its name, with the words in it."""
    for element in record:
        name = str(element.tag)
        if name in USED or name in _DONE:
            continue
        if words := _words(element):
            draft.rest.append([name, words])
