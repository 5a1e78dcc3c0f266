"""The thread of a server that does its jobs, one after the other, and the beat of its heart."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from uuid import uuid4

import structlog
from sqlalchemy.exc import DBAPIError

from app.config import Settings
from app.db import Sessions
from app.jobs.running import Task, claim_job, mark_interrupted, run

log = structlog.get_logger()
LOOKS_EVERY = 1.0
"""Seconds between looks for a job that waits."""
BEATS_EVERY = 10.0


class Worker:
    """Takes up jobs until it is stopped; what runs then is finished first."""

    def __init__(self, sessions: Sessions, settings: Settings) -> None:
        self.sessions = sessions
        self.settings = settings
        self.owner = f"{socket.gethostname()[:40]}:{os.getpid()}:{uuid4().hex[:8]}"
        self._asked, self._stopping = Event(), Event()
        self._thread = Thread(target=self._work, name="jobs", daemon=True)

    def start(self) -> None:
        """Begin to look for jobs."""
        self._thread.start()

    def wake(self) -> None:
        """Look at once: a job was asked for."""
        self._asked.set()

    def stop(self) -> None:
        """End after the job that runs."""
        self._stopping.set()
        self._asked.set()
        if self._thread.is_alive():
            self._thread.join()

    def _work(self) -> None:
        while not self._stopping.is_set():
            try:
                busy = self.work_once()
            except Exception:  # the thread outlives any one job
                log.exception("a job failed")
                busy = False
            if not busy:
                self._asked.wait(LOOKS_EVERY)
                self._asked.clear()

    def work_once(self) -> bool:
        """Mark what was interrupted, then do one job if one waits; say whether one did."""
        mark_interrupted(self.sessions)
        task = claim_job(self.sessions, self.settings, self.owner)
        if task is None:
            return False
        with beating(task):
            run(task)
        return True


@contextmanager
def beating(task: Task) -> Iterator[None]:
    """Let the heart of a job beat while it runs."""
    over = Event()

    def beat() -> None:
        while not over.wait(BEATS_EVERY):
            try:
                task.beat()
            except DBAPIError:  # locked by the job's own writing, which proves it lives
                log.info("no heartbeat could be written", job=task.id)

    heart = Thread(target=beat, name="heartbeat", daemon=True)
    heart.start()
    try:
        yield
    finally:
        over.set()
        heart.join()
