"""Whose text a file is: the sources of a review it may belong to, with score and reasons.

Each sign is a share of certainty, and signs add up as independent ones do. A match is certain only
when the title or the publisher's own record of the DOI speaks for it and nothing against it; all
else is for a person to decide. DOIs further back than the second page are those of works it cites.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod
from pathlib import PurePath
from typing import Any

from rapidfuzz import fuzz
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.db import search_key
from app.library.models import Document, Source

HEAD = 6_000
"""Code points at the beginning of a text, within two pages, in which signs are looked for."""
TITLE_PART = 3_000
"""Code points of the head in which a title is the work's own rather than one it cites."""
MOST_MATCHES = 5
CERTAIN, RIVAL, LEAST = 0.97, 0.8, 0.5
"""Scores from which a match is certain, another is a rival, and there is a match at all."""
SHORTEST_TITLE = 25
"""Letters of a title that may be recognised by similarity; a shorter one must be there exactly."""
LEAST_TITLE = 10
"""Letters below which a title says nothing: Editorial."""
SIMILAR = 95
"""Least similarity, of 100, of a title."""
SHARED_WORDS = 0.6
"""Share of a title's longer words that must be there before similarity is looked at."""

_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>]+", re.IGNORECASE)
_BROKEN_DOI = re.compile(r"(10\.\d{4,9}/\S*[-/._])\n(?=\S)")
_ABOUT = re.compile(
    r"\b(correct(?:ion|ed)|corrigend(?:um|a)|errat(?:um|a)|retract(?:ion|ed)|expression of concern"
    r"|comment(?:ary)? (?:on|to)|(?:response|reply|letter|rejoinder) to|supplement\w*"
    r"|appendi(?:x|ces)"
    r"|additional file|study protocol|protocol for|part (?:[2-9]|ii|iii|iv|two|three))\b"
)


@dataclass(frozen=True, slots=True)
class Match:
    """A source that a file may be the text of; `score` is at most 1, `reasons` are for people."""

    source_id: int
    score: float
    reasons: tuple[str, ...]
    is_certain: bool = False


@dataclass(frozen=True, slots=True)
class Clues:
    """What a file tells of itself, folded for comparing."""

    stem: str
    head: str
    letters: str
    words: frozenset[str]
    head_dois: frozenset[str]
    own_doi: str
    own_title: str


def clues_of(
    file_name: str, text: str, page_breaks: Sequence[int] | None, properties: dict[str, Any]
) -> Clues:
    """Gather what the name, the first two pages and the record of a file say."""
    second_ends = page_breaks[1] if page_breaks and len(page_breaks) > 1 else HEAD
    head = text[: min(second_ends, HEAD)]
    whole = _BROKEN_DOI.sub(r"\1", head)
    key = search_key(re.sub(r"-\s*\n\s*", "", head) + " " + head)
    return Clues(
        stem=search_key(PurePath(file_name).stem),
        head=search_key(head),
        letters=_letters(head[:TITLE_PART]),
        words=frozenset(re.findall(r"\w+", key)),
        head_dois=frozenset(bare_doi(found) for found in _DOI.findall(whole)),
        own_doi=bare_doi(properties.get("doi") or ""),
        own_title=_letters(properties.get("title") or ""),
    )


def bare_doi(text: str) -> str:
    """Return a DOI in lower case, without address, label and the stop of its sentence."""
    bare = re.sub(r"^(https?://)?(dx\.)?(doi\.org/|doi:?)\s*", "", text.strip().lower())
    bare = bare.rstrip(".,;:'\u2019\u201d]}")
    return bare.rstrip(")") if bare.count(")") > bare.count("(") else bare


def _letters(text: str) -> str:
    """Return letters and digits alone, so that line breaks, hyphens and spaces do not matter."""
    return re.sub(r"[\W_]", "", search_key(text))


def find_matches(session: Session, review_id: int, clues: Clues) -> list[Match]:
    """Return the sources a file may belong to, best first; only the first can be certain.

    A duplicate stands for the source that it was merged into.
    """
    columns = (Source.id, Source.cite_key, Source.title, Source.authors, Source.year, Source.doi)
    rows = session.execute(
        select(*columns, Source.merged_into_id).where(Source.review_id == review_id)
    ).all()
    survivors = {row.id: row.merged_into_id for row in rows}
    best: dict[int, tuple[Match, Row[Any]]] = {}
    for row in rows:
        signs = list(_signs(row, clues))
        score = round(1 - prod(1 - weight for weight, _ in signs), 3)
        number = _survivor(row.id, survivors)
        if score >= LEAST and (number not in best or score > best[number][0].score):
            best[number] = Match(number, score, tuple(reason for _, reason in signs)), row
    found = sorted(best.values(), key=lambda pair: (-pair[0].score, pair[0].source_id))
    return _judged(session, review_id, found[:MOST_MATCHES], clues)


