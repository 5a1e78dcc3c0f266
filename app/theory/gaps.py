"""What a configuration still lacks, as stable codes; an incomplete one is no error."""

from collections.abc import Sequence
from typing import Protocol

from app.coding.anchoring import Verification
from app.theory.vocabulary import (
    MECHANISM_ROLES,
    TEMPLATE_ROLES,
    Activation,
    ConfigurationKind,
    Role,
    Template,
    Valence,
)

UNVERIFIED = (Verification.AMBIGUOUS, Verification.NOT_FOUND)
"""A source without a stored document cannot be looked into, which is no fault of the quote."""


class Judged(Protocol):
    """A configuration as far as its gaps need it."""

    @property
    def kind(self) -> ConfigurationKind:
        """Constructed ones are found in no source and need no evidence."""
        ...

    @property
    def roles_not_reported(self) -> Sequence[str] | None:
        """Roles looked for and not there."""
        ...


class Slotted(Protocol):
    """An element as far as gaps need it."""

    @property
    def role(self) -> Role:
        """What it does in the configuration."""
        ...

    @property
    def concept_id(self) -> int | None:
        """The concept it is understood as."""
        ...

    @property
    def activation(self) -> Activation | None:
        """How far it operates, which only a mechanism does."""
        ...

    @property
    def valence(self) -> Valence | None:
        """Whether it is wanted, which is asked of outcomes only."""
        ...


class Tied(Protocol):
    """A piece of evidence as far as gaps need it."""

    @property
    def quote_id(self) -> int | None:
        """The passage it leads to."""
        ...

    @property
    def verification(self) -> Verification | None:
        """How the passage was found."""
        ...


def gaps(
    configuration: Judged,
    elements: Sequence[Slotted],
    evidence: Sequence[Tied],
    template: Template,
    *,
    is_grounded: bool = False,
) -> list[str]:
    """List what is missing, as codes in a fixed order.

    `no_<role>` (of the template, and not marked as not reported), `outside_template:<role>`,
    `not_reported_yet_coded:<role>`, `activation_misplaced` (on what is no mechanism),
    `valence_misplaced` (on what is no outcome), `not_coded` (an element without concept),
    `no_evidence`, `no_passage` (evidence that names no quote) and `unverified_quote`.
    `is_grounded` says that a memo or members stand behind it.
    """
    roles = {element.role for element in elements}
    excused = configuration.roles_not_reported or ()
    missing = [
        f"no_{role.value}" for role in TEMPLATE_ROLES[template] if not _is_met(role, roles, excused)
    ]
    strange = roles.difference(TEMPLATE_ROLES[template], MECHANISM_ROLES)
    outside = [f"outside_template:{r.value}" for r in Role if r in strange] if strange else []
    needs_evidence = configuration.kind is not ConfigurationKind.CONSTRUCTED and not is_grounded
    both = [f"not_reported_yet_coded:{r.value}" for r in Role if r in roles and r.value in excused]
    found = {
        "activation_misplaced": any(_has_stray_activation(element) for element in elements),
        "valence_misplaced": any(_has_stray_valence(element) for element in elements),
        "not_coded": any(element.concept_id is None for element in elements),
        "no_evidence": needs_evidence and not evidence,
        "no_passage": any(piece.quote_id is None for piece in evidence),
        "unverified_quote": any(piece.verification in UNVERIFIED for piece in evidence),
    }
    return missing + outside + both + [code for code, is_so in found.items() if is_so]


def _has_stray_activation(element: Slotted) -> bool:
    is_said = element.activation not in (None, Activation.NOT_STATED)
    return is_said and element.role not in MECHANISM_ROLES


def _has_stray_valence(element: Slotted) -> bool:
    is_said = element.valence not in (None, Valence.NOT_STATED)
    return is_said and element.role is not Role.OUTCOME


def _is_met(role: Role, roles: set[Role], excused: Sequence[str]) -> bool:
    """Let a mechanism stand for resource and response, and either of them for a mechanism."""
    if role in roles:
        return True
    if role is Role.MECHANISM:
        return bool(roles & set(MECHANISM_ROLES)) or role.value in excused
    alike = {role, Role.MECHANISM} if role in MECHANISM_ROLES else {role}
    return bool(roles & alike) or bool(alike & set(excused))
