"""Screening from a terminal: what is next, decisions, conflicts, checks, how far it has come."""

from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.access.policy import Right
from app.cli.decisions import import_file
from app.cli.terminal import (
    As,
    Format,
    FormatOption,
    OneReview,
    find_member,
    only_review,
    open_store,
    out,
    show,
)
from app.db import PageWish
from app.errors import InvalidError
from app.history.reading import load
from app.library.retrieval import say_retrieved
from app.library.screening import adjudicate, decide
from app.library.screening_checks import check_decision, sample
from app.library.screening_models import Decision, RetrievalStatus, ScreeningVerdict
from app.library.screening_progress import StageProgress, progress
from app.library.screening_queue import conflicts, queue
from app.library.screening_schemas import (
    Adjudication,
    CheckCreate,
    DecisionCreate,
    ReasonCreate,
    RetrievalItem,
    SampleWish,
)
from app.library.screening_stages import (
    add_reason,
    described_stages,
    find_stage,
    kept_stage,
    reasons_of,
    stages_of,
)

screening_app = typer.Typer(help="Screening of sources by stages.", no_args_is_help=True)
StageNumber = Annotated[int, typer.Argument(metavar="STAGE", help="number of the stage: 1")]
SourceNumber = Annotated[int, typer.Argument(metavar="SOURCE", help="number of the source: 12")]
VerdictWord = Annotated[
    ScreeningVerdict, typer.Argument(metavar="VERDICT", help="include, exclude, unsure")
]
ReasonName = Annotated[str | None, typer.Option(help="to exclude: its number, or its words")]
Note = Annotated[str | None, typer.Option(help="in your own words")]
Limit = Annotated[int, typer.Option(min=1, max=500)]


def register(app: typer.Typer) -> None:
    """Add the commands of this module, and the one for other tools' decisions."""
    screening_app.command("import")(import_file)
    app.add_typer(screening_app, name="screening")


@screening_app.command("stages")
def list_stages(
    *, review: OneReview = None, form: FormatOption = Format.TABLE, who: As = None
) -> None:
    """List the stages in the order a source passes them, with their reasons to exclude."""
    with open_store(who=who) as (session, user):
        member = find_member(session, user, review or only_review(session, user), Right.READ)
        stages = stages_of(session, member.review_id)
        found = described_stages(session, member.review_id, stages)
    rows = [
        [
            s.id,
            s.name,
            s.unit.value,
            "skipped" if s.is_skipped else f"{s.screeners}",
            "; ".join(f"{r.id} {r.label}" for r in s.reasons if not r.is_archived),
        ]
        for s in found
    ]
    show(["stage", "name", "looks at", "screeners", "reasons to exclude"], rows, form)


@screening_app.command("reason")
def new_reason(
    stage: StageNumber,
    label: Annotated[str, typer.Argument(help="as the flow diagram prints it")],
    *,
    review: OneReview = None,
    who: As = None,
) -> None:
    """Add a reason to exclude to a stage."""
    with open_store(writing=True, who=who) as (session, user):
        slug = review or only_review(session, user)
        member = find_member(session, user, slug, Right.ADJUDICATE, writing=True)
        reason = add_reason(session, member, ReasonCreate(stage_id=stage, label=label))
    out.print(f"E{reason.id}: {reason.label}", soft_wrap=True)


@screening_app.command("next")
def list_next(
    stage: StageNumber,
    *,
    review: OneReview = None,
    limit: Limit = 10,
    after: int = 0,
    form: FormatOption = Format.TABLE,
    who: As = None,
) -> None:
    """List what you still have to decide of at a stage, by number."""
    with open_store(who=who) as (session, user):
        member = find_member(session, user, review or only_review(session, user), Right.SCREEN)
        wish = PageWish(limit=limit, after=after, count=True)
        page = queue(session, member, find_stage(session, member.review_id, stage), wish)
    rows = [[f"S{item.id}", item.year, item.title, item.decided] for item in page.items]
    show(["source", "year", "title", "decided by others"], rows, form)
    if form is Format.TABLE:
        out.print(f"{page.total} to decide of" + (f"; --after {page.next}" if page.next else ""))


@screening_app.command("decide")
def make_decision(
    stage: StageNumber,
    source: SourceNumber,
    verdict: VerdictWord,
    *,
    reason: ReasonName = None,
    note: Note = None,
    review: OneReview = None,
    who: As = None,
) -> None:
    """Decide of a source at a stage; deciding again changes your decision."""
    with open_store(writing=True, who=who) as (session, user):
        slug = review or only_review(session, user)
        member = find_member(session, user, slug, Right.SCREEN, writing=True)
        given = _given(session, member, stage, source, verdict, reason)
        [made] = decide(session, member, [DecisionCreate(**given, stage_id=stage, note=note)])
    out.print(f"N{made.id}: S{source} {made.verdict} at G{stage}.")


@screening_app.command("adjudicate")
def make_adjudication(
    stage: StageNumber,
    source: SourceNumber,
    verdict: VerdictWord,
    *,
    reason: ReasonName = None,
    note: Note = None,
    review: OneReview = None,
    who: As = None,
) -> None:
    """Settle a source at a stage; it stands above what the screeners decided."""
    with open_store(writing=True, who=who) as (session, user):
        slug = review or only_review(session, user)
        member = find_member(session, user, slug, Right.ADJUDICATE, writing=True)
        wish = Adjudication(**_given(session, member, stage, source, verdict, reason), note=note)
        made = adjudicate(session, member, kept_stage(session, member, stage), wish)
    out.print(f"N{made.id}: S{source} {made.verdict} at G{stage}, by adjudication.")


