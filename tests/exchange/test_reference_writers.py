"""What is written is read back, field by field, whatever the format can carry."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exchange.references.reading import ReferenceFormat, Wish, guess, read_references
from app.exchange.references.record import Record
from app.exchange.references.writing import WrittenFormat, write_references
from tests.conftest import Door, World

FORMATS = list(WrittenFormat)
FULL: dict[str, Any] = {
    "type": "article-journal",
    "cite_key": "ortiz2019",
    "title": "Small {wins} & 50% of $5_a ~ \\x #1",
    "authors": [
        {"family": "Ortiz", "given": "Ana"},
        {"literal": "World Health and Care Organization"},
        {"family": "van der Berg", "given": "Jan, Jr"},
    ],
    "year": 2019,
    "container_title": "Journal of Partnerships",
    "doi": "10.1234/ab_c(1)",
    "pmid": "123456",
    "url": "https://example.org/a?b=1&c=%20",
    "abstract": "First line.\nTY  - is a tag.\n\n=SUM(A1)",
    "language": "en",
    "country": "Chile",
    "kind": "primary_study",
    "setting": "hospital groups",
    "study": "Wins",
    "csl": {
        "volume": "4",
        "issue": "2",
        "page": "11-19",
        "issued": {"date-parts": [[2019, 3, 5]]},
        "ISSN": "1234-567X",
        "keyword": "trust; alliances",
        "note": "One.\nTwo.",
        "publisher": "Press",
        "number-of-pages": 9,
        "custom": {"ris": [["U2", "vendor"]], "bibtex": [["file", "a.pdf"]]},
    },
}
LEAST = {"type": "book", "title": "@", "cite_key": "k"}
BOOK = {"type": "book", "title": "T", "cite_key": "k", "container_title": "In", "year": -44}


def back(references: list[dict[str, Any]], kind: WrittenFormat) -> list[dict[str, Any]]:
    content = b"".join(write_references(references, kind))
    guessed = guess(content, Wish())
    assert guessed.format.value == kind.value
    found = list(read_references(content, guessed))
    assert all(isinstance(record, Record) for record in found), found
    return [record.fields for record in found if isinstance(record, Record)]


@pytest.mark.parametrize("kind", FORMATS)
def test_every_field_comes_back(kind: WrittenFormat) -> None:
    assert back([FULL, LEAST, BOOK, FULL], kind) == [FULL, LEAST, BOOK, FULL]


def test_common_fields_stand_in_tags_that_other_programs_read() -> None:
    plain = {name: FULL[name] for name in ("type", "authors", "year", "container_title", "doi")}
    plain |= {"title": "Small wins", "csl": {"page": "11-19", "volume": "4"}}
    ris = b"".join(write_references([plain], WrittenFormat.RIS)).decode()
    assert "XR  - " not in ris
    for line in ("TY  - JOUR", "AU  - Ortiz, Ana", "TI  - Small wins", "SP  - 11", "EP  - 19"):
        assert f"{line}\n" in ris
    bib = b"".join(write_references([plain], WrittenFormat.BIBTEX)).decode()
    assert "retroduce" not in bib
    assert "pages = {11--19}" in bib
    assert "{World Health and Care Organization}" in bib
    [item] = json.loads(b"".join(write_references([plain], WrittenFormat.CSL)))
    assert "custom" not in item
    assert item["issued"] == {"date-parts": [[2019]]}


def test_a_cell_of_a_csv_is_no_formula() -> None:
    text = b"".join(write_references([LEAST | {"title": "=cmd()"}], WrittenFormat.CSV)).decode()
    assert "'=cmd()" in text


def test_nothing_chosen_is_an_empty_file() -> None:
    assert b"".join(write_references([], WrittenFormat.RIS)) == b""
    assert json.loads(b"".join(write_references([], WrittenFormat.CSL))) == []


WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1)
NAMES = st.one_of(
    st.fixed_dictionaries({"family": WORDS}, optional={"given": WORDS}),
    st.fixed_dictionaries({"literal": WORDS}),
)
CSL_FIELDS = (
    "volume",
    "issue",
    "page",
    "note",
    "keyword",
    "ISSN",
    "edition",
    "x",
    "author",
    "custom",
)
REFERENCES = st.fixed_dictionaries(
    {"type": st.sampled_from(["book", "chapter", "dataset", "article", "odd"]), "title": WORDS},
    optional={
        "cite_key": WORDS,
        "authors": st.lists(NAMES, min_size=1, max_size=3),
        "year": st.integers(-3000, 3000),
        **dict.fromkeys(("doi", "pmid", "url", "abstract", "container_title", "setting"), WORDS),
        "csl": st.dictionaries(st.sampled_from(CSL_FIELDS), WORDS, min_size=1, max_size=4),
    },
)


@pytest.mark.parametrize("kind", FORMATS)
@given(reference=REFERENCES)
def test_any_reference_comes_back(kind: WrittenFormat, reference: dict[str, Any]) -> None:
    content = b"".join(write_references([reference, LEAST], kind))
    found = list(read_references(content, guess(content, Wish(format=ReferenceFormat(kind.value)))))
    assert [record.fields for record in found if isinstance(record, Record)] == [reference, LEAST]


@pytest.mark.parametrize("kind", FORMATS)
def test_a_selection_is_downloaded_and_imported_into_another_review(
    world: World, owner: Door, kind: WrittenFormat
) -> None:
    wishes = [FULL, LEAST, {"type": "book", "title": "Left out", "cite_key": "z"}]
    assert owner.post(f"{world.base}/sources/bulk", json={"items": wishes}).status_code == 201
    query = {"format": kind.value, "type": "article-journal"}
    file = owner.get(f"{world.base}/sources/file", params=query)
    assert file.status_code == 200, file.text
    assert file.headers["content-disposition"].startswith('attachment; filename="trust-and-faith')
    owner.post("/api/v1/reviews", json={"slug": "other", "title": "Other"})
    other = "/api/v1/reviews/other"
    owner.post(f"{other}/searches", json={"database": "Another review"})
    imported = owner.post(
        f"{other}/searches/1/imports", content=file.content, params={"file_name": "x"}
    )
    assert imported.json()["added"] == 1, imported.text
    before, after = (owner.get(f"{base}/sources/1").json() for base in (world.base, other))
    assert before.pop("created_at") != after.pop("created_at")
    assert before == after
