"""Inline notation of a configuration, as published realist reviews print it.

`When trust is low (C), partners keep to the contract (M), so nothing is shared (O)`: each marker
names the role of the words before it. The wording of a slot is the text between the marker before
and its own marker, as it stands, less what only separates it from the slot before:

- spaces, commas, stops, colons, arrows, free-standing dashes and plus signs, and citations by
  number (`[12, 14]`, superscript, or set right behind a marker: `(C)12`) at its beginning, and
  spaces at its end;
- connectives at its beginning, as many as follow each other ("and so, because ..."): those of
  `CONNECTIVES` (app/theory/connectives.py), "in" before a context, "for" before an actor.

Words that carry meaning stay: "unless", "only if", "although", "without", "or", "so many",
"in line with". So do brackets that hold no marker: (NHS), (2004), and (MR), which is no marker
because resource and response both begin with R. A lower-case letter is no marker where it ends a
word, "partner(s)", or where the text numbers a list, "(i) ... (ii)" or "(a) ... (b)".

A mechanism may be divided as by Dalkin et al. (2015, Implementation Science 10:49):
`(M: reasoning)` and `(mechanism: participant response)` are responses, `(mechanism: intervention
resources)` are resources, and `(Mres)` is the part that no other marker of the text names.
Emphasis around a marker, `**(C)**`, belongs to no slot; a single capital in brackets that is no
marker, `(X)`, is refused where words of the next slot follow it.

Markers may stand first instead, `(C) trust is low (M) ...`, and so may labels: `Context: trust is
low; Mechanism: ...`, with `(C)` beside the label, `=` or a free-standing dash for the colon, or the
words in brackets, `C (trust is low) + M (...)`, and names on lines of their own. Each names the
role of the words behind it.

The number a table gives the configuration, `CMOC 3:`, is left out, as are citations of author and
year right behind a marker. A text of two configurations is refused: each is coded for itself.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from app.theory.connectives import CITATION, LEADING, LEADING_BY_ROLE
from app.theory.vocabulary import TEMPLATE_ROLES, Role, Template

_LETTERS = {
    role.value[0]: role
    for role in TEMPLATE_ROLES[Template.ICAMO] + TEMPLATE_ROLES[Template.SCMO]  # A is actor here
}
_ROLES = {role.value: role for role in Role} | {"strategie": Role.STRATEGY} | _LETTERS
_PARTS = {"resource": Role.RESOURCE, "response": Role.RESPONSE, "reasoning": Role.RESPONSE}
_PARTS |= {"resp": Role.RESPONSE, "reas": Role.RESPONSE, "rea": Role.RESPONSE}
_LABELS = {role: letter.upper() for letter, role in _LETTERS.items()} | {
    Role.RESOURCE: "Mresource",
    Role.RESPONSE: "Mresponse",
}

_NUMBER = r"(?:[\s.]?\d{1,2}[a-z]?)?"
_PART = r"(?:resource|response|reasoning)s?"
_DIVIDED = (
    rf"(?:m|mechanism){_NUMBER}[\s\xa0_:,\u2013\u2014-]*(?:{_PART}|[(\[]{_PART}[)\]]|resp|reas?|res)"
    rf"|(?:m|mechanism){_NUMBER}\s*[:\u2013\u2014-]\s*[a-z]+\s{_PART}"  # whose it is, then what
)
_WORDS = (
    r"resources?|responses?"
    r"|contexts?|interventions?|strategy|strategies|actors?|agency|mechanisms?|outcomes?"
)
_NAME = rf"(?:{_DIVIDED}|{_WORDS}|[cisamo]){_NUMBER}"
_NAMES = rf"\s*{_NAME}(?:(?:\s*[/,;+&|]\s*|\s+(?:and|or)\s+){_NAME})*\s*"
# ASCII, or ignoring case would also take the long s and the dotless i for our letters.
_ONE_NAME = re.compile(_NAME, re.ASCII | re.IGNORECASE)
_BRACKETED = rf"(?:\({_NAMES}\)|\[{_NAMES}\])"
_MARKER = re.compile(rf"(\*{{1,3}}|_{{1,3}}){_BRACKETED}\1|{_BRACKETED}", re.ASCII | re.IGNORECASE)
_LOWER_LETTER = re.compile(r"[cisamo](?![a-z]|.*res)")
_LIST_LABEL = re.compile(r"[(\[](?:b|ii)[)\]]")
_TITLE = re.compile(
    r"\s*(?:[ISC]{0,2}C?[AI]?MOC?s?|CRRO|configuration|theory|proposition|hypothesis|row|no\.?)"
    r"\s*#?\d+(?:\.\d+)*[a-z]?\s*(?:[:.)|]|[\u2013\u2014-](?=\s))\s*"
    r"|\s*context[\u2013\u2014-]mechanism[\u2013\u2014-]outcome(?: configuration)?\s*:\s*",
    re.ASCII | re.IGNORECASE,
)
"""What a table calls a configuration, before its first words."""
_BOLD = r"(?:\*\*|__|\*|_)?"
_BESIDE = rf"(?:\s*[(\[]{_NAME}[)\]])?"
# Behind a separator any name and our capitals; behind a mere space only a name in title case.
_LABEL, _LETTER_LABEL = (
    re.compile(
        rf"(?:\A|(?<=[\n;|.,+=>\u2192\u21d2])|(?<=\s)(?={spaced}))\s*{_BOLD}"
        rf"((?i:{_DIVIDED}|{_WORDS}){_NUMBER}|[CISAMO]{_NUMBER})(?i:{_BESIDE})"
        rf"{_BOLD}(?:\s*[:=]|\s+[\u2013\u2014-](?=\s)){_BOLD}",
        re.ASCII,
    )
    for spaced in (r"[*_]{0,2}[A-Z][a-z]", rf"[*_]{{0,2}}[CISAMO]{_NUMBER}:")
)
_HEADING = re.compile(
    rf"^[ \t#]*{_BOLD}((?:{_DIVIDED}|{_WORDS}){_NUMBER}){_BOLD}[ \t]*$",
    re.ASCII | re.IGNORECASE | re.MULTILINE,
)
_WRAPPED = re.compile(
    rf"\s*[+=,;.\u2192>-]*\s*\b((?i:{_DIVIDED}|{_WORDS}){_NUMBER}|[CISAMO]{_NUMBER})"
    r"\s*[(\[]([^()\[\]]*(?:\([^()]*\)[^()\[\]]*)*)[)\]]",
    re.ASCII,
)
_SIGNED = re.compile(r"[(\[]\s*[CIAMO]\s*[+\u2013\u2212\u2191\u2193-]{1,2}\s*[)\]]")
_EITHER = re.compile(rf"m{_NUMBER}[\s\xa0_:,\u2013\u2014-]*res", re.ASCII | re.IGNORECASE)
_UNKNOWN = re.compile(r"(?<=\w\s)\((?:[BD-HJ-LNP-RT-Z]\d{0,2}|M[\s_:-]*re[a-z]+)\)(?!\s*[(\[])")
_KNOWN = "(C), (I), (S), (A), (M), (Mresource), (Mresponse) and (O)"
_NEXT_SENTENCE = re.compile(r"[^\w]*[.;\n][^\w]*(?=\w)|\s*\n")
_AGAIN = frozenset({Role.CONTEXT, Role.INTERVENTION, Role.STRATEGY})
_ENDING = " \t\r\n\xa0;,|+=\u2192"
_ARROW = re.compile(rf"[{_ENDING}]*[-=]+>[{_ENDING}]*\Z")
_WIDE = str.maketrans("\uff08\uff09\uff3b\uff3d\uff1a", "()[]:")
"""Full-width brackets, one for one, so that positions stay."""
_SHOWN = 60


class NotationError(ValueError):
    """The text cannot be read, or written, as notation; `position` counts code points from 0."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.position = position


