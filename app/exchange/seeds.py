"""The reviews that travel with the code: which there are, and letting one in."""

from pathlib import Path

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.models import Review, UserAccount
from app.config import Settings, shipped
from app.db import Line, Prose, Schema
from app.errors import NotFoundError
from app.exchange.archive.arriving import ArchiveWish, find_own, let_in, staging
from app.exchange.archive.importing import keep_files


class SeedRead(Schema):
    """A review that is shipped, ready to be let in."""

    name: Line
    title: Line
    question: Prose | None


def shipped_reviews() -> list[SeedRead]:
    """Return the shipped reviews, by name."""
    return [_told(path) for path in sorted(shipped("seeds").glob("*/review.json"))]


def _told(path: Path) -> SeedRead:
    said = orjson.loads(path.read_bytes())
    return SeedRead(name=path.parent.name, title=said["title"], question=said.get("question"))


def load_seed(session: Session, name: str, user: UserAccount, settings: Settings) -> Review:
    """Let a shipped review in as the user's own, under its name or the next free one after it."""
    names = [seed.name for seed in shipped_reviews()]
    if name not in names:
        raise NotFoundError(f"No review is shipped as {name}; there are {', '.join(names)}.")
    with staging(shipped("seeds") / name, settings) as staged:
        keep_files(staged, settings.files_dir)
        wish = ArchiveWish(slug=_free(session, name), as_copy=True)
        outcome = let_in(session, staged, user, wish, f"seed {name}")
    return find_own(session, outcome.slug)


def _free(session: Session, name: str) -> str:
    taken = set(session.scalars(select(Review.slug).where(Review.slug.startswith(name))))
    numbered = (f"{name}-{n}" for n in range(2, len(taken) + 3))
    return next(slug for slug in (name, *numbered) if slug not in taken)
