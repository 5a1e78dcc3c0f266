"""The flow diagram as SVG: presentation attributes alone, nothing from outside, no script.

Set at the width of a journal page (about 180 mm) its letters have 6 to 8 points.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from app.export.chain_files import xml_attribute, xml_text
from app.export.flow_boxes import Box, Column, Diagram, Look, Phase, Query, Row, diagram
from app.export.flow_lettering import wrapped
from app.synthesis.flow_parts import Flow

INK, SOFT, RULE, PAPER = "#1c1c1a", "#595955", "#85857e", "#ffffff"
HEAD, BAND = "#ececea", "#dfe7ec"
FONT = "Arial, 'Liberation Sans', Helvetica, sans-serif"
SIZE, LINE = 12.5, 16
PAD, SET_IN = 9, 12
MAIN, SIDE, PREVIOUS = 184, 180, 136
"""Widths of the boxes on the way, beside it, and of previous studies."""
ARROW, BETWEEN, DOWN, STACK = 22, 18, 20, 7
"""Lengths: to the side, between columns, to the next row, between boxes beside each other."""
MARGIN, BAND_WIDTH = 10, 24
LEAST = 96
"""Height of the first row, whose band has the longest word."""
Address = Callable[[Query], str]
"""Where the sources behind a box are shown."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A box with its place and its lines as they are set: indent and text."""

    box: Box
    x: float
    y: float
    width: float
    height: float
    lines: tuple[tuple[float, str], ...]

    @property
    def middle(self) -> float:
        """Return the middle of its height."""
        return self.y + self.height / 2

    @property
    def centre(self) -> float:
        """Return the middle of its width."""
        return self.x + self.width / 2

    @property
    def foot(self) -> float:
        """Return where it ends below."""
        return self.y + self.height


@dataclass(slots=True)
class Sheet:
    """What is drawn so far."""

    boxes: list[Placed] = field(default_factory=list)
    arrows: list[Sequence[tuple[float, float]]] = field(default_factory=list)
    bands: dict[Phase, tuple[float, float]] = field(default_factory=dict)
    width: float = 0
    height: float = 0

    def put(self, box: Box, x: float, y: float, width: float, height: float = 0) -> Placed:
        """Place a box; it is as high as its lines need, or higher."""
        lines = tuple(_set(box, width))
        needed = len(lines) * LINE + 2 * PAD - 3
        placed = Placed(box, x, y, width, max(height, needed), lines)
        self.boxes.append(placed)
        return placed


def flow_svg(flow: Flow, address: Address | None = None) -> str:
    """Draw a flow; with `address` every box that has sources behind it leads to them."""
    sheet = _laid_out(diagram(flow))
    width, height = sheet.width, sheet.height
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
            f'viewBox="0 0 {width:g} {height:g}" font-family="{FONT}" font-size="{SIZE}">'
        ),
        f"<title>{xml_text(f'PRISMA 2020 flow diagram: {flow.review}')}</title>",
        f"<desc>{xml_text(told(flow))}</desc>",
        f'<rect width="{width:g}" height="{height:g}" fill="{PAPER}"/>',
        *(_band(phase, *place) for phase, place in sheet.bands.items()),
        *(_arrow(points) for points in sheet.arrows),
        *(part for placed in sheet.boxes for part in _drawn(placed, address)),
        "</svg>",
        "",
    ]
    return "\n".join(parts)


def told(flow: Flow) -> str:
    """Tell the diagram in words, box by box, for who cannot see it."""
    made = diagram(flow)
    columns = [made.databases, *([made.other] if made.other else [])]
    said = [flow.caption]
    for column in columns:
        boxes = [box for row in column.rows for box in (row.main, *row.beside) if box]
        said.append(f"{column.title}: {'; '.join(_words(box) for box in boxes)}.")
    last = [box for box in (made.previous, made.included, made.total) if box]
    said.append(f"{'; '.join(_words(box) for box in last)}.")
    return " ".join(said)


