"""The API of programme theories, their propositions, and recommendations."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response, status

from app.access.identity import IdPath, IfMatch, Reading, Theorising, require_version, tag
from app.access.replay import Replayable, ReplayingRoute
from app.db import Page, PageWish, SessionDep, paginate
from app.history.reading import load
from app.theory.evidence import read_evidence
from app.theory.programme import (
    add_ground,
    add_proposition,
    add_recommendation,
    add_theory,
    add_verdict,
    change_proposition,
    change_recommendation,
    change_theory,
    delete_recommendation,
    delete_theory,
    find_proposition,
    remove_ground,
    remove_proposition,
    tie_proposition_evidence,
    untie_proposition_evidence,
)
from app.theory.programme_models import Ground, PropositionVerdict, Recommendation, Theory
from app.theory.programme_queries import (
    read_proposition,
    read_recommendation,
    read_recommendations,
    read_theories,
    read_theory,
    select_recommendations,
    select_theories,
)
from app.theory.programme_schemas import (
    GroundCreate,
    GroundRead,
    PropositionCreate,
    PropositionRead,
    PropositionUpdate,
    RecommendationCreate,
    RecommendationRead,
    RecommendationUpdate,
    TheoryCreate,
    TheoryRead,
    TheoryUpdate,
    VerdictCreate,
    VerdictRead,
)
from app.theory.schemas import EvidenceBody, EvidenceRead

router = APIRouter(
    prefix="/api/v1/reviews/{slug}",
    tags=["programme theories"],
    dependencies=[Replayable],
    route_class=ReplayingRoute,
)

CREATED, NO_CONTENT = status.HTTP_201_CREATED, status.HTTP_204_NO_CONTENT
PROPOSITIONS = "/theories/{number}/propositions"


def get_theory_to_change(number: IdPath, member: Theorising, session: SessionDep) -> Theory:
    """Return the theory of the address to somebody who may write theories."""
    return load(session, Theory, member.review_id, number)


Written = Annotated[Theory, Depends(get_theory_to_change)]


def get_current_theory(theory: Written, if_match: IfMatch = None) -> Theory:
    """Return the theory of the address, provided `If-Match` names its version."""
    require_version(if_match, theory.version)
    return theory


Current = Annotated[Theory, Depends(get_current_theory)]


def get_current_recommendation(
    number: IdPath, member: Theorising, session: SessionDep, if_match: IfMatch = None
) -> Recommendation:
    """Return the recommendation of the address, provided `If-Match` names its version."""
    recommendation = load(session, Recommendation, member.review_id, number)
    require_version(if_match, recommendation.version)
    return recommendation


CurrentRecommendation = Annotated[Recommendation, Depends(get_current_recommendation)]


@router.get("/theories")
def list_theories(
    member: Reading, session: SessionDep, wish: Annotated[PageWish, Query()]
) -> Page[TheoryRead]:
    """List programme theories with their propositions, by number."""
    found = paginate(session, select_theories(member.review_id), Theory.id, wish)
    return Page(items=read_theories(session, found.items), next=found.next, total=found.total)


@router.post("/theories", status_code=CREATED)
def create_theory(
    body: TheoryCreate, member: Theorising, session: SessionDep, response: Response
) -> TheoryRead:
    """Add a programme theory; its propositions may come before any source."""
    theory = add_theory(session, member, body)
    tag(response, theory.version)
    return read_theory(session, theory)


@router.get("/theories/{number}")
def get_theory(
    number: IdPath, member: Reading, session: SessionDep, response: Response
) -> TheoryRead:
    """Read a programme theory with its propositions, grounds, evidence and verdicts."""
    theory = load(session, Theory, member.review_id, number)
    tag(response, theory.version)
    return read_theory(session, theory)


@router.patch("/theories/{number}")
def update_theory(
    body: TheoryUpdate, theory: Current, session: SessionDep, response: Response
) -> TheoryRead:
    """Change what is said of a programme theory."""
    change_theory(session, theory, body)
    tag(response, theory.version)
    return read_theory(session, theory)


@router.delete("/theories/{number}", status_code=NO_CONTENT)
def remove_theory(theory: Current, session: SessionDep) -> None:
    """Delete a programme theory with its propositions; restorable from the history."""
    delete_theory(session, theory)


@router.post(PROPOSITIONS, status_code=CREATED)
def create_proposition(
    body: PropositionCreate,
    theory: Written,
    member: Theorising,
    session: SessionDep,
    response: Response,
) -> PropositionRead:
    """Add a proposition; it gets the next number, `T1.3`."""
    proposition = add_proposition(session, member, theory, body)
    tag(response, theory.version)
    return read_proposition(session, proposition)


@router.patch(PROPOSITIONS + "/{n}")
def update_proposition(
    n: IdPath, body: PropositionUpdate, theory: Current, session: SessionDep, response: Response
) -> PropositionRead:
    """Change a proposition."""
    proposition = change_proposition(session, theory, n, body)
    tag(response, theory.version)
    return read_proposition(session, proposition)


@router.delete(PROPOSITIONS + "/{n}", status_code=NO_CONTENT)
def delete_proposition(n: IdPath, theory: Current, session: SessionDep, response: Response) -> None:
    """Remove a proposition that has no verdicts yet."""
    remove_proposition(session, theory, n)
    tag(response, theory.version)


@router.post(PROPOSITIONS + "/{n}/grounds", response_model=GroundRead, status_code=CREATED)
def create_ground(
    n: IdPath, body: GroundCreate, theory: Written, session: SessionDep, response: Response
) -> Ground:
    """Let a proposition stand on a configuration or memo."""
    ground = add_ground(session, theory, n, body)
    tag(response, theory.version)
    return ground


@router.delete(PROPOSITIONS + "/{n}/grounds/{part}", status_code=NO_CONTENT)
def delete_ground(
    n: IdPath, part: IdPath, theory: Current, session: SessionDep, response: Response
) -> None:
    """Remove a ground of a proposition."""
    remove_ground(session, theory, n, part)
    tag(response, theory.version)


@router.post(PROPOSITIONS + "/{n}/evidence", status_code=CREATED)
def create_proposition_evidence(
    n: IdPath,
    body: EvidenceBody,
    theory: Written,
    member: Theorising,
    session: SessionDep,
    response: Response,
) -> EvidenceRead:
    """Tie a stored quote, a new one, or a page of a source to a proposition."""
    part = tie_proposition_evidence(session, member, theory, n, body)
    tag(response, theory.version)
    return read_evidence(session, find_proposition(session, theory, n), part)


@router.delete(PROPOSITIONS + "/{n}/evidence/{part}", status_code=NO_CONTENT)
def delete_proposition_evidence(
    n: IdPath, part: IdPath, theory: Current, session: SessionDep, response: Response
) -> None:
    """Remove a piece of evidence; its quote stays."""
    untie_proposition_evidence(session, theory, n, part)
    tag(response, theory.version)


@router.post(PROPOSITIONS + "/{n}/verdicts", response_model=VerdictRead, status_code=CREATED)
def create_verdict(
    n: IdPath,
    body: VerdictCreate,
    theory: Written,
    member: Theorising,
    session: SessionDep,
    response: Response,
) -> PropositionVerdict:
    """Judge a proposition; verdicts are added, never deleted."""
    verdict = add_verdict(session, member, theory, n, body)
    tag(response, theory.version)
    return verdict


@router.get("/recommendations")
def list_recommendations(
    member: Reading, session: SessionDep, wish: Annotated[PageWish, Query()]
) -> Page[RecommendationRead]:
    """List recommendations, by number."""
    statement = select_recommendations(member.review_id)
    found = paginate(session, statement, Recommendation.id, wish)
    items = read_recommendations(session, found.items)
    return Page(items=items, next=found.next, total=found.total)


@router.post("/recommendations", status_code=CREATED)
def create_recommendation(
    body: RecommendationCreate, member: Theorising, session: SessionDep, response: Response
) -> RecommendationRead:
    """Add what somebody should do, within its scope."""
    recommendation = add_recommendation(session, member, body)
    tag(response, recommendation.version)
    return read_recommendation(session, recommendation)


@router.get("/recommendations/{number}")
def get_recommendation(
    number: IdPath, member: Reading, session: SessionDep, response: Response
) -> RecommendationRead:
    """Read a recommendation."""
    recommendation = load(session, Recommendation, member.review_id, number)
    tag(response, recommendation.version)
    return read_recommendation(session, recommendation)


@router.patch("/recommendations/{number}")
def update_recommendation(
    body: RecommendationUpdate,
    recommendation: CurrentRecommendation,
    session: SessionDep,
    response: Response,
) -> RecommendationRead:
    """Change a recommendation; `configurations` replaces those it rests on."""
    change_recommendation(session, recommendation, body)
    tag(response, recommendation.version)
    return read_recommendation(session, recommendation)


@router.delete("/recommendations/{number}", status_code=NO_CONTENT)
def remove_recommendation(recommendation: CurrentRecommendation, session: SessionDep) -> None:
    """Delete a recommendation; restorable from the history."""
    delete_recommendation(session, recommendation)
