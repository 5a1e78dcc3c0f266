"""Databases to measure on: seeded, realistic, built by the migrations, kept for the next run."""

import json
import sqlite3
import time
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from random import Random

from sqlalchemy.orm import Session

from app.access.models import Review
from app.access.reviews import add_review
from app.access.schemas import ReviewCreate, TokenCreate, UserCreate
from app.access.service import add_user, issue_token
from app.config import Settings, shipped
from app.db import begin_writing, make_engine
from app.migrations import upgrade
from benchmarks.rows import write_review
from benchmarks.words import Words

GENERATOR = 3  # counts up whenever the same seed would give other rows
SEED = 20_210
EVIDENCE_EACH = 5

LARGE = "large"
MATRIX = "five-thousand"
TABLE = "twenty-thousand"


@dataclass(frozen=True, slots=True)
class Shape:
    """How many configurations each review of a database holds."""

    name: str
    sizes: dict[str, int]

    @property
    def configurations(self) -> int:
        """Configurations in all reviews together."""
        return sum(self.sizes.values())

    @property
    def evidence(self) -> int:
        """Pieces of evidence in all reviews together."""
        return self.configurations * EVIDENCE_EACH


def _spread(total: int, reviews: int) -> dict[str, int]:
    """Share configurations among reviews, few large and many small."""
    weights = [1 / (rank + 3) for rank in range(reviews)]
    sizes = [max(int(total * weight / sum(weights)), 1) for weight in weights]
    sizes[0] += total - sum(sizes)
    return {f"review-{number:02}": size for number, size in enumerate(sizes, 1)}


def step(configurations: int, name: str) -> Shape:
    """Return a database whose large review holds half of everything: one step of growth."""
    half = configurations // 2
    return Shape(name, {LARGE: half} | _spread(configurations - half, 20))


SHAPES = {
    "full": (
        step(2_000, "step-1"),
        step(20_000, "step-2"),
        Shape("main", {LARGE: 100_000, MATRIX: 5_000, TABLE: 20_000} | _spread(75_000, 50)),
    ),
    "small": (
        step(80, "step-1"),
        step(400, "step-2"),
        Shape("main", {LARGE: 1_000, MATRIX: 250, TABLE: 300} | _spread(450, 10)),
    ),
}
"""Per scale, the steps of growth; the last is the database every other scenario uses."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """A generated database, and the token that opens every review in it."""

    shape: Shape
    folder: Path
    token: str

    @property
    def settings(self) -> Settings:
        """Settings of an installation that runs on this database."""
        return Settings(data_dir=self.folder, database_url="", log_level="WARNING")

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.folder / "retroduce.db"


def corpora(scale: str, keep: Path) -> list[Corpus]:
    """Return the databases of a scale, making those that are not in `keep` yet."""
    return [_kept(shape, keep / f"bench-{scale}-{_version()}") for shape in SHAPES[scale]]


def _version() -> str:
    """Name what the rows and the schema depend on: the generator and every migration's text."""
    migrations = sorted((shipped("alembic") / "versions").glob("*.py"))
    schema = sha256(b"".join(path.read_bytes() for path in migrations)).hexdigest()
    return f"{GENERATOR}-{schema[:8]}"


def _kept(shape: Shape, parent: Path) -> Corpus:
    folder = parent / shape.name
    done = folder / "corpus.json"
    if not done.exists():
        started = time.perf_counter()
        token = build(shape, folder)
        took = time.perf_counter() - started
        done.write_text(json.dumps({"token": token, "seconds": round(took, 1)}), encoding="utf-8")
        print(f"made {folder}: {shape.evidence:,} pieces of evidence in {took:.0f} s", flush=True)
    return Corpus(shape, folder, json.loads(done.read_text(encoding="utf-8"))["token"])


def build(shape: Shape, folder: Path) -> str:
    """Write a whole database into a folder and return the token that reads it."""
    folder.mkdir(parents=True, exist_ok=True)
    for rest in folder.glob("retroduce.db*"):
        rest.unlink()
    settings = Settings(data_dir=folder, database_url="")
    engine = make_engine(settings)
    upgrade(engine)
    with Session(engine) as session:
        begin_writing(session)
        user = add_user(session, UserCreate(email="reader@example.org", name="Reader"), settings)
        reviews = {
            add_review(session, user, ReviewCreate(slug=slug, title=f"Review {slug}")).id: size
            for slug, size in shape.sizes.items()
        }
        token = issue_token(session, user, TokenCreate(name="benchmark", days=None))[1]
        user_id = user.id
        session.commit()
    engine.dispose()
    _fill(settings, reviews, user_id)
    return token


def _fill(settings: Settings, reviews: dict[int, int], user_id: int) -> None:
    """Write the rows straight into the file: no history, no checks, one transaction."""
    connection = sqlite3.connect(settings.data_dir / "retroduce.db", isolation_level=None)
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "foreign_keys=OFF", "cache_size=-262144"):
        connection.execute(f"PRAGMA {pragma}")
    words = Words(Random(SEED))
    connection.execute("BEGIN")
    for review_id, size in reviews.items():
        write_review(connection, review_id, size, user_id, words)
    connection.execute("COMMIT")
    connection.close()


def review_of(session: Session, slug: str) -> Review:
    """Return a review of a corpus by its slug."""
    return session.query(Review).filter(Review.slug == slug).one()
