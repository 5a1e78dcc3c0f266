"""Take the pictures that README and the guide show: python -m tests.browser.screenshots."""

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, sync_playwright

from app.access.identity import COOKIE
from tests.browser.screens import SEED, VIGNETTE
from tests.browser.site import NAMES, NEVER_OUT, opened_site

IMAGES = Path(__file__).parents[2] / "docs" / "images"
SHOWN = {
    "reading": f"{VIGNETTE}/documents/1?quote=3",
    "home": SEED,
    "configuration": f"{SEED}/configurations/1",
    "matrix": f"{SEED}/matrix",
    "chains": f"{SEED}/chains?to=K1",
    "codebook": f"{SEED}/concepts",
    "evidence": f"{SEED}/evidence",
}
"""Each picture: its file's name, and the screen it shows."""


def take(page: Page, name: str, address: str) -> None:
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=IMAGES / f"{name}.png")


def main() -> None:
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        sys.exit(f"no browser here: install one of {', '.join(NAMES)} (make browser)")
    IMAGES.mkdir(exist_ok=True)
    with (
        TemporaryDirectory() as folder,
        opened_site(Path(folder)) as (base, secret),
        sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path=path, args=NEVER_OUT)
        context = browser.new_context(
            base_url=base, viewport={"width": 1280, "height": 800}, reduced_motion="reduce"
        )
        context.add_cookies([{"name": COOKIE, "value": secret, "url": base}])
        page = context.new_page()
        for name, address in SHOWN.items():
            take(page, name, address)
        browser.close()


if __name__ == "__main__":
    main()
