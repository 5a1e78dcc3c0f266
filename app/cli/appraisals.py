"""Appraisal from a terminal: judging, settling, agreement and forms."""

import re
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.models import UserAccount
from app.access.policy import Right
from app.cli.terminal import (
    As,
    Format,
    FormatOption,
    OneReview,
    Where,
    find_member,
    only_review,
    open_store,
    out,
    parameters,
    show,
)
from app.db import paginate
from app.errors import InvalidError
from app.library.appraisal.comparing import LevelsWish, agreement, disagreements, level_counts
from app.library.appraisal.forms import adopt_form, described, select_forms
from app.library.appraisal.judging import add_appraisals, select_appraisals
from app.library.appraisal.models import Appraisal, AppraisalForm, Dimension
from app.library.appraisal.schemas import (
    AgreementWish,
    AppraisalCreate,
    AppraisalFilter,
    DisagreementWish,
    FormAdoption,
    FormFilter,
)
from app.library.appraisal.shipped import SHIPPED

appraisal_app = typer.Typer(
    help="Relevance, richness and rigour: three judgements.", no_args_is_help=True
)
Judged = Annotated[Dimension, typer.Argument(help="which judgement")]
Answered = Annotated[
    list[str] | None, typer.Option("--answer", help="of an item of the form: S1=yes")
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(appraisal_app, name="appraisals")


@appraisal_app.command("list")
def appraisal_list(
    *,
    where: Where = None,
    limit: Annotated[int, typer.Option(min=1, max=500)] = 100,
    after: int = 0,
    review: OneReview = None,
    form: FormatOption = Format.TABLE,
    who: As = None,
) -> None:
    """List judgements, by number."""
    asked = parameters(where or ()) | {"limit": limit, "after": after}
    wish = AppraisalFilter.model_validate(asked)
    with open_store(who=who) as (session, user):
        member = find_member(session, user, review or only_review(session, user), Right.READ)
        found = select_appraisals(member.review_id, wish)
        page = paginate(session, found, Appraisal.id, wish)
        names = _names(session, [one.created_by for one in page.items])
    rows = [
        [
            f"A{one.id}",
            one.dimension.value,
            _subject(one.source_id, one.configuration_id, one.evidence_n, one.theory_area),
            one.level,
            "consensus" if one.is_consensus else names.get(one.created_by, ""),
            one.created_at.date().isoformat(),
            one.rationale,
        ]
        for one in page.items
    ]
    show(["appraisal", "of", "subject", "level", "by", "on", "why"], rows, form)
    if page.next and form is Format.TABLE:
        out.print(f"More: --after {page.next}")


def _names(session: Session, people: Sequence[int | None]) -> dict[int | None, str]:
    numbers = {person for person in people if person is not None}
    rows = select(UserAccount.id, UserAccount.name).where(UserAccount.id.in_(numbers))
    return {row.id: row.name for row in session.execute(rows)}


def _subject(source: int, configuration: int | None, n: int | None, area: str | None) -> str:
    of = f"C{configuration}, evidence {n} (S{source})" if configuration else f"S{source}"
    return f"{of} to {area}" if area else of


@appraisal_app.command("add")
def appraisal_add(
    dimension: Judged,
    level: Annotated[str, typer.Argument(help="of the form, or as `levels` lists")],
    *,
    source: Annotated[int | None, typer.Option(help="number of the source: 12")] = None,
    evidence: Annotated[
        str | None, typer.Option(help="a piece of evidence instead: 17.2, the second of C17")
    ] = None,
    area: Annotated[str | None, typer.Option(help="relevance to which theory area")] = None,
    why: Annotated[str | None, typer.Option(help="the rationale")] = None,
    under: Annotated[int | None, typer.Option("--form", help="number of the form used")] = None,
    category: Annotated[
        list[str] | None, typer.Option(help="of the form, that the source is of")
    ] = None,
    answers: Answered = None,
    consensus: Annotated[bool, typer.Option("--consensus", help="settle it for all")] = False,
    review: OneReview = None,
    who: As = None,
) -> None:
    """Judge a source or a piece of evidence; nothing is excluded by it."""
    wish = AppraisalCreate.model_validate(
        {
            "dimension": dimension,
            "level": level,
            "source_id": source,
            **_piece(evidence),
            "theory_area": area,
            "rationale": why,
            "form_id": under,
            "categories": category,
            "answers": _answers(answers),
            "is_consensus": consensus,
        }
    )
    with open_store(writing=True, who=who) as (session, user):
        slug = review or only_review(session, user)
        right = Right.SETTLE if consensus else Right.CODE
        member = find_member(session, user, slug, right, writing=True)
        [one] = add_appraisals(session, member, [wish])
    subject = _subject(one.source_id, one.configuration_id, one.evidence_n, one.theory_area)
    out.print(f"A{one.id}: {dimension} of {subject} is {level}.", soft_wrap=True)


def _piece(evidence: str | None) -> dict[str, int]:
    if evidence is None:
        return {}
    found = re.fullmatch(r"C?([1-9]\d{0,8})\.([1-9]\d{0,8})", evidence)
    if found is None:
        raise InvalidError(f"--evidence {evidence}: write CONFIGURATION.N, e.g. 17.2.")
    return {"configuration_id": int(found[1]), "evidence_n": int(found[2])}


def _answers(pairs: Sequence[str] | None) -> dict[str, Any] | None:
    found = {}
    for pair in pairs or ():
        key, equals, answer = pair.partition("=")
        if not equals:
            raise InvalidError(f"--answer {pair}: write ITEM=ANSWER, e.g. S1=yes.")
        found[key] = {"answer": answer}
    return found or None


@appraisal_app.command("levels")
def appraisal_levels(
    *,
    area: Annotated[str | None, typer.Option(help="relevance to which theory area")] = None,
    review: OneReview = None,
    form: FormatOption = Format.TABLE,
    who: As = None,
) -> None:
    """Count the sources at each level, disputed ones and those not appraised."""
    with open_store(who=who) as (session, user):
        member = find_member(session, user, review or only_review(session, user), Right.READ)
        found = level_counts(session, member.review_id, LevelsWish(theory_area=area))
    rows = [[one.dimension.value, said.level, said.sources] for one in found for said in one.levels]
    show(["judgement", "level", "sources"], rows, form)


@appraisal_app.command("disagreements")
def appraisal_disagreements(
    *,
    is_open: Annotated[bool, typer.Option("--open", help="only those nobody settled")] = False,
    review: OneReview = None,
    form: FormatOption = Format.TABLE,
    who: As = None,
) -> None:
    """List what appraisers judge differently, with what was settled."""
    wish = DisagreementWish(settled=False if is_open else None)
    with open_store(who=who) as (session, user):
        member = find_member(session, user, review or only_review(session, user), Right.READ)
        found = disagreements(session, member.review_id, wish)
        names = _names(session, [o.created_by for one in found for o in one.opinions])
    rows = [
        [
            one.dimension.value,
            _subject(one.source_id, one.configuration_id, one.evidence_n, one.theory_area),
            "; ".join(f"{names.get(o.created_by, '')}: {o.level}" for o in one.opinions),
            one.consensus.level if one.consensus else None,
        ]
        for one in found
    ]
    show(["judgement", "subject", "appraisers", "consensus"], rows, form)


@appraisal_app.command("agreement")
def appraisal_agreement(
    dimension: Judged,
    *,
    area: Annotated[str | None, typer.Option(help="relevance to which theory area")] = None,
    under: Annotated[int | None, typer.Option("--form", help="only under this form")] = None,
    review: OneReview = None,
    who: As = None,
) -> None:
    """Say how far appraisers agree: raw, kappa by pair, ordinal alpha over all."""
    wish = AgreementWish(dimension=dimension, theory_area=area, form_id=under)
    with open_store(who=who) as (session, user):
        member = find_member(session, user, review or only_review(session, user), Right.READ)
        found = agreement(session, member.review_id, wish)
        names = _names(session, [n for pair in found.pairs for n in (pair.one, pair.other)])
    out.print(f"{dimension}, {' > '.join(found.scale)}: {found.subjects} judged by two or more")
    out.print(f"  raw {_figure(found.raw)}, Krippendorff's alpha (ordinal) {_figure(found.alpha)}")
    for pair in found.pairs:
        who_two = f"{names.get(pair.one, '')} and {names.get(pair.other, '')}"
        said = f"raw {_figure(pair.raw)}, Cohen's kappa {_figure(pair.kappa)}"
        out.print(f"  {who_two}, {pair.subjects} together: {said}", soft_wrap=True)
    if found.left_out:
        out.print(f"  {found.left_out} judgements are on another scale and left out.")


def _figure(value: float | None) -> str:
    return "not defined" if value is None else f"{value:.3f}"


@appraisal_app.command("forms")
def appraisal_forms(
    *, review: OneReview = None, form: FormatOption = Format.TABLE, who: As = None
) -> None:
    """List the review's forms, and those that can be adopted."""
    with open_store(who=who) as (session, user):
        member = find_member(session, user, review or only_review(session, user), Right.READ)
        own = select_forms(member.review_id, FormFilter()).order_by(AppraisalForm.id)
        found = [described(session, one) for one in session.scalars(own)]
    rows: list[list[Any]] = [
        [
            f"B{one.id}",
            one.title,
            one.dimension.value,
            len(one.wordings),
            len(one.wordings[-1].items),
            " > ".join(said.level for said in one.wordings[-1].levels),
            "retired" if one.is_retired else "",
        ]
        for one in found
    ]
    names = ["form", "title", "judgement", "wordings", "items", "levels", "note"]
    show(names, rows, form)
    if form is Format.TABLE:
        out.print(f"To adopt: {', '.join(SHIPPED)}")


@appraisal_app.command("adopt")
def appraisal_adopt(
    name: Annotated[str, typer.Argument(help="of a shipped form: mmat-2018")],
    *,
    review: OneReview = None,
    who: As = None,
) -> None:
    """Take a shipped form over as the review's own."""
    with open_store(writing=True, who=who) as (session, user):
        slug = review or only_review(session, user)
        member = find_member(session, user, slug, Right.FORMS, writing=True)
        form = adopt_form(session, member, FormAdoption(name=name))
    out.print(f"B{form.id}: {form.title}, a form of {form.dimension}, is {slug}'s own now.")
