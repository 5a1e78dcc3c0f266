"""The files an answer about chains can be had as."""

from collections.abc import Callable
from enum import StrEnum

from app.export.chain_figure import chain_svg
from app.export.chain_files import dot, edge_list, graphml, mermaid
from app.export.pictures import picture
from app.synthesis.chain_parts import Chains


class ChainFormat(StrEnum):
    """Kinds of file: the list of links, graphs for other programs, and the figure."""

    CSV = "csv"
    GRAPHML = "graphml"
    DOT = "dot"
    MERMAID = "mermaid"
    SVG = "svg"
    PNG = "png"
    PDF = "pdf"


MEDIA_TYPES = {
    ChainFormat.CSV: "text/csv; charset=utf-8",
    ChainFormat.GRAPHML: "application/graphml+xml",
    ChainFormat.DOT: "text/vnd.graphviz; charset=utf-8",
    ChainFormat.MERMAID: "text/vnd.mermaid; charset=utf-8",
    ChainFormat.SVG: "image/svg+xml",
    ChainFormat.PNG: "image/png",
    ChainFormat.PDF: "application/pdf",
}
_WRITERS: dict[ChainFormat, Callable[[Chains], str]] = {
    ChainFormat.GRAPHML: graphml,
    ChainFormat.DOT: dot,
    ChainFormat.MERMAID: mermaid,
}


def chain_file(answer: Chains, form: ChainFormat, start: str) -> bytes:
    """Write an answer as a file; `start` is the address of the review's pages."""
    if form is ChainFormat.CSV:
        return b"".join(edge_list(answer))
    if form in _WRITERS:
        return _WRITERS[form](answer).encode()
    svg = chain_svg(answer, lambda _, number: f"{start}/configurations/{number}")
    return picture(svg, form)
