"""Programme theories as pages: what is held, what speaks for and against it, what follows."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from app.access.identity import IdPath, Member, Reading
from app.access.policy import Right, may
from app.db import PageWish, SessionDep, now, paginate
from app.history.models import Inference
from app.history.reading import load
from app.theory.listing import ConfigurationWish, configuration_page
from app.theory.programme_models import Recommendation, Theory, TheoryStage
from app.theory.programme_queries import (
    read_recommendations,
    read_theories,
    read_theory,
    select_recommendations,
    select_theories,
)
from app.theory.programme_schemas import PropositionRead, RecommendationRead, TheoryRead
from app.theory.queries import summaries
from app.theory.vocabulary import Certainty, Origin, Stance, Verdict
from app.web.beside import memos_on
from app.web.framing import in_review
from app.web.history_pages import names_of
from app.web.wishes import address, given, wish_of

router = APIRouter(prefix="/reviews/{slug}", include_in_schema=False)

MOST_RECOMMENDATIONS = 500
MOST_OFFERED = 200
"""Configurations a field suggests; any number may be typed."""
CARRIED = (
    *("statement", "abstraction", "origin", "origin_detail", "certainty", "certainty_reason"),
)
"""What of a proposition goes on into the next version."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A proposition with the verdict that stands, and how much of each stance there is."""

    read: PropositionRead
    verdict: Verdict | None
    counts: Counter[Stance]

    def of(self, stance: Stance) -> tuple[list[Any], list[Any]]:
        """Return the grounds and the passages of one stance."""
        grounds = [ground for ground in self.read.grounds if ground.stance is stance]
        return grounds, [piece for piece in self.read.evidence if piece.stance is stance]


@router.get("/theories")
def list_theories(
    request: Request,
    member: Reading,
    session: SessionDep,
    wish: Annotated[PageWish, Depends(wish_of(PageWish))],
) -> HTMLResponse:
    """List the programme theories with how their propositions stand, and recommendations."""
    found = paginate(session, select_theories(member.review_id), Theory.id, wish)
    theories = read_theories(session, found.items)
    return in_review(
        session,
        member,
        "theories.html",
        "theories",
        theories=[(theory, _standing(theory)) for theory in theories],
        recommendations=_recommendations(session, member),
        stages=list(TheoryStage),
        origins=list(Origin),
        may_theorise=may(member.role, Right.THEORISE),
        next=address(given(request), after=found.next) if found.next else None,
    )


@router.get("/theories/{number}")
def show_theory(number: IdPath, member: Reading, session: SessionDep) -> HTMLResponse:
    """Show a theory: its propositions, what each rests on, what was judged of it and when."""
    theory = read_theory(session, load(session, Theory, member.review_id, number))
    may_theorise = may(member.role, Right.THEORISE)
    recommendations = [
        one for one in _recommendations(session, member) if one.theory_id == theory.id
    ]
    people = {v.created_by for p in theory.propositions for v in p.verdicts} | {theory.created_by}
    return in_review(
        session,
        member,
        "theory.html",
        "theories",
        theory=theory,
        weighed=[_weighed(read) for read in theory.propositions],
        titles=_titles(session, member, theory, recommendations),
        recommendations=recommendations,
        names=names_of(session, people),
        offered=_offered(session, member) if may_theorise else [],
        carried=_carried(theory.propositions),
        noted=memos_on(session, member.review_id, "T", number),
        may_theorise=may_theorise,
        may_code=may(member.role, Right.CODE),
        stages=list(TheoryStage),
        stances=list(Stance),
        verdicts=list(Verdict),
        inferences=list(Inference),
        origins=list(Origin),
        certainties=list(Certainty),
        today=now().date(),
    )


def _recommendations(session: Session, member: Member) -> list[RecommendationRead]:
    statement = select_recommendations(member.review_id)
    wish = PageWish(limit=MOST_RECOMMENDATIONS)
    found = paginate(session, statement, Recommendation.id, wish)
    return read_recommendations(session, found.items)


def _standing(theory: TheoryRead) -> Counter[str]:
    """Count propositions by the verdict that stands; those nobody judged as open."""
    verdicts = [_weighed(read).verdict for read in theory.propositions]
    return Counter(verdict.value if verdict else "open" for verdict in verdicts)


def _weighed(read: PropositionRead) -> Weighed:
    last = max(read.verdicts, key=lambda v: (v.decided_on, v.n), default=None)
    pieces: list[Any] = [*read.grounds, *read.evidence]
    counts = Counter(piece.stance for piece in pieces)
    return Weighed(read, last.verdict if last else None, counts)


def _titles(
    session: Session,
    member: Member,
    theory: TheoryRead,
    recommendations: Iterable[RecommendationRead],
) -> dict[int, str]:
    """Return what the configurations a theory stands on say, by number."""
    numbers = {g.configuration_id for p in theory.propositions for g in p.grounds}
    numbers |= {number for one in recommendations for number in one.configurations}
    items = summaries(session, member.review_id, sorted(n for n in numbers if n))
    return {item["id"]: item["title"] or item["statement"] for item in items}


def _offered(session: Session, member: Member) -> list[tuple[int, str]]:
    wish = ConfigurationWish(limit=MOST_OFFERED)
    items = configuration_page(session, member.review_id, wish)["items"]
    return [(item["id"], item["title"] or item["statement"]) for item in items]


def _carried(propositions: Sequence[PropositionRead]) -> list[tuple[str, str]]:
    """Return the propositions and their grounds as fields of the form for the next version."""
    fields = []
    for i, read in enumerate(propositions):
        values = [(name, getattr(read, name)) for name in CARRIED]
        for j, ground in enumerate(read.grounds):
            told = ground.model_dump(mode="json", exclude={"n"}, exclude_none=True)
            values += [(f"grounds.{j}.{name}", value) for name, value in told.items()]
        fields += [(f"propositions.{i}.{name}", str(v)) for name, v in values if v is not None]
    return fields
