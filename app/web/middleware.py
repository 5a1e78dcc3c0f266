"""What happens around every request: an id, a log line, a size limit, security headers."""

import time
from urllib.parse import unquote_to_bytes
from uuid import uuid4

import structlog
from fastapi.responses import JSONResponse
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import AppError, BadRequestError, TooLargeError

log = structlog.get_logger()

CSP = (
    "default-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'; "
    "object-src 'none'; img-src 'self' data:"
)
PDF_WORKER = "/static/vendor/pdfjs/pdf.worker.min.mjs"
CSP_OF_PDF_WORKER = f"{CSP}; script-src 'self' 'wasm-unsafe-eval'"
"""What it starts it may compile: the decoders of scanners' pictures. A worker has a policy of its
own, so that no page may."""
SECURITY_HEADERS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}


def loggable(path: str) -> str:
    """Return a path without the secret that a sign-in link ends with."""
    return "/sign-in/…" if path.startswith("/sign-in/") else path


class RequestFrame:
    """Gives each request an id, refuses bodies over the limit, logs how it went."""

    def __init__(self, app: ASGIApp, max_body_bytes: int) -> None:
        self.app = app
        self.max_body_bytes = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Frame one HTTP request; anything else passes."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        method = scope["method"]
        if method == "HEAD":  # answered as GET is, less the body
            scope = {**scope, "method": "GET"}
        request_id = uuid4().hex[:16]
        scope.setdefault("state", {})["request_id"] = request_id
        started = time.perf_counter()
        status = 500

        async def send_framed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = request_id
                if scope["path"] == PDF_WORKER:
                    headers["content-security-policy"] = CSP_OF_PDF_WORKER
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            elif method == "HEAD":
                message = {**message, "body": b""}
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._limited(scope, receive, send_framed)
            finally:
                milliseconds = round((time.perf_counter() - started) * 1000, 1)
                path = loggable(scope["path"])
                log.info("request", method=method, path=path, status=status, ms=milliseconds)

    async def _limited(self, scope: Scope, receive: Receive, send: Send) -> None:
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isdigit() and int(announced) > self.max_body_bytes:
            await refuse(TooLargeError(self._too_large()), scope, receive, send)
            return
        try:
            unquote_to_bytes(scope["query_string"]).decode()
        except UnicodeDecodeError as error:
            detail = f"The address is not UTF-8 at byte {error.start} of its query."
            await refuse(BadRequestError(detail), scope, receive, send)
            return
        received = 0
        started = False

        async def receive_counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self.max_body_bytes:
                raise TooLargeError(self._too_large())
            return message

        async def send_noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive_counted, send_noted)
        except TooLargeError:
            if started:
                raise
            await refuse(TooLargeError(self._too_large()), scope, receive, send)

    def _too_large(self) -> str:
        return f"The body is over {self.max_body_bytes:,} bytes, the limit of this installation."


async def refuse(error: AppError, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer before the application is asked."""
    body = JSONResponse(error.problem(), error.status, media_type="application/problem+json")
    await body(scope, receive, send)
