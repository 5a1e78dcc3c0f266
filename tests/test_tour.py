"""The tour of the README, run command by command: its output is what a reader gets.

`pytest tests/test_tour.py --update` writes what came out into the README.
"""

import os
import re
import shlex
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
MARK = "----end-of-command----"
PORT = "8765"


def commands(block: str) -> list[str]:
    """Return the commands of a block; one goes on after a backslash or inside a quoted body."""
    found: list[str] = []
    for line in block.splitlines():
        is_open = bool(found) and (found[-1].endswith("\\") or found[-1].count("'") % 2 == 1)
        if is_open:
            found[-1] += "\n" + line
        elif line.startswith("$ "):
            found.append(line[2:])
    return found


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def run(all_commands: list[str], folder: Path) -> list[str]:
    port = free_port()
    script = ["set -u", f"cd {shlex.quote(str(folder))}"]
    for command in all_commands:
        script += [command.replace(PORT, port), f"echo; echo {MARK}"]
    bin_dir = str(Path(sys.executable).parent)
    result = subprocess.run(
        ["bash", "-c", "\n".join(script)],
        capture_output=True,
        text=True,
        timeout=900,  # a machine may be shared by many
        check=False,
        env={
            "HOME": str(folder),
            "PATH": f"{bin_dir}:{os.environ['PATH']}",
            "COLUMNS": "100",
            "RETRODUCE_LOG_LEVEL": "CRITICAL",
            "LANG": "C.UTF-8",
        },
    )
    outputs = result.stdout.split(f"\n{MARK}\n")[:-1]
    assert len(outputs) == len(all_commands), result.stdout + result.stderr
    return [text.replace(port, PORT).strip("\n") for text in outputs]


@pytest.mark.slow
def test_the_tour_shows_what_a_reader_gets(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    readme = README.read_text("utf-8")
    blocks = BLOCK.findall(readme)
    every = [command for block in blocks for command in commands(block)]
    outputs = iter(run(every, tmp_path))
    for block in blocks:
        shown = ""
        for command in commands(block):
            output = re.sub(r"[ \t]+$", "", next(outputs), flags=re.MULTILINE)
            output = output.replace(str(tmp_path), "…")
            shown += f"$ {command}\n" + (f"{output}\n" if output else "")
        readme = readme.replace(f"```console\n{block}```", f"```console\n{shown}```", 1)
    if request.config.getoption("--update"):
        README.write_text(readme, "utf-8")
    assert readme == README.read_text("utf-8")
