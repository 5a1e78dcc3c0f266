"""Chains as a figure: SVG with nothing from outside, no styles and no scripts.

Presentation attributes alone, so that it may stand within a page whose policy refuses inline
styles; no `role="img"`, for its configurations are links.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from textwrap import wrap

from app.export.chain_drawing import Arrow, Box, Drawing, Line, draw
from app.export.chain_files import bearing_name, told, xml_attribute, xml_text
from app.export.chain_layout import WIDTH, Layout, Point, lay_out, way
from app.export.chain_lettering import (
    COLOURS,
    INK,
    LINE,
    PAD,
    PAPER,
    RULE,
    SOFT,
    WARN,
    Lettering,
    lettering,
)
from app.synthesis.chain_parts import Chains
from app.synthesis.loops import Turn
from app.theory.marks import ROLE_LETTERS
from app.theory.vocabulary import Role

MARGIN = 24
LABEL = 12
STEPS = ((4, 5.0), (2, 3.0), (1, 1.5), (0, 0.75))
"""Least number of distinct sources for each width of an arrow."""
LEGEND = (
    (
        "Width of arrows: 1 source, 2 to 3, 4 and more; thin: none. "
        "Hatched beside it: sources that refute."
    ),
    (
        "▲ more ▼ less ● there ○ not there ◐ mixed. "
        "Dotted: suggested by the program, no evidence. Dashed, ✕: refuted by people."
    ),
)
LEFT_OUT = "Contexts and outcomes that no chain passes are left out."
ALARMING = (Line.OPPOSING, Line.REFUTED)
SMALLEST = 640
WIDEST = 1180
"""Of the lines below the figure, so that they can be read without scrolling."""
Address = Callable[[str, int], str]
"""Where something of a kind is shown: `C` and 12."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A drawing with a place for everything on it."""

    drawing: Drawing
    letters: Mapping[int, Lettering]
    heights: Mapping[int, float]
    layout: Layout
    address: Address
    is_live: bool

    def shapes(self) -> Iterator[str]:
        """Yield arrows, the boxes upon them, and what is written on arrows above everything."""
        names = {number: box.key for number, box in self.drawing.boxes.items()}
        ends = [
            (arrow, f"{names[arrow.start]} {names[arrow.end]}") for arrow in self.drawing.arrows
        ]
        for arrow, name in ends:
            yield from self._named("arrow", name, _arrow(arrow, self.layout, self.heights))
        for number, box in self.drawing.boxes.items():
            place, url = self.layout.places[number], self._leads_to(box)
            yield from self._named("box", box.key, _box(box, self.letters[number], place, url))
        for arrow, name in ends:
            yield from self._named("label", name, _label(arrow, self.layout, self.heights))

    def _named(self, kind: str, name: str, parts: Iterator[str]) -> Iterator[str]:
        """Group what belongs together under a name where a script may move it."""
        if self.is_live:
            yield f"<g data-{kind}={xml_attribute(name)}>"
        yield from parts
        if self.is_live:
            yield "</g>"

    def _leads_to(self, box: Box) -> str | None:
        """Return where a box leads: to its configuration; on a page also to its concept."""
        if box.core:
            return self.address("C", box.core.id)
        concept = next((part.concept_id for part in box.parts if part.concept_id), None)
        return self.address("K", concept) if self.is_live and concept else None


