"""Checking decisions: a second person looks at all of them or at a share drawn by a seed."""

import hashlib
import math
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.db import next_part
from app.errors import ConflictError
from app.library.screening import require_visible, visible_to
from app.library.screening_models import Decision, DecisionCheck, Stage
from app.library.screening_schemas import CheckCreate, SampleWish


def check_decision(
    session: Session, member: Member, decision: Decision, wish: CheckCreate
) -> DecisionCheck:
    """Write down whether one agrees with another's decision, and what it said then."""
    require_visible(session, member, decision)
    if decision.screener_id == member.user.id:
        raise ConflictError(f"N{decision.id} is your own decision; somebody else must check it.")
    check = DecisionCheck(
        review_id=decision.review_id,
        decision_id=decision.id,
        n=next_part(decision, "last_check"),
        checker_id=member.user.id,
        verdict=decision.verdict,
        reason_id=decision.reason_id,
        **wish.model_dump(),
    )
    decision.version += 1
    session.add(check)
    session.flush()
    return check


def checks_of(session: Session, review_id: int, decision_id: int) -> Sequence[DecisionCheck]:
    """Return the checks of a decision in their order."""
    here = (DecisionCheck.review_id == review_id, DecisionCheck.decision_id == decision_id)
    return session.scalars(select(DecisionCheck).where(*here).order_by(DecisionCheck.n)).all()


def sample(session: Session, member: Member, stage: Stage, wish: SampleWish) -> list[Decision]:
    """Draw the decisions of a stage to check, by number; what was settled is among them.

    They are ranked by the sha256 of seed and number, so the same seed draws the same again, and a
    larger share holds the smaller one. Of a share the next whole number is drawn.
    """
    here = (Decision.review_id == stage.review_id, Decision.stage_id == stage.id)
    statement = select(Decision).where(*here, visible_to(member.user.id))
    found = session.scalars(statement).all()
    ranked = sorted(found, key=lambda decision: _rank(wish.seed, decision.id))
    drawn = ranked[: math.ceil(round(wish.share * len(ranked), 6))]
    if wish.unchecked:
        checked = valid_checks(session, stage.review_id)
        drawn = [decision for decision in drawn if decision.id not in checked]
    return sorted(drawn, key=lambda decision: decision.id)


def _rank(seed: int, number: int) -> str:
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()


def valid_checks(session: Session, review_id: int) -> dict[int, bool]:
    """Return, for every decision checked since it last changed, what the last check said."""
    pairs = (
        select(DecisionCheck.decision_id, DecisionCheck.agrees)
        .join(
            Decision,
            (Decision.review_id == DecisionCheck.review_id)
            & (Decision.id == DecisionCheck.decision_id),
        )
        .where(DecisionCheck.review_id == review_id, DecisionCheck.verdict == Decision.verdict)
        .where(DecisionCheck.reason_id.is_not_distinct_from(Decision.reason_id))
        .order_by(DecisionCheck.decision_id, DecisionCheck.n)
    )
    return dict(session.execute(pairs).all())
