"""The stretch of a text that shows why it was found, with the words that were looked for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import islice

from app.fulltext.query import Term
from app.fulltext.words import Span, spans

LENGTH = 240
"""Characters of a snippet."""
BEFORE = 60
"""Characters shown before the first match, if there are."""


@dataclass(frozen=True, slots=True)
class Match:
    """A term found in a text: which, and from where to where, code points, end exclusive."""

    term: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cut:
    """A stretch of a text, from `start`, and what matched within it, from the stretch's start."""

    text: str
    start: int
    matches: tuple[Match, ...]
    is_cut_before: bool
    is_cut_after: bool

    @property
    def terms(self) -> int:
        """How many different terms it shows."""
        return len({match.term for match in self.matches})

    def markup(self) -> str:
        """Return it as HTML: everything escaped, `mark` around what matched."""
        parts, done = [], 0
        for start, end in self.ranges():
            parts.append(
                f"{escape(self.text[done:start])}<mark>{escape(self.text[start:end])}</mark>"
            )
            done = end
        before, after = "… " * self.is_cut_before, " …" * self.is_cut_after
        return f"{before}{''.join(parts)}{escape(self.text[done:])}{after}"

    def ranges(self) -> list[tuple[int, int]]:
        """Return what matched as stretches that do not overlap, in their order."""
        found: list[tuple[int, int]] = []
        for match in sorted(self.matches, key=lambda match: (match.start, match.end)):
            if found and match.start < found[-1][1]:
                found[-1] = (found[-1][0], max(found[-1][1], match.end))
            else:
                found.append((match.start, match.end))
        return found


def cut(text: str, terms: Sequence[Term]) -> Cut:
    """Return the stretch that shows most of the terms, the first of them if several do."""
    matches = list(_matches(spans(text), terms))
    if len(text) <= LENGTH:
        return Cut(text, 0, tuple(matches), is_cut_before=False, is_cut_after=False)
    start = _best_start(text, matches)
    end = min(start + LENGTH, len(text))
    if end < len(text):
        end = max(text.rfind(" ", start + LENGTH // 2, end), start + LENGTH // 2)
    inside = tuple(
        Match(match.term, match.start - start, match.end - start)
        for match in matches
        if start <= match.start and match.end <= end
    )
    return Cut(text[start:end], start, inside, start > 0, end < len(text))


def _matches(found: Sequence[Span], terms: Sequence[Term]) -> Iterator[Match]:
    for number, term in enumerate(terms):
        wanted, many = term.words, len(term.words)
        for at, (word, start, end) in enumerate(found):
            if term.joined and _fits(word, term.joined, is_prefix=term.is_prefix):
                yield Match(number, start, end)
            if not _fits(word, wanted[0], is_prefix=term.is_prefix and many == 1):
                continue
            run = [span[0] for span in found[at : at + many]]
            if many == 1 or (
                len(run) == many
                and tuple(run[:-1]) == wanted[:-1]
                and _fits(run[-1], wanted[-1], is_prefix=term.is_prefix)
            ):
                yield Match(number, start, found[at + many - 1][2])


def _fits(word: str, wanted: str, *, is_prefix: bool) -> bool:
    return word.startswith(wanted) if is_prefix else word == wanted


def _best_start(text: str, matches: Sequence[Match]) -> int:
    """Return where to begin, so that as many terms as possible follow within the length."""
    best, most = 0, 0
    in_order = sorted(matches, key=lambda match: match.start)
    for at, match in enumerate(in_order):
        room = match.start + LENGTH - 2 * BEFORE
        shown = set()
        for later in islice(in_order, at, None):
            if later.end > room:
                break
            shown.add(later.term)
        if len(shown) > most:
            best, most = match.start, len(shown)
    start = max(best - BEFORE, 0)
    if start == 0:
        return 0
    space = text.find(" ", start, best)
    return space + 1 if space >= 0 else start
