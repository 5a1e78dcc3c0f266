"""What the application is asked in a benchmark: one small function per question."""

import sys
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.orm import Session

from app.export.evidence_table import EvidenceTableWish, chosen_columns, evidence_rows
from app.export.writers import write_csv, write_xlsx
from app.synthesis.matrix import Matrix, MatrixWish, matrix
from benchmarks.corpus import review_of

BASE = "http://127.0.0.1"


def page_path(slug: str, after: int, limit: int = 50) -> str:
    """Return the path of a page of configurations."""
    return f"/api/v1/reviews/{slug}/configurations?limit={limit}&after={after}"


def concept_path(slug: str, concept: int) -> str:
    """Return the path of the question which configurations have a concept as context."""
    return f"/api/v1/reviews/{slug}/configurations?limit=50&has=context:K{concept}"


def serve_command() -> list[str]:
    """Return the command that serves; the port follows."""
    return [sys.executable, "-c", "from app.cli import main; main()", "serve", "--port"]


def ask_matrix(session: Session, slug: str, mechanism: int) -> Matrix:
    """Ask contexts by outcomes, by state, through a mechanism and all narrower ones."""
    wish = MatrixWish(through=f"K{mechanism}*")
    return matrix(session, review_of(session, slug), wish)


def cells(answer: Matrix) -> dict[tuple[int, int, str], tuple[int, int, int, int]]:
    """Return per (row, column, state): configurations, sources, supporting, refuting."""
    found = {}
    for cell in answer.cells:
        row, column = answer.rows[cell.row], answer.columns[cell.column]
        figures = cell.figures
        found[row.concept_id, column.concept_id, str(column.state)] = (
            figures.configurations,
            figures.sources,
            figures.supporting,
            figures.refuting,
        )
    return found


def table_csv(session: Session, slug: str) -> Iterator[bytes]:
    """Yield the evidence table as CSV, one row per quote."""
    wish = EvidenceTableWish()
    rows = evidence_rows(session, review_of(session, slug), wish, BASE)
    return write_csv(chosen_columns(wish), rows)


def table_xlsx(session: Session, slug: str, path: Path) -> None:
    """Write the evidence table as a workbook, one row per quote."""
    wish = EvidenceTableWish()
    rows = evidence_rows(session, review_of(session, slug), wish, BASE)
    write_xlsx(chosen_columns(wish), rows, path, title=slug, notes=[])