def _survivor(number: int, survivors: dict[int, int | None]) -> int:
    while (other := survivors.get(number)) is not None:
        number = other
    return number


def _signs(source: Row[Any], clues: Clues) -> Iterator[tuple[float, str]]:
    doi = bare_doi(source.doi or "")
    if doi and doi == clues.own_doi:
        yield 0.97, "its record has the DOI"
    elif doi and doi in clues.head_dois:
        yield 0.9, "its first pages have the DOI"
    yield from _title_signs(source.title, clues)
    family = search_key(source.authors[0].get("family") or "") if source.authors else ""
    year = str(source.year or "")
    if family and year and family in clues.words and year in clues.words:
        yield 0.75, "its first pages name the first author and the year"
    yield from _name_signs(source, family, year, clues)


def _title_signs(title: str, clues: Clues) -> Iterator[tuple[float, str]]:
    letters = _letters(title)
    if len(letters) < LEAST_TITLE:
        return
    if _resembles(letters, clues.own_title) and len(clues.own_title) < 1.5 * len(letters):
        yield 0.85, "its record has the title"
    if _shares_words(title, clues) and _resembles(letters, clues.letters):
        yield (0.9 if len(letters) >= SHORTEST_TITLE else 0.6), "the title stands at its beginning"
    if len(letters) >= SHORTEST_TITLE and _resembles(letters[:60], _letters(clues.stem)):
        yield 0.8, "its name has the title"


def _shares_words(title: str, clues: Clues) -> bool:
    long = {word for word in re.findall(r"\w+", search_key(title)) if len(word) > len("that")}
    return len(long & clues.words) >= SHARED_WORDS * len(long)


def _resembles(letters: str, place: str) -> bool:
    if len(letters) < SHORTEST_TITLE:
        return letters in place
    return len(place) >= len(letters) * SIMILAR / 100 and (
        fuzz.partial_ratio(letters, place, score_cutoff=SIMILAR) > 0
    )


def _name_signs(
    source: Row[Any], family: str, year: str, clues: Clues
) -> Iterator[tuple[float, str]]:
    words = re.findall(r"[^\W_]+", clues.stem)
    if clues.stem in {f"s{source.id}", f"s{source.id:03}"}:
        yield 0.97, f"it is named S{source.id}"
    elif clues.stem == search_key(source.cite_key):
        yield 0.8, "it is named by the cite key"
    elif family and year and year in words and family in words:
        yield 0.6, "its name has the first author and the year"


def _judged(
    session: Session, review_id: int, found: list[tuple[Match, Row[Any]]], clues: Clues
) -> list[Match]:
    if not found:
        return []
    (first, source), *others = found
    doubts = list(_doubts(session, review_id, first, source, clues))
    rivals = [match for match, _ in others if match.score >= RIVAL]
    if rivals and not (_has_doi(first) and not any(_has_doi(r) or _is_named(r) for r in rivals)):
        doubts.append(f"but S{rivals[0].source_id} fits as well")
    speaks = any("title" in reason or "record" in reason for reason in first.reasons)
    is_certain = first.score >= CERTAIN and (speaks or _is_named(first)) and not doubts
    judged = Match(first.source_id, first.score, (*first.reasons, *doubts), is_certain)
    return [judged, *(match for match, _ in others)]


def _has_doi(match: Match) -> bool:
    return any("DOI" in reason for reason in match.reasons)


def _is_named(match: Match) -> bool:
    return f"it is named S{match.source_id}" in match.reasons


def _doubts(
    session: Session, review_id: int, match: Match, source: Row[Any], clues: Clues
) -> Iterator[str]:
    """Yield what speaks against attaching a file without asking."""
    doi = bare_doi(source.doi or "")
    others = ({clues.own_doi} - {""}) or clues.head_dois
    if others and not _has_doi(match):
        yield f"but it has {'another' if doi else 'a'} DOI, {min(others)}"
    about = _ABOUT.search(clues.head[:600]) or _ABOUT.search(re.sub(r"[\W_]+", " ", clues.stem))
    if about and about[1] not in search_key(source.title):
        yield f"but it calls itself: {about[1]}"
    here = (Document.review_id == review_id, Document.source_id == match.source_id)
    known = session.scalar(select(Document.id).where(*here).limit(1))
    if known is not None:
        yield f"but S{match.source_id} has a document already, D{known}"
