"""The forms of a review: written or adopted, and reworded without touching what was judged."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.db import next_part, take_numbers
from app.errors import NotFoundError
from app.history.references import in_use, referring
from app.library.appraisal.models import AppraisalForm, FormWording
from app.library.appraisal.schemas import (
    FormAdoption,
    FormCreate,
    FormFilter,
    FormRead,
    FormUpdate,
    FormWords,
    WordingRead,
)
from app.library.appraisal.shipped import SHIPPED

_PLAIN = set(FormRead.model_fields) - {"wordings"}


def select_forms(review_id: int, wish: FormFilter) -> Select[AppraisalForm]:
    """Select the forms of a review that fit; the caller orders and pages them."""
    statement = select(AppraisalForm).where(AppraisalForm.review_id == review_id)
    if wish.dimension is not None:
        statement = statement.where(AppraisalForm.dimension == wish.dimension)
    return statement


def wordings_of(session: Session, form: AppraisalForm) -> Sequence[FormWording]:
    """Return the wordings of a form, the newest last."""
    here = (FormWording.review_id == form.review_id, FormWording.form_id == form.id)
    return session.scalars(select(FormWording).where(*here).order_by(FormWording.n)).all()


def newest_wording(session: Session, form: AppraisalForm) -> FormWording:
    """Return the wording new appraisals are made under."""
    return wordings_of(session, form)[-1]


def described(session: Session, form: AppraisalForm) -> FormRead:
    """Describe a form with all its wordings."""
    plain = {name: getattr(form, name) for name in _PLAIN}
    return FormRead(**plain, wordings=[read_wording(w) for w in wordings_of(session, form)])


def read_wording(wording: FormWording) -> WordingRead:
    """Read a wording as it is stored; no categories are an empty list."""
    values = {name: getattr(wording, name) for name in WordingRead.model_fields}
    return WordingRead.model_validate(values | {"categories": wording.categories or []})


def add_form(session: Session, member: Member, wish: FormCreate) -> AppraisalForm:
    """Add a form with its first wording."""
    form = AppraisalForm(
        review_id=member.review_id,
        id=take_numbers(session, member.review_id, "B"),
        title=wish.title,
        dimension=wish.dimension,
        citation=wish.citation,
        last_wording=0,
        created_by=member.user.id,
    )
    session.add(form)
    session.flush()
    _word(session, member, form, wish)
    return form


def adopt_form(session: Session, member: Member, wish: FormAdoption) -> AppraisalForm:
    """Take a shipped form over as the review's own; `NotFoundError` lists those there are."""
    shipped = SHIPPED.get(wish.name)
    if shipped is None:
        raise NotFoundError(f"No form {wish.name} is shipped; there are {', '.join(SHIPPED)}.")
    return add_form(session, member, shipped)


def change_form(session: Session, form: AppraisalForm, wish: FormUpdate) -> AppraisalForm:
    """Change title, citation, or whether new appraisals may be made under it."""
    for name, value in wish.model_dump(exclude_unset=True).items():
        setattr(form, name, value)
    form.version += 1
    session.flush()
    return form


def reword_form(
    session: Session, member: Member, form: AppraisalForm, wish: FormWords
) -> AppraisalForm:
    """Give a form a new wording; appraisals made so far keep theirs."""
    _word(session, member, form, wish)
    form.version += 1
    session.flush()
    return form


def _word(session: Session, member: Member, form: AppraisalForm, wish: FormWords) -> None:
    said = wish.model_dump(mode="json", include=set(FormWords.model_fields))
    said["categories"] = said["categories"] or None
    wording = FormWording(
        review_id=form.review_id,
        form_id=form.id,
        n=next_part(form, "last_wording"),
        created_by=member.user.id,
        **said,
    )
    session.add(wording)
    session.flush()


def delete_form(session: Session, form: AppraisalForm) -> None:
    """Delete a form nothing was judged under; `StillInUseError` says to retire it instead."""
    session.flush()
    used = referring(session, form)
    if used:
        raise in_use(f"B{form.id} is used by", used, "set is_retired to offer it no more.")
    for wording in wordings_of(session, form):
        session.delete(wording)
    session.flush()
    session.delete(form)
    session.flush()