def chain_svg(answer: Chains, address: Address, *, is_live: bool = False) -> str:
    """Draw an answer; `address` gives the page of a configuration.

    A live figure is part of a page: boxes of elements lead to their concepts, and every box, arrow
    and label says which it is, so that a script can move them. What stands below the figure is then
    left to the page, and shown in files a script makes of it.
    """
    drawing = draw(answer)
    letters = {number: lettering(box) for number, box in drawing.boxes.items()}
    heights = {number: its.height for number, its in letters.items()}
    layout = lay_out(heights, [(arrow.start, arrow.end) for arrow in drawing.arrows])
    width = max(layout.width, SMALLEST) + 2 * MARGIN
    foot = layout.height + 2 * MARGIN
    notes = list(_notes(answer, drawing, width))
    height = foot if is_live else foot + LINE * (len(notes) + 1)
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
            f'viewBox="0 0 {width:g} {height:g}" font-family="system-ui, sans-serif" '
            f'font-size="12.5">'
        ),
        f"<title>{xml_text(answer.caption.partition(':')[0])}</title>",
        f"<desc>{xml_text(told(answer))}</desc>",
        f'<rect width="{width:g}" height="{height:g}" fill="{PAPER}"/>',
        *Sheet(drawing, letters, heights, layout, address, is_live).shapes(),
        *_below(notes, foot, is_live=is_live),
        "</svg>",
        "",
    ]
    return "\n".join(parts)


def legend(answer: Chains) -> list[str]:
    """Return what the marks of a figure mean, and whether something is left out of it."""
    return _legend(draw(answer))


def _legend(drawing: Drawing) -> list[str]:
    return [*LEGEND, *([LEFT_OUT] if drawing.has_left_out else [])]


def _below(notes: Sequence[str], foot: float, *, is_live: bool) -> Iterator[str]:
    """Yield the lines below a figure; of a live one hidden, with the height they need."""
    if is_live:
        yield f'<g data-notes="{LINE * (len(notes) + 1)}" display="none">'
    for i, note in enumerate(notes):
        y = foot + (i + 1) * LINE
        yield f'<text x="{MARGIN}" y="{y:g}" fill="{SOFT}">{xml_text(note)}</text>'
    if is_live:
        yield "</g>"


def _notes(answer: Chains, drawing: Drawing, width: float) -> Iterator[str]:
    """Yield what stands below the figure, wrapped to its width."""
    notes = [told(answer), *_legend(drawing)]
    for loop in answer.loops:
        ring = (*loop.configurations, loop.configurations[0])
        turn = "open whether it reinforces" if loop.turn is Turn.OPEN else loop.turn.value
        notes.append(f"↻ Loop {' → '.join(f'C{number}' for number in ring)}: {turn}.")
    notes += [f"⊸ {bearing_name(bearing)}." for bearing in answer.bearing]
    for note in notes:
        yield from wrap(note, int(min(width - 2 * MARGIN, WIDEST) / 6.6))


def _arrow(arrow: Arrow, layout: Layout, heights: Mapping[int, float]) -> Iterator[str]:
    """Yield an arrow, and hatched beside it what refutes."""
    points = _way(arrow, layout, heights)
    colour = WARN if arrow.line in ALARMING else SOFT
    if arrow.line is Line.SUGGESTED:
        yield _path(points, RULE, 2, ' stroke-dasharray="1 5" stroke-linecap="round"')
    elif arrow.line is Line.REFUTED:
        yield _path(points, colour, 2, ' stroke-dasharray="8 4"')
    else:
        thin = RULE if arrow.supporting == 0 and arrow.line is Line.WITHIN else colour
        yield _path(points, thin, _width(arrow.supporting), "")
    if arrow.refuting:
        beside = [(x, y + 6) for x, y in points]
        yield _path(beside, WARN, _width(arrow.refuting), ' stroke-dasharray="3 3"')


