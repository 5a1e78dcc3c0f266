"""Records that people labelled as duplicates, kept beside the project: found, and no others."""

import os
from pathlib import Path

import pytest

from app.exchange.references.reading import Wish, guess, read_references
from app.exchange.references.record import Record
from app.library.matching import find_matches
from app.library.matching_fields import Reference

ROOT = Path(__file__).parents[2]
CORPUS = Path(os.environ.get("RETRODUCE_CORPUS", ROOT.parent / "shared" / "corpus")) / "refs"
NAMES = ("title", "authors", "year", "container_title", "doi", "pmid", "csl")
pytestmark = pytest.mark.corpus


@pytest.mark.parametrize(
    ("name", "records", "labelled"), [("copper", 505, 281), ("tafenoquine", 179, 114)]
)
def test_labelled_records_are_found_and_no_others(name: str, records: int, labelled: int) -> None:
    path = CORPUS / "dedup" / f"{name}.xml"
    if not path.exists():
        pytest.skip(f"the corpus is not here: no {path}")
    content = path.read_bytes()
    found = read_references(content, guess(content, Wish(path.name)))
    kept = [one for one in found if isinstance(one, Record)]
    known = {n for n, one in enumerate(kept) if "<caption>" in one.raw and "Duplicate" in one.raw}
    assert (len(kept), len(known)) == (records, labelled)
    matches = find_matches(
        [
            Reference(n, **{name: one.fields[name] for name in NAMES if name in one.fields})
            for n, one in enumerate(kept)
        ]
    )
    taken = {number for m in matches for number in (m.lower_id, m.higher_id)}
    assert taken - known == set()
    assert len(known - taken) <= labelled * 0.01
