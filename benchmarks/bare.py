"""The bare application that starting and idling are held against; it imports nothing of ours."""

from fastapi import FastAPI


def health() -> dict[str, str]:
    """Say that the process answers."""
    return {"status": "ok"}


def make() -> FastAPI:
    """Return an application that only answers that it is there."""
    app = FastAPI()
    app.add_api_route("/healthz", health)
    return app
