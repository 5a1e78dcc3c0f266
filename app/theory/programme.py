"""Verbs on programme theories: propositions, what they stand on, verdicts, recommendations."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.coding.models import Memo
from app.db import next_part, take_numbers
from app.errors import FieldProblem, NotFoundError, StillInUseError
from app.history.recording import delete_many, insert_many
from app.history.references import require_unused
from app.theory.evidence import Tie, add_evidence, remove_evidence
from app.theory.models import Configuration
from app.theory.programme_models import (
    Ground,
    Proposition,
    PropositionEvidence,
    PropositionVerdict,
    Recommendation,
    RecommendationGround,
    Theory,
)
from app.theory.programme_schemas import (
    GroundCreate,
    PropositionCreate,
    PropositionUpdate,
    RecommendationCreate,
    RecommendationUpdate,
    TheoryCreate,
    TheoryUpdate,
    VerdictCreate,
)
from app.theory.references import References, assign, refuse
from app.theory.schemas import EvidenceBody

_PARTS = (Ground, PropositionEvidence, PropositionVerdict)


def add_theory(session: Session, member: Member, wish: TheoryCreate) -> Theory:
    """Add a theory with its propositions; 422 names `propositions.0.evidence.1.quote_id`."""
    references = References(session, member.review_id)
    references.add(Theory, wish.refines_id, "refines_id")
    references.check()
    theory = Theory(
        review_id=member.review_id,
        id=take_numbers(session, member.review_id, "T"),
        **wish.model_dump(exclude={"propositions"}),
        last_proposition=0,
        created_by=member.user.id,
        version=1,
    )
    session.add(theory)
    session.flush()
    places = [(f"propositions.{i}.", body) for i, body in enumerate(wish.propositions)]
    _add_propositions(session, member, theory, places)
    session.flush()
    return theory


def change_theory(session: Session, theory: Theory, wish: TheoryUpdate) -> Theory:
    """Change what is said of a theory; it cannot refine itself, not even by way of others."""
    values = wish.model_dump(exclude_unset=True)
    references = References(session, theory.review_id)
    references.add(Theory, values.get("refines_id"), "refines_id")
    references.check()
    _refuse_circle(session, theory, values.get("refines_id"))
    assign(theory, values)
    return _raised(session, theory)


def delete_theory(session: Session, theory: Theory) -> None:
    """Delete a theory with its propositions; 409 names what refines it or follows from it."""
    require_unused(session, theory)
    for part in (*_PARTS, Proposition):
        owned = (part.review_id == theory.review_id, part.theory_id == theory.id)
        delete_many(session, part, owned)
    session.delete(theory)
    session.flush()


def find_proposition(session: Session, theory: Theory, n: int) -> Proposition:
    """Return a proposition, or say that there is none of that number."""
    found = session.get(Proposition, (theory.review_id, theory.id, n))
    if found is None:
        raise NotFoundError(f"There is no proposition T{theory.id}.{n}.")
    return found


def add_proposition(
    session: Session, member: Member, theory: Theory, wish: PropositionCreate
) -> Proposition:
    """Add a proposition under the next n; it may come before any source."""
    [proposition] = _add_propositions(session, member, theory, [("", wish)])
    _raised(session, theory)
    return proposition


def change_proposition(
    session: Session, theory: Theory, n: int, wish: PropositionUpdate
) -> Proposition:
    """Change a proposition; what became of it is said by a verdict."""
    proposition = find_proposition(session, theory, n)
    assign(proposition, wish.model_dump(exclude_unset=True))
    _raised(session, theory)
    return proposition


def remove_proposition(session: Session, theory: Theory, n: int) -> None:
    """Remove a proposition nobody has judged yet; 409 for one with verdicts, which stay."""
    proposition = find_proposition(session, theory, n)
    key = _key(proposition)
    judged = session.scalars(select(PropositionVerdict.n).where(*_of(PropositionVerdict, key)))
    if judged.first() is not None:
        raise StillInUseError(
            f"T{theory.id}.{n} has verdicts, which are never deleted; "
            "give it the verdict retired instead."
        )
    for part in (Ground, PropositionEvidence):
        delete_many(session, part, _of(part, key))
    session.delete(proposition)
    session.flush()
    _raised(session, theory)


def add_ground(session: Session, theory: Theory, n: int, wish: GroundCreate) -> Ground:
    """Let a proposition stand on a configuration or memo, or be spoken against by one."""
    proposition = find_proposition(session, theory, n)
    _check_grounds(session, theory.review_id, [("", wish)])
    ground = Ground(**_key(proposition), n=_next(proposition), **wish.model_dump())
    session.add(ground)
    _raised(session, theory)
    return ground


def remove_ground(session: Session, theory: Theory, n: int, part: int) -> None:
    """Remove a ground of a proposition."""
    key = _key(find_proposition(session, theory, n))
    ground = session.get(Ground, (*key.values(), part))
    if ground is None:
        raise NotFoundError(f"There is no ground {part} of T{theory.id}.{n}.")
    session.delete(ground)
    session.flush()
    _raised(session, theory)


def add_verdict(
    session: Session, member: Member, theory: Theory, n: int, wish: VerdictCreate
) -> PropositionVerdict:
    """Judge a proposition; earlier verdicts stay."""
    proposition = find_proposition(session, theory, n)
    verdict = PropositionVerdict(**_verdict(member, proposition, wish))
    session.add(verdict)
    _raised(session, theory)
    return verdict


def tie_proposition_evidence(
    session: Session, member: Member, theory: Theory, n: int, body: EvidenceBody
) -> int:
    """Add evidence to a proposition and return its n."""
    proposition = find_proposition(session, theory, n)
    [part] = add_evidence(session, member, [Tie(proposition, "", body)])
    _raised(session, theory)
    return part


def untie_proposition_evidence(session: Session, theory: Theory, n: int, part: int) -> None:
    """Remove a piece of evidence of a proposition; its quote stays."""
    remove_evidence(session, find_proposition(session, theory, n), part)
    _raised(session, theory)


def add_recommendation(
    session: Session, member: Member, wish: RecommendationCreate
) -> Recommendation:
    """Add what somebody should do, with the configurations it rests on."""
    _check_recommendation(session, member.review_id, wish)
    recommendation = Recommendation(
        review_id=member.review_id,
        id=take_numbers(session, member.review_id, "R"),
        **wish.model_dump(exclude={"configurations"}),
        created_by=member.user.id,
        version=1,
    )
    session.add(recommendation)
    session.flush()
    _set_configurations(session, recommendation, wish.configurations)
    return recommendation


def change_recommendation(
    session: Session, recommendation: Recommendation, wish: RecommendationUpdate
) -> Recommendation:
    """Change a recommendation; `configurations` replaces those it rests on."""
    _check_recommendation(session, recommendation.review_id, wish)
    assign(recommendation, wish.model_dump(exclude_unset=True, exclude={"configurations"}))
    if "configurations" in wish.model_fields_set:
        _set_configurations(session, recommendation, wish.configurations)
    recommendation.version += 1
    session.flush()
    return recommendation


def delete_recommendation(session: Session, recommendation: Recommendation) -> None:
    """Delete a recommendation."""
    delete_many(session, RecommendationGround, _rests(recommendation))
    session.delete(recommendation)
    session.flush()


def _raised(session: Session, theory: Theory) -> Theory:
    theory.version += 1
    session.flush()
    return theory


def _key(proposition: Proposition) -> dict[str, int]:
    return {
        "review_id": proposition.review_id,
        "theory_id": proposition.theory_id,
        "proposition_n": proposition.n,
    }


def _of(
    part: type[Ground] | type[PropositionEvidence] | type[PropositionVerdict], key: dict[str, int]
) -> list[Any]:
    return [
        part.review_id == key["review_id"],
        part.theory_id == key["theory_id"],
        part.proposition_n == key["proposition_n"],
    ]


def _next(proposition: Proposition) -> int:
    return next_part(proposition, "last_part")


def _add_propositions(
    session: Session,
    member: Member,
    theory: Theory,
    wishes: Sequence[tuple[str, PropositionCreate]],
) -> list[Proposition]:
    added = [_proposition(member, theory, wish) for _, wish in wishes]
    grounds, verdicts, ties = [], [], []
    for proposition, (place, wish) in zip(added, wishes, strict=True):
        for i, ground in enumerate(wish.grounds):
            grounds.append((f"{place}grounds.{i}.", proposition, ground))
        verdicts += [_verdict(member, proposition, verdict) for verdict in wish.verdicts]
        for i, body in enumerate(wish.evidence):
            ties.append(Tie(proposition, f"{place}evidence.{i}.", body))
    _check_grounds(session, theory.review_id, [(place, wish) for place, _, wish in grounds])
    rows = [{**_key(of), "n": _next(of), **wish.model_dump()} for _, of, wish in grounds]
    session.add_all(added)
    session.flush()
    insert_many(session, Ground, rows)
    insert_many(session, PropositionVerdict, verdicts)
    add_evidence(session, member, ties)
    session.flush()
    return added


def _proposition(member: Member, theory: Theory, wish: PropositionCreate) -> Proposition:
    return Proposition(
        review_id=theory.review_id,
        theory_id=theory.id,
        n=next_part(theory, "last_proposition"),
        **wish.model_dump(exclude={"grounds", "evidence", "verdicts"}),
        last_part=0,
        created_by=member.user.id,
    )


def _verdict(member: Member, proposition: Proposition, wish: VerdictCreate) -> dict[str, Any]:
    parts = {"n": _next(proposition), "created_by": member.user.id}
    return {**_key(proposition), **wish.model_dump(), **parts}


def _check_grounds(
    session: Session, review_id: int, wishes: Sequence[tuple[str, GroundCreate]]
) -> None:
    references = References(session, review_id)
    for place, wish in wishes:
        references.add(Configuration, wish.configuration_id, f"{place}configuration_id")
        references.add(Memo, wish.memo_id, f"{place}memo_id")
    references.check()


def _refuse_circle(session: Session, theory: Theory, refines_id: int | None) -> None:
    seen: set[int] = set()
    number = refines_id
    while number is not None and number not in seen:
        if number == theory.id:
            message = f"T{theory.id} would refine itself; choose a theory that does not come of it"
            refuse([FieldProblem("refines_id", message)])
        seen.add(number)
        row = session.get(Theory, (theory.review_id, number))
        number = row.refines_id if row else None


def _check_recommendation(
    session: Session, review_id: int, wish: RecommendationCreate | RecommendationUpdate
) -> None:
    references = References(session, review_id)
    references.add(Theory, wish.theory_id, "theory_id")
    for i, number in enumerate(wish.configurations):
        references.add(Configuration, number, f"configurations.{i}")
    references.check()


def _rests(recommendation: Recommendation) -> list[Any]:
    return [
        RecommendationGround.review_id == recommendation.review_id,
        RecommendationGround.recommendation_id == recommendation.id,
    ]


def _set_configurations(
    session: Session, recommendation: Recommendation, numbers: Sequence[int]
) -> None:
    number_column = RecommendationGround.configuration_id
    before = set(session.scalars(select(number_column).where(*_rests(recommendation))))
    gone = number_column.in_(sorted(before - set(numbers)))
    delete_many(session, RecommendationGround, [*_rests(recommendation), gone])
    key = {"review_id": recommendation.review_id, "recommendation_id": recommendation.id}
    rows = [{**key, "configuration_id": number} for number in sorted(set(numbers) - before)]
    insert_many(session, RecommendationGround, rows)
