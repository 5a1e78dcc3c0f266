"""The plain pages a browser sees: where one starts, and how the API is described."""

from collections.abc import Iterator

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from app.access.identity import PrincipalDep
from app.db import SessionDep
from app.errors import AppError
from app.web import (
    chain_pages,
    composer_pages,
    flow_pages,
    history_pages,
    item_pages,
    programme_pages,
    reading_pages,
    review_pages,
    search_pages,
    sign_in_pages,
)
from app.web.contents import reviews_of
from app.web.rendering import STATIC, render

router = APIRouter(include_in_schema=False)

SWAGGER = STATIC / "vendor" / "swagger-ui" / "swagger-ui-bundle.js"


@router.get("/")
def show_start(principal: PrincipalDep, session: SessionDep) -> HTMLResponse:
    """Show the reviews one is a member of."""
    return render("start.html", user=principal.user, reviews=reviews_of(session, principal))


@router.get("/docs")
def show_api() -> HTMLResponse:
    """Show the API in Swagger UI, from our own files; say how to get them where they lack."""
    return render("docs.html", is_staged=SWAGGER.is_file())


@router.get("/docs/errors")
def show_errors() -> HTMLResponse:
    """Show every error code the API can answer with."""
    errors = {error.code: error for error in _families(AppError)}
    ordered = sorted(errors.values(), key=lambda error: (error.status, error.code))
    return render("errors.html", errors=ordered)


def _families(family: type[AppError]) -> Iterator[type[AppError]]:
    for narrower in family.__subclasses__():
        if narrower.__module__.startswith("app."):
            yield narrower
            yield from _families(narrower)


PARTS = (
    sign_in_pages,
    review_pages,
    search_pages,
    chain_pages,
    reading_pages,
    flow_pages,
    composer_pages,
    item_pages,
    programme_pages,
    history_pages,
)
for part in PARTS:
    router.include_router(part.router)