def _words(box: Box) -> str:
    first, *more = (line.strip() for line in box.lines)
    return f"{first} {', '.join(more)}" if more else first


def _set(box: Box, width: float) -> Iterator[tuple[float, str]]:
    """Set the lines of a box: after one that ends in a colon the rest stands in."""
    is_list = box.lines[0].endswith(":")
    for n, line in enumerate(box.lines):
        indent = SET_IN * ((n > 0 and is_list) + line.startswith("\t"))
        for i, piece in enumerate(wrapped(line.strip(), width - 2 * PAD - indent, SIZE)):
            yield indent + (SET_IN / 2 if i and n and is_list else 0), piece


def _laid_out(made: Diagram) -> Sheet:
    """Place every box and arrow."""
    sheet = Sheet()
    left = MARGIN + BAND_WIDTH + 10.0
    x_main = left + (PREVIOUS + BETWEEN if made.previous else 0)
    x_other = x_main + MAIN + ARROW + SIDE + BETWEEN
    top = _heads(sheet, made, left, x_main, x_other)
    columns = [(made.databases, x_main), *([(made.other, x_other)] if made.other else [])]
    mains: dict[float, list[Placed]] = {x: [] for _, x in columns}
    y, foot = top, top
    for key in made.order:
        foot = y
        for column, x in columns:
            row = next((row for row in column.rows if row.key == key), None)
            if row is not None:
                foot = max(foot, _row(sheet, row, x, y, mains[x]))
        foot = max(foot, y + LEAST) if key == made.order[0] else foot
        _grow(sheet.bands, _phase(columns, key), y, foot)
        y = foot + DOWN
    _ending(sheet, made, mains, x_main, y)
    _before(sheet, made, left, top)
    sheet.width = (x_other + MAIN + ARROW + SIDE if made.other else x_other - BETWEEN) + MARGIN
    sheet.height = max(placed.foot for placed in sheet.boxes) + MARGIN
    return sheet


def _phase(columns: Sequence[tuple[Column, float]], key: str) -> Phase:
    return next(row.phase for column, _ in columns for row in column.rows if row.key == key)


def _grow(bands: dict[Phase, tuple[float, float]], phase: Phase, y: float, foot: float) -> None:
    top, _ = bands.get(phase, (y, foot))
    bands[phase] = (top, foot)


def _heads(sheet: Sheet, made: Diagram, left: float, x_main: float, x_other: float) -> float:
    """Place the titles of the columns; return where the first row begins."""
    titles = [(made.databases.title, x_main, MAIN + ARROW + SIDE)]
    if made.other:
        titles.append((made.other.title, x_other, MAIN + ARROW + SIDE))
    if made.previous:
        titles.append(("Previous studies", left, PREVIOUS))
    placed = [sheet.put(Box((t,), Look.HEAD), x, MARGIN, width) for t, x, width in titles]
    return max(head.foot for head in placed) + 14


def _row(sheet: Sheet, row: Row, x: float, y: float, above: list[Placed]) -> float:
    """Place one row of a column with its arrows; return where it ends."""
    foot = y
    if row.main is not None:
        main = sheet.put(row.main, x, y, MAIN)
        if above:
            sheet.arrows.append([(main.centre, above[-1].foot), (main.centre, main.y)])
        above.append(main)
        foot = main.foot
    down = y
    for n, box in enumerate(row.beside):
        side = sheet.put(box, x + MAIN + ARROW, down, SIDE)
        if n == 0 and above:
            level = min(above[-1].middle, side.foot - LINE)
            level = max(level, side.y + LINE / 2) if level < above[-1].foot else above[-1].middle
            sheet.arrows.append([(x + MAIN, level), (side.x, level)])
        down = side.foot + STACK
        foot = max(foot, side.foot)
    return foot


