"""Chains as a page: the question as a form, the figure, and the same as a list."""

from dataclasses import dataclass
from typing import Annotated, Self

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from pydantic import model_validator

from app.access.identity import Reading
from app.db import SessionDep
from app.export.chain_figure import chain_svg
from app.export.chain_files import part_of
from app.export.chain_formats import ChainFormat
from app.synthesis.chain_parts import Chain, Chains, Joint, Step
from app.synthesis.chains import ChainWish, chains
from app.web.contents import codebook, mechanisms
from app.web.framing import in_review
from app.web.wishes import address, given, wish_of

router = APIRouter(prefix="/reviews/{slug}", include_in_schema=False)

DEPTHS = range(1, 11)


class ChainPageWish(ChainWish):
    """What the page asks: without an end it asks nothing yet and shows the form."""

    @model_validator(mode="after")
    def names_an_end(self) -> Self:
        """Let a question without an end pass."""
        return self


@dataclass(frozen=True, slots=True)
class Walked:
    """One configuration on a chain, and the link that leads to it."""

    step: Step
    joint: Joint | None


@router.get("/chains")
def show_chains(
    request: Request,
    member: Reading,
    session: SessionDep,
    wish: Annotated[ChainPageWish, Depends(wish_of(ChainPageWish))],
) -> HTMLResponse:
    """Show chains as a figure and as a list; without an end, what to ask."""
    slug = member.review.slug
    is_asked = bool(wish.start or wish.end)
    answer = chains(session, member.review, wish) if is_asked else None
    query = given(request)
    return in_review(
        session,
        member,
        "chains.html",
        "chains",
        wish=wish,
        answer=answer,
        ways=[_way(chain, answer) for chain in answer.chains] if answer else [],
        part_of=part_of,
        figure=_figure(answer, slug) if answer and answer.chains else None,
        concepts=codebook(session, member.review_id),
        mechanisms=mechanisms(session, member.review_id),
        depths=DEPTHS,
        query=address(query),
        downloads={form.value: address(query, format=form.value) for form in ChainFormat},
    )


def _figure(answer: Chains, slug: str) -> str:
    """Draw the figure as part of a page; everything in it is escaped where it is drawn."""
    return chain_svg(answer, lambda number: f"/reviews/{slug}/configurations/{number}")


def _way(chain: Chain, answer: Chains) -> list[Walked]:
    steps = {step.id: step for step in answer.configurations}
    joints = {joint.n: joint for joint in answer.links}
    entered = [None, *(joints[n] for n in chain.links)]
    return [
        Walked(steps[number], joint)
        for number, joint in zip(chain.configurations, entered, strict=True)
    ]
