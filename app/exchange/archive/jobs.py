"""The two jobs of an import over HTTP: checking what was uploaded, and letting it in.

The upload stays in the staging folder until it was let in, or for a day; a job that failed or was
interrupted can be asked for again as long as it is there.
"""

import shutil
from datetime import timedelta
from pathlib import Path

from app.access.models import UserAccount
from app.config import Settings
from app.db import begin_reading, begin_writing, now
from app.errors import NotFoundError, UnauthenticatedError
from app.exchange.archive.arriving import ArchiveWish, find_own, let_in, preview, staging
from app.exchange.archive.importing import keep_files
from app.jobs.running import KINDS, Task

CHECK, IMPORT = "archive_check", "archive_import"
KEPT = timedelta(days=1)


def upload_path(settings: Settings, name: str) -> Path:
    """Return where an upload lies, by the random name it was given."""
    return settings.staging_dir / f"{name}.zip"


def find_upload(settings: Settings, name: str) -> Path:
    """Return an upload, or say that it is gone."""
    path = upload_path(settings, name)
    if not path.is_file():
        raise NotFoundError("The upload is gone: it was imported, or is too old. Upload it again.")
    return path


def clear_staging(settings: Settings) -> None:
    """Remove what earlier runs left: folders of jobs that ended, uploads older than a day."""
    oldest = (now() - KEPT).timestamp()
    for path in settings.staging_dir.glob("*"):
        if path.stat().st_mtime < oldest:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def check_archive(task: Task) -> None:
    """Check an uploaded archive and say what its import would do."""
    wish = ArchiveWish.model_validate(task.wish["wish"])
    with staging(
        find_upload(task.settings, task.wish["upload"]), task.settings, task.tell
    ) as staged:
        staged.name = task.wish["name"]
        with task.sessions() as session:
            begin_reading(session)
            user = session.get_one(UserAccount, task.user_id)
            outcome = preview(session, staged, user, wish)
    with task.sessions() as session:
        begin_writing(session)
        task.finish(session, outcome.result())
        session.commit()


def take_archive(task: Task) -> None:
    """Check an uploaded archive again and let it in; the job ends in the same transaction."""
    wish = ArchiveWish.model_validate(task.wish["wish"])
    upload = find_upload(task.settings, task.wish["upload"])
    with staging(upload, task.settings, task.tell) as staged:
        staged.name = task.wish["name"]
        keep_files(staged, task.settings.files_dir)
        task.tell("writing", 0, None)
        with task.sessions() as session:
            begin_writing(session)
            user = session.get_one(UserAccount, task.user_id)
            if not user.is_active:
                raise UnauthenticatedError("Whoever asked for this can no longer sign in.")
            outcome = let_in(session, staged, user, wish)
            review = find_own(session, outcome.slug)
            task.finish(session, outcome.result(), review.id)
            session.commit()
    upload.unlink(missing_ok=True)


KINDS |= {CHECK: check_archive, IMPORT: take_archive}
