"""Tables as Markdown and HTML for people to read, written row by row; knows nothing of databases.

Whatever a cell says, it stays the text of that cell: no markup, no script, no other row.
"""

import html
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from app.export.writers import CHUNK, Cell, Column, checked

_BREAK = re.compile(r"\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_PUNCTUATION = re.compile(r"([\\`*_\[\]|~$!])")
_HTTP = re.compile(r"https?://[^\x00-\x20\x7f-\xa0\u2028\u2029\\]+", re.IGNORECASE)
_NOT_IN_TARGET = str.maketrans(
    {"(": "%28", ")": "%29", "<": "%3C", ">": "%3E", "|": "%7C", "`": "%60"}
)

_STYLE = """
:root { color-scheme: light dark; }
body { margin: 2rem; font: 0.875rem/1.45 system-ui, -apple-system, "Segoe UI", sans-serif; }
table { border-collapse: collapse; }
caption { text-align: start; padding-bottom: 1rem; }
caption p { margin: 0 0 0.25rem; max-width: 44rem; }
caption p:first-child { font-size: 1.25rem; font-weight: 650; }
th, td { padding: 0.35rem 0.75rem; text-align: start; vertical-align: top; }
td { border-top: 1px solid #bbb; white-space: pre-line; min-width: 4rem; }
td { overflow-wrap: break-word; unicode-bidi: isolate; }
th { border-bottom: 2px solid; vertical-align: bottom; }
.said { font-family: Charter, "Bitstream Charter", Cambria, Georgia, serif; min-width: 14rem; }
.number { font-variant-numeric: tabular-nums; }
@media print {
  body { margin: 0; font-size: 8pt; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
  td, .said { min-width: 0; }
  a { color: inherit; text-decoration: none; }
}
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def write_markdown(
    columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, title: str, notes: Sequence[str]
) -> Iterator[bytes]:
    """Yield a pipe table (GitHub Flavored Markdown, section 4.10) below title and notes.

    UTF-8 in chunks of about 64 kB. Line breaks of a cell are `<br>`; what Markdown or HTML would
    read as markup is escaped; only links to http and https are links.
    """
    head = [f"# {_marked(title)}", "", *(f"{_marked(note)}  " for note in notes), ""]
    names = " | ".join(_marked(column.title) for column in columns)
    head += [f"| {names} |", f"|{' --- |' * len(columns)}"]
    yield from _in_chunks(
        "\n".join(head) + "\n",
        (f"| {' | '.join(cells)} |\n" for cells in _cells(columns, rows, _markdown_cell)),
        "",
    )


def write_html(
    columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, title: str, notes: Sequence[str]
) -> Iterator[bytes]:
    """Yield one whole HTML document with one table, its caption made of title and notes.

    UTF-8 in chunks of about 64 kB. It has no script and asks nobody for anything, which its own
    content security policy says too. Words of sources are set in serif, ours in sans.
    """
    said = "".join(f"<p>{html.escape(line)}</p>" for line in (title, *notes))
    headings = "".join(f'<th scope="col">{html.escape(c.title)}</th>' for c in columns)
    head = (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{html.escape(_POLICY)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<table>\n<caption>{said}</caption>\n<thead><tr>{headings}</tr></thead>\n<tbody>\n"
    )
    yield from _in_chunks(
        head,
        (f"<tr>{''.join(cells)}</tr>\n" for cells in _cells(columns, rows, _html_cell)),
        "</tbody>\n</table>\n</body>\n</html>\n",
    )


def _cells(
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    write: Callable[[Column, Cell], str],
) -> Iterator[list[str]]:
    for row in checked(columns, rows):
        yield [write(column, cell) for column, cell in zip(columns, row, strict=True)]


def _in_chunks(head: str, lines: Iterable[str], tail: str) -> Iterator[bytes]:
    waiting, size = [head], len(head)
    for line in lines:
        waiting.append(line)
        size += len(line)
        if size >= CHUNK:
            yield "".join(waiting).encode()
            waiting, size = [], 0
    yield "".join([*waiting, tail]).encode()


def _text(cell: Cell) -> str:
    """Write a cell as people read it: truth as yes or no, nothing as nothing."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, date):
        return cell.isoformat()
    return _CONTROL.sub("\ufffd", _BREAK.sub("\n", str(cell)))


def _target(column: Column, cell: Cell) -> str | None:
    """Return where a cell of a link column leads, where following it is safe."""
    is_safe = column.is_link and isinstance(cell, str) and _HTTP.fullmatch(cell)
    return cell if is_safe and isinstance(cell, str) else None


def _name(url: str) -> str:
    """Name a link by the end of its path: `quotes/5`."""
    return "/".join(url.rstrip("/").split("/")[-2:])


def _marked(text: str) -> str:
    """Escape text for a line of Markdown; HTML's own characters become references."""
    escaped = _PUNCTUATION.sub(r"\\\1", html.escape(_text(text), quote=False))
    return escaped.replace("\n", "<br>").replace("\t", " ")


def _markdown_cell(column: Column, cell: Cell) -> str:
    url = _target(column, cell)
    if url is None:
        return _marked(_text(cell))
    return f"[{_marked(_name(url))}](<{url.translate(_NOT_IN_TARGET)}>)"


def _html_cell(column: Column, cell: Cell) -> str:
    url = _target(column, cell)
    if url is not None:
        shown = html.escape(_name(url))
        return f'<td><a rel="noopener noreferrer" href="{html.escape(url)}">{shown}</a></td>'
    kind = ' class="said"' if column.is_verbatim else ""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        kind = ' class="number"'
    return f'<td{kind} dir="auto">{html.escape(_text(cell))}</td>'
