"""Where one starts: one's reviews, a new one, and the jobs one asked for."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse

from app.access.identity import IdPath, PrincipalDep, WholePrincipalDep
from app.access.reviews import deleted_reviews
from app.db import SessionDep
from app.exchange.seeds import shipped_reviews
from app.jobs.running import find_job
from app.web.contents import counts_of, reviews_of
from app.web.jobs_told import jobs_of_user, told_of
from app.web.rendering import render
from app.web.template_examples import EXAMPLES

router = APIRouter(include_in_schema=False)


@router.get("/reviews")
def lead_to_start() -> RedirectResponse:
    """Lead from the folder of all reviews to the page that lists one's own."""
    return RedirectResponse("/")


@router.get("/")
def show_start(principal: PrincipalDep, session: SessionDep) -> HTMLResponse:
    """Show the reviews one is a member of."""
    reviews = reviews_of(session, principal)
    return render(
        "start.html",
        user=principal.user,
        reviews=reviews,
        counts_of=counts_of(session, [review.id for review, _ in reviews]),
        deleted=[] if principal.token else deleted_reviews(session, principal.user.id),
        jobs=jobs_of_user(session, principal.user.id, lately=True),
        seeds=[] if reviews else shipped_reviews(),
    )


@router.get("/reviews/new")
def show_new_review(principal: WholePrincipalDep) -> HTMLResponse:
    """Ask what a new review is about, with an example of each template; or for an archive."""
    return render(
        "review_new.html", user=principal.user, examples=EXAMPLES, seeds=shipped_reviews()
    )


@router.get("/jobs/{number}")
def show_job(number: IdPath, principal: PrincipalDep, session: SessionDep) -> HTMLResponse:
    """Show one of one's own jobs: how far it is, what came of it, and what to do about it now."""
    job = told_of(session, find_job(session, principal.user.id, number))
    return render("job.html", user=principal.user, job=job)
