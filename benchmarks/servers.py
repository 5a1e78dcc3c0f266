"""The server under measurement: our application with a hand-written route beside it."""

import sqlite3
from threading import local

from fastapi import FastAPI, Response
from starlette.requests import Request

from app.access.identity import Reading
from app.main import create_app
from benchmarks.by_hand import page

_threads = local()


def _connection(request: Request) -> sqlite3.Connection:
    """Return this thread's own connection, as a hand-written server would keep one."""
    found: sqlite3.Connection | None = getattr(_threads, "connection", None)
    if found is None:
        database = request.app.state.settings.data_dir / "retroduce.db"
        found = _threads.connection = sqlite3.connect(database)
        found.row_factory = sqlite3.Row
    return found


def page_by_hand(request: Request, member: Reading, limit: int = 50, after: int = 0) -> Response:
    """Answer a page by plain sqlite3 and orjson, behind our authentication."""
    body = page(_connection(request), member.review_id, limit, after)
    return Response(body, media_type="application/json")


def make_both() -> FastAPI:
    """Return our application with the hand-written page beside it."""
    app = create_app()
    app.add_api_route("/by-hand/{slug}/configurations", page_by_hand)
    return app
