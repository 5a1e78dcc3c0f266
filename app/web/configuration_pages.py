"""Configurations as pages: the list, one of them, several side by side or changed alike."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import Field
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.identity import IdPath, Member, Reading
from app.access.policy import Right, may
from app.coding.tree import concept_tree
from app.db import Id, Line, Schema, SessionDep
from app.history.reading import load
from app.library.models import FieldSubject
from app.theory.filters import conditions
from app.theory.listing import ConfigurationOrder, ConfigurationWish, configuration_page
from app.theory.mirroring import mirrored
from app.theory.models import Configuration
from app.theory.queries import read_configuration, summaries
from app.theory.vocabulary import (
    Basis,
    Certainty,
    ConfigurationKind,
    ConfigurationStatus,
    Role,
    Stance,
    State,
)
from app.web.beside import may_change, memos_on, people_of
from app.web.comparing import proposals, side_by_side
from app.web.contents import (
    grounds_of,
    labels,
    links_of,
    own_values,
    sources_of,
    titles_of,
    user_name,
)
from app.web.filtering import chips
from app.web.forms import cited
from app.web.framing import in_review
from app.web.history_pages import names_of
from app.web.sorting import configuration_headings
from app.web.wishes import PAGING, Query, address, given, wish_of

router = APIRouter(prefix="/reviews/{slug}/configurations", include_in_schema=False)

FORM_FIELDS = {"text", "kind", "status", "stance", "certainty", "created_by", "sort", "after"}
NOT_FILTERS = PAGING | {"sort"}
MOST_TICKED = 200


class ListWish(ConfigurationWish):
    """The list as the page asks for it: a concept may be named by number and words."""

    role: Role | None = None
    concept: Line | None = None


class Ticked(Schema):
    """The configurations that were ticked in the list."""

    ids: list[Id] = Field(default_factory=list, max_length=MOST_TICKED)


class EvidenceWish(Schema):
    """Which piece of evidence is to be changed; none: a new one is tied."""

    n: Id | None = None


TickedDep = Annotated[Ticked, Depends(wish_of(Ticked))]


@router.get("")
def list_configurations(
    request: Request,
    member: Reading,
    session: SessionDep,
    wish: Annotated[ListWish, Depends(wish_of(ListWish))],
) -> Response:
    """List the configurations that fit the address, with how many there are in all."""
    query = given(request)
    if wish.concept:
        return RedirectResponse(_with_concept(query, wish), 303)
    page = configuration_page(session, member.review_id, wish.model_copy(update={"count": True}))
    concepts = {e["concept_id"] for item in page["items"] for e in item["elements"]}
    return in_review(
        session,
        member,
        "configurations.html",
        "configurations",
        wish=wish,
        page=page,
        next=address(query, after=page["next"]) if page["next"] else None,
        active=chips(query, NOT_FILTERS),
        kept=[pair for pair in query if pair[0] not in FORM_FIELDS],
        headings=configuration_headings(query, wish.sort),
        tabs=_tabs(session, member.review_id, wish, query),
        statuses=list(ConfigurationStatus),
        stances=list(Stance),
        certainties=list(Certainty),
        orders=list(ConfigurationOrder),
        roles=list(Role),
        people=people_of(session, member.review_id),
        coders=names_of(session, [item["created_by"] for item in page["items"]]),
        names=labels(session, member.review_id, concepts),
        may_code=may(member.role, Right.CODE),
    )


def _with_concept(query: Query, wish: ListWish) -> str:
    """Return the address that asks for a concept as the filter writes it."""
    number = cited(wish.concept or "")
    rest = [pair for pair in query if pair[0] not in {"role", "concept", "after"}]
    if not number.isdecimal():
        return address([*rest, ("text", wish.concept or "")] if not wish.text else rest)
    return address([*rest, ("has", f"{wish.role or 'any'}:K{number}")])


def _tabs(
    session: Session, review_id: int, wish: ListWish, query: Query
) -> list[tuple[str, int, str, bool]]:
    """Return raw, consolidated and constructed apart: name, how many fit, address, is it shown."""
    every = wish.model_copy(update={"kind": None})
    where = conditions(review_id, every, concept_tree(session, review_id))
    rows = session.execute(
        select(Configuration.kind, func.count()).where(*where).group_by(Configuration.kind)
    )
    counts = {row[0]: row[1] for row in rows}
    kinds = [
        (kind.value, counts.get(kind, 0), address(query, kind=kind, after=None), wish.kind is kind)
        for kind in ConfigurationKind
    ]
    whole = address(query, kind=None, after=None)
    return [("all", sum(counts.values()), whole, wish.kind is None), *kinds]


def _ticked(session: Session, member: Member, wish: Ticked) -> list[dict[str, Any]]:
    return summaries(session, member.review_id, list(dict.fromkeys(wish.ids)))


def _beside(session: Session, member: Member, items: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return what every page of ticked configurations shows beside them."""
    tree = concept_tree(session, member.review_id)
    concepts = {e["concept_id"] for item in items for e in item["elements"]}
    concepts |= {tree.survivor(number) for number in concepts if number}
    return {
        "items": items,
        "rows": side_by_side(items, tree),
        "proposals": proposals(items, tree),
        "names": labels(session, member.review_id, concepts),
        "coders": names_of(session, [item["created_by"] for item in items]),
        "query": address([("ids", str(item["id"])) for item in items]),
        "may_code": may(member.role, Right.CODE),
    }


