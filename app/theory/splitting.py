"""Splitting a concept: a new one takes over some of what was coded to it."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.access.identity import Member
from app.coding.concepts import add_concept
from app.coding.models import Coding, Concept, ConceptOrigin, Quote
from app.coding.schemas import ConceptCreate
from app.coding.tree import concept_tree
from app.errors import FieldProblem
from app.theory.elements import change_element
from app.theory.models import Configuration, Element
from app.theory.references import refuse
from app.theory.schemas import ElementUpdate, SplitWish

Place = tuple[int, int]
"""Configuration and n of an element."""


def split_concept(session: Session, member: Member, concept: Concept, wish: SplitWish) -> Concept:
    """Split a concept from another and give it some of its elements and quotes.

    Wordings stay as they are; elements are coded under the new concept's definition, if it has
    one. 422 names every element or quote that is not coded to the concept or one merged with it.
    """
    own = concept_tree(session, member.review_id).members(concept.id)
    elements = _elements(session, member.review_id, own, wish.elements)
    codings = _codings(session, member.review_id, own, wish.quotes)
    new = add_concept(
        session,
        member,
        ConceptCreate(
            label=wish.label,
            referent=wish.referent,
            level=wish.level,
            parent_id=concept.parent_id,
            origin=ConceptOrigin.SPLIT_FROM,
            origin_id=concept.id,
            definitions=[wish.definition] if wish.definition else [],
        ),
    )
    for number, some in elements.items():
        configuration = session.get_one(Configuration, (member.review_id, number))
        for element in some:
            change_element(session, configuration, element, ElementUpdate(concept_id=new.id))
    _retie(session, member, new, codings)
    return new


def _elements(
    session: Session, review_id: int, own: set[int], places: Sequence[str]
) -> dict[int, list[Element]]:
    found: dict[int, list[Element]] = defaultdict(list)
    problems = []
    for i, place in enumerate(dict.fromkeys(places)):
        number, n = (int(part) for part in place[1:].split("."))
        element = session.get(Element, (review_id, number, n))
        if element is None or element.concept_id not in own:
            message = f"{place} is no element coded to this concept"
            problems.append(FieldProblem(f"elements.{i}", message))
        else:
            found[number].append(element)
    refuse(problems)
    return found


def _codings(
    session: Session, review_id: int, own: set[int], quotes: Sequence[int]
) -> dict[int, list[Coding]]:
    found: dict[int, list[Coding]] = {}
    problems = []
    for i, number in enumerate(dict.fromkeys(quotes)):
        ties = (session.get(Coding, (review_id, number, concept)) for concept in sorted(own))
        found[number] = [tie for tie in ties if tie is not None]
        if not found[number]:
            message = f"Q{number} is not tied to this concept"
            problems.append(FieldProblem(f"quotes.{i}", message))
    refuse(problems)
    return found


def _retie(
    session: Session, member: Member, new: Concept, codings: dict[int, list[Coding]]
) -> None:
    for number, ties in codings.items():
        for tie in ties:
            session.delete(tie)
        session.add(
            Coding(
                review_id=new.review_id,
                quote_id=number,
                concept_id=new.id,
                created_by=member.user.id,
            )
        )
        session.get_one(Quote, (new.review_id, number)).version += 1
    session.flush()
