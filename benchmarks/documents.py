"""The text of a long PDF with the places of its words, against PDFium's text alone."""

import io
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from random import Random
from subprocess import run

import pypdfium2
from reportlab.pdfgen.canvas import Canvas

from app.library.documents import read_upload
from app.library.extraction import Bounds
from app.library.pdf_reading import read_pdf
from benchmarks.corpus import Corpus
from benchmarks.measuring import Line, ratio_line, side_by_side
from benchmarks.words import NOUNS, VERBS

PAGES = 500
TARGET = 2.0
BOUNDS = Bounds(seconds=120, megabytes=2048)
ALONE = """
import sys, pypdfium2
book = pypdfium2.PdfDocument(sys.stdin.buffer.read())
for number in range(len(book)):
    sys.stdout.write(book[number].get_textpage().get_text_range())
"""


def long_pdf() -> bytes:
    chance, file = Random(4), io.BytesIO()
    canvas = Canvas(file, invariant=True)
    for _ in range(PAGES):
        for line in range(48):
            canvas.drawString(72, 780 - 14 * line, " ".join(chance.choices(NOUNS + VERBS, k=9)))
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _text_alone(content: bytes) -> str:
    pages = []
    with pypdfium2.PdfDocument(content) as book:
        for number in range(len(book)):
            page = book[number]
            text = page.get_textpage()
            pages.append(text.get_text_range())
            text.close()
            page.close()
    return "\f".join(pages)


def _processor(read: Callable[[bytes], object], content: bytes) -> float:
    """Return seconds of processor time, which other work on the machine disturbs less."""
    started = time.process_time()
    read(content)
    return time.process_time() - started


def pdf(databases: Sequence[Corpus]) -> Iterator[Line]:
    """Measure taking text and places out of 500 pages: the reading itself, and a whole upload."""
    del databases
    content = long_pdf()
    if read_pdf(content)["text"] != _text_alone(content).replace("\r\n", "\n"):
        raise AssertionError("our text and PDFium's differ")
    runs = [(_processor(read_pdf, content), _processor(_text_alone, content)) for _ in range(7)]
    times = min(run[0] for run in runs), min(run[1] for run in runs)
    note = "processor time; the baseline takes text alone"
    yield ratio_line(f"PDF text and places, {PAGES} pages", times, TARGET, note)
    child = [sys.executable, "-I", "-c", ALONE]
    times = side_by_side(
        lambda: read_upload(content, "application/pdf", BOUNDS),
        lambda: run(child, input=content, capture_output=True, check=True),
        rounds=5,
    )
    yield ratio_line(
        f"the same in a child process, {PAGES} pages", times, TARGET, "we also pack the places"
    )
