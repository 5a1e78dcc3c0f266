"""Stages the browser libraries, and stops a package from being built without them.

`python hatch_build.py` copies what pages need out of node_modules into a folder that git ignores
and wheels carry; hatchling loads the same file as its build hook, which only looks.
"""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

VENDOR = Path("app/web/static/vendor")

# folder below VENDOR: the npm package, and the few of its files and folders that we serve or must
# pass on; maps, fonts, profiles and decoders carry licences of their own in their folders
STAGED = {
    "htmx": ("htmx.org", ("dist/htmx.min.js", "LICENSE")),
    "pdfjs": (
        "pdfjs-dist",
        (
            *("build/pdf.min.mjs", "build/pdf.worker.min.mjs", "LICENSE"),
            *("cmaps", "iccs", "standard_fonts", "wasm"),
        ),
    ),
    "swagger-ui": (
        "swagger-ui-dist",
        (
            "swagger-ui.css",
            "swagger-ui-bundle.js",
            "swagger-ui-bundle.js.LICENSE.txt",
            "LICENSE",
            "NOTICE",
        ),
    ),
}


def stage(root: Path) -> None:
    """Replace the staged folder by fresh copies; FileNotFoundError names what npm did not bring."""
    shutil.rmtree(root / VENDOR, ignore_errors=True)
    for folder, (package, names) in STAGED.items():
        target = root / VENDOR / folder
        target.mkdir(parents=True)
        for name in names:
            source = root / "node_modules" / package / name
            copy = shutil.copytree if source.is_dir() else shutil.copyfile
            copy(source, target / Path(name).name)


def list_missing(root: Path) -> list[str]:
    """Name the staged files and folders that are not there, as paths from the root."""
    paths = [
        VENDOR / folder / Path(name).name for folder, (_, names) in STAGED.items() for name in names
    ]
    return [path.as_posix() for path in paths if not (root / path).exists()]


class StagedFilesHook(BuildHookInterface[Any]):
    """Refuses to build an sdist or wheel whose pages would lack their scripts."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, _build_data: dict[str, Any]) -> None:
        """Let editable installs pass: they come first, and read the folder where it lies."""
        missing = list_missing(Path(self.root))
        if version != "editable" and missing:
            raise SystemExit(f"Run `make static` first; not there: {', '.join(missing)}")


def tidy_lock(root: Path) -> None:
    """Drop from npm's lock whom its packages ask for money: addresses, and nothing to install."""
    path = root / "package-lock.json"
    lock = json.loads(path.read_text())
    for package in lock["packages"].values():
        package.pop("funding", None)
    path.write_text(json.dumps(lock, indent=2) + "\n")


if __name__ == "__main__":
    (tidy_lock if "--tidy-lock" in sys.argv else stage)(Path(__file__).parent)
