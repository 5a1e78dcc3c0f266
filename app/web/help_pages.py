"""Help in place: the words, the marks, the keys, and the guided tour."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from app.access.identity import PrincipalDep
from app.db import SessionDep
from app.web.contents import reviews_of
from app.web.glossary import TERMS
from app.web.keys import KEYS
from app.web.rendering import render
from app.web.tour import SEED, STEPS, VIGNETTE

router = APIRouter(include_in_schema=False)


@router.get("/help")
def show_help(principal: PrincipalDep) -> HTMLResponse:
    """Show what words and marks mean, and which keys do what."""
    return render("help.html", user=principal.user, terms=TERMS, keys=KEYS)


@router.get("/tour")
def show_tour(principal: PrincipalDep, session: SessionDep) -> HTMLResponse:
    """Show the steps of the guided tour; scripts show them one by one on the pages themselves."""
    mine = {f"/reviews/{review.slug}" for review, _ in reviews_of(session, principal)}
    return render("tour.html", user=principal.user, steps=STEPS, can_go={SEED, VIGNETTE} <= mine)
