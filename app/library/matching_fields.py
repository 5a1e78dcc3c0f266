"""What two records are compared by: their fields, read down to what tools agree on."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.library.matching_words import (
    american,
    fold,
    main_title,
    notice_of,
    numbers_of,
    plain_title,
    words_of,
)

SERVERS = re.compile(
    r"arxiv|biorxiv|medrxiv|chemrxiv|psyarxiv|socarxiv|osf|preprints?|ssrn|research ?square|qeios"
    r"|authorea|social science research network"
)
"""Where preprints appear."""
PREPRINT_DOI = re.compile(r"10\.(?:1101/\d|21203|2139/ssrn|48550|31234|31235|26434|20944|31219)")
"""Beginnings that registrants give to preprints alone."""
IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
EMPTY_WORDS = frozenset(("the", "of", "and", "for", "in", "on", "a", "an", "de", "la", "et", "und"))
PAGE = re.compile(r"(?P<letters>[a-z]*)\s*0*(?P<number>\d+)")
DIGITS = re.compile(r"\d+")
ISSN = re.compile(r"\d{4}-?\d{3}[\dx]", re.IGNORECASE)
DOI = re.compile(r"10\.\d[\d.]*/\S+")
MOST_KEPT = 20_000
"""Names and journals come again and again."""
MOST_PEOPLE = 40
"""Authors looked at; a consortium's list says nothing new after that."""
INITIALS = 3
"""Letters in capitals at the end of a name that are initials at most."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A record as it is stored, under the names that a source has for its fields."""

    id: int
    title: str
    authors: Sequence[Mapping[str, str]] = ()
    year: int | None = None
    container_title: str | None = None
    doi: str | None = None
    pmid: str | None = None
    csl: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """A name: its family part as letters, all its words, and the first letter of the rest."""

    family: str
    words: frozenset[str]
    initial: str


@dataclass(frozen=True, slots=True)
class Profile:
    """A record as it is compared; an empty value speaks neither for nor against."""

    id: int
    title: tuple[str, ...]
    compact: str
    """The title without spaces; `main` of it what stands before the subtitle."""
    main: str
    numbers: tuple[str, ...]
    notice: str
    people: tuple[Person, ...]
    year: int | None
    container: tuple[str, ...]
    issn: frozenset[str]
    doi: str
    pmid: str
    volume: str
    issue: str
    page: str
    """The first; with its letters, where it is the number of an article or of a supplement."""
    is_preprint: bool
    is_abstract: bool
    """Of a conference, as its genre or its type says."""


def profile(record: Reference) -> Profile:
    """Read a record down to what is compared."""
    csl = record.csl or {}
    title = plain_title(record.title)
    words = words_of(title)
    container = record.container_title or ""
    doi = clean_doi(record.doi)
    genre = fold(_text(csl, "genre"))
    return Profile(
        id=record.id,
        title=words,
        compact=american("".join(words)),
        main=american("".join(words_of(main_title(title)))),
        numbers=numbers_of(words),
        notice="correction" if "erratum" in genre else notice_of(title),
        people=tuple(_people(record.authors)),
        year=record.year,
        container=_container(container),
        issn=frozenset(n.replace("-", "").lower() for n in ISSN.findall(_text(csl, "ISSN"))),
        doi=doi,
        pmid="".join(DIGITS.findall(record.pmid or "")[:1]),
        volume=_number(_text(csl, "volume")),
        issue=_number(_text(csl, "issue")),
        page=first_page(csl),
        is_preprint=_is_preprint(container, doi, genre, csl),
        is_abstract="conference abstract" in genre or "meeting abstract" in genre,
    )


def _text(csl: Mapping[str, Any], name: str) -> str:
    value = csl.get(name)
    return str(value) if isinstance(value, str | int | float) else ""


def clean_doi(doi: str | None) -> str:
    """Return a DOI in small letters without resolver and trailing signs; empty if it is none."""
    found = DOI.search((doi or "").lower().replace("%2f", "/"))
    return found[0].rstrip(".,;)/]") if found else ""


def first_page(csl: Mapping[str, Any]) -> str:
    """Return the first page, or the number of the article, without the `e` of the electronic."""
    given = _text(csl, "page") or _text(csl, "page-first") or _text(csl, "number")
    found = PAGE.search(given.lower())
    return f"{found['letters'].lstrip('e')}{found['number']}" if found else ""


def _number(text: str) -> str:
    found = DIGITS.search(text)
    return (found[0].lstrip("0") or "0") if found else fold(text).strip()


@lru_cache(maxsize=MOST_KEPT)
def _container(text: str) -> tuple[str, ...]:
    whole = words_of(IN_BRACKETS.sub(" ", text)) or words_of(text)
    return tuple(word for word in whole if word not in EMPTY_WORDS)


def _is_preprint(container: str, doi: str, genre: str, csl: Mapping[str, Any]) -> bool:
    places = (container, _text(csl, "publisher"), genre)
    return bool(PREPRINT_DOI.match(doi)) or any(map(_is_server, places))


@lru_cache(maxsize=MOST_KEPT)
def _is_server(place: str) -> bool:
    return bool(SERVERS.search(fold(place)))


def _people(authors: Iterable[Mapping[str, str]]) -> Iterable[Person]:
    for name in list(authors)[:MOST_PEOPLE]:
        family, given = name.get("family", ""), name.get("given", "")
        person = _person(family, given or name.get("literal", ""))
        if person.family:
            yield person


@lru_cache(maxsize=MOST_KEPT)
def _person(family: str, given: str) -> Person:
    if not family:
        family, given = _parted(given)
    families, rest = words_of(family), words_of(given)
    known = frozenset(word for word in (*families, *rest) if len(word) > 1)
    return Person("".join(families), known, rest[0][0] if rest else "")


def _parted(name: str) -> tuple[str, str]:
    """Part a name written as one: `Rousseau, D. M.`, `Rousseau DM` or `Denise Rousseau`."""
    family, comma, given = name.partition(",")
    if comma:
        return family, given
    head, _, tail = name.rpartition(" ")
    if tail.isupper() and len(tail) <= INITIALS:
        return head, tail
    return tail, head
