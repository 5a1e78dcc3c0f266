"""A text as it is read on a page: paragraphs, sentences, and in them the passages quoted.

Everything counts in code points of the canonical text. Within a paragraph every code point stands
on the page once and in order, so that a browser can tell positions by counting.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.library.boundaries import Setting, Span, paragraph_spans, sentence_spans

PART = 60_000
"""Code points of one page in the browser, about; a paragraph is never cut."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A passage quoted, where it stands in the text."""

    number: int
    start: int
    end: int
    found: str
    """How it was found: exact, normalised, approximate."""


@dataclass(frozen=True, slots=True)
class Run:
    """Some text within the same passages; `begins` names those whose first words it holds."""

    text: str
    marks: tuple[Mark, ...]
    begins: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence from `start` to `end`; the space after it stands in its last run."""

    start: int
    end: int
    runs: list[Run]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, and the page it begins, where one does: its count, and what it is called."""

    start: int
    page: int | None
    label: str | None
    sentences: list[Sentence]


def parts_of(text: str, setting: Setting) -> list[list[Span]]:
    """Divide a text into parts of whole paragraphs; an empty text has one part of none."""
    parts: list[list[Span]] = [[]]
    for span in paragraph_spans(text, setting):
        if parts[-1] and span[1] - parts[-1][0][0] > PART:
            parts.append([])
        parts[-1].append(span)
    return parts


def lay_out(
    text: str,
    spans: Sequence[Span],
    breaks: Sequence[int] | None,
    marks: Sequence[Mark],
    labels: Sequence[str] | None = None,
) -> list[Paragraph]:
    """Lay some paragraphs out; `breaks` are the positions where pages 2, 3 … begin.

    `labels` are the numbers printed on the pages, one for each; they are counted where none are.
    """
    paragraphs: list[Paragraph] = []
    shown = 0
    for start, end in spans:
        inside = [mark for mark in marks if mark.start < end and mark.end > start]
        page = None
        if breaks is not None:
            now = bisect_right(breaks, start) + 1
            page, shown = (now if now != shown else None), now
        label = (labels[page - 1] if labels else str(page)) if page else None
        sentences = list(_sentences(text, (start, end), inside))
        paragraphs.append(Paragraph(start, page, label, sentences))
    return paragraphs


def _sentences(text: str, span: Span, marks: Sequence[Mark]) -> Iterator[Sentence]:
    found = list(sentence_spans(text, *span))
    for n, (start, end) in enumerate(found):
        following = found[n + 1][0] if n + 1 < len(found) else span[1]
        yield Sentence(start, end, list(_runs(text, start, following, marks)))


def _runs(text: str, start: int, end: int, marks: Sequence[Mark]) -> Iterator[Run]:
    edges = {start, end}
    for mark in marks:
        edges.update(edge for edge in (mark.start, mark.end) if start < edge < end)
    ordered = sorted(edges)
    for first, last in pairwise(ordered):
        over = tuple(mark for mark in marks if mark.start < last and mark.end > first)
        begins = tuple(mark.number for mark in over if mark.start == first)
        yield Run(text[first:last], over, begins)
