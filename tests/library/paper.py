"""Papers made for tests: PDF and Word files with what real ones bring along."""

import io
import zipfile
from collections.abc import Sequence

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
Line = tuple[int, int, str]


def pdf(pages: Sequence[Sequence[Line]], *, password: str = "", rotated: int = 0) -> bytes:
    """Write lines at (x, y) on pages of A4; a page of no lines gets a drawing only."""
    lock = StandardEncryption(password, ownerPassword="owner") if password else None
    file = io.BytesIO()
    canvas = Canvas(file, encrypt=lock, invariant=True)
    for lines in pages:
        if rotated:
            canvas.setPageRotation(rotated)
        for x, y, text in lines:
            canvas.drawString(x, y, text)
        if not lines:
            canvas.rect(50, 50, 300, 300)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def turned(
    lines: Sequence[Line], turn: int, *, is_shown_upright: bool, says_so: bool = True
) -> bytes:
    """Write lines on a square page shown turned clockwise; upright as shown, else as it lies.

    A page that does not say so is set as for that turn and shown without it.
    """
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(842, 842), invariant=True)
    if says_so and turn:
        canvas.setPageRotation(turn)
    if is_shown_upright:
        canvas.translate(421, 421)
        canvas.rotate(turn)
        canvas.translate(-421, -421)
    for x, y, text in lines:
        canvas.drawString(x, y, text)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def column(text: str, x: int = 72, top: int = 720) -> list[Line]:
    """Set lines of text one below the other."""
    return [(x, top - 14 * n, line) for n, line in enumerate(text.splitlines())]


def docx(body: str, footnotes: str = "", core: str = "") -> bytes:
    """Pack WordprocessingML as Word does."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr(
            "word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>"
        )
        if footnotes:
            package.writestr("word/footnotes.xml", f"<w:footnotes {W}>{footnotes}</w:footnotes>")
        if core:
            package.writestr("docProps/core.xml", core)
    return file.getvalue()
