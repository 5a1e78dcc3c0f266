"""Which configurations are meant: one filter that lists, matrices and tables all understand."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, Field
from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.access.schemas import shaped
from app.coding.models import Quote
from app.coding.tree import Tree
from app.db import Id, Line, search_key
from app.errors import InvalidError
from app.library.appraisal import settled
from app.library.appraisal.settled import AppraisalConditions
from app.library.field_filters import FieldCondition, check_fields, field_conditions
from app.library.models import FieldSubject, Source, SourceKind
from app.theory.models import Configuration, Consolidation, Element, Evidence
from app.theory.origins import counted_as, counted_where, origin
from app.theory.vocabulary import (
    MECHANISM_ROLES,
    Basis,
    Certainty,
    ConfigurationKind,
    ConfigurationStatus,
    Modality,
    Role,
    Stance,
    State,
    Template,
)

ROLES = "|".join(Role)
STATES = "|".join(State)
CONDITION = re.compile(rf"({ROLES}|any)(?::(K[1-9]\d{{0,8}}\*?|any|none)(?::({STATES}|any))?)?")
_named = func.coalesce(Evidence.cited_source_id, Evidence.source_id)
"""The work a piece of evidence comes from: the one cited, where it is second-hand."""
CONCEPT = re.compile(r"K([1-9]\d{0,8})(\*?)")


def _is_condition(value: str) -> str:
    if not CONDITION.fullmatch(value):
        start, _, state = value.rpartition(":")
        if ":" in start and CONDITION.fullmatch(start):
            raise ValueError(f"there is no state {state}; write one of {', '.join(State)}, any")
        raise ValueError(
            "write ROLE:CONCEPT:STATE, e.g. context:K5, outcome:K7*:increased, any:K3; "
            "K5* takes narrower concepts too, none means not coded to a concept"
        )
    return value


Condition = Annotated[Line, AfterValidator(_is_condition)]
ConceptChoice = Annotated[
    Line,
    shaped(CONCEPT.pattern, "name a concept by its number: K5, or K5* with narrower concepts"),
    Field(json_schema_extra={"pattern": rf"^{CONCEPT.pattern}$"}),
]


class ConfigurationFilter(AppraisalConditions):
    """Which configurations are wanted; all conditions must hold."""

    has: list[Condition] = Field(default_factory=list, max_length=20)
    """`ROLE:CONCEPT:STATE`, repeatable; `K5*` includes narrower concepts."""
    through: ConceptChoice | None = None
    """A mechanism (resource and response included) on the way; `K3*` with narrower ones."""
    lacks: list[Role] = Field(default_factory=list, max_length=9)
    """Roles in which nothing is coded to a concept."""
    kind: ConfigurationKind | None = None
    status: ConfigurationStatus | None = None
    template: Template | None = None
    modality: Modality | None = None
    certainty: Certainty | None = None
    phase: Line | None = None
    created_by: Id | None = None
    counted: bool = False
    """Only what counts by default: consolidated ones, and raw ones that belong to none."""
    text: Line | None = None
    """Words in title, statement, wordings or quotes, whatever their case."""
    stance: Stance | None = None
    basis: Basis | None = None
    inferred: bool | None = None
    source_id: Id | None = None
    """The work it counts as, here and below: the one cited, where evidence is second-hand, and
    of merged duplicates the one that stands for them."""
    source_kind: SourceKind | None = None
    study_id: Id | None = None
    cite_key: Line | None = None
    year_from: Annotated[int, Field(ge=-3000, le=3000)] | None = None
    year_to: Annotated[int, Field(ge=-3000, le=3000)] | None = None
    country: Line | None = None
    setting: Line | None = None
    field: list[FieldCondition] = Field(default_factory=list, max_length=20)
    """By the review's own fields, repeatable: `phase:pilot`, `sites:>=3`, `phase:none`."""
    source_field: list[FieldCondition] = Field(default_factory=list, max_length=20)
    """The same of the fields of the work its evidence counts as."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One `has` condition, its concepts looked up; null means any."""

    roles: tuple[Role, ...] | None
    concepts: frozenset[int] | None
    is_uncoded: bool
    state: State | None


