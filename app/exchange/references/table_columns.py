"""What the columns of a table of references are called, and what they mean."""

import re
from collections.abc import Iterable, Mapping, Sequence

from app.exchange.references.record import Draft, put_rest
from app.exchange.references.values import bare_doi, dated, names_of, page_range
from app.exchange.references.vocabulary import ENDNOTE_TYPES
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
    "source": "source",
}
COLUMNS = (*OWN_HEADINGS[:6], "doi", "pmid", "url", "abstract", "language", "country", "setting")
FIELDS = frozenset({*COLUMNS, *CSL_COLUMNS, "kind", "study", "first_page", "last_page", "date"})
"""What a column can mean."""
SYNONYMS = {
    "title": "title articletitle documenttitle primarytitle itemtitle ti reftitle",
    "authors": "authors author authorfullnames authornames au creator creators allauthors",
    "year": "year publicationyear pubyear yearpublished publishedyear py",
    "date": "date publicationdate published publishdate coverdate",
    "container_title": "containertitle journal sourcetitle journalbook publicationtitle "
    "publication journaltitle secondarytitle booktitle so publicationname",
    "container_title_short": "journalabbreviation abbreviatedsourcetitle isosourceabbreviation",
    "volume": "volume vol",
    "issue": "issue number no issuenumber",
    "page": "pages page pagerange",
    "first_page": "pagestart startpage firstpage beginningpage",
    "last_page": "pageend endpage lastpage endingpage",
    "doi": "doi digitalobjectidentifier articledoi",
    "pmid": "pmid pubmedid",
    "url": "url link links fulltextlink webaddress",
    "abstract": "abstract abstractnote abstracts summary",
    "language": "language languageoforiginaldocument",
    "type": "type documenttype itemtype publicationtype referencetype",
    "keyword": "keywords keyword authorkeywords manualtags",
    "issn": "issn",
    "isbn": "isbn isbns",
    "publisher": "publisher",
    "place": "place publisherlocation placepublished",
    "note": "notes note",
    "source": "database source db",
    "cite_key": "citekey citationkey key id",
    "country": "country",
    "kind": "kind",
    "setting": "setting",
    "study": "study",
}
_MEANING = {word: field for field, words in SYNONYMS.items() for word in words.split()}
TYPES = {re.sub(r"\W", "", name).lower(): csl for name, csl in ENDNOTE_TYPES.items()} | {
    "article": "article-journal",
    "journalarticle": "article-journal",
    "review": "article-journal",
    "articleinpress": "article-journal",
    "conferencepaper": "paper-conference",
    "bookchapter": "chapter",
    "preprint": "article",
}
_PAIRS = re.compile(r"[^,]+?\s+(?:[^\W\d_]\.?[ -]?){1,4}")


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
    return chosen


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
    _put_values(draft, values)
    if own:
        put_rest(draft, own)


def _put_values(draft: Draft, values: dict[str, str]) -> None:
    kind = values.pop("type", "")
    csl_type = TYPES.get(re.sub(r"[\W_]", "", kind).lower())
    draft.fields.setdefault("type", csl_type or kind or "article-journal")
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


def _put_date(draft: Draft, values: dict[str, str]) -> None:
    given = [values[name] for name in ("year", "date") if name in values]
    year, issued = dated(given)
    if year is None and given:
        draft.rest.extend(["year", text] for text in given)
        draft.remarks.append(f"no year in {given[0][:40]!r}")
    draft.put("year", year)
    draft.csl.setdefault("issued", issued) if issued else None
    for name in ("year", "date"):
        values.pop(name, None)


def split_names(text: str) -> Sequence[str]:
    """Split names at semicolons, at `and`, or at the commas of `Long V, Marland H`."""
    for sign in (";", "\n", " and ", "|"):
        if sign in text:
            return text.split(sign)
    parts = [part.strip() for part in text.split(",")]
    if len(parts) > 1 and all(_PAIRS.fullmatch(part) for part in parts):
        return parts
    return [text]
