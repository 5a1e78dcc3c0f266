"""Merging sources: one stands for the other, nothing moves or is lost, and it can be taken back.

`merged_into_id` always names the source that stands for a duplicate at last, so that counting needs
no walk: what was merged into a duplicate before goes along with it. The way it came there, the
survivor of each decision, stands in `duplicate_pair`, and unmerging goes back along it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.db import now
from app.errors import ConflictError, FieldProblem, InvalidError, UndoConflictError
from app.history.references import require_present
from app.history.undoing import AFTER_UNDO
from app.library.duplicate_models import DuplicatePair, PairState
from app.library.filling import fill, take_out
from app.library.matching import Match, compare_records
from app.library.matching_fields import Reference
from app.library.models import Source


def reference(source: Source) -> Reference:
    """Return what of a source is compared."""
    return Reference(
        source.id,
        source.title,
        source.authors,
        source.year,
        source.container_title,
        source.doi,
        source.pmid,
        csl=source.csl,
    )


def merged_into(
    session: Session, review_id: int, numbers: Iterable[int] | None = None
) -> dict[int, list[int]]:
    """Return the numbers of the sources merged into each, of some survivors or of all."""
    statement = select(Source.merged_into_id, Source.id).where(
        Source.review_id == review_id, Source.merged_into_id.is_not(None)
    )
    if numbers is not None:
        statement = statement.where(Source.merged_into_id.in_(list(numbers)))
    found: dict[int, list[int]] = defaultdict(list)
    for into, number in session.execute(statement.order_by(Source.id)):
        if into is not None:
            found[into].append(number)
    return dict(found)


def merge_source(session: Session, member: Member, source: Source, into_id: int) -> Source:
    """Let another source, or the one that stands for it, stand for this one; return that.

    Raises `ConflictError` (409) when this one is merged already, or the other into this one.
    """
    require_present(session, Source, source.review_id, [("into_id", into_id)])
    if source.merged_into_id is not None:
        raise ConflictError(
            f"S{source.id} is merged into S{source.merged_into_id} already; unmerge it first.",
            extra={"merged_into_id": source.merged_into_id},
        )
    survivor = session.get_one(Source, (source.review_id, into_id))
    if survivor.merged_into_id == source.id:
        raise ConflictError(f"S{into_id} is merged into S{source.id} already; unmerge it first.")
    if survivor.merged_into_id is not None:
        survivor = session.get_one(Source, (source.review_id, survivor.merged_into_id))
    if survivor.id == source.id:
        message = "a source cannot stand for itself; name another"
        raise InvalidError(f"into_id: {message}.", fields=[FieldProblem("into_id", message)])
    pair = open_pair(session, source, survivor)
    parts = _sources(session, source.review_id, Source.merged_into_id == source.id)
    join(pair, source, survivor, parts)
    decide(pair, PairState.MERGED, member.user.id)
    settle_joined(session, source.review_id, survivor.id, member.user.id)
    session.flush()
    return survivor


def join(
    pair: DuplicatePair, source: Source, survivor: Source, parts: Iterable[Source] = ()
) -> None:
    """Merge two sources that stand for themselves; `parts` were merged into the first before."""
    for part in parts:
        part.merged_into_id = survivor.id
        part.version += 1
    source.merged_into_id = survivor.id
    source.version += 1
    pair.survivor_id = survivor.id
    pair.filled = fill(survivor, source) or None


def decide(
    pair: DuplicatePair, state: PairState, user_id: int | None, *, by_program: bool = False
) -> None:
    """Write down what was decided of a pair."""
    pair.state, pair.by_program = state, by_program
    pair.decided_by, pair.decided_at = user_id, now()


def open_pair(session: Session, one: Source, other: Source) -> DuplicatePair:
    """Return the pair of two sources, comparing them where nobody did before."""
    lower, higher = sorted((one.id, other.id))
    found = session.get(DuplicatePair, (one.review_id, lower, higher))
    if found is None:
        found = new_pair(one.review_id, compare_records(reference(one), reference(other)))
        session.add(found)
        session.flush()
    return found


def new_pair(review_id: int, match: Match) -> DuplicatePair:
    """Return a pair that waits for a decision, as comparing found it."""
    return DuplicatePair(
        review_id=review_id,
        lower_id=match.lower_id,
        higher_id=match.higher_id,
        score=match.score,
        reasons=list(match.reasons),
        state=PairState.SUGGESTED,
        by_program=False,
        survivor_id=None,
        filled=None,
        decided_by=None,
        decided_at=None,
    )


def settle_joined(session: Session, review_id: int, survivor_id: int, user_id: int | None) -> None:
    """Settle pairs that still waited although one source stands for both of them now."""
    group = [survivor_id, *merged_into(session, review_id, [survivor_id]).get(survivor_id, [])]
    for pair in pairs_within(session, review_id, group):
        if pair.state is PairState.SUGGESTED:
            decide(pair, PairState.MERGED, user_id)


def pairs_within(
    session: Session, review_id: int, numbers: Sequence[int]
) -> Sequence[DuplicatePair]:
    """Return the pairs whose two sources are both among some."""
    session.flush()
    return session.scalars(
        select(DuplicatePair).where(
            DuplicatePair.review_id == review_id,
            DuplicatePair.lower_id.in_(numbers),
            DuplicatePair.higher_id.in_(numbers),
        )
    ).all()


def unmerge_source(session: Session, member: Member, source: Source) -> Source:
    """Let a source stand for itself again, with what had been merged into it; it stays apart.

    What its survivor got from it is taken out there, unless it was changed since.
    """
    review_id, into = source.review_id, source.merged_into_id
    if into is None:
        raise ConflictError(f"S{source.id} is not merged into another source.")
    group = [into, *merged_into(session, review_id, [into])[into]]
    there = {one.id: one for one in _sources(session, review_id, Source.id.in_(group))}
    pairs = pairs_within(session, review_id, group)
    ways = {_duplicate_of(pair): pair for pair in pairs if pair.survivor_id is not None}
    own = {number for number in group if source.id in _way(number, ways)}
    _take_out_along(source, there, ways)
    for number in own:
        there[number].merged_into_id = None if number == source.id else source.id
        there[number].version += 1
    for pair in pairs:
        if (pair.lower_id in own) != (pair.higher_id in own):
            decide(pair, PairState.APART, member.user.id)
            pair.survivor_id = pair.filled = None
    session.flush()
    return source


def _duplicate_of(pair: DuplicatePair) -> int:
    return pair.higher_id if pair.survivor_id == pair.lower_id else pair.lower_id


def _way(number: int, ways: dict[int, DuplicatePair]) -> list[int]:
    """Return a source and those it was merged into, one after the other."""
    way = [number]
    while (pair := ways.get(way[-1])) and pair.survivor_id not in way:
        way.append(pair.survivor_id or 0)
    return way


def _take_out_along(
    source: Source, there: dict[int, Source], ways: dict[int, DuplicatePair]
) -> None:
    """Empty what a source filled in its survivor, and what went on from there."""
    names: set[str] | None = None
    for number in _way(source.id, ways)[:-1]:
        pair = ways[number]
        given = set(pair.filled or ()) if names is None else set(pair.filled or ()) & names
        survivor = there.get(pair.survivor_id or 0)
        if not given or survivor is None:
            return
        names = set(take_out(survivor, source, sorted(given)))
        pair.filled = [name for name in pair.filled or () if name not in names] or None


def _sources(session: Session, review_id: int, condition: ColumnElement[bool]) -> Sequence[Source]:
    session.flush()
    return session.scalars(select(Source).where(Source.review_id == review_id, condition)).all()


def refuse_unsteady(session: Session, review_id: int) -> None:
    """Refuse to take back what would leave a source merged into one that is merged itself."""
    into = merged_into(session, review_id)
    inner = sorted(number for some in into.values() for number in some if number in into)
    if inner:
        raise UndoConflictError(
            f"Taking this back would leave sources merged into S{inner[0]}, which is merged "
            "itself; unmerge it first."
        )


AFTER_UNDO.append(refuse_unsteady)
