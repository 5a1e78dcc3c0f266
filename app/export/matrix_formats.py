"""The files a matrix can be had as; pictures are made of the same drawing."""

import tempfile
from enum import StrEnum
from pathlib import Path

from app.export.matrix_figure import matrix_svg
from app.export.matrix_table import COLUMNS, matrix_rows, notes
from app.export.pictures import picture
from app.export.writers import write_csv, write_xlsx
from app.synthesis.matrix import Matrix, MatrixWish


class MatrixFormat(StrEnum):
    """Kinds of file: the cells as a table, and the figure as a drawing, a picture or a page."""

    CSV = "csv"
    XLSX = "xlsx"
    SVG = "svg"
    PNG = "png"
    PDF = "pdf"


MEDIA_TYPES = {
    MatrixFormat.CSV: "text/csv; charset=utf-8",
    MatrixFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    MatrixFormat.SVG: "image/svg+xml",
    MatrixFormat.PNG: "image/png",
    MatrixFormat.PDF: "application/pdf",
}


def matrix_file(answer: Matrix, wish: MatrixWish, form: MatrixFormat, title: str) -> bytes:
    """Write a matrix of the review with a title as a file."""
    if form is MatrixFormat.CSV:
        return b"".join(write_csv(COLUMNS, matrix_rows(answer)))
    if form is MatrixFormat.XLSX:
        return _workbook(answer, wish, title)
    return picture(matrix_svg(answer, wish, title), form)


def _workbook(answer: Matrix, wish: MatrixWish, title: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="retroduce-") as folder:
        path = Path(folder) / "matrix.xlsx"
        about = notes(title, answer, wish)
        write_xlsx(COLUMNS, matrix_rows(answer), path, title=title, notes=about)
        return path.read_bytes()
