"""Letting the worker of a server know that a job was asked for."""

from fastapi import BackgroundTasks, Request


def get_waker(request: Request, background: BackgroundTasks) -> None:
    """Wake the worker of this process, if it has one, once the job is committed."""
    worker = getattr(request.app.state, "worker", None)
    if worker is not None:
        background.add_task(worker.wake)
