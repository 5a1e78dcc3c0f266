"""Chains as files for other programs: a list of links, GraphML, DOT and Mermaid.

In the three graph formats a node is a configuration and an edge a link; what the program only
suggests is marked in each of them, so that it never passes for an asserted link. What moderates,
contradicts or can take a place on the way is a note in DOT and Mermaid, and told in GraphML.
"""

import re
from collections.abc import Callable, Iterator
from xml.sax.saxutils import escape, quoteattr

from app.export.writers import Cell, Column, write_csv
from app.synthesis.bearing import Bearing
from app.synthesis.chain_parts import Chains, Joint, Part, Step

MOST_WORDS = 80
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]+")
"""Control characters, which no graph format holds."""

CSV_COLUMNS = [
    Column(name, name.replace("_", " ").capitalize())
    for name in (
        *("link", "from", "to", "kind", "links", "concept"),
        *("outcome", "outcome_state", "becomes", "becomes_role", "becomes_state"),
        *("supporting", "refuting", "witnesses_of_both", "reason_only", "refuted"),
        *("opposing", "state_open"),
        "chains",
    )
]


def edge_list(answer: Chains) -> Iterator[bytes]:
    """Yield a CSV with a row per link; `chains` names the chains it is on, 1 the best supported."""
    return write_csv(CSV_COLUMNS, _rows(answer))


def _rows(answer: Chains) -> Iterator[list[Cell]]:
    steps = {step.id: step for step in answer.configurations}
    for joint in answer.links:
        left = part_of(steps[joint.from_id], joint.from_element_n)
        entered = part_of(steps[joint.to_id], joint.to_element_n)
        on = [str(i) for i, chain in enumerate(answer.chains, 1) if joint.n in chain.links]
        yield [
            *(joint.n, f"C{joint.from_id}", f"C{joint.to_id}", kind_of(joint)),
            "; ".join(f"L{link}" for link in joint.links) or None,
            joint.label,
            *((left.wording, left.state) if left else (None, None)),
            *((entered.wording, entered.role, entered.state) if entered else (None, None, None)),
            *(joint.supporting, joint.refuting, len(joint.witnesses), joint.is_reason_only),
            *(joint.is_refuted, joint.is_opposing, joint.is_state_open, "; ".join(on) or None),
        ]


def part_of(step: Step, n: int | None) -> Part | None:
    """Return an element of a configuration, or None where none is named."""
    return next((part for part in step.elements if part.n == n), None)


def kind_of(joint: Joint) -> str:
    """Say whose a link is: suggested, accepted (suggested before), or asserted."""
    if joint.is_possible:
        return "suggested"
    return "accepted" if joint.was_suggested else "asserted"


def joint_name(joint: Joint) -> str:
    """Write what a link is called in a figure: its numbers, or that it is only suggested."""
    flags = [
        word
        for word, is_so in (
            ("accepted suggestion", joint.was_suggested),
            ("refuted", joint.is_refuted),
            ("opposing", joint.is_opposing),
            ("state open", joint.is_state_open),
        )
        if is_so
    ]
    name = " ".join(f"L{link}" for link in joint.links) or "suggested"
    return ", ".join([f"{name} {joint.label}" if joint.label else name, *flags])


def step_name(step: Step) -> str:
    """Write a configuration in one short line: C17 and its title, or how its statement begins."""
    words = step.title or step.statement
    line = " ".join(_UNSEEN.sub(" ", words).split())
    short = line if len(line) <= MOST_WORDS else line[: MOST_WORDS - 1].rstrip() + "…"
    mark = " (constructed)" if step.is_constructed else ""
    return f"C{step.id}{mark} {short}".rstrip()


def bearing_name(bearing: Bearing) -> str:
    """Write what bears on a chain from beside it: `L5: C5 moderates L4 (weakens)`.

    What it bears on is named too where that is another: one that stands for what the link names.
    """
    named = f"C{bearing.to_id}" if bearing.to_id else f"L{bearing.to_link_id}"
    effect = f" ({bearing.effect})" if bearing.effect else ""
    others = sorted({*bearing.configurations} - {bearing.from_id, bearing.to_id})
    on = f", on {', '.join(f'C{number}' for number in others)}" if others else ""
    resolved = f"; what resolves it: {bearing.moderator}" if bearing.moderator else ""
    kind = bearing.kind.replace("_", " ")
    return f"L{bearing.id}: C{bearing.from_id} {kind} {named}{effect}{on}{resolved}"


def _borne(answer: Chains, bearing: Bearing) -> list[int]:
    """Return the configurations to show it at; of a link it bears on, the one that is fed."""
    fed = {j.to_id for j in answer.links if not set(bearing.links).isdisjoint(j.links)}
    return sorted({*bearing.configurations, *fed})


NODE_KEYS: dict[str, tuple[str, Callable[[Step], str]]] = {
    "label": ("string", step_name),
    "kind": ("string", lambda step: step.kind),
    "supporting": ("int", lambda step: str(step.figures.supporting)),
    "refuting": ("int", lambda step: str(step.figures.refuting)),
    "sources": ("int", lambda step: str(step.figures.sources)),
    "studies": ("int", lambda step: str(step.figures.studies)),
    "url": ("string", lambda step: step.url),
}
EDGE_KEYS: dict[str, tuple[str, Callable[[Joint], str]]] = {
    "links": ("string", lambda joint: " ".join(f"L{link}" for link in joint.links)),
    "kind": ("string", kind_of),
    "concept": ("string", lambda joint: joint.label or ""),
    "supporting": ("int", lambda joint: str(joint.supporting)),
    "refuting": ("int", lambda joint: str(joint.refuting)),
    "witnesses_of_both": ("int", lambda joint: str(len(joint.witnesses))),
    "reason_only": ("boolean", lambda joint: str(joint.is_reason_only).lower()),
    "refuted": ("boolean", lambda joint: str(joint.is_refuted).lower()),
    "opposing": ("boolean", lambda joint: str(joint.is_opposing).lower()),
    "state_open": ("boolean", lambda joint: str(joint.is_state_open).lower()),
}


