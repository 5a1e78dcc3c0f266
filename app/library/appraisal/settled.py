"""What a review holds a source to be: at one level, disputed, or not appraised.

A consensus stands; without one the appraisers do where all say the same; otherwise it is disputed.
What was judged of a duplicate before it was merged is judged of the source that stands for it.
So every source stands in exactly one place, and levels of a dimension add up to all sources.
"""

import re
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import AfterValidator
from sqlalchemy import ColumnElement, Subquery, and_, case, func, literal, not_, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.db import Line, Schema
from app.errors import FieldProblem, InvalidError
from app.library.appraisal.models import Appraisal, AppraisalForm, Dimension, FormWording
from app.library.appraisal.schemas import DISPUTED, LEVEL, NONE
from app.library.appraisal.shipped import SCALES
from app.library.models import Source

Numbers = ColumnElement[int] | InstrumentedAttribute[int]
LEVELS = re.compile(rf"{LEVEL}(,{LEVEL})*")


def _are_levels(text: str) -> str:
    if not LEVELS.fullmatch(text):
        raise ValueError("write levels with commas between, e.g. high,moderate; none, disputed")
    return text


Levels = Annotated[Line, AfterValidator(_are_levels)]


class AppraisalConditions(Schema):
    """How sources are asked for by what was judged of them; all conditions must hold."""

    relevance: Levels | None = None
    """Levels with commas: `high,moderate`; `none` is not appraised, `disputed` not settled."""
    theory_area: Line | None = None
    """To which theory area `relevance` is asked; by default to any."""
    richness: Levels | None = None
    rigour: Levels | None = None
    """Of a piece of evidence, where that was judged; of its source otherwise."""


def asked_levels(wish: AppraisalConditions) -> dict[Dimension, set[str]]:
    """Return the levels asked for by dimension; those not asked about are missing."""
    return {
        dimension: set(text.split(","))
        for dimension in Dimension
        if (text := getattr(wish, dimension.value)) is not None
    }


def check_levels(session: Session, review_id: int, wish: AppraisalConditions) -> None:
    """Refuse (422) levels that nothing here can have; asks nothing where none are asked for."""
    if wish.theory_area is not None and wish.relevance is None:
        said = "theory_area says to what relevance is asked; give relevance too"
        raise InvalidError(f"{said}.", fields=[FieldProblem("theory_area", said)])
    for dimension, levels in asked_levels(wish).items():
        known = [*known_levels(session, review_id, dimension), DISPUTED, NONE]
        for level in sorted(levels - set(known)):
            said = f"no level {level} of {dimension}; choose of {', '.join(known)}"
            raise InvalidError(f"{said}.", fields=[FieldProblem(dimension.value, said)])


def known_levels(session: Session, review_id: int, dimension: Dimension) -> list[str]:
    """Return every level of a dimension here, the best first: of forms, and used without one."""
    wordings = select(FormWording.levels).join(
        AppraisalForm,
        and_(
            AppraisalForm.review_id == FormWording.review_id,
            AppraisalForm.id == FormWording.form_id,
        ),
    )
    here = (AppraisalForm.review_id == review_id, AppraisalForm.dimension == dimension)
    rows = session.scalars(wordings.where(*here).order_by(FormWording.form_id, FormWording.n))
    of_forms = [said["level"] for levels in rows for said in levels]
    return list(dict.fromkeys([*SCALES[dimension], *of_forms]))


def survivors(session: Session, review_id: int) -> dict[int, int]:
    """Return the source that stands for each duplicate."""
    merged = select(Source.id, Source.merged_into_id).where(
        Source.review_id == review_id, Source.merged_into_id.is_not(None)
    )
    return {number: into for number, into in session.execute(merged) if into is not None}


def settled_sources(review_id: int, dimension: Dimension, area: str | None = None) -> Subquery:
    """Select source, theory area and level of every appraised source."""
    where = [Appraisal.dimension == dimension, Appraisal.configuration_id.is_(None)]
    if area is not None:
        where.append(Appraisal.theory_area == area)
    stands = func.coalesce(Source.merged_into_id, Appraisal.source_id).label("source_id")
    return _settled(review_id, [stands, Appraisal.theory_area], where)


