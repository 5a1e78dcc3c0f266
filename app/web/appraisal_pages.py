"""Appraisal as pages: one source's three judgements, where all stand, how appraisers agree."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from app.access.identity import IdPath, Member, Reading
from app.access.policy import Right, may
from app.db import Id, Schema, SessionDep
from app.history.reading import load
from app.library.appraisal.comparing import LevelsWish, agreement, disagreements, level_counts
from app.library.appraisal.models import Dimension
from app.library.appraisal.schemas import AgreementWish, DisagreementWish, FormFilter
from app.library.appraisal.shipped import SHIPPED
from app.library.models import Source
from app.web.appraisal_contents import areas, judged, read_forms, wording_in_use
from app.web.contents import sources_of
from app.web.framing import in_review
from app.web.history_pages import names_of
from app.web.source_contents import settled_levels
from app.web.wishes import wish_of

router = APIRouter(prefix="/reviews/{slug}", include_in_schema=False)

AT_ONCE = 50
"""Disagreements on one page."""
ASKS = {
    Dimension.RELEVANCE: "Does it help to build, test or change this part of the theory?",
    Dimension.RICHNESS: "Can context, reasoning and outcome be seen, and how they connect?",
    Dimension.RIGOUR: "Can it carry the inference drawn from it?",
}


class AppraisalPageWish(Schema):
    """The form that is to be judged with."""

    form: Id | None = None


@router.get("/sources/{number}/appraisal")
def show_appraisal(
    number: IdPath,
    member: Reading,
    session: SessionDep,
    wish: Annotated[AppraisalPageWish, Depends(wish_of(AppraisalPageWish))],
) -> HTMLResponse:
    """Show what was judged of a source and why, and the forms to judge it by."""
    source = load(session, Source, member.review_id, number)
    forms = read_forms(session, member.review_id, FormFilter())
    found = judged(session, member, number, forms)
    return in_review(
        session,
        member,
        "source_appraisal.html",
        "sources",
        source=source,
        part="appraisal",
        asks=ASKS,
        dimensions=found,
        levels=settled_levels(session, member.review_id, number),
        forms=[form for form in forms if not form.is_retired],
        chosen=wording_in_use(forms, wish.form),
        adoptable=[s for s in SHIPPED.values() if s.title not in {form.title for form in forms}],
        areas=areas(session, member.review_id),
        names=names_of(session, [j.row.created_by for one in found for j in one.judgements]),
        **_rights(member),
    )


@router.get("/appraisal")
def show_levels(member: Reading, session: SessionDep) -> HTMLResponse:
    """Show how many sources stand at each level, and on what appraisers differ."""
    differ = disagreements(session, member.review_id, DisagreementWish(settled=False))
    some = differ[:AT_ONCE]
    return in_review(
        session,
        member,
        "appraisal.html",
        "appraisal",
        asks=ASKS,
        levels=level_counts(session, member.review_id, LevelsWish()),
        disputes=some,
        left=len(differ) - len(some),
        sources=sources_of(session, member.review_id, [one.source_id for one in some]),
        names=names_of(session, [said.created_by for one in some for said in one.opinions]),
    )


@router.get("/appraisal/agreement")
def show_agreement(member: Reading, session: SessionDep) -> HTMLResponse:
    """Show how far appraisers agree on each of the three judgements."""
    found = [
        agreement(session, member.review_id, AgreementWish(dimension=dimension))
        for dimension in Dimension
    ]
    people = [person for one in found for pair in one.pairs for person in (pair.one, pair.other)]
    return in_review(
        session,
        member,
        "appraisal_agreement.html",
        "appraisal",
        found=found,
        names=names_of(session, people),
    )


def _rights(member: Member) -> dict[str, Any]:
    return {
        "me": member.user.id,
        "may_judge": may(member.role, Right.CODE),
        "may_settle": may(member.role, Right.SETTLE),
        "may_adopt": may(member.role, Right.FORMS),
    }
