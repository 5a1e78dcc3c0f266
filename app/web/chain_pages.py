"""Chains as a page: the question as a form, the figure, the same as a list, and what could join."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Self

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import Field, model_validator
from sqlalchemy.orm import Session

from app.access.identity import Member, Reading
from app.access.policy import Right, may
from app.db import Line, SessionDep
from app.export.chain_figure import chain_svg, legend
from app.export.chain_formats import ChainFormat
from app.synthesis.chain_parts import Chain, Chains, Joint, Step
from app.synthesis.chains import ChainWish, chains
from app.synthesis.suggestions import Suggestions, SuggestionWish, suggestions
from app.theory.queries import summaries
from app.theory.refusals import RefusalFilter, list_refusals
from app.theory.view_models import ViewKind
from app.theory.vocabulary import Stance, State
from app.web.asking import asked
from app.web.framing import in_review
from app.web.keeping import NAMED, keeping
from app.web.rendering import thing_url
from app.web.wishes import Query, address

router = APIRouter(prefix="/reviews/{slug}", include_in_schema=False)

DEPTHS = range(1, 11)
PLACES = r"^\d{1,9}(\.\d{1,9}){3}$"
"""The two elements of a suggested link: configuration and n, twice."""
OFFERED = 10
"""Suggested links shown at once, where nothing is asked; of more on the way, forms one by one."""
REFUSALS = 50


class ChainPageWish(ChainWish):
    """What the page asks: without an end it asks nothing yet, and shows what could join up."""

    view: str | None = None
    suggested: Annotated[Line, Field(pattern=PLACES)] | None = None
    """Where the page of suggested links before ended."""
    settle: Annotated[Line, Field(pattern=PLACES)] | None = None
    """The suggested link on the way that brings its forms, where many wait."""

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
def show_chains(request: Request, member: Reading, session: SessionDep) -> Response:
    """Show chains as a figure and as a list; without an end, what to ask and what could join."""
    question = asked(request, session, member.review_id, ["from", "to", "through"])
    if elsewhere := question.elsewhere(request):
        return elsewhere
    wish = question.wish(ChainPageWish)
    answer = chains(session, member.review, wish) if wish.start or wish.end else None
    query = [pair for pair in question.query if pair[0] != "settle"]
    plain = [pair for pair in query if pair[0] not in {NAMED, "suggested"}]
    return in_review(
        session,
        member,
        "chains.html",
        "chains",
        wish=wish,
        question=question,
        answer=answer,
        figure=_figure(answer, member.review.slug) if answer and answer.chains else None,
        legend=legend(answer) if answer else [],
        offers=question.offers(),
        mechanisms=question.offers(mechanisms=True),
        states=list(State),
        stances=list(Stance),
        depths=DEPTHS,
        here=address(query),
        asks_possible=address(plain, possible="true"),
        query=address(plain),
        settle_at_once=OFFERED,
        settles=lambda places: address(query, settle=places),
        downloads=_downloads(member, plain),
        may_code=may(member.role, Right.CODE),
        keeping=keeping(session, member, ViewKind.CHAINS, query) if answer else None,
        **_passed(answer) if answer else _waiting(session, member, wish, query),
    )


def _passed(answer: Chains) -> dict[str, Any]:
    """Return what the list of an answer needs: its ways, and its configurations by name."""
    names = {step.id: step.title or step.statement for step in answer.configurations}
    return {"ways": [_way(chain, answer) for chain in answer.chains], "ends": names}


def _titles(items: Iterable[dict[str, Any]]) -> dict[int, str]:
    return {item["id"]: item["title"] or item["statement"] for item in items}


def _downloads(member: Member, query: Query) -> dict[str, str]:
    if not may(member.role, Right.EXPORT):
        return {}
    return {form.value: address(query, format=form.value) for form in ChainFormat}


def _waiting(session: Session, member: Member, wish: ChainPageWish, query: Query) -> dict[str, Any]:
    """Return the suggested links that wait for somebody, and those that were refused."""
    ask = SuggestionWish(limit=OFFERED, after=wish.suggested)
    found: Suggestions = suggestions(session, member.review, ask)
    numbers = sorted({end for item in found.items for end in (item.from_id, item.to_id)})
    refusals = list_refusals(session, member.review_id, RefusalFilter(limit=REFUSALS))
    return {
        "suggested": found,
        "ends": _titles(summaries(session, member.review_id, numbers)),
        "following": address(query, suggested=found.next) if found.next else None,
        "refusals": refusals,
    }


def _figure(answer: Chains, slug: str) -> str:
    """Draw the figure as part of a page; everything in it is escaped where it is drawn."""
    return chain_svg(
        answer, lambda kind, number: thing_url(slug, f"{kind}{number}") or "", is_live=True
    )


def _way(chain: Chain, answer: Chains) -> list[Walked]:
    steps = {step.id: step for step in answer.configurations}
    joints = {joint.n: joint for joint in answer.links}
    entered = [None, *(joints[n] for n in chain.links)]
    return [
        Walked(steps[number], joint)
        for number, joint in zip(chain.configurations, entered, strict=True)
    ]
