"""Help in place: the words, the marks, the keys, and the guided tour."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from app.access.identity import PrincipalDep
from app.access.models import Review
from app.db import SessionDep
from app.exchange.seeds import shipped_reviews
from app.web.contents import reviews_of
from app.web.glossary import TERMS
from app.web.keys import KEYS
from app.web.rendering import render
from app.web.tour import SEED, STEPS, VIGNETTE, Step, copies

router = APIRouter(include_in_schema=False)


@router.get("/help")
def show_help(principal: PrincipalDep) -> HTMLResponse:
    """Show what words and marks mean, and which keys do what."""
    return render("help.html", user=principal.user, terms=TERMS, keys=KEYS)


@router.get("/tour")
def show_tour(principal: PrincipalDep, session: SessionDep) -> HTMLResponse:
    """Show the steps of the guided tour; scripts show them one by one on the pages themselves."""
    seeds = shipped_reviews()
    mine = copies(seeds, reviews_of(session, principal))
    return render(
        "tour.html",
        user=principal.user,
        steps=[(step, _address(step, mine)) for step in STEPS],
        lacking=[seed for seed in seeds if seed.name in {SEED, VIGNETTE} - mine.keys()],
    )


def _address(step: Step, mine: dict[str, Review]) -> str | None:
    review = mine.get(step.review)
    return f"/reviews/{review.slug}{step.path}" if review else None
