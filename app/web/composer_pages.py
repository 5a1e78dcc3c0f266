"""Composing a configuration: its elements by role, in words first, and the evidence for each."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from app.access.identity import Changing, Coding, IdPath, Member
from app.access.policy import Right, may, require_change
from app.coding.models import Level, Quote
from app.db import MAX_NUMBER, SessionDep
from app.history.models import Inference
from app.history.reading import load
from app.library.models import FieldSubject
from app.theory.models import Configuration
from app.theory.queries import read_configuration
from app.theory.vocabulary import (
    Activation,
    Basis,
    Certainty,
    ConfigurationKind,
    ConfigurationStatus,
    Modality,
    Role,
    Stance,
    State,
    Template,
    Tier,
    Valence,
)
from app.theory.wording import if_then_because
from app.web.composing import (
    definitions_of,
    mechanisms_in,
    questions_asked,
    quotes_to_tie,
    role_parts,
)
from app.web.contents import labels
from app.web.framing import in_review
from app.web.own_fields import fields_to_fill

router = APIRouter(prefix="/reviews/{slug}", include_in_schema=False)

VALUES: dict[str, Any] = {
    "states": list(State),
    "activations": [value for value in Activation if value is not Activation.NOT_STATED],
    "valences": [value for value in Valence if value is not Valence.NOT_STATED],
    "levels": list(Level),
    "tiers": list(Tier),
    "stances": list(Stance),
    "bases": list(Basis),
    "inferences": list(Inference),
    "modalities": list(Modality),
    "certainties": list(Certainty),
    "statuses": list(ConfigurationStatus),
    "templates": list(Template),
}


@router.get("/configurations/new")
def compose_configuration(
    member: Coding,
    session: SessionDep,
    template: Template | None = None,
    quote: Annotated[int | None, Query(ge=1, le=MAX_NUMBER)] = None,
) -> HTMLResponse:
    """Show an empty composer, or one with a quote to be tied as evidence."""
    chosen = template or Template(member.review.template)
    parts = role_parts(chosen, [], 0)
    return _composer(
        session,
        member,
        configuration=None,
        chosen_template=chosen,
        parts=parts,
        names={},
        definitions={},
        sentence="",
        kinds=[ConfigurationKind.RAW, ConfigurationKind.CONSTRUCTED],
        quote=load(session, Quote, member.review_id, quote) if quote else None,
    )


@router.get("/configurations/{number}/edit")
def edit_configuration(number: IdPath, member: Changing, session: SessionDep) -> HTMLResponse:
    """Show a configuration in the composer, to somebody who may change it."""
    row = load(session, Configuration, member.review_id, number)
    require_change(member.role, member.user.id, row.created_by)
    read = read_configuration(session, member.review_id, number)
    parts = role_parts(read.template, read.elements, row.last_element)
    return _composer(
        session,
        member,
        configuration=read,
        chosen_template=read.template,
        parts=parts,
        names=labels(session, member.review_id, {e.concept_id for e in read.elements}),
        definitions=definitions_of(session, member.review_id, read.elements),
        sentence=if_then_because(read.elements),
        kinds=list(ConfigurationKind),
        quote=None,
    )


def _composer(session: Session, member: Member, *, parts: list[Any], **values: Any) -> HTMLResponse:
    return in_review(
        session,
        member,
        "compose.html",
        "configurations",
        parts=parts,
        mechanisms=mechanisms_in(parts),
        offered=quotes_to_tie(session, member.review_id),
        questions=questions_asked(session, member.review_id),
        may_name=may(member.role, Right.CODEBOOK),
        mechanism_roles={Role.MECHANISM, Role.RESOURCE, Role.RESPONSE},
        **fields_to_fill(session, member.review_id, FieldSubject.CONFIGURATION),
        **VALUES,
        **values,
    )
