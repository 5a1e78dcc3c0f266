"""The files a flow can be had as; pictures are made of the same drawing."""

from codecs import BOM_UTF8
from enum import StrEnum

from app.export.flow_figure import flow_svg
from app.export.flow_table import flow_csv
from app.export.pictures import picture
from app.synthesis.flow_parts import Flow


class FlowFormat(StrEnum):
    """Kinds of file: the figure, as a drawing, a picture or a page, and the published table."""

    SVG = "svg"
    PNG = "png"
    PDF = "pdf"
    CSV = "csv"


MEDIA_TYPES = {
    FlowFormat.SVG: "image/svg+xml",
    FlowFormat.PNG: "image/png",
    FlowFormat.PDF: "application/pdf",
    FlowFormat.CSV: "text/csv; charset=utf-8",
}


def flow_file(flow: Flow, form: FlowFormat) -> bytes:
    """Write a flow as a file."""
    if form is FlowFormat.CSV:
        return b"".join(flow_csv(flow)).removeprefix(BOM_UTF8)  # as published: without
    return picture(flow_svg(flow), form)