def settled_pieces(review_id: int) -> Subquery:
    """Select configuration, n and level of the pieces of evidence whose own rigour was judged."""
    where = [Appraisal.dimension == Dimension.RIGOUR, Appraisal.configuration_id.is_not(None)]
    return _settled(review_id, [Appraisal.configuration_id, Appraisal.evidence_n], where)


def _settled(review_id: int, by: Sequence[Any], where: Sequence[ColumnElement[bool]]) -> Subquery:
    said = case((~Appraisal.is_consensus, Appraisal.level))
    settled = case((Appraisal.is_consensus, Appraisal.level))
    level = case(
        (func.min(settled) == func.max(settled), func.min(settled)),
        (func.max(settled).is_(None) & (func.min(said) == func.max(said)), func.min(said)),
        else_=literal(DISPUTED),
    ).label("level")
    of = and_(Source.review_id == Appraisal.review_id, Source.id == Appraisal.source_id)
    here = Appraisal.review_id == review_id
    found = select(*by, level).select_from(Appraisal).join(Source, of)
    return found.where(here, *where).group_by(*by).subquery()


def source_conditions(
    review_id: int, column: Numbers, wish: AppraisalConditions
) -> list[ColumnElement[bool]]:
    """Return what sources must fulfil, by a column that holds their numbers."""
    return [
        _stands(review_id, column, dimension, levels, wish.theory_area)
        for dimension, levels in asked_levels(wish).items()
    ]


def _stands(
    review_id: int,
    column: Numbers,
    dimension: Dimension,
    levels: set[str],
    theory_area: str | None,
) -> ColumnElement[bool]:
    area = theory_area if dimension is Dimension.RELEVANCE else None
    found = settled_sources(review_id, dimension, area)
    fits = column.in_(select(found.c.source_id).where(found.c.level.in_(sorted(levels))))
    return or_(fits, column.not_in(select(found.c.source_id))) if NONE in levels else fits


def evidence_conditions(
    review_id: int,
    source: Numbers,
    piece: tuple[Numbers, Numbers],
    wish: AppraisalConditions,
) -> list[ColumnElement[bool]]:
    """Return what evidence must fulfil, by columns of the work it counts as and of its own key.

    Where the rigour of the piece itself was judged, that stands before the source's.
    """
    rest = wish.model_copy(update={"rigour": None})
    found = source_conditions(review_id, source, rest)
    levels = asked_levels(wish).get(Dimension.RIGOUR)
    if levels is None:
        return found
    own = settled_pieces(review_id)
    every = select(own.c.configuration_id, own.c.evidence_n)
    fits = every.where(own.c.level.in_(sorted(levels)))
    by_source = _stands(review_id, source, Dimension.RIGOUR, levels, None)
    found.append(or_(tuple_(*piece).in_(fits), and_(not_(tuple_(*piece).in_(every)), by_source)))
    return found


def levels_of_sources(session: Session, review_id: int) -> dict[Dimension, dict[int, str]]:
    """Read where every appraised source stands; relevance to several areas as `trust: high; …`."""
    found: dict[Dimension, dict[int, str]] = {}
    for dimension in Dimension:
        table = settled_sources(review_id, dimension)
        rows = session.execute(
            select(table).order_by(table.c.source_id, func.coalesce(table.c.theory_area, ""))
        )
        said: dict[int, list[str]] = {}
        for source_id, area, level in rows:
            said.setdefault(source_id, []).append(f"{area}: {level}" if area else level)
        found[dimension] = {number: "; ".join(parts) for number, parts in said.items()}
    return found


def levels_of_evidence(session: Session, review_id: int) -> dict[tuple[int, int], str]:
    """Read the rigour of pieces of evidence that were judged themselves, by their key."""
    table = settled_pieces(review_id)
    return {(number, n): level for number, n, level in session.execute(select(table))}
