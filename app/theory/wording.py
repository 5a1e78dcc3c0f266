"""The statement of a configuration as one sentence: if, given, then, because.

Wordings are verbatim and may be noun phrases or clauses, so the words around them take both:
"given early targets" reads as well as "given partners set early targets". If-then-because is a
wording of every template; the sentence is a first draft that people may edit.

What the sentence says itself, a wording need not say again: a connective at its beginning is left
out there, and an ordinary word begins small. The stored wording stays as it is.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from app.theory.vocabulary import Role

INTRODUCED = (Role.INTERVENTION, Role.STRATEGY, Role.RESOURCE)
"""Roles of what a programme brings; they share the part that begins with "given"."""

WHOM = (Role.ACTOR, Role.AGENCY)
"""Roles of those to whom, or by whose doing, the outcome happens; they share "for"."""

GENERATIVE = (Role.RESPONSE, Role.MECHANISM)
"""Roles that say why; they share "because"."""

CIRCUMSTANCES = r"if(?! only\b)|when(?:ever)?|where(?:ver)?|given(?: that)?"
RESULT = (
    r"then|so that|so(?! (?:as|far|few|little|long|many|much|too)\b)|thus(?! far\b)"
    r"|therefore|hence|because(?: of)?"
)
REASON = r"|since(?! \d)"
SAID_BEFORE = (
    dict.fromkeys((Role.CONTEXT, *INTRODUCED), CIRCUMSTANCES)
    | dict.fromkeys(WHOM, "for")
    | {Role.OUTCOME: RESULT}
    | dict.fromkeys(GENERATIVE, RESULT + REASON)
)
"""Connectives the sentence supplies, by role; static/sentence.js has the same."""

ORDINARY = (
    "a all an any both carers clinicians doctors each every families few he her his it its "
    "leaders managers many more most no nobody nurses organisations our partners patients people "
    "professionals services she some staff teams that the their there these they this those "
    "trust we what who you your"
)
"""Words that begin small within a sentence; of others none is known to be no name."""

MISSING = "…"
"""Stands where a role that every explanation needs has no words yet; it is no finding."""


_LEADING = {
    role: re.compile(rf"^\s*(?:(?:{words})[\s,]+)+", re.IGNORECASE)
    for role, words in SAID_BEFORE.items()
}
_BEGINNING = re.compile(rf"^(?:{'|'.join(word.capitalize() for word in ORDINARY.split())})(?=\s)")


class Worded(Protocol):
    """An element as far as its sentence needs it.

    Elements of one role with the same `any_of` are alternatives; None is jointly required.
    """

    @property
    def role(self) -> Role:
        """What the element does in its configuration."""
        ...

    @property
    def wording(self) -> str:
        """Its words as coded, never altered; blank words show as missing."""
        ...

    @property
    def any_of(self) -> int | None:
        """The group of alternatives within the role."""
        ...


class Words(NamedTuple):
    """What a sentence needs of an element that is not stored, or read without the rest."""

    role: Role
    wording: str
    any_of: int | None = None


def if_then_because(elements: Sequence[Worded]) -> str:
    """State the elements in their order within each part; no elements give an empty text.

    Context, outcome and mechanism show as "…" where they are missing, and so does what the
    programme brings where a response is named, for a response is one to something.
    """
    if not elements:
        return ""
    by_role: dict[Role, list[Worded]] = {}
    for element in elements:
        by_role.setdefault(element.role, []).append(element)
    given = _joined(by_role, INTRODUCED)
    if Role.RESPONSE in by_role and not given:
        given = MISSING
    whom = _joined(by_role, WHOM)
    parts = [
        f"If {_joined(by_role, (Role.CONTEXT,)) or MISSING}",
        f"given {given}" if given else "",
        f"then, for {whom}" if whom else "",
        f"{'' if whom else 'then '}{_joined(by_role, (Role.OUTCOME,)) or MISSING}",
        f"because {_joined(by_role, GENERATIVE) or MISSING}",
    ]
    sentence = ", ".join(part for part in parts if part)
    return sentence if sentence.endswith((".", "!", "?")) else sentence + "."


def _joined(by_role: Mapping[Role, Sequence[Worded]], roles: tuple[Role, ...]) -> str:
    """Join what is jointly required by "and", each group of alternatives standing as one."""
    elements = [element for role in roles for element in by_role.get(role, ())]
    if not elements:
        return ""
    if len(elements) == 1:  # by far the most common, and lists state many configurations
        return _shown(elements[0])
    groups: dict[object, list[str]] = {}
    for place, element in enumerate(elements):
        alone = element.any_of is None
        key = place if alone else (element.role, element.any_of)
        groups.setdefault(key, []).append(_shown(element))
    return _all_of(list(groups.values()))


def _shown(element: Worded) -> str:
    """Return the words of an element as they go on a sentence."""
    said = _LEADING[element.role].sub("", element.wording, count=1)
    said = said if said.strip() else element.wording
    return _BEGINNING.sub(lambda word: word[0].lower(), said, count=1) if said.strip() else MISSING


def _all_of(groups: list[list[str]]) -> str:
    """Set a group apart by "either" where "and" and "or" would meet."""
    if not groups:
        return ""
    if len(groups) == 1:
        return _series(groups[0], "or")
    if all(len(group) == 1 for group in groups):
        return _series([group[0] for group in groups], "and")
    whole = [g[0] if len(g) == 1 else f"either {_series(g, 'or')}" for g in groups]
    return ", and ".join(whole)


def _series(wordings: list[str], conjunction: str) -> str:
    *first, last = wordings
    return f"{', '.join(first)} {conjunction} {last}" if first else last
