"""The API of downloads: streamed, each from a read session of its own."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse, Response, StreamingResponse
from starlette.background import BackgroundTask

from app.access.identity import Exporting, SettingsDep
from app.access.models import Review
from app.db import SessionDep, Sessions, begin_reading
from app.export.chain_formats import MEDIA_TYPES, ChainFormat, chain_file
from app.export.evidence_table import EvidenceTableWish, chosen_columns, evidence_rows, notes
from app.export.writers import Cell, write_csv, write_json, write_xlsx
from app.synthesis.chains import ChainWish, chains

router = APIRouter(prefix="/api/v1/reviews/{slug}", tags=["downloads"])

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class EvidenceDownload(EvidenceTableWish):
    """Which evidence table is wanted, and as what kind of file."""

    format: Literal["csv", "xlsx", "json"] = "csv"


@router.get(
    "/evidence-table",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/csv": {}, "application/json": {}, XLSX: {}}}},
)
def download_evidence_table(
    request: Request,
    member: Exporting,
    settings: SettingsDep,
    wish: Annotated[EvidenceDownload, Query()],
) -> Response:
    """Download the evidence table, one row per piece of evidence or per configuration."""
    columns = chosen_columns(wish)
    base = settings.link_base or str(request.base_url).rstrip("/")
    rows = _rows(request.app.state.sessions, member.review, wish, base)
    name = f"{member.review.slug}-evidence.{wish.format}"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    if wish.format == "csv":
        return StreamingResponse(
            write_csv(columns, rows), media_type="text/csv; charset=utf-8", headers=disposition
        )
    if wish.format == "json":
        return StreamingResponse(
            write_json(columns, rows), media_type="application/json", headers=disposition
        )
    folder = tempfile.TemporaryDirectory(prefix="retroduce-")
    path = Path(folder.name) / name
    write_xlsx(columns, rows, path, title=member.review.title, notes=notes(member.review, wish))
    return FileResponse(
        path, media_type=XLSX, filename=name, background=BackgroundTask(folder.cleanup)
    )


def _rows(
    sessions: Sessions, review: Review, wish: EvidenceTableWish, base: str
) -> Iterator[list[Cell]]:
    with sessions() as session:
        begin_reading(session)
        yield from evidence_rows(session, review, wish, base)


class ChainDownload(ChainWish):
    """Which chains are wanted, and as what kind of file."""

    format: ChainFormat = ChainFormat.SVG


@router.get(
    "/chains/file",
    response_class=Response,
    responses={200: {"content": {kind.partition(";")[0]: {} for kind in MEDIA_TYPES.values()}}},
)
def download_chains(
    request: Request,
    member: Exporting,
    session: SessionDep,
    settings: SettingsDep,
    wish: Annotated[ChainDownload, Query()],
) -> Response:
    """Download chains as a list of links, a graph for other programs, or a figure."""
    base = settings.link_base or str(request.base_url).rstrip("/")
    answer = chains(session, member.review, wish, base)
    name = f"{member.review.slug}-chains.{wish.format}"
    return Response(
        chain_file(answer, wish.format, f"{base}/reviews/{member.review.slug}"),
        media_type=MEDIA_TYPES[wish.format],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
