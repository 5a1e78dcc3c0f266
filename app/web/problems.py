"""Every error as one kind of answer: problem details for programs, a page for browsers."""

import errno
from urllib.parse import urlencode

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from fastapi.routing import iter_route_contexts
from sqlalchemy.exc import DataError, IntegrityError, InternalError, OperationalError
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from app.db import SAFE_METHODS
from app.errors import (
    AppError,
    BadRequestError,
    BusyError,
    ConflictError,
    GoneError,
    InvalidError,
    MethodError,
    NotFoundError,
    UnauthenticatedError,
    UnexpectedError,
    invalid,
)
from app.web.gone import gone_page
from app.web.rendering import error_page

log = structlog.get_logger()


def answer(request: Request, error: AppError) -> Response:
    """Render an error for whoever asked; a browser that is not signed in is asked to."""
    is_page = not request.url.path.startswith("/api/")
    if is_page and "text/html" in request.headers.get("accept", ""):
        if isinstance(error, UnauthenticatedError) and request.method in SAFE_METHODS:
            return RedirectResponse(f"/sign-in?{urlencode({'next': _wanted(request)})}", 303)
        page = gone_page(request, error) if isinstance(error, GoneError) else None
        return page or HTMLResponse(error_page(error), error.status, error.headers)
    return JSONResponse(
        error.problem(), error.status, error.headers, media_type="application/problem+json"
    )


def _wanted(request: Request) -> str:
    query = f"?{request.url.query}" if request.url.query else ""
    return request.url.path + query


def _validation(request: Request, error: Exception) -> Response:
    found = error.errors() if isinstance(error, RequestValidationError) else []
    return answer(request, invalid(found))


def _http(request: Request, error: Exception) -> Response:
    if isinstance(error.__cause__, AppError):  # raised while the body was read, then wrapped
        return answer(request, error.__cause__)
    status = error.status_code if isinstance(error, HTTPException) else 0
    if status == MethodError.status:
        allowed = ", ".join(sorted(_methods_at(request)))
        detail = f"This address does not take {request.method}; it takes {allowed}."
        return answer(request, MethodError(detail, headers={"Allow": allowed}))
    if status == NotFoundError.status:
        return answer(request, NotFoundError("There is nothing at this address."))
    if isinstance(error.__cause__, UnicodeDecodeError):
        detail = f"The body is not UTF-8 at byte {error.__cause__.start}; send it as UTF-8."
        return answer(request, BadRequestError(detail))
    return answer(request, BadRequestError("The request cannot be read; is its body JSON?"))


def _methods_at(request: Request) -> set[str]:
    """Return every method that some route takes at this address; HEAD wherever GET is."""
    path = request.url.path
    found: set[str] = set()
    for route in iter_route_contexts(request.app.routes):
        if route.path and compile_path(route.path)[0].match(path):
            found |= route.methods or set()
    found = found or {"GET"}  # static files say no themselves
    return found | {"HEAD"} if "GET" in found else found


def _database_code(error: Exception) -> str:
    """Name what the database said without its words, which may hold what people typed."""
    origin = getattr(error, "orig", None) or error
    code = getattr(origin, "sqlstate", None) or getattr(origin, "sqlite_errorname", None)
    return f"{type(origin).__name__} {code or ''}".strip()


def _integrity(request: Request, error: Exception) -> Response:
    log.info("refused by the database", error=_database_code(error))
    return answer(
        request,
        ConflictError(
            "The database refused this: it refers to something that is not in this review, "
            "or something still refers to it."
        ),
    )


def _data(request: Request, error: Exception) -> Response:
    log.info("refused by the database", error=_database_code(error))
    return answer(request, InvalidError("A value is not one the database can keep."))


def _operational(request: Request, error: Exception) -> Response:
    code = _database_code(error)
    log.error("the database did not answer", error=code)
    why = WHY_BUSY.get(code.rpartition(" ")[2], DID_NOT_ANSWER)
    return answer(request, BusyError(f"{why} Nothing was changed."))


def _internal(request: Request, error: Exception) -> Response:
    """PostgreSQL's class for, among others, a transaction that may only read."""
    is_known = _database_code(error).rpartition(" ")[2] in WHY_BUSY
    return (_operational if is_known else _unexpected)(request, error)


def _disk(request: Request, error: Exception) -> Response:
    number = getattr(error, "errno", None)
    if number not in DISK_ERRORS:
        return _unexpected(request, error)
    log.error("the disk did not take a file", error=str(error))
    return answer(request, BusyError(f"{DISK_ERRORS[number]} Nothing was changed."))


def _unexpected(request: Request, error: Exception) -> Response:
    log.error("unexpected error", exc_info=error)
    request_id = getattr(request.state, "request_id", "?")
    return answer(
        request,
        UnexpectedError(f"Something went wrong on our side; quote request id {request_id}."),
    )


def _refused(request: Request, error: Exception) -> Response:
    return answer(request, error if isinstance(error, AppError) else UnexpectedError(str(error)))


FULL = "The disk is full: make room on the server, then try again."
READ_ONLY = "The disk or database can only be read: the server's operator must make it writable."
DID_NOT_ANSWER = "The database did not take the request; try again shortly."
WHY_BUSY = {  # SQLite's names; SQLSTATE codes of PostgreSQL
    "SQLITE_FULL": FULL,
    "53100": FULL,
    "SQLITE_READONLY": READ_ONLY,
    "25006": READ_ONLY,
}
DISK_ERRORS = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EROFS: READ_ONLY,
    errno.EACCES: READ_ONLY,
}
HANDLERS = {
    AppError: _refused,
    RequestValidationError: _validation,
    HTTPException: _http,
    IntegrityError: _integrity,
    DataError: _data,
    UnicodeError: _data,
    OperationalError: _operational,
    InternalError: _internal,
    OSError: _disk,
    Exception: _unexpected,
}


def install(app: FastAPI) -> None:
    """Register an answer for every family of errors."""
    for family, handler in HANDLERS.items():
        app.add_exception_handler(family, handler)