def concepts_of(choice: str, tree: Tree) -> frozenset[int]:
    """Return the concepts a choice means: K5 with what was merged into it, K5* with narrower.

    Raises `InvalidError` when the review has no such concept.
    """
    found = CONCEPT.fullmatch(choice)
    number = int(found[1]) if found else 0
    if found is None or number not in tree:
        raise InvalidError(f"There is no concept {choice.rstrip('*')} in this review.")
    return frozenset(tree.subtree(number) if found[2] else tree.members(number))


def roles_of(role: str) -> tuple[Role, ...]:
    """Return the roles a question about one includes: mechanism takes resource and response."""
    return MECHANISM_ROLES if role == Role.MECHANISM else (Role(role),)


def understand(condition: str, tree: Tree) -> Wanted:
    """Read a `has` condition that was checked before."""
    role, concept, state = (*condition.split(":"), "any", "any")[:3]
    return Wanted(
        roles=None if role == "any" else roles_of(role),
        concepts=None if concept in {"any", "none"} else concepts_of(concept, tree),
        is_uncoded=concept == "none",
        state=None if state == "any" else State(state),
    )


def select_configurations(
    review_id: int, wish: ConfigurationFilter, tree: Tree
) -> Select[Configuration]:
    """Select the configurations that fit; the caller orders and pages them."""
    return select(Configuration).where(*conditions(review_id, wish, tree))


def check_filter(session: Session, review_id: int, wish: ConfigurationFilter) -> None:
    """Refuse (422) conditions on fields the review does not have; asks nothing without any."""
    asked = [
        ("field", FieldSubject.CONFIGURATION, wish.field),
        ("source_field", FieldSubject.SOURCE, wish.source_field),
    ]
    check_fields(session, review_id, asked)
    settled.check_levels(session, review_id, wish)


def conditions(review_id: int, wish: ConfigurationFilter, tree: Tree) -> list[ColumnElement[bool]]:
    """Return what a configuration must fulfil, as conditions on the configuration table."""
    found: list[ColumnElement[bool]] = [Configuration.review_id == review_id]
    for name in ("kind", "status", "template", "modality", "certainty", "phase", "created_by"):
        value = getattr(wish, name)
        if value is not None:
            found.append(getattr(Configuration, name) == value)
    through = concepts_of(wish.through, tree) if wish.through else None
    found += [_has(review_id, understand(c, tree), through) for c in wish.has]
    if through is not None:
        found.append(_has(review_id, Wanted(MECHANISM_ROLES, through, False, None), None))
    found += [~_has(review_id, Wanted(roles_of(r), None, False, None), None) for r in wish.lacks]
    if wish.counted:
        found.append(is_counted(review_id))
    if wish.text:
        found.append(_mentions(review_id, wish.text))
    found += field_conditions(Configuration.fields, wish.field)
    on_evidence = evidence_conditions(review_id, wish)
    if on_evidence:
        found.append(evidenced(review_id, on_evidence))
    return found


def _has(review_id: int, wanted: Wanted, through: frozenset[int] | None) -> ColumnElement[bool]:
    where: list[ColumnElement[bool]] = [Element.review_id == review_id]
    if wanted.roles is not None:
        where.append(Element.role.in_(wanted.roles))
    if wanted.concepts is not None:
        where.append(Element.concept_id.in_(sorted(wanted.concepts)))
    elif wanted.is_uncoded:
        where.append(Element.concept_id.is_(None))
    else:
        where.append(Element.concept_id.is_not(None))
    if wanted.state is not None:
        where.append(Element.state == wanted.state)
    if through is not None:
        where.append(belongs_to(Element, through))
    return Configuration.id.in_(select(Element.configuration_id).where(*where))


def belongs_to(outcome: Any, through: Iterable[int]) -> ColumnElement[bool]:
    """Keep outcomes whose named mechanism, if they name one, is among the concepts."""
    mechanism = aliased(Element)
    return or_(
        outcome.mechanism_n.is_(None),
        exists().where(
            mechanism.review_id == outcome.review_id,
            mechanism.configuration_id == outcome.configuration_id,
            mechanism.n == outcome.mechanism_n,
            mechanism.concept_id.in_(sorted(through)),
        ),
    )


