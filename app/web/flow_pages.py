"""The flow of records as a page: the diagram, its files, and the sources behind each box."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from app.access.identity import Reading
from app.db import SessionDep
from app.export.flow_boxes import Query
from app.export.flow_figure import flow_svg
from app.export.flow_formats import FlowFormat
from app.synthesis.flow import flow_of
from app.synthesis.flow_facts import read_facts
from app.synthesis.flow_sources import FlowWish, flow_sources
from app.web.framing import in_review
from app.web.wishes import address, given, wish_of

router = APIRouter(prefix="/reviews/{slug}", include_in_schema=False)


@router.get("/flow")
def show_flow(
    request: Request,
    member: Reading,
    session: SessionDep,
    wish: Annotated[FlowWish, Depends(wish_of(FlowWish))],
) -> HTMLResponse:
    """Show the flow as a diagram; each of its boxes lists the sources behind it."""
    facts = read_facts(session, member.review_id)
    material = facts.material
    answer = flow_of(facts, member.review.title)
    here = f"/reviews/{member.review.slug}/flow"

    def behind(query: Query) -> str:
        return f"{here}?{urlencode(query)}#behind"

    asked = wish.model_fields_set - {"limit", "after", "count"}
    page = flow_sources(session, member.review_id, wish, material) if asked else None
    return in_review(
        session,
        member,
        "flow.html",
        "flow",
        answer=answer,
        figure=flow_svg(answer, behind),
        formats=[form.value for form in FlowFormat],
        said={name: _said(material.names, name, getattr(wish, name)) for name in sorted(asked)},
        sources=[source.model_dump() for source in page.items] if page else [],
        next=address(given(request), after=page.next) if page and page.next else None,
        is_asked=bool(asked),
    )


def _said(stages: dict[int, str], name: str, value: object) -> str:
    """Say a condition in words: the stage by its name."""
    if name in {"stage_id", "entered"} and isinstance(value, int):
        return stages.get(value, f"G{value}")
    return "yes" if value is True else str(value).replace("_", " ")