@dataclass(frozen=True, slots=True)
class Slot:
    """One element as printed: `text[start:end]` is its wording, in code points."""

    role: Role
    wording: str
    start: int
    end: int


def parse_notation(text: str, *, template: Template = Template.CMO) -> list[Slot]:
    """Read the slots in the order printed; (A) is agency in a template that asks for agency.

    Raises `NotationError` for a marker without words or with two roles, words without marker, and
    a second configuration.
    """
    read = _parse(text.translate(_WIDE), template)
    return [replace(slot, wording=text[slot.start : slot.end]) for slot in read]


def _parse(text: str, template: Template) -> list[Slot]:
    title = _TITLE.match(text)
    first = title.end() if title else 0
    markers = list(_markers(text))
    heads = _heads(text, first, markers)
    slots: list[Slot] = []
    for head in heads:
        slot = _behind(text, head, template)
        _refuse_second("\n", slot, slots)
        slots.append(slot)
    if heads:
        return slots
    if not markers:
        raise NotationError(
            "No marker found; write (C), (M) or (O) after the words of each element.", 0
        )
    begin = first
    for marker in markers:
        slot = _slot(text, begin, marker, template)
        _refuse_second(text[begin : slot.start + 1], slot, slots)
        slots.append(slot)
        begin = marker.end()
    _refuse_rest(text, begin)
    return slots


