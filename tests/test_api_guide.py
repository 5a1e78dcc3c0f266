"""The API guide, run from top to bottom against a real server: its assertions are the test."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.conftest import cheap_settings

ROOT = Path(__file__).parents[1]
GUIDE = ROOT / "docs" / "api-guide.md"
BLOCK = re.compile(r"^```(python|bash)\n(.*?)^```", re.MULTILINE | re.DOTALL)
COMMAND = [sys.executable, "-c", "from app.cli import main; main()"]


def environment(folder: Path) -> dict[str, str]:
    settings = cheap_settings(folder)
    own = {"data_dir": str(folder), "log_level": "CRITICAL"}
    cheap = {name: str(getattr(settings, name)) for name in ("password_memory_kib",)}
    given = {f"RETRODUCE_{name.upper()}": value for name, value in (own | cheap).items()}
    return {**os.environ, **given, "PYTHONPATH": str(ROOT)}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str) -> None:
    for _ in range(300):
        try:
            with urlopen(url):
                return
        except URLError:
            time.sleep(0.1)
    pytest.fail(f"nothing answered at {url}")


@pytest.fixture
def base_and_token(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """What the guide asks for before its first request: a server, and a token that may write."""
    env = environment(tmp_path)
    subprocess.run([*COMMAND, "init-db"], env=env, check=True, capture_output=True)
    made = subprocess.run(
        [*COMMAND, "token", "create", "guide", "--write"],
        env=env,
        check=True,
        capture_output=True,
        text=True,
    )
    port = free_port()
    with subprocess.Popen([*COMMAND, "serve", "--port", str(port)], env=env) as server:
        try:
            wait_for(f"http://127.0.0.1:{port}/readyz")
            yield f"http://127.0.0.1:{port}", made.stdout.strip()
        finally:
            server.terminate()


def blocks() -> Iterator[tuple[str, str]]:
    """The examples in their order; lines are numbered as in the guide, for error messages."""
    text = GUIDE.read_text("utf-8")
    for found in BLOCK.finditer(text):
        yield found[1], "\n" * text.count("\n", 0, found.start(2)) + found[2]


@pytest.mark.slow
def test_every_example_works(
    base_and_token: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BASE", base_and_token[0])
    monkeypatch.setenv("TOKEN", base_and_token[1])
    namespace: dict[str, Any] = {}
    ran = {"python": 0, "bash": 0}
    for language, code in blocks():
        ran[language] += 1
        if language == "python":
            exec(compile(code, str(GUIDE), "exec"), namespace)
            continue
        result = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", code],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, code.strip() + result.stdout + result.stderr
    assert min(ran.values()) > 5
