"""Real servers in processes of their own, and what they answer and weigh."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, RemoteDisconnected

import psutil

from app.config import Settings

PATIENCE = 30.0  # seconds, for an answer
START = 180.0  # seconds, for a start while others are at work on the machine


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its process, its port, and seconds from start to the first answer."""

    process: subprocess.Popen[bytes]
    port: int
    started_in: float

    @property
    def resident(self) -> float:
        """Resident memory in MB, of the process and those it started."""
        top = psutil.Process(self.process.pid)
        family = [top, *top.children(recursive=True)]
        return sum(member.memory_info().rss for member in family) / 1e6


@dataclass(slots=True)
class Client:
    """One kept-alive connection that asks with a token, as a script would."""

    port: int
    token: str
    connection: HTTPConnection | None = None

    def get(self, path: str) -> tuple[int, bytes]:
        """Return status and body of one GET; asks again when the server hung up meanwhile."""
        try:
            return self._ask(path)
        except RemoteDisconnected:
            self.connection = None
            return self._ask(path)

    def close(self) -> None:
        """Hang up."""
        if self.connection is not None:
            self.connection.close()

    def _ask(self, path: str) -> tuple[int, bytes]:
        if self.connection is None:
            self.connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        self.connection.request("GET", path, headers={"Authorization": f"Bearer {self.token}"})
        answer = self.connection.getresponse()
        return answer.status, answer.read()


def uvicorn(target: str) -> list[str]:
    """Return the command that serves an application factory on the port to be appended."""
    return [sys.executable, "-m", "uvicorn", "--factory", target, "--no-access-log",
            "--log-level", "warning", "--port"]  # fmt: skip


@contextmanager
def serving(command: Sequence[str], settings: Settings) -> Iterator[Server]:
    """Run a server while the block runs; `command` ends where the port follows."""
    port = _free_port()
    environment = os.environ | {
        "RETRODUCE_DATA_DIR": str(settings.data_dir),
        "RETRODUCE_DATABASE_URL": settings.database_url,
        "RETRODUCE_LOG_LEVEL": settings.log_level,
        "PYTHONDONTWRITEBYTECODE": "",  # installed code is compiled once, not at each start
    }
    started = time.perf_counter()
    process = subprocess.Popen([*command, str(port)], env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait(process, port)
        yield Server(process, port, time.perf_counter() - started)
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    end = time.perf_counter() + START
    while time.perf_counter() < end and process.poll() is None:
        client = Client(port, "")
        try:
            if client.get("/healthz")[0] == 200:
                return
        except (OSError, HTTPException):
            time.sleep(0.01)
        finally:
            client.close()
    raise RuntimeError("the server did not answer /healthz")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
