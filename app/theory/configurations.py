"""Verbs on configurations: adding many at once, changing, consolidating, deleting."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.db import search_key, take_numbers
from app.errors import FieldProblem, NotationProblemError, StillInUseError
from app.history.recording import delete_many, insert_many
from app.history.undoing import AFTER_UNDO
from app.library.field_values import settle_values
from app.library.models import FieldSubject
from app.theory.elements import mechanism_problems, restate, settle_concepts, text_key
from app.theory.evidence import Tie, add_evidence, change_evidence, remove_evidence
from app.theory.link_models import ConfigurationLink
from app.theory.models import Configuration, Consolidation, Element, Evidence, EvidenceElement
from app.theory.naming import name_concepts
from app.theory.notation import NotationError, parse_notation
from app.theory.programme_models import Ground, RecommendationGround
from app.theory.references import References, assign, listed, refuse
from app.theory.refusals import drop_refusals
from app.theory.schemas import (
    ConfigurationCreate,
    ConfigurationFields,
    ConfigurationUpdate,
    ElementPlaced,
    EvidenceCreate,
    EvidenceUpdate,
    MemberWish,
)
from app.theory.standing import refuse_breaches
from app.theory.vocabulary import ConfigurationKind, Template
from app.theory.wording import Words

MOST_ELEMENTS = 200
_TOO_FAR = f"a number up to {MOST_ELEMENTS}, or none"
AFTER_UNDO.append(refuse_breaches)
_WHOLE = tuple(ConfigurationFields.model_fields)


def add_configurations(
    session: Session, member: Member, wishes: Sequence[ConfigurationCreate]
) -> list[Configuration]:
    """Add configurations with elements, quotes, evidence and members; all go in or none.

    Raises `InvalidError` (422) naming the place, `items.0.evidence.2.elements.0`.
    """
    return _add(session, member, [(f"items.{i}.", wish) for i, wish in enumerate(wishes)])


def add_configuration(session: Session, member: Member, wish: ConfigurationCreate) -> Configuration:
    """Add one configuration with all its parts; 422 names the place, `evidence.2.elements.0`."""
    return _add(session, member, [("", wish)])[0]


def change_configuration(
    session: Session, configuration: Configuration, wish: ConfigurationUpdate
) -> Configuration:
    """Change what is said of a configuration as a whole; null empties a field.

    The caller restates it.
    """
    values = _plain(wish.model_dump(exclude_unset=True, include=set(_WHOLE)))
    kind = values.get("kind", configuration.kind)
    if kind is not configuration.kind:
        _refuse_kind(session, configuration)
    if "fields" in values:
        patch = ("", configuration.fields, values["fields"])
        [values["fields"]] = settle_values(
            session, configuration.review_id, FieldSubject.CONFIGURATION, [patch]
        )
    assign(configuration, values)
    session.flush()
    return configuration


def set_members(
    session: Session, configuration: Configuration, wishes: Sequence[MemberWish]
) -> Configuration:
    """Say which raw configurations a consolidated one stands for, instead of those before."""
    _check_members(session, configuration.review_id, [("", configuration, wishes)])
    wanted = {wish.member_id: wish for wish in wishes}
    rows = session.scalars(
        select(Consolidation).where(
            Consolidation.review_id == configuration.review_id,
            Consolidation.configuration_id == configuration.id,
        )
    ).all()
    for row in rows:
        if row.member_id in wanted:
            assign(row, {"note": wanted.pop(row.member_id).note})
        else:
            session.delete(row)
    session.flush()
    insert_many(session, Consolidation, _member_rows(configuration, list(wanted.values())))
    return restate(session, configuration)


def delete_configuration(session: Session, configuration: Configuration) -> None:
    """Delete a configuration with its parts and the refused links at either end.

    `restore` brings the configuration back with what was its own, undo all of it.

    Raises `StillInUseError` (409) naming the links, propositions, recommendations and consolidated
    configurations that refer to it.
    """
    users = _users_of(session, configuration)
    if users:
        raise StillInUseError(
            f"C{configuration.id} is still in use by {listed(users)}; remove it there first.",
            extra={"used_by": users[:100]},
        )
    drop_refusals(session, configuration.review_id, configuration.id)
    for part in (EvidenceElement, Evidence, Element, Consolidation):
        owned = (
            part.review_id == configuration.review_id,
            part.configuration_id == configuration.id,
        )
        delete_many(session, part, owned)
    session.delete(configuration)
    session.flush()


def tie_evidence(
    session: Session, member: Member, configuration: Configuration, body: EvidenceCreate
) -> int:
    """Add evidence to a configuration and return its n."""
    [n] = add_evidence(session, member, [Tie(configuration, "", body)])
    restate(session, configuration)
    return n


def retie_evidence(
    session: Session, configuration: Configuration, n: int, wish: EvidenceUpdate
) -> None:
    """Change what a piece of evidence says and which elements it is about."""
    change_evidence(session, configuration, n, wish)
    restate(session, configuration)


def untie_evidence(session: Session, configuration: Configuration, n: int) -> None:
    """Remove a piece of evidence; its quote stays."""
    remove_evidence(session, configuration, n)
    restate(session, configuration)


def _add(
    session: Session, member: Member, wishes: Sequence[tuple[str, ConfigurationCreate]]
) -> list[Configuration]:
    template = Template(member.review.template)
    slots = [_elements(place, wish, wish.template or template) for place, wish in wishes]
    flat = [(place, values) for elements in slots for place, _, values in elements]
    name_concepts(session, member, flat)
    settle_concepts(session, member.review_id, flat)
    refuse([problem for elements in slots for problem in _mechanisms(elements)])
    wishes = _with_fields(session, member.review_id, wishes)
    first = take_numbers(session, member.review_id, "C", len(wishes)) if wishes else 0
    added = [
        _configuration(member, first + i, wish, wish.template or template, slots[i])
        for i, (_, wish) in enumerate(wishes)
    ]
    session.add_all(added)
    session.flush()
    _insert_elements(session, added, slots)
    pairs = list(zip(wishes, added, strict=True))
    consolidating = [(place, row, wish.members) for (place, wish), row in pairs if wish.members]
    _check_members(session, member.review_id, consolidating)
    for _, row, members in consolidating:
        insert_many(session, Consolidation, _member_rows(row, members))
    ties = [
        Tie(row, f"{place}evidence.{i}.", body)
        for (place, wish), row in pairs
        for i, body in enumerate(wish.evidence)
    ]
    add_evidence(session, member, ties)
    session.flush()
    return added


def _with_fields(
    session: Session, review_id: int, wishes: Sequence[tuple[str, ConfigurationCreate]]
) -> list[tuple[str, ConfigurationCreate]]:
    """Check the values of the review's own fields and leave out what is sent as null."""
    patches = [(place, None, wish.fields) for place, wish in wishes]
    settled = settle_values(session, review_id, FieldSubject.CONFIGURATION, patches)
    return [
        (place, wish.model_copy(update={"fields": values}))
        for (place, wish), values in zip(wishes, settled, strict=True)
    ]


