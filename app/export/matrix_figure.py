"""The matrix as a figure: SVG with nothing from outside, no styles and no scripts.

A table first and a heat map second: distinct sources large, configurations small, shaded by
sources; what is refuted too has a corner of the other colour and says by how many.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from app.export.chain_figure import mark
from app.export.chain_files import xml_text
from app.export.chain_lettering import INK, PAPER, RULE, SOFT, WARN
from app.export.flow_lettering import width_of, wrapped
from app.export.matrix_table import filters_told
from app.synthesis.counting import Figures
from app.synthesis.matrix import Cell, Heading, Matrix, MatrixWish
from app.theory.marks import STATE_MARKS

SHADES = (
    (12, "#76aed3"),
    (7, "#98c3df"),
    (4, "#b9d6ea"),
    (2, "#d5e6f2"),
    (1, "#eaf2f8"),
)
"""Least number of distinct sources of each shade, the darkest first."""
FONT = "Arial, 'Liberation Sans', Helvetica, sans-serif"
SIZE, LINE, LARGE = 11.5, 14.5, 16
MARGIN, PAD = 20, 8
SIDE, WIDTH, LEAST = 190, 96, 38
"""Widths of the row headings and of a column, and the least height of a row."""
BADGE = 22
SMALLEST = 560
"""Width of the lines below a small matrix."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Where everything stands: left edges of columns, upper edges of rows, lines of headings."""

    heads: list[list[str]]
    sides: list[list[str]]
    top: float
    tops: list[float]
    notes: list[str]

    @property
    def right(self) -> float:
        """Return where the table ends."""
        return MARGIN + SIDE + WIDTH * (len(self.heads) + 1)

    @property
    def width(self) -> float:
        """Return the width of the figure."""
        return max(self.right + MARGIN, SMALLEST)

    @property
    def height(self) -> float:
        """Return the height of the figure."""
        return self.tops[-1] + LEAST + 2 * PAD + LINE * len(self.notes) + MARGIN

    def left(self, column: int) -> float:
        """Return where a column begins."""
        return MARGIN + SIDE + WIDTH * column


def matrix_svg(answer: Matrix, wish: MatrixWish, title: str) -> str:
    """Draw a matrix with its caption, its filters, and what the marks mean."""
    grid = _laid_out(answer, wish)
    name = f"{answer.rows_role.capitalize()} by {answer.columns_role}: {title}"
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{grid.width:g}" '
            f'height="{grid.height:g}" viewBox="0 0 {grid.width:g} {grid.height:g}" '
            f'font-family="{FONT}" font-size="{SIZE}" fill="{INK}">'
        ),
        f"<title>{xml_text(name)}</title>",
        f"<desc>{xml_text(answer.caption)}</desc>",
        f'<rect width="{grid.width:g}" height="{grid.height:g}" fill="{PAPER}"/>',
        *_heads(answer, grid),
        *_sides(answer, grid),
        *(part for cell in answer.cells for part in _cell(cell, grid)),
        *_sums(answer, grid),
        *_notes(grid),
        "</svg>",
        "",
    ]
    return "\n".join(parts)


def _laid_out(answer: Matrix, wish: MatrixWish) -> Grid:
    heads = [_lines(heading, WIDTH - 2 * PAD) for heading in answer.columns]
    sides = [_lines(heading, SIDE - BADGE - PAD) for heading in answer.rows]
    top = MARGIN + BADGE + LINE * max([2, *(len(lines) for lines in heads)]) + PAD
    tops = [top]
    for lines in sides:
        tops.append(tops[-1] + max(LEAST, LINE * len(lines) + PAD))
    width = max(MARGIN + SIDE + WIDTH * (len(heads) + 1) + MARGIN, SMALLEST)
    told = [answer.caption, filters_told(wish), _legend(answer)]
    if any(cell.contradictory for cell in answer.cells):
        told.append("⇅ both more and less of one outcome in the same context.")
    if answer.left_out.configurations:
        told.append(f"{answer.left_out.configurations} more that fit stand in no cell.")
    notes = [line for text in told if text for line in wrapped(text, width - 2 * MARGIN, SIZE)]
    return Grid(heads, sides, top, tops, notes)


def _lines(heading: Heading, room: float) -> list[str]:
    name = f"{heading.label} {heading.referent}" if heading.referent else heading.label
    lines = wrapped(name, room, SIZE)
    if heading.state is not None:
        state = f"{STATE_MARKS[heading.state]} {heading.state.value.replace('_', ' ')}"
        lines.append(state.strip())
    return lines


def _legend(answer: Matrix) -> str:
    said = f"Large: distinct sources; small: configurations; × {answer.by}s that refute."
    steps = ", ".join(f"{least}" for least, _ in reversed(SHADES))
    return f"{said} Shades begin at {steps} sources."


