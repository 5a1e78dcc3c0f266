"""Concepts that elements name in words: by number, label or alias, else new in the codebook."""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.access.policy import Right, may
from app.coding.concepts import add_concepts
from app.coding.models import Concept, ConceptAlias
from app.coding.schemas import ConceptCreate
from app.db import search_key
from app.errors import FieldProblem
from app.theory.references import refuse

_NUMBERED = re.compile(r"K([1-9]\d{0,8})(?:\s+(\S.*))?", re.DOTALL)
_NEW, _WRONG = 0, -1
"""In the place of a number: of a concept that is to be added, of none."""


def name_concepts(session: Session, member: Member, rows: Sequence[tuple[str, Any]]) -> None:
    """Put the number of a concept in the place of its name, in columns given with their places.

    `K17`, `K17 Trust`, a label or an alias name one there is; other words make a new concept, where
    the member may add any. Raises `InvalidError` (422) naming the place.
    """
    named = [(place, values, values.pop("concept", None)) for place, values in rows]
    wanted = [(place, values, name.strip()) for place, values, name in named if name]
    if not wanted:
        return
    known = _Known(session, member.review_id)
    problems = []
    for place, values, name in wanted:
        message, values["concept_id"] = known.look_up(name)
        if message:
            problems.append(FieldProblem(f"{place}concept", message))
    new: dict[str, str] = {}
    for _, values, name in wanted:
        if values["concept_id"] == _NEW:
            new.setdefault(search_key(name), name)
    if new and not may(member.role, Right.CODEBOOK):
        problems += [
            FieldProblem(
                f"{place}concept",
                f"no concept is called {name}, and only editors add to the codebook; leave it "
                "out, the wording is enough, or ask an editor",
            )
            for place, values, name in wanted
            if values["concept_id"] == _NEW
        ]
    refuse(problems)
    wishes = [ConceptCreate(label=name) for name in new.values()]
    added = add_concepts(session, member, wishes) if wishes else []
    numbers = dict(zip(new, [concept.id for concept in added], strict=True))
    for _, values, name in wanted:
        values["concept_id"] = values["concept_id"] or numbers[search_key(name)]


class _Known:
    """The concepts of a review by number, and the surviving ones by what they are called."""

    def __init__(self, session: Session, review_id: int) -> None:
        self.labels: dict[int, str] = {}
        self.called: dict[str, list[int]] = {}
        merged = set()
        for number, label, into in session.execute(
            select(Concept.id, Concept.label, Concept.merged_into_id).where(
                Concept.review_id == review_id
            )
        ):
            self.labels[number] = label
            if into is None:
                self.called.setdefault(search_key(label), []).append(number)
            else:
                merged.add(number)
        self.aliases: dict[str, list[int]] = {}
        for number, key in session.execute(
            select(ConceptAlias.concept_id, ConceptAlias.label_key).where(
                ConceptAlias.review_id == review_id
            )
        ):
            if number not in merged:
                self.aliases.setdefault(key, []).append(number)

    def look_up(self, name: str) -> tuple[str, int]:
        """Return what is wrong with a name, else nothing, and its number."""
        numbered = _NUMBERED.fullmatch(name)
        if numbered:
            return self._numbered(int(numbered[1]), numbered[2])
        found = self.called.get(search_key(name)) or self.aliases.get(search_key(name), [])
        if len(found) > 1:
            several = ", ".join(f"K{number} {self.labels[number]}" for number in sorted(found))
            return f"several concepts are called so: {several}; begin with the number", _WRONG
        return "", found[0] if found else _NEW

    def _numbered(self, number: int, label: str | None) -> tuple[str, int]:
        if number not in self.labels:
            return f"there is no concept K{number}", _WRONG
        if label and search_key(label) != search_key(self.labels[number]):
            said = self.labels[number]
            return (
                f"K{number} is called {said}; give the number alone, or other words alone",
                _WRONG,
            )
        return "", number