_Slots = list[tuple[str, int, dict[str, Any]]]


def _elements(place: str, wish: ConfigurationCreate, template: Template) -> _Slots:
    """Return place, n and columns of each new element, those of the notation first."""
    read = [
        (f"{place}notation.", ElementPlaced(role=slot.role, wording=slot.wording))
        for slot in read_notation(wish.notation, template, f"{place}notation")
    ]
    given = [(f"{place}elements.{i}.", element) for i, element in enumerate(wish.elements)]
    if len(read) + len(given) > MOST_ELEMENTS:
        message = f"at most {MOST_ELEMENTS} elements; split the configuration"
        refuse([FieldProblem(f"{place}elements", message)])
    slots: _Slots = []
    last = max((element.n or 0 for _, element in given), default=0) if read else 0
    taken = set[int]()
    for at, element in read + given:
        n = element.n or last + 1
        if n in taken or n > MOST_ELEMENTS:
            message = f"an element {n} was given before" if n in taken else _TOO_FAR
            refuse([FieldProblem(f"{at}n", message)])
        last = max(last, n)
        taken.add(n)
        slots.append((at, n, element.model_dump() | {"n": n}))
    return slots


def read_notation(text: str | None, template: Template, place: str) -> Sequence[Any]:
    """Read inline notation into slots; `NotationProblemError` (422) says at which position."""
    if text is None:
        return []
    try:
        return parse_notation(text, template=template)
    except NotationError as error:
        raise NotationProblemError(
            str(error),
            fields=[FieldProblem(place, str(error))],
            extra={"position": error.position},
        ) from error


def _mechanisms(elements: _Slots) -> list[FieldProblem]:
    roles = {n: values["role"] for _, n, values in elements}
    return [
        problem
        for place, _, values in elements
        for problem in mechanism_problems(values, roles, place)
    ]


