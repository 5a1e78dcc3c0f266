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
from app.db import Schema, SessionDep, Sessions, begin_reading
from app.export.chain_formats import MEDIA_TYPES, ChainFormat, chain_file
from app.export.evidence_table import EvidenceTableWish, evidence_rows, notes, table_columns
from app.export.flow_formats import MEDIA_TYPES as FLOW_TYPES
from app.export.flow_formats import FlowFormat, flow_file
from app.export.formats import streamed
from app.export.matrix_formats import MEDIA_TYPES as MATRIX_TYPES
from app.export.matrix_formats import MatrixFormat, matrix_file
from app.export.writers import Cell, write_xlsx
from app.synthesis.chains import ChainWish, chains
from app.synthesis.flow import flow
from app.synthesis.matrix import MatrixWish, matrix

router = APIRouter(prefix="/api/v1/reviews/{slug}", tags=["downloads"])

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = ("text/csv", "application/json", "text/markdown", "text/html", XLSX)


class EvidenceDownload(EvidenceTableWish):
    """Which evidence table is wanted, and as what kind of file."""

    format: Literal["csv", "xlsx", "json", "md", "html"] = "csv"


@router.get(
    "/evidence-table",
    response_class=StreamingResponse,
    responses={200: {"content": {kind: {} for kind in KINDS}}},
)
def download_evidence_table(
    request: Request,
    member: Exporting,
    session: SessionDep,
    settings: SettingsDep,
    wish: Annotated[EvidenceDownload, Query()],
) -> Response:
    """Download the evidence table, one row per piece of evidence or per configuration."""
    columns = table_columns(session, member.review_id, wish)
    base = settings.link_base or str(request.base_url).rstrip("/")
    rows = _rows(request.app.state.sessions, member.review, wish, base)
    name = f"{member.review.slug}-evidence.{wish.format}"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    about = notes(member.review, wish)
    kind = streamed(member.review.title, about).get(wish.format)
    if kind is not None:
        body = kind.write(columns, rows)
        return StreamingResponse(body, media_type=kind.media_type, headers=disposition)
    folder = tempfile.TemporaryDirectory(prefix="retroduce-")
    path = Path(folder.name) / name
    write_xlsx(columns, rows, path, title=member.review.title, notes=about)
    return FileResponse(
        path, media_type=XLSX, filename=name, background=BackgroundTask(folder.cleanup)
    )


def _rows(
    sessions: Sessions, review: Review, wish: EvidenceTableWish, base: str
) -> Iterator[list[Cell]]:
    with sessions() as session:
        begin_reading(session)
        yield from evidence_rows(session, review, wish, base)


class MatrixDownload(MatrixWish):
    """Which matrix is wanted, and as what kind of file."""

    format: MatrixFormat = MatrixFormat.SVG


@router.get(
    "/matrix/file",
    response_class=Response,
    responses={200: {"content": {kind.partition(";")[0]: {} for kind in MATRIX_TYPES.values()}}},
)
def download_matrix(
    request: Request,
    member: Exporting,
    session: SessionDep,
    settings: SettingsDep,
    wish: Annotated[MatrixDownload, Query()],
) -> Response:
    """Download a matrix as a figure, or as a table with a row per cell."""
    base = settings.link_base or str(request.base_url).rstrip("/")
    answer = matrix(session, member.review, wish, base)
    name = f"{member.review.slug}-matrix.{wish.format}"
    return Response(
        matrix_file(answer, wish, wish.format, member.review.title),
        media_type=MATRIX_TYPES[wish.format],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


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


class FlowDownload(Schema):
    """As what kind of file the flow is wanted."""

    format: FlowFormat = FlowFormat.SVG


@router.get(
    "/flow/file",
    response_class=Response,
    responses={200: {"content": {kind.partition(";")[0]: {} for kind in FLOW_TYPES.values()}}},
)
def download_flow(
    member: Exporting, session: SessionDep, wish: Annotated[FlowDownload, Query()]
) -> Response:
    """Download the flow as a diagram, or as the published table of its numbers."""
    name = f"{member.review.slug}-flow.{wish.format}"
    return Response(
        flow_file(flow(session, member.review), wish.format),
        media_type=FLOW_TYPES[wish.format],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