def _label(arrow: Arrow, layout: Layout, heights: Mapping[int, float]) -> Iterator[str]:
    """Yield what is written on an arrow, in its middle, above everything else."""
    points = _way(arrow, layout, heights)
    (x1, y1), (x2, y2) = points[len(points) // 2 - 1], points[len(points) // 2]
    ink = WARN if arrow.line in ALARMING else INK
    lines = wrap(arrow.label, LABEL)
    for i, line in enumerate(lines):
        y = (y1 + y2) / 2 - 5 + i * 13 - (len(lines) - 1) * 6
        yield (
            f'<text x="{(x1 + x2) / 2:g}" y="{y:g}" text-anchor="middle" font-size="11" '
            f'fill="{ink}" stroke="{PAPER}" stroke-width="4" paint-order="stroke">'
            f"{xml_text(line)}</text>"
        )


def _way(arrow: Arrow, layout: Layout, heights: Mapping[int, float]) -> list[Point]:
    """Return the points an arrow passes, on the sheet."""
    points = way(layout, heights, (arrow.start, arrow.end))
    return [(x + MARGIN, y + MARGIN) for x, y in points]


def _path(points: Sequence[Point], colour: str, width: float, more: str) -> str:
    """Write a curve through points, with a head at its end."""
    (x0, y0), *_ = points
    line = [f"M{x0:g} {y0:g}"]
    for (x1, y1), (x2, y2) in pairwise(points):
        if x1 == x2 or y1 == y2:
            line.append(f"L{x2:g} {y2:g}")
        else:
            middle = (x1 + x2) / 2
            line.append(f"C{middle:g} {y1:g} {middle:g} {y2:g} {x2:g} {y2:g}")
    (xa, ya), (x, y) = points[-2], points[-1]
    back = -7 if xa <= x else 7
    head = f"M{x + back:g} {y - 4.5:g}L{x:g} {y:g}L{x + back:g} {y + 4.5:g}"
    if xa == x and ya > y:
        head = f"M{x - 4.5:g} {y + 7:g}L{x:g} {y:g}L{x + 4.5:g} {y + 7:g}"
    return (
        f'<path d="{" ".join(line)}" fill="none" stroke="{colour}" stroke-width="{width:g}"{more}/>'
        f'<path d="{head}" fill="none" stroke="{colour}" stroke-width="1.5"/>'
    )


def _width(sources: int) -> float:
    return next(width for least, width in STEPS if sources >= least)


def _box(box: Box, letters: Lettering, place: Point, url: str | None) -> Iterator[str]:
    """Yield a box with its marks and lines, and where it leads."""
    x, y = place[0] + MARGIN, place[1] + MARGIN
    role = box.parts[0].role if box.parts else Role.MECHANISM
    colour = INK if box.core else COLOURS[role]
    dashes = ' stroke-dasharray="6 3"' if box.core and box.core.is_constructed else ""
    if url:
        yield f"<a href={xml_attribute(url)}>"
        yield f"<title>{xml_text(letters.whole)}</title>"
    yield (
        f'<rect x="{x:g}" y="{y:g}" width="{WIDTH}" height="{letters.height:g}" rx="3" '
        f'fill="{PAPER}" stroke="{colour}" stroke-width="1.25"{dashes}/>'
    )
    for name, line in letters.marks:
        yield mark(name, (x + 16, y + PAD + (line + 0.5) * LINE))
    for i, (text, ink) in enumerate(letters.lines):
        weight = ' font-weight="650" font-family="monospace"' if box.core and i == 0 else ""
        yield (
            f'<text x="{x + 30:g}" y="{y + PAD + i * LINE + 12:g}" fill="{ink}"{weight}>'
            f"{xml_text(text)}</text>"
        )
    if url:
        yield "</a>"


def mark(role: str, at: Point) -> str:
    """Draw the mark of a role: its shape in its colour, its letter on it."""
    x, y = at
    colour = COLOURS[role]
    if role == Role.OUTCOME:
        shape = f'<rect x="{x - 7:g}" y="{y - 7:g}" width="14" height="14" fill="{colour}"/>'
    elif role in {Role.MECHANISM, Role.RESPONSE}:
        shape = f'<path d="M{x - 9:g} {y:g}l9 -9l9 9l-9 9z" fill="{colour}"/>'
    elif role == Role.CONTEXT:
        shape = f'<circle cx="{x:g}" cy="{y:g}" r="8" fill="{colour}"/>'
    else:
        shape = f'<path d="M{x - 8:g} {y:g}l4 -7h8l4 7l-4 7h-8z" fill="{colour}"/>'
    return (
        f'{shape}<text x="{x:g}" y="{y + 3.5:g}" text-anchor="middle" font-size="10" '
        f'font-weight="700" fill="{PAPER}">{ROLE_LETTERS[role]}</text>'
    )
