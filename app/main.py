"""The application: the store, the routes, the error answers and the start-up guard."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI, Request
from fastapi.staticfiles import StaticFiles
from sqlalchemy import Engine, text
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware

from app.access import account_routes, history_routes, job_routes
from app.access import routes as access_routes
from app.access.attempts import Attempts
from app.coding import apart_routes, concept_routes, document_routes, memo_routes, quote_routes
from app.config import Settings
from app.db import Sessions, make_engine, make_sessions
from app.exchange import (
    archive_routes,
    decision_routes,
    download_routes,
    import_routes,
    seed_routes,
)
from app.exchange.archive.jobs import clear_staging
from app.export import routes as export_routes
from app.fulltext import routes as fulltext_routes
from app.jobs.worker import Worker
from app.library import document_routes as library_document_routes
from app.library import (
    duplicate_routes,
    field_routes,
    pseudonym_routes,
    screening_routes,
    search_routes,
    stage_routes,
)
from app.library import routes as library_routes
from app.library.appraisal import form_routes as appraisal_form_routes
from app.library.appraisal import routes as appraisal_routes
from app.migrations import refuse_old_schema
from app.synthesis import routes as synthesis_routes
from app.theory import (
    configuration_routes,
    link_routes,
    list_routes,
    programme_routes,
    refusal_routes,
    together_routes,
)
from app.web import pages, problems, view_routes
from app.web.form_bridge import FormBridge
from app.web.logging import set_up_logging
from app.web.middleware import RequestFrame
from app.web.openapi import DescribedApi
from app.web.rendering import STATIC

ROUTERS = (
    access_routes.people,
    access_routes.reviews,
    account_routes.router,
    history_routes.router,
    list_routes.router,
    synthesis_routes.router,
    fulltext_routes.router,
    export_routes.router,
    download_routes.router,  # before what reads a number in the place of `file`
    job_routes.router,
    archive_routes.router,
    archive_routes.writing,
    seed_routes.router,
    library_routes.router,
    search_routes.router,
    duplicate_routes.router,
    import_routes.router,
    stage_routes.router,
    screening_routes.router,
    decision_routes.router,
    library_document_routes.router,
    field_routes.router,
    pseudonym_routes.router,
    appraisal_form_routes.router,
    appraisal_routes.router,
    document_routes.router,
    apart_routes.router,
    concept_routes.router,
    quote_routes.router,
    memo_routes.router,
    together_routes.router,
    configuration_routes.router,
    refusal_routes.router,
    link_routes.router,
    programme_routes.router,
    view_routes.router,
    *pages.ROUTERS,
)


NOT_PACKED = (
    "application/*",  # what programs read, and files that are packed already
    "text/csv",
)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    refuse_old_schema(app.state.engine)
    gc.collect()
    gc.freeze()  # what start-up built lives as long as the process
    clear_staging(app.state.settings)
    app.state.worker = worker = Worker(app.state.sessions, app.state.settings)
    worker.start()
    yield
    worker.stop()
    app.state.engine.dispose()


def create_app(
    settings: Settings | None = None,
    engine: Engine | None = None,
    sessions: Sessions | None = None,
) -> FastAPI:
    """Build the application on the store of the settings, or on one handed over."""
    settings = settings or Settings()
    set_up_logging(settings)
    app = DescribedApi(
        title="Retroduce",
        summary="An open database for realist evidence synthesis.",
        version=version("retroduce"),
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
    )
    app.state.settings = settings
    app.state.engine = engine or make_engine(settings)
    app.state.sessions = sessions or make_sessions(app.state.engine)
    app.state.attempts = Attempts(settings.sign_in_attempts)
    app.add_middleware(FormBridge)
    app.add_middleware(
        GZipMiddleware,
        minimum_size=1_000,
        compresslevel=5,
        exclude_content_types=(*DEFAULT_EXCLUDED_CONTENT_TYPES, *NOT_PACKED),
    )
    app.add_middleware(RequestFrame, max_body_bytes=settings.max_body_bytes)
    problems.install(app)
    app.add_api_route("/healthz", health, tags=["operation"])
    app.add_api_route("/readyz", readiness, tags=["operation"])
    for router in ROUTERS:
        app.take(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app


def health() -> dict[str, str]:
    """Say that the process answers."""
    return {"status": "ok"}


def readiness(request: Request) -> dict[str, Any]:
    """Say that the database answers and has the schema this version needs; 503 when not."""
    engine: Engine = request.app.state.engine
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    refuse_old_schema(engine)
    return {"status": "ready", "database": engine.dialect.name}
