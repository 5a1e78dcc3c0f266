"""The two steps of an import: look what an archive would bring, then let it in."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from app.access.models import Membership, Review, UserAccount
from app.access.policy import Right, require
from app.access.schemas import Slug
from app.collecting import collecting_seldom
from app.config import Settings
from app.db import Schema
from app.errors import GoneError, NotFoundError
from app.exchange.archive.comparing import Comparison, compare
from app.exchange.archive.export import Progress, no_progress
from app.exchange.archive.importing import Wish, find_review, keep_files, refuse_unfit, take_in
from app.exchange.archive.staging import Staged, stage_archive
from app.exchange.archive.updating import OnConflict, update_review


class ArchiveWish(Schema):
    """How an archive is to come in."""

    slug: Slug | None = None
    """Another slug than the archive's, for a review that is new here."""
    as_copy: bool = False
    """Make a review apart even if the archive's is here already."""
    on_conflict: OnConflict = OnConflict.REFUSE
    """What to do where both sides changed a thing: refuse all, keep ours, take theirs."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did, or would do."""

    slug: str
    title: str
    is_new: bool
    counts: dict[str, dict[str, int]]
    conflicts: list[str]
    change_sets_left: int

    def result(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "slug": self.slug,
            "title": self.title,
            "is_new": self.is_new,
            "counts": self.counts,
            "conflicts": self.conflicts,
            "change_sets_left": self.change_sets_left,
        }


@contextmanager
def staging(
    archive: Path, settings: Settings, progress: Progress = no_progress
) -> Iterator[Staged]:
    """Check and stage an archive in a folder that is gone afterwards, whatever happens."""
    settings.staging_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = Path(tempfile.mkdtemp(prefix="import-", dir=settings.staging_dir))
    try:
        yield stage_archive(archive, folder, settings, progress)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def preview(session: Session, staged: Staged, user: UserAccount, wish: ArchiveWish) -> Outcome:
    """Say what an import would do; nothing is written."""
    review = None if wish.as_copy else _own_review(session, staged, user)
    if review is None:
        return _new(staged, wish.slug or str(staged.review["slug"]))
    return _updated(review, compare(session, review.id, staged))


def let_in(
    session: Session,
    staged: Staged,
    user: UserAccount,
    wish: ArchiveWish,
    reason: str | None = None,
) -> Outcome:
    """Write a staged archive, all or nothing; its documents must have been kept.

    Raises `TakenError`, `ArchiveConflictError`, `ForbiddenError`, or `ArchiveError` where the rows
    break a rule of the tables.
    """
    review = None if wish.as_copy else _own_review(session, staged, user)
    try:
        with collecting_seldom():
            if review is None:
                made = take_in(session, staged, user, Wish(wish.slug, wish.as_copy, reason))
                return _new(staged, made.slug)
            return _updated(review, update_review(session, review, staged, user, wish.on_conflict))
    except (IntegrityError, DataError) as error:
        raise refuse_unfit(staged, error) from error


def import_archive(
    session: Session,
    archive: Path,
    user: UserAccount,
    settings: Settings,
    reason: str | None = None,
) -> Review:
    """Check an archive and let it in at once, in the caller's transaction; for small ones."""
    with staging(archive, settings) as staged:
        keep_files(staged, settings.files_dir)
        outcome = let_in(session, staged, user, ArchiveWish(), reason)
    return find_own(session, outcome.slug)


def find_own(session: Session, slug: str) -> Review:
    """Return the review that an import just wrote."""
    return session.scalars(select(Review).where(Review.slug == slug)).one()


def _own_review(session: Session, staged: Staged, user: UserAccount) -> Review | None:
    """Return the archive's review if it is here, locked; one must be its editor to change it."""
    found = find_review(session, staged)
    if found is None:
        return None
    seat = session.get(Membership, (found.id, user.id))
    if seat is None:
        raise NotFoundError(
            "The review of this archive is here already and you are not a member of it; ask an "
            "owner to let you in, or import the archive as a copy."
        )
    require(seat.role, Right.IMPORT)
    if found.deleted_at:
        raise GoneError(f"The review {found.slug} was deleted here; an owner can restore it.")
    return session.get(Review, found.id, with_for_update=True, populate_existing=True)


def _new(staged: Staged, slug: str) -> Outcome:
    counts = {name: {"new": count} for name, count in staged.counts.items() if count}
    return Outcome(slug, str(staged.review["title"]), True, counts, [], 0)


def _updated(review: Review, comparison: Comparison) -> Outcome:
    return Outcome(
        review.slug,
        review.title,
        False,
        comparison.counts(),
        comparison.conflicts,
        comparison.left_in_archive,
    )
