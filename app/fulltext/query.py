"""Reading what a person typed: words, "phrases", prefix*, OR, -not and filters, each in its place.

AND stands between what stands side by side; OR joins its two neighbours, closer than AND does.
"""

import re
from dataclasses import dataclass, field

from app.errors import QueryProblemError
from app.fulltext.models import KINDS, TextKind
from app.fulltext.texts import LAST_YEAR, Place
from app.fulltext.words import words

MOST_CHARACTERS = 1_000
MOST_TERMS = 40
SHORTEST_PREFIX = 2
MILLENNIUM = 1_000
QUOTATION_MARKS = '"\u201c\u201d\u201e\u00ab\u00bb'
KIND_NAMES = {kind.name.lower(): kind for kind in KINDS}
FILTERS = ("kind", "source", "year", "concept", "in")
PLACES = {"title": Place.TITLE, "author": Place.NAMES, "authors": Place.NAMES}
"""What may stand before a term, to look for it in one place only."""
_ITEM = re.compile(
    rf"(?P<minus>-?)(?:(?P<filter>{'|'.join(FILTERS)}):(?P<value>[^\s{QUOTATION_MARKS}]*)"
    rf"|(?:(?P<place>{'|'.join(PLACES)}):(?=\S))?"
    rf"(?:[{QUOTATION_MARKS}](?P<phrase>[^{QUOTATION_MARKS}]*)(?P<close>[{QUOTATION_MARKS}]?)"
    rf"|(?P<bare>[^\s{QUOTATION_MARKS}]+)))",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(r"(?P<name>[^\W\d_]{2,}):(?!//)\S")
_DOI_MARK = re.compile(r"^(https?://(dx\.)?doi\.org/|doi:)", re.IGNORECASE)
_PARENTHESIS = re.compile("[()]")
_NUMBER = re.compile(r"(?P<kind>[SK])?(?P<number>\d{1,10})(?P<below>\*?)", re.IGNORECASE)
_YEARS = re.compile(r"(?P<first>\d{4})?(?P<to>\.\.)?(?P<last>\d{4})?")


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must stand side by side; of a prefix the last is only begun.

    `joined` is the same written as one word, where it was typed with a hyphen: cooperation.
    """

    words: tuple[str, ...]
    is_prefix: bool = False
    joined: str | None = None
    place: Place | None = None
    """The only one it is looked for in, if it was typed with one: title:trust."""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What must be among the marks of an entry, or not: one of several, written s:12 or y:201."""

    marks: tuple[str, ...]
    is_excluding: bool = False


@dataclass(frozen=True, slots=True)
class ConceptWish:
    """A concept asked for, with those merged with it and, if so, all below it."""

    number: int
    with_narrower: bool
    is_excluding: bool


@dataclass(slots=True)
class Query:
    """A query as read: of each group one term must stand in an entry, none of the excluded."""

    groups: list[tuple[Term, ...]] = field(default_factory=list)
    excluded: list[Term] = field(default_factory=list)
    kinds: tuple[TextKind, ...] = KINDS
    place: Place | None = None
    narrowings: list[Narrowing] = field(default_factory=list)
    concepts: list[ConceptWish] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    """What was typed like a filter and is none, in small letters: journal."""

    @property
    def terms(self) -> list[Term]:
        """All terms that are looked for, in the order they were typed."""
        return [term for group in self.groups for term in group]

    def place_of(self, term: Term) -> Place | None:
        """Return the only place a term is looked for in, if there is one."""
        return term.place or self.place


def read_query(text: str) -> Query:
    """Read a query; raises `QueryProblemError` naming the place, counted in characters from 1."""
    if len(text) > MOST_CHARACTERS:
        raise QueryProblemError(
            f"The query has {len(text):,} characters, the most is {MOST_CHARACTERS:,}; "
            "look for some of its words.",
            extra={"position": MOST_CHARACTERS + 1},
        )
    reader = _Reader(text)
    for item in _ITEM.finditer(text):
        reader.take(item)
    return reader.finish()


class _Reader:
    """Takes the items of a query one by one."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.query = Query()
        self.either: int | None = None
        """Where an OR stands that waits for what follows it."""
        self.negated: int | None = None
        """Where a NOT stands that waits for what follows it."""
        self.parenthesis: int | None = None
        """Where the first parenthesis outside quotation marks stands."""
        self.may_join = False
        """Whether what was read last is a term an OR may join."""
        self.kinds: dict[bool, set[TextKind]] = {False: set(), True: set()}

    def take(self, item: re.Match[str]) -> None:
        """Take a term, a filter or a word between them."""
        bare = item["bare"]
        if bare and self.parenthesis is None and (found := _PARENTHESIS.search(bare)):
            self.parenthesis = item.start("bare") + found.start()
        if bare == "-" or (bare == "AND" and not item["minus"]):
            return
        if bare == "OR" and not item["minus"]:
            self._take_or(item.start())
        elif bare == "NOT" and not item["minus"]:
            self.negated = item.start()
        elif item["filter"]:
            self._take_filter(item)
        else:
            self._take_term(item)

    def _take_or(self, at: int) -> None:
        if not self.may_join:
            raise _problem(at, "OR stands between two words to look for; there is none before it")
        self.either, self.may_join = at, False

    def _take_term(self, item: re.Match[str]) -> None:
        if item["phrase"] is not None and not item["close"]:
            at = item.start() + len(item["minus"])
            raise _problem(at, "this quotation mark is never closed; close it or leave it out")
        term = _term(item)
        if term is None:
            return
        name = _unknown(item)
        if name and name not in self.query.unknown:
            self.query.unknown.append(name)
        is_excluding = bool(item["minus"]) or self.negated is not None
        self.negated = None
        if is_excluding and self.either is not None:
            raise _problem(self.either, "OR cannot join what is excluded; leave OR out")
        if is_excluding:
            self.query.excluded.append(term)
        elif self.either is not None:
            self.query.groups[-1] = (*self.query.groups[-1], term)
        else:
            self.query.groups.append((term,))
        self.either, self.may_join = None, not is_excluding
        if len(self.query.terms) + len(self.query.excluded) > MOST_TERMS:
            raise _problem(item.start(), f"more than {MOST_TERMS} words; look for some of them")

    def _take_filter(self, item: re.Match[str]) -> None:
        if self.either is not None:
            raise _problem(self.either, "OR joins words, not filters; leave OR out")
        self.may_join = False
        is_excluding = bool(item["minus"]) or self.negated is not None
        self.negated = None
        name, value = item["filter"].lower(), item["value"]
        at = item.start() + len(item["minus"])
        if name == "kind":
            self.kinds[is_excluding] |= _kinds(at, value)
        elif name == "in":
            self.query.place = _place(at, value, is_excluding=is_excluding)
        elif name == "concept":
            found = _numbered(at, "K", value)
            wish = ConceptWish(int(found["number"]), bool(found["below"]), is_excluding)
            self.query.concepts.append(wish)
        else:
            marks = _source(at, value) if name == "source" else _years(at, value)
            self.query.narrowings.append(Narrowing(marks, is_excluding))

    def finish(self) -> Query:
        """Return the query, if it looks for anything."""
        if self.either is not None:
            raise _problem(self.either, "OR stands between two words to look for; one is missing")
        if self.parenthesis is not None and any(len(group) > 1 for group in self.query.groups):
            reason = "parentheses are not read beside OR, which joins its two neighbours"
            raise _problem(self.parenthesis, reason)
        wanted = self.kinds[False] or set(KINDS)
        self.query.kinds = tuple(kind for kind in KINDS if kind in wanted - self.kinds[True])
        if not self.query.kinds:
            raise _problem(0, "no kind is left to look among")
        if not self.query.groups:
            if self.query.excluded:
                raise _problem(0, "it only says what to leave out; add a word to look for")
            raise _problem(0, "there is no word in it to look for; letters or digits make a word")
        return self.query


def _problem(at: int, reason: str) -> QueryProblemError:
    return QueryProblemError(f"Character {at + 1}: {reason}.", extra={"position": at + 1})


def _term(item: re.Match[str]) -> Term | None:
    """Return what is looked for, or nothing where it holds no letter or digit."""
    place = PLACES[item["place"].lower()] if item["place"] else None
    if item["phrase"] is not None:
        found = words(item["phrase"])
        return Term(tuple(found), place=place) if found else None
    bare = _DOI_MARK.sub("", item["bare"])
    found = words(bare)
    if not found:
        return None
    is_prefix = bare.endswith("*")
    if is_prefix and found[-1].isascii() and len("".join(found)) < SHORTEST_PREFIX:
        raise _problem(item.start(), f"write at least {SHORTEST_PREFIX} letters before the *")
    hyphenated = [part for part in re.split("[-\u2010\u2011]", bare) if words(part)]
    is_joined = len(hyphenated) == len(found) > 1 and all(word.isalpha() for word in found)
    return Term(tuple(found), is_prefix, "".join(found) if is_joined else None, place)


def _unknown(item: re.Match[str]) -> str | None:
    """Return what stands before a colon like a filter, and is none."""
    bare = "" if item["place"] else _DOI_MARK.sub("", item["bare"] or "")
    found = _UNKNOWN.match(bare)
    return found["name"].lower() if found else None


def _kinds(at: int, value: str) -> set[TextKind]:
    found = set()
    for name in value.lower().split(","):
        if name not in KIND_NAMES:
            known = ", ".join(KIND_NAMES)
            raise _problem(at, f"kind:{value} is none of {known}")
        found.add(KIND_NAMES[name])
    return found


def _place(at: int, value: str, *, is_excluding: bool) -> Place:
    if is_excluding or value.lower() not in set(Place):
        raise _problem(at, f"write in:title, in:names or in:text, not {value or 'nothing'}")
    return Place(value.lower())


def _numbered(at: int, letter: str, value: str) -> re.Match[str]:
    found = _NUMBER.fullmatch(value)
    if found is None or (found["kind"] or letter).upper() != letter:
        name = {"S": "source", "K": "concept"}[letter]
        raise _problem(at, f"write the number of a {name}, {name}:{letter}12")
    return found


def _source(at: int, value: str) -> tuple[str, ...]:
    found = _numbered(at, "S", value)
    if found["below"]:
        raise _problem(at, "write the number of a source, source:S12, without *")
    return (f"s:{int(found['number'])}",)


def _years(at: int, value: str) -> tuple[str, ...]:
    found = _YEARS.fullmatch(value)
    if not value or found is None or (found["last"] and not found["to"]):
        raise _problem(at, "write year:2013, year:2010..2020, year:2010.. or year:..2020")
    first = int(found["first"] or 0)
    last = int(found["last"] or LAST_YEAR) if found["to"] else first
    if not (found["first"] or found["last"]) or first > last:
        raise _problem(at, f"year:{value} holds no year; the earlier comes first")
    return tuple(f"y:{start}" for start in year_beginnings(first, last))


def year_beginnings(first: int, last: int) -> list[str]:
    """Return the fewest beginnings of four digits that all years of a span have, and no other."""
    found = []
    while first <= last:
        size = 1
        while size < MILLENNIUM and first % (size * 10) == 0 and first + size * 10 - 1 <= last:
            size *= 10
        found.append(f"{first:04}"[: 5 - len(str(size))])
        first += size
    return found
