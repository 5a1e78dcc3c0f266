"""Verbs on the elements of a configuration, and what every change of its parts entails."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.coding.models import Concept, ConceptDefinition
from app.db import next_part, search_key
from app.errors import FieldProblem, NotFoundError, StillInUseError
from app.history.reading import batched
from app.history.recording import delete_many
from app.theory.link_models import ConfigurationLink
from app.theory.models import Configuration, Element, EvidenceElement
from app.theory.naming import name_concepts
from app.theory.references import References, assign, listed, refuse
from app.theory.refusals import drop_refusals
from app.theory.schemas import ElementCreate, ElementUpdate
from app.theory.vocabulary import MECHANISM_ROLES, Role
from app.theory.wording import Worded, if_then_because


def elements_of(session: Session, configuration: Configuration) -> Sequence[Element]:
    """Return the elements in their order: position, then n."""
    return session.scalars(
        select(Element)
        .where(
            Element.review_id == configuration.review_id,
            Element.configuration_id == configuration.id,
        )
        .order_by(Element.position, Element.n)
    ).all()


def restate(session: Session, configuration: Configuration) -> Configuration:
    """Raise the version and fold title and statement anew; every write verb ends here."""
    elements = elements_of(session, configuration)
    configuration.text_key = text_key(
        configuration.title, configuration.statement, cast("Sequence[Worded]", elements)
    )
    configuration.version += 1
    session.flush()
    return configuration


def text_key(title: str | None, statement: str | None, elements: Sequence[Worded]) -> str:
    """Fold the title and the statement, written or generated, for search."""
    return search_key(f"{title or ''} {statement or if_then_because(elements)}")


def find_element(session: Session, configuration: Configuration, n: int) -> Element:
    """Return an element, or say that there is none of that number."""
    found = session.get(Element, (configuration.review_id, configuration.id, n))
    if found is None:
        raise NotFoundError(f"There is no element {n} in C{configuration.id}.")
    return found


def add_element(
    session: Session, member: Member, configuration: Configuration, wish: ElementCreate
) -> Element:
    """Add an element under the next n; 422 names a concept, definition or mechanism not there."""
    values = wish.model_dump()
    name_concepts(session, member, [("", values)])
    values["n"] = next_part(configuration, "last_element")
    element = insert_element(session, configuration, values, "")
    restate(session, configuration)
    return element


def insert_element(
    session: Session, configuration: Configuration, values: dict[str, Any], place: str
) -> Element:
    """Add an element of these columns; the caller counts and restates."""
    settle_concepts(session, configuration.review_id, [(place, values)])
    roles = {element.n: element.role for element in elements_of(session, configuration)}
    refuse(mechanism_problems(values, roles, place))
    element = Element(
        review_id=configuration.review_id,
        configuration_id=configuration.id,
        wording_key=search_key(values["wording"]),
        **values,
    )
    session.add(element)
    session.flush()
    return element


def change_element(
    session: Session, configuration: Configuration, element: Element, wish: ElementUpdate
) -> Element:
    """Change fields of an element; another concept brings its newest definition."""
    amend_element(session, configuration, element, wish.model_dump(exclude_unset=True), "")
    restate(session, configuration)
    return element


def amend_element(
    session: Session,
    configuration: Configuration,
    element: Element,
    values: dict[str, Any],
    place: str,
) -> None:
    """Set columns of an element; the caller restates the configuration."""
    if values.get("concept_id", 0) == element.concept_id:
        del values["concept_id"]  # the same: it keeps the definition it was coded under
    if "concept_id" in values:
        values.setdefault("definition_n", None)
    if values.keys() & {"concept_id", "definition_n"}:
        values.setdefault("concept_id", element.concept_id)
        settle_concepts(session, configuration.review_id, [(place, values)])
    after = {"role": element.role, "mechanism_n": element.mechanism_n} | values
    roles = {row.n: row.role for row in elements_of(session, configuration)}
    refuse(mechanism_problems({**after, "n": element.n}, roles | {element.n: after["role"]}, place))
    if after["role"] is not element.role:
        _refuse_role_in_use(session, configuration, element, after["role"])
    assign(element, values | {"wording_key": search_key(values.get("wording", element.wording))})
    session.flush()


def remove_element(session: Session, configuration: Configuration, element: Element) -> None:
    """Remove an element and raise the version."""
    drop_element(session, configuration, element)
    restate(session, configuration)


def drop_element(session: Session, configuration: Configuration, element: Element) -> None:
    """Remove an element, its refused links, and its part in evidence about several elements.

    Raises `StillInUseError` (409) naming evidence about it alone, links that start or end at it,
    and outcomes that name it as their mechanism.
    """
    users = [
        *_outcomes_of(session, configuration, element),
        *_links_naming(session, configuration, element),
        *_evidence_about_only(session, configuration, element),
    ]
    if users:
        raise StillInUseError(
            f"Element {element.n} of C{configuration.id} is still in use by {listed(users)}; "
            "change or remove these first.",
            extra={"used_by": users[:100]},
        )
    part = (
        EvidenceElement.review_id == configuration.review_id,
        EvidenceElement.configuration_id == configuration.id,
        EvidenceElement.element_n == element.n,
    )
    delete_many(session, EvidenceElement, part)
    drop_refusals(session, configuration.review_id, configuration.id, element.n)
    session.delete(element)
    session.flush()


def mechanism_problems(
    values: Mapping[str, Any], roles: Mapping[int, Role], place: str
) -> list[FieldProblem]:
    """Say what is wrong with the mechanism an element names: only outcomes name one."""
    named = values.get("mechanism_n")
    if named is None:
        return []
    if values["role"] is not Role.OUTCOME:
        message = "only an outcome names the mechanism behind it; leave it out"
    elif roles.get(named) not in MECHANISM_ROLES:
        message = f"element {named} is no mechanism of this configuration"
    else:
        return []
    return [FieldProblem(f"{place}mechanism_n", message)]


def settle_concepts(
    session: Session, review_id: int, rows: Sequence[tuple[str, dict[str, Any]]]
) -> None:
    """Check concepts and definitions of elements, given with their places in the body.

    Where no definition is named, the newest of the concept is filled in.
    """
    references = References(session, review_id)
    for place, values in rows:
        references.add(Concept, values.get("concept_id"), f"{place}concept_id")
    references.check()
    concepts = {v["concept_id"] for _, v in rows if v.get("concept_id") is not None}
    given = _definitions(session, review_id, concepts)
    problems = []
    for place, values in rows:
        known = given.get(values.get("concept_id") or 0, set())
        if values.get("definition_n") is None:
            values["definition_n"] = max(known, default=None)
        elif values["definition_n"] not in known:
            problems.append(
                FieldProblem(
                    f"{place}definition_n",
                    f"the concept has no definition {values['definition_n']}; name its concept "
                    "and one of its definitions, or leave it out",
                )
            )
    refuse(problems)


def _definitions(session: Session, review_id: int, concepts: set[int]) -> dict[int, set[int]]:
    given: dict[int, set[int]] = {}
    for chunk in batched(sorted(concepts)):
        statement = select(ConceptDefinition.concept_id, ConceptDefinition.n).where(
            ConceptDefinition.review_id == review_id, ConceptDefinition.concept_id.in_(chunk)
        )
        for concept_id, n in session.execute(statement):
            given.setdefault(concept_id, set()).add(n)
    return given


def _refuse_role_in_use(
    session: Session, configuration: Configuration, element: Element, role: Role
) -> None:
    users = _links_naming(session, configuration, element)
    if role not in MECHANISM_ROLES:
        users += _outcomes_of(session, configuration, element)
    if users:
        raise StillInUseError(
            f"Element {element.n} of C{configuration.id} has the role {element.role.value} for "
            f"{listed(users)}; change these first.",
            extra={"used_by": users[:100]},
        )


def _outcomes_of(session: Session, configuration: Configuration, element: Element) -> list[str]:
    elements = elements_of(session, configuration)
    return [f"element {row.n}" for row in elements if row.mechanism_n == element.n]


def _links_naming(session: Session, configuration: Configuration, element: Element) -> list[str]:
    starts = (ConfigurationLink.from_id == configuration.id) & (
        ConfigurationLink.from_element_n == element.n
    )
    ends = (ConfigurationLink.to_id == configuration.id) & (
        ConfigurationLink.to_element_n == element.n
    )
    numbers = session.scalars(
        select(ConfigurationLink.id)
        .where(ConfigurationLink.review_id == configuration.review_id, or_(starts, ends))
        .order_by(ConfigurationLink.id)
    )
    return [f"L{number}" for number in numbers]


def _evidence_about_only(
    session: Session, configuration: Configuration, element: Element
) -> list[str]:
    numbers = session.scalars(
        select(EvidenceElement.evidence_n)
        .where(
            EvidenceElement.review_id == configuration.review_id,
            EvidenceElement.configuration_id == configuration.id,
        )
        .group_by(EvidenceElement.evidence_n)
        .having(func.min(EvidenceElement.element_n) == element.n)
        .having(func.max(EvidenceElement.element_n) == element.n)
        .order_by(EvidenceElement.evidence_n)
    )
    return [f"evidence {n}" for n in numbers]