def graphml(answer: Chains) -> str:
    """Write GraphML 1.0 (Brandes et al. 2002), the caption as the graph's description."""
    declared = [
        f'  <key id="{end[0]}_{name}" for="{end}" attr.name="{name}" attr.type="{type_}"/>'
        for end, keys in (("node", NODE_KEYS), ("edge", EDGE_KEYS))
        for name, (type_, _) in keys.items()
    ]
    bearing = " ".join(f"{bearing_name(b)}." for b in answer.bearing)
    nodes = [_node(step) for step in answer.configurations]
    edges = [_edge(joint) for joint in answer.links]
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
            *declared,
            '  <graph id="chains" edgedefault="directed">',
            f"    <desc>{xml_text(f'{told(answer)} {bearing}'.rstrip())}</desc>",
            *nodes,
            *edges,
            "  </graph>",
            "</graphml>",
            "",
        ]
    )


def _node(step: Step) -> str:
    values = (
        f'<data key="n_{name}">{xml_text(value(step))}</data>'
        for name, (_, value) in NODE_KEYS.items()
    )
    return f'    <node id="C{step.id}">{"".join(values)}</node>'


def _edge(joint: Joint) -> str:
    values = (
        f'<data key="e_{name}">{xml_text(value(joint))}</data>'
        for name, (_, value) in EDGE_KEYS.items()
    )
    ends = f'source="C{joint.from_id}" target="C{joint.to_id}"'
    return f'    <edge id="E{joint.n}" {ends}>{"".join(values)}</edge>'


def told(answer: Chains) -> str:
    """Return the caption with what was cut off."""
    return f"{answer.caption} {answer.why}" if answer.why else answer.caption


def xml_text(text: str) -> str:
    """Escape text for XML 1.0, which has no place for most control characters."""
    return escape(_UNSEEN.sub(" ", text))


def xml_attribute(text: str) -> str:
    """Quote and escape a value of an XML attribute."""
    return quoteattr(_UNSEEN.sub(" ", text))


def dot(answer: Chains) -> str:
    """Write a graph in the DOT language, left to right, the caption as its label."""
    lines = [
        "digraph chains {",
        f"  graph [rankdir=LR, labelloc=b, label={_dot_text(told(answer))}];",
        "  node [shape=box];",
    ]
    for step in answer.configurations:
        style = ", style=dashed" if step.is_constructed else ""
        tip = f"{step.figures.supporting} support, {step.figures.refuting} refute"
        lines.append(f"  C{step.id} [label={_dot_text(step_name(step))}, tooltip={_dot_text(tip)}"
                     f"{style}];")  # fmt: skip
    for joint in answer.links:
        style = ", style=dotted" if joint.is_possible else ""
        style = ", style=dashed, arrowhead=tee" if joint.is_refuted else style
        colour = ', color="#8f2d0c"' if joint.is_opposing else ""
        lines.append(f"  C{joint.from_id} -> C{joint.to_id} [label={_dot_text(joint_name(joint))}"
                     f"{style}{colour}];")  # fmt: skip
    for bearing in answer.bearing:
        lines.append(f"  L{bearing.id} [shape=note, label={_dot_text(bearing_name(bearing))}];")
        ends = (f"L{bearing.id} -> C{number}" for number in _borne(answer, bearing))
        lines += [f"  {pair} [style=dashed, arrowhead=none];" for pair in ends]
    return "\n".join([*lines, "}", ""])


def _dot_text(text: str) -> str:
    """Quote text; a backslash is doubled, for in a label it would begin an escape."""
    plain = _UNSEEN.sub(" ", text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'


def mermaid(answer: Chains) -> str:
    """Write a Mermaid flowchart, left to right; the caption is a comment."""
    lines = [f"%% {_UNSEEN.sub(' ', told(answer)).replace('{', '(').replace('}', ')')}"]
    lines.append("flowchart LR")
    lines += [f'  C{s.id}["{_mermaid_text(step_name(s))}"]' for s in answer.configurations]
    for joint in answer.links:
        arrow = "-.->" if joint.is_possible else "--x" if joint.is_refuted else "-->"
        label = _mermaid_text(joint_name(joint))
        lines.append(f'  C{joint.from_id} {arrow}|"{label}"| C{joint.to_id}')
    for bearing in answer.bearing:
        lines.append(f'  L{bearing.id}(["{_mermaid_text(bearing_name(bearing))}"])')
        lines += [f"  L{bearing.id} --- C{number}" for number in _borne(answer, bearing)]
    constructed = [f"C{step.id}" for step in answer.configurations if step.is_constructed]
    if constructed:
        lines += ["  classDef constructed stroke-dasharray: 5 3"]
        lines += [f"  class {','.join(constructed)} constructed"]
    return "\n".join([*lines, ""])


_MERMAID_CODES = {ord(c): f"#{ord(c)};" for c in '#&"<>`\\[]{}|*_~'}


def _mermaid_text(text: str) -> str:
    """Write everything Mermaid or Markdown could read as theirs by its code, `#35;`."""
    return _UNSEEN.sub(" ", text).translate(_MERMAID_CODES)
