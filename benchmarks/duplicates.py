"""Finding duplicates among records of which one knows, against "DOI or title + year"."""

import os
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from functools import partial
from itertools import combinations
from pathlib import Path

from app.exchange.references.reading import Wish, guess, read_references
from app.exchange.references.record import Record
from app.library.matching import find_matches
from app.library.matching_fields import Reference
from benchmarks.corpus import Corpus
from benchmarks.measuring import Line, missing_line, seconds, spoken
from benchmarks.twins import Twins, make_twins

ROOT = Path(__file__).parents[1]
LABELLED = (
    Path(os.environ.get("RETRODUCE_CORPUS", ROOT.parent / "shared" / "corpus")) / "refs/dedup"
)
RECORDS, SMALL, LARGE = 20_000, 2_000, 50_000
MISSED, WRONG = 2.0, 0.3  # per cent of the pairs
LABELS_MISSED, LABELS_WRONG = 1.0, 1.0  # per cent, records
IN_SECONDS = {SMALL: 2.0, LARGE: 60.0}
Pair = tuple[int, int]


def by_doi_or_title(records: Sequence[Reference]) -> set[Pair]:
    """Return the pairs that a spreadsheet finds: the same DOI, or the same title and year."""
    blocks: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for record in records:
        if record.doi:
            blocks["doi", record.doi.lower()].append(record.id)
        title = " ".join(record.title.lower().split())
        blocks["title", title, record.year].append(record.id)
    return {pair for block in blocks.values() for pair in combinations(sorted(block), 2)}


def ours(records: Sequence[Reference], *, certain: bool = False) -> set[Pair]:
    """Return the pairs we merge, or with those we suggest."""
    found = find_matches(records)
    return {(m.lower_id, m.higher_id) for m in found if m.is_certain or not certain}


def wrong(found: Collection[Pair], known: Collection[Pair]) -> float:
    """Return how many of the pairs found are none, of 100."""
    return 100 * len(set(found) - set(known)) / max(len(found), 1)


def missed(found: Collection[Pair], known: Collection[Pair]) -> float:
    """Return how many of the known pairs were not found, of 100."""
    return 100 * len(set(known) - set(found)) / max(len(known), 1)


def line(title: str, figures: tuple[float, float], target: float, note: str = "") -> Line:
    """Return the line of a share of 100; the second figure is the baseline's."""
    mine, baseline = figures
    return Line(title, f"{mine:.2f} %", f"{baseline:.2f} %", mine, target, "%", note)


def duplicates(databases: Sequence[Corpus]) -> Iterator[Line]:
    """Measure what is missed and what is wrong, made up and labelled, and the time it takes."""
    count = min(RECORDS, databases[-1].shape.configurations)
    twins = make_twins(count)
    yield from _of_twins(twins, f"{count:,} made up")
    yield from _of_labels()
    for size, target in IN_SECONDS.items():
        if size <= databases[-1].shape.configurations:
            records = make_twins(size).records
            took = seconds(partial(find_matches, records))
            baseline = seconds(partial(by_doi_or_title, records))
            title = f"duplicates, time, {size:,} records"
            yield Line(title, spoken(took), spoken(baseline), took, target, "s")


def _of_twins(twins: Twins, name: str) -> Iterator[Line]:
    known, baseline = twins.pairs.keys(), by_doi_or_title(twins.records)
    found, merged = ours(twins.records), ours(twins.records, certain=True)
    share = f"{100 * len(merged) / len(found):.0f} % of them merged unasked"
    both = wrong(found, known), wrong(baseline, known)
    yield line(f"duplicates, wrong pairs, {name}", both, WRONG, share)
    both = missed(found, known), missed(baseline, known)
    yield line(f"duplicates, pairs missed, {name}", both, MISSED)
    both = wrong(merged, known), wrong(baseline, known)
    yield line(f"duplicates, merged wrongly, {name}", both, 0.0)


def _of_labels() -> Iterator[Line]:
    """Yield what is wrong and missed of labelled records, where they are beside the project."""
    files = sorted(LABELLED.glob("*.xml"))
    if not files:
        yield missing_line("duplicates, labelled records", None, LABELS_MISSED, "not here")
        return
    counts = [_labelled(path) for path in files]
    wrongly, lost, named, by_hand_wrong, by_hand_lost = map(sum, zip(*counts, strict=True))
    mine = Line(
        "duplicates, labelled records taken wrongly",
        str(wrongly),
        str(by_hand_wrong),
        wrongly,
        LABELS_WRONG,
        "",
    )
    yield mine
    both = 100 * lost / named, 100 * by_hand_lost / named
    yield line("duplicates, labelled records missed", both, LABELS_MISSED, f"of {named}")


def _labelled(path: Path) -> tuple[int, int, int, int, int]:
    """Return of one file: taken wrongly, missed, labelled; and both figures of the baseline."""
    content = path.read_bytes()
    found = read_references(content, guess(content, Wish(path.name)))
    kept = [record for record in found if isinstance(record, Record)]
    names = ("title", "authors", "year", "container_title", "doi", "pmid", "csl")
    records = [
        Reference(n, **{name: one.fields[name] for name in names if name in one.fields})
        for n, one in enumerate(kept)
    ]
    labelled = {
        n for n, one in enumerate(kept) if "<caption>" in one.raw and "Duplicate" in one.raw
    }
    mine, theirs = (
        {number for pair in pairs for number in pair}
        for pairs in (ours(records), by_doi_or_title(records))
    )
    return (
        len(mine - labelled),
        len(labelled - mine),
        len(labelled),
        len(theirs - labelled),
        len(labelled - theirs),
    )