@dataclass(frozen=True, slots=True)
class _Head:
    """A name that stands before its words, and where these begin and end."""

    name: str
    at: int
    begin: int
    end: int


def _heads(text: str, first: int, markers: Sequence[re.Match[str]]) -> list[_Head]:
    """Return the names before their words, where a text is written that way; else nothing."""
    wrapped = list(_wrapped(text, first))
    if wrapped:
        return wrapped
    for names in (_LABEL, _HEADING):
        labels = [label for label in names.finditer(text, first) if label.start() >= first]
        if labels and names is _LABEL and len(labels[0][1]) == 1:
            labels = list(_LETTER_LABEL.finditer(text, first))
        if not labels or labels[0].start() != first:
            continue
        within = [range(*label.span()) for label in labels]
        if all(any(marker.start() in span for span in within) for marker in markers):
            return _ended(text, [(m[1], m.start(1), m.end()) for m in labels])
    if markers and not text[first : markers[0].start()].strip() and _is_open(text, markers):
        return _ended(text, [(_inside(m), m.start(), m.end()) for m in markers])
    return []


def _is_open(text: str, markers: Sequence[re.Match[str]]) -> bool:
    """Say whether words follow every marker, the last one too."""
    ends = [marker.start() for marker in markers[1:]] + [len(text)]
    pairs = zip(markers, ends, strict=True)
    return all(any(c.isalnum() for c in text[marker.end() : end]) for marker, end in pairs)


def _ended(text: str, heads: Sequence[tuple[str, int, int]]) -> list[_Head]:
    ends = [at for _, at, _ in heads[1:]] + [len(text)]
    return [_Head(*head, end) for head, end in zip(heads, ends, strict=True)]


def _wrapped(text: str, first: int) -> Iterator[_Head]:
    """Yield names whose words stand in brackets, if the text is nothing but these."""
    found, at = [], first
    while part := _WRAPPED.match(text, at):
        if _ONE_NAME.fullmatch(part[2].strip()):  # a marker behind a word like A0
            return
        found.append(_Head(part[1], part.start(1), part.start(2), part.end(2)))
        at = part.end()
    if not any(character.isalnum() for character in text[at:]):
        yield from found


def _behind(text: str, head: _Head, template: Template) -> Slot:
    """Read the words behind a name."""
    words = _ARROW.sub("", text[head.begin : head.end]).rstrip(_ENDING)
    words = words.removesuffix("**").removesuffix("__").rstrip(_ENDING)
    if words.endswith(".") and not re.search(r"\.\s|\b(?:etc|al|[a-z])\.$", words):
        words = words[:-1]
    wording = words.lstrip(f"{_ENDING}:")
    if not wording:
        raise NotationError(
            f"Nothing stands behind {head.name} at character {head.at + 1}; "
            "write the words of the element behind its label, or leave it out.",
            head.at,
        )
    start = head.begin + len(words) - len(wording)
    return Slot(_one_role(text, head.name, head.at, template), wording, start, start + len(wording))


def _refuse_second(between: str, slot: Slot, before: Sequence[Slot]) -> None:
    """Refuse a sentence that begins anew with circumstances after an outcome."""
    if slot.role not in _AGAIN or not before or before[-1].role is not Role.OUTCOME:
        return
    if _NEXT_SENTENCE.match(between) and any(one.role in _AGAIN for one in before):
        raise NotationError(
            f"A second configuration begins at character {slot.start + 1}; code each for itself, "
            "and tie them with a link where one leads to the other.",
            slot.start,
        )


def format_notation(slots: Iterable[tuple[Role, str]], *, template: Template = Template.CMO) -> str:
    """Write each wording with its marker, separated by commas; no slots give an empty text.

    Parsed with the same template it gives the same roles and wordings; raises `NotationError`,
    with a position in the text to be written, for a wording of which that would not be true.
    """
    parts: list[str] = []
    length = 0
    for role, wording in slots:
        part = f"{wording} ({_label(role, template)})"
        _refuse_unreadable(part, (role, wording), length, template)
        parts.append(part)
        length += len(part) + len(", ")
    return ", ".join(parts)


def _markers(text: str) -> Iterator[re.Match[str]]:
    signed = _SIGNED.search(text)
    if signed:
        raise NotationError(
            f"{signed[0]} at character {signed.start() + 1} carries a sign; write the letter alone "
            "and say in the element's state whether it is more, less, there or not.",
            signed.start(),
        )
    listed = _LIST_LABEL.search(text) is not None
    found = list(_MARKER.finditer(text))
    if found:
        _refuse_unknown(text)
    for marker in found:
        attached = text[max(marker.start() - 1, 0) : marker.start()].isalnum()
        if not (_LOWER_LETTER.match(_inside(marker)) and (listed or attached)):
            yield marker


