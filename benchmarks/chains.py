"""The best-supported chains, against plain Python that is handed ready edges and walks them."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from heapq import heappop, heappush

from sqlalchemy.orm import Session

from app.db import begin_reading, make_engine
from app.synthesis.chains import ChainWish, chains
from app.synthesis.network import network_of
from benchmarks.corpus import MATRIX, Corpus, review_of
from benchmarks.measuring import Line, ratio_line, side_by_side

TARGET = 3.0
DEPTH, LIMIT = 6, 100
Worth = tuple[int, int]
"""Sources of the weakest step, and sources that witness all of it."""


def best_chains(databases: Sequence[Corpus]) -> Iterator[Line]:
    """Measure the 100 best-supported chains of up to 6 links between two concepts."""
    corpus = databases[-1]
    engine = make_engine(corpus.settings)
    ready = sqlite3.connect(":memory:")
    with Session(engine) as session:
        review = review_of(session, MATRIX)
        edges = _make_ready(session, review.id, ready)
    wish = ChainWish.model_validate(_ends(corpus, review.id) | {"depth": DEPTH, "limit": LIMIT})

    def ask_ours() -> list[Worth]:
        with Session(engine) as session:
            begin_reading(session)
            answer = chains(session, review_of(session, MATRIX), wish)
        return [(chain.weakest.sources, len(chain.whole)) for chain in answer.chains]

    def ask_baseline() -> list[Worth]:
        return walk(ready, f"{wish.start}", f"{wish.end}")

    found, expected = ask_ours(), ask_baseline()
    if found != expected:
        raise AssertionError(f"ours {found[:5]} … ({len(found)}), baseline {expected[:5]} …")
    times = side_by_side(ask_ours, ask_baseline, rounds=3, calls=5)
    engine.dispose()
    yield ratio_line(f"chains, {edges:,} edges", times, TARGET, f"{len(found)} chains")


def _ends(corpus: Corpus, review_id: int) -> dict[str, str]:
    """Return a context and an outcome that many configurations name, but not the most."""
    with sqlite3.connect(corpus.database) as connection:
        picked = {
            role: connection.execute(
                "SELECT e.concept_id FROM element e JOIN concept k ON k.review_id = e.review_id"
                " AND k.id = e.concept_id AND k.merged_into_id IS NULL"
                " WHERE e.review_id = ? AND e.role = ?"
                " GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 5",
                (review_id, role),
            ).fetchall()[-1][0]
            for role in ("context", "outcome")
        }
    return {"from": f"K{picked['context']}", "to": f"K{picked['outcome']}"}


def _make_ready(session: Session, review_id: int, ready: sqlite3.Connection) -> int:
    """Write edges, supporters and ends as they are walked, all consolidation and merging done."""
    network = network_of(session, review_id, possible=False)
    ready.execute("CREATE TABLE edge (start INTEGER, end INTEGER)")
    ready.execute("CREATE TABLE supporter (configuration INTEGER, source INTEGER)")
    ready.execute("CREATE TABLE ends (concept TEXT, is_outcome INTEGER, configuration INTEGER)")
    edges = [(e.start, e.end) for found in network.asserted.values() for e in found]
    ready.executemany("INSERT INTO edge VALUES (?, ?)", edges)
    ready.executemany(
        "INSERT INTO supporter VALUES (?, ?)",
        [(n, source) for n, bits in network.support.items() for source in network.named(bits)],
    )
    ready.executemany(
        "INSERT INTO ends VALUES (?, ?, ?)",
        {
            (f"K{slot.concept}", slot.role == "outcome", number)
            for number, slots in network.slots.of.items()
            if number in network.standing.walked_as(number)
            for slot in slots.values()
            if slot.concept
        },
    )
    return len(edges)


def walk(ready: sqlite3.Connection, start: str, end: str) -> list[Worth]:
    """Fetch ready edges and return the worth of the best paths, best first, by a plain heap."""
    following = defaultdict(list)
    before = defaultdict(set)
    for one, other in ready.execute("SELECT start, end FROM edge"):
        following[one].append(other)
        before[other].add(one)
    support: dict[int, set[int]] = defaultdict(set)
    for number, source in ready.execute("SELECT configuration, source FROM supporter"):
        support[number].add(source)
    question = "SELECT configuration FROM ends WHERE concept = ? AND is_outcome = ?"
    goals = {row[0] for row in ready.execute(question, (end, 1))}
    starts = {row[0] for row in ready.execute(question, (start, 0))}
    away = _away(before, goals)
    return _best(following, support, (starts, goals), away)


def _away(before: Mapping[int, set[int]], goals: set[int]) -> dict[int, int]:
    """Return how many links every configuration is away from a goal."""
    away = dict.fromkeys(goals, 0)
    frontier = goals
    for links in range(1, DEPTH + 1):
        frontier = {p for n in frontier for p in before.get(n, ()) if p not in away}
        away |= dict.fromkeys(frontier, links)
    return away


def _best(
    following: Mapping[int, list[int]],
    support: Mapping[int, set[int]],
    ends: tuple[set[int], set[int]],
    away: Mapping[int, int],
) -> list[Worth]:
    starts, goals = ends
    heap: list[tuple[int, int, int, tuple[int, ...], frozenset[int]]] = []
    for n in starts & away.keys():
        own = frozenset(support.get(n, ()))
        heappush(heap, (-len(own), -len(own), 0, (n,), own))
    found: list[Worth] = []
    while heap and len(found) < LIMIT:
        weakest, whole, links, path, witnesses = heappop(heap)
        if path[-1] in goals:
            found.append((-weakest, -whole))
        for n in following.get(path[-1], ()) if links < DEPTH else ():
            if n not in path and away.get(n, DEPTH + 1) <= DEPTH - links - 1:
                all_of_it = witnesses & support.get(n, set())
                least = max(weakest, -len(support.get(n, ())))
                heappush(heap, (least, -len(all_of_it), links + 1, (*path, n), all_of_it))
    return found