def _text(x: float, y: float, text: str, more: str = "") -> str:
    return f'<text x="{x:g}" y="{y:g}"{more}>{xml_text(text)}</text>'


def _rule(x1: float, y1: float, x2: float, y2: float, width: float = 0.75) -> str:
    return (
        f'<path d="M{x1:g} {y1:g}L{x2:g} {y2:g}" fill="none" stroke="{RULE}" '
        f'stroke-width="{width:g}"/>'
    )


def _heads(answer: Matrix, grid: Grid) -> Iterator[str]:
    """Yield the headings of columns, standing on one line."""
    for i, lines in enumerate(grid.heads):
        left, foot = grid.left(i) + PAD, grid.top - PAD
        start = foot - LINE * (len(lines) - 1)
        yield mark(answer.columns_role, (left + 9, start - LINE - 6))
        for n, line in enumerate(lines):
            yield _text(left, start + n * LINE, line, _ink(answer.columns[i], n, lines))
    yield _text(
        grid.left(len(grid.heads)) + PAD, grid.top - PAD, "all, each once", f' fill="{SOFT}"'
    )
    yield _rule(MARGIN, grid.top, grid.right, grid.top, 1.5)


def _ink(heading: Heading, n: int, lines: list[str]) -> str:
    """Write the state, the last line, softer than the words."""
    is_state = heading.state is not None and n == len(lines) - 1
    return f' fill="{SOFT}"' if is_state else ' font-weight="600"'


def _sides(answer: Matrix, grid: Grid) -> Iterator[str]:
    """Yield the headings of rows, and a rule below each."""
    for i, lines in enumerate(grid.sides):
        middle = (grid.tops[i] + grid.tops[i + 1]) / 2
        start = middle - LINE * (len(lines) - 1) / 2 + 4
        yield mark(answer.rows_role, (MARGIN + 9, middle))
        for n, line in enumerate(lines):
            yield _text(MARGIN + BADGE, start + n * LINE, line, _ink(answer.rows[i], n, lines))
        yield _rule(MARGIN, grid.tops[i + 1], grid.right, grid.tops[i + 1])
    yield _text(MARGIN + BADGE, grid.tops[-1] + LEAST / 2 + 4, "all, each once", f' fill="{SOFT}"')


def _cell(cell: Cell, grid: Grid) -> Iterator[str]:
    """Yield a cell: its shade, its numbers, what speaks against it."""
    figures, x, y = cell.figures, grid.left(cell.column), grid.tops[cell.row]
    height = grid.tops[cell.row + 1] - y
    shade = next((colour for least, colour in SHADES if figures.sources >= least), PAPER)
    yield (
        f'<rect x="{x:g}" y="{y:g}" width="{WIDTH}" height="{height:g}" fill="{shade}" '
        f'stroke="{RULE}" stroke-width="0.75"/>'
    )
    if figures.supporting and figures.refuting:
        yield f'<path d="M{x + WIDTH - 11:g} {y:g}h11v11z" fill="{WARN}"/>'
    yield from _numbers(figures, x, y + height / 2 + 5, is_opposed=cell.contradictory)


def _numbers(figures: Figures, x: float, y: float, *, is_opposed: bool = False) -> Iterator[str]:
    against = f"×{figures.refuting}" if figures.refuting else ""
    small = f"{figures.configurations}"
    odd = " ".join(part for part in (against, "⇅" if is_opposed else "") if part)
    wide = width_of(f"{figures.sources}", LARGE) + 5 + width_of(f"{small} {odd}".strip(), SIZE)
    start = x + (WIDTH - wide) / 2
    yield _text(start, y, f"{figures.sources}", f' font-size="{LARGE}" font-weight="600"')
    start += width_of(f"{figures.sources}", LARGE) + 5
    yield _text(start, y, small)
    if odd:
        beside = start + width_of(f"{small} ", SIZE)
        yield _text(beside, y, odd, f' fill="{WARN}" font-weight="600"')


def _sums(answer: Matrix, grid: Grid) -> Iterator[str]:
    """Yield totals of rows and columns; they count each thing once and are no sums."""
    last, foot = grid.left(len(grid.heads)), grid.tops[-1] + LEAST / 2 + 5
    for i, row in enumerate(answer.rows):
        yield from _numbers(row.figures, last, (grid.tops[i] + grid.tops[i + 1]) / 2 + 5)
    for i, column in enumerate(answer.columns):
        yield from _numbers(column.figures, grid.left(i), foot)
    yield from _numbers(answer.total, last, foot)


def _notes(grid: Grid) -> Iterator[str]:
    for i, line in enumerate(grid.notes):
        y = grid.tops[-1] + LEAST + 2 * PAD + LINE * (i + 0.5)
        yield _text(MARGIN, y, line, f' fill="{SOFT}"')