def _ending(
    sheet: Sheet, made: Diagram, mains: dict[float, list[Placed]], x_main: float, y: float
) -> None:
    """Place what is included, where all ways end."""
    included = sheet.put(made.included, x_main, y, MAIN)
    for x, above in mains.items():
        if not above:
            continue
        last = above[-1]
        if x == x_main:
            sheet.arrows.append([(last.centre, last.foot), (last.centre, included.y)])
        else:
            right = included.x + included.width
            ends = [(last.centre, last.foot), (last.centre, included.middle)]
            sheet.arrows.append([*ends, (right, included.middle)])
    _grow(sheet.bands, Phase.INCLUDED, y, included.foot)


def _before(sheet: Sheet, made: Diagram, left: float, top: float) -> None:
    """Place the studies of a previous version, and the total they and the new ones make."""
    if not made.previous or not made.total:
        return
    included = sheet.boxes[-1]
    before = sheet.put(made.previous, left, top, PREVIOUS)
    total = sheet.put(made.total, included.x, included.foot + DOWN, MAIN)
    sheet.arrows.append([(total.centre, included.foot), (total.centre, total.y)])
    ends = [(before.centre, before.foot), (before.centre, total.middle)]
    sheet.arrows.append([*ends, (total.x, total.middle)])
    _grow(sheet.bands, Phase.INCLUDED, included.y, total.foot)


def _band(phase: Phase, top: float, foot: float) -> str:
    x, middle = MARGIN, (top + foot) / 2
    centre = x + BAND_WIDTH / 2
    return (
        f'<rect x="{x}" y="{top:g}" width="{BAND_WIDTH}" height="{foot - top:g}" rx="3" '
        f'fill="{BAND}"/>'
        f'<text x="{centre:g}" y="{middle:g}" dy="4.5" text-anchor="middle" font-weight="700" '
        f'fill="{INK}" transform="rotate(-90 {centre:g} {middle:g})">{phase}</text>'
    )


def _arrow(points: Sequence[tuple[float, float]]) -> str:
    """Draw a way of straight lines with a head at its end."""
    way = "L".join(f"{x:g} {y:g}" for x, y in points)
    (xa, ya), (x, y) = points[-2], points[-1]
    if xa == x:
        head = f"M{x - 4:g} {y - 7:g}L{x:g} {y:g}L{x + 4:g} {y - 7:g}z"
    else:
        back = x - 7 if x > xa else x + 7
        head = f"M{back:g} {y - 4:g}L{x:g} {y:g}L{back:g} {y + 4:g}z"
    del ya
    return (
        f'<path d="M{way}" fill="none" stroke="{INK}" stroke-width="1"/>'
        f'<path d="{head}" fill="{INK}"/>'
    )


def _drawn(placed: Placed, address: Address | None) -> Iterator[str]:
    """Yield a box with its lines."""
    box = placed.box
    is_head, is_waiting = box.look is Look.HEAD, box.look is Look.WAITING
    query = box.query if address else None
    if query and address:
        yield f"<a href={xml_attribute(address(query))}>"
    fill = HEAD if is_head else PAPER
    stroke = "none" if is_head else RULE if is_waiting else INK
    dashes = ' stroke-dasharray="4 3"' if is_waiting else ""
    yield (
        f'<rect x="{placed.x:g}" y="{placed.y:g}" width="{placed.width:g}" '
        f'height="{placed.height:g}" rx="{3 if is_head else 0}" fill="{fill}" stroke="{stroke}"'
        f"{dashes}/>"
    )
    ink = SOFT if is_waiting else INK
    for n, (indent, text) in enumerate(placed.lines):
        y = placed.y + PAD + n * LINE + 10
        x, anchor = placed.x + PAD + indent, ""
        if is_head:
            x, anchor = placed.centre, ' text-anchor="middle" font-weight="700"'
        yield f'<text x="{x:g}" y="{y:g}" fill="{ink}"{anchor}>{xml_text(text)}</text>'
    if query:
        yield "</a>"
