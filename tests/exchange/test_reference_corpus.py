"""Real files of other tools, kept beside the project: what they hold is what is read."""

import os
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from app.exchange.references.reading import Wish, guess, read_references
from app.exchange.references.record import BadRecord, Found, Record
from app.exchange.references.writing import WrittenFormat, write_references

ROOT = Path(__file__).parents[2]
CORPUS = Path(os.environ.get("RETRODUCE_CORPUS", ROOT.parent / "shared" / "corpus")) / "refs"
pytestmark = pytest.mark.corpus

COUNTS = {
    "asreview/_baseline.ris": (100, "ris", "utf-8"),
    "asreview/_baseline_citavi.ris": (100, "ris", "utf-8-sig"),
    "asreview/_baseline_cochrane_endnote.ris": (3, "ris", "utf-8"),
    "asreview/_baseline_covidence_zotero.ris": (10, "ris", "utf-8"),
    "asreview/_baseline_endnote.ris": (10, "ris", "utf-8"),
    "asreview/_baseline_eppireviewer.ris": (10, "ris", "utf-8"),
    "asreview/_baseline_mendeley.ris": (10, "ris", "utf-8"),
    "asreview/_baseline_psychInfo_ovid.ris": (10, "ris", "utf-8"),
    "asreview/_baseline_pubmed.ris": (50, "nbib", "utf-8"),
    "asreview/_baseline_scopus.ris": (10, "ris", "utf-8-sig"),
    "asreview/_baseline_webofscience.ris": (10, "ris", "utf-8-sig"),
    "asreview/_baseline_zotero.ris": (10, "ris", "utf-8"),
    "buhos/EBSCO_wrong_2.bib": (1, "bibtex", "utf-8"),
    "buhos/ebscohost.ris": (2, "ris", "utf-8"),
    "buhos/encoding_iso_8859_1.bib": (1, "bibtex", "cp1252"),
    "buhos/lilacs_test.ris": (5, "ris", "utf-8"),
    "buhos/pubmed-30080086.nbib": (1, "nbib", "utf-8"),
    "buhos/pubmed-depression-set.nbib": (3, "nbib", "utf-8"),
    "buhos/sage_wrong.bib": (3, "bibtex", "utf-8"),
    "buhos/scielo.bib": (13, "bibtex", "utf-8-sig"),
    "buhos/scopus_wrong_3.bib": (60, "bibtex", "utf-8"),
    "buhos/scopus_wrong_5.bib": (1, "bibtex", "utf-8"),
    "buhos/wos.ris": (2, "ris", "utf-8-sig"),
    "buhos/wos_wrong.bib": (1, "bibtex", "utf-8-sig"),
    "dedup/copper.xml": (505, "endnote", "utf-8"),
    "dedup/tafenoquine.xml": (179, "endnote", "utf-8"),
    "jabref/MedlinePlainImporterTestMultipleEntries.txt": (7, "nbib", "utf-8"),
    "nbib/pubmed-balloongui-set.nbib": (75, "nbib", "utf-8"),
    "nbib/single.nbib": (1, "nbib", "utf-8"),
}
"""Records each file holds, counted in it by hand or as its folder says."""
UNTITLED = {"jabref/MedlinePlainImporterTestMultipleEntries.txt": 5}
"""Records that have no title in the file itself; named as bad ones."""
WITHOUT_AUTHORS = {"dedup/copper.xml": 11, "dedup/tafenoquine.xml": 1}
"""Records that name none in the file itself."""


def read(path: Path) -> list[Found]:
    if not path.exists():
        pytest.skip(f"the corpus is not here: no {path}")
    content = path.read_bytes()
    return list(read_references(content, guess(content, Wish(path.name))))


def good(path: Path) -> list[dict[str, Any]]:
    return [found.fields for found in read(path) if isinstance(found, Record)]


@pytest.mark.parametrize("name", COUNTS)
def test_every_record_of_a_file_is_read_or_named(name: str) -> None:
    found = read(CORPUS / name)
    content = (CORPUS / name).read_bytes()
    guessed = guess(content, Wish(name))
    assert (len(found), guessed.format.value, guessed.encoding) == COUNTS[name]
    bad = [record for record in found if isinstance(record, BadRecord)]
    assert [record.reason for record in bad] == ["it has no title"] * UNTITLED.get(name, 0)


@pytest.mark.parametrize("name", COUNTS)
def test_no_line_of_a_record_is_left_out_of_its_raw_text(name: str) -> None:
    text = (CORPUS / name).read_text("utf-8", "replace") if (CORPUS / name).exists() else ""
    raws = [record.raw for record in read(CORPUS / name)]
    marks = {"TY  -", "PMID-", "@article{", "@ARTICLE{", "<record>"}
    for mark in marks:
        if name.endswith(".txt") or ("pubmed.ris" in name and mark == "TY  -"):
            continue
        assert sum(raw.count(mark) for raw in raws) == text.count(mark), mark


