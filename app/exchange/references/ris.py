"""RIS, as tools write it and not only as it is specified (Research Information Systems, 2001/2011).

A record runs from TY to ER. Where ER is missing it ends at the next TY; where TY is missing it
begins at the first tag after ER. An ER with words after it ends a record only when the next record,
or nothing, follows: in the middle of an abstract it is text.
"""

import re
from collections.abc import Iterable, Iterator

from app.exchange.references.record import Draft, put_rest
from app.exchange.references.tagged import Block, Tags, put_simple
from app.exchange.references.values import (
    bare_doi,
    date_parts,
    dated,
    find_pmid,
    is_isbn,
    marked_doi,
    month_number,
    names_of,
    page_range,
)
from app.exchange.references.vocabulary import RIS_TYPES

TAG = re.compile(r"\ufeff?([A-Z][A-Z0-9])  -(?: (.*)|)$", re.DOTALL)
LOOSE_TAG = re.compile(r"\ufeff?([A-Z][A-Z0-9]) {0,3}-(?: (.*)|)$", re.DOTALL)
"""For the rare file whose TY line has fewer or more spaces; in others it would see tags in text."""
SMALL_TAG = re.compile(r"\ufeff?([A-Z][A-Z0-9])  -(?: (.*)|)$", re.DOTALL | re.IGNORECASE)
"""For a record that begins with `ty`, a type known behind it."""
TITLES = ("TI", "T1", "CT")
AUTHORS = ("AU", "A1")
_CAPITAL = r"[^\W\d_a-z][\w.'\u2019-]*"
_PARTICLE = "(?:van|von|der|den|de|da|dos|di|du|la|le|ten|ter|el|al)"
_PERSON = re.compile(
    rf"(?:{_PARTICLE} )*{_CAPITAL}(?: {_CAPITAL}){{0,2}}, {_CAPITAL}(?: {_CAPITAL}){{0,3}}"
)
"""`Family, Given` and no more."""
IN_LINES = frozenset({"AB", "N2", "N1", "RN"})
LINE_EACH = frozenset({"KW", "UR", "SN", "DB", "AD", "C1", "L1", "L2", "L3", "L4"})
"""Tags whose further lines are further values, unless indented: EndNote writes keywords so."""
GLUED = re.compile(r"(ER {0,3}- {0,3})(\ufeff?TY {0,3}- {1,3}[A-Z].*)", re.DOTALL)
"""The end of a file and the beginning of another, joined where the last line had no end."""
SIMPLE = {
    "VL": "volume",
    "IS": "issue",
    "CP": "issue",
    "PB": "publisher",
    "PU": "publisher",
    "CY": "publisher-place",
    "PP": "publisher-place",
    "PI": "publisher-place",
    "ET": "edition",
    "T3": "collection-title",
    "ST": "title-short",
    "DB": "source",
    "CN": "call-number",
    "M3": "genre",
    "SE": "section",
    "C7": "number",
}
REST = "XR"
"""Our own tag: what of a source no other tag could carry, as JSON."""
_PLAIN_DATE = re.compile(r"[\d/ -]+")
_PMCID = re.compile(r"PMC\d{1,9}")
_CITE_KEY = re.compile(r"[^\W\d_][^\s,{}]{0,99}")


def read_ris(lines: Iterable[str]) -> Iterator[Draft]:
    """Read lines without their ends; a draft for every record, in order."""
    held: Block | None = None
    for block in _blocks(lines):
        if held is not None and _goes_on(held, block):
            held = _joined(held, block)
            continue
        if held is not None:
            yield _draft(held)
        held = block
    if held is not None:
        yield _draft(held)