@router.get("/compare")
def compare_configurations(member: Reading, session: SessionDep, wish: TickedDep) -> HTMLResponse:
    """Show configurations side by side, with what they share marked."""
    values = _beside(session, member, _ticked(session, member, wish))
    return in_review(session, member, "compare.html", "configurations", **values)


@router.get("/consolidate")
def consolidate_configurations(
    member: Reading, session: SessionDep, wish: TickedDep
) -> HTMLResponse:
    """Show the form by which one configuration comes to stand for several raw ones."""
    items = _ticked(session, member, wish)
    raw = [item for item in items if item["kind"] == ConfigurationKind.RAW]
    return in_review(
        session,
        member,
        "consolidate.html",
        "configurations",
        **_beside(session, member, raw),
        passed=[item for item in items if item not in raw],
        certainties=list(Certainty),
        states=list(State),
    )


@router.get("/change")
def change_ticked(member: Reading, session: SessionDep, wish: TickedDep) -> HTMLResponse:
    """Show the form that changes the same of all that are ticked."""
    items = _ticked(session, member, wish)
    mine = [item for item in items if may_change(member, item["created_by"])]
    return in_review(
        session,
        member,
        "change_many.html",
        "configurations",
        items=mine,
        passed=[item for item in items if item not in mine],
        statuses=list(ConfigurationStatus),
        certainties=list(Certainty),
        questions=sorted({q for item in items for q in item["questions"] or []}),
    )


@router.get("/{number:int}")
def show_configuration(number: IdPath, member: Reading, session: SessionDep) -> HTMLResponse:
    """Show a configuration: statement, elements, the words behind it, and what one may do."""
    found = read_configuration(session, member.review_id, number)
    cited_sources = {e.cited_source_id for e in found.evidence if e.cited_source_id}
    links = links_of(session, member.review_id, number)
    others = {end for link in links for end in (link.from_id, link.to_id) if end}
    others |= {m.member_id for m in found.members} | set(found.consolidated_in)
    return in_review(
        session,
        member,
        "configuration.html",
        "configurations",
        configuration=found,
        own=own_values(session, member.review_id, FieldSubject.CONFIGURATION, found.fields),
        names=labels(session, member.review_id, {e.concept_id for e in found.elements}),
        sources=sources_of(
            session, member.review_id, {e.source_id for e in found.evidence} | cited_sources
        ),
        links=links,
        others=titles_of(session, member.review_id, others - {number}),
        grounds=grounds_of(session, member.review_id, number),
        coder=user_name(session, found.created_by),
        noted=memos_on(session, member.review_id, "C", number),
        may_edit=may_change(member, found.created_by),
        may_code=may(member.role, Right.CODE),
        statuses=list(ConfigurationStatus),
        certainties=list(Certainty),
    )


@router.get("/{number:int}/evidence")
def show_evidence_form(
    number: IdPath,
    member: Reading,
    session: SessionDep,
    wish: Annotated[EvidenceWish, Depends(wish_of(EvidenceWish))],
) -> HTMLResponse:
    """Show the form that ties evidence to a configuration, or changes what a piece of it says."""
    found = read_configuration(session, member.review_id, number)
    return in_review(
        session,
        member,
        "tie_evidence.html",
        "configurations",
        configuration=found,
        piece=next((e for e in found.evidence if e.n == wish.n), None),
        may_edit=may_change(member, found.created_by),
        stances=list(Stance),
        bases=list(Basis),
    )


@router.get("/{number:int}/mirror")
def show_mirror(number: IdPath, member: Reading, session: SessionDep) -> HTMLResponse:
    """Show what the mirror image of a configuration would be; the form constructs it."""
    configuration = load(session, Configuration, member.review_id, number)
    elements = mirrored(session, configuration)
    return in_review(
        session,
        member,
        "mirror.html",
        "configurations",
        original=summaries(session, member.review_id, [number])[0],
        elements=elements,
        names=labels(session, member.review_id, {e.concept_id for e in elements}),
        states=list(State),
        may_code=may(member.role, Right.CODE),
    )
