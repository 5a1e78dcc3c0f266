"""Changing a configuration with its elements and evidence at once, as somebody composed it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.errors import FieldProblem
from app.theory.configurations import MOST_ELEMENTS, change_configuration
from app.theory.elements import amend_element, drop_element, elements_of, insert_element, restate
from app.theory.evidence import Tie, add_evidence, change_evidence, remove_evidence
from app.theory.models import Configuration, Element, Evidence
from app.theory.naming import name_concepts
from app.theory.references import refuse
from app.theory.schemas import (
    ConfigurationUpdate,
    ElementPlaced,
    EvidenceCreate,
    EvidencePlaced,
    EvidenceUpdate,
)
from app.theory.vocabulary import MECHANISM_ROLES

_FRESH = {"quote_id", "quote", "source_id"}


def revise_configuration(
    session: Session, member: Member, configuration: Configuration, wish: ConfigurationUpdate
) -> Configuration:
    """Change what the wish sets, its version rising by one.

    Raises `InvalidError` (422) naming the place, `elements.2.concept`, and `StillInUseError` (409)
    for an element left out on which something rests.
    """
    change_configuration(session, configuration, wish)
    given = wish.model_fields_set
    if "evidence" in given:
        _remove_evidence(session, configuration, {piece.n for piece in wish.evidence if piece.n})
    stored = {element.n: element for element in elements_of(session, configuration)}
    if "elements" in given:
        _write_elements(session, member, configuration, stored, wish.elements)
    if "evidence" in given:
        _write_evidence(session, member, configuration, wish.evidence)
    if "elements" in given:
        kept = {element.n for element in wish.elements}
        gone = [element for n, element in stored.items() if n not in kept]
        # Outcomes go before the mechanisms that they name.
        for element in sorted(gone, key=lambda element: element.mechanism_n is None):
            drop_element(session, configuration, element)
    return restate(session, configuration)


def _write_elements(
    session: Session,
    member: Member,
    configuration: Configuration,
    stored: dict[int, Element],
    wishes: Sequence[ElementPlaced],
) -> None:
    """Change elements there are and add the others; mechanisms before outcomes that name them."""
    placed = [(f"elements.{i}.", wish) for i, wish in enumerate(wishes)]
    _check_numbers(configuration, stored, placed)
    columns = {place: _columns(wish, is_stored=wish.n in stored) for place, wish in placed}
    name_concepts(session, member, list(columns.items()))
    for place, wish in sorted(placed, key=lambda pair: pair[1].role not in MECHANISM_ROLES):
        values = columns[place]
        if wish.n in stored:
            amend_element(session, configuration, stored[wish.n], values, place)
        else:
            values["n"] = wish.n or configuration.last_element + 1
            configuration.last_element = max(configuration.last_element, values["n"])
            insert_element(session, configuration, values, place)


def _columns(wish: ElementPlaced, *, is_stored: bool) -> dict[str, Any]:
    values = wish.model_dump(exclude={"n"}, exclude_unset=is_stored)
    if is_stored and values.get("concept", "") is None:  # an emptied name unties the concept
        values.setdefault("concept_id", None)
    return values


def _check_numbers(
    configuration: Configuration,
    stored: dict[int, Element],
    placed: Sequence[tuple[str, ElementPlaced]],
) -> None:
    last, problems, seen = configuration.last_element, [], set[int]()
    for place, wish in placed:
        if wish.n is None:
            continue
        is_new = last < wish.n <= last + MOST_ELEMENTS
        if wish.n in seen or not (wish.n in stored or is_new):
            message = (
                f"there is no element {wish.n}, or it is named twice; new ones from {last + 1}"
            )
            problems.append(FieldProblem(f"{place}n", message))
        seen.add(wish.n)
    refuse(problems)


def _remove_evidence(session: Session, configuration: Configuration, kept: set[int]) -> None:
    here = (
        Evidence.review_id == configuration.review_id,
        Evidence.configuration_id == configuration.id,
    )
    for n in session.scalars(select(Evidence.n).where(*here).order_by(Evidence.n)).all():
        if n not in kept:
            remove_evidence(session, configuration, n)


def _write_evidence(
    session: Session,
    member: Member,
    configuration: Configuration,
    wishes: Sequence[EvidencePlaced],
) -> None:
    new = []
    for i, wish in enumerate(wishes):
        said = wish.model_dump(exclude={"n"}, exclude_unset=True)
        if wish.n is None:
            new.append(Tie(configuration, f"evidence.{i}.", EvidenceCreate.model_validate(said)))
        else:
            without_origin = {name: value for name, value in said.items() if name not in _FRESH}
            change_evidence(
                session, configuration, wish.n, EvidenceUpdate.model_validate(without_origin)
            )
    add_evidence(session, member, new)
