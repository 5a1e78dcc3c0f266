"""Reading programme theories with all their parts, and recommendations with what they rest on."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.db import Schema
from app.theory.evidence import evidence_of
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
    GroundRead,
    PropositionFields,
    PropositionRead,
    RecommendationRead,
    TheoryFields,
    TheoryRead,
    VerdictRead,
)


def select_theories(review_id: int) -> Select[Theory]:
    """Select the programme theories of a review; the caller orders and pages them."""
    return select(Theory).where(Theory.review_id == review_id)


def select_recommendations(review_id: int) -> Select[Recommendation]:
    """Select the recommendations of a review; the caller orders and pages them."""
    return select(Recommendation).where(Recommendation.review_id == review_id)


def read_theories(session: Session, theories: Sequence[Theory]) -> list[TheoryRead]:
    """Read theories of one review with their propositions, in the order given; four queries."""
    if not theories:
        return []
    review_id, numbers = theories[0].review_id, [theory.id for theory in theories]
    propositions: dict[int, list[PropositionRead]] = {}
    for read, theory_id in _propositions(session, review_id, numbers):
        propositions.setdefault(theory_id, []).append(read)
    fields = (*TheoryFields.model_fields, "id", "created_by", "created_at", "version")
    return [
        TheoryRead.model_validate(
            {
                **{name: getattr(theory, name) for name in fields},
                "propositions": propositions.get(theory.id, []),
            }
        )
        for theory in theories
    ]


def read_theory(session: Session, theory: Theory) -> TheoryRead:
    """Read one theory with its propositions."""
    return read_theories(session, [theory])[0]


def read_proposition(session: Session, proposition: Proposition) -> PropositionRead:
    """Read one proposition with its grounds, evidence and verdicts."""
    found = _propositions(session, proposition.review_id, [proposition.theory_id])
    return next(read for read, _ in found if read.n == proposition.n)


def read_recommendations(
    session: Session, recommendations: Sequence[Recommendation]
) -> list[RecommendationRead]:
    """Read recommendations of one review with the configurations they rest on."""
    if not recommendations:
        return []
    rests: dict[int, list[int]] = {}
    rows = session.execute(
        select(RecommendationGround.recommendation_id, RecommendationGround.configuration_id)
        .where(
            RecommendationGround.review_id == recommendations[0].review_id,
            RecommendationGround.recommendation_id.in_([row.id for row in recommendations]),
        )
        .order_by(RecommendationGround.recommendation_id, RecommendationGround.configuration_id)
    )
    for recommendation_id, configuration_id in rows:
        rests.setdefault(recommendation_id, []).append(configuration_id)
    reads = [RecommendationRead.model_validate(row) for row in recommendations]
    for read in reads:
        read.configurations = rests.get(read.id, [])
    return reads


def read_recommendation(session: Session, recommendation: Recommendation) -> RecommendationRead:
    """Read one recommendation."""
    return read_recommendations(session, [recommendation])[0]


def _propositions(
    session: Session, review_id: int, theories: Sequence[int]
) -> list[tuple[PropositionRead, int]]:
    grounds = _by_proposition(session, Ground, GroundRead, review_id, theories)
    verdicts = _by_proposition(session, PropositionVerdict, VerdictRead, review_id, theories)
    evidence = evidence_of(session, PropositionEvidence, review_id, theories)
    rows = session.scalars(
        select(Proposition)
        .where(Proposition.review_id == review_id, Proposition.theory_id.in_(theories))
        .order_by(Proposition.theory_id, Proposition.n)
    )
    fields = (*PropositionFields.model_fields, "n", "created_by", "created_at")
    return [
        (
            PropositionRead.model_validate(
                {
                    **{name: getattr(row, name) for name in fields},
                    "label": f"T{row.theory_id}.{row.n}",
                    "grounds": grounds.get((row.theory_id, row.n), []),
                    "evidence": evidence.get((row.theory_id, row.n), []),
                    "verdicts": verdicts.get((row.theory_id, row.n), []),
                }
            ),
            row.theory_id,
        )
        for row in rows
    ]


def _by_proposition(
    session: Session,
    model: type[Ground] | type[PropositionVerdict],
    schema: type[Schema],
    review_id: int,
    theories: Sequence[int],
) -> dict[tuple[int, int], list[Any]]:
    statement = (
        select(model.theory_id, model.proposition_n, model)
        .where(model.review_id == review_id, model.theory_id.in_(theories))
        .order_by(model.theory_id, model.proposition_n, model.n)
    )
    found: dict[tuple[int, int], list[Any]] = {}
    for theory_id, n, row in session.execute(statement):
        found.setdefault((theory_id, n), []).append(schema.model_validate(row))
    return found
