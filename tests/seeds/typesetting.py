"""Sets the training vignette as a PDF, the same bytes each time, in a font every reader has.

`python -m tests.seeds.typesetting` writes it beside the text. PDF 1.4 by hand (ISO 32000-1, 7.3
to 7.5 and 9.6.2.2): nothing is compressed or embedded, so that the file can be read as it stands.
"""

from collections.abc import Iterator
from textwrap import wrap

from tests.seeds.reading import SEEDS, vignette

PATH = SEEDS / "training-vignette" / "documents" / "training-vignette.pdf"
TITLE = "Getting people home: training text, invented, not evidence"
ENCODING = "cp1252"
"""What PDF calls WinAnsiEncoding."""

LEFT, TOP, LEADING, COLUMNS = 60, 790, 13, 90
"""Points from the lower left corner of A4, points a line, letters a line."""


def set_page(text: str) -> bytes:
    """Return the content stream of a page; an empty line parts paragraphs, as in the text."""
    shown = [line for paragraph in text.splitlines() for line in wrap(paragraph, COLUMNS) or [""]]
    head = f"BT /F1 10.5 Tf {LEADING} TL {LEFT} {TOP} Td"
    return b"\n".join([head.encode(), *(b"(" + escape(line) + b") Tj T*" for line in shown), b"ET"])


def escape(line: str) -> bytes:
    """Write a line as a literal string; the blank keeps words of two lines apart."""
    text = line.encode(ENCODING) + (b" " if line else b"")
    for character in (b"\\", b"(", b")"):
        text = text.replace(character, b"\\" + character)
    return text


def objects(pages: list[str]) -> Iterator[bytes]:
    """Yield the numbered objects: catalogue, pages, font, information, then two for each page."""
    numbers = range(5, 5 + 2 * len(pages), 2)
    kids = " ".join(f"{number} 0 R" for number in numbers)
    yield b"<< /Type /Catalog /Pages 2 0 R /Lang (en-GB) >>"
    yield f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode()
    yield b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    yield f"<< /Title ({TITLE}) /Producer (Retroduce) >>".encode()
    for number, text in zip(numbers, pages, strict=True):
        stream = set_page(text)
        yield (
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {number + 1} 0 R >>"
        ).encode()
        yield b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream)


def typeset(text: str) -> bytes:
    """Return a text as a PDF; form feeds part its pages."""
    made, starts = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for number, body in enumerate(objects(text.split("\f")), start=1):
        starts.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    count = len(starts) + 1
    return made + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R /Info 4 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (count, table, count, len(made))
    )


if __name__ == "__main__":
    PATH.write_bytes(typeset(vignette()))
