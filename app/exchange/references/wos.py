"""Web of Science field-tagged files (.ciw, "plain text"): two letters, three spaces to go on."""

import re
from collections.abc import Iterable, Iterator

from app.exchange.references.record import Draft
from app.exchange.references.tagged import Block, Tags, put_simple
from app.exchange.references.values import bare_doi, dated, names_of, page_range
from app.exchange.references.vocabulary import WOS_TYPES

TAG = re.compile(r"\ufeff?([A-Z][A-Z0-9])(?: (.*)|)$", re.DOTALL)
OUTSIDE = {"FN", "VR", "ER", "EF"}
A_LINE_EACH = {"AU", "AF", "BA", "BF", "BE", "ED", "CA", "C1", "CR"}
"""Tags whose further lines are further values; in all others they go on with the text."""
SIMPLE = {
    "VL": "volume",
    "IS": "issue",
    "PU": "publisher",
    "PI": "publisher-place",
    "SN": "ISSN",
    "BN": "ISBN",
    "SE": "collection-title",
    "J9": "container-title-short",
    "CT": "event-title",
    "AR": "number",
}


def read_wos(lines: Iterable[str]) -> Iterator[Draft]:
    """Read lines without their ends; a record runs from PT to ER."""
    block: Block | None = None
    for number, line in enumerate(lines, start=1):
        found = TAG.match(line)
        tag = found[1] if found else ""
        if block is not None and tag in {"PT", "ER", "EF"}:
            block.is_ended = tag == "ER"
            block.lines.extend([line] * block.is_ended)
            yield _draft(block)
            block = None
        if found is not None and tag not in OUTSIDE:
            block = block or Block(number)
            block.tags.append((tag, [found[2] or ""]))
        if block is not None:
            block.lines.append(line)
            if found is None and line.strip():
                _go_on(block, line)
    if block is not None:
        yield _draft(block)


def _go_on(block: Block, line: str) -> None:
    tag, parts = block.tags[-1]
    if tag in A_LINE_EACH:
        block.tags.append((tag, [line]))
    else:
        parts.append(line)


def _draft(block: Block) -> Draft:
    draft = Draft(block.line, block.raw)
    if not block.is_ended:
        draft.remarks.append("it has no ER line; it was read up to the next record")
    tags = Tags(block, frozenset())
    kind = "".join(tags.take("PT")[:1])
    draft.fields["type"] = WOS_TYPES.get(kind, "document")
    draft.put("title", " ".join(tags.take("TI")))
    draft.put("container_title", tags.take_one("SO"))
    authors = tags.take("AF", "BF") if tags.peek("AF", "BF") else tags.take("AU", "BA")
    draft.put("authors", names_of(authors) + [{"literal": body} for body in tags.take("CA")])
    draft.put_csl("editor", names_of(tags.take_first("BE", "ED")))
    doi = tags.take_one("DI", "D2")
    draft.put("doi", bare_doi(doi) if doi else None)
    draft.put("pmid", tags.take_one("PM"))
    _put_date(draft, tags)
    draft.put("abstract", " ".join(tags.take("AB")))
    draft.put("language", tags.take_one("LA"))
    words = [word.strip() for text in tags.take("DE", "ID") for word in text.split(";")]
    draft.put_csl("keyword", "; ".join(word for word in words if word))
    first, last = "".join(tags.take("BP")[:1]), "".join(tags.take("EP")[:1])
    draft.put_csl("page", page_range(first, last))
    put_simple(draft, tags, SIMPLE)
    draft.rest = list(tags.left())
    return draft


def _put_date(draft: Draft, tags: Tags) -> None:
    """Read PY and PD; PD is `MAR 2`, `JAN` or a season, without the year."""
    years = tags.take("PY")
    day = tags.peek("PD")
    whole = [f"{years[0]} {day[0]}"] if years and day else []
    year, issued = dated([*whole, *years] or tags.peek("EA"))
    draft.put("year", year)
    draft.put_csl("issued", issued)
