"""Finding a quoted passage in the canonical text of a document.

Passages are kept as the W3C Web Annotation selectors TextQuote and TextPosition; positions are
Unicode code points, end exclusive.
"""

import re
from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, islice, pairwise

from rapidfuzz import fuzz

from app.coding.asides import bare, without_asides
from app.coding.folding import Folded, find_all, find_folded, fold, fold_document, needle
from app.coding.overleaf import find_over_pages

CONTEXT_LENGTH = 32
"""Characters of context kept on either side of a passage."""
MOST_CANDIDATES = 20
MOST_COMPARED = 2_000
"""Places whose context is compared; of more the nearest, or none when nothing says where."""
NEAR = 100
"""Characters between a place and where it was said to be, within which it is what was meant."""
MOST_PARTS = 500_000
"""Places looked at of all parts of a quote with ellipses together."""
LONGEST_APPROXIMATE = 5_000
"""Anything longer takes too long to compare: folded characters."""
THRESHOLD = 85.0
"""Least similarity, of 100, at which a passage counts as approximately found."""
LEAST_SHOWN = 60.0
"""Least similarity at which a passage is worth a look, though it is not found."""
MOST_SIMILAR = 99.9
"""Highest score of what is not the same wording; similarity itself ignores case and hyphens."""
SHORTEST_APPROXIMATE = 12
"""Anything shorter resembles too much: folded characters."""
LONGEST_ELISION = 2000
"""Characters that an ellipsis inside a quote may stand for."""

LEAST_AGREEMENT = 3
"""Fewer characters of context than this agree by chance, unless they are a whole word."""

_ELISION = re.compile(
    r"[\[(]\s*(?:\u2026|\.(?:\s?\.){2,})\s*[\])]"  # […] [...] (...)
    r"|\u2026|\.(?:\s?\.){2,}"  # … ... . . .
)
_IN_MARKS = re.compile(
    r"\s*[\"'\u2018\u201c\u201e\u00ab\u201a](\s*[\w\[(.\u2026].*)[\"'\u2019\u201d\u201c\u00bb\u2018]\s*",
    re.DOTALL,
)
"""A whole quote in quotation marks, which are the reader's unless the text has them too."""
CHANGED_LETTER = re.compile(r"\[(\w)\](?=\w)")
"""A letter whose case the reader changed, as style manuals ask: [T]rust."""
_WORD_START = re.compile(r"(?<!\w)(?<!\w')(?=\S)")
_WORD_END = re.compile(r"(?<=\S)(?!\w)(?!'\w)")

Span = tuple[int, int]


class Verification(StrEnum):
    """How surely a quote was found in its document, surest first."""

    EXACT = "exact"
    NORMALISED = "normalised"
    APPROXIMATE = "approximate"
    AMBIGUOUS = "ambiguous"
    NOT_FOUND = "not_found"
    NO_DOCUMENT = "no_document"


