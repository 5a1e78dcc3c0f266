"""The mirror image of a configuration: constructed, found in no source, worth searching for."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.access.identity import Member
from app.coding.models import Concept
from app.theory.configurations import add_configuration
from app.theory.elements import elements_of
from app.theory.link_schemas import LinkCreate
from app.theory.links import add_link
from app.theory.models import Configuration, Element
from app.theory.schemas import ConfigurationCreate, ElementPlaced, MirrorWish
from app.theory.vocabulary import ConfigurationKind, LinkKind, Role, State

OPPOSITES: dict[State, State] = {
    State.HIGH: State.LOW,
    State.LOW: State.HIGH,
    State.PRESENT: State.ABSENT,
    State.ABSENT: State.PRESENT,
    State.INCREASED: State.REDUCED,
    State.REDUCED: State.INCREASED,
    State.NOT_STATED: State.ABSENT,
}
"""What is mixed or maintained has no opposite and stays."""
TURNED = frozenset(Role) - {Role.ACTOR}
"""Roles whose state is turned round; who it happens to stays."""


def mirrored(session: Session, configuration: Configuration) -> list[ElementPlaced]:
    """Return the elements of the mirror image, in the words of the codebook where it has some."""
    labels: dict[int | None, str] = {}
    elements = elements_of(session, configuration)
    for element in elements:
        if element.concept_id and element.concept_id not in labels:
            concept = session.get_one(Concept, (element.review_id, element.concept_id))
            labels[element.concept_id] = concept.label
    return [_turned(element, labels.get(element.concept_id), elements) for element in elements]


def _turned(element: Element, label: str | None, elements: Sequence[Element]) -> ElementPlaced:
    is_turned = element.role in TURNED
    state = OPPOSITES.get(element.state, element.state) if is_turned else element.state
    wording = element.wording
    if is_turned and state is not element.state:
        wording = f"{state.value} {label}" if label else f"not: {element.wording}"
    at = {row.n: i for i, row in enumerate(elements, start=1)}
    return ElementPlaced(
        role=element.role,
        wording=wording,
        concept_id=element.concept_id,
        state=state,
        level=element.level,
        tier=element.tier,
        actor=element.actor,
        any_of=element.any_of,
        mechanism_n=at.get(element.mechanism_n or 0),
        position=element.position,
    )


def add_mirror(
    session: Session, member: Member, configuration: Configuration, wish: MirrorWish
) -> Configuration:
    """Construct the mirror image of a configuration and link the two; it counts for nothing."""
    made = add_configuration(
        session,
        member,
        ConfigurationCreate(
            title=wish.title,
            statement=wish.statement,
            template=configuration.template,
            kind=ConfigurationKind.CONSTRUCTED,
            elements=wish.elements or mirrored(session, configuration),
        ),
    )
    link = LinkCreate(
        kind=LinkKind.MIRROR_OF,
        from_id=made.id,
        to_id=configuration.id,
        reason=wish.reason,
        is_inferred=True,
    )
    add_link(session, member, link)
    return made
