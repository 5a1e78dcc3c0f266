"""Importing RIS: ours with preview's checks, history and all, against a parser and bare inserts."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import rispy
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.access.models import MemberRole
from app.access.reviews import add_review
from app.access.schemas import ReviewCreate, UserCreate
from app.access.service import add_user
from app.config import Settings
from app.db import begin_writing, make_engine
from app.exchange.import_schemas import ImportWish
from app.exchange.importing import import_references
from app.library.search_schemas import SearchCreate
from app.library.searches import add_search
from app.migrations import upgrade
from benchmarks.corpus import Corpus
from benchmarks.measuring import Line, ratio_line, seconds
from benchmarks.memory import Watch
from benchmarks.words import Words

RECORDS = 100_000
TARGET = 3.0
MEMORY_TARGET = 400  # MB
INSERT_SOURCE = (
    "INSERT INTO source (review_id, id, cite_key, type, title, authors, year, container_title,"
    " doi, abstract, csl, text_key, created_at, version) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,1)"
)
INSERT_HIT = (
    "INSERT INTO search_hit (review_id, search_id, n, file_n, source_id, record, line, raw,"
    " raw_sha256) VALUES (1, 1, ?, 1, ?, ?, 1, ?, ?)"
)


def made_file(records: int) -> bytes:
    """Return a RIS file as a database exports it, with abstracts, 1 kB a record."""
    rng = Random(19)
    words = Words(rng)
    parts = []
    for n in range(records):
        names = [
            f"AU  - {rng.choice('ABCDEFGH')}{n % 997}berg, {rng.choice('KLM')}." for _ in "abc"
        ]
        abstract = " ".join(rng.choice(words.passages) for _ in range(3))
        parts.append(
            "\n".join(
                [
                    "TY  - JOUR",
                    *names,
                    f"TI  - {rng.choice(words.titles)} {n}",
                    f"JF  - Journal of {rng.choice(words.titles)}",
                    f"PY  - {rng.randint(1990, 2026)}/{rng.randint(1, 12):02}/01",
                    f"VL  - {n % 90}\nIS  - {n % 12}\nSP  - {n % 400}\nEP  - {n % 400 + 9}",
                    f"DO  - 10.1234/bench.{n}",
                    "KW  - trust\nKW  - alliances",
                    f"AB  - {abstract}",
                    "ER  - \n",
                ]
            )
        )
    return "\n".join(parts).encode()


def ours(content: bytes, folder: Path) -> int:
    """Import into a database of its own; return how many sources were added."""
    settings = Settings(data_dir=folder, database_url="", password_memory_kib=32)
    engine = make_engine(settings)
    upgrade(engine)
    with Session(engine) as session:
        begin_writing(session)
        user = add_user(session, UserCreate(email="a@example.org", name="A"), settings)
        review = add_review(session, user, ReviewCreate(slug="large", title="Large"))
        member = Member(review, user, MemberRole.OWNER)
        search = add_search(session, member, SearchCreate(database="MEDLINE"))
        wish = ImportWish(file_name="large.ris")
        answer = import_references(session, member, search, wish, content, folder)
        session.commit()
    engine.dispose()
    return answer.added


def bare(content: bytes, folder: Path) -> None:
    """Parse with rispy and insert the same sources and records, with nothing around it."""
    settings = Settings(data_dir=folder, database_url="")
    engine = make_engine(settings)
    upgrade(engine)
    engine.dispose()
    records = rispy.loads(content.decode())
    connection = sqlite3.connect(settings.data_dir / "retroduce.db")
    connection.executemany(INSERT_SOURCE, (_source(n, r) for n, r in enumerate(records, 1)))
    raws = content.decode().split("\n\n")
    hits = ((n, n, n, raw, f"{n:064}") for n, raw in enumerate(raws, 1))
    connection.executemany(INSERT_HIT, hits)
    connection.commit()
    connection.close()


def _source(n: int, record: dict[str, object]) -> tuple[object, ...]:
    named = ("authors", "volume", "number", "start_page", "end_page", "keywords")
    csl = json.dumps({name: record.get(name) for name in named[1:]})
    text = f"{record['title']} {record['authors']} {record['abstract']}".lower()
    return (1, n, f"key{n}", "article-journal", record["title"], json.dumps(record["authors"]),
        int(str(record["year"])[:4]), record["alternate_title3"], record["doi"], record["abstract"],
        csl, text, "2026-01-01 00:00:00")  # fmt: skip


def ris(databases: Sequence[Corpus]) -> Iterator[Line]:
    """Measure an import of many records, its time and how far memory rises."""
    count = min(RECORDS, databases[-1].shape.configurations)
    content = made_file(count)
    times = []
    for _ in range(2):
        with TemporaryDirectory() as one, TemporaryDirectory() as other:
            ours_took = seconds(partial(ours, content, Path(one)))
            times.append((ours_took, seconds(partial(bare, content, Path(other)))))
    best = min(time for time, _ in times), min(time for _, time in times)
    yield ratio_line(f"RIS import, {count:,} records", best, TARGET, "ours keeps history")
    with TemporaryDirectory() as folder:
        file = Path(folder) / "large.ris"
        file.write_bytes(content)
        command = [sys.executable, "-m", "benchmarks.references", str(file)]
        result = subprocess.run(command, check=True, capture_output=True)
    idle, peak = json.loads(result.stdout)
    title = f"RIS import, memory, {count:,} records"
    note = f"the file is {len(content) / 1e6:.0f} MB; idle {idle:.0f} MB"
    yield Line(title, f"{peak:.0f} MB", "-", peak, MEMORY_TARGET, "MB", note)


def main(file: Path) -> None:
    watch = Watch()
    watch.start()
    ours(file.read_bytes(), file.parent)
    print(json.dumps([watch.idle, watch.peak]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
