"""What the composer shows: for each role the elements there are, and room for one more."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.coding.models import ConceptDefinition, Quote
from app.theory.models import Configuration
from app.theory.schemas import ElementRead
from app.theory.vocabulary import MECHANISM_ROLES, TEMPLATE_ROLES, Role, Template

MOST_OFFERED = 100


@dataclass(frozen=True, slots=True)
class Place:
    """Room for an element: its number, role, and what stands there, if anything does."""

    n: int
    role: Role
    element: ElementRead | None = None


@dataclass(frozen=True, slots=True)
class RolePart:
    """The part of the form for one role; the last place is empty."""

    role: Role
    places: list[Place]
    is_of_template: bool


def role_parts(template: Template, elements: Sequence[ElementRead], last: int) -> list[RolePart]:
    """Return the parts by role, those of the template first; empty places count on from `last`."""
    wanted = TEMPLATE_ROLES[template]
    others = tuple(r for r in Role if r not in wanted and any(e.role is r for e in elements))
    parts = []
    for role in (*wanted, *others):
        places = [Place(e.n, role, e) for e in elements if e.role is role]
        last += 1
        parts.append(RolePart(role, [*places, Place(last, role)], role in wanted))
    return parts


def mechanisms_in(parts: Sequence[RolePart]) -> list[Place]:
    """Return the places of mechanisms, which an outcome can name as what is behind it."""
    return [place for part in parts if part.role in MECHANISM_ROLES for place in part.places]


def definitions_of(
    session: Session, review_id: int, elements: Sequence[ElementRead]
) -> dict[int, list[tuple[int, str]]]:
    """Return number and text of the definitions of the concepts that elements name, by concept."""
    wanted = sorted({element.concept_id for element in elements if element.concept_id})
    found: dict[int, list[tuple[int, str]]] = {}
    for concept, n, text in session.execute(
        select(ConceptDefinition.concept_id, ConceptDefinition.n, ConceptDefinition.text)
        .where(ConceptDefinition.review_id == review_id, ConceptDefinition.concept_id.in_(wanted))
        .order_by(ConceptDefinition.concept_id, ConceptDefinition.n)
    ):
        found.setdefault(concept, []).append((n, text))
    return found


def questions_asked(session: Session, review_id: int) -> list[str]:
    """Return the research questions that configurations of a review bear on, by their words."""
    rows = session.scalars(
        select(Configuration.questions).where(
            Configuration.review_id == review_id, Configuration.questions.is_not(None)
        )
    )
    return sorted({question for row in rows for question in row or ()})[:MOST_OFFERED]


def quotes_to_tie(session: Session, review_id: int) -> Sequence[Quote]:
    """Return the newest parked quotes, which wait for a use."""
    return session.scalars(
        select(Quote)
        .where(Quote.review_id == review_id, Quote.is_parked.is_(True))
        .order_by(Quote.id.desc())
        .limit(MOST_OFFERED)
    ).all()
