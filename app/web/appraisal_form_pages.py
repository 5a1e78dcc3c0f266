"""The forms of appraisal as pages: which there are, what each asks, and the form to write one."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from app.access.identity import EditingForms, IdPath, Member, Reading
from app.access.policy import Right, may
from app.db import Id, Line, Schema, SessionDep
from app.errors import NotFoundError
from app.history.reading import load
from app.library.appraisal.forms import described
from app.library.appraisal.models import AppraisalForm, Dimension
from app.library.appraisal.schemas import YES_NO, FormFilter, FormRead, FormWords
from app.library.appraisal.shipped import SHIPPED
from app.web.appraisal_contents import read_forms, scale_of, uses_of
from app.web.framing import in_review
from app.web.history_pages import names_of
from app.web.wishes import wish_of

router = APIRouter(prefix="/reviews/{slug}/appraisal/forms", include_in_schema=False)

KEY = "[A-Za-z0-9][A-Za-z0-9._\\-]*"


class FormPageWish(Schema):
    """The wording to show; by default the one in use."""

    wording: Id | None = None


class NewFormWish(Schema):
    """What a new form begins with: a copy of one shipped or of one's own, or the levels alone."""

    dimension: Dimension = Dimension.RIGOUR
    shipped: Line | None = None
    of: Id | None = None


@router.get("")
def list_forms(member: Reading, session: SessionDep) -> HTMLResponse:
    """List the forms of the review, and those that come with the program."""
    forms = read_forms(session, member.review_id, FormFilter())
    return in_review(
        session,
        member,
        "appraisal_forms.html",
        "appraisal",
        forms=forms,
        uses=uses_of(session, member.review_id),
        titles={form.title for form in forms},
        shipped=list(SHIPPED.values()),
        dimensions=list(Dimension),
        may_write=may(member.role, Right.FORMS),
    )


@router.get("/new")
def show_new(
    member: EditingForms,
    session: SessionDep,
    wish: Annotated[NewFormWish, Depends(wish_of(NewFormWish))],
) -> HTMLResponse:
    """Show the form to write a form: empty, or filled in from another."""
    copied, dimension, citation, words = _begun(session, member, wish)
    return in_review(
        session,
        member,
        "appraisal_form_edit.html",
        "appraisal",
        it=None,
        copied=copied,
        dimension=dimension,
        dimensions=list(Dimension),
        citation=citation,
        words=words,
        answers=YES_NO,
        KEY=KEY,
    )


@router.get("/{number}")
def show_form(
    number: IdPath,
    member: Reading,
    session: SessionDep,
    wish: Annotated[FormPageWish, Depends(wish_of(FormPageWish))],
) -> HTMLResponse:
    """Show what a form asks, in its newest wording or an earlier one, and how it was used."""
    form = described(session, load(session, AppraisalForm, member.review_id, number))
    words = next((w for w in form.wordings if w.n == wish.wording), form.wordings[-1])
    return in_review(
        session,
        member,
        "appraisal_form.html",
        "appraisal",
        it=form,
        version=form.version,
        words=words,
        uses=uses_of(session, member.review_id).get(number, 0),
        names=names_of(session, [wording.created_by for wording in form.wordings]),
        may_write=may(member.role, Right.FORMS),
    )


@router.get("/{number}/edit")
def edit_form(number: IdPath, member: EditingForms, session: SessionDep) -> HTMLResponse:
    """Show a form's items and levels, to give it a new wording."""
    form = described(session, load(session, AppraisalForm, member.review_id, number))
    return in_review(
        session,
        member,
        "appraisal_form_edit.html",
        "appraisal",
        it=form,
        words=form.wordings[-1],
        uses=uses_of(session, member.review_id).get(number, 0),
        answers=YES_NO,
        KEY=KEY,
    )


def _begun(
    session: Session, member: Member, wish: NewFormWish
) -> tuple[str | None, Dimension, str | None, FormWords]:
    """Return what a new form begins with: title copied from, dimension, citation and words."""
    if wish.of is not None:
        own: FormRead = described(session, load(session, AppraisalForm, member.review_id, wish.of))
        return own.title, own.dimension, own.citation, own.wordings[-1]
    if wish.shipped is None:
        return None, wish.dimension, None, scale_of(wish.dimension)
    shipped = SHIPPED.get(wish.shipped)
    if shipped is None:
        raise NotFoundError(f"No form {wish.shipped} is shipped; there are {', '.join(SHIPPED)}.")
    return shipped.title, shipped.dimension, shipped.citation, shipped
