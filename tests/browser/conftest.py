"""A real server with the training vignette, and Chromium signed in to it."""

import shutil
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy.orm import Session

from app.access.identity import COOKIE
from app.access.schemas import UserCreate
from app.access.service import add_user, open_sign_in
from app.config import shipped
from app.db import begin_writing, make_engine
from app.exchange.archive.arriving import import_archive
from app.migrations import upgrade
from benchmarks.serving import serving, uvicorn
from tests.conftest import cheap_settings

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
REVIEW = "/reviews/training-vignette"
NEVER_OUT = ["--no-sandbox", "--disable-quic", "--disable-background-networking"]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of a server of our own, and the secret of a sign-in there."""
    settings = cheap_settings(tmp_path_factory.mktemp("browsed"))
    engine = make_engine(settings)
    upgrade(engine)
    with Session(engine) as session:
        begin_writing(session)
        wish = UserCreate(email="coder@example.org", name="Coder", is_admin=True)
        user = add_user(session, wish, settings)
        for folder in sorted(shipped("seeds").iterdir()):
            if folder.is_dir():
                import_archive(session, folder, user, settings)
        secret = open_sign_in(session, user, lifetime=timedelta(hours=1))
        session.commit()
    engine.dispose()
    with serving(uvicorn("app.main:create_app"), settings) as server:
        yield f"http://127.0.0.1:{server.port}", secret


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The Chromium of this machine."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip(f"no browser here: install one of {', '.join(NAMES)} (make browser)")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=NEVER_OUT)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, site: tuple[str, str]) -> Iterator[Page]:
    """A tab of someone signed in, at the size of a laptop; what it complains of fails the test."""
    base, secret = site
    context = chromium.new_context(
        base_url=base, viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
    )
    context.add_cookies([{"name": COOKIE, "value": secret, "url": base}])
    tab = context.new_page()
    complaints: list[str] = []
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    yield tab
    context.close()
    assert not complaints