@pytest.mark.parametrize("name", [name for name in COUNTS if name not in UNTITLED])
def test_records_have_title_year_and_authors(name: str) -> None:
    records = good(CORPUS / name)
    without_year = [r["title"] for r in records if "year" not in r]
    assert len(without_year) == (1 if name == "buhos/wos_wrong.bib" else 0)  # early access only
    without = [r for r in records if "authors" not in r]
    assert len(without) == WITHOUT_AUTHORS.get(name, 0)


def letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text.replace("\u2014", "--")).lower()


def last_words(authors: list[dict[str, str]]) -> set[str]:
    """Family names without particles, which tools put before or behind the name."""
    families = [name.get("family") or name.get("literal", "") for name in authors]
    return {letters(family.split()[-1]) for family in families}


OTHER_DOI = {"theeffectofintraarterialangiotensiniionthehepatictumortonontumorbloodflow"}
"""One tool's export holds the DOI of the abstract, the other's that of the article."""
OTHER_NAMES = {"eppireviewer", "psychInfo_ovid"}
"""Export names cut in two (`Dos Santos`, `H B`), or without accents."""


def test_the_same_reference_from_twelve_tools_agrees() -> None:
    by_title: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for path in sorted((CORPUS / "asreview").glob("*.ris")):
        for record in good(path):
            tool = path.stem.removeprefix("_baseline").lstrip("_")
            by_title[letters(record["title"])][tool] = record
    shared = {title: tools for title, tools in by_title.items() if len(tools) > 1}
    if not by_title:
        pytest.skip(f"the corpus is not here: no {CORPUS}")
    assert len(shared) > 100
    for title, tools in shared.items():
        assert len({record["year"] for record in tools.values()}) == 1, title
        dois = {record["doi"].lower() for record in tools.values()}
        assert len(dois) == 1 or any(title.startswith(known) for known in OTHER_DOI), title
        names = [last_words(r["authors"]) for t, r in tools.items() if t not in OTHER_NAMES]
        assert all(name == names[0] for name in names), title


PAIRS = sorted(path.stem for path in (CORPUS / "jabref").glob("*.bib"))
INPUTS = (".ris", ".xml", ".txt")
KNOWN: dict[tuple[str, str], str] = {
    ("RisImporterTest1", "title"): "they join T1 and TI; TI alone is ours, T1 is kept",
    ("RisImporterTest1", "container_title"): "seven tags of a journal; theirs is the last",
    ("RisImporterTest1", "authors"): "their editors A2 stand among the authors",
    ("RisImporterTest8_date", "container_title"): "their short title; we keep both",
    ("RisImporterTestWithEmptyER", "container_title"): "their short title; we keep both",
}


@pytest.mark.parametrize("stem", PAIRS or ["none"])
def test_pairs_of_input_and_expected_entry_agree(stem: str) -> None:
    given = next(
        (p for end in INPUTS if (p := CORPUS / "jabref" / f"{stem}{end}").exists()), CORPUS / stem
    )
    found = read(given)
    if stem == "MedlinePlainImporterTestMultiAbstract":
        assert isinstance(found[0], BadRecord)  # it has no title
        return
    [wanted] = good(CORPUS / "jabref" / f"{stem}.bib")
    assert isinstance(found[0], Record)
    ours = found[0].fields
    for name in ("title", "authors", "year", "container_title", "doi", "page", "volume"):
        if name in {"page", "volume"}:
            mine, theirs = ours["csl"].get(name), wanted["csl"].get(name)
        else:
            mine, theirs = ours.get(name), wanted.get(name)
        if theirs is not None and (stem, name) not in KNOWN:
            assert comparable(mine) == comparable(theirs), name


def comparable(value: Any) -> Any:
    """The letters of a value; of names the words in any order."""
    if isinstance(value, list):
        return [sorted(letters(w) for part in n.values() for w in part.split()) for n in value]
    return letters(value) if isinstance(value, str) else value


@pytest.mark.parametrize("kind", list(WrittenFormat))
@pytest.mark.parametrize("name", ["dedup/copper.xml", "asreview/_baseline_psychInfo_ovid.ris"])
def test_real_records_come_back_from_every_format(name: str, kind: WrittenFormat) -> None:
    records = good(CORPUS / name)
    content = b"".join(write_references(records, kind))
    again = read_references(content, guess(content, Wish()))
    assert [found.fields for found in again if isinstance(found, Record)] == records
