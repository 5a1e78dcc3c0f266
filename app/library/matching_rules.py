"""Whether two records are one work: what speaks for and against it, in points and in words.

Points are natural logarithms of odds, as in the linkage of records after Fellegi and Sunter (1969),
but fixed and written down (`docs/duplicates.md`), not learned from anybody's labels: each says how
many times likelier the agreement is between records of one work than between those of two works
that came to be compared.
"""

from collections.abc import Sequence

from rapidfuzz.fuzz import ratio

from app.library.matching_fields import Person, Profile
from app.library.matching_judgement import (
    IDENTIFIERS,
    ISSUES,
    OTHER_PAGES,
    PAGES,
    PREPRINT_YEARS,
    SAME_AUTHORS,
    SAME_CONTAINER,
    VOLUMES,
    YEARS,
    Judgement,
    Level,
)
from app.library.matching_titles import compare_titles

SLIP = 80
"""Two names of at least `NAME` letters so alike, of 100, are one with a slip."""
NAME = 4
MOST_OF, HALF_OF = 0.8, 0.5
"""Shares of the shorter list of authors."""
ALIKE_PLACES = 88
FAR = 2
"""Years there may be between a preprint and its paper."""
NEVER_CERTAIN = ("notice", "numbers", "words", "preprint", "abstract")
"""What makes a person look, whatever else agrees."""


def judge(one: Profile, other: Profile, alike: float | None = None) -> Judgement:
    """Compare two records; `alike` is how much their titles are, of 100, where that is known."""
    found = Judgement()
    likeness = ratio(one.compact, other.compact) if alike is None else alike
    compare_titles(found, one, other, likeness)
    _identifiers(found, one, other)
    _people(found, one.people, other.people)
    _years(found, one, other)
    _places(found, one, other)
    found.is_certain = is_certain(found)
    return found


def _identifiers(found: Judgement, one: Profile, other: Profile) -> None:
    is_two_versions = one.is_preprint != other.is_preprint
    if is_two_versions:
        found.note("preprint", Level.DIFFERENT, 0, "only one is a preprint")
    for name, (same, different) in IDENTIFIERS.items():
        mine, theirs = getattr(one, name), getattr(other, name)
        if not mine or not theirs:
            continue
        if mine == theirs:
            found.note(name, Level.SAME, same, f"same {name.upper()}")
        else:
            points = 0.0 if is_two_versions else different
            found.note(name, Level.CONFLICT, points, f"{name.upper()} differs")


def _people(found: Judgement, one: Sequence[Person], other: Sequence[Person]) -> None:
    if not one or not other:
        return
    short, long = sorted((one, other), key=len)
    shared = sum(any(is_same_person(mine, theirs) for theirs in long) for mine in short)
    share = shared / len(short)
    is_first = is_same_person(one[0], other[0])
    if share >= MOST_OF and (is_first or len(short) == len(long)):
        found.note("authors", Level.SAME, SAME_AUTHORS, "same authors")
    elif is_first and share >= HALF_OF:
        found.note("authors", Level.MOSTLY, 2.5, "most authors the same")
    elif is_first or share >= HALF_OF:
        told = "same first author" if is_first else "some authors the same"
        found.note("authors", Level.NEAR, 1.0, told)
    elif shared:
        found.note("authors", Level.DIFFERENT, -1.5, "few authors the same")
    else:
        found.note("authors", Level.CONFLICT, -5.0, "no author the same")


def is_same_person(one: Person, other: Person) -> bool:
    """Say whether two names may be one person's: particles, slips and swapped parts allowed."""
    if one.family == other.family:
        return not (one.initial and other.initial) or one.initial == other.initial
    short, long = sorted((one.family, other.family), key=len)
    if len(short) >= NAME and (long.endswith(short) or ratio(short, long) >= SLIP):
        return True
    return bool(_swapped(one, other) or _swapped(other, one))


def _swapped(one: Person, other: Person) -> bool:
    """Say whether the family name of the one is a given name of the other, and the other way."""
    return (
        len(one.family) > 1
        and one.family in other.words
        and (other.family in one.words or other.family[:1] == one.initial)
    )


