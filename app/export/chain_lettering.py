"""What is written in the boxes of a figure of chains, line by line, and in whose colour."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from textwrap import wrap
from unicodedata import east_asian_width

from app.export.chain_drawing import Box
from app.synthesis.chain_parts import Part
from app.theory.marks import STATE_MARKS
from app.theory.vocabulary import ConfigurationKind, Role

INK, SOFT, PAPER, WARN, RULE = "#1c1c1a", "#595955", "#ffffff", "#8f2d0c", "#85857e"
COLOURS: dict[str, str] = {
    Role.CONTEXT: "#0069a3",
    Role.INTERVENTION: "#8f3f6e",
    Role.STRATEGY: "#8f3f6e",
    Role.ACTOR: "#5c5c5c",
    Role.AGENCY: "#5c5c5c",
    Role.RESOURCE: "#8f3f6e",
    Role.RESPONSE: "#a84a00",
    Role.MECHANISM: "#a84a00",
    Role.OUTCOME: "#00694d",
}
LINE = 16
PAD = 10
COLUMNS = 16
MOST_LINES = 4


@dataclass(slots=True)
class Lettering:
    """The lines of a box, the marks of roles beside them, and everything unabridged."""

    lines: list[tuple[str, str]] = field(default_factory=list)
    """Text and colour."""
    marks: list[tuple[str, int]] = field(default_factory=list)
    """Role, and the line it stands beside."""
    whole: str = ""

    @property
    def height(self) -> float:
        """Return how high the box around the lines is."""
        return max(len(self.lines), len(self.marks)) * LINE + 2 * PAD


def lettering(box: Box) -> Lettering:
    """Write a box: what it is, in which state, and which links made one box of several."""
    made = Lettering()
    if box.core:
        figures = box.core.figures
        kind = "" if box.core.kind == ConfigurationKind.RAW else f" {box.core.kind}"
        made.lines.append((f"C{box.core.id}{kind}", INK))
        against = f"  ✕ {figures.refuting}" if figures.refuting else ""
        made.lines.append((f"✓ {figures.supporting}{against}", WARN if against else SOFT))
    said: set[tuple[str, str]] = set()
    for part in box.parts:
        _write(made, part, said)
    for label in box.labels:
        made.lines += [(line, SOFT) for line in wrapped(label)]
    made.whole = " · ".join([*(text for text, _ in made.lines), *(p.wording for p in box.parts)])
    return made


def _write(made: Lettering, part: Part, said: set[tuple[str, str]]) -> None:
    """Add an element: its words once, and its mark for every role it plays."""
    name = f"{part.label or part.wording} {STATE_MARKS[part.state]}".strip()
    if (part.role, name) in said:
        return
    if name not in {words for _, words in said}:
        made.marks.append((part.role, len(made.lines)))
        made.lines += [(line, COLOURS[part.role]) for line in wrapped(name)]
    elif part.role not in {role for role, _ in said}:
        made.marks.append((part.role, made.marks[-1][1] + 1))
    said.add((part.role, name))


def wrapped(text: str) -> list[str]:
    """Wrap text to a box, in four lines at most; wide characters take two columns."""
    is_wide = any(east_asian_width(character) in "WF" for character in text)
    columns = COLUMNS // 2 if is_wide else COLUMNS
    lines = wrap(text, columns) or [""]
    return list(_cut(lines, columns))


def _cut(lines: list[str], columns: int) -> Iterator[str]:
    yield from lines[: MOST_LINES - 1]
    if len(lines) == MOST_LINES:
        yield lines[-1]
    elif len(lines) > MOST_LINES:
        yield lines[MOST_LINES - 1][: columns - 1] + "…"
