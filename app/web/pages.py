"""The pages a browser sees, put together; and how the API is described."""

from collections.abc import Iterator

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from app.errors import AppError
from app.web import (
    account_pages,
    appraisal_form_pages,
    appraisal_pages,
    chain_pages,
    check_pages,
    choice_pages,
    codebook_pages,
    composer_pages,
    configuration_pages,
    decision_pages,
    document_pages,
    duplicate_pages,
    evidence_pages,
    flow_pages,
    help_pages,
    history_pages,
    home_pages,
    import_pages,
    link_pages,
    matrix_pages,
    memo_pages,
    quote_pages,
    reading_pages,
    screening_pages,
    search_pages,
    settings_pages,
    sign_in_pages,
    source_pages,
    speaker_pages,
    start_pages,
    theory_pages,
    view_pages,
)
from app.web.rendering import STATIC, render

router = APIRouter(include_in_schema=False)

SWAGGER = STATIC / "vendor" / "swagger-ui" / "swagger-ui-bundle.js"


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
    help_pages,
    start_pages,
    account_pages,
    home_pages,
    settings_pages,
    matrix_pages,
    search_pages,
    chain_pages,
    document_pages,
    evidence_pages,
    view_pages,
    theory_pages,
    check_pages,
    reading_pages,
    speaker_pages,
    flow_pages,
    import_pages,
    duplicate_pages,
    decision_pages,  # before what reads a number in the place of `elsewhere`
    screening_pages,
    appraisal_pages,
    appraisal_form_pages,
    source_pages,
    choice_pages,
    codebook_pages,
    configuration_pages,
    quote_pages,
    link_pages,
    memo_pages,
    composer_pages,
    history_pages,
)
ROUTERS = (router, *(part.router for part in PARTS))
