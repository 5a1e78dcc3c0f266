"""A query in the language of each store: FTS5's MATCH and PostgreSQL's tsquery."""

from collections.abc import Iterable

from app.fulltext.query import Query, Term
from app.fulltext.stores import WEIGHTS, review_mark
from app.fulltext.texts import Place

FIELD = {Place.TITLE: "title", Place.NAMES: "names", Place.TEXT: "body"}
"""The column of an entry that holds what stands in a place."""


def fts5(query: Query) -> str:
    """Return the query for FTS5; words are letters and digits only, so quotes hold them."""
    wanted = _and(_or(_fts5_term(term, query) for term in group) for group in query.groups)
    if query.excluded:
        wanted = f"({wanted} NOT {_or(_fts5_term(term, query) for term in query.excluded)})"
    for narrowing in query.narrowings:
        marks = _or(f'"{mark}"' for mark in narrowing.marks)
        wanted = f"({wanted}) {'NOT' if narrowing.is_excluding else 'AND'} {marks}"
    return wanted


def _fts5_term(term: Term, query: Query) -> str:
    place, ending = query.place_of(term), " *" if term.is_prefix else ""
    ways = [" ".join(term.words), *([term.joined] if term.joined else [])]
    wanted = _or(f'"{way}"{ending}' for way in ways)
    return f"{FIELD[place]} : {wanted}" if place else wanted


def _and(parts: Iterable[str]) -> str:
    return f"({' AND '.join(parts)})"


def _or(parts: Iterable[str]) -> str:
    return f"({' OR '.join(parts)})"


def tsquery(query: Query, review_id: int) -> str:
    """Return the query for PostgreSQL, within a review."""
    parts = [f"'{review_mark(review_id)}'"]
    parts += [_either(_tsquery_term(term, query) for term in group) for group in query.groups]
    if query.excluded:
        parts.append(f"!{_either(_tsquery_term(term, query) for term in query.excluded)}")
    for narrowing in query.narrowings:
        marks = _either(f"'{mark}'" for mark in narrowing.marks)
        parts.append(f"!{marks}" if narrowing.is_excluding else marks)
    return " & ".join(parts)


def _tsquery_term(term: Term, query: Query) -> str:
    place = query.place_of(term)
    letter = WEIGHTS[FIELD[place]] if place else ""
    *before, last = term.words
    usual, begun = (f":{letter}" if letter else "", f":*{letter}")
    ending = begun if term.is_prefix else usual
    apart = " <-> ".join([*(f"'{word}'{usual}" for word in before), f"'{last}'{ending}"])
    if term.joined is None:
        return f"({apart})"
    return f"(({apart}) | '{term.joined}'{ending})"


def _either(parts: Iterable[str]) -> str:
    return f"({' | '.join(parts)})"
