"""PubMed's nbib and MEDLINE text: tags of up to four letters, six spaces before what goes on.

Field meanings: National Library of Medicine, "MEDLINE/PubMed Data Element (Field) Descriptions".
"""

import re
from collections.abc import Iterable, Iterator

from app.exchange.references.record import Draft
from app.exchange.references.tagged import Block, Tags, put_simple
from app.exchange.references.values import bare_doi, dated, name_of, names_of
from app.exchange.references.vocabulary import PUBMED_TYPES

TAG = re.compile(r"\ufeff?([A-Z]{2,4}) {0,2}-(?: (.*)|(\S.*)|)$", re.DOTALL)
SIMPLE = {
    "VI": "volume",
    "IP": "issue",
    "PG": "page",
    "PB": "publisher",
    "PL": "publisher-place",
    "EN": "edition",
    "TA": "container-title-short",
    "CTI": "collection-title",
    "PMC": "PMCID",
    "ISBN": "ISBN",
}


def read_nbib(lines: Iterable[str]) -> Iterator[Draft]:
    """Read lines without their ends; a blank line or another PMID begins the next record."""
    for block in _blocks(lines):
        if block.tags:
            yield _draft(block)


def _blocks(lines: Iterable[str]) -> Iterator[Block]:
    block: Block | None = None
    for number, line in enumerate(lines, start=1):
        found = TAG.match(line)
        starts = found is not None and found[1] == "PMID" and block and block.has(("PMID",))
        if block is not None and (starts or not line.strip()):
            yield block
            block = None
        if not line.strip():
            continue
        if block is None:
            block = Block(number)
        block.lines.append(line)
        if found is not None:
            block.tags.append((found[1], [found[2] or found[3] or ""]))
        elif block.tags:
            block.tags[-1][1].append(line)
    if block is not None:
        yield block


def _draft(block: Block) -> Draft:
    draft = Draft(block.line, block.raw)
    tags = Tags(block, frozenset())
    book, title = tags.take("BTI"), " ".join(tags.take("TI"))
    draft.put("title", title or " ".join(book))
    kinds = tags.peek("PT")
    known = [PUBMED_TYPES[kind] for kind in kinds if kind in PUBMED_TYPES]
    draft.fields["type"] = known[0] if known else "chapter" if title and book else "article-journal"
    draft.put("container_title", " ".join(book if title and book else tags.take("JT")))
    if "container_title" not in draft.fields:
        draft.put("container_title", tags.take_one("TA"))
    draft.put("pmid", tags.take_one("PMID"))
    draft.put("doi", _doi(tags))
    draft.put("authors", _authors(block, tags))
    draft.put_csl("editor", names_of(tags.take_first("FED", "ED")))
    year, issued = dated(tags.peek("DP"))
    draft.put("year", year)
    draft.put_csl("issued", issued)
    draft.put("abstract", "\n".join(tags.take("AB")))
    draft.put("language", tags.take_one("LA"))
    draft.put_csl("keyword", "; ".join([*tags.take("MH"), *tags.take("OT")]))
    draft.put_csl("ISSN", tags.take_one("IS"))
    put_simple(draft, tags, SIMPLE)
    draft.rest = list(tags.left())
    return draft


def _doi(tags: Tags) -> str | None:
    """Return the DOI, which stands under LID or AID among other identifiers."""
    places = tags.peek("LID", "AID", "SO")
    marked = [place for place in places if "[doi]" in place.lower() or "doi:" in place.lower()]
    for place in marked:
        doi = bare_doi(re.sub(r"\s*\[doi\].*", "", place, flags=re.IGNORECASE))
        if doi:
            return doi
    return None


def _authors(block: Block, tags: Tags) -> list[dict[str, str]]:
    """Read authors and groups in their order; a full name stands before its short form."""
    has_full = block.has(("FAU",))
    wanted = ("FAU", "CN") if has_full else ("AU", "CN")
    texts = [
        (tag, " ".join(part.strip() for part in parts if part.strip()))
        for tag, parts in block.tags
        if tag in wanted
    ]
    tags.take("FAU", "AU", "CN")
    groups = ({"literal": text} if tag == "CN" else name_of(text) for tag, text in texts if text)
    return [name for name in groups if name]
