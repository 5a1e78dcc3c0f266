"""Searching many quotes: ours against the bare FTS5 query, and how it grows.

The databases are of this scenario alone: one review whose quotes are the passages of the others,
each with a word of its own; forty of them, at every size, hold the word `zebra`.
"""

import json
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from random import Random

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.access.reviews import add_review
from app.access.schemas import ReviewCreate, UserCreate
from app.access.service import add_user
from app.coding.models import Quote
from app.config import Settings
from app.db import begin_reading, begin_writing, make_engine
from app.fulltext.finding import find
from app.fulltext.keeping import fill
from app.fulltext.schemas import FindWish
from app.library.models import Source, SourceKind
from app.migrations import upgrade
from benchmarks.corpus import SEED, Corpus, review_of
from benchmarks.measuring import Line, ratio_line, side_by_side
from benchmarks.rows import insert
from benchmarks.words import Words

TARGET = 1.5
GROWTH_TARGET = 1.3
SLUG = "quotes"
SOURCES = 400
RARE = 40
QUERIES = {
    "a common word": ("trust", "trust"),
    "two words": ("trust faith", "trust AND faith"),
    "a phrase": ('"trust shapes"', '"trust shapes"'),
    "a beginning": ("collab*", "collab*"),
    "a rare word": ("zebra", "zebra"),
}
"""What is asked of ours, and of FTS5 itself."""
BARE = (
    "SELECT rowid, snippet(bare, 0, '<mark>', '</mark>', '…', 30) FROM bare "
    "WHERE bare MATCH ? ORDER BY rank LIMIT 20"
)


def search(databases: Sequence[Corpus]) -> Iterator[Line]:
    """Measure the best twenty with snippets, then the same at each step of growth."""
    folders = [_kept(corpus.folder.parent, corpus.shape.evidence) for corpus in databases]
    sizes = [corpus.shape.evidence for corpus in databases]
    engines = [make_engine(Settings(data_dir=folder, database_url="")) for folder in folders]
    with closing(sqlite3.connect(folders[-1] / "bare.db")) as bare:
        for name, (typed, match) in QUERIES.items():
            _require_answers(engines[-1], typed, bare, match)
            times = side_by_side(
                partial(_ask, engines[-1], typed),
                partial(_ask_bare, bare, match),
                rounds=5,
                calls=7,
            )
            yield ratio_line(f"search {sizes[-1]:,} quotes: {name}", times, TARGET)
    for place in range(1, len(sizes)):
        larger, smaller = engines[place], engines[place - 1]
        for name, (typed, _) in QUERIES.items():
            times = side_by_side(
                partial(_ask, larger, typed), partial(_ask, smaller, typed), rounds=5, calls=7
            )
            title = f"growth: search for {name}, {sizes[place - 1]:,} → {sizes[place]:,}"
            yield ratio_line(title, times, GROWTH_TARGET)
    for engine in engines:
        engine.dispose()


def _ask(engine: Engine, typed: str) -> str:
    with Session(engine) as session:
        begin_reading(session)
        return find(session, review_of(session, SLUG), FindWish(q=typed)).model_dump_json()


def _ask_bare(bare: sqlite3.Connection, match: str) -> list[tuple[int, str]]:
    return bare.execute(BARE, (match,)).fetchall()


def _require_answers(engine: Engine, typed: str, bare: sqlite3.Connection, match: str) -> None:
    """Raise unless ours shows as many hits as the bare query, each with what matched marked."""
    items = json.loads(_ask(engine, typed))["items"]
    if len(items) != len(bare.execute(BARE, (match,)).fetchall()):
        raise AssertionError(f"{typed}: {len(items)} hits, not as many as FTS5 has")
    if not all("<mark>" in item["snippet"]["markup"] for item in items):
        raise AssertionError(f"{typed}: a hit that shows no match")


def _kept(parent: Path, quotes: int) -> Path:
    """Return the folder of a database with that many quotes, made if it is not there."""
    folder = parent / f"search-{quotes}"
    done = folder / "done"
    if not done.exists():
        started = time.perf_counter()
        folder.mkdir(parents=True, exist_ok=True)
        for rest in folder.glob("*.db*"):
            rest.unlink()
        _build(folder, quotes)
        done.touch()
        print(f"made {folder} in {time.perf_counter() - started:.0f} s", flush=True)
    return folder


def _build(folder: Path, quotes: int) -> None:
    settings = Settings(data_dir=folder, database_url="")
    engine = make_engine(settings)
    upgrade(engine)
    with Session(engine) as session:
        begin_writing(session)
        user = add_user(session, UserCreate(email="r@example.org", name="Reader"), settings)
        review = add_review(session, user, ReviewCreate(slug=SLUG, title="Quotes")).id
        user_id = user.id
        session.commit()
    texts = list(_texts(quotes))
    with closing(sqlite3.connect(folder / "retroduce.db")) as connection:
        insert(connection, Source, (_source(review, n, user_id) for n in range(1, SOURCES + 1)))
        insert(connection, Quote, (_quote(review, n, t, user_id) for n, t in enumerate(texts, 1)))
        connection.commit()
    with Session(engine) as session:
        fill(begin_writing(session), review)
        session.commit()
    engine.dispose()
    with closing(sqlite3.connect(folder / "bare.db")) as bare:
        bare.execute("CREATE VIRTUAL TABLE bare USING fts5(exact)")
        bare.executemany("INSERT INTO bare(exact) VALUES (?)", ((text,) for text in texts))
        bare.commit()


def _texts(quotes: int) -> Iterator[str]:
    rng = Random(SEED)
    passages = Words(rng).passages
    apart = max(quotes // RARE, 1)
    for n in range(quotes):
        own = "zebra" if n % apart == 0 and n < apart * RARE else f"site{n}"
        yield f"{rng.choice(passages)} ({own})"


def _source(review: int, n: int, user: int) -> tuple[object, ...]:
    return (review, n, f"author{n}", "report", f"Title {n}", "[]", 1990 + n % 35, None,
            SourceKind.REVIEW.value, None, None, f"title {n}", user)  # fmt: skip


def _quote(review: int, n: int, text: str, user: int) -> tuple[object, ...]:
    words = len(text.split())
    source = n % SOURCES + 1
    return (review, n, source, text, None, "no_document", words, text.lower(), user)
