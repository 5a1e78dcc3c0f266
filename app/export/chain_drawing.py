"""What a figure of chains shows: boxes and arrows, before anything has a place.

Contexts lead into the box of their configuration, which holds its mechanism, and that leads to its
outcomes. An outcome that becomes an element of the next configuration is one box, the joint of the
two; where it is not the same thing (states that oppose, two concepts, a mere suggestion) there are
two boxes and an arrow, which says so. Where other links have made the two one box all the same, the
arrow leads from the box to itself and names the configurations it joins.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from app.synthesis.chain_parts import Chains, Joint, Part, Step
from app.theory.vocabulary import MECHANISM_ROLES, Role

MOST_WHOLE = 12
"""With more configurations than this, contexts and outcomes off the way are left out."""
Place = tuple[int, int]
"""An element: its configuration and n."""


class Line(StrEnum):
    """What an arrow stands for."""

    WITHIN = "within"
    """A configuration: from its contexts through its mechanism to its outcomes."""
    ASSERTED = "asserted"
    SUGGESTED = "suggested"
    OPPOSING = "opposing"
    REFUTED = "refuted"


@dataclass(slots=True)
class Box:
    """One box: an element, a joint of several, or the core of a configuration."""

    parts: list[Part] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    """Of the links that made several elements one."""
    core: Step | None = None
    key: str = ""
    """The same box in whatever answer: `C12`, or `C12.3` for an element of it."""


@dataclass(slots=True)
class Arrow:
    """One arrow between two boxes, by their numbers."""

    start: int
    end: int
    line: Line
    label: str = ""
    supporting: int = 0
    refuting: int = 0


@dataclass(slots=True)
class Drawing:
    """Boxes by number, from 1, and the arrows between them."""

    boxes: dict[int, Box] = field(default_factory=dict)
    arrows: list[Arrow] = field(default_factory=list)
    has_left_out: bool = False


def draw(answer: Chains) -> Drawing:
    """Turn an answer into boxes and arrows."""
    return _Draughtsman(answer).draw()


def is_joining(joint: Joint) -> bool:
    """Say whether a link makes one box of its two elements."""
    is_named = joint.from_element_n is not None and joint.to_element_n is not None
    is_same = joint.concept_id is not None and not joint.is_opposing
    return is_named and is_same and not (joint.is_possible or joint.is_refuted)


def _line_of(joint: Joint) -> Line:
    if joint.is_possible:
        return Line.SUGGESTED
    if joint.is_refuted:
        return Line.REFUTED
    return Line.OPPOSING if joint.is_opposing else Line.ASSERTED


class _Draughtsman:
    def __init__(self, answer: Chains) -> None:
        self.answer = answer
        self.drawing = Drawing()
        self.looping = {n for loop in answer.loops for n in loop.links}
        self.one: dict[Place, Place] = {}
        """For elements that are one with another: that other."""
        self.numbers: dict[Place, int] = {}
        self.kept = self._on_the_way()

    def draw(self) -> Drawing:
        for joint in self.answer.links:
            if is_joining(joint):
                self._join(joint)
        for step in self.answer.configurations:
            self._add_step(step)
        for joint in self.answer.links:
            self._add_joint(joint)
        return self.drawing

    def _on_the_way(self) -> set[Place] | None:
        """Return the elements chains pass, or None where all are shown."""
        if len(self.answer.configurations) <= MOST_WHOLE:
            return None
        kept: set[Place] = set()
        for joint in self.answer.links:
            kept |= {(joint.from_id, joint.from_element_n or 0)}
            kept |= {(joint.to_id, joint.to_element_n or 0)}
        for chain in self.answer.chains:
            kept |= {(chain.configurations[0], n) for n in chain.begins_with}
            kept |= {(chain.configurations[-1], n) for n in chain.ends_with}
        return kept

    def _root(self, place: Place) -> Place:
        while place in self.one:
            place = self.one[place]
        return place

    def _join(self, joint: Joint) -> None:
        left = self._root((joint.from_id, joint.from_element_n or 0))
        entered = self._root((joint.to_id, joint.to_element_n or 0))
        if left != entered:
            self.one[max(left, entered)] = min(left, entered)

    def _is_joined(self, place: Place) -> bool:
        return place in self.one or place in self.one.values()

    def _new(self, box: Box) -> int:
        number = len(self.drawing.boxes) + 1
        self.drawing.boxes[number] = box
        return number

    def _box_of(self, place: Place, part: Part) -> int:
        root = self._root(place)
        if root not in self.numbers:
            self.numbers[root] = self._new(Box(key=f"C{root[0]}.{root[1]}"))
        self.drawing.boxes[self.numbers[root]].parts.append(part)
        return self.numbers[root]

    def _add_step(self, step: Step) -> None:
        core = Box(core=step, key=f"C{step.id}")
        number = self._new(core)
        self.numbers[step.id, 0] = number
        linked = self._fed_apart(step)
        for part in step.elements:
            place = (step.id, part.n)
            is_apart = self._is_joined(place) or part.n in linked
            if part.role in MECHANISM_ROLES and not is_apart:
                core.parts.append(part)
            elif self.kept is not None and place not in self.kept:
                self.drawing.has_left_out = True
            else:
                box = self._box_of(place, part)
                pair = (number, box) if part.role == Role.OUTCOME else (box, number)
                self._add_within(pair, step)

    def _fed_apart(self, step: Step) -> set[int]:
        """Return the elements that an arrow from another configuration leads to."""
        return {
            joint.to_element_n
            for joint in self.answer.links
            if joint.to_id == step.id and joint.to_element_n and not is_joining(joint)
        }

    def _add_within(self, pair: Place, step: Step) -> None:
        figures = step.figures
        arrow = Arrow(*pair, Line.WITHIN, "", figures.supporting, figures.refuting)
        self.drawing.arrows.append(arrow)

    def _add_joint(self, joint: Joint) -> None:
        if is_joining(joint):
            root = self._root((joint.from_id, joint.from_element_n or 0))
            self.drawing.boxes[self.numbers[root]].labels.append(self._words(joint))
            return
        start = self._end_of(joint.from_id, joint.from_element_n)
        end = self._end_of(joint.to_id, joint.to_element_n)
        words, line = self._words(joint), _line_of(joint)
        if start == end:
            words = f"C{joint.from_id}→C{joint.to_id} {words}"
            if loop := self._loop(start, line):
                loop.label += f", {words}"
                return
        arrow = Arrow(start, end, line, words, joint.supporting, joint.refuting)
        self.drawing.arrows.append(arrow)

    def _loop(self, box: int, line: Line) -> Arrow | None:
        """Return the arrow from a box to itself that another of its line would lie on."""
        asked = (box, box, line)
        arrows = self.drawing.arrows
        return next((one for one in arrows if (one.start, one.end, one.line) == asked), None)

    def _end_of(self, number: int, n: int | None) -> int:
        """Return the box of an element, or of the configuration where none is named."""
        return self.numbers[self._root((number, n or 0))]

    def _words(self, joint: Joint) -> str:
        """Write whose a link is and what is odd about it."""
        marks = (
            ("suggested", joint.is_possible),
            ("(accepted suggestion)", joint.was_suggested),
            ("✕ refuted", joint.is_refuted),
            ("opposing", joint.is_opposing),
            ("state open", joint.is_state_open),
            ("↻", joint.n in self.looping),
        )
        said = [word for word, is_so in marks if is_so]
        return " ".join([*(f"L{link}" for link in joint.links), *said])