def _given(
    session: Session,
    member: Member,
    stage: int,
    source: int,
    verdict: ScreeningVerdict,
    reason: str | None,
) -> dict[str, Any]:
    """Return what a decision says; the reason by its number or its words."""
    number = _reason(session, member, stage, reason) if reason is not None else None
    return {"source_id": source, "verdict": verdict, "reason_id": number}


def _reason(session: Session, member: Member, stage: int, said: str) -> int:
    """Return the number of a reason of a stage, said as 4, E4 or in its words."""
    there = reasons_of(session, member.review_id).get(stage, [])
    for reason in there:
        if said.casefold() in {str(reason.id), f"e{reason.id}", reason.label.casefold()}:
            return reason.id
    names = "; ".join(f"{reason.id} {reason.label}" for reason in there) or "none yet"
    raise InvalidError(f"--reason {said}: G{stage} has no such reason. It has: {names}.")


@screening_app.command("conflicts")
def list_conflicts(
    stage: StageNumber,
    *,
    review: OneReview = None,
    limit: Limit = 50,
    after: int = 0,
    form: FormatOption = Format.TABLE,
    who: As = None,
) -> None:
    """List the sources whose screeners disagree, or are all unsure."""
    with open_store(who=who) as (session, user):
        member = find_member(session, user, review or only_review(session, user), Right.READ)
        wish = PageWish(limit=limit, after=after)
        page = conflicts(session, member, find_stage(session, member.review_id, stage), wish)
    rows = [
        [
            f"S{c.id}",
            c.outcome.value,
            "; ".join(_told(d.verdict, d.note) for d in c.decisions),
            c.title,
        ]
        for c in page.items
    ]
    show(["source", "outcome", "decisions", "title"], rows, form)


def _told(verdict: ScreeningVerdict, note: str | None) -> str:
    return f"{verdict.value} ({note})" if note else verdict.value


@screening_app.command("sample")
def draw_sample(
    stage: StageNumber,
    *,
    share: Annotated[float, typer.Option(help="of the decisions: 0.1 for a tenth")] = 1,
    seed: Annotated[int, typer.Option(help="the same seed draws the same again")] = 1,
    unchecked: Annotated[bool, typer.Option("--unchecked", help="nobody checked yet")] = False,
    review: OneReview = None,
    form: FormatOption = Format.TABLE,
    who: As = None,
) -> None:
    """Draw decisions of a stage for a second person to check."""
    wish = SampleWish(share=share, seed=seed, unchecked=unchecked)
    with open_store(who=who) as (session, user):
        member = find_member(session, user, review or only_review(session, user), Right.READ)
        found = sample(session, member, find_stage(session, member.review_id, stage), wish)
    rows = [[f"N{d.id}", f"S{d.source_id}", d.verdict.value, d.note] for d in found]
    show(["decision", "source", "verdict", "note"], rows, form)


@screening_app.command("check")
def make_check(
    decision: Annotated[int, typer.Argument(metavar="DECISION", help="its number: 31")],
    *,
    agrees: Annotated[bool, typer.Option("--agrees/--disagrees", help="with the decision")],
    note: Note = None,
    review: OneReview = None,
    who: As = None,
) -> None:
    """Check somebody else's decision."""
    with open_store(writing=True, who=who) as (session, user):
        slug = review or only_review(session, user)
        member = find_member(session, user, slug, Right.SCREEN, writing=True)
        found = load(session, Decision, member.review_id, decision)
        check_decision(session, member, found, CheckCreate(agrees=agrees, note=note))
    out.print(f"N{decision} is checked.")


@screening_app.command("retrieval")
def note_retrieval(
    source: SourceNumber,
    status: Annotated[
        RetrievalStatus, typer.Argument(metavar="STATUS", help="sought, retrieved, not_retrieved")
    ],
    *,
    note: Note = None,
    review: OneReview = None,
    who: As = None,
) -> None:
    """Say whether the full text of a source could be had."""
    with open_store(writing=True, who=who) as (session, user):
        slug = review or only_review(session, user)
        member = find_member(session, user, slug, Right.SCREEN, writing=True)
        item = RetrievalItem(source_id=source, status=status, note=note)
        say_retrieved(session, member, [item])
    out.print(f"S{source}: {status.replace('_', ' ')}.")


@screening_app.command("progress")
def show_progress(
    *, review: OneReview = None, form: FormatOption = Format.TABLE, who: As = None
) -> None:
    """Count how far every stage has come, and how much was checked."""
    with open_store(who=who) as (session, user):
        member = find_member(session, user, review or only_review(session, user), Right.READ)
        found = progress(session, member)
    rows = [
        [
            s.name,
            *(s.entered, s.included, s.excluded, s.conflict + s.unsure, s.awaiting, s.for_me),
            f"{s.checked} of {s.decisions}",
        ]
        for s in found.stages
        if not s.is_skipped
    ]
    names = ["stage", "entered", "included", "excluded", "to settle", "awaiting", "for you"]
    show([*names, "checked"], rows, form)
    if form is Format.TABLE:
        out.print(
            f"Full texts: {found.sought} sought, {found.retrieved} retrieved, "
            f"{found.not_retrieved} not retrieved, {found.awaiting_retrieval} awaited. "
            f"Included: {found.included}."
        )
        for stage in found.stages:
            _tell_agreement(stage)


def _tell_agreement(stage: StageProgress) -> None:
    names = {person.user_id: person.name for person in stage.screeners}
    for pair in stage.agreement.pairs:
        kappa = "not defined" if pair.kappa is None else f"{pair.kappa:.3f}"
        said = f"{pair.same} of {pair.sources} alike, Cohen's kappa {kappa}"
        out.print(f"{stage.name}: {names[pair.one]} and {names[pair.other]}, {said}")
