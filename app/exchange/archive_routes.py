"""The API of archives: a review out as one zip; an upload looked at, then let in, by two jobs."""

import tempfile
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import FileResponse
from pydantic import AfterValidator, Field
from starlette.background import BackgroundTask

from app.access.identity import Exporting, IdPath, SettingsDep, WholePrincipalDep
from app.access.policy import Right, require
from app.access.replay import Replayable, ReplayingRoute
from app.access.schemas import JobRead
from app.db import SessionDep, begin_reading
from app.errors import ConflictError, MediaTypeError
from app.exchange.archive.arriving import ArchiveWish
from app.exchange.archive.export import Contents, pack, write_archive
from app.exchange.archive.jobs import CHECK, IMPORT, find_upload, upload_path
from app.jobs.models import Job, JobStatus
from app.jobs.running import add_job, find_job
from app.jobs.waking import get_waker
from app.values import is_sound

router = APIRouter(prefix="/api/v1", tags=["archives"])
writing = APIRouter(
    prefix="/api/v1/archives",
    tags=["archives"],
    dependencies=[Replayable, Depends(get_waker)],
    route_class=ReplayingRoute,
)
ZIP = "application/zip"
TAKEN = {ZIP, "application/x-zip-compressed", "application/octet-stream"}


class UploadWish(ArchiveWish):
    """How the archive is to come in, and how people call the file."""

    file_name: Annotated[str, Field(max_length=200), AfterValidator(is_sound)] = "archive.zip"


@router.get(
    "/reviews/{slug}/archive",
    response_class=FileResponse,
    responses={200: {"content": {ZIP: {}}}},
)
def download_archive(
    request: Request,
    member: Exporting,
    settings: SettingsDep,
    *,
    history: Annotated[bool, Query(description="with every change, who and when")] = True,
    with_pseudonym_map: Annotated[
        bool, Query(description="with the names behind pseudonyms: editors only")
    ] = False,
) -> FileResponse:
    """Download the whole review as one zip, made aside and sent when it is whole."""
    if with_pseudonym_map:
        require(member.role, Right.NAMES)
    settings.staging_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = tempfile.TemporaryDirectory(prefix="export-", dir=settings.staging_dir)
    try:
        folder, name = Path(aside.name) / "files", f"{member.review.slug}.zip"
        folder.mkdir()
        with request.app.state.sessions() as session:
            begin_reading(session)
            contents = Contents(history=history, names=with_pseudonym_map)
            write_archive(session, member.review, folder, settings.files_dir, contents=contents)
        pack(folder, Path(aside.name) / name)
    except BaseException:
        aside.cleanup()
        raise
    return FileResponse(
        Path(aside.name) / name,
        media_type=ZIP,
        filename=name,
        background=BackgroundTask(aside.cleanup),
    )


async def get_upload(request: Request) -> bytes:
    """Read the zip, within the limit for bodies of this installation."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in TAKEN:
        raise MediaTypeError("Send the archive as it is, with Content-Type: application/zip.")
    return await request.body()


@writing.post(
    "",
    status_code=202,
    response_model=JobRead,
    openapi_extra={"requestBody": {"required": True, "content": {ZIP: {"schema": {}}}}},
)
def upload_archive(
    principal: WholePrincipalDep,
    session: SessionDep,
    settings: SettingsDep,
    content: Annotated[bytes, Depends(get_upload)],
    wish: Annotated[UploadWish, Query()],
) -> Job:
    """Upload an archive and have it checked: the job's result says what importing it would do."""
    settings.staging_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    upload = uuid4().hex
    upload_path(settings, upload).write_bytes(content)
    asked = wish.model_dump(exclude={"file_name"})
    return _ask(
        session, CHECK, principal.user.id, _asked(upload, wish.file_name, ArchiveWish(**asked))
    )


@writing.post("/{number}/import", status_code=202, response_model=JobRead)
def import_uploaded(
    number: IdPath,
    body: ArchiveWish,
    principal: WholePrincipalDep,
    session: SessionDep,
    settings: SettingsDep,
) -> Job:
    """Let in what the job of that number checked; the job's result says what became of it."""
    checked = find_job(session, principal.user.id, number)
    if checked.kind != CHECK or checked.status is not JobStatus.DONE:
        raise ConflictError("That job found no archive sound; wait for it, or read its problem.")
    upload, name = checked.wish["upload"], checked.wish["name"]
    find_upload(settings, upload)
    return _ask(session, IMPORT, principal.user.id, _asked(upload, name, body))


def _asked(upload: str, name: str, wish: ArchiveWish) -> dict[str, Any]:
    return {"upload": upload, "name": name, "wish": wish.model_dump(mode="json")}


def _ask(session: SessionDep, kind: str, user_id: int, wish: dict[str, Any]) -> Job:
    return add_job(session, kind, user_id, wish)