class _Splitter:
    """Cuts lines into blocks, one record each."""

    def __init__(self) -> None:
        self.block: Block | None = None
        self.doubtful = False  # the last tag was an ER with words after it
        self.pattern = self.usual = TAG

    def take(self, number: int, line: str) -> Block | None:
        """Take one line; return the block it ends, if it ends one."""
        found = self._begin(line) or self.pattern.match(line)
        if found is None:
            self._text(line)
            return None
        done: Block | None = None
        tag, value = found[1].upper(), found[2] or ""
        if tag == "TY":
            done = self.end(is_ended=self.doubtful)
        elif self.doubtful:
            self._is_text()
        if self.block is None:
            if tag == "ER":
                return done
            self.block = Block(number)
        self.block.lines.append(line)
        if tag == "ER" and not value.strip():
            return self.end(is_ended=True)
        self.doubtful = tag == "ER"
        self.block.tags.append((tag, [value]))
        return done

    def _begin(self, line: str) -> re.Match[str] | None:
        """Match a line that begins a record; as its tag is written, so are those that follow."""
        start = line.lstrip("\ufeff")[:2]
        if start == "TY":
            found = self.usual.match(line)
            if found is None and (found := LOOSE_TAG.match(line)):
                self.usual = LOOSE_TAG
            self.pattern = self.usual if found else self.pattern
            return found
        found = SMALL_TAG.match(line) if start == "ty" else None
        if found is None or (found[2] or "").strip().upper() not in RIS_TYPES:
            return None
        self.pattern = SMALL_TAG
        return found

    def end(self, *, is_ended: bool) -> Block | None:
        """Return the block so far."""
        done = self.block
        if done is not None:
            if self.doubtful:
                done.tags.pop()
            done.is_ended = is_ended
        self.block, self.doubtful = None, False
        return done

    def _text(self, line: str) -> None:
        if self.block is None:
            return
        self.block.lines.append(line)
        if self.doubtful:
            if not line.strip():
                return
            self._is_text()
        self.block.tags[-1][1].append(line)

    def _is_text(self) -> None:
        """Take back that the last tag was an end: its line belongs to the text before it."""
        self.doubtful = False
        if self.block is not None and len(self.block.tags) > 1:
            tag, parts = self.block.tags.pop()
            self.block.tags[-1][1].extend([f"{tag}  - {parts[0]}", *parts[1:]])


def _blocks(lines: Iterable[str]) -> Iterator[Block]:
    splitter = _Splitter()
    for number, line in enumerate(lines, start=1):
        glued = GLUED.match(line) if line.startswith("ER") else None
        for part in (glued[1].rstrip(), glued[2]) if glued else (line,):
            done = splitter.take(number, part)
            if done is not None:
                yield done
    last = splitter.end(is_ended=splitter.doubtful)
    if last is not None:
        yield last


def _goes_on(held: Block, block: Block) -> bool:
    """Say whether a TY line only repeats the one before, within one record.

    That is so when no ER came between, and one of both parts has nothing that makes a record.
    """
    if held.is_ended or not block.tags or block.tags[0][0] != "TY":
        return False
    is_bare = all(tag == "TY" for tag, _ in held.tags)
    return is_bare or not block.has((*TITLES, *AUTHORS, "BT"))


def _joined(held: Block, block: Block) -> Block:
    lines, tags = held.lines + block.lines, held.tags + block.tags
    return Block(held.line, lines, tags, block.is_ended)


def _draft(block: Block) -> Draft:
    draft = Draft(block.line, block.raw)
    block.tags = list(_parted(block.tags))
    tags = Tags(block, IN_LINES)
    if not block.is_ended:
        draft.remarks.append("it has no ER line; it was read up to the next record")
    _put_type(draft, tags)
    _put_numbers(draft, tags)
    _put_titles(draft, tags)
    draft.put("authors", names_of(_people(draft, tags.take(*AUTHORS))))
    editors = tags.take("ED") + (
        tags.take("A2") if draft.fields["type"] != "article-journal" else []
    )
    draft.put_csl("editor", names_of(_people(draft, editors)))
    _put_dates(draft, tags)
    _put_texts(draft, tags)
    _put_serial(draft, tags)
    put_simple(draft, tags, SIMPLE)
    own = tags.take(REST)
    draft.rest += tags.left()
    draft.rest += [[REST, text] for text in own if not put_rest(draft, text)]
    return draft


def _people(draft: Draft, texts: Iterable[str]) -> Iterator[str]:
    """Part people whom a tool wrote into one line, `Smith, J and Doe, A`; bodies stay whole."""
    for text in texts:
        parts = text.split(" and ")
        if len(parts) == 1 or not all(map(_PERSON.fullmatch, parts)):
            yield text
            continue
        draft.remarks.append(f"{text[:80]}: read as {len(parts)} people")
        yield from parts


def _parted(tags: Iterable[tuple[str, list[str]]]) -> Iterator[tuple[str, list[str]]]:
    """Make a value of each line of the tags that have one a line."""
    for tag, parts in tags:
        if len(parts) == 1 or tag not in LINE_EACH:
            yield tag, parts
            continue
        held: list[str] = []
        for part in parts:
            if held and not part[:1].isspace():
                yield tag, held
                held = []
            held.append(part)
        yield tag, held


def _put_type(draft: Draft, tags: Tags) -> None:
    names = tags.take("TY")
    if not names:
        draft.remarks.append("it has no TY line; taken as a document")
    known = [name for name in names if name.upper() in RIS_TYPES]
    draft.fields["type"] = RIS_TYPES[known[-1].upper()] if known else "document"
    if len(names) > 1:
        draft.remarks.append(f"it has {len(names)} TY lines; the last that is known counts")
    if names and (not known or len(names) > 1):
        draft.rest.extend(["TY", name] for name in names)