def _refuse_unknown(text: str) -> None:
    """Refuse what looks like a marker of ours and is none, before the words of the next slot."""
    for unknown in _UNKNOWN.finditer(text):
        if not _MARKER.match(unknown[0]):
            raise NotationError(
                f"{unknown[0]} at character {unknown.start() + 1} is no marker; known are "
                f"{_KNOWN}. Write one of these, or leave the brackets out where it is none.",
                unknown.start(),
            )


def _inside(marker: re.Match[str]) -> str:
    return marker[0].strip("*_")[1:-1].strip()


def _slot(text: str, begin: int, marker: re.Match[str], template: Template) -> Slot:
    role = _one_role(text, _inside(marker), marker.start(), template)
    end = begin + len(text[begin : marker.start()].rstrip())
    leading = LEADING_BY_ROLE.get(role, LEADING).match(text, begin, end)
    start = leading.end() if leading else begin
    if start >= end:
        raise NotationError(
            f"Nothing stands before {marker[0]} at character {marker.start() + 1}; "
            "write the words of the element before its marker, one marker for each element.",
            marker.start(),
        )
    return Slot(role, text[start:end], start, end)


def _one_role(text: str, name: str, at: int, template: Template) -> Role:
    if _EITHER.fullmatch(name):
        return _of_either(text, name, at)
    if not _ONE_NAME.fullmatch(name):
        raise NotationError(
            f"({name}) at character {at + 1} names more than one role; "
            "an element has one role: repeat the words with a marker of their own for each role.",
            at,
        )
    return _role_of(name, template)


def _of_either(text: str, name: str, at: int) -> Role:
    """Take `Mres` for the part that no other name of the text is: a resource beside `Mresp`."""
    names = [_inside(marker) for marker in _MARKER.finditer(text)]
    names += [head[1] for pattern in (_LABEL, _WRAPPED) for head in pattern.finditer(text)]
    others = {
        _role_of(other, Template.CMO)
        for other in names
        if _ONE_NAME.fullmatch(other) and not _EITHER.fullmatch(other)
    }
    parts = {Role.RESOURCE, Role.RESPONSE} - others
    if len(parts) == 1:
        return parts.pop()
    raise NotationError(
        f"({name}) at character {at + 1} may be resource or response; "
        "write (Mresource) or (Mresponse).",
        at,
    )


def _role_of(name: str, template: Template) -> Role:
    """Return the role of one name, whatever its number and whether it stands in the plural."""
    unnumbered = re.sub(r"\d+(?:[a-z](?![a-z]))?", "", name.lower())
    key = "".join(character for character in unnumbered if character.isalpha())
    if key == "a" and Role.AGENCY in TEMPLATE_ROLES[template]:
        return Role.AGENCY
    for ending, role in _PARTS.items():
        if key.rstrip("s").endswith(ending):
            return role
    return _ROLES[key if key in _ROLES else key.removesuffix("s")]


def _label(role: Role, template: Template) -> str:
    if Role.AGENCY in TEMPLATE_ROLES[template] and role in (Role.ACTOR, Role.AGENCY):
        return "A" if role is Role.AGENCY else role.value
    return _LABELS.get(role, role.value)


def _refuse_rest(text: str, begin: int) -> None:
    """Let punctuation and citations by number end the text, and nothing else."""
    cited = {at for found in re.finditer(CITATION, text) for at in range(*found.span())}
    rest = (at for at in range(begin, len(text)) if text[at].isalnum() and at not in cited)
    start = next(rest, None)
    if start is not None:
        words = _shown(text[begin:].strip(" ,;"))
        raise NotationError(
            f"\u201c{words}\u201d at character {start + 1} has no marker; "
            "add (C), (M) or (O) after it, or leave it out.",
            start,
        )


def _refuse_unreadable(
    part: str, expected: tuple[Role, str], position: int, template: Template
) -> None:
    try:
        [slot] = parse_notation(part, template=template)
        if (slot.role, slot.wording) == expected:
            return
    except ValueError:  # refused, or read as several slots
        pass
    raise NotationError(
        f"\u201c{_shown(expected[1])}\u201d would be read back as something else; give it words "
        "that hold no marker and neither begin nor end with a space, a separator or a connective.",
        position,
    )


def _shown(words: str) -> str:
    return words if len(words) <= _SHOWN else words[:_SHOWN] + "…"
