"""Comparing titles: slips, lost subtitles, numbers of parts, and other words in the same place."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial

from rapidfuzz.fuzz import ratio

from app.library.matching_fields import EMPTY_WORDS, Profile
from app.library.matching_judgement import SAME_TITLE, TITLE_STEPS, Judgement, Level
from app.library.matching_words import as_scanned

SHORT, MIDDLING = 3, 5
"""Titles of fewer words than this say little, or less."""
LEVELS = {97: Level.SAME, 93: Level.MOSTLY, 88: Level.MOSTLY, 80: Level.NEAR, 70: Level.DIFFERENT}
"""How far titles agree from so many of 100 on."""
CUT_FROM, CUT_LETTERS, CUT_WORDS, CUT_BY = 93, 15, 3, 1.15
"""Titles as alike as this up to the end of the shorter; letters and words it needs for that, and
how much longer the other must be."""
PART_WORDS = 2
"""`Part 2`: such an end of a title is no subtitle that got lost."""
SLIP = 70
"""Two words at least so alike, of 100, may be one with a slip."""
SCANNED = 85
"""The same, once letters that scanners confuse are taken as one."""
JOINED = 85
"""How alike words are that were only parted or joined: `health care`, `healthcare`."""
SPOKEN_FROM = 50
OPPOSED = frozenset(
    frozenset(pair.split())
    for pair in (
        "men women", "man woman", "male female", "males females", "mother father",
        "mothers fathers", "maternal paternal", "boys girls", "with without", "before after",
        "increase decrease", "increased decreased", "increases decreases", "increasing decreasing",
        "hypertension hypotension", "hyperglycemia hypoglycemia", "hyperthyroidism hypothyroidism",
        "vivo vitro", "micro macro", "inpatient outpatient", "inpatients outpatients",
        "primary secondary", "short long", "upper lower", "left right", "acute chronic",
        "early late", "pre post", "internal external", "intra inter", "urban rural",
        "adults children", "qualitative quantitative", "high low", "positive negative",
    )
)  # fmt: skip
"""Words that look alike, or take the same place, in titles of two studies."""


def compare_titles(found: Judgement, one: Profile, other: Profile, alike: float) -> None:
    """Note what two titles say; `alike` is how much they are, of 100, without spaces."""
    if one.notice != other.notice:
        told = one.notice or other.notice
        found.note("notice", Level.CONFLICT, -8, f"only one is a {told}")
    if one.compact == other.compact:
        size = len(one.title)
        points = 1.0 if size < SHORT else 4.0 if size < MIDDLING else SAME_TITLE
        found.note("title", Level.SAME, points, "same title")
        return
    short, long = sorted((one, other), key=lambda profile: len(profile.compact))
    is_cut = _is_cut(short, long)
    if is_cut:
        is_whole = ratio(short.compact, long.main) >= CUT_FROM
        told = "subtitle" if is_whole else "end of the title"
        found.note("title", Level.MOSTLY, 4.5 if is_whole else 3.0, f"one lacks the {told}")
    else:
        floor, points = next(step for step in TITLE_STEPS if alike >= step[0])
        level = LEVELS.get(floor, Level.CONFLICT)
        found.note("title", level, points, f"titles {alike:.0f} alike")
    if short.numbers != long.numbers:
        _numbers(found, short, long, is_cut=is_cut)
    if not is_cut and alike >= SPOKEN_FROM:
        _other_words(found, one.title, other.title)


def _is_cut(short: Profile, long: Profile) -> bool:
    """Say whether the longer title goes on where the shorter ends."""
    size = len(short.compact)
    if size < CUT_LETTERS or len(short.title) < CUT_WORDS or len(long.compact) < size * CUT_BY:
        return False
    return any(
        ratio(short.compact, start) >= CUT_FROM for start in (long.compact[:size], long.main)
    )


def _numbers(found: Judgement, short: Profile, long: Profile, *, is_cut: bool) -> None:
    mine, theirs = Counter(short.numbers), Counter(long.numbers)
    lost, more = sorted((mine - theirs).elements()), sorted((theirs - mine).elements())
    if lost and more:
        told = f"{', '.join(lost)} and {', '.join(more)}"
        found.note("numbers", Level.CONFLICT, -7, f"numbers in the titles differ: {told}")
    else:
        told = ", ".join(lost or more)
        is_all = is_cut and len(long.title) - len(short.title) <= PART_WORDS
        points = -1.0 if is_cut and not is_all else -4.0
        found.note("numbers", Level.DIFFERENT, points, f"only one title has {told}")


def _other_words(found: Judgement, one: Sequence[str], other: Sequence[str]) -> None:
    """Tell slips, which leave a word recognisable, from other words in its place."""
    pairs = list(replaced(one, other))
    opposed = [pair for pair in pairs if frozenset(pair) in OPPOSED]
    others = [pair for pair in pairs if pair not in opposed and not _is_slip(*pair)]
    if opposed or others:
        mine, theirs = (opposed or others)[0]
        points = -6.0 * bool(opposed) - 4.0 * min(len(others), 2)
        found.note("words", Level.CONFLICT, points, f"“{mine}” in place of “{theirs}”")


def _is_slip(one: str, other: str) -> bool:
    """Say whether two words may be one: alike, or misread by a scanner."""
    return ratio(one, other) >= SLIP or ratio(as_scanned(one), as_scanned(other)) >= SCANNED


def replaced(one: Sequence[str], other: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the words that one title has in place of another's, each with the likest left."""
    mine, theirs = Counter(one) - Counter(other), Counter(other) - Counter(one)
    left, right = (
        [word for word in some.elements() if word not in EMPTY_WORDS] for some in (mine, theirs)
    )
    if len(left) != len(right) and _is_joined(left, right):
        return
    for word in left:
        if not right:
            return
        best = max(right, key=partial(ratio, word))
        right.remove(best)
        if not (word.isdigit() and best.isdigit()):  # numbers are compared as such
            yield word, best


def _is_joined(left: Sequence[str], right: Sequence[str]) -> bool:
    return bool(left and right) and ratio("".join(left), "".join(right)) >= JOINED