@dataclass(frozen=True, slots=True)
class Passage:
    """A place in a text, with up to 32 characters of the document on either side."""

    start: int
    end: int
    prefix: str
    suffix: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a quote stands; `passage` is None when ambiguous or not found.

    `score` (for approximate, and for what resembles it most) is at most 99.9, which means that
    case and hyphens differ and next to nothing else.
    `candidates` (at most 20, in text order) are given only when ambiguous.
    """

    verification: Verification
    passage: Passage | None = None
    score: float | None = None
    candidates: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class _Hint:
    """What is known of the place besides the words."""

    prefix: str
    suffix: str
    start: int | None


def page_at(page_breaks: Sequence[int], position: int) -> int:
    """Give the 1-based page of a position; the breaks are where pages 2, 3, … start, ascending."""
    return bisect_right(page_breaks, position) + 1


def anchor(
    text: str, exact: str, *, prefix: str = "", suffix: str = "", start: int | None = None
) -> Anchor:
    """Find a passage: to the letter, else as normalised wording, else as something similar.

    Of several places at the same rung the context decides, then nearness to `start`; a passage
    standing exactly at `start` is taken at once. Raises ValueError when `exact` is blank.
    """
    if not exact.strip():
        raise ValueError("A passage needs at least one character that is not a space.")
    if start is not None and start >= 0 and text.startswith(exact, start):
        return Anchor(Verification.EXACT, _passage(text, (start, start + len(exact))))
    hint = _Hint(prefix, suffix, start)
    if framed := _find_framed(text, exact, hint):
        return Anchor(Verification.EXACT, _passage(text, framed))
    everywhere = ((at, at + len(exact)) for at in find_all(text, exact))
    if literal := _at_most(everywhere, start):
        return _settle(text, literal, hint, Anchor(Verification.EXACT))
    document = fold_document(text)
    if same := _find_wording(text, document, exact, start):
        return _settle(text, same, hint, Anchor(Verification.NORMALISED))
    score, similar = _find_similar(document, needle(exact).core, THRESHOLD)
    if similar:
        return _settle(text, similar, hint, Anchor(Verification.APPROXIMATE, score=score))
    return Anchor(Verification.NOT_FOUND)


def _find_wording(text: str, document: Folded, exact: str, start: int | None) -> list[Span]:
    """Find the same wording, else the same but for what the text has between its words."""
    wordings = _wordings(exact)
    as_it_is = (_find_same(text, document, wording, start) for wording in wordings)
    bared = (_find_between_asides(text, wording, start) for wording in wordings)
    return next(filter(None, chain(as_it_is, bared)), [])


def _wordings(exact: str) -> list[str]:
    """Give what a reader may have had before them: the quote without its marks, `[T]rust` as trust.

    As given comes first.
    """
    unquoted = _IN_MARKS.fullmatch(exact)
    wordings = [exact, *([unquoted[1]] if unquoted else ())]
    changed = [
        CHANGED_LETTER.sub(case, wording)
        for wording in wordings
        if CHANGED_LETTER.search(wording)
        for case in (lambda letter: letter[1].lower(), lambda letter: letter[1].upper())
    ]
    return [*wordings, *changed]


def _find_between_asides(text: str, exact: str, start: int | None) -> list[Span]:
    """Find the same wording where the text has marks of notes, or the like, between its words."""
    short = bare(text)
    if not short:
        return []
    same = _find_same(short.text, short.folded, without_asides(exact), start)
    return [short.whole_span(*span) for span in same]


def most_similar(text: str, exact: str) -> Anchor:
    """Find what resembles a passage that is not found most, for a person to look at."""
    score, similar = _find_similar(fold_document(text), needle(exact).core, LEAST_SHOWN)
    if not similar:
        return Anchor(Verification.NOT_FOUND)
    return Anchor(Verification.NOT_FOUND, _passage(text, similar[0]), score)


def _find_same(text: str, document: Folded, exact: str, start: int | None) -> list[Span]:
    """Find the same wording, whole, around its ellipses, or over the end of a page."""
    wanted = needle(exact)
    same = _at_most(find_folded(document, wanted), start) or _find_elided(text, document, exact)
    return same or _at_most(find_over_pages(text, document, wanted.core), start)


def _passage(text: str, span: Span) -> Passage:
    start, end = span
    before = text[max(0, start - CONTEXT_LENGTH) : start]
    return Passage(start, end, before, text[end : end + CONTEXT_LENGTH])


def _find_framed(text: str, exact: str, hint: _Hint) -> Span | None:
    """Find the passage to the letter within its whole context, if there is just one such place."""
    framed = hint.prefix + exact + hint.suffix
    at = text.find(framed) if framed != exact else -1
    if at < 0 or text.find(framed, at + 1) >= 0:
        return None
    return at + len(hint.prefix), at + len(hint.prefix) + len(exact)


def _at_most(spans: Iterator[Span], start: int | None) -> list[Span]:
    """Keep the first places, or those around `start`: all that `_settle` looks at.

    When there are more than are compared, so are those kept.
    """
    if start is None:
        return list(islice(spans, MOST_COMPARED + 1))
    before: deque[Span] = deque(maxlen=MOST_COMPARED)
    after: list[Span] = []
    for span in spans:
        (before if span[0] < start else after).append(span)
        if len(after) > MOST_COMPARED:
            break
    return [*before, *after]


def _settle(text: str, spans: list[Span], hint: _Hint, found: Anchor) -> Anchor:
    """Choose among places of one rung, or say that no choice can be made."""
    spans = _nearest(_best_in_context(text, spans, hint), hint.start)
    passages = tuple(_passage(text, span) for span in spans[:MOST_CANDIDATES])
    if len(spans) > 1:
        return Anchor(Verification.AMBIGUOUS, candidates=passages)
    return Anchor(found.verification, passages[0], found.score)


def _nearest(spans: list[Span], start: int | None) -> list[Span]:
    """Keep the nearest to a position; one that is near none was meant for another text."""
    if start is None:
        return spans
    least = min(abs(span[0] - start) for span in spans)
    if least > NEAR:
        return spans
    return [span for span in spans if abs(span[0] - start) == least]


def _best_in_context(text: str, spans: list[Span], hint: _Hint) -> list[Span]:
    if hint.start is not None and len(spans) > MOST_COMPARED:
        near = hint.start
        spans = sorted(sorted(spans, key=lambda span: abs(span[0] - near))[:MOST_COMPARED])
    if not 1 < len(spans) <= MOST_COMPARED or not (hint.prefix or hint.suffix):
        return spans
    before, after = fold(hint.prefix).plain.rstrip()[::-1], fold(hint.suffix).plain.lstrip()
    reach = 2 * max(len(before), len(after)) + CONTEXT_LENGTH

    def agreement(span: Span) -> int:
        head = text[max(0, span[0] - reach) : span[0]] if before else ""
        tail = text[span[1] : span[1] + reach] if after else ""
        return _common_length(before, fold(head).plain.rstrip()[::-1]) + _common_length(
            after, fold(tail).plain.lstrip()
        )

    agreements = [agreement(span) for span in spans]
    best = max(agreements)
    return [span for span, length in zip(spans, agreements, strict=True) if length == best]


def _common_length(given: str, seen: str) -> int:
    """Count the characters both begin with; one or two out of a longer word are chance, so 0."""
    pairs = enumerate(zip(given, seen, strict=False))
    length = next((at for at, (a, b) in pairs if a != b), min(len(given), len(seen)))
    by_chance = length < LEAST_AGREEMENT and given[length:] and given[: length + 1].isalnum()
    return 0 if by_chance else length


def _find_elided(text: str, document: Folded, exact: str) -> list[Span]:
    """Find the parts around each ellipsis in order; spans run from first part to last, shortest."""
    parts = [part for part in _ELISION.split(exact) if re.search(r"\w", part)]
    if not parts or not _ELISION.search(exact):
        return []
    most = MOST_PARTS // len(parts)
    chains = list(islice(_whole_words(text, find_folded(document, needle(parts[0]))), most))
    for part in parts[1:]:
        ends = [end for _, end in chains]
        longer = []
        places = _whole_words(text, find_folded(document, needle(part)))
        for start, end in islice(places, most):
            last = bisect_right(ends, start) - 1
            if last >= 0 and start - ends[last] <= LONGEST_ELISION:
                longer.append((chains[last][0], end))
        chains = longer
    return list({start: (start, end) for start, end in reversed(chains)}.values())[::-1]


def _whole_words(text: str, spans: Iterator[Span]) -> Iterator[Span]:
    """Drop places that begin or end inside a word."""
    for start, end in spans:
        begins = not start or not text[start - 1 : start + 1].isalnum()
        if begins and (end >= len(text) or not text[end - 1 : end + 1].isalnum()):
            yield start, end


def _find_similar(document: Folded, core: str, least: float) -> tuple[float, list[Span]]:
    """Give the best score reached, and every place that reaches it; none below the least."""
    if not SHORTEST_APPROXIMATE <= len(core) <= LONGEST_APPROXIMATE:
        return 0.0, []
    wanted, plain = _lower(core), _lower(document.plain)
    scores: dict[Span, float] = {}
    for window in _likely_windows(plain, wanted):
        if place := _align(plain, wanted, window):
            scores[place] = round(fuzz.ratio(wanted, plain[slice(*place)]), 1)
    best = max(scores.values(), default=0.0)
    if best < least:
        return 0.0, []
    places = sorted(place for place, score in scores.items() if score == best)
    apart = places[:1] + [later for earlier, later in pairwise(places) if later[0] >= earlier[1]]
    return min(best, MOST_SIMILAR), [document.source_span(*place) for place in apart]


def _lower(text: str) -> str:
    """Lower the case and keep the length: only the dotted capital I would grow."""
    return text.replace("\u0130", "I").lower()


def _likely_windows(plain: str, wanted: str) -> list[Span]:
    """Let the rarest fragments of the passage vote for where it starts; give the best places."""
    size = 4 if len(wanted) < 2 * SHORTEST_APPROXIMATE else 5
    step = max(1, (len(wanted) - size) // 48)
    seeds = {wanted[at : at + size]: at for at in range(0, len(wanted) - size + 1, step)}
    counts = {seed: plain.count(seed) for seed in seeds}
    rarest = sorted((seed for seed in seeds if counts[seed]), key=lambda seed: counts[seed])[:24]
    width, slack = max(len(wanted) // 2, 16), len(wanted) // 4 + 16
    votes: Counter[int] = Counter()
    for seed in rarest:
        for hit in islice(find_all(plain, seed), 20_000):
            votes[(hit - seeds[seed]) // width] += 1
    starts = [place * width for place, _ in votes.most_common(12)]
    return [(max(0, at - slack), at + width + len(wanted) + slack) for at in starts]


def _align(plain: str, wanted: str, window: Span) -> Span | None:
    """Align head and tail of the passage in a window, then move both ends to word boundaries."""
    low, high = window
    head = fuzz.partial_ratio_alignment(wanted[:128], plain[low:high])
    tail = fuzz.partial_ratio_alignment(wanted[-128:], plain[low:high])
    if head is None or tail is None or tail.dest_end <= head.dest_start:
        return None
    start, end = low + head.dest_start, low + tail.dest_end
    if fuzz.ratio(wanted, plain[start:end]) < LEAST_SHOWN:
        return None
    starts = [at for at in _boundaries(_WORD_START, plain, start) if at < end]
    start = max(starts or [start], key=lambda at: fuzz.ratio(wanted, plain[at:end]))
    ends = [at for at in _boundaries(_WORD_END, plain, end) if at > start]
    return start, max(ends or [end], key=lambda at: fuzz.ratio(wanted, plain[start:at]))


def _boundaries(kind: re.Pattern[str], plain: str, near: int) -> list[int]:
    low, high = max(0, near - 40), min(len(plain), near + 40)
    around = kind.finditer(plain, low, high)
    return [match.start() for match in around]
