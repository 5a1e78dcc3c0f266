"""Values that several formats write alike: names, dates, DOIs, PubMed numbers, pages."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]+")
_MARKED_DOI = re.compile(
    r"(?:doi:?|doi\.org/|doi=)\s*(10\.\d{4,9}(?:/|%2[fF])[^\s\"<>&]+)", re.IGNORECASE
)
_YEAR = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)")
_DATE = re.compile(
    r"(\d{4})(?:(?:[-/ ]|//(?=[A-Za-z]))(\d{1,2}|[A-Za-z]{3,9})\b(?:[-/ ](\d{1,2})\b)?)?"
)
_SPOKEN = re.compile(
    r"(?:(\d{1,2})\.? +)?([A-Za-z]{3,9})\.?,? *(?:(\d{1,2})(?:, *| +))?(\d{4})(?!\d)"
)
"""5 March 2019, March 5, 2019, Nov 2019, Mar2018."""
_INITIALS = re.compile(r"(\S.*?)\s+((?:[^\W\d_]\.?[ -]?){1,4})")
_PMID = re.compile(r"(\d{1,9})\s*\[pmid\]|\b(?:PMID|PUBMED)\b[:\s]*(\d{1,9})\b", re.IGNORECASE)
_ISBN = re.compile(r"(?:97[89][- ]?)?\d[\d -]{8,14}[\dXx]")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTHS, DAYS = 12, 31


def bare_doi(text: str) -> str | None:
    """Return the DOI in a field made for DOIs, without resolver or prefix, in its own case."""
    found = _DOI.search(unquote(text) if "%2" in text else text)
    return _closed(found[0]) if found else None


def marked_doi(texts: Iterable[str]) -> str | None:
    """Return the first DOI that any other field says is one: `doi:10…`, doi.org/10…, doi=10…."""
    for text in texts:
        found = _MARKED_DOI.search(text)
        if found:
            return _closed(unquote(found[1]))
        if text.startswith("10.") and (doi := bare_doi(text)) == text:
            return doi
    return None


def _closed(doi: str) -> str:
    """Take off what ends the sentence around a DOI, but not a bracket that it opened itself."""
    doi = doi.rstrip(".,;'")
    while doi and doi[-1] in ")]}" and doi.count(doi[-1]) > doi.count("([{"[")]}".index(doi[-1])]):
        doi = doi[:-1].rstrip(".,;'")
    return doi


def find_pmid(texts: Iterable[str]) -> str | None:
    """Return the first PubMed number that says it is one: `25647015[pmid]`, `PMID: 25647015`."""
    for text in texts:
        found = _PMID.search(text)
        if found:
            return found[1] or found[2]
    return None


def find_year(text: str) -> int | None:
    """Return the first year from 1400 to 2099 in a date, however it is written."""
    found = _YEAR.search(text)
    return int(found[1]) if found else None


def date_parts(text: str) -> tuple[int, ...] | None:
    """Return (year,), (year, month) or (year, month, day) of `2001/09/01` or `18 Sep 2019`."""
    text = text.strip()
    if (found := _DATE.match(text)) is not None:
        year, month, day = found.groups()
    elif (found := _SPOKEN.match(text)) is not None:
        before, month, after, year = found.groups()
        day = before or after
    else:
        return None
    number = month_number(month or "")
    if not find_year(year) or (number is None and not text.startswith(year)):
        return None
    parts = [int(year), *([number] if number else [])]
    if number and day and 1 <= int(day) <= DAYS:
        parts.append(int(day))
    return tuple(parts)


def month_number(text: str) -> int | None:
    """Return 1 to 12 for `9`, `09`, `Sep` or `September`; None for anything else."""
    word = text.strip().lower()
    if word.isascii() and word.isdigit():
        return int(word) if 1 <= int(word[:3]) <= MONTHS else None
    return _MONTHS.index(word[:3]) + 1 if word[:3] in _MONTHS else None


def dated(texts: Iterable[str]) -> tuple[int | None, dict[str, Any] | None]:
    """Return the year, and `issued` of CSL-JSON where more than the year is known.

    The first text with a year decides; a later one of the same year may add month and day. What is
    no plain date, `2021a`, is kept as it stands.
    """
    year, issued, odd = _dated(tuple(texts))
    if issued:
        return year, {"date-parts": [list(issued)]}
    return year, {"raw": odd} if odd else None


@lru_cache(maxsize=10_000)
def _dated(texts: tuple[str, ...]) -> tuple[int | None, tuple[int, ...] | None, str | None]:
    """Return year, parts of the date and what is none; files say the same over and over."""
    year: int | None = None
    issued: tuple[int, ...] | None = None
    odd: str | None = None
    for text in texts:
        found = find_year(text)
        if found is None or year not in (None, found):
            continue
        year = found
        parts = date_parts(text)
        if parts and len(parts) > 1 and (issued is None or len(parts) > len(issued)):
            issued = parts
        elif odd is None and not re.fullmatch(r"\d{4}[-/ ]*", text.strip()):
            odd = text.strip()
    return year, issued, odd


def name_of(text: str) -> dict[str, str] | None:
    """Read `Family, Given` or `Family AB`; what is neither stays whole, as `literal`."""
    text = " ".join(text.split())
    if not text.strip(" ,;"):
        return None
    family, comma, given = text.partition(",")
    if comma and family.strip():
        given = given.strip()
        return {"family": family.strip()} | ({"given": given} if given else {})
    found = _INITIALS.fullmatch(text)
    if found and found[2].isupper():
        return {"family": found[1], "given": found[2].strip()}
    return {"literal": text}


def names_of(texts: Iterable[str]) -> list[dict[str, str]]:
    """Read names in their order."""
    return [name for text in texts if (name := name_of(text))]


def written_name(name: dict[str, str]) -> str:
    """Write a name so that `name_of` reads it back: `Family, Given`, or the literal."""
    if "literal" in name and "family" not in name:
        return name["literal"]
    family, given = name.get("family"), name.get("given")
    if family is None:
        return given or ""
    return f"{family}, {given}" if given else f"{family},"


def page_range(first: str, last: str) -> str:
    """Join first and last page; one of them may be missing or hold the whole range already."""
    if first and last and first != last and "-" not in first:
        return f"{first}-{last}"
    return first or last


def is_isbn(text: str) -> bool:
    """Say whether a serial number is a book's: ten or thirteen digits, not eight as an ISSN."""
    return bool(_ISBN.fullmatch(text.partition("(")[0].strip()))
