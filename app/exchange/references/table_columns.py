"""What the columns of a table of references are called, and what they mean."""

import re
from collections.abc import Iterable, Mapping, Sequence

from app.exchange.references.record import Draft, put_rest
from app.exchange.references.values import bare_doi, dated, names_of, page_range
from app.exchange.references.vocabulary import (
    CROSSREF_TYPES,
    ENDNOTE_TYPES,
    RIS_TYPES,
    WOS_TYPES,
)
from app.export.writers import guarded_back

OWN_HEADINGS = (
    "cite_key",
    "type",
    "title",
    "authors",
    "year",
    "container_title",
    "volume",
    "issue",
    "page",
    "doi",
    "pmid",
    "url",
    "abstract",
    "keyword",
    "language",
    "country",
    "kind",
    "setting",
    "study",
    "csl",
)
"""Of the CSV we write; it is read back without a guess."""
CSL_COLUMNS = {
    "volume": "volume",
    "issue": "issue",
    "page": "page",
    "issn": "ISSN",
    "isbn": "ISBN",
    "publisher": "publisher",
    "place": "publisher-place",
    "keyword": "keyword",
    "note": "note",
    "container_title_short": "container-title-short",
    "title_short": "title-short",
    "series": "collection-title",
    "edition": "edition",
    "article_number": "number",
    "pmcid": "PMCID",
    "source": "source",
}
COLUMNS = (*OWN_HEADINGS[:6], "doi", "pmid", "url", "abstract", "language", "country", "setting")
OTHERS = ("kind", "study", "first_page", "last_page", "date", "month", "day", "editors")
FIELDS = frozenset({*COLUMNS, *CSL_COLUMNS, *OTHERS})
"""What a column can mean."""
SYNONYMS = {
    "title": "title titles articletitle documenttitle primarytitle itemtitle ti reftitle",
    "authors": "authors author authorfullnames authornames au creator creators allauthors",
    "year": "year publicationyear pubyear yearpublished publishedyear py",
    "date": "date publicationdate published publishdate coverdate pubdate",
    "month": "month publishedmonth publicationmonth",
    "day": "day publicationday",
    "editors": "editors editor",
    "container_title": "containertitle journal sourcetitle journalbook publicationtitle "
    "publication journaltitle secondarytitle booktitle so publicationname pubtitle journalname",
    "container_title_short": "journalabbreviation abbreviatedsourcetitle isosourceabbreviation",
    "volume": "volume vol vl",
    "issue": "issue number no issuenumber is",
    "page": "pages page pagerange",
    "first_page": "pagestart startpage firstpage beginningpage bp",
    "last_page": "pageend endpage lastpage endingpage ep",
    "doi": "doi digitalobjectidentifier articledoi di",
    "pmid": "pmid pubmedid pm",
    "pmcid": "pmcid pmc",
    "article_number": "articlenumber artno ar",
    "url": "url link links fulltextlink webaddress documenturl plink",
    "abstract": "abstract abstractnote abstracts summary ab",
    "language": "language languageoforiginaldocument la",
    "type": "type documenttype itemtype publicationtype referencetype pt",
    "keyword": "keywords keyword authorkeywords manualtags de",
    "issn": "issn sn",
    "isbn": "isbn isbns bn",
    "publisher": "publisher pu",
    "place": "place location publisherlocation placepublished pi",
    "title_short": "shorttitle",
    "series": "series seriestitle",
    "edition": "edition",
    "note": "notes note",
    "source": "database source db",
    "cite_key": "citekey citationkey key id",
    "country": "country",
    "kind": "kind",
    "setting": "setting",
    "study": "study",
}
_MEANING = {word: field for field, words in SYNONYMS.items() for word in words.split()}
TYPES = {
    re.sub(r"\W", "", name).lower(): csl
    for name, csl in {**ENDNOTE_TYPES, **CROSSREF_TYPES, **WOS_TYPES}.items()
} | {
    "article": "article-journal",
    "bookchapter": "chapter",
    "blogpost": "post-weblog",
    "preprint": "article",
    "presentation": "speech",
    "proceedingspaper": "paper-conference",
}
CSL_TYPES = frozenset(RIS_TYPES.values()) | frozenset(TYPES.values())
_INITIALS = re.compile(r"(?:[^\W\d_a-zß-öø-ÿ]\.?[ -]?){1,4}")
_WITH_INITIALS = re.compile(rf"[^,]*[^\W\d_]{{2}}[^,]*\s+{_INITIALS.pattern}")


def guess_columns(headings: Iterable[str]) -> dict[str, str]:
    """Guess the field of each heading; the first heading of a meaning has it, others none."""
    chosen: dict[str, str] = {}
    for heading in headings:
        word = re.sub(r"[\W_]", "", heading).lower()
        field = _MEANING.get(word, "")
        if heading in FIELDS or heading == "csl":
            field = heading
        if field and field not in chosen.values():
            chosen[heading] = field
        else:
            chosen.setdefault(heading, "")
    return {
        heading: field if _is_meant(heading, field, chosen) else ""
        for heading, field in chosen.items()
    }


