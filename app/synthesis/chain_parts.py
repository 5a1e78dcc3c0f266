"""What an answer about chains is made of; everything in it leads back by numbers and addresses."""

from dataclasses import dataclass

from app.synthesis.bearing import Bearing
from app.synthesis.counting import Figures
from app.synthesis.loops import Turn


@dataclass(frozen=True, slots=True)
class Part:
    """An element of a configuration as a chain shows it."""

    n: int
    role: str
    wording: str
    concept_id: int | None
    """The surviving concept."""
    label: str | None
    state: str


@dataclass(frozen=True, slots=True)
class Step:
    """A configuration on some chain, with what supports and refutes it."""

    id: int
    title: str | None
    statement: str
    kind: str
    is_constructed: bool
    """Made by the reviewer and found in no source: it has no witnesses."""
    elements: list[Part]
    figures: Figures
    url: str


@dataclass(frozen=True, slots=True)
class Joint:
    """A link on some chain: the outcome of one configuration becomes an element of the next."""

    n: int
    """Its number within this answer, from 1."""
    from_id: int
    to_id: int
    from_element_n: int | None
    """The outcome; null: any."""
    to_element_n: int | None
    """The context or mechanism; null: any."""
    concept_id: int | None
    label: str | None
    """Of the concept both share; null where the link joins two."""
    links: list[int]
    """The asserted links behind it, L4; none behind a possible one."""
    is_possible: bool
    """Suggested by the program and accepted by nobody: no evidence."""
    was_suggested: bool
    """Suggested by the program, then accepted by a person."""
    is_lifted: bool
    """Asserted of a configuration that the one shown stands for."""
    is_refuted: bool
    """People refuted it, by the last verdict on every link behind it: nothing witnesses it."""
    is_reason_only: bool
    """Asserted with a reason and no evidence."""
    is_opposing: bool
    """The states at its two ends oppose each other."""
    is_state_open: bool
    """A state at one of its ends is mixed, not stated, or of an element that is not named."""
    supporting: int
    """Distinct sources that support the link itself."""
    refuting: int
    witnesses: list[int]
    """Sources that support both configurations; none of a refuted link."""


@dataclass(frozen=True, slots=True)
class Weakest:
    """The step with the fewest distinct supporting sources; the first of several."""

    configuration: int
    sources: int


@dataclass(frozen=True, slots=True)
class Chain:
    """A path of configurations, and how good each step of it is."""

    configurations: list[int]
    links: list[int]
    """`n` of the links between them."""
    begins_with: list[int]
    """Elements of the first configuration that fit what was asked."""
    ends_with: list[int]
    """Outcomes of the last configuration that fit what was asked."""
    weakest: Weakest
    consecutive: list[int]
    """Sources that support two consecutive configurations whose link is not refuted."""
    whole: list[int]
    """Sources that support every configuration; none where a link is refuted."""
    figures: Figures
    """Distinct over the whole chain."""
    reason_only: int
    """Links that rest on a reason alone."""
    possible: int
    """Links that nobody has accepted."""
    refuted: int
    """Links that people refuted."""
    opposing: int
    state_open: int
    bearing: list[int]
    """Numbers of the links that moderate, replace or contradict something on the way."""


@dataclass(frozen=True, slots=True)
class Loop:
    """Configurations that lead back to the first; reported once, from the smallest number."""

    configurations: list[int]
    links: list[int]
    """`n` of the links, the last leading back to the first configuration."""
    turn: Turn
    possible: int
    refuted: int


@dataclass(frozen=True, slots=True)
class Chains:
    """Chains, the best supported first; what they share is told once."""

    chains: list[Chain]
    configurations: list[Step]
    links: list[Joint]
    loops: list[Loop]
    bearing: list[Bearing]
    figures: Figures
    """Distinct over all chains shown."""
    is_truncated: bool
    why: str | None
    """What was cut off, and how to see it."""
    caption: str
