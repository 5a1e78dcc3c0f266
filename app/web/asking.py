"""Concepts in a question, as people type or choose them: `Trust, with narrower · K5*`.

A field of a form takes the number, K5 or K5*, what its list of suggestions offers, or a label as
the codebook has it. Addresses hold the number alone: short, and the same anywhere.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from fastapi import Request
from fastapi.responses import RedirectResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.coding.models import Concept
from app.coding.tree import Node, Tree
from app.db import Schema
from app.theory.models import Element
from app.theory.vocabulary import MECHANISM_ROLES
from app.web.wishes import Query, address, given, read_wish

NUMBERED = re.compile(r"(?:.*· ?)?([Kk][1-9]\d{0,8}\*?(?::[a-z_]+)?)", re.DOTALL)
ANY_STATE = "any"
WITH_NARROWER = ", with narrower"
Wish = TypeVar("Wish", bound=Schema)


@dataclass(frozen=True, slots=True)
class Offered:
    """A surviving concept, as a field may suggest it."""

    id: int
    label: str
    is_mechanism: bool
    """Coded as a mechanism, a resource or a response somewhere."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks: its parameters with concepts by number, and what nobody can read."""

    query: Query
    unknown: dict[str, str]
    """By parameter, what was typed and is no concept; it is left out of `query`."""
    concepts: list[Offered]
    """The codebook, along its tree."""
    tree: Tree
    is_rewritten: bool

    def wish(self, schema: type[Wish]) -> Wish:
        """Read the wish; a parameter that does not fit is refused naming it (422)."""
        return read_wish(schema, self.query)

    def elsewhere(self, request: Request) -> RedirectResponse | None:
        """Lead to the address with numbers, where a label was typed and all of it is understood."""
        if not self.is_rewritten or self.unknown:
            return None
        return RedirectResponse(f"{request.url.path}{address(self.query)}", status_code=303)

    def said(self, name: str) -> str:
        """Return what to show in a field: the concept by its label, or what could not be read."""
        if name in self.unknown:
            return self.unknown[name]
        concept = dict(self.query).get(name, "").partition(":")[0]
        labels = {f"K{one.id}": one.label for one in self.concepts}
        label = labels.get(concept.removesuffix("*"))
        narrower = WITH_NARROWER if concept.endswith("*") else ""
        return f"{label}{narrower} · {concept}" if label else concept

    def state(self, name: str) -> str:
        """Return the state that a parameter asks of its concept, or nothing."""
        return dict(self.query).get(name, "").partition(":")[2]

    def offers(self, *, mechanisms: bool = False) -> list[str]:
        """Return what a field suggests: each concept, with what is below it where there is any."""
        found = []
        for one in self.concepts:
            if mechanisms and not one.is_mechanism:
                continue
            if self.tree.children(one.id):
                found.append(f"{one.label}{WITH_NARROWER} · K{one.id}*")
            found.append(f"{one.label} · K{one.id}")
        return found


def asked(request: Request, session: Session, review_id: int, names: Sequence[str]) -> Asked:
    """Read an address whose parameters `names` are concepts, however they were written.

    A parameter `from_state` of a form is the state of the concept that `from` names.
    """
    concepts, tree = _codebook(session, review_id)
    numbers = {one.label.strip().casefold(): one.id for one in concepts}
    query: Query = []
    unknown: dict[str, str] = {}
    raw = given(request)
    states = {f"{name}_state": value for name in names for n, value in raw if n == f"{name}_state"}
    for name, value in raw:
        if name in states:
            continue
        if name not in names:
            query.append((name, value))
        elif numbered := NUMBERED.fullmatch(value.strip()):
            query.append((name, f"K{numbered[1][1:]}"))
        elif number := numbers.get(value.strip().casefold()):
            query.append((name, f"K{number}"))
        else:
            unknown[name] = value
    query = [(name, _in_state(value, states.get(f"{name}_state"))) for name, value in query]
    return Asked(query, unknown, concepts, tree, is_rewritten=query != raw)


def _in_state(value: str, state: str | None) -> str:
    """Ask a concept in the state its own field says; `any` drops the one there was."""
    if state is None:
        return value
    concept = value.partition(":")[0]
    return concept if state == ANY_STATE else f"{concept}:{state}"


def _codebook(session: Session, review_id: int) -> tuple[list[Offered], Tree]:
    """Return the surviving concepts along their tree, and the tree; one query."""
    used = select(Element.concept_id).where(
        Element.review_id == review_id, Element.role.in_(MECHANISM_ROLES)
    )
    rows = session.execute(
        select(
            *(Concept.id, Concept.parent_id, Concept.merged_into_id, Concept.label),
            *(Concept.position, Concept.id.in_(used).label("is_mechanism")),
        ).where(Concept.review_id == review_id)
    ).all()
    tree = Tree(Node(row.id, row.parent_id, row.merged_into_id) for row in rows)
    known = {row.id: row for row in rows}

    def place(number: int) -> list[tuple[int, str, int]]:
        return [(known[n].position, known[n].label, n) for n in tree.path(number)]

    standing = sorted((n for n in known if tree.survivor(n) == n), key=place)
    return [Offered(n, known[n].label, bool(known[n].is_mechanism)) for n in standing], tree
