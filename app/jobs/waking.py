"""Letting the worker of this process know that a job waits."""

from fastapi import BackgroundTasks, Request


def get_waker(request: Request, background: BackgroundTasks) -> None:
    """Wake the worker of this process, if it has one, once the job is committed."""
    worker = getattr(request.app.state, "worker", None)
    if worker is not None:
        background.add_task(worker.wake)
