"""The API of the forms appraisals are made under."""

from typing import Annotated

from fastapi import APIRouter, Query, Response, status

from app.access.identity import EditingForms, IdPath, IfMatch, Reading, require_version, tag
from app.access.replay import Replayable, ReplayingRoute
from app.db import Page, PageWish, SessionDep, Slice, cut, paginate
from app.history.reading import load
from app.library.appraisal.forms import (
    add_form,
    adopt_form,
    change_form,
    delete_form,
    described,
    reword_form,
    select_forms,
)
from app.library.appraisal.models import AppraisalForm
from app.library.appraisal.schemas import (
    FormAdoption,
    FormCreate,
    FormFilter,
    FormRead,
    FormUpdate,
    FormWords,
    ShippedForm,
)
from app.library.appraisal.shipped import SHIPPED

router = APIRouter(
    prefix="/api/v1/reviews/{slug}/appraisal-forms",
    tags=["appraisals"],
    dependencies=[Replayable],
    route_class=ReplayingRoute,
)


@router.get("")
def list_forms(
    member: Reading, session: SessionDep, wish: Annotated[FormFilter, Query()]
) -> Page[FormRead]:
    """List the review's forms, by number, each with all its wordings."""
    found = paginate(session, select_forms(member.review_id, wish), AppraisalForm.id, wish)
    items = [described(session, form) for form in found.items]
    return Page(items=items, next=found.next, total=found.total)


@router.post("", status_code=status.HTTP_201_CREATED)
def create_form(
    body: FormCreate, member: EditingForms, session: SessionDep, response: Response
) -> FormRead:
    """Add a form of the review's own: items, levels and which judgement they inform."""
    form = add_form(session, member, body)
    tag(response, form.version)
    return described(session, form)


@router.get("/shipped", response_model=Page[ShippedForm])
def list_shipped_forms(
    member: Reading, session: SessionDep, wish: Annotated[PageWish, Query()]
) -> Slice[ShippedForm]:
    """List the forms that come with the program; adopting one makes it the review's own."""
    del member  # who may read the review may read these
    return cut(session, list(SHIPPED.values()), wish)


@router.post("/adopt", status_code=status.HTTP_201_CREATED)
def adopt_shipped_form(
    body: FormAdoption, member: EditingForms, session: SessionDep, response: Response
) -> FormRead:
    """Take a shipped form over, to use as it is or to reword."""
    form = adopt_form(session, member, body)
    tag(response, form.version)
    return described(session, form)


@router.get("/{number}")
def read_form(number: IdPath, member: Reading, session: SessionDep, response: Response) -> FormRead:
    """Read a form with all its wordings, the newest last."""
    form = load(session, AppraisalForm, member.review_id, number)
    tag(response, form.version)
    return described(session, form)


@router.patch("/{number}")
def update_form(
    number: IdPath,
    body: FormUpdate,
    member: EditingForms,
    session: SessionDep,
    response: Response,
    if_match: IfMatch = None,
) -> FormRead:
    """Change title or citation of a form, or retire it."""
    form = load(session, AppraisalForm, member.review_id, number)
    require_version(if_match, form.version)
    change_form(session, form, body)
    tag(response, form.version)
    return described(session, form)


@router.post("/{number}/wordings", status_code=status.HTTP_201_CREATED)
def create_wording(
    number: IdPath, body: FormWords, member: EditingForms, session: SessionDep, response: Response
) -> FormRead:
    """Give a form new items or levels; what was judged so far keeps the wording it was under."""
    form = load(session, AppraisalForm, member.review_id, number)
    reword_form(session, member, form, body)
    tag(response, form.version)
    return described(session, form)


@router.delete("/{number}", status_code=status.HTTP_204_NO_CONTENT)
def remove_form(
    number: IdPath, member: EditingForms, session: SessionDep, if_match: IfMatch = None
) -> None:
    """Delete a form nothing was judged under; retire it otherwise."""
    form = load(session, AppraisalForm, member.review_id, number)
    require_version(if_match, form.version)
    delete_form(session, form)
