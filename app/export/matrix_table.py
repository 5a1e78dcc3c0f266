"""The cells of a matrix as a table, one row each, ready to be counted on by other programs."""

from collections.abc import Iterator

from app.db import now
from app.export.writers import Cell, Column
from app.synthesis.matrix import Heading, Matrix, MatrixWish
from app.theory.filters import filter_query

COLUMNS = [
    Column("row", "Row", 30),
    Column("row_concept", "Row: concept", 8),
    Column("row_state", "Row: state", 12),
    Column("column", "Column", 30),
    Column("column_concept", "Column: concept", 8),
    Column("column_state", "Column: state", 12),
    Column("configurations", "Configurations", 8),
    Column("sources", "Sources", 8),
    Column("studies", "Studies", 8),
    Column("reviews", "Reviews", 8),
    Column("supporting", "Supporting", 8),
    Column("refuting", "Refuting", 8),
    Column("second_hand", "Second-hand", 8),
    Column("joint", "Needing several together", 8),
    Column("contradictory", "Opposed", 8),
    Column("url", "Configurations behind it", 30, is_link=True),
]


def matrix_rows(answer: Matrix) -> Iterator[list[Cell]]:
    """Yield a row per cell that is not empty, by row and column of the matrix."""
    for cell in answer.cells:
        figures = cell.figures
        yield [
            *_named(answer.rows[cell.row]),
            *_named(answer.columns[cell.column]),
            *(figures.configurations, figures.sources, figures.studies, figures.reviews),
            *(figures.supporting, figures.refuting, figures.second_hand, figures.joint),
            cell.contradictory,
            cell.url,
        ]


def _named(heading: Heading) -> tuple[str, str, str | None]:
    name = f"{heading.label} ({heading.referent})" if heading.referent else heading.label
    return name, f"K{heading.concept_id}", heading.state.value if heading.state else None


def filters_told(wish: MatrixWish) -> str:
    """Say which filters a matrix was asked with: `Filters: stance=supports.`; nothing for none."""
    chosen = ", ".join(f"{n}={v}" for n, v in filter_query(wish) if n != "through")
    return f"Filters: {chosen}." if chosen else ""


def notes(title: str, answer: Matrix, wish: MatrixWish) -> list[str]:
    """Say beside the table what it holds, of what, when, and what it cannot say."""
    out = answer.left_out
    said = [f"Matrix of the review “{title}”.", answer.caption, filters_told(wish) or "No filters."]
    if out.configurations:
        said.append(f"{out.configurations} configurations that fit stand in no cell.")
    return [*said, f"Made {now():%Y-%m-%d %H:%M} UTC by Retroduce."]
