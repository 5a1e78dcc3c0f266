"""The benchmarks run, on a small database; their figures are judged by nobody here."""

import sqlite3
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text

from app.db import make_engine
from app.migrations import refuse_old_schema
from benchmarks.codebook import DEPTH, make_codebook
from benchmarks.corpus import Corpus, Shape, build
from benchmarks.measuring import Line

ROOT = Path(__file__).parent.parent
pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    shape = Shape("tiny", {"large": 120, "other": 30})
    folder = tmp_path_factory.mktemp("corpus")
    return Corpus(shape, folder, build(shape, folder))


def test_generated_rows_keep_every_reference(corpus: Corpus) -> None:
    with sqlite3.connect(corpus.database) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("SELECT count(*) FROM evidence").fetchone() == (750,)


def test_generated_databases_are_ones_the_application_serves(corpus: Corpus) -> None:
    engine = make_engine(corpus.settings)
    refuse_old_schema(engine)
    with engine.connect() as connection:
        behind = connection.execute(
            text(
                "SELECT count(*) FROM configuration c LEFT JOIN counter k"
                " ON k.review_id = c.review_id AND k.kind = 'C' WHERE c.id > coalesce(k.value, 0)"
            )
        ).scalar_one()
    engine.dispose()
    assert behind == 0


def test_the_same_seed_gives_the_same_codebook_with_nothing_below_what_is_merged() -> None:
    first, second = make_codebook(Random(7), 200), make_codebook(Random(7), 200)
    assert first == second
    merged = {n for n, into in enumerate(first.merged_into, 1) if into}
    assert merged
    assert not merged & set(first.parents)
    depth = 1
    numbers = {n for n, parent in enumerate(first.parents, 1) if parent is None}
    while numbers := {n for n, parent in enumerate(first.parents, 1) if parent in numbers}:
        depth += 1
    assert depth == DEPTH


def test_a_figure_over_its_target_is_called_missed() -> None:
    assert Line("page", "3 ms", "1 ms", 3.0, 1.6).verdict == "MISSED"
    assert Line("page", "3 ms", "1 ms", None, 1.6).verdict == "not measured"


def test_scenarios_print_their_lines(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks", "page", "matrix", "--scale", "small"]
    result = subprocess.run(
        [*command, "--keep", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "page of 50" in result.stdout
    assert "matrix, 250 configurations" in result.stdout
    assert "DuckDB" not in result.stderr
