"""Where appraisers differ, how far they agree, and how many sources stand at each level."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db import PageWish
from app.history.reading import load
from app.library.appraisal.agreement import (
    by_pair,
    cohens_kappa,
    compared,
    ordinal_alpha,
    raw_agreement,
)
from app.library.appraisal.forms import newest_wording
from app.library.appraisal.judging import SUBJECT, subject_of
from app.library.appraisal.models import Appraisal, AppraisalForm, Dimension
from app.library.appraisal.schemas import (
    DISPUTED,
    NONE,
    AgreementRead,
    AgreementWish,
    DimensionLevels,
    Disagreement,
    DisagreementWish,
    LevelCount,
    Opinion,
    PairAgreement,
)
from app.library.appraisal.settled import known_levels, settled_sources, survivors
from app.library.appraisal.shipped import SCALES
from app.library.models import Source

Subject = tuple[Any, ...]


class LevelsWish(PageWish):
    """To which theory area relevance is counted; by default to the review as a whole or any."""

    theory_area: str | None = None


def disagreements(session: Session, review_id: int, wish: DisagreementWish) -> list[Disagreement]:
    """List the subjects whose appraisers differ, settled or not, by dimension and source."""
    where = [Appraisal.review_id == review_id]
    if wish.dimension is not None:
        where.append(Appraisal.dimension == wish.dimension)
    subjects: dict[Subject, list[Appraisal]] = defaultdict(list)
    stands = survivors(session, review_id)
    for appraisal in session.scalars(select(Appraisal).where(*where).order_by(Appraisal.id)):
        subjects[subject_of(appraisal, stands)].append(appraisal)
    found = [_compare(subject, said) for subject, said in subjects.items()]
    return [
        one
        for one in sorted(found, key=_place)
        if len({opinion.level for opinion in one.opinions}) > 1
        and wish.settled in {None, one.consensus is not None}
    ]


def _compare(subject: Subject, said: Sequence[Appraisal]) -> Disagreement:
    opinions = [
        (a.is_consensus, Opinion(appraisal=a.id, created_by=a.created_by, level=a.level))
        for a in said
    ]
    return Disagreement(
        **dict(zip(SUBJECT, subject, strict=True)),
        opinions=[opinion for is_consensus, opinion in opinions if not is_consensus],
        consensus=next((opinion for is_consensus, opinion in opinions if is_consensus), None),
    )


def _place(one: Disagreement) -> tuple[str, int, str, int, int]:
    of = (one.configuration_id or 0, one.evidence_n or 0)
    return (one.dimension, one.source_id, one.theory_area or "", *of)


def agreement(session: Session, review_id: int, wish: AgreementWish) -> AgreementRead:
    """Compute how far appraisers agree on a dimension, on one scale of levels."""
    where = [
        Appraisal.review_id == review_id,
        Appraisal.dimension == wish.dimension,
        ~Appraisal.is_consensus,
        Appraisal.created_by.is_not(None),
        *(
            getattr(Appraisal, name) == getattr(wish, name)
            for name in ("theory_area", "form_id")
            if getattr(wish, name) is not None
        ),
    ]
    said = session.scalars(select(Appraisal).where(*where).order_by(Appraisal.id)).all()
    scale = _scale(session, review_id, wish, said)
    place = {level: n for n, level in enumerate(scale)}
    stands = survivors(session, review_id)
    subjects: dict[Subject, dict[int, int]] = defaultdict(dict)
    for appraisal in said:
        if appraisal.created_by is not None and appraisal.level in place:
            subject = subject_of(appraisal, stands)
            subjects[subject][appraisal.created_by] = place[appraisal.level]
    units = compared(subjects.values())
    return AgreementRead(
        dimension=wish.dimension,
        scale=scale,
        subjects=len(units),
        left_out=sum(appraisal.level not in place for appraisal in said),
        raw=raw_agreement(units),
        alpha=ordinal_alpha(units),
        pairs=[_pair(*names, pairs) for names, pairs in by_pair(units).items()],
    )


def _pair(one: int, other: int, pairs: Sequence[tuple[int, int]]) -> PairAgreement:
    same = sum(left == right for left, right in pairs)
    kappa, raw = cohens_kappa(pairs), same / len(pairs)
    return PairAgreement(one=one, other=other, subjects=len(pairs), raw=raw, kappa=kappa)


def _scale(
    session: Session, review_id: int, wish: AgreementWish, said: Sequence[Appraisal]
) -> list[str]:
    """Return the levels in order: of the form asked for, or used last, in its newest wording."""
    used = [appraisal.form_id for appraisal in said if appraisal.form_id is not None]
    number = wish.form_id or (used[-1] if used else None)
    if number is None:
        return list(SCALES[wish.dimension])
    form = load(session, AppraisalForm, review_id, number)
    return [level["level"] for level in newest_wording(session, form).levels]


def level_counts(session: Session, review_id: int, wish: LevelsWish) -> list[DimensionLevels]:
    """Count the sources at each level; of relevance to several areas a source counts in each."""
    total = session.execute(
        select(func.count())
        .select_from(Source)
        .where(Source.review_id == review_id, Source.merged_into_id.is_(None))
    ).scalar_one()
    return [_counts(session, review_id, dimension, total, wish) for dimension in Dimension]


def _counts(
    session: Session, review_id: int, dimension: Dimension, total: int, wish: LevelsWish
) -> DimensionLevels:
    area = wish.theory_area if dimension is Dimension.RELEVANCE else None
    table = settled_sources(review_id, dimension, area)
    standing = {(number, level) for number, _, level in session.execute(select(table))}
    counts = Counter(level for _, level in standing)
    scale = known_levels(session, review_id, dimension)
    unappraised = total - len({number for number, _ in standing})
    said = [(level, counts[level]) for level in [*scale, DISPUTED]] + [(NONE, unappraised)]
    return DimensionLevels(
        dimension=dimension,
        theory_area=area,
        scale=list(SCALES[dimension]),
        levels=[LevelCount(level=level, sources=count) for level, count in said],
    )
