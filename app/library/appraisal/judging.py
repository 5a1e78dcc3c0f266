"""Appraising: one judgement per person and subject, and one consensus that settles it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.db import take_numbers
from app.errors import ConflictError, FieldProblem, InvalidError, TakenError
from app.history.reading import load, models
from app.history.references import require_present, require_unused
from app.history.undoing import AFTER_UNDO
from app.library.appraisal.forms import newest_wording, read_wording
from app.library.appraisal.models import Appraisal, AppraisalForm, FormWording
from app.library.appraisal.schemas import (
    AppraisalCreate,
    AppraisalFilter,
    AppraisalUpdate,
    Judged,
    WordingRead,
)
from app.library.appraisal.settled import survivors
from app.library.appraisal.shipped import SCALES
from app.library.models import Source

SAME = (
    *("dimension", "source_id", "configuration_id", "theory_area"),
    *("level", "form_id", "created_by", "is_consensus"),
)
SUBJECT = ("dimension", "source_id", "theory_area", "configuration_id", "evidence_n")
"""What tells one subject of judgement from another; nulls are one and the same."""
Key = tuple[Any, ...]
"""Whether it settles, and its subject."""
EVIDENCE = "evidence"
"""The table of evidence; its package lies right of this one."""


def select_appraisals(review_id: int, wish: AppraisalFilter) -> Select[Appraisal]:
    """Select the appraisals of a review that fit; the caller orders and pages them."""
    statement = select(Appraisal).where(Appraisal.review_id == review_id)
    for name in SAME:
        value = getattr(wish, name)
        if name == "source_id" and value is not None:
            statement = statement.where(Appraisal.source_id.in_(_as_one(review_id, value)))
        elif value is not None:
            statement = statement.where(getattr(Appraisal, name) == value)
    return statement


def _as_one(review_id: int, number: int) -> Select[int]:
    """Select a source and the duplicates merged into it."""
    either = or_(Source.id == number, Source.merged_into_id == number)
    return select(Source.id).where(Source.review_id == review_id, either)


def subject_of(appraisal: Appraisal, stands: Mapping[int, int]) -> tuple[Any, ...]:
    """Return what was judged; what was judged of a duplicate is, of what stands for it."""
    values = {name: getattr(appraisal, name) for name in SUBJECT}
    values["source_id"] = stands.get(appraisal.source_id, appraisal.source_id)
    return tuple(values.values())


def add_appraisals(
    session: Session, member: Member, wishes: Sequence[AppraisalCreate]
) -> list[Appraisal]:
    """Add judgements of one person, all or none, in their order.

    Raises `InvalidError` naming what does not fit the form, `TakenError` where this person has
    judged the subject already, or it is settled already.
    """
    places = [f"items.{n}." if len(wishes) > 1 else "" for n in range(len(wishes))]
    placed = list(zip(places, wishes, strict=True))
    named = [(f"{place}source_id", wish.source_id) for place, wish in placed]
    require_present(session, Source, member.review_id, named)
    stands = survivors(session, member.review_id)
    for field, number in named:
        if number in stands:
            said = f"S{number} is a duplicate of S{stands[number]}; appraise that one"
            raise _refused(field, said)
    wordings = _wordings(session, member.review_id, placed)
    taken = _judged(session, member, stands)
    first = take_numbers(session, member.review_id, "A", len(wishes))
    made = []
    for number, (place, wish) in enumerate(placed, start=first):
        wording = wordings[wish.form_id] if wish.form_id else None
        _check(wish, wording, SCALES[wish.dimension], place)
        appraisal = _appraisal(session, member, wish, place)
        appraisal.id, appraisal.wording_n = number, wording.n if wording else None
        _require_first(appraisal, taken, stands, place)
        made.append(appraisal)
    session.add_all(made)
    session.flush()
    return made


def _appraisal(session: Session, member: Member, wish: AppraisalCreate, place: str) -> Appraisal:
    return Appraisal(
        **wish.model_dump(mode="json", exclude={"source_id", "dimension"}),
        dimension=wish.dimension,
        review_id=member.review_id,
        source_id=wish.source_id or _counts_as(session, member.review_id, wish, place),
        created_by=member.user.id,
    )


def _wordings(
    session: Session, review_id: int, placed: Iterable[tuple[str, AppraisalCreate]]
) -> dict[int, WordingRead]:
    """Return the wordings new judgements are made under, by form."""
    found: dict[int, tuple[AppraisalForm, WordingRead]] = {}
    for place, wish in placed:
        if wish.form_id is None:
            continue
        if wish.form_id not in found:
            require_present(session, AppraisalForm, review_id, [(f"{place}form_id", wish.form_id)])
            form = load(session, AppraisalForm, review_id, wish.form_id)
            found[form.id] = form, read_wording(newest_wording(session, form))
        form, _ = found[wish.form_id]
        if form.dimension is not wish.dimension:
            raise _refused(f"{place}form_id", f"B{form.id} is a form of {form.dimension}")
        if form.is_retired:
            raise _refused(f"{place}form_id", f"B{form.id} is retired; choose another")
    return {number: wording for number, (_, wording) in found.items()}


def _counts_as(session: Session, review_id: int, wish: AppraisalCreate, place: str) -> int:
    """Return the source a piece of evidence counts as: the one cited, where it is second-hand."""
    key = (review_id, wish.configuration_id, wish.evidence_n)
    piece: Any = session.get(models()[EVIDENCE], key)
    if piece is None:
        said = f"C{wish.configuration_id} has no evidence {wish.evidence_n}"
        raise _refused(f"{place}evidence_n", said)
    source_id: int = piece.cited_source_id or piece.source_id
    return source_id


def _check(wish: Judged, wording: WordingRead | None, scale: Sequence[str], place: str) -> None:
    """Refuse a level, category or answer that the wording does not know."""
    levels = [said.level for said in wording.levels] if wording else scale
    if "level" in wish.model_fields_set and wish.level not in levels:
        raise _refused(f"{place}level", f"no level {wish.level}; choose of {', '.join(levels)}")
    if not (wish.categories or wish.answers):
        return
    if wording is None:
        raise _refused(f"{place}answers", "this judgement was made without a form")
    _check_answers(wish, wording, place)


def _check_answers(wish: Judged, wording: WordingRead, place: str) -> None:
    known = [category.key for category in wording.categories]
    for category in wish.categories or ():
        if category not in known:
            said = f"no category {category}; choose of {', '.join(known) or 'none'}"
            raise _refused(f"{place}categories", said)
    items = {item.key: item.answers for item in wording.items}
    for key, given in (wish.answers or {}).items():
        if key not in items:
            raise _refused(f"{place}answers.{key}", f"no item {key}; there are {', '.join(items)}")
        if given.answer not in items[key]:
            said = f"no answer {given.answer}; choose of {', '.join(items[key])}"
            raise _refused(f"{place}answers.{key}", said)


def _refused(field: str, message: str) -> InvalidError:
    return InvalidError(f"{field}: {message}.", fields=[FieldProblem(field, message)])


def _judged(session: Session, member: Member, stands: Mapping[int, int]) -> dict[Key, int]:
    """Return what this person has judged, and all that is settled, with the appraisal."""
    mine = or_(Appraisal.is_consensus, Appraisal.created_by == member.user.id)
    rows = session.scalars(select(Appraisal).where(Appraisal.review_id == member.review_id, mine))
    return {(row.is_consensus, *subject_of(row, stands)): row.id for row in rows}


def _require_first(
    new: Appraisal, taken: dict[Key, int], stands: Mapping[int, int], place: str
) -> None:
    key = (new.is_consensus, *subject_of(new, stands))
    number = taken.setdefault(key, new.id)
    if number != new.id:
        who = "settled" if new.is_consensus else "judged by you"
        raise TakenError(
            f"{place}{new.dimension}: it is {who} already, in A{number}; change that one.",
            extra={"appraisal": number},
        )


def change_appraisal(session: Session, appraisal: Appraisal, wish: AppraisalUpdate) -> Appraisal:
    """Change level, rationale, categories or answers, under the wording it was made under."""
    wording = None
    if appraisal.form_id is not None:
        key = (appraisal.review_id, appraisal.form_id, appraisal.wording_n)
        wording = read_wording(session.get_one(FormWording, key))
    _check(wish, wording, SCALES[appraisal.dimension], "")
    for name, value in wish.model_dump(mode="json", exclude_unset=True).items():
        if getattr(appraisal, name) != value:
            setattr(appraisal, name, value)
    appraisal.version += 1
    session.flush()
    return appraisal


def delete_appraisal(session: Session, appraisal: Appraisal) -> None:
    """Delete a judgement; the history keeps it."""
    require_unused(session, appraisal)
    session.delete(appraisal)
    session.flush()


def _refuse_two_of_one(session: Session, review_id: int) -> None:
    """Refuse to take back what would leave two judgements of one person, or two settlements."""
    columns = [getattr(Appraisal, name) for name in SUBJECT]
    here = Appraisal.review_id == review_id
    somebody = Appraisal.created_by.is_not(None)
    for fits, who in (
        ([~Appraisal.is_consensus, somebody], [Appraisal.created_by]),
        ([Appraisal.is_consensus], []),
    ):
        twice = (
            select(func.min(Appraisal.id), func.max(Appraisal.id))
            .where(here, *fits)
            .group_by(*columns, *who)
            .having(func.count() > 1)
            .limit(1)
        )
        found = session.execute(twice).first()
        if found is not None:
            raise ConflictError(
                f"A{found[0]} and A{found[1]} would be two judgements of the same by the same; "
                "delete one of them first."
            )


AFTER_UNDO.append(_refuse_two_of_one)
