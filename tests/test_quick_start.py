"""The quick start, run command by command: its output is what a reader gets.

`pytest tests/test_quick_start.py --update` writes what came out into the page.
"""

import re
from pathlib import Path

import pytest

from tests.test_tour import BLOCK, commands, run

PAGE = Path(__file__).parents[1] / "docs" / "quick-start.md"


@pytest.mark.slow
def test_the_quick_start_shows_what_a_reader_gets(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    page = PAGE.read_text("utf-8")
    outputs = iter(run([c for block in BLOCK.findall(page) for c in commands(block)], tmp_path))

    def shown(block: re.Match[str]) -> str:
        text = ""
        for command in commands(block[1]):
            output = re.sub(r"[ \t]+$", "", next(outputs), flags=re.MULTILINE)
            output = output.replace(str(tmp_path), "…").replace("\ufeff", "")
            text += f"$ {command}\n" + (f"{output}\n" if output else "")
        return f"```console\n{text}```"

    found = BLOCK.sub(shown, page)
    if request.config.getoption("--update"):
        PAGE.write_text(found, "utf-8")
    assert found == PAGE.read_text("utf-8")
