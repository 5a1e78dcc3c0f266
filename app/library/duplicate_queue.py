"""The queue of pairs: looking at them side by side, and deciding."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.db import NEXT_PAGE
from app.errors import ConflictError, NotFoundError
from app.history.reading import batched
from app.history.references import require_present
from app.library.duplicate_models import DuplicatePair, PairState
from app.library.duplicate_schemas import (
    Choice,
    Decision,
    PairFilter,
    PairPage,
    PairRead,
)
from app.library.filling import differing, richness
from app.library.merging import decide, merge_source, merged_into, open_pair
from app.library.models import Source
from app.library.schemas import SourceRead

_OWN = ("lower_id", "higher_id", "score", "reasons", "state", "by_program", "survivor_id",
    "filled", "decided_by", "decided_at", "created_at")  # fmt: skip


def described_sources(
    session: Session, review_id: int, sources: Sequence[Source]
) -> list[SourceRead]:
    """Describe sources of one review, each with the duplicates it stands for."""
    stands_for = merged_into(session, review_id, [source.id for source in sources])
    return [
        SourceRead.model_validate(source).model_copy(
            update={"merged": stands_for.get(source.id, [])}
        )
        for source in sources
    ]


def select_pairs(review_id: int, wish: PairFilter) -> Select[DuplicatePair]:
    """Select the pairs that fit, the surest first, then by number."""
    pair = DuplicatePair
    statement = select(pair).where(pair.review_id == review_id)
    if wish.state is not None:
        statement = statement.where(pair.state == wish.state)
    if wish.source_id is not None:
        either = or_(pair.lower_id == wish.source_id, pair.higher_id == wish.source_id)
        statement = statement.where(either)
    if wish.by_program is not None:
        statement = statement.where(pair.by_program == wish.by_program)
    if wish.min_score is not None:
        statement = statement.where(pair.score >= wish.min_score)
    return statement.order_by(pair.score.desc(), pair.lower_id, pair.higher_id)


def pair_page(session: Session, review_id: int, wish: PairFilter) -> PairPage:
    """Return one page of the pairs that fit, each with both sources."""
    statement = select_pairs(review_id, wish)
    if wish.after:
        score, lower, higher = wish.after.split(":")
        pair = DuplicatePair
        later = and_(pair.lower_id == int(lower), pair.higher_id > int(higher))
        beside = and_(pair.score == float(score), or_(pair.lower_id > int(lower), later))
        statement = statement.where(or_(pair.score < float(score), beside))
    rows = session.scalars(statement.limit(wish.limit + 1)).all()
    items = rows[: wish.limit]
    following = None
    if len(rows) > wish.limit:
        last = items[-1]
        following = f"{last.score:g}:{last.lower_id}:{last.higher_id}"
    session.info[NEXT_PAGE] = following
    return PairPage(items=described_pairs(session, review_id, items), next=following)


def described_pairs(
    session: Session, review_id: int, pairs: Sequence[DuplicatePair]
) -> list[PairRead]:
    """Describe pairs with both sources and the fields in which they differ."""
    numbers = sorted({n for pair in pairs for n in (pair.lower_id, pair.higher_id)})
    sources: dict[int, Source] = {}
    for some in batched(numbers):
        rows = select(Source).where(Source.review_id == review_id, Source.id.in_(some))
        sources |= {source.id: source for source in session.scalars(rows)}
    told = described_sources(session, review_id, list(sources.values()))
    shown = {source.id: source for source in told}
    return [_described(pair, sources, shown) for pair in pairs]


def _described(
    pair: DuplicatePair, sources: dict[int, Source], shown: dict[int, SourceRead]
) -> PairRead:
    lower, higher = sources[pair.lower_id], sources[pair.higher_id]
    return PairRead.model_validate(
        {name: getattr(pair, name) for name in _OWN}
        | {"differs": list(differing(lower, higher))}
        | {"proposed_survivor_id": _proposed(lower, higher, shown)}
        | {"lower": shown[lower.id], "higher": shown[higher.id]}
    )


def _proposed(lower: Source, higher: Source, shown: dict[int, SourceRead]) -> int:
    def weight(source: Source) -> tuple[bool, int, int]:
        return bool(shown[source.id].merged), richness(source), -source.id

    return max((lower, higher), key=weight).id


def find_pair(session: Session, review_id: int, one: int, other: int) -> DuplicatePair:
    """Return the pair of two sources, in whichever order; 404 when they were never one."""
    found = session.get(DuplicatePair, (review_id, min(one, other), max(one, other)))
    if found is None:
        raise NotFoundError(f"S{one} and S{other} are no pair; look for duplicates first.")
    return found


def decide_pairs(
    session: Session, member: Member, decisions: Iterable[Decision]
) -> list[DuplicatePair]:
    """Take decisions in their order, all or none; return their pairs."""
    return [_decide(session, member, decision) for decision in decisions]


def _decide(session: Session, member: Member, decision: Decision) -> DuplicatePair:
    numbers = (decision.source_id, decision.other_id)
    named = zip(("source_id", "other_id"), numbers, strict=True)
    require_present(session, Source, member.review_id, named)
    one, other = (session.get_one(Source, (member.review_id, number)) for number in numbers)
    if decision.choice is Choice.APART:
        return keep_apart(session, member, one, other)
    survivor, source = (one, other) if decision.survivor_id == one.id else (other, one)
    stands = merge_source(session, member, source, survivor.id)
    return open_pair(session, source, stands)


def keep_apart(session: Session, member: Member, one: Source, other: Source) -> DuplicatePair:
    """Say for good that two sources are two works, and the ones merged into them too."""
    for source in (one, other):
        if source.merged_into_id is not None:
            raise ConflictError(
                f"S{source.id} is merged into S{source.merged_into_id}; unmerge it first, or "
                f"decide on S{source.merged_into_id}."
            )
    pair = open_pair(session, one, other)
    if pair.state is not PairState.APART:
        decide(pair, PairState.APART, member.user.id)
        session.flush()
    return pair
