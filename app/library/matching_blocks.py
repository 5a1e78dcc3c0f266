"""Which pairs of records are compared at all: those that share what two works rarely share.

To compare all with all would take n²/2 comparisons, 1,250 million for 50,000 records. Records are
laid into blocks by several keys instead, each proof against other errors, and compared within them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from app.library.matching_fields import Profile

Ints = NDArray[np.int64]
Key = tuple[object, ...]
LARGEST = 40
"""Records of one block that are all compared with each other."""
NEXT = 10
"""In a larger one each is compared with so many that follow it in the order of their titles."""
ENDS = 14
"""Letters of the beginning and the end of a title."""
NAME = 3
GRAM = 4
"""Letters in a row that a signature is made of."""
BANDS, ROWS = 10, 3
"""Keys of a signature, and minima in each: of titles that share half their letter runs, three of
four share a key; of those that share four fifths, all but one in a thousand (Broder 1997)."""
SEED = 20_210


def candidate_pairs(profiles: Sequence[Profile]) -> Ints:
    """Return which records to compare, as rows of two places in the list, the lower first."""
    size = len(profiles)
    if not size:
        return np.empty((0, 2), np.int64)
    order = sorted(range(size), key=lambda place: profiles[place].compact)
    blocks = [*_blocks_of_keys(profiles, order), *_blocks_of_signatures(profiles, order)]
    codes = np.unique(np.concatenate([_codes(blocks, size), np.empty(0, np.int64)]))
    return np.column_stack(np.divmod(codes, size))


def _keys(one: Profile) -> Iterator[Key]:
    """Yield what a record may share with another one of the same work."""
    yield "title", one.compact
    yield "start", one.main[:ENDS]
    yield "end", one.compact[-ENDS:]
    if one.doi:
        yield "doi", one.doi
    if one.pmid:
        yield "pmid", one.pmid
    if one.page and one.volume:
        yield "place", one.volume, one.page
    if one.page and one.year:
        yield "page", one.year, one.page
    for word in _first_author(one):
        for year in (one.year or 0, (one.year or 0) + 1):
            yield "author", word, year


def _first_author(one: Profile) -> set[str]:
    """Return the words of the first author's name, whichever of them is the family's."""
    if not one.people:
        return set()
    first = one.people[0]
    return {word for word in (*first.words, first.family) if len(word) >= NAME}


def _blocks_of_keys(profiles: Sequence[Profile], order: Sequence[int]) -> Iterator[list[int]]:
    """Yield the places that share a key, in the order of their titles."""
    blocks: dict[Key, list[int]] = defaultdict(list)
    for place in order:
        for key in _keys(profiles[place]):
            blocks[key].append(place)
    return (block for block in blocks.values() if len(block) > 1)


def _blocks_of_signatures(profiles: Sequence[Profile], order: Sequence[int]) -> Iterator[list[int]]:
    """Yield the places whose titles share many runs of letters, wherever these stand."""
    for keys in _signatures([profiles[place].compact for place in order]).T:
        blocks: dict[int, list[int]] = defaultdict(list)
        for place, key in zip(order, keys.tolist(), strict=True):
            if key:
                blocks[key].append(place)
        yield from (block for block in blocks.values() if len(block) > 1)


def _signatures(texts: Sequence[str]) -> Ints:
    """Return `BANDS` keys per text, from the least of several hashes of its runs of letters."""
    padded = "".join(text.ljust(GRAM, "\x00") for text in texts)
    letters = np.frombuffer(padded.encode("utf-32-le"), np.uint32).astype(np.uint64)
    runs = np.zeros(len(letters) - GRAM + 1, np.uint64)
    for n in range(GRAM):
        runs = runs * np.uint64(0x1F123BB5) + letters[n : len(runs) + n]
    starts = np.concatenate([[0], np.cumsum([max(len(text), GRAM) for text in texts])])[:-1]
    for n in range(1, GRAM):  # runs that would reach into the next text count as its last whole one
        ends = np.minimum(starts[1:] - n, len(runs) - 1)
        runs[ends] = runs[np.maximum(starts[1:] - GRAM, 0)]
    rng = np.random.default_rng(SEED)
    keys = np.zeros((len(texts), BANDS), np.int64)
    for band in range(BANDS):
        for _ in range(ROWS):
            factor = np.uint64(int(rng.integers(1, 2**62)) * 2 + 1)
            least = np.minimum.reduceat(_mixed(runs * factor), np.minimum(starts, len(runs) - 1))
            keys[:, band] = keys[:, band] * 1_000_003 + least.astype(np.int64)
    return keys


def _mixed(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Let high bits decide, which a product mixes best."""
    return (hashes ^ (hashes >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9) >> np.uint64(20)


def _codes(blocks: Iterable[Sequence[int]], size: int) -> Ints:
    """Return the pairs within blocks, each as one number; a large block is walked as a row."""
    by_length: dict[int, list[Sequence[int]]] = defaultdict(list)
    parts: list[Ints] = [np.empty(0, np.int64)]
    for block in blocks:
        if len(block) <= LARGEST:
            by_length[len(block)].append(block)
        else:
            row = np.array(block, np.int64)
            parts += [_paired(row[:-n], row[n:], size) for n in range(1, NEXT + 1)]
    for length, some in by_length.items():
        left, right = np.triu_indices(length, 1)
        table = np.array(some, np.int64)
        parts.append(_paired(table[:, left].ravel(), table[:, right].ravel(), size))
    return np.concatenate(parts)


def _paired(one: Ints, other: Ints, size: int) -> Ints:
    return np.minimum(one, other) * size + np.maximum(one, other)
