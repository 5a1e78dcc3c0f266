"""A real server with all that is shipped, and someone signed in to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from app.access.schemas import UserCreate
from app.access.service import add_user, open_sign_in
from app.config import shipped
from app.db import begin_writing, make_engine
from app.exchange.archive.arriving import import_archive
from app.migrations import upgrade
from benchmarks.serving import serving, uvicorn
from tests.conftest import cheap_settings

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NEVER_OUT = ["--no-sandbox", "--disable-quic", "--disable-background-networking"]


@contextmanager
def opened_site(folder: Path) -> Iterator[tuple[str, str]]:
    """Serve the shipped reviews: the server's address, and the secret of a sign-in there."""
    settings = cheap_settings(folder)
    engine = make_engine(settings)
    upgrade(engine)
    with Session(engine) as session:
        begin_writing(session)
        wish = UserCreate(email="coder@example.org", name="Robin Coder", is_admin=True)
        user = add_user(session, wish, settings)
        for shipped_review in sorted(shipped("seeds").iterdir()):
            if shipped_review.is_dir():
                import_archive(session, shipped_review, user, settings)
        secret = open_sign_in(session, user, lifetime=timedelta(hours=1))
        session.commit()
    engine.dispose()
    with serving(uvicorn("app.main:create_app"), settings) as server:
        yield f"http://127.0.0.1:{server.port}", secret
