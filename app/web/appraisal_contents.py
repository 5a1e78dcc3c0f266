"""What the page of an appraisal shows: judgements with the wording they were made under."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.library.appraisal.forms import read_wording, select_forms
from app.library.appraisal.models import Appraisal, AppraisalForm, Dimension, FormWording
from app.library.appraisal.schemas import FormFilter, FormWords, LevelSaid, WordingRead
from app.library.appraisal.shipped import SCALES


@dataclass(frozen=True, slots=True)
class Form:
    """A form of the review with its wordings, the newest last."""

    id: int
    title: str
    dimension: Dimension
    citation: str | None
    is_retired: bool
    wordings: Sequence[WordingRead]


@dataclass(frozen=True, slots=True)
class Judgement:
    """A judgement, the form it was made with and the wording it was made under."""

    row: Appraisal
    form: Form | None
    wording: FormWords


@dataclass(slots=True)
class Judged:
    """All that was judged of a source in one dimension."""

    dimension: Dimension
    scale: FormWords
    judgements: list[Judgement] = field(default_factory=list)
    has_mine: bool = False
    is_disputed: bool = False
    """Appraisers differ and nobody has settled it; of relevance, to some theory area."""
    disputed_areas: list[str | None] = field(default_factory=list)


def read_forms(session: Session, review_id: int, wish: FormFilter) -> list[Form]:
    """Return the forms of a review with all their wordings, in two queries."""
    rows = session.scalars(select_forms(review_id, wish).order_by(AppraisalForm.id)).all()
    wordings: dict[int, list[WordingRead]] = {}
    for wording in session.scalars(
        select(FormWording)
        .where(FormWording.review_id == review_id)
        .order_by(FormWording.form_id, FormWording.n)
    ):
        wordings.setdefault(wording.form_id, []).append(read_wording(wording))
    return [
        Form(row.id, row.title, row.dimension, row.citation, row.is_retired, wordings[row.id])
        for row in rows
    ]


def wording_in_use(forms: Sequence[Form], number: int | None) -> Form | None:
    """Return the form chosen to judge with; null for none, or for one that is retired."""
    return next((form for form in forms if form.id == number and not form.is_retired), None)


def judged(session: Session, member: Member, source_id: int, forms: Sequence[Form]) -> list[Judged]:
    """Return what was judged of a source, by dimension; settlements first."""
    here = (Appraisal.review_id == member.review_id, Appraisal.source_id == source_id)
    rows = session.scalars(
        select(Appraisal)
        .where(*here, Appraisal.configuration_id.is_(None))
        .order_by(Appraisal.is_consensus.desc(), Appraisal.id)
    ).all()
    by_number = {form.id: form for form in forms}
    found = []
    for dimension in Dimension:
        one = Judged(dimension, scale_of(dimension))
        for row in rows:
            if row.dimension is dimension:
                form = by_number.get(row.form_id or 0)
                one.judgements.append(Judgement(row, form, _wording(form, row) or one.scale))
        _tell(one, member.user.id)
        found.append(one)
    return found


def scale_of(dimension: Dimension) -> FormWords:
    """Return the levels of a judgement made without a form, as words of one."""
    return FormWords(levels=[LevelSaid(level=level) for level in SCALES[dimension]])


def _wording(form: Form | None, row: Appraisal) -> FormWords | None:
    if form is None:
        return None
    return next((wording for wording in form.wordings if wording.n == row.wording_n), None)


def _tell(one: Judged, me: int) -> None:
    """Say whether one has judged already, and on what appraisers differ."""
    own = [j.row for j in one.judgements if not j.row.is_consensus]
    one.has_mine = any(row.created_by == me for row in own)
    settled = {j.row.theory_area for j in one.judgements if j.row.is_consensus}
    for area in dict.fromkeys(row.theory_area for row in own):
        levels = {row.level for row in own if row.theory_area == area}
        if len(levels) > 1 and area not in settled:
            one.disputed_areas.append(area)
    one.is_disputed = bool(one.disputed_areas)


def areas(session: Session, review_id: int) -> Sequence[str]:
    """Return the theory areas that relevance was judged to, for choosing one again."""
    here = (Appraisal.review_id == review_id, Appraisal.theory_area.is_not(None))
    rows = select(Appraisal.theory_area).where(*here).distinct().order_by(Appraisal.theory_area)
    return [area for area in session.scalars(rows) if area]


def uses_of(session: Session, review_id: int) -> dict[int, int]:
    """Return how many judgements were made with each form; those never used are missing."""
    here = (Appraisal.review_id == review_id, Appraisal.form_id.is_not(None))
    rows = select(Appraisal.form_id, func.count()).where(*here).group_by(Appraisal.form_id)
    return {number: many for number, many in session.execute(rows) if number is not None}