def _years(found: Judgement, one: Profile, other: Profile) -> None:
    if one.year is None or other.year is None:
        return
    apart = abs(one.year - other.year)
    points = YEARS[min(apart, len(YEARS) - 1)]
    if apart == 0:
        found.note("year", Level.SAME, points)
    elif apart == 1:
        found.note("year", Level.NEAR, points, "year differs by 1")
    elif apart == FAR and one.is_preprint != other.is_preprint:
        found.note("year", Level.NEAR, PREPRINT_YEARS, f"year differs by {apart}")
    else:
        found.note("year", Level.CONFLICT, points, f"year differs by {apart}")


def _places(found: Judgement, one: Profile, other: Profile) -> None:
    if one.is_preprint != other.is_preprint:
        _kinds(found, one, other)
        return  # appeared twice, each time somewhere else
    for name, (same, different) in (("volume", VOLUMES), ("issue", ISSUES)):
        mine, theirs = getattr(one, name), getattr(other, name)
        if mine and theirs:
            level = Level.SAME if mine == theirs else Level.CONFLICT
            told = "" if mine == theirs else f"{name} differs"
            found.note(name, level, same if mine == theirs else different, told)
    _pages(found, one.page, other.page)
    _containers(found, one, other)


def _containers(found: Judgement, one: Profile, other: Profile) -> None:
    if one.issn & other.issn or is_same_place(one.container, other.container):
        found.note("container", Level.SAME, SAME_CONTAINER, "same journal or book")
    elif one.container and other.container:
        found.note("container", Level.CONFLICT, -2.5, "appeared elsewhere")
    _kinds(found, one, other)


def _kinds(found: Judgement, one: Profile, other: Profile) -> None:
    is_elsewhere = found.level("container") is Level.CONFLICT
    if one.is_abstract != other.is_abstract and found.level("page") is not Level.SAME:
        found.note("abstract", Level.DIFFERENT, -4.0, "only one is a conference abstract")
    elif one.is_abstract and other.is_abstract and is_elsewhere:
        found.note("abstract", Level.DIFFERENT, -3.0, "abstracts of two conferences")


def is_same_place(one: Sequence[str], other: Sequence[str]) -> bool:
    """Say whether two titles of journals are one: written out, abbreviated, or as initials."""
    if not one or not other:
        return False
    if one == other or ratio("".join(one), "".join(other)) >= ALIKE_PLACES:
        return True
    short, long = sorted((one, other), key=lambda words: len("".join(words)))
    return _abbreviates(short, long) or "".join(short) == "".join(word[0] for word in long)


def _abbreviates(short: Sequence[str], long: Sequence[str]) -> bool:
    """Say whether each word begins, in order, a word of the other, the first the first."""
    rest = iter(long)
    is_begun = long[0].startswith(short[0][:1])
    return is_begun and all(any(_begins(word, whole) for whole in rest) for word in short)


def _begins(word: str, whole: str) -> bool:
    """Say whether a word is short for another: `clin`, and contractions such as `natl`."""
    if whole.startswith(word):
        return True
    letters = iter(whole)
    return len(word) >= NAME and word[0] == whole[0] and all(c in letters for c in word)


def _pages(found: Judgement, one: str, other: str) -> None:
    if not one or not other:
        return
    if one == other:
        found.note("page", Level.SAME, PAGES[0], "same page")
    elif one.isdigit() and other.isdigit():
        found.note("page", Level.CONFLICT, PAGES[1], "pages differ")
    else:
        found.note("page", Level.DIFFERENT, OTHER_PAGES, "pages differ")


def is_certain(found: Judgement) -> bool:
    """Say whether nobody needs to look: one identifier and nothing against it, or all agrees.

    By identifier: the same DOI or PMID, titles that agree, no other identifier that differs, some
    author in common and at most a year between. Otherwise title, all authors, year, journal and
    first page must be the same, and every other field that both have.
    """
    if any(name in found.levels for name in NEVER_CERTAIN):
        return False
    title, levels = found.level("title"), found.levels
    names = ("doi", "pmid")
    if any(found.level(name) is Level.CONFLICT for name in names):
        return False
    if any(found.level(name) is Level.SAME for name in names):
        is_sound = title >= Level.MOSTLY and found.level("authors") >= Level.UNKNOWN
        return is_sound and found.level("year") >= Level.UNKNOWN
    needed = ("title", "authors", "year", "container", "page")
    is_whole = all(found.level(name) is Level.SAME for name in needed)
    return is_whole and all(level is Level.SAME for level in levels.values())