def _put_titles(draft: Draft, tags: Tags) -> None:
    present = sorted((tag for tag in TITLES if tags.peek(tag)), key=TITLES.index)
    titles = tags.take_first(*present) or tags.take_first("BT")
    draft.put("title", " ".join(titles))
    if len(titles) > 1:
        draft.remarks.append(f"it has {len(titles)} titles; they were joined")
    kind = draft.fields["type"]
    container = tags.take_one("JF", "BT", "T2", "JO", "JA", "J2", "J1", "JI", "J9")
    if kind == "book" and container and not tags.peek("T3"):
        draft.put_csl("collection-title", container)
    else:
        draft.put("container_title", container)
    draft.put_csl("container-title-short", tags.take_one("JA", "J2", "JI", "J9", "J1", "JO"))


def _put_numbers(draft: Draft, tags: Tags) -> None:
    given = tags.take_one("DO", "DI")
    doi = bare_doi(given) if given else marked_doi(tags.peek("M3", "UR", "L3", "N1", "ID", "AN"))
    draft.put("doi", doi)
    if given and not doi:
        draft.remarks.append(f"{given[:80]} in DO is no DOI")
        draft.rest.append(["DO", given])
    if doi and doi in tags.peek("M3"):
        tags.drop(doi, "M3")
    draft.put("pmid", find_pmid(tags.peek("U1", "C3", "AN", "N1", "ID")) or _accession(tags))
    if draft.fields.get("pmid"):
        tags.drop(f"{draft.fields['pmid']}[pmid]", "U1")
    if len(number := tags.peek("C2")) == 1 and _PMCID.fullmatch(number[0]):
        draft.put_csl("PMCID", tags.take_one("C2"))
    key = tags.peek("ID")
    if len(key) == 1 and _CITE_KEY.fullmatch(key[0]):
        draft.put("cite_key", tags.take_one("ID"))


def _accession(tags: Tags) -> str | None:
    """Return the number that is a PMID in records of this database.

    The accession number in PubMed and MEDLINE, C2 in Scopus, C5 in Embase.com.
    """
    database = " ".join(tags.peek("DB")).lower()
    if "scopus" in database:
        places = ("C2",)
    elif "embase" in " ".join([database, *tags.peek("UR", "L2")]).lower():
        places = ("C5",)
    elif "pubmed" in database or "medline" in database:
        places = ("AN",)
    else:
        return None
    number = "".join(tags.peek(*places)[:1])
    return number if number.isascii() and number.isdigit() else None


def _put_dates(draft: Draft, tags: Tags) -> None:
    texts = tags.peek("PY", "Y1", "DA")
    year, issued = dated(texts)
    if year and not (issued and "date-parts" in issued):  # DA may hold what the year leaves out
        issued = dated([f"{year} {text}" for text in tags.peek("DA") if month_number(text)])[1]
    draft.put("year", year)
    draft.put_csl("issued", issued or dated(texts)[1])
    _put_first_day_online(draft, tags)
    if year is None and texts:
        draft.remarks.append(f"no year in {texts[0][:40]!r}")
    else:
        for text in texts:
            if _is_said(text, year, issued):
                tags.drop(text, "PY", "Y1", "DA")


def _put_first_day_online(draft: Draft, tags: Tags) -> None:
    """Read the edition of an article that is a date: so EndNote writes when it appeared online."""
    for text in tags.peek("ET") if draft.fields["type"] == "article-journal" else ():
        parts = date_parts(text) if _PLAIN_DATE.fullmatch(text) else None
        if parts and len(parts) > 1:
            draft.put_csl("available-date", {"date-parts": [list(parts)]})
            tags.drop(text, "ET")


def _is_said(text: str, year: int | None, issued: object) -> bool:
    """Say whether year and date together hold all of a date field."""
    is_plain = _PLAIN_DATE.fullmatch(text) is not None
    return text.strip("/ ") == str(year) or (is_plain and dated([text])[1] == issued)


def _put_texts(draft: Draft, tags: Tags) -> None:
    draft.put("abstract", "\n".join(tags.take_first("AB", "N2")))
    draft.put("language", tags.take_one("LA"))
    draft.put("url", tags.take_one("UR"))
    draft.put_csl("note", "\n".join(tags.take("N1", "RN")))
    draft.put_csl("keyword", "; ".join(tags.take("KW")))


def _put_serial(draft: Draft, tags: Tags) -> None:
    number = tags.take_one("SN")
    if number:
        draft.put_csl("ISBN" if is_isbn(number) else "ISSN", number)
    first, last = tags.peek("SP")[:1], tags.peek("EP")[:1]
    draft.put_csl("page", page_range("".join(first), "".join(last)))
    for tag, used in (("SP", first), ("EP", last)):
        for value in used:
            tags.drop(value, tag)
