"""Which configurations and evidence of a review a question takes in, as marks on its columns."""

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.synthesis.columns import ROLES, Columns, Mask
from app.theory.filters import (
    ConfigurationFilter,
    check_filter,
    concepts_of,
    conditions,
    evidence_conditions,
)
from app.theory.models import Configuration, Evidence
from app.theory.vocabulary import MECHANISM_ROLES

ANSWERED_HERE = {"through", "counted"}


def choose(session: Session, review_id: int, wish: ConfigurationFilter, columns: Columns) -> Mask:
    """Mark the configurations that fit and count by default; filters run where lists run them."""
    asked = wish.model_dump(include=set(ConfigurationFilter.model_fields), exclude_defaults=True)
    if asked.keys() <= ANSWERED_HERE:
        return columns.is_counted & _go_through(columns, wish)
    check_filter(session, review_id, wish)
    where = conditions(review_id, wish, columns.tree)
    numbers = list(session.scalars(select(Configuration.id).where(*where)))
    is_fit = np.zeros(len(columns.configuration), bool)
    is_fit[columns.rows_of(np.array(numbers, np.int64))] = True
    return columns.is_counted & is_fit


def _go_through(columns: Columns, wish: ConfigurationFilter) -> Mask:
    if not wish.through:
        return np.ones(len(columns.configuration), bool)
    is_way = np.isin(columns.role, [ROLES[role] for role in MECHANISM_ROLES])
    is_way &= np.isin(columns.concept, sorted(concepts_of(wish.through, columns.tree)))
    found = np.zeros(len(columns.configuration), bool)
    found[columns.element_of[is_way]] = True
    return found


def choose_evidence(
    session: Session, review_id: int, wish: ConfigurationFilter, columns: Columns
) -> Mask | None:
    """Mark the evidence that fits, or return None when all of it does."""
    where = evidence_conditions(review_id, wish)
    if not where:
        return None
    keys = session.execute(
        select(Evidence.configuration_id, Evidence.n).where(Evidence.review_id == review_id, *where)
    ).all()
    is_fit = np.zeros(len(columns.evidence_of), bool)
    is_fit[columns.evidence_rows(np.array(keys, np.int64).reshape(-1, 2))] = True
    return is_fit
