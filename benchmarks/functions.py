"""What is measured function against function: the matrix, and the evidence table as files."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.db import begin_reading, make_engine
from app.synthesis.matrix import Matrix
from benchmarks import by_hand, duck, ours
from benchmarks.corpus import LARGE, MATRIX, TABLE, Corpus, review_of
from benchmarks.measuring import Line, ratio_line, side_by_side, spoken

MATRIX_TARGET = 2.0
CSV_TARGET = 2.0
XLSX_TARGET = 1.3
MEMORY_TARGET = 60  # MB above idle


def matrices(databases: Sequence[Corpus]) -> Iterator[Line]:
    """Measure contexts by outcomes through the broadest mechanism against DuckDB."""
    corpus = databases[-1]
    loaded = duck.load(corpus.database)
    engine = make_engine(corpus.settings)
    for slug in (MATRIX, LARGE):
        name = f"matrix, {corpus.shape.sizes[slug]:,} configurations"
        yield _matrix_line(name, engine, loaded, corpus, slug)
    engine.dispose()


def _matrix_line(name: str, engine: Engine, loaded: duck.Duck, corpus: Corpus, slug: str) -> Line:
    with Session(engine) as session:
        review_id = review_of(session, slug).id
    with sqlite3.connect(corpus.database) as connection:
        mechanism = duck.broadest_mechanism(connection, review_id)

    def ask_ours() -> Matrix:
        with Session(engine) as session:
            return ours.ask_matrix(begin_reading(session), slug, mechanism)

    started = time.perf_counter()
    found = ours.cells(ask_ours())
    cold = spoken(time.perf_counter() - started)
    expected = duck.matrix(loaded, review_id, mechanism)
    _require_equal(found, expected)
    times = side_by_side(
        ask_ours,
        lambda: duck.matrix(loaded, review_id, mechanism),
        rounds=3,
        calls=7 if slug == MATRIX else 1,
    )
    return ratio_line(
        name, times, MATRIX_TARGET, f"K{mechanism}*: {len(expected):,} cells; cold {cold}"
    )


def _require_equal(
    found: dict[duck.Key, duck.Figures], expected: dict[duck.Key, duck.Figures]
) -> None:
    """Raise unless both give the same cells with the same figures."""
    for key in found.keys() | expected.keys():
        if found.get(key) != expected.get(key):
            raise AssertionError(f"cell {key}: ours {found.get(key)}, DuckDB {expected.get(key)}")


def tables(databases: Sequence[Corpus]) -> Iterator[Line]:
    """Measure the evidence table, one row per quote, as CSV and as a workbook."""
    corpus = databases[-1]
    engine = make_engine(corpus.settings)
    with Session(engine) as session, TemporaryDirectory() as folder:
        review_id = review_of(session, TABLE).id
        raw = sqlite3.connect(corpus.database)
        quotes = corpus.shape.sizes[TABLE] * 5
        target = Path(folder)

        def bare_csv() -> None:
            with (target / "bare.csv").open("w", newline="", encoding="utf-8") as out:
                by_hand.table_csv(raw, review_id, out)

        def our_csv() -> None:
            with (target / "ours.csv").open("wb") as out:
                out.writelines(ours.table_csv(session, TABLE))

        times = side_by_side(our_csv, bare_csv, rounds=3)
        _require_rows(target, quotes)
        yield ratio_line(f"evidence CSV, {quotes:,} quotes", times, CSV_TARGET)
        yield _memory_line(corpus, "csv", quotes)
        times = side_by_side(
            lambda: ours.table_xlsx(session, TABLE, target / "ours.xlsx"),
            lambda: by_hand.table_xlsx(raw, review_id, target / "bare.xlsx"),
            rounds=2,
        )
        yield ratio_line(f"evidence XLSX, {quotes:,} rows", times, XLSX_TARGET)
        yield _memory_line(corpus, "xlsx", quotes)
        raw.close()
    engine.dispose()


def _require_rows(folder: Path, quotes: int) -> None:
    """Raise unless both files hold a line per quote and one of headings."""
    for name in ("ours.csv", "bare.csv"):
        with (folder / name).open("rb") as lines:
            count = sum(1 for _ in lines)
        if count != quotes + 1:
            raise AssertionError(f"{name} has {count:,} lines for {quotes:,} quotes")


def _memory_line(corpus: Corpus, form: str, quotes: int) -> Line:
    """Measure in a process of its own how far memory rises while a table is written."""
    environment = os.environ | {"RETRODUCE_DATA_DIR": str(corpus.folder)}
    command = [sys.executable, "-m", "benchmarks.memory", form, TABLE]
    result = subprocess.run(command, env=environment, check=True, capture_output=True)
    idle, peak = json.loads(result.stdout)
    title = f"evidence {form.upper()}, memory above idle, {quotes:,} rows"
    return Line(title, f"{peak - idle:.0f} MB", "-", peak - idle, MEMORY_TARGET, "MB",
                f"idle {idle:.0f} MB")  # fmt: skip