def _configuration(
    member: Member, number: int, wish: ConfigurationCreate, template: Template, elements: _Slots
) -> Configuration:
    values = _plain({name: getattr(wish, name) for name in _WHOLE})
    configuration = Configuration(
        review_id=member.review_id,
        id=number,
        **values | {"template": template},
        last_element=max((n for _, n, _ in elements), default=0),
        last_evidence=0,
        created_by=member.user.id,
        version=1,
    )
    ordered = sorted(elements, key=lambda slot: (slot[2]["position"], slot[1]))
    words = [Words(v["role"], v["wording"], v["any_of"]) for _, _, v in ordered]
    configuration.text_key = text_key(configuration.title, configuration.statement, words)
    return configuration


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Turn lists of roles into lists of words, as the JSON column holds them."""
    roles = values.get("roles_not_reported")
    if roles is None:
        return values
    return values | {"roles_not_reported": [role.value for role in dict.fromkeys(roles)] or None}


def _insert_elements(
    session: Session, added: Sequence[Configuration], slots: Sequence[_Slots]
) -> None:
    rows = [
        {
            "review_id": row.review_id,
            "configuration_id": row.id,
            **values,
            "wording_key": search_key(values["wording"]),
        }
        for row, elements in zip(added, slots, strict=True)
        for _, _, values in elements
    ]
    # Mechanisms go in before the outcomes that name them.
    rows.sort(key=lambda values: values["mechanism_n"] is not None)
    insert_many(session, Element, rows)


def _member_rows(
    configuration: Configuration, wishes: Sequence[MemberWish]
) -> list[dict[str, Any]]:
    key = {"review_id": configuration.review_id, "configuration_id": configuration.id}
    return [{**key, "member_id": wish.member_id, "note": wish.note} for wish in wishes]


def _check_members(
    session: Session,
    review_id: int,
    groups: Sequence[tuple[str, Configuration, Sequence[MemberWish]]],
) -> None:
    """Raise `InvalidError` (422) unless every member is another, raw one, named once."""
    references = References(session, review_id)
    for place, _, wishes in groups:
        for i, wish in enumerate(wishes):
            references.add(Configuration, wish.member_id, f"{place}members.{i}.member_id")
    references.check()
    problems = []
    for place, configuration, wishes in groups:
        if configuration.kind is not ConfigurationKind.CONSOLIDATED:
            message = "only a consolidated configuration has members; set its kind first"
            problems.append(FieldProblem(f"{place}members", message))
        seen: set[int] = set()
        for i, wish in enumerate(wishes):
            message = _unfit(session, configuration, wish.member_id, seen)
            seen.add(wish.member_id)
            if message:
                problems.append(FieldProblem(f"{place}members.{i}.member_id", message))
    refuse(problems)


def _unfit(session: Session, configuration: Configuration, number: int, seen: set[int]) -> str:
    if number == configuration.id:
        return "a configuration does not stand for itself"
    if number in seen:
        return f"C{number} is named twice"
    row = session.get(Configuration, (configuration.review_id, number))
    if row is None or row.kind is not ConfigurationKind.RAW:
        return f"C{number} is not raw; only raw configurations are consolidated"
    return ""


def _refuse_kind(session: Session, configuration: Configuration) -> None:
    """Refuse another kind while consolidation relies on this one."""
    key = (Consolidation.review_id == configuration.review_id,)
    stands_for = session.scalars(
        select(Consolidation.member_id).where(
            *key, Consolidation.configuration_id == configuration.id
        )
    ).all()
    stands_in = session.scalars(
        select(Consolidation.configuration_id).where(
            *key, Consolidation.member_id == configuration.id
        )
    ).all()
    users = [f"C{number}" for number in sorted({*stands_for, *stands_in})]
    if users:
        raise StillInUseError(
            f"C{configuration.id} is consolidated with {listed(users)}; "
            "take the members out before its kind changes.",
            extra={"used_by": users[:100]},
        )


def _users_of(session: Session, configuration: Configuration) -> list[str]:
    review_id, number = configuration.review_id, configuration.id
    links = session.scalars(
        select(ConfigurationLink.id)
        .where(
            ConfigurationLink.review_id == review_id,
            (ConfigurationLink.from_id == number) | (ConfigurationLink.to_id == number),
        )
        .order_by(ConfigurationLink.id)
    )
    propositions = session.execute(
        select(Ground.theory_id, Ground.proposition_n)
        .where(Ground.review_id == review_id, Ground.configuration_id == number)
        .distinct()
        .order_by(Ground.theory_id, Ground.proposition_n)
    )
    recommendations = session.scalars(
        select(RecommendationGround.recommendation_id)
        .where(
            RecommendationGround.review_id == review_id,
            RecommendationGround.configuration_id == number,
        )
        .order_by(RecommendationGround.recommendation_id)
    )
    consolidated = session.scalars(
        select(Consolidation.configuration_id)
        .where(Consolidation.review_id == review_id, Consolidation.member_id == number)
        .order_by(Consolidation.configuration_id)
    )
    return [
        *(f"L{link}" for link in links),
        *(f"T{theory}.{n}" for theory, n in propositions),
        *(f"R{recommendation}" for recommendation in recommendations),
        *(f"C{other}" for other in consolidated),
    ]