def _is_meant(heading: str, field: str, chosen: Mapping[str, str]) -> bool:
    """Say whether a heading means here what it usually does.

    A number is one of an issue beside volumes only; ID is Web of Science's for keywords; and
    Covidence's studies are named like `Fox 2019`, which several may be.
    """
    words = {re.sub(r"[\W_]", "", other).lower() for other in chosen}
    word = re.sub(r"[\W_]", "", heading).lower()
    if field == "issue" and word in {"no", "number"}:
        return "volume" in chosen.values()
    if field == "cite_key" and word == "id":
        return "ut" not in words
    return not (field == "study" and "covidence" in words)


def put_columns(
    draft: Draft, row: Mapping[str, str], chosen: Mapping[str, str], *, is_ours: bool
) -> None:
    """Fill the draft of a row; cells of columns without a meaning are kept under their heading."""
    values: dict[str, str] = {}
    for heading, cell in row.items():
        field = chosen.get(heading, "")
        text = guarded_back(cell) if is_ours else cell.strip()
        if not text:
            continue
        if field and field not in values:
            values[field] = text
        else:
            draft.rest.append([heading, text])
    own = values.pop("csl", "") if is_ours else ""
    _put_values(draft, values, is_ours=is_ours)
    if own:
        put_rest(draft, own)


def _put_values(draft: Draft, values: dict[str, str], *, is_ours: bool) -> None:
    _put_type(draft, values)
    _put_key(draft, values, is_ours=is_ours)
    if "editors" in values:
        draft.put_csl("editor", names_of(split_names(values.pop("editors"))))
    for field, name in CSL_COLUMNS.items():
        draft.put_csl(name, values.pop(field, None)) if name not in draft.csl else None
    pages = page_range(values.pop("first_page", ""), values.pop("last_page", ""))
    draft.csl.setdefault("page", pages) if pages else None
    _put_date(draft, values)
    if "doi" in values:
        given = values.pop("doi")
        draft.put("doi", bare_doi(given))
        if bare_doi(given) != given:
            draft.rest.append(["doi", given])
    if "authors" in values:
        draft.put("authors", names_of(split_names(values.pop("authors"))))
    for field, text in values.items():
        draft.put(field, text)


def _put_type(draft: Draft, values: dict[str, str]) -> None:
    """Read `Article; Early Access` by its first word; what is no type of ours is kept beside."""
    said = values.pop("type", "")
    if said in CSL_TYPES:
        draft.fields["type"] = said
        return
    words = [re.sub(r"[\W_]", "", word).lower() for word in said.split(";")]
    known = next((TYPES[word] for word in words if word in TYPES), None)
    is_book = "isbn" in values and "issn" not in values
    draft.fields["type"] = known or ("document" if said and is_book else "article-journal")
    if said and known is None:
        draft.put_csl("genre", said)


def _put_key(draft: Draft, values: dict[str, str], *, is_ours: bool) -> None:
    """Take a cite key unless it is a bare number, which only counts rows."""
    key = values.get("cite_key", "")
    if key.isdigit() and not is_ours:
        draft.rest.append(["cite_key", values.pop("cite_key")])


def _put_date(draft: Draft, values: dict[str, str]) -> None:
    given = [values[name] for name in ("year", "date") if name in values]
    parts = [values.pop(name, "") for name in ("month", "day")]
    year, issued = dated(given)
    if year and any(parts) and not (issued and "date-parts" in issued):
        issued = dated([f"{year} {' '.join(parts)}".strip()])[1] or issued
    if year is None and given:
        draft.rest.extend(["year", text] for text in given)
        draft.remarks.append(f"no year in {given[0][:40]!r}")
    draft.put("year", year)
    draft.csl.setdefault("issued", issued) if issued else None
    for name in ("year", "date"):
        values.pop(name, None)


def split_names(text: str) -> Sequence[str]:
    """Split names at semicolons, at `and`, or at the commas of `Long V, Marland H`."""
    for sign in (";", "\n", "|"):
        if sign in text:
            return text.split(sign)
    parts = re.split(r",? (?:and|&) |, &", text)
    return [name for part in parts for name in _between_commas(part)]


def _between_commas(text: str) -> list[str]:
    """Split `Long V, Marland H, Trust Group.` and `Long, V., Marland, H.`, and nothing else."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if parts and _WITH_INITIALS.fullmatch(parts[0]) and not any(map(_INITIALS.fullmatch, parts)):
        last = parts[-1]
        if last.endswith(".") and (len(parts) == 1 or "." not in "".join(parts[:-1])):
            dotted = re.search(r"\.[^.\s]|(?<!\S)\S\.$", last) if len(parts) == 1 else None
            parts[-1] = last if dotted else last[:-1]
        return parts
    if len(parts) % 2 == 0 and all(map(_INITIALS.fullmatch, parts[1::2])):
        return [f"{family}, {given}" for family, given in zip(parts[::2], parts[1::2], strict=True)]
    return [text]