def is_counted(review_id: int) -> ColumnElement[bool]:
    """Keep what counts by default: consolidated, and raw in no consolidated one; none retired."""
    whole = aliased(Configuration)
    members = (
        select(Consolidation.member_id)
        .join(
            whole,
            and_(
                whole.review_id == Consolidation.review_id,
                whole.id == Consolidation.configuration_id,
            ),
        )
        .where(
            Consolidation.review_id == review_id,
            whole.status != ConfigurationStatus.RETIRED,
        )
    )
    return and_(
        Configuration.status != ConfigurationStatus.RETIRED,
        or_(
            Configuration.kind == ConfigurationKind.CONSOLIDATED,
            and_(
                Configuration.kind == ConfigurationKind.RAW,
                Configuration.id.not_in(members),
            ),
        ),
    )


def memberships(review_id: int) -> Select[int, int]:
    """Select (consolidated one, member) wherever the member witnesses it: unless it is retired."""
    part = aliased(Configuration)
    return (
        select(Consolidation.configuration_id, Consolidation.member_id)
        .join(
            part,
            and_(part.review_id == Consolidation.review_id, part.id == Consolidation.member_id),
        )
        .where(Consolidation.review_id == review_id, part.status != ConfigurationStatus.RETIRED)
    )


def evidence_conditions(review_id: int, wish: ConfigurationFilter) -> list[ColumnElement[bool]]:
    """Return what one piece of evidence must fulfil; empty when the wish says nothing of it."""
    found: list[ColumnElement[bool]] = []
    if wish.stance is not None:
        found.append(Evidence.stance == wish.stance)
    if wish.basis is not None:
        found.append(Evidence.basis == wish.basis)
    if wish.inferred is not None:
        found.append(Evidence.is_inferred == wish.inferred)
    if wish.source_id is not None:
        found.append(_named.in_(counted_as(review_id, wish.source_id)))
    on_source = _source_conditions(wish)
    if on_source:
        found.append(_named.in_(counted_where(review_id, on_source)))
    return found + appraised_evidence(review_id, wish)


def appraised_evidence(review_id: int, wish: AppraisalConditions) -> list[ColumnElement[bool]]:
    """Return what was judged of one piece of evidence, or of the work it counts as."""
    piece = (Evidence.configuration_id, Evidence.n)
    return settled.evidence_conditions(review_id, origin(Evidence), piece, wish)


def _source_conditions(wish: ConfigurationFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wish.source_kind is not None:
        found.append(Source.kind == wish.source_kind)
    for name in ("study_id", "cite_key", "country", "setting"):
        value = getattr(wish, name)
        if value is not None:
            found.append(getattr(Source, name) == value)
    if wish.year_from is not None:
        found.append(Source.year >= wish.year_from)
    if wish.year_to is not None:
        found.append(Source.year <= wish.year_to)
    return found + field_conditions(Source.fields, wish.source_field)


def evidenced(review_id: int, on_evidence: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Keep configurations that have such evidence, or stand for one that has."""
    own = select(Evidence.configuration_id).where(Evidence.review_id == review_id, *on_evidence)
    pairs = memberships(review_id).where(Consolidation.member_id.in_(own))
    inherited = pairs.with_only_columns(Consolidation.configuration_id)
    return or_(Configuration.id.in_(own), Configuration.id.in_(inherited))


def _mentions(review_id: int, text: str) -> ColumnElement[bool]:
    key = search_key(text)
    wordings = select(Element.configuration_id).where(
        Element.review_id == review_id, Element.wording_key.contains(key, autoescape=True)
    )
    quotes = (
        select(Evidence.configuration_id)
        .join(
            Quote,
            and_(Quote.review_id == Evidence.review_id, Quote.id == Evidence.quote_id),
        )
        .where(Evidence.review_id == review_id, Quote.text_key.contains(key, autoescape=True))
    )
    return or_(
        Configuration.text_key.contains(key, autoescape=True),
        Configuration.id.in_(wordings),
        Configuration.id.in_(quotes),
    )


def filter_query(wish: ConfigurationFilter) -> list[tuple[str, str]]:
    """Return the filter part of a wish as query parameters, in a stable order."""
    names = ConfigurationFilter.model_fields.keys() - {"counted"}
    given = wish.model_dump(mode="json", include=set(names), exclude_defaults=True)
    return [
        (name, str(value).lower() if isinstance(value, bool) else str(value))
        for name in sorted(given)
        for value in (given[name] if isinstance(given[name], list) else [given[name]])
    ]
