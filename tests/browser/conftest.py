"""A real server with the shipped reviews, and Chromium signed in to it."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from app.access.identity import COOKIE
from tests.browser.site import NAMES, NEVER_OUT, opened_site

REVIEW = "/reviews/training-vignette"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of a server of our own, and the secret of a sign-in there."""
    with opened_site(tmp_path_factory.mktemp("browsed")) as opened:
        yield opened


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
def plain_page(chromium: Browser, site: tuple[str, str]) -> Iterator[Page]:
    """A tab of someone signed in, whose browser runs no scripts."""
    base, secret = site
    context = chromium.new_context(base_url=base, java_script_enabled=False)
    context.add_cookies([{"name": COOKIE, "value": secret, "url": base}])
    yield context.new_page()
    context.close()


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
