"""Showing a passage on its page: which pages it is on, and where its lines stand there."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from app.errors import FieldProblem, InvalidError, NotFoundError
from app.library.boundaries import Span, paragraph_spans, sentence_spans, setting_of
from app.library.document_schemas import (
    MOST_PLACED,
    Boundaries,
    PageFrame,
    PagePlace,
    PageWords,
    PassagePlace,
    PassageWish,
    PlacedWord,
    Rectangle,
)
from app.library.extraction import Bounds
from app.library.layout import TENTHS, Layout, find_layout
from app.library.models import Document
from app.library.schemas import Stretch

MOST_DIVIDED = 500_000
"""Code points of one answer with paragraphs and sentences."""
SAME_LINE = 0.5
"""Share of the lower of two words by which they overlap in height, at least, on one line."""
WIDEST_GAP = 3
"""Heights of a word that a gap may be wide within one rectangle; wider is a gutter of columns."""
LETTERS_TO_TELL = 4
UPRIGHT = 2
"""A word of some letters so much taller than wide is set upwards or downwards."""


def place_passage(
    document: Document, wish: PassageWish, folder: Path, bounds: Bounds
) -> PassagePlace:
    """Return the pages of a passage, and for a PDF the rectangles of its lines.

    Raises `InvalidError` when the positions are none of the text.
    """
    _check(document, wish)
    breaks = document.page_breaks
    layout = find_layout(folder, document, bounds)
    place = PassagePlace(document_id=document.id, start=wish.start, end=wish.end)
    if breaks is None and layout is None:
        return place
    edges = [0, *(breaks or ()), len(document.text)]
    for number, (first, last) in enumerate(pairwise(edges)):
        start, end = max(first, wish.start), min(last, wish.end)
        if start < end:
            page = PagePlace(
                page=number + 1, label=page_label(document, number + 1), start=start, end=end
            )
            if layout and number < len(layout.frames):
                left, bottom, right, top, turn = layout.frames[number]
                page.box, page.rotation = (left, bottom, right, top), int(turn)
                page.rectangles = _rectangles(layout, number, start - first, end - first)
            place.pages.append(page)
    return place


def page_frames(document: Document, folder: Path, bounds: Bounds) -> list[PageFrame]:
    """Return the pages of a document, of a PDF with their boxes; none where pages are unknown."""
    layout = find_layout(folder, document, bounds)
    return [] if layout is None and document.page_breaks is None else _frames(document, layout)


def page_words(document: Document, page: int, folder: Path, bounds: Bounds) -> PageWords:
    """Return the words of a page, counted from 1, with where they stand if that is known.

    Raises `NotFoundError` when there is no such page.
    """
    layout = find_layout(folder, document, bounds)
    frames = _frames(document, layout)
    if page > len(frames):
        raise NotFoundError(f"D{document.id} has {len(frames)} pages; there is no page {page}.")
    frame = frames[page - 1]
    words: list[PlacedWord] = []
    if layout and page <= len(layout.frames):
        rows = layout.words[:, layout.firsts[page - 1] : layout.firsts[page]].T.tolist()
        words = [
            (
                frame.start + first,
                frame.start + last,
                *(edge / TENTHS for edge in (left, bottom, right, top)),
            )
            for first, last, left, right, bottom, top in rows
        ]
    text = document.text[frame.start : frame.end]
    return PageWords(**frame.model_dump(), text=text, words=words)


def _frames(document: Document, layout: Layout | None) -> list[PageFrame]:
    edges = [0, *(document.page_breaks or ()), len(document.text)]
    frames = [
        PageFrame(page=n, label=page_label(document, n), start=start, end=end)
        for n, (start, end) in enumerate(pairwise(edges), start=1)
    ]
    if layout:
        for frame, (left, bottom, right, top, turn) in zip(frames, layout.frames, strict=False):
            frame.box, frame.rotation = (left, bottom, right, top), int(turn)
    return frames


def page_label(document: Document, page: int) -> str:
    """Return what a page, counted from 1, is called in print."""
    return label_of(document.page_labels, page)


def label_of(labels: Sequence[str] | None, page: int) -> str:
    """Return what a page, counted from 1, is called, given the labels of its document, if any."""
    return labels[page - 1] if labels and page <= len(labels) else str(page)


def _check(document: Document, wish: PassageWish) -> None:
    length = len(document.text)
    if not wish.start < wish.end <= length:
        raise InvalidError(
            f"end: {wish.start} to {wish.end} is no passage of D{document.id}, which has {length} "
            "characters; positions are code points, the end is exclusive.",
            fields=[FieldProblem("end", "before the start, or outside the text")],
        )
    if wish.end - wish.start > MOST_PLACED:
        raise InvalidError(
            f"end: ask for at most {MOST_PLACED:,} characters at once.",
            fields=[FieldProblem("end", "too far from the start")],
        )


@dataclass(slots=True)
class _Box:
    """A word or a line so far, in tenths of a point; `letters` tells how much it is to go by."""

    left: float
    right: float
    bottom: float
    top: float
    letters: int

    @property
    def is_upright(self) -> bool | None:
        """Say whether it is set upwards or downwards; nothing for what is too short to tell."""
        width, height = self.right - self.left, self.top - self.bottom
        return None if self.letters < LETTERS_TO_TELL else height > UPRIGHT * width

    def goes_on(self, word: "_Box") -> bool:
        """Say whether a word goes on the line."""
        upright = word.is_upright if word.is_upright is not None else self.is_upright
        if upright != self.is_upright and self.is_upright is not None:
            return False
        if upright:
            return _overlap(self.left, self.right, word.left, word.right) and _is_near(
                self.bottom, self.top, word.bottom, word.top, self.right - self.left
            )
        return _overlap(self.bottom, self.top, word.bottom, word.top) and _is_near(
            self.left, self.right, word.left, word.right, self.top - self.bottom
        )

    def grow(self, word: "_Box") -> None:
        """Take a word into the line."""
        self.left, self.right = min(self.left, word.left), max(self.right, word.right)
        self.bottom, self.top = min(self.bottom, word.bottom), max(self.top, word.top)
        self.letters += word.letters


def _overlap(low: float, high: float, other_low: float, other_high: float) -> bool:
    common = min(high, other_high) - max(low, other_low)
    return common > SAME_LINE * min(high - low, other_high - other_low)


def _is_near(low: float, high: float, other_low: float, other_high: float, size: float) -> bool:
    return max(low, other_low) - min(high, other_high) < WIDEST_GAP * size


def _rectangles(layout: Layout, page: int, start: int, end: int) -> list[Rectangle]:
    lines: list[_Box] = []
    for word in _boxes(layout, page, start, end):
        if lines and lines[-1].goes_on(word):
            lines[-1].grow(word)
        else:
            lines.append(word)
    return [
        (line.left / TENTHS, line.bottom / TENTHS, line.right / TENTHS, line.top / TENTHS)
        for line in lines
    ]


def _boxes(layout: Layout, page: int, start: int, end: int) -> list[_Box]:
    """Return the words of a stretch of a page, those it cuts as far as they are in it."""
    words = layout.words[:, layout.firsts[page] : layout.firsts[page + 1]]
    inside = words[:, (words[1] > start) & (words[0] < end)]
    found = []
    for first, last, left, right, bottom, top in inside.T.tolist():
        box = _Box(left, right, bottom, top, last - first)
        if not box.is_upright:
            letter = (right - left) / (last - first)
            box.left = left + letter * max(start - first, 0)
            box.right = right - letter * max(last - end, 0)
            box.letters = min(last, end) - max(first, start)
        found.append(box)
    return found


def divide(document: Document, wish: Stretch) -> Boundaries:
    """Return the paragraphs that begin in a stretch, with their sentences, up to a limit.

    `end` says where to go on; it is the length of the text when that is all.
    """
    text, length = document.text, len(document.text)
    last = length if wish.end is None else min(wish.end, length)
    paragraphs: list[Span] = []
    end = last
    for span in paragraph_spans(text, setting_of(document.extractor)):
        if span[0] >= last:
            break
        if paragraphs and span[1] - paragraphs[0][0] > MOST_DIVIDED:
            end = span[0]
            break
        if span[0] >= wish.start:
            paragraphs.append(span)
    sentences = [inner for span in paragraphs for inner in sentence_spans(text, *span)]
    return Boundaries(
        document_id=document.id,
        start=min(wish.start, last),
        end=end,
        length=length,
        paragraphs=paragraphs,
        sentences=sentences,
    )
